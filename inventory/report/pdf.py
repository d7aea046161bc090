"""Sets a document as PDF/A-3 with its data attached, by typst: the same document gives the same bytes."""

import json
import shutil
import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typst

from contract.trouble import Trouble
from inventory.report.document import Chart, Document, as_plain
from inventory.report.glyphs import FONTS, displayable

FOLDER = Path(__file__).parent
TEMPLATES = FOLDER / "templates"
CHART_DOTS_PER_INCH = 200.0


class TypesettingError(Trouble):
    """typst refused a document: a fault of ours, or a font that is gone."""


def pdf_of(document: Document, data: Mapping[str, Any], issued: date) -> bytes:
    """The PDF. `data` goes into it as data.json; `issued` is its only time, so that it can be made again."""
    files = {"document.json": json.dumps(displayable(as_plain(document))), "data.json": as_json(data)}
    return bytes(typeset("document.typ", files, issued, pdf_standards="a-3a"))


def as_json(data: Mapping[str, Any]) -> str:
    """As it is attached: readable, and the same each time."""
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def pages_of(document: Document, issued: date, dots_per_inch: float = 80) -> list[bytes]:
    """Each page as PNG."""
    files = {"document.json": json.dumps(displayable(as_plain(document))), "data.json": "{}\n"}
    pages = typeset("document.typ", files, issued, format="png", ppi=dots_per_inch)
    return pages if isinstance(pages, list) else [pages]


def chart_picture(chart: Chart, issued: date) -> bytes:
    """A chart alone as PNG, for where typst does not set the page."""
    shown = {"labels": chart.labels, "values": chart.values, "said": chart.said, "top": chart.top}
    files = {"chart.json": json.dumps(displayable(shown))}
    return bytes(typeset("picture.typ", files, issued, format="png", ppi=CHART_DOTS_PER_INCH))


def typeset(template: str, files: Mapping[str, str | bytes], issued: date, **how: Any) -> Any:
    """What typst makes of a template with these files beside it. Raises TypesettingError."""
    with tempfile.TemporaryDirectory(prefix="sonca-report-") as name:
        root = Path(name)
        for path in TEMPLATES.iterdir():
            shutil.copy(path, root)
        for file, content in files.items():
            (root / file).write_bytes(content.encode() if isinstance(content, str) else content)
        noon = datetime(issued.year, issued.month, issued.day, 12, tzinfo=UTC)
        try:
            return typst.compile(
                str(root / template),
                root=str(root),
                font_paths=[str(FONTS)],
                ignore_system_fonts=True,
                timestamp=noon,
                **how,
            )
        except typst.TypstError as error:
            raise TypesettingError(f"the document cannot be set: {error.message}", "report this to SonCa") from error
