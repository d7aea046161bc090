"""From when on rooms are judged slice by slice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.present import Present
from collector.store.protocol import HOUR_MS, SLICE_MS, RoomState
from collector.store.sqlite import SqliteStore
from collector.store.state import State
from collector.watch import Watch
from inventory.schools import Schools
from tests.measurements import SITE, START, ping

NOW = START + HOUR_MS
SCHOOL = f"site: {SITE}\nname: Hoa Mai\nrooms: [{{id: mam-1, devices: [{{id: pc-1}}]}}]\n"


class Collected:
    """The stores of a collector that starts anew whenever `judged` is asked."""

    def __init__(self, folder: Path, store: SqliteStore, state: State) -> None:
        (folder / "school.yaml").write_text(SCHOOL)
        self.store, self._state, self._schools = store, state, Schools([folder / "school.yaml"])
        self._schools.load()

    def judged(self, now: int) -> dict[int, RoomState]:
        """The slices of the one room, in slices after START."""
        watch = Watch(self.store, self._state, self._schools, Present(self._state, 0))
        while watch.judge_slices(now):
            pass
        found = self.store.rooms(SITE, START - 31 * 24 * HOUR_MS, now)
        return {(entry.slice_start - START) // SLICE_MS: entry.state for entry in found}


@pytest.fixture
def collected(tmp_path: Path) -> Iterator[Collected]:
    store, state = SqliteStore(tmp_path / "series.db").open(), State(f"sqlite:///{tmp_path}/state.db").open()
    yield Collected(tmp_path, store, state)
    state.close()
    store.close()


def test_before_it_was_first_measured_a_room_was_not_dark(collected: Collected) -> None:
    collected.store.write([ping("pc-1", 2 * SLICE_MS, "internet/a"), ping("pc-1", 4 * SLICE_MS, "internet/a")])
    found = collected.judged(NOW)
    assert min(found) == 2
    assert [found[number] for number in (2, 3, 4)] == [RoomState.CONNECTED, RoomState.DARK, RoomState.CONNECTED]


def test_nor_is_it_when_the_collector_starts_again(collected: Collected) -> None:
    collected.store.write([ping("pc-1", 8 * SLICE_MS, "internet/a")])
    collected.judged(NOW)
    assert min(collected.judged(NOW)) == 8


def test_what_was_rolled_up_and_not_judged_before_a_crash_is_judged_after_it(collected: Collected) -> None:
    collected.store.write([ping("pc-1", 0, "internet/a"), ping("pc-1", 8 * SLICE_MS, "internet/a")])
    collected.judged(NOW)
    collected.store.write([ping("pc-1", 3 * SLICE_MS, "internet/a")])
    assert collected.judged(NOW + SLICE_MS)[3] is RoomState.CONNECTED


def test_a_school_that_waits_for_its_first_agent_is_judged_from_now_on(collected: Collected) -> None:
    assert collected.judged(NOW) == {}


def test_what_was_dark_while_the_collector_was_away_is_judged_when_it_is_back(collected: Collected) -> None:
    collected.store.write([ping("pc-1", 0, "internet/a")])
    collected.judged(START + SLICE_MS + 60_000)
    later = collected.judged(START + 24 * HOUR_MS)
    assert later[0] is RoomState.CONNECTED
    assert later[200] is RoomState.DARK
