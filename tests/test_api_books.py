"""The asset books over HTTP: the sums as JSON and on a page, and the same workbook as the command writes."""

import io
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook

from api.application import application
from api.bookkeeping import Lines
from collector.store.state_protocol import AgentNow, Presence
from inventory.register import Act
from inventory.report.settings import ReportSettings, Wording
from sonca.cli import main
from tests import markdown
from tests.api_server import settings_for
from tests.registered import NOW, PC
from tests.registered_school import API, SITE, RegisteredSchool, registered_school
from tests.tree import ROOT

CODE = "budget_code=1099999"
MORE = (
    replace(PC, tag="TS-003", kind="printer", name="Máy in", serial="", purchase_cost=11_000_000, note=""),
    replace(PC, tag="TS-004", kind="ups", name="Bộ lưu điện", serial="", purchase_cost=4_000_000),
    replace(
        PC,
        tag="TS-005",
        serial="",
        status="disposed",
        disposal_document="QĐ 07",
        disposal_date=date(2025, 6, 30),
        disposal_reason="hỏng nguồn",
    ),
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, served_state_url: str) -> Iterator[RegisteredSchool]:
    with registered_school(tmp_path_factory.mktemp("school"), served_state_url) as made:
        made.register.save("hoa-mai", MORE, Act("kế toán", NOW))
        yield made


@pytest.fixture
def school(served: RegisteredSchool) -> Iterator[RegisteredSchool]:
    served.client.cookies.clear()  # one keeps the language
    yield served
    report_file(served).unlink(missing_ok=True)


def report_file(school: RegisteredSchool) -> Path:
    return school.day.folder / "report.yaml"


def report(**changed: object) -> str:
    settings = yaml.safe_load((ROOT / "examples" / "report.yaml").read_text(encoding="utf-8"))
    return yaml.safe_dump({**settings, **changed}, allow_unicode=True)


def cells(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def downloaded(school: RegisteredSchool, query: str) -> dict[str, list[tuple[Any, ...]]]:
    answer = school.client.get(f"{API}/books.xlsx?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page = school.client.get(f"{SITE}/books.xlsx?{query}")
    assert page.content == answer.content
    return cells(answer.content)


def written(school: RegisteredSchool, folder: Path, *options: str) -> dict[str, list[tuple[Any, ...]]]:
    """The cells of what the command writes."""
    settings, out = folder / "sonca.yaml", folder / "books.xlsx"
    broker = {"host": "127.0.0.1", "username": "collector", "password_file": "x"}
    schools = [str(school.day.folder / "hoa-mai.yaml")]
    settings.write_text(yaml.safe_dump({"broker": broker, "schools": schools, "state_url": school.day.state_url}))
    assert main(["inventory", "--settings", str(settings), "books", str(out), *options]) == 0
    return cells(out.read_bytes())


@pytest.mark.parametrize("year", [2023, 2025, 2040])
def test_the_workbook_is_the_commands_cell_by_cell(school: RegisteredSchool, tmp_path: Path, year: int) -> None:
    found = downloaded(school, f"year={year}&{CODE}&superior=UBND+ph%C6%B0%E1%BB%9Dng")
    options = ("--year", str(year), "--budget-code", "1099999", "--superior", "UBND phường")
    assert found == written(school, tmp_path, *options)
    assert list(found) == ["S24-H", "C55-HD"]
    heads = [row[0] for row in found["S24-H"][:3]]
    assert heads == ["UBND phường", f"Đơn vị: {school.day.school.name}", "Mã QHNS: 1099999"]


def test_report_yaml_fills_in_the_lines_and_the_rules_for_both(school: RegisteredSchool, tmp_path: Path) -> None:
    rules = (ROOT / "inventory" / "wear_rules.yaml").read_text(encoding="utf-8").replace("years: 5", "years: 10")
    forms = (ROOT / "inventory" / "forms.yaml").read_text(encoding="utf-8").replace("S24-H", "S99-H")
    (school.day.folder / "wear.yaml").write_text(rules, encoding="utf-8")
    (school.day.folder / "forms.yaml").write_text(forms, encoding="utf-8")
    report_file(school).write_text(report(wear_rules="wear.yaml", forms="forms.yaml"), encoding="utf-8")
    found = downloaded(school, "year=2024")
    assert found == written(school, tmp_path, "--year", "2024")
    assert [row[0] for row in found["S24-H"][:3]] == [
        "Ủy ban nhân dân phường Hoa Mai",
        "Đơn vị: Trường Mầm non Hoa Mai",
        "Mã QHNS: 1099999",
    ]
    assert str(found["S24-H"][3][0]).startswith("Mẫu số S99-H")
    assert {row[5] for row in found["C55-HD"] if isinstance(row[0], int)} == {10}
    assert school.json("GET", f"{API}/assets/TS-001")["wear_percent"] == 10
    assert "hao mòn 10\N{NO-BREAK SPACE}% mỗi năm" in school.read(f"{SITE}/asset/TS-001")
    asked = downloaded(school, "year=2024&budget_code=2&unit=Tr%C6%B0%E1%BB%9Dng&superior=UBND")
    assert [row[0] for row in asked["C55-HD"][:3]] == ["UBND", "Đơn vị: Trường", "Mã QHNS: 2"]


def test_the_sums_as_json_are_those_of_the_workbook(school: RegisteredSchool) -> None:
    told = school.json("GET", f"{API}/books?year=2025")
    [total] = [row for row in downloaded(school, f"year=2025&{CODE}")["C55-HD"] if row[1] == "Tổng cộng"]
    sums = told["total"]
    assert (total[4], *total[6:]) == (sums["cost"], sums["worn_this_year"], sums["worn"], sums["left"])
    assert sums == {"name": "Tổng cộng", "count": 2, "cost": 24_500_000, "worn_this_year": 4_900_000,
                    "worn": 14_700_000, "left": 9_800_000}  # fmt: skip
    assert [entry["count"] for entry in told["categories"]] == [1, 1]
    assert [(worth["tag"], worth["gone"]) for worth in told["fixed"]] == [
        ("TS-001", False), ("TS-005", True), ("TS-003", False),
    ]  # fmt: skip
    assert (told["tools"], told["incomplete"], told["first_year"]) == (["TS-004"], ["TS-002"], 2023)


NO_BOOK = ("Không có sổ tài sản của năm {year}", "Chọn một năm từ 2023 đến 2200; trước đó chưa có tài sản nào")
NO_NUMBER = ("Tham số «year» không dùng được: phải là số nguyên.", "/docs kể mọi tham số.")


@pytest.mark.parametrize(
    ("year", "told"),
    [("2022", NO_BOOK), ("0", NO_BOOK), ("-2025", NO_BOOK), ("2201", NO_BOOK), ("nay", NO_NUMBER), ("", NO_NUMBER)],
)
def test_a_year_without_a_book_is_refused_with_the_years_there_are(
    school: RegisteredSchool, year: str, told: tuple[str, str]
) -> None:
    sentence, hint = (text.format(year=year) for text in told)
    for path in ("books", "books.xlsx"):
        answer = school.json("GET", f"{API}/{path}?year={year}&{CODE}", status=422)
        assert answer["sentence"] == sentence
        assert answer["hint"].startswith(hint)
        assert sentence in school.read(f"{SITE}/{path}?year={year}&{CODE}", 422)
    assert "year" in school.json("GET", f"{API}/books?year={year}&lang=en", status=422)["sentence"]


def test_the_code_is_asked_for_by_its_key_and_never_made_up(school: RegisteredSchool) -> None:
    for text in (None, report(budget_code="")):
        if text:
            report_file(school).write_text(text, encoding="utf-8")
        told = school.json("GET", f"{API}/books.xlsx?year=2025&budget_code=+", status=422)
        assert (told["error"], told["sentence"]) == ("no_budget_code", "Biểu mẫu kế toán cần mã QHNS của trường.")
        assert f"khóa `budget_code` vào tệp {report_file(school)}" in told["hint"]
    long = school.json("GET", f"{API}/books.xlsx?budget_code={'1' * 21}", status=422)
    assert "dài nhất 20 ký tự" in long["sentence"]


def test_a_bad_settings_file_is_named_and_a_stocktake_goes_on_without_it(school: RegisteredSchool) -> None:
    number = school.json("POST", f"{API}/stocktakes", {}, status=201)["number"]
    for text, key in ((report(wear_rules="none.yaml"), "none.yaml"), (report(colour="red"), "colour")):
        report_file(school).write_text(text, encoding="utf-8")
        told = school.json("GET", f"{API}/books.xlsx?{CODE}", status=409)
        assert told["error"] == "bad_settings"
        assert key in told["sentence"]
        assert key in school.read(f"{SITE}/books", 409)
        asset = school.json("GET", f"{API}/assets/TS-001")
        assert (asset["tag"], asset["wear_percent"], asset["eol_date"]) == ("TS-001", None, None)
        assert "chưa tính được: xem sổ kế toán" in school.read(f"{SITE}/asset/TS-001")
    assert "colour" in school.read(f"{SITE}/stocktakes/{number}")
    report_file(school).write_text(report(), encoding="utf-8")
    assert 'name="budget_code" value="1099999"' in school.read(f"{SITE}/stocktakes/{number}")
    sheet = school.client.get(f"{API}/stocktakes/{number}/c53-hd.xlsx").content
    assert cells(sheet)["C53-HD"][2][0] == "Mã QHNS: 1099999"
    assert school.client.get(f"{SITE}/stocktakes/{number}/c53-hd.xlsx").content == sheet
    assert school.json("GET", f"{API}/stocktakes/99/c53-hd.xlsx", status=404)["error"] == "unknown_stocktake"
    school.json("POST", f"{API}/stocktakes/{number}/close", {})


def test_the_page_shows_sums_and_what_is_missing(school: RegisteredSchool) -> None:
    page = school.read(f"{SITE}/books?year=2025")
    for words in (
        "Sổ tài sản cố định năm 2025",
        "24.500.000\N{NO-BREAK SPACE}đồng",
        "1 tài sản ghi giảm trong năm",
        "1 công cụ dụng cụ có nguyên giá dưới 10.000.000\N{NO-BREAK SPACE}đồng",
        f'<a href="{SITE}/edit/TS-002"',
        "chưa được đối chiếu với văn bản gốc",
        'min="2023" max="2200"',
        'name="budget_code" value="" required',
        "<code>budget_code</code>",
    ):
        assert words in page
    english = school.read(f"{SITE}/books?lang=en")
    assert f"Books of fixed assets of {school.day.school.day_at(school.day.now).year}" in english
    assert 'href="/register/hoa-mai/books?lang=vi"' in english
    assert f'href="{SITE}/books" aria-current="page"' in english
    assert school.read(f"{SITE}/books?lang=vi").count("Sổ kế toán") == 1


def test_a_site_without_a_school_file_and_assets_has_an_empty_book(school: RegisteredSchool) -> None:
    now = school.day.now
    school.day.state.put_agents([AgentNow("la", "pc-1", Presence.ONLINE, now, now)])
    told = school.json("GET", "/api/v1/sites/la/books")
    assert (told["categories"], told["total"]["cost"], told["first_year"]) == ([], 0, None)
    assert "Sổ còn trống" in school.read("/register/la/books")
    refused = school.json("GET", "/api/v1/sites/la/books.xlsx", status=422)
    assert refused["hint"].endswith("vào tệp report.yaml.")


def test_the_documents_name_every_line_and_its_key() -> None:
    [table] = markdown.tables(markdown.section((ROOT / "docs" / "register.md").read_text(encoding="utf-8"), "Books"))
    assert {row[2].strip("`") for row in table} - {""} == {field.name for field in fields(Lines)}
    settings = {field.name for field in fields(ReportSettings)} | {field.name for field in fields(Wording)}
    assert {row[1].split("`")[1].rpartition(".")[2] for row in table} <= settings


def test_openapi_describes_the_workbook_and_every_refusal(school: RegisteredSchool) -> None:
    openapi = application(settings_for(school.day.folder, "hoa-mai", state_url=school.day.state_url)).openapi()
    workbook = "application/vnd.openxml"
    paths = {"books": "application/json", "books.xlsx": workbook, "stocktakes/{number}/c53-hd.xlsx": workbook}
    for name, kind in paths.items():
        told = openapi["paths"][f"/api/v1/sites/{{site}}/{name}"]["get"]
        [content] = told["responses"]["200"]["content"]
        assert content.startswith(kind)
        assert {"404", "409", "422", "503"} <= set(told["responses"])
        assert all(entry["description"] for entry in told["parameters"] if entry["in"] == "query")
    docs = school.read("/docs")
    assert "GET /api/v1/sites/{site}/books.xlsx" in docs
    assert 'href="#BooksAnswer"' in docs
