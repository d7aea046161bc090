"""Each kind of bad list that schools send, and the sentence that a person is told. None of them changes anything."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from inventory.asset import Asset
from inventory.importing.plan import plan_import
from inventory.importing.read import read_table
from inventory.importing.table import BadTable
from inventory.register import Register
from inventory.saying import Said
from sonca.inventory_door import opened
from sonca.inventory_lists import REFUSED, import_file
from tests.registered import PC, PROJECTOR, SITE, saved
from tests.workbooks import HEADER, ROW, workbook

ROOMS = {"mam-1": "Lớp Mầm 1", "choi-1": "Lớp Chồi 1"}
TODAY = date(2026, 11, 25)
TITLE = ("DANH MỤC TÀI SẢN",)


def row(**changed: Any) -> list[Any]:
    """A good row but for some cells, named by their header without spaces."""
    names = [header.replace(" ", "_").replace("-", "_") for header in HEADER]
    return [changed.get(name, value) for name, value in zip(names, ROW, strict=True)]


def sheet(*rows: Any, **how: Any) -> Callable[[Path], Path]:
    return lambda folder: workbook(folder / "assets.xlsx", [HEADER, *rows], **how)


def rows(*all_rows: Any) -> Callable[[Path], Path]:
    return lambda folder: workbook(folder / "assets.xlsx", all_rows)


def file(name: str, content: str | bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder / name

    return write


CSV_HEADER = "Mã tài sản;Loại;Tên tài sản;Phòng\n"
# kind -> (the file, what is told in English: where and the sentence)
BAD: Mapping[str, tuple[Callable[[Path], Path], list[str]]] = {
    "merged cells": (
        sheet(row(), row(Mã_tài_sản="TS-009", Số_sê_ri="x9"), merged="D2:D3"),
        ["row 2 D Phòng: stands in the merged cells D2:D3", "row 3 D Phòng: stands in the merged cells D2:D3"],
    ),
    "merged header": (
        lambda folder: workbook(folder / "assets.xlsx", [HEADER, row()], merged="D1:E1"),
        ["the header of column D: stands in the merged cells D1:E1"],
    ),
    "text in money": (
        sheet(row(Nguyên_giá="mười triệu")),
        ["row 2 E Nguyên giá: “mười triệu” is no amount of money"],
    ),
    "money in millions": (
        sheet(row(Nguyên_giá="13,5 triệu")),
        ["row 2 E Nguyên giá: “13,5 triệu” is no amount of money"],
    ),
    "a part of a đồng": (sheet(row(Nguyên_giá=13.5)), ["row 2 E Nguyên giá: 13.5 is no whole number of đồng"]),
    "negative money": (
        sheet(row(Nguyên_giá=-5_000_000)),
        ["row 2 E Nguyên giá: -5,000,000 is not within 0 to 1,000,000,000,000"],
    ),
    "month before day": (
        sheet(row(Ngày_mua="08/25/2023")),
        ["row 2 F Ngày mua: “08/25/2023” has the month before the day"],
    ),
    "a day that is none": (sheet(row(Ngày_mua="31/02/2023")), ["row 2 F Ngày mua: there is no day 31/02/2023"]),
    "a year of two digits": (sheet(row(Ngày_mua="15/8/23")), ["row 2 F Ngày mua: “15/8/23” is no day"]),
    "only a year": (sheet(row(Ngày_mua=2023)), ["row 2 F Ngày mua: 2023 is only a year"]),
    "a day as a bare number": (sheet(row(Ngày_mua=45_153)), ["row 2 F Ngày mua: 45153 is a number, not a day"]),
    "a day to come": (
        sheet(row(Ngày_mua=datetime(2030, 1, 1))),
        [
            "row 2 F Ngày mua: the day 2030-01-01 is not within 1975-01-01 to 2026-11-25",
            "row 2 in_use_since: in use since 2023-09-05, before it was bought on 2030-01-01",
        ],
    ),
    "one tag twice": (
        sheet(row(), row(Số_sê_ri="other")),
        ["row 3 A Mã tài sản: the tag TS-001 stands in row 2 already"],
    ),
    "one serial twice": (
        sheet(row(), row(Mã_tài_sản="TS-009")),
        ["row 3 G Số sê-ri: the serial 7XK2M03 is that of TS-001 already"],
    ),
    "a serial that the register has": (
        sheet(row(Mã_tài_sản="TS-009", Số_sê_ri="7xk2m03")),
        ["row 2 G Số sê-ri: the serial 7xk2m03 is that of TS-001 already"],
    ),
    "an unknown room": (sheet(row(Phòng="Lớp Mần 1")), ["row 2 D Phòng: the school has no room “Lớp Mần 1”"]),
    "an unknown kind": (
        sheet(row(Loại="Máy giặt")),
        ["row 2 B Loại: “Máy giặt” is not known"],
    ),
    "a formula that fails": (sheet(row(Nguyên_giá="#REF!")), ["row 2 E Nguyên giá: its formula fails with #REF!"]),
    "a formula never calculated": (
        sheet(row(Nguyên_giá="=SUM(A1:A2)")),
        ["row 2 E Nguyên giá: the formula =SUM(A1:A2) was never calculated"],
    ),
    "only empty rows": (sheet([None] * 7, ["", " "]), ["has no assets below its header in row 1"]),
    "a row of totals": (
        sheet(row(), [None, None, "Tổng cộng", None, 13_500_000]),
        ["row 3 : the row has no asset tag"],
    ),
    "a new asset without its kind": (
        sheet(row(Mã_tài_sản="TS-009", Loại=None, Số_sê_ri=None)),
        ["row 2 B Loại: an asset that is new needs its Kind"],
    ),
    "a tag with spaces": (
        sheet(row(Mã_tài_sản="TS 009", Số_sê_ri=None)),
        ["row 2 A Mã tài sản: “TS 009” is no asset tag"],
    ),
    "a serial that became a day": (
        sheet(row(Số_sê_ri=datetime(2026, 12, 3))),
        ["row 2 G Số sê-ri: the spreadsheet turned it into the day 2026-12-03"],
    ),
    "a serial that lost its digits": (
        sheet(row(Số_sê_ri=12_345_678_901_234_567_890)),
        ["row 2 G Số sê-ri: the number is too long, spreadsheets keep 15 digits only"],
    ),
    "a truth in a text": (sheet(row(Tên_tài_sản=True)), ["row 2 C Tên tài sản: TRUE is a truth value, not text"]),
    "letters that cannot be read": (
        sheet(row(Tên_tài_sản="M\ufffdy t\ufffdnh")),
        ["row 2 C Tên tài sản: holds letters that cannot be read"],
    ),
    "no header": (rows(["xin chào"], ["TS-1", "a"]), ["has no header within its first 2 rows"]),
    "no column of tags": (rows(HEADER[1:], ROW[1:]), ["has no column Asset tag"]),
    "an unknown header": (
        rows([*HEADER, "Màu sắc"], [*ROW, "đỏ"]),
        ["column H: the header “Màu sắc” is not known"],
    ),
    "values without a header": (rows(HEADER, [*ROW, "đỏ"]), ["column H has values but no header"]),
    "one header twice": (
        rows([*HEADER, "Vị trí"], [*ROW, "Lớp Mầm 1"]),
        ["column H “Vị trí” means the same as column D"],
    ),
    "a stray mark a million rows below": (
        sheet(row(), stray="C1000000"),
        ["the sheet “Sheet” reaches down to row 1,000,000"],
    ),
    "only a hidden sheet": (sheet(row(), hidden=True), ["has no header within its first 0 rows"]),
    "a CSV in the encoding of Windows": (
        file("assets.csv", CSV_HEADER.encode() + "TS-1;Máy tính;Máy 1;\n".encode("cp1258", "replace")),
        ["line 2 is not UTF-8 text"],
    ),
    "a CSV with a quote left open": (
        file("assets.csv", CSV_HEADER + 'TS-1;"Máy tính;Máy 1;\n'),
        ["line 2 is no CSV: unexpected end of data"],
    ),
    "a workbook that is none": (file("assets.xlsx", "Mã tài sản"), ["is no .xlsx workbook, or is damaged"]),
    "a workbook cut short": (
        lambda folder: file("cut.xlsx", sheet(row())(folder).read_bytes()[:2_000])(folder),
        ["is no .xlsx workbook, or is damaged"],
    ),
    "an old .xls, or a password": (
        file("assets.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9),
        ["is an old .xls or .ods, or has a password"],
    ),
    "an ending that is not read": (file("assets.docx", b"x"), ["files that end in .docx are not read"]),
    "a YAML that is none": (
        file("assets.yaml", "- tag: [TS-1\n"),
        ["line 2 is no YAML: expected ',' or ']', but got '<stream end>'"],
    ),
    "a YAML that is no list": (file("assets.yaml", "tag: TS-1\n"), ["the YAML is no list of assets"]),
    "a YAML that says one thing twice": (
        file("assets.yaml", "- {tag: TS-1, mã: TS-2, name: a, kind: tv}\n"),
        ["column (1) “mã” means the same as column tag"],
    ),
    "a status that cannot follow": (
        rows(["Mã tài sản", "Tên tài sản", "Trạng thái"], ["TS-001", "Máy tính", "đã thanh lý"]),
        [
            "row 2 C Trạng thái: the status cannot go from in use to disposed",
            "row 2 disposal_document: an asset that is disposed needs document, date and reason of its disposal",
            "row 2 disposal_date: an asset that is disposed needs document, date and reason of its disposal",
            "row 2 disposal_reason: an asset that is disposed needs document, date and reason of its disposal",
        ],
    ),
}


def told(path: Path, registered: dict[str, Asset]) -> list[tuple[str, Said]]:
    """Where, and what."""
    try:
        plan = plan_import(read_table(path), registered, ROOMS, TODAY)
    except BadTable as error:
        return [("", error.said)]
    return [(f"row {refused.row} {refused.column}: ", refused.said) for refused in plan.refused]


@pytest.mark.parametrize("kind", BAD)
def test_it_is_told_exactly_and_refused(kind: str, tmp_path: Path) -> None:
    make, sentences = BAD[kind]
    found = told(make(tmp_path), {"TS-001": PC, "TS-002": PROJECTOR})
    assert [where + said.sentence("en") for where, said in found] == sentences
    assert all(said.hint("en") and said.hint("vi") != said.hint("en") for _, said in found)


def test_there_are_more_than_thirty_kinds() -> None:
    assert len(BAD) >= 30


def test_none_of_them_changes_the_register_and_each_is_told_in_vietnamese(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rooms = "".join(f"  - {{id: {room}, name: {name}}}\n" for room, name in ROOMS.items())
    (tmp_path / "school.yaml").write_text(f"site: {SITE}\nname: Hoa Mai\nrooms:\n{rooms}", encoding="utf-8")
    (tmp_path / "sonca.yaml").write_text("broker: {host: 127.0.0.1, username: x, password_file: x}\n")
    register = saved(Register(f"sqlite:///{tmp_path}/state.db").open())
    before = (register.assets(SITE), register.events(SITE))
    for kind, (make, sentences) in BAD.items():
        folder = tmp_path / kind
        folder.mkdir()
        with opened(tmp_path / "sonca.yaml", SITE, "kế toán", "vi") as door:
            assert import_file(door, Namespace(file=make(folder), document="", dry_run=False)) == REFUSED, kind
        lines = capsys.readouterr().out.splitlines()
        assert sum(line.startswith("  → ") for line in lines) == len(sentences), kind
        assert (register.assets(SITE), register.events(SITE)) == before, kind
    register.close()


def test_a_good_row_beside_a_bad_one_is_not_taken_either(tmp_path: Path) -> None:
    register = saved(Register(f"sqlite:///{tmp_path}/state.db").open())
    registered = {asset.tag: asset for asset in register.assets(SITE)}
    path = sheet(row(Mã_tài_sản="TS-010", Số_sê_ri=None), row(Nguyên_giá="?"))(tmp_path)
    plan = plan_import(read_table(path), registered, ROOMS, TODAY)
    assert [change.after.tag for change in plan.changes] == ["TS-010"]
    assert len(plan.refused) == 1  # and the command saves nothing of a plan with a refusal: test_sonca_inventory.py
    register.close()
