"""What the collector writes for boards, read back from a real InfluxDB as boards do."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collector.boards import PRESENT_MS, Boards
from collector.present import Present
from collector.store.influx import InfluxStore
from collector.store.protocol import DAY_MS, HOUR_MS, SLICE_MS, Retention, RoomReason, RoomState
from collector.store.settings import InfluxSettings
from collector.store.state import State
from collector.store.state_protocol import AgentNow, Presence, RoomNow
from collector.watch import Watch
from contract.messages import Outcome
from inventory.schools import Schools
from tests.influxd import Influxd
from tests.measurements import SITE, START, measured, ping

SCHOOL = """\
site: hoa-mai
name: Trường Mầm non Hoa Mai
services: [{name: kho, web: "https://kho.example.vn/"}, {name: ky, tcp: "ky.example.vn:443"}]
rooms:
  - {id: mam-1, name: "Lớp Mầm 1", devices: [{id: pc-1, name: Máy 1}, {id: pc-2}]}
  - {id: van-phong, classroom: false, devices: [{id: may-chieu, kind: projector, reported_by: [pc-1]}]}
"""


@dataclasses.dataclass
class Bench:
    influxd: Influxd
    settings: InfluxSettings
    store: InfluxStore
    state: State
    schools: Schools
    boards: Boards
    file: Path

    def ask(self, query: str) -> list[dict[str, Any]]:
        """The rows, with the tags of their series."""
        return [
            {**one.get("tags", {}), **dict(zip(one["columns"], values, strict=True))}
            for one in self.influxd.ask(query, self.settings.database)
            for values in one["values"]
        ]


@pytest.fixture
def bench(influxd: Influxd, tmp_path: Path) -> Iterator[Bench]:
    settings, file = influxd.settings(tmp_path), tmp_path / "school.yaml"
    file.write_text(SCHOOL, encoding="utf-8")
    schools = Schools([file])
    schools.load()
    store, state = InfluxStore(settings, tmp_path).open(), State(f"sqlite:///{tmp_path}/state.db").open()
    assert store.boards is not None
    yield Bench(influxd, settings, store, state, schools, Boards(store.boards, state, schools), file)
    store.close()
    state.close()


def room(state: RoomState, at: int, cause: str = "") -> RoomNow:
    evidence = {"cause": {"layer": cause}} if cause else {}
    return RoomNow(SITE, "mam-1", state, RoomReason.REACHED, at, at, 2, 1, evidence)


def agent(name: str, presence: Presence, at: int) -> AgentNow:
    return AgentNow(SITE, name, presence, at, at - 5_000, "boot", "", "0.1.0")


def test_it_tells_how_rooms_and_devices_are_now(bench: Bench) -> None:
    bench.state.put_rooms([room(RoomState.DEGRADED, START, "link")])
    bench.state.put_agents([agent("pc-1", Presence.ONLINE, START), agent("may-la", Presence.LOST, START)])
    bench.boards.tell(START)
    office, classroom = sorted(bench.ask('SELECT * FROM "room_now"'), key=lambda row: str(row["classroom"]))
    assert {"room": "mam-1", "name": "Lớp Mầm 1", "reached": 1, "degraded": 1, "connected": 0, "unknown": 0,
            "state": "degraded", "cause": "link", "since": START, "devices": 2, "devices_on": 2}.items() <= classroom.items()  # fmt: skip  # noqa: E501
    assert {
        "room": "van-phong",
        "name": "van-phong",
        "reached": 0,
        "unknown": 1,
        "state": None,
    }.items() <= office.items()
    found = {row["device"]: row for row in bench.ask('SELECT * FROM "device_now"')}
    assert {"room": "mam-1", "name": "Máy 1", "online": 1, "lost": 0, "silent_seconds": 5}.items() <= found[
        "pc-1"
    ].items()
    assert (found["pc-2"]["presence"], found["may-chieu"]["kind"]) == (None, "projector")
    assert (found["may-la"]["room"], found["may-la"]["presence"]) == (None, "lost")


def test_lists_of_rooms_and_devices_hold_name_and_id(bench: Bench) -> None:
    bench.boards.tell(START)
    rooms = bench.ask('SELECT distinct("room_choice") FROM "place" WHERE "classroom" = true')
    assert [row["distinct"] for row in rooms] == ["Lớp Mầm 1 · mam-1"]
    devices = bench.ask('SELECT distinct("device_choice") FROM "place" WHERE "room" = \'mam-1\'')
    assert sorted(row["distinct"] for row in devices) == ["Máy 1 · pc-1", "pc-2 · pc-2"]


def test_a_device_has_a_board_as_soon_as_it_has_an_agent(bench: Bench) -> None:
    def with_agent() -> list[str]:
        found = bench.ask('SELECT distinct("device_choice") FROM "place" WHERE "room" = \'mam-1\' AND "agent" = true')
        return [row["distinct"] for row in found]

    bench.boards.tell(START)
    assert with_agent() == []
    bench.state.put_agents([agent("pc-1", Presence.ONLINE, START)])
    bench.boards.tell(START + PRESENT_MS)
    assert with_agent() == ["Máy 1 · pc-1"]


def test_a_device_that_moved_is_listed_in_its_new_room_at_once(bench: Bench) -> None:
    bench.boards.tell(START)
    bench.file.write_text(SCHOOL.replace(", {id: pc-2}", "").replace("[{id: may-c", "[{id: pc-2}, {id: may-c"))
    assert bench.schools.reload()
    bench.boards.tell(START + 1)
    placed = bench.ask('SELECT last("device_choice") FROM "place" WHERE "device" = \'pc-2\' GROUP BY "room"')
    assert {row["room"]: row["time"] for row in placed} == {"mam-1": START, "van-phong": START + 1}


def test_the_present_is_told_again_when_something_changed_or_it_is_time(bench: Bench) -> None:
    def told() -> list[int]:
        return [row["time"] - START for row in bench.ask('SELECT "name" FROM "room_now" WHERE "room" = \'mam-1\'')]

    bench.boards.tell(START)
    bench.boards.tell(START + 5_000)
    assert told() == [0]
    bench.state.put_rooms([room(RoomState.CONNECTED, START + 9_000)])
    bench.boards.tell(START + 10_000)
    bench.boards.tell(START + 15_000)
    assert told() == [0, 10_000]
    bench.boards.tell(START + 10_000 + PRESENT_MS)
    assert told() == [0, 10_000, 10_000 + PRESENT_MS]


def test_changes_are_told_once_with_the_name_that_people_know(bench: Bench) -> None:
    bench.state.put_rooms([room(RoomState.CONNECTED, START - 1_000)])
    bench.boards.tell(START)
    bench.state.put_rooms([room(RoomState.DISCONNECTED, START + 1_000)])
    for at in (2_000, 7_000, 60_000):
        bench.boards.tell(START + at)
    rows = bench.ask('SELECT * FROM "change"')
    assert [(row["time"] - START, row["name"], row["old"], row["new"]) for row in rows] == [
        (-1_000, "Lớp Mầm 1", "", "connected"),
        (1_000, "Lớp Mầm 1", "connected", "disconnected"),
    ]


def test_a_change_that_is_known_late_is_told_all_the_same(bench: Bench) -> None:
    bench.state.put_agents([agent("pc-1", Presence.ONLINE, START)])
    bench.boards.tell(START + 200_000)
    bench.state.put_agents([agent("pc-1", Presence.LOST, START + 100_000)])
    bench.boards.tell(START + 205_000)
    told = [(row["time"] - START, row["new"]) for row in bench.ask('SELECT * FROM "change"')]
    assert told == [(0, "online"), (100_000, "lost")]


def test_services_by_room_follow_each_judged_slice(bench: Bench) -> None:
    web = {"total_ms": 100.0}
    bench.store.write(
        [
            measured("pc-1", "web", 0, web, target="services/kho"),
            measured("pc-1", "tcp", 0, target="services/kho", outcome=Outcome.REFUSED),  # the web site decides
            measured("pc-2", "web", 0, {"total_ms": 300.0}, target="services/kho"),
            measured("pc-2", "web", 60_000, target="services/kho", outcome=Outcome.TIMEOUT, blind=True),
            measured("pc-2", "tcp", 0, {"connect_ms": 8.0}, target="services/ky"),
            measured("may-la", "web", 0, web, target="services/kho"),  # in no room
            measured("pc-1", "web", 0, web, target="internet/a"),
        ]
    )
    now = START + SLICE_MS + 60_000
    watch = Watch(bench.store, bench.state, bench.schools, Present(bench.state, 0), bench.boards)
    watch.mark(bench.store.roll_up(now))
    watch.judge_slices(now)
    rows = bench.ask('SELECT * FROM "room_service_5m"')
    assert [
        (row["room"], row["target"], row["tried"], row["reached"], row["blind"], row["answer_ms"]) for row in rows
    ] == [
        ("mam-1", "services/kho", 3, 2, 1, 200.0),
        ("mam-1", "services/ky", 1, 1, 0, 8.0),
    ]


def test_a_school_is_one_series_a_target(bench: Bench) -> None:
    trips = {"pc-1": (10.0, 20.0), "pc-2": (90.0,), "may-la": (30.0,)}
    bench.store.write(
        [
            ping(device, 1_000 * number, "internet/a", trip=trip)
            for device, values in trips.items()
            for number, trip in enumerate(values)
        ]
    )
    bench.store.write([ping("pc-1", 9_000, "internet/a", trip=None), measured("pc-1", "host", 0, {"cpu_percent": 1.0})])
    now = START + SLICE_MS + 60_000
    watch = Watch(bench.store, bench.state, bench.schools, Present(bench.state, 0), bench.boards)
    watch.mark(bench.store.roll_up(now))
    watch.judge_slices(now)
    [row] = bench.ask('SELECT * FROM "school_ping_5m"')
    assert (row["target"], row["group"], row["count"], row["ok_count"], row["ok"]) == (
        "internet/a", "internet", 5, 4, 0.8
    )  # fmt: skip
    # Each device counts alike: the mean of 15, 90 and 30.
    assert (row["round_trip_ms"], row["round_trip_ms_min"], row["round_trip_ms_max"]) == (45.0, 10.0, 90.0)
    assert bench.ask('SELECT * FROM "service_5m"') == []
    states = [row for row in bench.ask('SELECT * FROM "school_rooms_5m"') if row["time"] == START]
    assert [(row["connected"], row["disconnected"], row["dark"]) for row in states] == [(1, 0, 1)]


def test_a_board_picks_the_rollup_by_the_length_of_its_range(bench: Bench) -> None:
    bench.boards.tell(START)
    for length, suffix in ((HOUR_MS, "_5m"), (7 * DAY_MS, "_5m"), (7 * DAY_MS + 1, "_1h"), (400 * DAY_MS, "_1h")):
        query = f'SELECT "suffix" FROM "detail" WHERE "longest_ms" >= {START + length} - {START} LIMIT 1'
        assert [row["suffix"] for row in bench.ask(query)] == [suffix]


def test_what_boards_read_is_forgotten_in_time(bench: Bench) -> None:
    bench.state.put_rooms([room(RoomState.CONNECTED, START)])
    bench.boards.tell(START)
    later = START + 800 * DAY_MS
    assert bench.store.forget(later, Retention()) == 2 + 3 + 1 + 5
    assert [bench.ask(f'SELECT * FROM "{name}"') for name in ("room_now", "device_now", "place", "change")] == [[]] * 4
    assert len(bench.ask('SELECT * FROM "detail"')) == 2
