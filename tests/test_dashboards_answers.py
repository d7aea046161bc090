"""What questions answer where much depends on how they count: on points written by hand, in a real InfluxDB."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from collector.store.influx import InfluxStore
from collector.store.protocol import SLICE_MS
from dashboards.board import Setting
from dashboards.boards import BOARDS
from dashboards.expand import panel_questions
from tests.influxd import Influxd
from tests.waiting import now_ms

NOW = now_ms() // SLICE_MS * SLICE_MS
PLACE: dict[str, str | list[str]] = {"site": "hoa-mai", "room": "mam-1", "devices": ["pc-1", "pc-2"], "detail": "_5m"}
Answers = Callable[[str, str], list[Any]]
Write = Callable[[Sequence[str]], None]


@pytest.fixture
def store(influxd: Influxd, tmp_path: Path) -> Iterator[InfluxStore]:
    opened = InfluxStore(influxd.settings(tmp_path), tmp_path).open()
    yield opened
    opened.close()


@pytest.fixture
def write(store: InfluxStore) -> Write:
    return store._writer.write


@pytest.fixture
def answers(influxd: Influxd, store: InfluxStore) -> Answers:
    """The series that the questions of a panel find, by the names of board and panel."""

    def ask(board: str, title: str) -> list[Any]:
        [made] = [one.as_json(Setting("en")) for one in BOARDS if one.name == board]
        asked = [question for question in panel_questions(made, NOW, PLACE) if question.where[:-2] == title]
        texts = [question.text.replace("now()", f"{NOW}ms") for question in asked]  # tests may run minutes later
        return [series for text in texts for series in influxd.ask(text, store.settings.database)]

    return ask


def slices_of_rooms(*slices: tuple[int, int, int]) -> list[str]:
    """One line for each slice that ends with NOW: connected, disconnected and dark rooms."""
    first = NOW - len(slices) * SLICE_MS
    return [
        f"school_rooms_5m,site=hoa-mai connected={up}i,degraded=0i,disconnected={down}i,dark={dark}i "
        f"{first + number * SLICE_MS}"
        for number, (up, down, dark) in enumerate(slices)
    ]


GOOD, GONE, NIGHT, PARTLY = (3, 0, 0), (0, 2, 1), (0, 0, 3), (2, 1, 0)


@pytest.mark.parametrize(
    ("slices", "lengths", "minutes"),
    [
        ((GOOD, GONE, GONE, GOOD), [10], 10),
        ((GOOD, NIGHT, NIGHT, NIGHT, GOOD), [], None),
        ((GOOD, NIGHT, GONE, GOOD, PARTLY, GONE, GOOD), [5, 5], 10),
        ((GOOD, PARTLY, PARTLY, GOOD), [], None),
        ((GOOD, GONE, GONE), [], 10),  # it goes on: its length is not known yet, its minutes are
    ],
    ids=["an outage", "a night", "two outages", "some rooms only", "an outage that goes on"],
)
def test_an_outage_is_when_devices_are_on_and_no_room_gets_out(
    write: Write, answers: Answers, slices: Sequence[tuple[int, int, int]], lengths: list[int], minutes: int | None
) -> None:
    write(slices_of_rooms(*slices))
    assert [row[1] // 60 for one in answers("line", "Outages") for row in one["values"]] == lengths
    told = answers("line", "Without internet, in all")
    assert (told[0]["values"][0][1] // 60 if told else None) == minutes


def service(room: str, target: str, tried: int, reached: int, blind: int) -> str:
    told = f"tried={tried}i,reached={reached}i,blind={blind}i,answer_ms=20.0"
    return f"room_service_5m,room={room},site=hoa-mai,target=services/{target} {told} {NOW - 2 * SLICE_MS}"


def test_a_service_is_not_blamed_for_a_room_without_network(write: Write, answers: Answers) -> None:
    write([service("mam-1", "kho", 5, 4, 1), service("mam-1", "ky", 4, 3, 0), service("mam-2", "kho", 5, 0, 5),
           service("mam-2", "ky", 5, 0, 0)])  # fmt: skip
    shown = answers("school", "Which room reaches which service")
    found = {(one["tags"]["room"], one["tags"]["target"]): one["values"][0][1] for one in shown}
    assert found == {
        ("mam-1", "services/kho"): 100,
        ("mam-1", "services/ky"): 75,
        ("mam-2", "services/kho"): -1,  # shown as "no network"
        ("mam-2", "services/ky"): 0,
    }


def test_a_service_that_only_blind_devices_tried_has_no_share(write: Write, answers: Answers) -> None:
    head = "service_5m,site=hoa-mai,target=services"
    write([f"{head}/kho tried=5i,reached=0i,blind=5i {NOW - SLICE_MS}",
           f"{head}/ky tried=6i,reached=3i,blind=0i {NOW - SLICE_MS}",
           f"{head}/ky tried=5i,reached=0i,blind=5i {NOW - 2 * SLICE_MS}"])  # fmt: skip
    found = {
        one["tags"]["target"]: one["values"][0][1] for one in answers("services", "Reached, over the chosen range")
    }
    assert found == {"services/ky": 50}


def card(device: str, name: str, up: int) -> str:
    return (
        f"network_card_5m,device={device},site=hoa-mai,target={name} link_up={up}.0,link_up_max={up}.0 {NOW - SLICE_MS}"
    )


def test_a_laptop_on_wifi_has_a_link_though_nothing_is_plugged_in(write: Write, answers: Answers) -> None:
    write([card("pc-1", "eth0", 0), card("pc-1", "wlan0", 1), card("pc-2", "eth0", 1)])
    [cable] = answers("room", "Connectivity by layer")
    assert cable["values"][0][1] == 100
    write([card("pc-2", "eth0", 0)])
    [cable] = answers("room", "Connectivity by layer")
    assert cable["values"][0][1] == 50
