"""Every question of every board, as Grafana would send it, to a real InfluxDB that the real collector filled."""

import contextlib
import dataclasses
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from collector.store.evidence import Sources
from collector.store.influx_http import Server
from collector.store.influx_query import Database, QueryRefused
from collector.store.protocol import RoomState
from collector.store.school_report import connections_of
from collector.store.settings import InfluxSettings
from dashboards import words
from dashboards.board import Setting
from dashboards.boards import BOARDS
from dashboards.check import empty_questions, lacking
from dashboards.expand import panel_questions, variables
from dashboards.text import LANGUAGES, Language
from inventory.phrase import Phrase
from inventory.register import Register
from inventory.report.document import Paragraph
from inventory.report.equipment import equipment_report
from inventory.report.period import parse_period
from inventory.report.texts import SUM_CONNECTED
from tests.api_server import client_of, running_api
from tests.influxd import Influxd
from tests.replayed_day import FAULTS, ITS_ROOM, RESTARTED, ReplayedDay, replayed_day
from tests.report_record import EN, SETTINGS, VI, record

CHOSEN = {"room": ITS_ROOM, "device": RESTARTED}
RECENT_MS = 50 * 60_000  # well inside the hour that ends when a board is looked at
WARRANTIES = "Warranties that end in the next 12 months"


@dataclasses.dataclass
class Looking:
    """A filled school, and somebody who asks about it at the moment when its day ended: what boards call the present
    is minutes long, and asking everything may take as long."""

    day: ReplayedDay
    database: Database

    def ask(self, query: str) -> list[Mapping[str, Any]]:
        found = self.database.ask(query.replace("now()", f"{self.day.now}ms"))
        return [{"columns": one.columns, "values": one.values, "tags": one.tags} for one in found]

    def board(self, name: str, language: Language = "en") -> dict[str, Any]:
        [board] = [board for board in BOARDS if board.name == name]
        return board.as_json(Setting(language, self.day.zone))

    def empty(self, board: Mapping[str, Any]) -> list[str]:
        return list(empty_questions(board, self.day.now, CHOSEN, self.ask, of_all=True))

    def panels(self, name: str) -> Iterator[tuple[dict[str, Any], str]]:
        """Every panel with each of its questions as it is asked."""
        board = self.board(name)
        values, _ = variables(board, self.day.now, CHOSEN, self.ask)
        for panel in board["panels"]:
            for asked in panel_questions({**board, "panels": [panel]}, self.day.now, values):
                yield panel, asked.text

    def answer(self, board: dict[str, Any], title: str, number: int = 0) -> list[Mapping[str, Any]]:
        """What a panel's question finds."""
        values, _ = variables(board, self.day.now, {}, self.ask)
        found = [asked for asked in panel_questions(board, self.day.now, values) if asked.where[:-2] == title]
        return self.ask(found[number].text)


@pytest.fixture(scope="module")
def looking(influxd: Influxd, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looking]:
    folder = tmp_path_factory.mktemp("day")
    settings = influxd.settings(folder)
    with looking_at(replayed_day(folder, settings, *FAULTS), settings) as there:
        yield there


@contextlib.contextmanager
def looking_at(day: ReplayedDay, settings: InfluxSettings) -> Iterator[Looking]:
    server = Server(settings, day.settings.data)
    server.open()
    yield Looking(day, Database(server, settings.database, may_create=False))
    server.close()
    day.close()


def test_every_question_of_every_board_finds_data_in_both_languages(looking: Looking) -> None:
    boards = [board.as_json(Setting(language, looking.day.zone)) for language in LANGUAGES for board in BOARDS]
    assert len(boards) == 14
    assert [sentence for board in boards for sentence in looking.empty(board)] == []


def test_a_mistake_in_a_field_a_tag_a_measurement_or_a_variable_is_found(looking: Looking) -> None:
    for name, right, wrong in (
        ("school", '"loss_percent"', '"loss_share"'),
        ("school", "\"group\" = 'internet'", "\"grp\" = 'internet'"),
        ("school", '"room_now"', '"rooms_now"'),
        ("school", "\"lesson\" = true", "\"lesson\" = 'true'"),
        ("school", "/^$classrooms$/", "/^$class_rooms$/"),
        ("equipment", '"past_life"', '"past_live"'),
        ("equipment", 'GROUP BY "kind"', 'GROUP BY "kinds"'),
        ("equipment", '"room_name"', '"room_nam"'),
        ("equipment", "now() - 1d", "now() + 1d"),
    ):  # fmt: skip
        text = json.dumps(looking.board(name))
        broken = text.replace(json.dumps(right)[1:-1], json.dumps(wrong)[1:-1])
        assert broken != text
        assert looking.empty(json.loads(broken)), right
    with pytest.raises(QueryRefused, match="error parsing query"):
        looking.empty(json.loads(json.dumps(looking.board("line")).replace("SELECT elapsed", "SELCT elapsed")))


def strange_tags(looking: Looking, query: str) -> set[str]:
    """The tags that a query groups by and its measurement has not: within another question one is seen nowhere."""
    tags = {one.name: {row[0] for row in one.values} for one in looking.database.ask("SHOW TAG KEYS")}
    strange = set()
    for clause in re.finditer(r'GROUP BY ((?:time\([^)]*\)|"\w+"|, )+)', query):
        *_, measurement = re.findall(r'FROM "(\w+)"', query[: clause.start()])
        strange |= set(re.findall(r'"(\w+)"', clause[1])) - tags.get(measurement, set())
    return strange


def is_wrong(looking: Looking, panel: Mapping[str, Any], query: str) -> bool:
    """Whether something about the question is found to be wrong, as the tests of this file look at it."""
    try:
        found = looking.ask(query)
    except QueryRefused:
        return True
    if lacking(found) or strange_tags(looking, query):
        return True
    return panel["type"] == "table" and bool(strange_columns(panel, found))


def strange_columns(panel: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> list[str]:
    """The columns that a table names and its question does not answer."""
    answered = {"Time", *found[0]["columns"], *(found[0].get("tags") or {})}
    for one in panel.get("transformations", ()):
        if one["id"] == "groupBy":
            answered |= {f"{name} (sum)" for name in answered}
        if one["id"] == "groupingToMatrix":
            row, column, value = (one["options"][part] for part in ("rowField", "columnField", "valueField"))
            answered = {f"{row}\\{column}"} if {row, column, value} <= answered else set()
    named = [str(override["matcher"]["options"]) for override in panel["fieldConfig"]["overrides"]]
    return [name for name in named if name not in answered]


@pytest.mark.parametrize("name", [board.name for board in BOARDS])
def test_every_table_names_columns_that_are_answered_and_every_tag_is_its_measurements(
    looking: Looking, name: str
) -> None:
    asked = list(looking.panels(name))
    assert len(asked) >= 5
    for panel, query in asked:
        assert not is_wrong(looking, panel, query), query


@pytest.mark.parametrize("name", [board.name for board in BOARDS])
def test_every_name_and_every_word_of_every_question_is_missed_when_it_is_wrong(looking: Looking, name: str) -> None:
    """One letter more in each field, tag, measurement, alias and constant, one at a time."""
    spoiled = 0
    for panel, query in looking.panels(name):
        for place in re.finditer(r"(?<=[\"'])[a-z]\w*(?=[\"'])", query):
            broken = f"{query[: place.end()]}x{query[place.end() :]}"
            assert is_wrong(looking, panel, broken), f"{panel['title']}: {broken}"
            spoiled += 1
    assert spoiled > 25


def test_the_numbers_of_the_school_board_are_those_of_the_live_page(looking: Looking) -> None:
    board, site = looking.board("school"), looking.day.school.site
    with running_api(looking.day.settings) as address, client_of(address) as client:
        [now] = client.get("/api/v1/sites").json()["sites"]
        month = int(_first_of_month(looking.day.now, looking.day.zone))
        asked = {"since": month, "until": looking.day.now}
        this_month = client.get(f"/api/v1/sites/{site}/share", params=asked).json()
        rooms = client.get(f"/api/v1/sites/{site}/rooms").json()["rooms"]
        asked = {"since": looking.day.now - RECENT_MS, "until": looking.day.now + 1}
        changes = client.get(f"/api/v1/sites/{site}/changes", params=asked).json()["changes"]
    for number, state in enumerate(RoomState):
        [counted] = looking.answer(board, "Classrooms by state", number)
        assert counted["values"][0][1] == now["classrooms"][state.value]
    for title, percent in (
        ("Classrooms connected now", now["connected_now_percent"]),
        ("Today, in lesson time", now["connected_today_percent"]),
        ("This month, in lesson time", this_month["connected_percent"]),
    ):
        [shown] = looking.answer(board, title)
        assert round(shown["values"][0][1], 1) == percent, title
    assert 0 < this_month["connected_percent"] < 100
    assert {
        (one["tags"]["room"], *row[1:]) for one in looking.answer(board, "Rooms now") for row in one["values"]
    } == {
        (room["room"], room["name"], room["state"], room["reason"], (room["cause"] or {"layer": ""})["layer"],
         room["devices_on"], len(room["devices"]), room["since"])
        for room in rooms
    }  # fmt: skip
    [changed] = looking.answer(board, "Changes of the last hour")
    assert {row[0] for row in changed["values"]} >= {change["at"] for change in changes} != set()
    recent = [row for row in changed["values"] if row[0] >= asked["since"]]
    assert sorted(tuple(row[2:]) for row in recent) == sorted(
        (change["old"], change["new"], change["reason"]) for change in changes
    )


def test_every_link_from_a_board_leads_to_a_page_of_ours(looking: Looking) -> None:
    [assets] = looking.answer(looking.board("equipment"), WARRANTIES)
    told = {**CHOSEN, "site": looking.day.school.site, "__data.fields.asset": assets["values"][0][1]}
    led = set()
    with running_api(looking.day.settings) as address, client_of(address) as client:
        for board in BOARDS:
            made = board.as_json(Setting("vi", looking.day.zone, pages=address))
            for url in re.findall(rf'"url": "({address}[^"]*)"', json.dumps(made)):
                page = re.sub(r"\$\{([\w.]+)\}", lambda name: told[name[1]], url)
                answer = client.get(page, follow_redirects=True)
                assert answer.status_code == 200, page
                led.add(page.removeprefix(address).split("/")[1])
    assert led == {"sites", "rooms", "devices", "register"}


@pytest.mark.parametrize("phrase", [VI, EN])
def test_the_share_of_the_school_board_is_that_of_the_report_of_the_same_month(
    looking: Looking, phrase: Phrase
) -> None:
    day = looking.day
    here = datetime.fromtimestamp(day.now / 1000, day.school.zone)
    period = parse_period(f"{here:%Y-%m}")
    register = Register(day.settings.state_url).open()
    share = connections_of(Sources(day.school, day.store, day.state, register), period, day.now).percent
    register.close()
    report = equipment_report(record(period=period, connected_percent=share), SETTINGS, phrase)
    [shown] = looking.answer(looking.board("school"), "This month, in lesson time")
    said = phrase(SUM_CONNECTED, percent=shown["values"][0][1])
    assert said in [block.text for block in report.blocks if isinstance(block, Paragraph)]
    assert re.search(r"\d\d([,.]\d)?\s?%", said)  # now and then it is a round number


def _first_of_month(now: int, zone: str) -> float:
    here = datetime.fromtimestamp(now / 1000, ZoneInfo(zone))
    return here.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000


def test_the_equipment_board_counts_what_the_register_has(looking: Looking) -> None:
    board, site = looking.board("equipment"), looking.day.school.site
    register = Register(looking.day.settings.state_url).open()
    owned = [asset for asset in register.assets(site) if asset.owned]
    register.close()
    for title, number in (
        ("Assets", len(owned)),
        ("Purchase cost in all (VND)", sum(asset.purchase_cost or 0 for asset in owned)),
        ("Warranties that end soon", len(looking.answer(board, WARRANTIES)[0]["values"])),
        ("Want repair or replacement", len(looking.answer(board, "Which want it most")[0]["values"])),
    ):
        [shown] = looking.answer(board, title)
        assert shown["values"][0][1] == number, title
    conditions = [looking.answer(board, "Condition", number)[0]["values"][0][1] for number in range(4)]
    assert sum(conditions) == len(owned)
    # One of the three laptops that were planned was ordered, one has come; the workbook brings a TV without a date.
    [plan] = looking.answer(board, "What was planned, by school year")
    assert [sum(row[number] for row in plan["values"]) for number in (2, 3, 4)] == [2, 1, 1]
    assert "?" in {row[1] for row in plan["values"]}
    [funding] = looking.answer(board, "Purchase cost by funding source")
    assert {row[1] for row in funding["values"]} >= {"Ngân sách nhà nước", "Xã hội hóa", "Tài trợ"}


def test_the_line_board_knows_the_outages_and_their_lengths(looking: Looking) -> None:
    board = looking.board("line")
    [outages] = looking.answer(board, "Outages")
    # The simulated line was gone for 20 minutes; ten minutes behind a login page are an outage too.
    assert [seconds for _, seconds in outages["values"]] == [600, 1200]
    [total] = looking.answer(board, "Without internet, in all")
    assert total["values"][0][1] == 30 * 60


def test_the_room_board_shows_which_layer_failed(looking: Looking) -> None:
    board = looking.board("room")
    values, _ = variables(board, looking.day.now, {"room": "mam-1"}, looking.ask)
    layers = [asked for asked in panel_questions(board, looking.day.now, values) if "layer" in asked.where]
    lowest = [min(row[1] for row in looking.ask(asked.text)[0]["values"]) for asked in layers]
    # Its switch was unplugged: the devices went on, cable and gateway were gone.
    assert lowest[0] == 100
    assert lowest[1] < 50
    assert lowest[2] == 0


def test_somebody_who_may_only_read_can_look_at_every_board(looking: Looking, influxd: Influxd, tmp_path: Path) -> None:
    name = looking.database.name
    influxd.ask(f"CREATE USER \"{name}\" WITH PASSWORD 'reader'")
    influxd.ask(f'GRANT READ ON "{name}" TO "{name}"')
    (tmp_path / "reader").write_text("reader")
    server = Server(influxd.settings(tmp_path, database=name, username=name, password_file="reader"), tmp_path)
    server.open()
    as_reader = Looking(looking.day, Database(server, name, may_create=False))
    assert [sentence for board in BOARDS for sentence in as_reader.empty(as_reader.board(board.name))] == []
    server.close()


def test_on_a_healthy_school_nothing_is_empty_but_what_says_so_in_its_own_words(
    influxd: Influxd, tmp_path: Path
) -> None:
    settings = influxd.settings(tmp_path)
    with looking_at(replayed_day(tmp_path, settings, since="09:30"), settings) as healthy:
        empty = {
            panel["title"]: panel["fieldConfig"]["defaults"]["noValue"]
            for board in BOARDS
            for panel, query in healthy.panels(board.name)
            if lacking(healthy.ask(query))
        }
        # What `sonca dashboards check` would name, of a room and a device that measure everything.
        named = [
            sentence
            for board in BOARDS
            for sentence in empty_questions(healthy.board(board.name), healthy.day.now, CHOSEN, healthy.ask)
        ]
    assert set(empty) <= {
        "Changes of the last hour", "Outages", "Without internet, in all", "Starts in 7 days"
    }  # fmt: skip
    assert words.NO_DATA.en not in empty.values()
    assert named == []
