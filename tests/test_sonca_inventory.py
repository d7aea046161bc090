"""`sonca inventory` as people call it."""

import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from openpyxl import load_workbook

from collector.store.open import open_store
from collector.store.settings import StoreSettings
from collector.store.state import State
from collector.store.state_protocol import AgentNow, Presence
from inventory.register import Register
from inventory.wear_rules import SHIPPED
from sonca.cli import main
from sonca.inventory_lists import progress_on
from sonca.simulate.equipment import equipment_of
from sonca.simulate.school import school_text
from tests.example_workbook import FILE, example_day
from tests.measurements import START, measured
from tests.waiting import now_ms
from tests.workbooks import HEADER, ROW, workbook

SITE = "sim-hoa-mai"


class Inventory:
    """A data folder of the simulated school, and the command at work in it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], url: str = "") -> None:
        self.folder, self._capsys = folder, capsys
        self.url = url or f"sqlite:///{folder}/state.db"
        (folder / "school.yaml").write_text(school_text(example_day().school), encoding="utf-8")
        broker = {"host": "127.0.0.1", "username": "collector", "password_file": "x"}
        (folder / "sonca.yaml").write_text(yaml.safe_dump({"broker": broker, "state_url": self.url}))

    def __call__(self, *words: object, language: str = "en", code: int = 0) -> str:
        settings = ["--settings", str(self.folder / "sonca.yaml"), "--language", language]
        assert main(["inventory", *settings, *map(str, words)]) == code
        out: str = self._capsys.readouterr().out
        return out

    def report_all(self) -> None:
        """What the agents of all PCs would have sent."""
        state = State(self.url).open()
        for pc in example_day().pcs.values():
            state.put_equipment(SITE, equipment_of(pc, 1))
        state.close()


@pytest.fixture
def inventory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Inventory:
    return Inventory(tmp_path, capsys)


def test_a_dry_run_shows_what_an_import_then_does_and_doing_it_again_changes_nothing(inventory: Inventory) -> None:
    shown = inventory("import", FILE, "--dry-run")
    assert "row 4: TS-001 new: computer, Máy giáo viên Lớp Mầm 1" in shown
    assert shown.endswith("60 new, 0 changed, 0 as they were\n")
    assert len(inventory("list").splitlines()) == 1
    assert inventory("import", FILE, "--document", "QĐ 1") == shown
    assert inventory("import", FILE) == "0 new, 0 changed, 60 as they were\n"
    assert len(inventory("list").splitlines()) == 61
    assert "sonca inventory: registered [QĐ 1]" in inventory("history", "TS-001")


def test_the_options_of_every_action_stand_before_it_or_behind_it(
    inventory: Inventory, capsys: pytest.CaptureFixture[str]
) -> None:
    inventory("import", FILE, "--who", "kế toán")
    assert "kế toán: registered" in inventory("history", "TS-001")
    behind = ["--settings", str(inventory.folder / "sonca.yaml"), "--language", "en"]
    assert main(["inventory", "history", "TS-001", *behind, "--site", SITE]) == 0
    assert "kế toán: registered" in capsys.readouterr().out


def test_a_refused_row_is_named_in_vietnamese_and_nothing_is_written(inventory: Inventory) -> None:
    bad = workbook(inventory.folder / "a.xlsx", [HEADER, ROW, ["TS-002", "Tivi", "Tivi 1", "Lớp Mầm 33", "?"]])
    told = inventory("import", bad, language="vi", code=1)
    assert told.splitlines() == [
        "dòng 3, D Phòng: trường không có phòng «Lớp Mầm 33»",
        "  → ghi đúng tên hoặc mã phòng trong school.yaml: mam-3",
        "dòng 3, E Nguyên giá: «?» không phải là số tiền",
        "  → chỉ ghi số đồng, ví dụ 13.500.000",
        "1 dòng bị từ chối, không có gì thay đổi",
    ]
    assert len(inventory("list").splitlines()) == 1
    assert inventory("import", workbook(inventory.folder / "b.xlsx", [["x"]]), code=1).startswith(
        "b.xlsx: has no header"
    )


def test_match_links_by_serials_and_asks_about_the_rest_until_a_person_decides(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], state_url: str
) -> None:
    inventory = Inventory(tmp_path, capsys, state_url)
    inventory("import", FILE)
    inventory.report_all()
    told = inventory("match", code=1)
    assert "LINKED (18)" in told
    assert "WAITING FOR A PERSON (6)" in told
    assert "same serial SIMC2AB39A9 (60 points)" in told
    register = Register(inventory.url).open()
    assert len(register.links.of(SITE)) == 18
    register.close()
    waiting = next(pc for pc in example_day().pcs.values() if pc.machine.junk_serial)
    told = inventory("match", waiting.id, code=1)
    tag = next(line.split()[1].strip(",") for line in told.splitlines() if line.startswith("    ?"))
    assert f"  {waiting.id} = {tag}, 100" in inventory("decide", waiting.id, "--is", tag, code=1)
    assert "unlinked" not in inventory("history", tag)
    assert "NOT THE SCHOOL'S (1)" in inventory("decide", waiting.id, "--not-ours", code=1)
    assert "unlinked" in inventory("history", tag)


def test_exports_are_files_that_others_read(inventory: Inventory) -> None:
    inventory("import", FILE)
    inventory.report_all()
    inventory("match", code=1)
    for name in ("out.xlsx", "out.csv"):
        inventory("export", inventory.folder / name)
        assert inventory("import", inventory.folder / name) == "0 new, 0 changed, 60 as they were\n"
    inventory("export", inventory.folder / "out.json")
    assert len(json.loads((inventory.folder / "out.json").read_text(encoding="utf-8"))) == 60
    inventory("export", inventory.folder / "glpi", "--glpi")
    assert len(list((inventory.folder / "glpi").iterdir())) == 18
    inventory("export", inventory.folder / "open", "--open-data")
    assert {path.name for path in (inventory.folder / "open").iterdir()} == {
        "assets.csv",
        "catalog.jsonld",
        "catalog.xml",
        "datapackage.json",
    }


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_long_list_shows_how_far_it_is_on_a_screen_only() -> None:
    screen, file = Screen(), io.StringIO()
    for out in (screen, file):
        show = progress_on(out)
        for done in range(1, 601):
            show(done, 600)
        show(1, 1)
    assert screen.getvalue() == "\r100 / 600\r200 / 600\r300 / 600\r400 / 600\r500 / 600\r600 / 600\n"
    assert file.getvalue() == ""


def test_who_reads_only_the_first_lines_is_not_told_of_a_crash(inventory: Inventory) -> None:
    inventory("import", FILE)
    asked = ["inventory", "--settings", str(inventory.folder / "sonca.yaml"), "list"]
    read, write = os.pipe()
    os.close(read)  # as `head` does when it has seen enough
    told = subprocess.run(
        [sys.executable, "-m", "sonca.cli", *asked], stdout=write, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)
    assert (told.returncode, told.stderr) == (1, "")


def test_one_asset_is_changed_by_the_words_of_a_list(inventory: Inventory) -> None:
    inventory("import", FILE)
    told = inventory("set", "TS-001", "phòng=Lớp Chồi 1", "status=in repair", "--document", "GS 4")
    assert "row 1: TS-001 Room: mam-1 → choi-1; Status: in_use → in_repair" in told
    assert "[GS 4]" in inventory("history", "TS-001")
    assert "the status cannot go from in repair to lost" in inventory("set", "TS-001", "status=mất", code=1)
    assert "the header “colour” is not known" in inventory("set", "TS-001", "colour=red", code=1)


def test_the_books_of_any_year_are_one_workbook(inventory: Inventory) -> None:
    inventory("import", FILE)
    out = inventory.folder / "books.xlsx"
    assert "16 TSCĐ, 6 CCDC" in inventory("books", out, "--year", 2018, "--budget-code", "1099999")
    assert load_workbook(out).sheetnames == ["S24-H", "C55-HD"]
    assert "TSCĐ" in inventory("books", out, "--budget-code", "1", "--wear-rules", SHIPPED)
    row = ["TS-900", "Máy in", "Máy in 9", None, None, None, None]
    inventory("import", workbook(inventory.folder / "more.xlsx", [HEADER, row]))
    assert "without cost or day: TS-900" in inventory("books", out, "--budget-code", "1")


def test_a_stocktake_starts_with_what_the_network_saw_and_ends_in_a_sheet(inventory: Inventory) -> None:
    inventory("import", FILE)
    inventory.report_all()
    inventory("match", code=1)
    state = State(inventory.url).open()
    pcs = list(example_day().pcs)
    now = now_ms()
    state.put_agents([AgentNow(SITE, pc, Presence.ONLINE, now, now) for pc in pcs[:4]])
    state.close()
    store = open_store(StoreSettings(), inventory.folder)
    store.write([replace(measured(pcs[4], "host", now - START), site=SITE)])
    store.close()
    told = inventory("stocktake", "start")
    linked = Register(inventory.url).open()
    seen = [pc for pc in pcs[:5] if pc in linked.links.of(SITE)]
    linked.close()
    assert f"the network saw {len(seen)} assets" in told
    assert f"found: {len(seen)}, missing: {58 - len(seen)}" in told
    told = inventory("stocktake", "scan", "TS-001", "TS-998", "--room", "van-phong", "--note", "ở kho")
    assert "moved: 1, unexpected: 1" in told
    sheet = inventory.folder / "c53.xlsx"
    inventory("stocktake", "sheet", sheet, "--budget-code", "1099999")
    assert load_workbook(sheet).sheetnames == ["C53-HD"]
    inventory("stocktake", "close")
    assert main(["inventory", "--settings", str(inventory.folder / "sonca.yaml"), "stocktake", "scan", "TS-1"]) == 2


def test_labels_are_printed_for_a_room(inventory: Inventory) -> None:
    inventory("import", FILE)
    out = inventory.folder / "labels.pdf"
    assert inventory("labels", out, "--room", "mam-1").endswith(": 5\n")
    assert inventory("labels", out, "TS-001", "TS-060").endswith(": 2\n")
    assert out.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("export", "x.pdf"), "nothing is written with this ending"),
        (("import", "none.xlsx"), "there is no such file"),
        (("history", "TS-9"), "there is no asset 'TS-9'"),
        (("decide", "pc-1", "--is", "TS-9"), "there is no asset 'TS-9'"),
        (("match", "pc-9"), "nothing was seen of a device 'pc-9'"),
        (("export", "none/x.xlsx"), "cannot be written"),
        (("books", "x.xlsx"), "needs the school's code in the state budget"),
        (("books", "x.xlsx", "--year", "0", "--budget-code", "1"), "không có sổ tài sản của năm 0"),
        (("set", "TS-9", "room=mam-1"), "there is no asset 'TS-9'"),
        (("set", "TS-001", "mam-1"), "nothing is said to be set"),
        (("labels", "x.pdf", "TS-9"), "there is no such asset"),
        (("stocktake", "show"), "there was no stocktake yet"),
        (("stocktake", "scan"), "no tag was scanned"),
        (("stocktake", "sheet"), "needs the name of a file"),
        (("stocktake", "scan", "TS-1", "--room", "x"), "there is no room 'x'"),
    ],
)
def test_trouble_is_a_sentence_and_a_hint(
    inventory: Inventory, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    settings = str(inventory.folder / "sonca.yaml")
    assert main(["inventory", "--settings", settings, *words]) == 2
    told = capsys.readouterr().err
    assert sentence in told
    assert "hint: " in told


def test_it_asks_which_school_is_meant(inventory: Inventory, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inventory", "--settings", str(inventory.folder / "sonca.yaml"), "--site", "x", "list"]) == 2
    assert "name one by --site: sim-hoa-mai" in capsys.readouterr().err
