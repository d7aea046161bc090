"""Which starts of this machine the agent lived through, and whether each ended in peace: kept over power cuts.

The record is a small JSON file of the agent's data folder. Its times never go backwards: many a PC that lost its power
believes in the year 2010 for a while.
"""

import contextlib
import dataclasses
import json
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contract.shapes import BadShape, build

log = logging.getLogger(__name__)

FILE = "starts.json"
MOST_STARTS = 500


@dataclass(frozen=True, slots=True)
class Start:
    """One start of the machine: `boot` names it, `at` is UTC milliseconds as the machine believed them."""

    boot: str
    at: int
    farewell: bool = False  # the agent was told to stop, as at every shutdown


@dataclass(frozen=True, slots=True)
class _Record:
    """What the file holds."""

    starts: tuple[Start, ...] = ()


def read_starts(path: Path) -> tuple[Start, ...]:
    """Oldest first. Raises OSError, ValueError when it is no such record."""
    try:
        return build(_Record, json.loads(path.read_text(encoding="utf-8"))).starts
    except BadShape as error:
        raise ValueError(str(error)) from error


def note_start(path: Path, boot: str, now_ms: int) -> None:
    """The agent begins: in a new start of the machine, or once more in the one that it knows."""
    starts = _known(path)
    if starts and starts[-1].boot == boot:
        starts[-1] = dataclasses.replace(starts[-1], farewell=False)
    else:
        starts.append(Start(boot, max(now_ms, starts[-1].at) if starts else now_ms))
    _write(path, starts)


def note_farewell(path: Path) -> None:
    """The agent was told to stop. Whether the machine stops too, the next start will show."""
    starts = _known(path)
    if starts:
        starts[-1] = dataclasses.replace(starts[-1], farewell=True)
        _write(path, starts)


def _known(path: Path) -> list[Start]:
    try:
        return list(read_starts(path))
    except FileNotFoundError:
        return []
    except (OSError, ValueError, RecursionError) as error:
        log.warning("%s cannot be read (%s): the starts of this machine are counted anew", path, error)
        return []


def _write(path: Path, starts: Sequence[Start]) -> None:
    """Whole or not at all, on the disk before it counts; a full disk costs the record and nothing else."""
    rows = [dataclasses.asdict(start) for start in starts[-MOST_STARTS:]]
    new = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with new.open("w", encoding="utf-8") as file:
            json.dump({"starts": rows}, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        log.warning("%s cannot be written: %s", path, error)
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
