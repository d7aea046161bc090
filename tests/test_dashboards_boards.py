"""Boards as JSON: layout, names, words, units and limits, without any server."""

import copy
import itertools
import json
import re
from collections.abc import Mapping
from typing import Any, get_args

import pytest

from api import words as pages_words
from api.view import health_computer
from collector.boards import PRESENT_MS
from collector.store.influx_equipment import NOBODY_WROTE
from collector.store.protocol import RoomReason, RoomState
from collector.store.state_protocol import Layer, Presence
from contract.metrics import PROBES
from dashboards import words
from dashboards.board import COLUMNS, Setting
from dashboards.board_equipment import NEED
from dashboards.boards import BOARDS
from dashboards.check import fields_in, wrong_units
from dashboards.panel import DATA_SOURCE
from dashboards.text import LANGUAGES
from dashboards.units import GRAFANA_UNITS
from inventory.asset import AssetKind
from inventory.plan.rules import CODES, shipped_rules
from inventory.school import Limits
from inventory.words import CONDITIONS

MADE = {
    (board.name, language): board.as_json(Setting(language, pages="http://sonca.example"))
    for board in BOARDS
    for language in LANGUAGES
}
EVERY_BOARD = pytest.mark.parametrize("made", MADE.values(), ids=["-".join(key) for key in MADE])
VIETNAMESE = re.compile("[ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", re.IGNORECASE)


def panels(made: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [panel for panel in made["panels"] if panel["type"] != "row"]


def test_uids_and_titles_are_unique() -> None:
    assert len({made["uid"] for made in MADE.values()}) == len(MADE)
    for language in LANGUAGES:
        assert len({made["title"] for (_, spoken), made in MADE.items() if spoken == language}) == len(BOARDS)
    assert all(re.fullmatch(r"[a-z-]{1,40}", made["uid"]) for made in MADE.values())


@EVERY_BOARD
def test_panels_stay_in_the_grid_and_none_lies_on_another(made: dict[str, Any]) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in made["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= COLUMNS
        assert not cells & taken, panel["title"]
        taken |= cells
    ids = [panel["id"] for panel in made["panels"]]
    assert len(ids) == len(set(ids))


@EVERY_BOARD
def test_only_panel_types_that_earn_it_are_used(made: dict[str, Any]) -> None:
    # state-timeline: rooms by state over time, which no line and no table shows at a glance.
    kinds = {"stat", "gauge", "bargauge", "timeseries", "table", "state-timeline"}
    assert {panel["type"] for panel in panels(made)} <= kinds


@EVERY_BOARD
def test_units_are_those_of_the_catalogue(made: dict[str, Any]) -> None:
    assert list(wrong_units(made)) == []


def test_a_wrong_unit_is_found() -> None:
    found = 0
    for made in MADE.values():
        for number, panel in enumerate(made["panels"]):
            fields = [field for target in panel.get("targets", ()) for field in fields_in(target["query"])]
            if fields and panel["type"] != "table":
                broken = copy.deepcopy(made)
                broken["panels"][number]["fieldConfig"]["defaults"]["unit"] = "bananas"
                assert any(panel["title"] in sentence for sentence in wrong_units(broken))
                found += 1
    assert found > 50


def test_every_unit_of_the_catalogue_has_a_name_in_grafana() -> None:
    assert {field.unit for probe in PROBES.values() for field in probe.fields.values()} <= set(GRAFANA_UNITS)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (words.ROOM_STATES, pages_words.ROOM_STATES),
        (words.PRESENCES, pages_words.PRESENCES),
        (words.PRESENCE_REASONS, pages_words.PRESENCE_REASONS),
        (words.KINDS, pages_words.DEVICE_KINDS),
        (words.CONDITIONS, CONDITIONS),
    ],
)
def test_boards_speak_the_words_of_the_live_page(ours: Mapping[str, words.Word], theirs: Mapping[str, Any]) -> None:
    assert {name: (word.text.vi, word.text.en) for name, word in ours.items()} == {
        str(getattr(name, "value", name)): (text.vi, text.en) for name, text in theirs.items()
    }


def test_every_word_of_the_collector_is_known_to_boards() -> None:
    assert list(words.ROOM_STATES) == [state.value for state in RoomState]
    assert list(words.ROOM_REASONS) == [reason.value for reason in RoomReason]
    assert list(words.PRESENCES) == [presence.value for presence in Presence]
    assert list(words.CAUSES) == [layer.value for layer in Layer]
    assert set(words.KINDS) == set(get_args(AssetKind))
    assert set(words.UPGRADE_REASONS) == {*CODES, NOBODY_WROTE}


def test_no_two_states_share_a_colour_and_each_has_its_word() -> None:
    for table in (words.ROOM_STATES, words.PRESENCES, words.CONDITIONS):
        assert len({word.color for word in table.values()}) == len(table)
        for word in table.values():
            assert word.text.vi
            assert word.text.en


def test_limits_are_those_that_the_words_stand_for() -> None:
    shown: dict[str, set[tuple[float, ...]]] = {}
    for made in MADE.values():
        for panel in panels(made):
            steps = tuple(step["value"] for step in panel["fieldConfig"]["defaults"]["thresholds"]["steps"][1:])
            for target in panel["targets"]:
                for _, field in fields_in(target["query"]):
                    if steps:
                        shown.setdefault(field, set()).add(steps)
    # Past these limits a room is degraded; the goal of the plan is 100 %.
    assert shown["loss_percent"] == {(Limits().loss_percent,)}
    assert shown["round_trip_ms"] == {(Limits().round_trip_ms,)}
    gauges = [panel for made in MADE.values() for panel in panels(made) if panel["type"] == "gauge"]
    assert {panel["fieldConfig"]["defaults"]["thresholds"]["steps"][-1]["value"] for panel in gauges} == {100}
    # What the pages call full, and too full.
    assert [value for value, _ in words.FULL.further] == [health_computer._FULL, health_computer._OVERFULL]
    for field in ("disk_used_percent", "memory_used_percent"):
        assert shown[field] == {(health_computer._FULL, health_computer._OVERFULL)}
    # What the plan calls fine, and what failing.
    lists = shipped_rules().lists
    assert [value for value, _ in NEED.further] == [100 * lists.fine_below, 100 * lists.failing_from]


@pytest.mark.parametrize("name", [board.name for board in BOARDS])
def test_the_two_languages_differ_in_words_only(name: str) -> None:
    vietnamese, english = (MADE[name, language] for language in ("vi", "en"))
    for one, other in zip(panels(vietnamese), panels(english), strict=True):
        assert [target["query"] for target in one["targets"]] == [target["query"] for target in other["targets"]]
        assert one["gridPos"] == other["gridPos"]
    assert not VIETNAMESE.search(json.dumps(panels(english), ensure_ascii=False).replace(" · ", ""))
    assert all(VIETNAMESE.search(panel["description"]) for panel in panels(vietnamese))


@EVERY_BOARD
def test_every_question_goes_to_the_one_data_source_and_names_known_variables(made: dict[str, Any]) -> None:
    variables = [variable["name"] for variable in made["templating"]["list"]]
    known = {*variables, "timeFilter", "__interval"}
    for panel in panels(made):
        assert panel["datasource"] == DATA_SOURCE
        for target in panel["targets"]:
            assert target["datasource"] == DATA_SOURCE
            assert target["rawQuery"] is True
            assert set(re.findall(r"\$(\w+)", target["query"])) <= known
    for before, variable in zip(itertools.accumulate(([name] for name in variables), initial=[]),
                                made["templating"]["list"], strict=False):  # fmt: skip
        assert set(re.findall(r"\$(\w+)", variable["query"])) <= {*before, "__from", "__to"}


@EVERY_BOARD
def test_links_lead_to_boards_that_exist_in_the_same_language(made: dict[str, Any]) -> None:
    uids = {other["uid"]: [one["name"] for one in other["templating"]["list"]] for other in MADE.values()}
    for uid, asked in re.findall(r"/d/([\w-]+)\?([^\"]*)", json.dumps(made)):
        assert uid[-3:] == made["uid"][-3:]
        assert set(re.findall(r"var-(\w+)=", asked)) <= set(uids[uid])
    boards, page = made["links"]
    assert (boards["type"], boards["tags"], boards["includeVars"]) == ("dashboards", [made["tags"][1]], True)
    assert page["url"].startswith("http://sonca.example/")


@EVERY_BOARD
def test_a_word_is_shown_by_naming_its_field_and_states_have_their_colours(made: dict[str, Any]) -> None:
    for panel in panels(made):
        kinds = {mapping["type"] for mapping in panel["fieldConfig"]["defaults"]["mappings"]}
        if panel["type"] == "stat" and "value" in kinds:
            [target] = panel["targets"]
            assert panel["options"]["reduceOptions"]["fields"] == f"/^{target['alias']}$/"
        if panel["type"] == "bargauge" and len(panel["targets"]) == 4:
            coloured = [override["matcher"]["options"] for override in panel["fieldConfig"]["overrides"]]
            assert coloured == [target["alias"] for target in panel["targets"]]


@EVERY_BOARD
def test_what_finds_nothing_says_so_in_the_boards_language_and_never_looks_like_trouble(made: dict[str, Any]) -> None:
    # Without a mapping Grafana gives it the colour of the lowest value, which is red where much is good.
    for panel in panels(made):
        defaults = panel["fieldConfig"]["defaults"]
        said = defaults["noValue"]
        assert said == "0" or bool(VIETNAMESE.search(said)) is made["uid"].endswith("-vi")
        if panel["type"] in ("stat", "gauge"):
            absent = [mapping["options"] for mapping in defaults["mappings"] if mapping["type"] == "special"]
            assert [options["match"] for options in absent] == ["null+nan", "empty"]
            assert {options["result"]["text"] for options in absent} == {said}
            assert not {options["result"]["color"] for options in absent} & {words.RED, words.ORANGE}


@EVERY_BOARD
def test_an_empty_cell_does_not_say_what_an_empty_table_says(made: dict[str, Any]) -> None:
    for panel in panels(made):
        if panel["type"] == "table":
            for override in panel["fieldConfig"]["overrides"]:
                assert {"id": "noValue", "value": "–"} in override["properties"]
            assert panel["fieldConfig"]["overrides"]


def test_rooms_with_trouble_stand_first() -> None:
    rooms = next(panel for panel in panels(MADE["school", "vi"]) if panel["title"] == "Các phòng lúc này")
    assert rooms["options"]["sortBy"] == [{"displayName": "Tình trạng", "desc": True}]
    # Grafana sorts by what was answered, not by what it shows for it.
    assert sorted(RoomState, reverse=True) == [
        RoomState.DISCONNECTED, RoomState.DEGRADED, RoomState.DARK, RoomState.CONNECTED
    ]  # fmt: skip


@EVERY_BOARD
def test_boards_are_asked_again_no_quicker_than_they_are_told_and_look_back_a_day_or_a_year(
    made: dict[str, Any],
) -> None:
    seconds = {"30s": 30, "1m": 60, "15m": 900}[made["refresh"]]
    assert 1000 * seconds >= PRESENT_MS
    days = made["uid"].startswith("sonca-equipment")
    assert made["time"] == {"from": "now-365d" if days else "now-24h", "to": "now"}
    # A step is never shorter than a slice, or lines would have holes.
    assert {panel["interval"] for panel in panels(made)} <= {"5m", "1d"}


@EVERY_BOARD
def test_words_of_a_field_name_are_its_unit(made: dict[str, Any]) -> None:
    """What boards are told beside the catalogue: answer_ms, silent_seconds, need_percent, shares of 100."""
    for panel in panels(made):
        units = set(units_of(panel).values())
        query = " ".join(target["query"] for target in panel["targets"])
        for sign, unit in (("_ms\"", "ms"), ("seconds\"", "dtdhms"), ("_percent", "percent"),
                           ("300 * count", "dtdhms"), ("purchase_cost", "locale"), ("_bytes", "bytes"),
                           ("_mbps", "Mbits"), ("certificate_days", "suffix:d")):  # fmt: skip
            if sign in query and 'count("step")' not in query:  # how often a running time fell has no unit
                assert unit in units, panel["title"]
        if "100 *" in query:
            assert units == {"percent"}, panel["title"]


def units_of(panel: Mapping[str, Any]) -> dict[str, str]:
    """The unit of each column of a table that has one; of another panel its own."""
    named = {
        override["matcher"]["options"]: entry["value"]
        for override in panel["fieldConfig"]["overrides"]
        for entry in override["properties"]
        if entry["id"] == "unit"
    }
    return named or {"": panel["fieldConfig"]["defaults"]["unit"]}


def test_people_choose_site_room_and_device_and_nothing_else() -> None:
    chosen = {
        name: [variable["name"] for variable in made["templating"]["list"] if not variable["hide"]]
        for (name, _), made in MADE.items()
    }
    assert chosen.pop("device") == ["site", "room", "device"]
    assert chosen.pop("room") == ["site", "room"]
    assert set(map(tuple, chosen.values())) == {("site",)}


def test_a_click_leads_from_a_school_to_its_rooms_and_on_to_their_devices() -> None:
    led = {name: set(re.findall(r"/d/sonca-(\w+)-vi\?", json.dumps(MADE[name, "vi"]))) for name, _ in MADE}
    assert {name: boards for name, boards in led.items() if boards} == {
        "school": {"room"},
        "room": {"device"},
        "services": {"room"},
        "itself": {"device"},
    }


def test_times_of_a_day_are_the_schools() -> None:
    board = BOARDS[0].as_json(Setting("vi", "Asia/Tokyo"))
    assert board["timezone"] == "Asia/Tokyo"
    assert len(board["links"]) == 1


@EVERY_BOARD
def test_a_table_is_sorted_by_a_column_that_it_shows_and_sums_only_what_it_asked_for(made: dict[str, Any]) -> None:
    for panel in panels(made):
        shown = {
            entry["value"]
            for override in panel["fieldConfig"]["overrides"]
            for entry in override["properties"]
            if entry["id"] == "displayName"
        }
        assert {entry["displayName"] for entry in panel["options"].get("sortBy", ())} <= shown
        for one in panel.get("transformations", ()):
            if one["id"] == "groupBy":
                assert all(f'"{name}"' in panel["targets"][0]["query"] for name in one["options"]["fields"])


def test_the_bars_of_kinds_and_reasons_bear_their_words() -> None:
    for title, word in (
        ("Tuổi trung bình theo loại (năm)", "máy chiếu"),
        ("Vì sao cần nâng cấp: số tài sản", "pin chai"),
    ):
        panel = next(panel for panel in panels(MADE["equipment", "vi"]) if panel["title"] == title)
        told = {
            override["matcher"]["options"]: override["properties"] for override in panel["fieldConfig"]["overrides"]
        }
        code = {"máy chiếu": "projector", "pin chai": "battery"}[word]
        assert told[code] == [{"id": "displayName", "value": word}]


def test_lines_that_are_always_there_have_colours_of_their_own() -> None:
    coloured = 0
    for made in MADE.values():
        for panel in panels(made):
            names = [target.get("alias", "$") for target in panel["targets"]]
            if panel["type"] == "timeseries" and not any("$" in name for name in names):
                rows = panel["fieldConfig"]["overrides"]
                assert [row["matcher"]["options"] for row in rows] == names
                assert [row["properties"][0]["value"]["fixedColor"] for row in rows] == list(words.LINES[: len(names)])
                coloured += len(names)
    assert coloured >= 2 * (6 + 3)


def test_an_asset_leads_to_its_page_where_there_are_pages() -> None:
    [board] = [board for board in BOARDS if board.name == "equipment"]
    page = "/register/${site}/asset/${__data.fields.asset}"
    assert json.dumps(MADE["equipment", "vi"]).count(f'"url": "http://sonca.example{page}"') == 2
    assert "/register/" not in json.dumps(board.as_json(Setting("vi")))
