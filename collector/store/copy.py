"""Copies everything of one store into another, day by day and device by device, and looks whether it arrived.

What is already there is left out, so that a copy that was interrupted goes on, and a second one takes what came since.
Neither store is asked for more than a day of one device at once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from collector.store.protocol import DAY_MS, HOUR_MS, SLICE_MS, Rollup, RoomSlice, SeriesStore, StoredMeasurement
from contract.trouble import Trouble

Tell = Callable[[int, int], None]  # how many of how many parts are done
Part = tuple[str, str, int]  # site, device (empty: the rooms) and day
Key = tuple[str, str, int, int]
Register = Mapping[str, Mapping[str, Sequence[str]]]
Entry = TypeVar("Entry")


@dataclass
class Copied:
    """What was copied, and what was there before."""

    measurements: int = 0
    rollups: int = 0
    rooms: int = 0
    there: int = 0
    slices: set[tuple[str, int]] = field(default_factory=set)


def copy(
    source: SeriesStore, target: SeriesStore, now: int, raw_days: int, tell: Tell, register: Register | None = None
) -> Copied:
    """Raises Trouble when something did not arrive, and StoreUnavailable. `raw_days`: of the source's retention.

    `register`: the rooms with their devices by site, for what boards read of each slice.
    """
    copied = Copied()
    parts = list(_parts(source, now, raw_days))
    for done, part in enumerate(parts):
        tell(done, len(parts))
        (_copy_device if part[1] else _copy_rooms)(source, target, part, copied)
    while changed := target.roll_up(now):
        copied.slices.update(changed)
    boards = target.boards
    if boards is not None:
        for site, start in sorted(copied.slices):
            judged = {start: target.rooms(site, start, start + SLICE_MS)}
            boards.write_slices(site, (register or {}).get(site, {}), judged)
    tell(len(parts), len(parts))
    return copied


def _parts(source: SeriesStore, now: int, raw_days: int) -> Iterator[Part]:
    """Oldest first."""
    for site, devices in source.devices().items():
        # What is raw may not be rolled up: the last hours, and times that are uncertain. Clocks may be ahead.
        first = min(source.begins(site) or now, now - raw_days * DAY_MS)
        for day in range(first - first % DAY_MS, now + 2 * DAY_MS, DAY_MS):
            yield from ((site, device, day) for device in (*devices, ""))


def _copy_device(source: SeriesStore, target: SeriesStore, part: Part, copied: Copied) -> None:
    raw = _missing(_raw(source, part), target, part, _raw, copied)
    rollups = _missing(_rollups(source, part), target, part, _rollups, copied)
    # Rollups first: they stand until the target has made its own of the measurements.
    if rollups:
        target.write_rollups(list(rollups.values()))
        _check(part, rollups.keys() - _rollups(target, part).keys())
    if raw:
        target.write(list(raw.values()))
        _check(part, raw.keys() - _raw(target, part).keys())
    copied.slices.update((part[0], start) for _, _, start, length in rollups if length == SLICE_MS)
    copied.measurements += len(raw)
    copied.rollups += len(rollups)


def _copy_rooms(source: SeriesStore, target: SeriesStore, part: Part, copied: Copied) -> None:
    missing = _missing(_rooms(source, part), target, part, _rooms, copied)
    if missing:
        target.write_rooms(list(missing.values()))
        _check(part, missing.keys() - _rooms(target, part).keys())
    copied.slices.update((part[0], start) for _, _, start, _ in missing)
    copied.rooms += len(missing)


def _raw(store: SeriesStore, part: Part) -> dict[Key, StoredMeasurement]:
    site, device, day = part
    found = store.measurements(site, device, day, day + DAY_MS)
    return {(entry.probe, entry.target, entry.taken_at, int(entry.uncertain)): entry for entry in found}


def _rollups(store: SeriesStore, part: Part) -> dict[Key, Rollup]:
    site, device, day = part
    return {
        (entry.probe, entry.target, entry.start, length): entry
        for length in (SLICE_MS, HOUR_MS)
        for entry in store.rollups(site, device, length, day, day + DAY_MS)
    }


def _rooms(store: SeriesStore, part: Part) -> dict[Key, RoomSlice]:
    site, _, day = part
    return {(entry.room, "", entry.slice_start, 0): entry for entry in store.rooms(site, day, day + DAY_MS)}


def _missing(
    theirs: dict[Key, Entry],
    target: SeriesStore,
    part: Part,
    read: Callable[[SeriesStore, Part], dict[Key, Entry]],
    copied: Copied,
) -> dict[Key, Entry]:
    """What the target does not have yet; it is not asked where there is nothing to copy."""
    there = read(target, part) if theirs else {}
    missing = {key: entry for key, entry in theirs.items() if key not in there}
    copied.there += len(theirs) - len(missing)
    return missing


def _check(part: Part, lost: set[Key]) -> None:
    if lost:
        site, device, day = part
        told = f"{len(lost)} rows of {site}/{device or 'rooms'} on day {day // DAY_MS} did not arrive"
        raise Trouble(told, "`sonca collector refused` may say why; run the copy again when it is mended")
