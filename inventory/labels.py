"""Sheets of labels with a QR code of the asset tag: scanned in a stocktake, read by everybody else."""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from contract.trouble import Trouble
from inventory.asset import Asset

COLUMNS, HEIGHT_MM = 3, 35  # 24 to a sheet
_TEMPLATE = Path(__file__).parent / "labels.typ"


def label_sheet(assets: Sequence[Asset], rooms: Mapping[str, str], school: str) -> bytes:
    """A PDF, the same for the same assets. `rooms`: id -> name. Raises Trouble without the extra `reports`."""
    compiled: bytes = _typst().compile(
        str(_TEMPLATE),
        format="pdf",
        sys_inputs={"labels": json.dumps(given(assets, rooms, school), ensure_ascii=False)},
        ignore_system_fonts=True,  # the fonts that come with typst have every Vietnamese letter
    )
    return compiled


def given(assets: Sequence[Asset], rooms: Mapping[str, str], school: str) -> dict[str, Any]:
    """What the template is filled with."""
    entries = [
        {"tag": asset.tag, "name": asset.name, "room": rooms.get(asset.room, asset.room), "code": qr_code(asset.tag)}
        for asset in assets
    ]
    return {
        "title": f"Nhãn tài sản — {school}",
        "school": school,
        "columns": COLUMNS,
        "height": HEIGHT_MM,
        "entries": entries,
    }


def qr_code(tag: str) -> str:
    """An SVG of the tag, readable when a fourth of it is worn off."""
    out = io.BytesIO()
    _segno().make(tag, error="q", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()


def _segno() -> Any:
    try:
        import segno
    except ImportError as error:
        raise _not_installed(error) from error
    return segno


def _typst() -> Any:
    try:
        import typst
    except ImportError as error:
        raise _not_installed(error) from error
    return typst


def _not_installed(error: ImportError) -> Trouble:
    return Trouble(f"{error.name} is not installed, which prints documents", "pip install 'sonca[reports]'")
