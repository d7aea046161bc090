"""The files of the documents: what is read back from PDF, DOCX and XLSX is what was put in, and their totals agree."""

import io
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.settings_file import SettingsError
from contract.trouble import Trouble
from inventory.phrase import Phrase
from inventory.report.annex import annex_of
from inventory.report.document import Chart, Column, Document, Paragraph, Table
from inventory.report.editable import docx_of
from inventory.report.equipment import equipment_report
from inventory.report.glyphs import FONTS, displayable
from inventory.report.items import items_of, total
from inventory.report.pdf import TypesettingError, as_json, chart_picture, pages_of, pdf_of, typeset
from inventory.report.plain import plain_data
from inventory.report.proposal import purchase_proposal
from inventory.report.write import write_documents
from inventory.text import Language
from tests.report_record import EN, SETTINGS, VI, record

DATA = record()
ATTACHED = plain_data(DATA, VI)
REPORT = equipment_report(DATA, SETTINGS, VI)
PROPOSAL = purchase_proposal(DATA, SETTINGS, VI)


@cache
def pdf(document: Document) -> bytes:
    """Set once for all tests: it takes half a second."""
    return pdf_of(document, ATTACHED, DATA.issued)


def reader(document: Document) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf(document)))


def squeezed(text: str) -> str:
    """Without spaces: where lines break is the typesetter's business."""
    return re.sub(r"\s", "", text)


def words_of(document: Document) -> Iterator[str]:
    """All that a reader must find, in order."""
    head, foot = document.head, document.foot
    yield from (head.superior.upper(), head.nation, head.issuer.upper(), head.motto, head.number, head.place_and_day)
    yield from (head.kind, head.subject, *head.addressees)
    for block in document.blocks:
        if isinstance(block, Table):
            yield from (block.caption, *(cell for row in block.rows for cell in row), *block.total)
        elif isinstance(block, Chart):
            yield block.caption
        else:
            yield block.text
    yield from (foot.recipients_title, *foot.recipients, foot.title.upper(), foot.name)


@pytest.mark.parametrize("document", [REPORT, PROPOSAL], ids=lambda document: document.name)
def test_the_text_of_the_pdf_is_what_was_put_in(document: Document) -> None:
    text = squeezed("".join(page.extract_text() for page in reader(document).pages))
    assert [words for words in words_of(document) if squeezed(words) not in text] == []


@pytest.mark.parametrize("document", [REPORT, PROPOSAL], ids=lambda document: document.name)
def test_the_text_of_the_twin_is_what_was_put_in(document: Document) -> None:
    twin = docx.Document(io.BytesIO(docx_of(document, DATA.issued)))
    text = squeezed("".join(element.text or "" for element in twin.element.body.iter() if element.tag.endswith("}t")))
    assert [words for words in words_of(document) if squeezed(words) not in text] == []
    found = [[[cell.text for cell in row.cells] for row in table.rows] for table in twin.tables[1:-1]]
    put_in = [block for block in document.blocks if isinstance(block, Table)]
    assert [
        [tuple(row) for row in rows[1 : 1 + len(block.rows)]] for rows, block in zip(found, put_in, strict=True)
    ] == [list(block.rows) for block in put_in]


def test_the_same_document_gives_the_same_bytes() -> None:
    assert pdf_of(PROPOSAL, ATTACHED, DATA.issued) == pdf(PROPOSAL)


def test_it_is_an_archive_pdf_with_its_own_fonts_only() -> None:
    made = reader(REPORT)
    root: Any = made.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert ("pdfaid:part>3<" in metadata, "pdfaid:conformance>A<" in metadata) == (True, True)
    pages: list[Any] = list(made.pages)
    fonts = {font["/BaseFont"] for page in pages for font in page["/Resources"]["/Font"].values()}
    assert {name.partition("+")[2].partition("-")[0] for name in map(str, fonts)} == {"LiberationSerif"}
    assert root["/Lang"] == "vi"
    assert made.metadata is not None
    assert made.metadata.title == "BÁO CÁO: Tình hình thiết bị và kết nối mạng tháng 11 năm 2026"


def test_its_data_is_attached() -> None:
    [attached] = reader(PROPOSAL).attachments["data.json"]
    assert json.loads(attached) == json.loads(as_json(ATTACHED))
    assert json.loads(attached)["proposed_vnd"] == total(items_of(DATA))


def test_pages_are_numbered_from_the_second_on() -> None:
    pages = [page.extract_text().strip() for page in reader(REPORT).pages]
    assert len(pages) > 3
    assert not pages[0].startswith("1")
    assert all(text.startswith(str(place)) for place, text in enumerate(pages[1:], 2))


def test_a_table_repeats_its_head_on_every_page() -> None:
    pages = [squeezed(page.extract_text()) for page in reader(REPORT).pages]
    with_reasons = [text for text in pages if re.search(r"TS-\d{4}", text)]
    assert sum("Mãtàisản" in text for text in pages) >= len(with_reasons) - 1 > 1


def test_a_short_table_stands_on_one_page() -> None:
    rows = (("một", "1"), ("hai", "2"), ("ba", "3"))
    table = Table("Bảng 9", (Column("Nguồn", 50), Column("Tiền", 50, "right")), rows, ("Tổng cộng", "6"))
    pages = []  # on which the table is: it moves to the second one, and not in pieces
    for lines in range(24, 28):
        texts = [
            page.extract_text()
            for page in reader(replace(PROPOSAL, blocks=(*[Paragraph("một dòng")] * lines, table))).pages
        ]
        pages.append(["Bảng 9" in text and "Tổng cộng" in text for text in texts].index(True))
    assert pages == sorted(pages)
    assert set(pages) == {0, 1}


def test_the_place_of_the_signature_is_named() -> None:
    assert "signature" in reader(REPORT).named_destinations


def test_the_bundled_fonts_have_every_vietnamese_letter() -> None:
    letters = "ăâđêôơưĂÂĐÊÔƠƯ" + "".join(chr(code) for code in range(0x1EA0, 0x1EFA))
    files = {"chart.json": json.dumps({"labels": [letters], "values": [1], "said": [letters], "top": 1})}
    made = pypdf.PdfReader(io.BytesIO(typeset("picture.typ", files, DATA.issued)))
    assert squeezed(made.pages[0].extract_text()).count(letters) == 2
    assert sorted(path.name for path in FONTS.iterdir()) == [
        "LICENSE",
        *(f"LiberationSerif-{style}.ttf" for style in ("Bold", "BoldItalic", "Italic", "Regular")),
    ]


def test_pages_and_charts_become_pictures() -> None:
    pages = pages_of(PROPOSAL, DATA.issued)
    assert len(pages) == len(reader(PROPOSAL).pages)
    chart = next(block for block in REPORT.blocks if isinstance(block, Chart))
    assert all(picture.startswith(b"\x89PNG") for picture in (*pages, chart_picture(chart, DATA.issued)))


def test_a_template_that_fails_is_trouble_of_ours() -> None:
    with pytest.raises(TypesettingError, match="the document cannot be set"):
        typeset("picture.typ", {}, DATA.issued)


def test_simulated_pages_say_so() -> None:
    banner = replace(PROPOSAL, banner="SỐ LIỆU MÔ PHỎNG")
    pages = pypdf.PdfReader(io.BytesIO(pdf_of(banner, {}, DATA.issued))).pages
    assert all("SỐ LIỆU MÔ PHỎNG" in page.extract_text() for page in pages)


def book(phrase: Phrase = VI) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(annex_of(DATA, phrase)), data_only=True)


def test_the_totals_of_pdf_twin_and_annex_agree() -> None:
    proposed = total(items_of(DATA))
    written = f"{proposed:,}".replace(",", ".")
    assert written in "".join(page.extract_text() for page in reader(PROPOSAL).pages)
    twin = docx.Document(io.BytesIO(docx_of(PROPOSAL, DATA.issued)))
    assert twin.tables[1].rows[-1].cells[4].text == written
    sheet = book()["Đề nghị"]
    assert sheet.cell(sheet.max_row, 5).value == proposed
    amounts: list[Any] = [sheet.cell(row, 5).value for row in range(2, sheet.max_row)]
    assert sum(amounts) == proposed
    plan = book()["Kế hoạch"]
    assert plan.cell(plan.max_row, 6).value == DATA.plan.cost


@pytest.mark.parametrize(
    ("phrase", "names"),
    [(VI, ["Đề nghị", "Kế hoạch", "Thiết bị", "Kết nối"]), (EN, ["Proposal", "Plan", "Equipment", "Connectivity"])],
)
def test_the_annex_has_every_asset_every_action_and_every_room(phrase: Phrase, names: list[str]) -> None:
    found = book(phrase)
    assert found.sheetnames == names
    rows = [found[name].max_row - 1 for name in names[1:]]
    assert rows == [len(DATA.plan.actions) + 1, len(DATA.plan.candidates) + 1, len(DATA.rooms)]


def test_text_that_looks_like_a_formula_stays_text() -> None:
    entry = next(iter(DATA.plan.candidates.values()))
    evil = replace(entry, asset=replace(entry.asset, name="=1+1"))
    data = replace(DATA, plan=replace(DATA.plan, candidates={**DATA.plan.candidates, entry.tag: evil}))
    sheet = openpyxl.load_workbook(io.BytesIO(annex_of(data, VI)))["Thiết bị"]
    cell = sheet.cell(2, 3)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


EVIL = "#pdf.attach(\"x\") $x^2$ *b* _i_ `c` <l> @r \\n // 'q' [a] {b} -- ... &amp; =1"


def test_text_that_looks_like_markup_stays_text() -> None:
    entry = max(DATA.plan.candidates.values(), key=lambda entry: entry.needs[0])
    evil = replace(entry, asset=replace(entry.asset, name=EVIL))
    data = replace(DATA, plan=replace(DATA.plan, candidates={**DATA.plan.candidates, entry.tag: evil}))
    document = equipment_report(data, SETTINGS, VI)
    pages = pypdf.PdfReader(io.BytesIO(pdf_of(document, {}, DATA.issued))).pages
    assert squeezed(EVIL) in squeezed("".join(page.extract_text() for page in pages))
    twin = docx.Document(io.BytesIO(docx_of(document, DATA.issued)))
    assert EVIL in {
        cell.text for table in twin.tables for cell in table.columns[-3 if len(table.columns) > 2 else 0].cells
    }


def test_characters_that_no_file_may_hold_do_not_stop_it() -> None:
    head = replace(PROPOSAL.head, subject="a\x07b\x00c", issuer="long " * 100)
    twin = docx.Document(io.BytesIO(docx_of(replace(PROPOSAL, head=head), DATA.issued)))
    assert "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c" in {line.text for line in twin.paragraphs}
    odd = replace(PROPOSAL, head=replace(head, subject="Lá 1 ✓ 电脑 \N{GRINNING FACE} a\x07b"))
    made = pypdf.PdfReader(io.BytesIO(pdf_of(odd, {}, DATA.issued)))
    assert "Lá 1 ? ?? ? a?b" in made.pages[0].extract_text()


@given(st.text(max_size=40))
def test_what_can_be_displayed_stays_as_it_is(text: str) -> None:
    shown = displayable(text)
    assert len(shown) == len(unicodedata.normalize("NFC", text))
    assert displayable(shown) == shown


def test_vietnamese_is_displayed_however_it_was_typed() -> None:
    name = "Nguyễn Thị Thùy Dương, ổ đĩa, TRƯỜNG MẦM NON, 98.000.000 đồng; ≤ 5 % – “Lá 1”…"
    assert displayable(unicodedata.normalize("NFD", name)) == name
    assert displayable({"a": [name, 1, None]}) == {"a": [name, 1, None]}


def test_all_files_of_a_period_are_written_and_told(tmp_path: Path) -> None:
    told: list[str] = []
    written = write_documents(DATA, SETTINGS, tmp_path / "out", (Language.VI,), told.append)
    assert [path.name for path in written] == [
        "bao-cao-2026-11-vi.pdf",
        "bao-cao-2026-11-vi.docx",
        "to-trinh-2026-11-vi.pdf",
        "to-trinh-2026-11-vi.docx",
        "phu-luc-2026-11-vi.xlsx",
    ]
    assert [line.partition(" (")[0] for line in told] == [str(path) for path in written]
    assert all(path.stat().st_size > 5_000 for path in written)


def test_nothing_is_written_when_wording_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="english"):
        write_documents(DATA, replace(SETTINGS, english=None), tmp_path / "out", tuple(Language), print)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble, match="cannot be written"):
        write_documents(DATA, SETTINGS, tmp_path / "file" / "out", (Language.VI,), print)
