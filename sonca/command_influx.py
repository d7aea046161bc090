"""`sonca influx`: prepares an InfluxDB for SonCa, and looks at one."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from contract.settings_file import SettingsError
from sonca.settings import ServerSettings, read_server_settings

if TYPE_CHECKING:
    from collector.store.influx_check import Check
    from collector.store.settings import InfluxSettings

TEACHING = """\
examples:
  sonca influx check
  sonca influx setup --admin admin --admin-password-file admin.password --reader grafana
     makes the database and the users of ./sonca.yaml that are missing, and a user for Grafana that may only read
  sonca influx setup --admin-token-file operator.token --reader grafana
     the same in an InfluxDB 2.x: a bucket and tokens
"""


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    settings = read_server_settings(options.settings)
    influx = _influx_of(settings, options.settings)
    return _set_up(influx, Path(settings.data), options) if options.action == "setup" else _check(influx, settings)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "sonca influx",
        description="Prepares the InfluxDB of store.influx in the settings, or looks at it.",
        epilog=TEACHING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("action", choices=("check", "setup"))
    parser.add_argument("--settings", type=Path, default=Path("sonca.yaml"), help="default: ./sonca.yaml")
    parser.add_argument(
        "--admin", metavar="NAME", help="setup, 1.x: a user who may make users; none where it needs none"
    )
    parser.add_argument("--admin-password-file", type=Path, metavar="FILE", help="setup, 1.x: its password")
    parser.add_argument(
        "--admin-token-file", type=Path, metavar="FILE", help="setup, 2.x: a token that may make tokens"
    )
    parser.add_argument(
        "--reader", default="", metavar="NAME", help="setup: also a login that may only read, for boards"
    )
    return parser


def _influx_of(settings: ServerSettings, path: Path) -> "InfluxSettings":
    if settings.store.influx is None:
        raise SettingsError(f"{path}: store.influx is missing", "it needs at least the url of the InfluxDB")
    return settings.store.influx


def _set_up(influx: "InfluxSettings", data: Path, options: argparse.Namespace) -> int:
    from collector.store.influx_setup import Administrator, set_up

    administrator = Administrator(
        options.admin, _absolute(options.admin_password_file), _absolute(options.admin_token_file)
    )
    for sentence in set_up(influx, data, administrator, options.reader):
        print(sentence)
    return 0


def _absolute(path: Path | None) -> str | None:
    return None if path is None else str(path.resolve())


def _check(influx: "InfluxSettings", settings: ServerSettings) -> int:
    from collector.store.influx_check import check

    found = check(influx, Path(settings.data), settings.store.retention)
    for line in _lines(found):
        print(line)
    return 1 if found.problems else 0


def _lines(found: "Check") -> Iterator[str]:
    yield f"{found.server}, version {found.version}"
    yield f"database     {found.database}"
    yield f"write path   {found.write_path}"
    yield f"a write      {found.write_ms:.1f} ms"
    yield f"a question   {found.query_ms:.1f} ms"
    yield f"its clock    {'not told' if found.clock_seconds is None else f'{found.clock_seconds:+.1f} s'}"
    yield f"series       {'not told' if found.series is None else f'{found.series:,}'}"
    yield from (f"problem: {problem}" for problem in found.problems)
    if not found.problems:
        yield "all good"
