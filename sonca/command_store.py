"""`sonca store copy`: takes everything along when a school changes its store."""

import argparse
import dataclasses
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TextIO

from contract.settings_file import SettingsError
from contract.trouble import Trouble
from sonca.settings import ServerSettings, read_server_settings

Kind = Literal["sqlite", "influx"]
KINDS: tuple[Kind, ...] = ("sqlite", "influx")
TEACHING = """\
example:
  sonca store copy --from sqlite --to influx
     with both described in ./sonca.yaml; the collector may go on writing into the first one meanwhile.
     Then stop the collector, copy once more (only what came since), set store.kind to influx, and start it.
"""
_BAR = 30


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    settings = read_server_settings(options.settings)
    if options.source == options.target:
        raise Trouble(f"{options.source} is both where from and where to", "name two different ones")
    return _copy(settings, options.source, options.target)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "sonca store",
        description="Copies measurements, rollups and judgements of rooms from one store into the other.",
        epilog=TEACHING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("action", choices=("copy",))
    parser.add_argument("--from", dest="source", choices=KINDS, required=True)
    parser.add_argument("--to", dest="target", choices=KINDS, required=True, help="no collector may write into it now")
    parser.add_argument("--settings", type=Path, default=Path("sonca.yaml"), help="default: ./sonca.yaml")
    return parser


def _copy(settings: ServerSettings, source: Kind, target: Kind) -> int:
    from collector.store.copy import copy
    from collector.store.open import open_store

    if settings.store.influx is None:
        raise SettingsError("store.influx is missing in the settings", "describe the InfluxDB there")
    there, here = (dataclasses.replace(settings.store, kind=kind) for kind in (source, target))
    reading = open_store(there, Path(settings.data), read_only=True)
    try:
        writing = open_store(here, Path(settings.data))
        try:
            now, raw_days = time.time_ns() // 1_000_000, settings.store.retention.raw_days
            done = copy(reading, writing, now, raw_days, ProgressBar(sys.stderr).show, _register(settings))
        finally:
            writing.close()
    finally:
        reading.close()
    print(
        f"copied {done.measurements:,} measurements, {done.rollups:,} rollups and {done.rooms:,} judgements of rooms; "
        f"{done.there:,} were there already; all have arrived"
    )
    return 0


def _register(settings: ServerSettings) -> dict[str, dict[str, list[str]]]:
    """The devices of each room of each school."""
    from inventory.school import read_school

    schools = [read_school(Path(path)) for path in settings.schools]
    return {
        school.site: {room.id: [device.id for device in room.devices] for room in school.rooms} for school in schools
    }


class ProgressBar:
    """On a screen one line that grows; in a file a line for each tenth."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._shown = -1

    def show(self, done: int, parts: int) -> None:
        percent = 100 * done // parts if parts else 100
        step = percent if self._out.isatty() else percent // 10 * 10
        if step == self._shown:
            return
        self._shown = step
        filled = _BAR * percent // 100
        line = f"copying [{'#' * filled}{'.' * (_BAR - filled)}] {percent} %"
        ends = "\n" if not self._out.isatty() or percent == 100 else ""
        self._out.write(f"\r{line}{ends}" if self._out.isatty() else f"{line}\n")
        self._out.flush()
