"""From the list of assets to the page that is signed: a simulated month through the real collector, linked, planned,
reported."""

import io
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pypdf
import pytest

from api.settings import ApiSettings
from collector.store.settings import StoreSettings
from inventory.phrase import Phrase
from inventory.register import Register
from inventory.text import Language
from sonca.cli import main
from sonca.simulate.school_day import DEFAULT_SITE
from sonca.simulate.school_time import read_time
from tests.api_server import client_of, running_api
from tests.equipped_month import FIRST, FOLLOWING, example_month, live_through
from tests.example_workbook import FILE
from tests.ports import free_port
from tests.tree import ROOT
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.slow

PCS = ("mam-1-giao-vien", "mam-2-giao-vien", "van-phong-may-tinh-1")
WATCHED = ("mam-2-projector", "van-phong-may-in")
FAULTS = ("dying-disk:mam-2-giao-vien", "worn-lamp:mam-2-projector", "switch-unplugged:mam-1@09:00+60m")
ISSUED = "2026-12-01"
MONEY = 30_000_000
WISHES = ("--budget", str(MONEY))
IN_MEMORY = Path("/dev/shm")  # the collector waits for the disk at each of thousands of slices
VI = Phrase(Language.VI)


@pytest.fixture(scope="module")
def lived() -> Iterator[Path]:
    """The data folder of the collector after that month, with the example's assets imported."""
    with (
        tempfile.TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as name,
        pytest.MonkeyPatch.context() as patch,
    ):
        folder = Path(name)
        patch.setattr("sonca.inventory_door.now_ms", lambda: read_time(FOLLOWING))
        patch.setattr("inventory.plan.make.SECONDS", PATIENCE_SECONDS)  # a report and a plan are made apart
        live_through(example_month(*FAULTS, pcs=PCS, watches=WATCHED), folder, patch)
        said(folder, "inventory", "import", FILE)
        report = ("--out", folder / "out", "--report", ROOT / "examples" / "report.yaml", "--issued", ISSUED)
        settings = ("--settings", folder / "sonca.yaml", *WISHES)
        assert main(["report", "equipment", "--period", "2026-11", *map(str, (*report, *settings))]) == 0
        yield folder


def said(folder: Path, command: str, *words: object) -> str:
    """What a command prints."""
    with redirect_stdout(io.StringIO()) as out:
        assert main([command, "--settings", str(folder / "sonca.yaml"), *map(str, words)]) == 0
    return out.getvalue()


@pytest.fixture(scope="module")
def plan(lived: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(said(lived, "plan", *WISHES, "--as-of", "2026-11-30", "--json"))
    return found


@pytest.fixture(scope="module")
def attached(lived: Path) -> Mapping[str, Any]:
    [content] = pypdf.PdfReader(lived / "out" / "bao-cao-2026-11-vi.pdf").attachments["data.json"]
    found: Mapping[str, Any] = json.loads(content)
    return found


def pdf_text(lived: Path, name: str) -> str:
    """Its words, however they are broken into lines and pages."""
    return plain("\n".join(page.extract_text() for page in pypdf.PdfReader(lived / "out" / name).pages))


def docx_text(lived: Path, name: str) -> str:
    twin = docx.Document(str(lived / "out" / name))
    cells = [cell.text for table in twin.tables for row in table.rows for cell in row.cells]
    return plain("\n".join([*(paragraph.text for paragraph in twin.paragraphs), *cells]))


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def reasons(plan: Mapping[str, Any], tag: str) -> dict[str, str]:
    [asset] = [asset for asset in plan["assets"] if asset["tag"] == tag]
    return {reason["code"]: reason["sentence"] for reason in asset["reasons"] if reason["begins"] <= ISSUED}


def test_devices_link_to_the_imported_assets_by_their_serials(lived: Path) -> None:
    register = Register(f"sqlite:///{lived}/state.db").open()
    links = register.links.of(DEFAULT_SITE)
    register.close()
    assert {device: link.tag for device, link in links.items()} == {
        "mam-1-giao-vien": "TS-001",
        "mam-2-giao-vien": "TS-003",
        "van-phong-may-tinh-1": "TS-019",
        "mam-2-projector": "TS-028",
        "van-phong-may-in": "TS-050",
    }


def test_what_was_simulated_is_what_the_plan_gives_as_reasons(plan: Mapping[str, Any]) -> None:
    disk, lamp, room = (reasons(plan, tag) for tag in ("TS-003", "TS-028", "TS-053"))
    assert disk["disk_failing"] == "ổ đĩa tự báo sắp hỏng (SMART)"
    assert {"disk_errors", "disk_space", "no_successor", "age"} <= disk.keys()
    assert re.fullmatch(r"bóng đèn đã cháy 4\.9\d\d trên 5\.000 giờ.*", lamp["lamp"])
    assert re.search(r"làm phòng mất kết nối tốt trong 1\d(,\d)?\s% thời gian học của 30 ngày qua", room["room"])
    assert [asset["tag"] for asset in plan["assets"] if "room" in reasons(plan, asset["tag"])] == ["TS-053"]
    assert not {"disk_failing", "crashes", "memory", "wifi"} & reasons(plan, "TS-019").keys()
    repaired = {action["tag"]: action["parts"] for action in plan["plan"]["actions"]}
    assert repaired["TS-028"] == ["lamp"]
    [point] = [asset for asset in plan["assets"] if asset["tag"] == "TS-053"]
    assert "thay dây mạng" in {option["said"] for option in point["options"]}


def test_the_share_of_classrooms_is_the_one_that_the_api_counts(lived: Path, attached: Mapping[str, Any]) -> None:
    settings = ApiSettings(
        lived, (lived / "school.yaml",), StoreSettings(), f"sqlite:///{lived}/state.db", port=free_port()
    )
    with running_api(settings) as address, client_of(address) as client:
        asked = {"since": read_time(FIRST), "until": read_time(FOLLOWING)}
        answer = client.get(f"/api/v1/sites/{DEFAULT_SITE}/share", params=asked).json()
    assert answer["connected_percent"] == round(attached["classrooms_connected_percent"], 1)
    assert sum(answer["slices"].values()) == 9 * 21 * 12 * 9  # classrooms, days, slices an hour, hours
    share = VI.number(attached["classrooms_connected_percent"])
    assert f"Tỷ lệ phòng học có kết nối Internet trong giờ học: {share} %" in pdf_text(lived, "bao-cao-2026-11-vi.pdf")
    rooms = {room["id"]: room for room in attached["rooms"]}
    assert rooms["mam-2"]["connected_percent"] > 95 > 90 > rooms["mam-1"]["connected_percent"]
    assert (rooms["la-1"]["connected_percent"], rooms["la-1"]["dark_percent"]) == (None, 100)


@pytest.mark.parametrize(
    "text_of",
    [
        lambda lived: pdf_text(lived, "bao-cao-2026-11-vi.pdf"),
        lambda lived: docx_text(lived, "bao-cao-2026-11-vi.docx"),
    ],
    ids=["pdf", "docx"],
)
def test_the_report_says_what_was_found(text_of: Any, lived: Path, plan: Mapping[str, Any]) -> None:
    text = text_of(lived)
    for code, sentence in (*reasons(plan, "TS-003").items(), *reasons(plan, "TS-053").items()):
        assert code == "warranty" or plain(sentence).casefold() in text.casefold()  # past its life, that goes unsaid
    for words in ("Lớp Mầm 1", "dây mạng, bộ chuyển mạch hoặc Wi-Fi của phòng", "2027-2028", VI.number(MONEY)):
        assert words in text


def test_totals_agree_in_pdf_docx_workbook_and_json(
    lived: Path, plan: Mapping[str, Any], attached: Mapping[str, Any]
) -> None:
    assert (
        plan["plan"]["cost_vnd"] == attached["plan"]["cost_vnd"] == sum(a["price_vnd"] for a in plan["plan"]["actions"])
    )
    book = openpyxl.load_workbook(lived / "out" / "phu-luc-2026-11-vi.xlsx", data_only=True)
    planned, proposed = book["Kế hoạch"], book["Đề nghị"]
    assert planned.cell(planned.max_row, 6).value == plan["plan"]["cost_vnd"]
    assert proposed.cell(proposed.max_row, 5).value == attached["proposed_vnd"]
    first = [action["price_vnd"] for action in plan["plan"]["actions"] if action["year"] == 2027]
    assert sum(first) == attached["proposed_vnd"] <= MONEY
    for amount, name in ((plan["plan"]["cost_vnd"], "bao-cao-2026-11-vi"), (sum(first), "to-trinh-2026-11-vi")):
        assert VI.number(amount, 0) in pdf_text(lived, f"{name}.pdf")
        assert VI.number(amount, 0) in docx_text(lived, f"{name}.docx")
    assert VI.number(plan["plan"]["cost_vnd"], 0) in said(lived, "plan", *WISHES, "--as-of", "2026-11-30").replace(
        "\xa0", " "
    )


def test_the_plan_explains_itself_and_answers_what_if(lived: Path) -> None:
    asked = (*WISHES, "--as-of", "2026-11-30")
    told = said(lived, "plan", *asked)
    assert told.startswith(
        "KẾ HOẠCH NÂNG CẤP 2027-2028 đến 2029-2030\nTrường Mầm non Hoa Mai (mô phỏng), theo số đo đến 30/11"
    )
    assert "SỐ LIỆU MÔ PHỎNG" in told
    one = said(lived, "plan", *asked, "--asset", "TS-028", "--language", "en")
    assert "new lamp: 2,800,000" in one
    assert "The plan: new lamp in 2027-2028" in one
    changed = said(lived, "plan", *asked, "--exclude", "TS-003", "--pin", "TS-040=replace@2028", "--room-first", "la-1")
    assert "bỏ: " in changed
    assert "TS-003 (thay mới)" in changed
    assert "do nhà trường chọn" in changed
    less = json.loads(said(lived, "plan", *asked, "--budget-percent", "50", "--json"))
    assert less["plan"]["cost_vnd"] <= 3 * MONEY / 2
