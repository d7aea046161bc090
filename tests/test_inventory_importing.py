"""Lists of assets come in as people write them, and go out so that they come in again unchanged."""

import json
from dataclasses import fields, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from inventory.asset import Asset, AssetKind, Condition, Status
from inventory.exporting.tables import as_csv, as_json, export_xlsx
from inventory.importing.cells import BadCell, value_of
from inventory.importing.plan import ImportPlan, plan_import
from inventory.importing.read import read_table
from inventory.importing.words import choice_of, field_of
from inventory.saying import LANGUAGES, Language, names, texts
from tests import example_workbook
from tests.registered import PC, PROJECTOR
from tests.workbooks import HEADER, ROW, workbook

ROOMS = {"mam-1": "Lớp Mầm 1", "choi-1": "Lớp Chồi 1"}
TODAY = date(2026, 11, 25)
MINIMAL = "- {mã tài sản: TS-5, loại: tivi, tên: Tivi 1, nơi sử dụng: mam-1}\n- {tag: TS-6, kind: other, name: Loa}\n"


def planned(path: Path, *registered: Asset) -> ImportPlan:
    plan = plan_import(read_table(path), {asset.tag: asset for asset in registered}, ROOMS, TODAY)
    assert plan.refused == []
    return plan


def test_a_row_becomes_an_asset(tmp_path: Path) -> None:
    [change] = planned(workbook(tmp_path / "a.xlsx", [["DANH MỤC"], [], HEADER, ROW])).changes
    assert (change.row, change.before) == (4, None)
    assert change.after == Asset(
        "TS-001",
        "computer",
        "Máy tính lớp Mầm 1",
        room="mam-1",
        serial="7XK2M03",
        purchase_date=date(2023, 8, 15),
        purchase_cost=13_500_000,
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_what_goes_out_comes_in_again_and_changes_nothing(tmp_path: Path, language: Language, ending: str) -> None:
    path = tmp_path / f"assets.{ending}"
    if ending == "xlsx":
        export_xlsx(path, [PC, PROJECTOR], ROOMS, language)
    else:
        path.write_text(as_csv([PC, PROJECTOR], ROOMS, language), encoding="utf-8", newline="")
    plan = planned(path, PC, PROJECTOR)
    assert (plan.changes, plan.unchanged) == ([], 2)
    assert [change.after for change in planned(path).changes] == [PC, PROJECTOR]


WRITTEN = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=12)
TEXTS = WRITTEN.map(lambda text: " ".join(text.split())).filter(lambda text: text not in ("-", "–", "—", "\ufffd"))
ASSETS = st.builds(
    Asset,
    st.from_regex(r"[A-Z]{2}-[0-9]{3}", fullmatch=True),
    st.sampled_from(get_args(AssetKind)),
    st.just("Máy "),
    room=st.sampled_from(["", *ROOMS]),
    status=st.sampled_from(["planned", "in_use", "idle", "lost"]),
    condition=st.sampled_from(get_args(Condition)),
    model=TEXTS,
    note=TEXTS,
    purchase_date=st.none() | st.dates(date(2000, 1, 1), date(2010, 1, 1)),
    in_use_since=st.none() | st.dates(date(2010, 1, 1), date(2020, 1, 1)),
    purchase_cost=st.none() | st.integers(0, 10**12),
    warranty_months=st.none() | st.integers(0, 240),
).map(lambda asset: replace(asset, name=f"Máy {asset.tag}"))


@settings(deadline=None, max_examples=40)
@given(st.lists(ASSETS, max_size=4, unique_by=lambda asset: asset.tag), st.sampled_from(LANGUAGES))
def test_any_register_that_goes_out_comes_in_again(assets: list[Asset], language: Language) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "assets.csv"
        path.write_text(as_csv([PC, *assets], ROOMS, language), encoding="utf-8", newline="")
        assert [change.after for change in planned(path).changes] == [PC, *assets]
        assert planned(path, PC, *assets).changes == []


def test_an_empty_cell_leaves_what_is_known_and_a_dash_takes_it_away(tmp_path: Path) -> None:
    header = ["Mã tài sản", "Số sê-ri", "Nguyên giá", "Phòng", "Ghi chú"]
    path = workbook(tmp_path / "a.xlsx", [header, ["TS-001", None, "-", "–", "mới lau"]])
    [change] = planned(path, PC).changes
    assert change.after == replace(PC, purchase_cost=None, room="", note="mới lau")


def test_yaml_takes_either_language_and_a_list_of_different_keys(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(MINIMAL, encoding="utf-8")
    assert [change.after for change in planned(tmp_path / "a.yaml").changes] == [
        Asset("TS-5", "tv", "Tivi 1", room="mam-1"),
        Asset("TS-6", "other", "Loa"),
    ]


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t")])
def test_csv_comes_in_the_ways_that_spreadsheets_save_it(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [("Asset tag", "Kind", "Name", "Price"), ("TS-5", "TV", "Tivi 1", "11.900.000 đ")]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    [change] = planned(tmp_path / "a.csv").changes
    assert change.after == Asset("TS-5", "tv", "Tivi 1", purchase_cost=11_900_000)


def test_json_leaves_out_what_nobody_wrote_down() -> None:
    [first, second] = json.loads(as_json([PC, PROJECTOR]))
    assert first["purchase_date"] == "2023-08-15"
    assert set(second) == {"tag", "kind", "name", "room", "status", "condition", "model", "purchase_cost"}


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("purchase_cost", "13.500.000", 13_500_000),
        ("purchase_cost", "13,500,000 VND", 13_500_000),
        ("purchase_cost", "13 500 000 đồng", 13_500_000),
        ("purchase_cost", "13.500.000,00", 13_500_000),
        ("purchase_cost", 13_500_000.0, 13_500_000),
        ("purchase_date", datetime(2023, 8, 15, 0, 0), date(2023, 8, 15)),
        ("purchase_date", "15/8/2023", date(2023, 8, 15)),
        ("purchase_date", "15-08-2023", date(2023, 8, 15)),
        ("purchase_date", "2023-08-15", date(2023, 8, 15)),
        ("in_use_since", "09/2023", date(2023, 9, 1)),
        ("warranty_months", "24 tháng", 24),
        ("serial", 12345.0, "12345"),
        ("kind", "Máy  VI TÍNH", "computer"),
        ("status", "may chieu", None),
        ("name", "Máy\n chiếu", "Máy chiếu"),
        ("note", "—", ""),
    ],
)
def test_cells_are_read_as_they_are_meant(field: str, cell: Any, value: Any) -> None:
    if value is None:
        with pytest.raises(BadCell):
            value_of(field, cell)
    else:
        assert value_of(field, cell) == value


@settings(deadline=None)
@given(st.integers(0, 10**11))
@example(1_000)
def test_money_is_read_back_however_it_is_grouped(amount: int) -> None:
    for text in (f"{amount}", f"{amount:,}", f"{amount:,}".replace(",", "."), f"{amount:,}".replace(",", " ") + " đ"):
        assert value_of("purchase_cost", text) == amount


@settings(deadline=None)
@given(st.dates(date(1975, 1, 1), date(2100, 1, 1)))
def test_days_are_read_back_however_they_are_written(day: date) -> None:
    for pattern in ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d"):
        assert value_of("purchase_date", day.strftime(pattern)) == day


@settings(deadline=None)
@given(st.sampled_from([field.name for field in fields(Asset)]), st.text(max_size=20))
def test_no_text_makes_a_reader_stumble(field: str, text: str) -> None:
    try:
        value_of(field, text)
    except BadCell as error:
        said = error.said
        assert said.sentence("vi") != said.sentence("en")


def test_every_field_and_every_word_is_understood_in_both_languages() -> None:
    for field in fields(Asset):
        assert {field_of(names()[field.name][language]) for language in LANGUAGES} == {field.name}
    for field_name, words in (("kind", AssetKind), ("status", Status), ("condition", Condition)):
        for word in get_args(words):
            assert {choice_of(field_name, text) for text in (word, *names()[word].values())} == {word}


def test_no_word_means_two_fields_or_two_choices() -> None:
    import yaml

    from inventory.importing import words

    said = yaml.safe_load(words._WORDS.read_text(encoding="utf-8"))
    for groups in (said["headers"], {kind: said["cells"][kind] for kind in get_args(AssetKind)}):
        spelled = [words.plain(word) for entries in groups.values() for word in entries]
        assert sorted(spelled) == sorted(set(spelled))


def test_both_languages_say_every_sentence_with_the_same_values() -> None:
    import string

    for word, languages in texts().items():
        assert set(languages) == set(LANGUAGES), word
        used = [
            {name for part in languages[language] for _, name, _, _ in string.Formatter().parse(part) if name}
            for language in LANGUAGES
        ]
        assert used[0] == used[1], word
        assert all(len(languages[language]) == 2 and languages[language][0] for language in LANGUAGES), word


def test_a_long_list_tells_how_far_it_is(tmp_path: Path) -> None:
    rows = [f"TS-{number},tv,Tivi {number}" for number in range(50)]
    (tmp_path / "a.csv").write_text("\n".join(["tag,kind,name", *rows]), encoding="utf-8")
    told: list[tuple[int, int]] = []
    plan_import(read_table(tmp_path / "a.csv"), {}, ROOMS, TODAY, lambda done, rows: told.append((done, rows)))
    assert told[0] == (1, 50)
    assert told[-1] == (50, 50)


def test_the_example_workbook_is_what_its_script_makes(tmp_path: Path) -> None:
    example_workbook.write(tmp_path / "assets.xlsx")

    def cells(path: Path) -> list[tuple[Any, ...]]:
        return list(load_workbook(path).active.iter_rows(values_only=True))  # type: ignore[union-attr]

    assert cells(tmp_path / "assets.xlsx") == cells(example_workbook.FILE)


def test_the_example_workbook_is_taken_whole_and_says_that_it_is_made_up() -> None:
    rooms = {room.id: room.name for room in example_workbook.example_day().school.rooms}
    plan = plan_import(read_table(example_workbook.FILE), {}, rooms, TODAY)
    assert plan.refused == []
    assert [change.after for change in plan.changes] == example_workbook.example_assets()
    assert 55 <= len(plan.changes) <= 65
    assert "BỊA RA" in str(load_workbook(example_workbook.FILE)["Tài sản"]["A1"].value)
