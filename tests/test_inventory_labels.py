"""Labels on paper can be scanned and read."""

import io
import sys
from dataclasses import replace
from typing import Any

import pytest
import typst
import zxingcpp
from PIL import Image

from contract.trouble import Trouble
from inventory import labels
from inventory.labels import given, label_sheet, qr_code
from tests.registered import PC

ROOMS = {"mam-1": "Lớp Mầm 1"}
ASSETS = [replace(PC, tag=f"TS-{number:03}") for number in range(1, 31)]


def pages(monkeypatch: pytest.MonkeyPatch) -> list[Image.Image]:
    """The sheet as a printer would see it."""
    compiled = typst.compile

    def as_pictures(template: str, **how: object) -> object:
        return compiled(template, **{**how, "format": "png", "ppi": 110})  # type: ignore[call-overload]

    monkeypatch.setattr(typst, "compile", as_pictures)
    found: Any = label_sheet(ASSETS, ROOMS, "Trường Mầm non Hoa Mai")  # typst gives a list of pictures
    return [Image.open(io.BytesIO(page)) for page in found]


def test_every_label_on_every_sheet_is_read_by_a_scanner(monkeypatch: pytest.MonkeyPatch) -> None:
    sheets = pages(monkeypatch)
    assert len(sheets) == 2
    read = [code.text for sheet in sheets for code in zxingcpp.read_barcodes(sheet)]
    assert sorted(read) == [asset.tag for asset in ASSETS]


def test_the_same_assets_give_the_same_bytes() -> None:
    first = label_sheet(ASSETS[:2], ROOMS, "Trường Mầm non Hoa Mai")
    assert first.startswith(b"%PDF-")
    assert first == label_sheet(ASSETS[:2], ROOMS, "Trường Mầm non Hoa Mai")


def test_a_label_says_tag_name_room_and_school() -> None:
    told = given(ASSETS[:1], ROOMS, "Trường Mầm non Hoa Mai")
    assert told["school"] == "Trường Mầm non Hoa Mai"
    [entry] = told["entries"]
    assert (entry["tag"], entry["name"], entry["room"]) == ("TS-001", "Máy tính lớp Mầm 1", "Lớp Mầm 1")
    assert entry["code"] == qr_code("TS-001")


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(Trouble, match="typst is not installed") as refused:
        labels.label_sheet([], {}, "")
    assert refused.value.hint == "pip install 'sonca[reports]'"
