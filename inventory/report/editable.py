"""The twin of a document that people can edit: the same blocks as DOCX, for Word and LibreOffice."""

import io
import re
from collections.abc import Iterable
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from inventory.report.document import Block, Chart, Document, Foot, Head, Heading, Paragraph, Table
from inventory.report.pdf import chart_picture

FONT = "Times New Roman"  # every office has it or its twin; Liberation Serif has its metrics
TEXT_WIDTH = Mm(165)
_HEAD_WIDTHS = (Mm(61), Mm(104))
_ALIGNS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_FIRST_LINE = Mm(10)
_LONGEST_FACT = 255  # characters in the properties of a file
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def docx_of(document: Document, issued: date) -> bytes:
    """The whole document. `issued` is the only time in it."""
    file = docx.Document()
    _set_up(file, document, issued)
    _head(file, document.head)
    for block in document.blocks:
        _add(file, block, issued)
    _foot(file, document.foot)
    kept = io.BytesIO()
    file.save(kept)
    return kept.getvalue()


def _set_up(file: Any, document: Document, issued: date) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.different_first_page_header_footer = True
    style = file.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(6)
    noon = datetime(issued.year, issued.month, issued.day, 12, tzinfo=UTC)
    facts = file.core_properties
    facts.title = _legible(f"{document.head.kind}: {document.head.subject}")[:_LONGEST_FACT]
    facts.author = _legible(document.head.issuer)[:_LONGEST_FACT]
    facts.created = facts.modified = noon
    _page_number(section.header.paragraphs[0])
    if document.banner:
        for header in (section.header, section.first_page_header):
            _text(_lay(header.add_paragraph(), "center"), document.banner, bold=True, size=10)


def _page_number(paragraph: Any) -> None:
    _lay(paragraph, "center")
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _head(file: Any, head: Head) -> None:
    table = _bare_table(file, 2, _HEAD_WIDTHS)
    left, right = table.rows[0].cells
    _text(_lay(left.paragraphs[0], "center", after=0), head.superior.upper(), size=12)
    _ruled(_text(_lay(left.add_paragraph(), "center", after=6), head.issuer.upper(), bold=True, size=12), Mm(22))
    _text(_lay(right.paragraphs[0], "center", after=0), head.nation, bold=True, size=12)
    _ruled(_text(_lay(right.add_paragraph(), "center", after=6), head.motto, bold=True), Mm(21))
    left, right = table.rows[1].cells
    _text(_lay(left.paragraphs[0], "center"), head.number)
    _text(_lay(right.paragraphs[0], "center"), head.place_and_day, italic=True)
    _text(_lay(file.add_paragraph(), "center", after=0, before=12), head.kind, bold=True, size=14)
    _ruled(_text(_lay(file.add_paragraph(), "center", after=12), head.subject, bold=True, size=14), Mm(55))
    if len(head.addressees) == 1:
        _text(_lay(file.add_paragraph(), "center"), f"{head.to} {head.addressees[0]}")
    else:
        _text(_lay(file.add_paragraph(), "left", indent=Mm(30), after=0), head.to)
        for name in head.addressees:
            _text(_lay(file.add_paragraph(), "left", indent=Mm(50), after=0), f"- {name}")


def _add(file: Any, block: Block, issued: date) -> None:
    if isinstance(block, Heading):
        paragraph = _text(_lay(file.add_paragraph(), "left", before=6), block.text, bold=True)
        paragraph.paragraph_format.keep_with_next = True
    elif isinstance(block, Paragraph):
        paragraph = file.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph.paragraph_format.first_line_indent = _FIRST_LINE
        words = f"- {block.text}" if block.style == "item" else block.text
        _text(paragraph, words, italic=block.style in ("basis", "note"), size=11 if block.style == "note" else 13)
    elif isinstance(block, Table):
        _caption(file, block.caption)
        _table(file, block)
    else:
        _caption(file, block.caption)
        _chart(file, block, issued)


def _caption(file: Any, caption: str) -> None:
    paragraph = _text(_lay(file.add_paragraph(), "center", before=6, after=3), caption, bold=True, size=12)
    paragraph.paragraph_format.keep_with_next = True


def _chart(file: Any, chart: Chart, issued: date) -> None:
    file.add_picture(io.BytesIO(chart_picture(chart, issued)), width=TEXT_WIDTH)
    # Who cannot see the picture hears its numbers.
    shape = file.inline_shapes[-1]._inline.docPr
    numbers = "; ".join(f"{label}: {said}" for label, said in zip(chart.labels, chart.said, strict=True))
    shape.set("descr", _legible(f"{chart.caption}. {numbers}"))


def _table(file: Any, block: Table) -> None:
    table = file.add_table(rows=1, cols=len(block.columns))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    whole = sum(column.share for column in block.columns)
    widths = [int(TEXT_WIDTH * column.share / whole) for column in block.columns]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    _fill(table.rows[0], [column.title for column in block.columns], ["center"] * len(widths), widths, bold=True)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    aligns = [column.align for column in block.columns]
    _add_rows(table, block, aligns, widths)
    if block.total:
        total = table.add_row()
        _fill(total, block.total, aligns, widths, bold=True)
        span = next((place for place, cell in enumerate(block.total) if place and cell), len(block.total))
        if span > 1:
            total.cells[0].merge(total.cells[span - 1])
            for empty in total.cells[0].paragraphs[1:]:
                empty._p.getparent().remove(empty._p)


def _add_rows(table: Any, block: Table, aligns: list[Any], widths: list[int]) -> None:
    """The rows as copies of one: python-docx takes three milliseconds to make each anew, and a school has many."""
    if not block.rows:
        return
    pattern = table.add_row()
    _fill(pattern, ["-"] * len(widths), aligns, widths)
    for row in block.rows:
        copied = deepcopy(pattern._tr)
        for text, written in zip(copied.iter(qn("w:t")), row, strict=True):
            text.text = _legible(written)
        pattern._tr.addprevious(copied)
    pattern._tr.getparent().remove(pattern._tr)


def _fill(row: Any, texts: Iterable[str], aligns: Iterable[str], widths: Iterable[int], *, bold: bool = False) -> None:
    for cell, text, align, width in zip(row.cells, texts, aligns, widths, strict=True):
        cell.width = width
        _text(_lay(cell.paragraphs[0], align, after=0), text, bold=bold, size=11)


def _foot(file: Any, foot: Foot) -> None:
    file.add_paragraph()
    left, right = _bare_table(file, 1, (Mm(74), Mm(91))).rows[0].cells
    _text(_lay(left.paragraphs[0], "left", after=0), foot.recipients_title, bold=True, italic=True, size=12)
    for name in foot.recipients:
        _text(_lay(left.add_paragraph(), "left", after=0), f"- {name}", size=11)
    lines = [line for line in (foot.authority.upper(), foot.title.upper()) if line]
    paragraph = right.paragraphs[0]
    for line in lines:
        _text(_lay(paragraph, "center", after=0), line, bold=True, size=14)
        paragraph = right.add_paragraph()
    paragraph.paragraph_format.space_after = Mm(26)
    _text(_lay(right.add_paragraph(), "center"), foot.name, bold=True, size=14)


def _bare_table(file: Any, rows: int, widths: tuple[int, int]) -> Any:
    table = file.add_table(rows=rows, cols=2)
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    return table


def _lay(paragraph: Any, align: str, *, before: int = 0, after: int = 6, indent: int = 0) -> Any:
    paragraph.alignment = _ALIGNS[align]
    shape = paragraph.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    if indent:
        shape.left_indent = indent
    return paragraph


def _text(paragraph: Any, text: str, *, bold: bool = False, italic: bool = False, size: int = 13) -> Any:
    run = paragraph.add_run(_legible(text))
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    return paragraph


def _legible(text: str) -> str:
    """What no XML may hold, such as a bell in a device's name, as the sign for a character that cannot be shown."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


def _ruled(paragraph: Any, inset: int) -> None:
    """A rule below, in from both sides."""
    paragraph.paragraph_format.space_after = Pt(0)
    rule = paragraph._parent.add_paragraph()
    _lay(rule, "center", after=6, indent=inset)
    rule.paragraph_format.right_indent = inset
    rule.paragraph_format.line_spacing = Pt(3)
    border = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        border.set(qn(f"w:{name}"), value)
    borders = OxmlElement("w:pBdr")
    borders.append(border)
    rule._p.get_or_add_pPr().append(borders)
