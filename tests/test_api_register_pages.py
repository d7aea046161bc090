"""The pages of the register as a browser gets them: what they show, what their forms change, how they refuse."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from openpyxl import load_workbook

import inventory.labels
from api.own_requests import MOST_FILE_BYTES
from contract.trouble import Trouble
from inventory.register import Act
from tests.equipment_reports import pc_report
from tests.registered import NOW, PC, PROJECTOR
from tests.registered_school import API, LINKED, SITE, UNREGISTERED, WAITING, RegisteredSchool, registered_school
from tests.school_day import equipment

TWIN = "choi-2-pc-2"  # online beside WAITING
LIST = "Mã tài sản,Loại,Tên tài sản,Phòng\nTS-050,Máy in,Máy in Canon,Lớp Lá 1\nTS-002,Máy chiếu,Máy chiếu,{room}\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, served_state_url: str) -> Iterator[RegisteredSchool]:
    with registered_school(tmp_path_factory.mktemp("school"), served_state_url) as made:
        yield made


@pytest.fixture
def school(served: RegisteredSchool) -> RegisteredSchool:
    served.begin_anew()
    return served


def hidden(page: str, name: str) -> str:
    return str(re.findall(rf'name="{name}" value="([^"]*)"', page)[0])


def test_the_list_speaks_both_languages_and_says_how_it_is_sorted(school: RegisteredSchool) -> None:
    page = school.read(SITE)
    assert "2 tài sản" in page
    assert "tổng nguyên giá 27.700.000\N{NO-BREAK SPACE}đồng" in page
    english = school.read(f"{SITE}?lang=en&sort=-name&kind=projector")
    assert '<th scope="col" class="c-name" aria-sort="descending">' in english
    assert "1 asset<" in english
    assert "TS-001</a>" not in english
    assert "kind=projector" in re.findall(r'href="[^"]*assets\.csv\?([^"]*)"', english)[0]
    assert school.read(f"{SITE}?lang=vi").startswith('<!doctype html>\n<html lang="vi">')


def test_the_list_can_be_taken_home_as_it_is_shown(school: RegisteredSchool) -> None:
    workbook = load_workbook(io.BytesIO(school.client.get(f"{SITE}/assets.xlsx?q=chieu").content)).active
    assert workbook is not None
    assert [row[0].value for row in workbook.rows] == ["Mã tài sản", "TS-002"]
    assert "TS-001" in school.read(f"{SITE}/assets.csv")
    assert school.client.get(f"{SITE}/assets.json").json()[0]["serial"] == PC.serial
    labels = school.client.get(f"{SITE}/labels.pdf?room=mam-1")
    assert labels.content.startswith(b"%PDF")
    for name in ("assets.csv", "assets.csv?q=chieu", "labels.pdf?room=mam-1"):
        page, program = (school.client.get(f"{where}/{name}") for where in (SITE, API))
        assert (page.content, page.headers["content-type"]) == (program.content, program.headers["content-type"])
    assert school.json("GET", f"{API}/labels.pdf?q=nothing", status=404)["error"] == "nothing_found"
    assert school.client.get(f"{API}/assets.csv?lang=en").text.startswith("\ufeffAsset tag")
    assert "không có tài sản nào" in school.read(f"{SITE}/labels.pdf?q=nothing", 404).lower()


def test_labels_say_what_is_missing_where_nothing_prints(
    school: RegisteredSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise Trouble("typst is not installed", "pip install it")

    monkeypatch.setattr(inventory.labels, "_typst", missing)
    page = school.read(f"{SITE}/labels.pdf", 501)
    assert "chưa cài phần in tài liệu" in page
    assert "sonca[reports]" in page


def test_an_asset_shows_what_was_seen_why_and_its_history(school: RegisteredSchool) -> None:
    row = {"tag": "TS-001", "note": "đã lau", "purchase_date": "2012-08-01", "in_use_since": "2012-09-05"}
    school.json("POST", "/api/v1/sites/hoa-mai/assets-import", {"rows": [row], "dry_run": False})
    page, today = school.read(f"{SITE}/asset/TS-001"), school.day.school.day_at(school.day.now)
    for words in (
        f'href="/devices/hoa-mai/{LINKED}"',
        "cùng số sê-ri 7XK2M03 (60 điểm)",
        "cùng phòng Lớp Mầm 1 (10",
        "khớp",
        "đã lau",
        "đến 05/09/2017, hao mòn 20\N{NO-BREAK SPACE}% mỗi năm",
        "kế toán",
    ):
        assert words in page
    assert "quá thời gian sử dụng 5 năm" in page
    charts = page[page.index('id="month"') :]
    assert f"<span>{today:%d/%m}</span>" not in charts
    assert re.search(rf"data-readings=[^>]*{today:%d/%m}: [0-9]", charts)
    assert 'href="/plan/hoa-mai#a-TS-001"' in page
    assert f'href="{SITE}/asset/TS-001"' in school.read(f"/devices/hoa-mai/{LINKED}")
    assert f'href="{SITE}/matching"' in school.read(f"/devices/hoa-mai/{WAITING}")
    assert f'href="{SITE}"' in school.read("/")
    assert "không có tài sản «TS-9»" in school.read(f"{SITE}/asset/TS-9", 404)


def test_a_form_is_written_and_the_log_names_the_role(school: RegisteredSchool) -> None:
    school.write(f"{SITE}/role", {"role": "Thiết bị <b>"})
    page = school.read(f"{SITE}/edit/TS-002")
    fields = {"stamp": hidden(page, "stamp"), "purchase_cost": "15.000.000", "room": "la-1", "document": "07/BB"}
    answer = school.write(f"{SITE}/edit/TS-002", fields)
    assert answer.headers["location"] == f"{SITE}/asset/TS-002?done=saved"
    [event, *_] = school.register.events("hoa-mai", "TS-002")
    assert (event.who, event.document, event.after) == (
        "web: Thiết bị b", "07/BB", {"purchase_cost": 15_000_000, "room": "la-1"},
    )  # fmt: skip
    assert "Đã ghi vào sổ." in school.read(f"{SITE}/asset/TS-002?done=saved")
    assert "web: Thiết bị b" in school.read(SITE)


def test_a_refused_form_says_so_beside_the_fields_and_keeps_what_was_typed(school: RegisteredSchool) -> None:
    stamp = hidden(school.read(f"{SITE}/edit/TS-002"), "stamp")
    fields = {"stamp": stamp, "purchase_cost": "rẻ lắm", "in_use_since": "2023", "name": "Máy <mới>"}
    page = school.write(f"{SITE}/edit/TS-002", fields, 422).text
    assert "sửa 2 ô dưới đây" in page
    assert 'aria-invalid="true" aria-describedby="f-purchase_cost-refused"' in page
    assert re.search(r'id="f-purchase_cost-refused">.*«rẻ lắm» không phải là số tiền → chỉ ghi số đồng', page)
    assert 'value="Máy &lt;mới&gt;"' in page
    assert school.register.asset("hoa-mai", "TS-002") == PROJECTOR


def test_the_second_of_two_editors_is_told(school: RegisteredSchool) -> None:
    stamp = hidden(school.read(f"{SITE}/edit/TS-002"), "stamp")
    other = replace(PROJECTOR, note="đã thay bóng")
    school.register.save("hoa-mai", [other], Act("kế toán", NOW))
    typed = {"stamp": stamp, "note": "của <tôi>", "room": "la-1", "name": PROJECTOR.name, "document": "08/BB"}
    page = school.write(f"{SITE}/edit/TS-002", typed, 409).text
    assert "TS-002 đã được người khác sửa" in page
    assert 'value="đã thay bóng"' in page
    assert re.findall(r'<span class="hint yours">([^<]*)<', page) == [
        "trong biểu mẫu của bạn: Lớp Lá 1", "trong biểu mẫu của bạn: của &lt;tôi&gt;",
    ]  # fmt: skip
    assert 'name="document" value="08/BB"' in page
    assert hidden(page, "stamp") != stamp
    page = school.write(f"{SITE}/status/TS-002", {"stamp": stamp, "status": "idle"}, 409).text
    assert "Xem lại giá trị mới" in page
    assert school.register.asset("hoa-mai", "TS-002") == other


def test_the_status_moves_by_the_table_and_disposal_asks_for_papers(school: RegisteredSchool) -> None:
    page = school.read(f"{SITE}/asset/TS-002")
    assert '<option value="in_repair">' in page
    assert '<option value="planned">' not in page
    assert f'href="{SITE}/edit/TS-002?status=transferred#gone"' in page
    stamp = hidden(page, "stamp")
    assert "không thể đổi từ" in school.write(f"{SITE}/status/TS-002", {"stamp": stamp, "status": "planned"}, 422).text
    school.write(f"{SITE}/status/TS-002", {"stamp": stamp, "status": "in_repair"})
    form = school.read(f"{SITE}/edit/TS-001?status=transferred")
    assert '<option value="transferred" selected>' in form
    page = school.write(f"{SITE}/edit/TS-001", {"stamp": hidden(form, "stamp"), "status": "transferred"}, 422).text
    assert page.count("phải có chứng từ, ngày và lý do ghi giảm") == 6  # three fields, each above and beside it


def test_a_device_that_fits_nothing_becomes_a_new_asset(school: RegisteredSchool) -> None:
    page = school.read(f"{SITE}/matching")
    assert f'href="{SITE}/new?device={UNREGISTERED}"' in page
    form = school.read(f"{SITE}/new?device={WAITING}")
    assert 'value="7XK2MO3"' in form
    assert '<option value="choi-2" selected>' in form
    fields = {"tag": "TS-100", "kind": "computer", "name": "Máy mới", "serial": "7XK2MO3", "device": WAITING}
    school.write(f"{SITE}/new", fields)
    assert school.register.links.of("hoa-mai")[WAITING].tag == "TS-100"
    assert [entry.who for entry in school.register.links.decisions("hoa-mai")] == ["web"]


def test_a_waiting_pair_is_accepted_or_refused(school: RegisteredSchool) -> None:
    page = school.read(f"{SITE}/matching?lang=en")
    assert "It is TS-001" in page
    assert "the serials look alike" in page
    school.write(f"{SITE}/matching", {"device": WAITING, "verdict": "different", "tag": "TS-001"})
    school.write(f"{SITE}/matching", {"device": UNREGISTERED, "verdict": "same", "tag": "TS-002"})
    page = school.read(f"{SITE}/matching?lang=en")
    assert "is not TS-001" in page
    assert school.register.links.of("hoa-mai")[UNREGISTERED].tag == "TS-002"
    school.write(f"{SITE}/matching", {"device": UNREGISTERED, "verdict": "maybe"}, 400)


def test_two_agents_with_one_identity_are_told(school: RegisteredSchool) -> None:
    twin = pc_report(TWIN, school.day.now, serial="7XK2MO3", model="ProDesk")
    school.day.state.put_equipment("hoa-mai", twin)
    try:
        page = school.read(f"{SITE}/matching?lang=en")
        assert f"several devices show this identity: {WAITING}, {TWIN}</strong> (serial 7xk2mo3)" in page
        told = school.json("GET", "/api/v1/sites/hoa-mai/matching")
        assert told["clones"] == [{"kind": "serial", "value": "7xk2mo3", "devices": [WAITING, TWIN]}]
        assert {entry["state"] for entry in told["devices"] if entry["device"] in (WAITING, TWIN)} == {"waiting"}
    finally:
        school.day.state.put_equipment("hoa-mai", equipment(TWIN))


def test_a_list_is_shown_row_by_row_and_written_when_confirmed(school: RegisteredSchool) -> None:
    def tried(text: str, status: int = 200) -> str:
        return school.write(f"{SITE}/import", {}, status, {"file": ("ds.csv", text.encode())}).text

    bad = tried(LIST.format(room="Lớp Bảy"), 422)
    assert "1 dòng bị từ chối nên không nhận dòng nào" in bad
    assert "trường không có phòng «Lớp Bảy»" in bad
    assert "không tìm thấy dòng tiêu đề" in tried("a,b\n1,2\n", 422)
    page = tried(LIST.format(room="Lớp Lá 2"))
    assert "1 tài sản mới, 1 thay đổi, 0 giữ nguyên." in page
    assert "<del>Lớp Chồi 1</del>" in page
    assert school.register.asset("hoa-mai", "TS-050") is None
    fields = {name: hidden(page, name) for name in ("name", "digest", "content")}
    again = school.write(f"{SITE}/import/confirm", {**fields, "digest": "0"}, 409).text
    assert "Sổ đã thay đổi từ lúc xem trước" in again
    school.write(f"{SITE}/import/confirm", {**fields, "document": "BB-1"})
    assert [event.document for event in school.register.events("hoa-mai", "TS-050")] == ["BB-1"]
    assert "Sổ đã giống hệt danh sách này." in tried(LIST.format(room="Lớp Lá 2"))
    large = school.write(f"{SITE}/import", {}, 413, {"file": ("ds.csv", b"x" * (MOST_FILE_BYTES + 1))}).text
    assert "lớn quá 8 megabyte" in large
    assert "Chưa chọn tệp nào." in school.write(f"{SITE}/import", {}, 422).text


def test_a_stocktake_is_walked_and_its_sheet_taken_home(school: RegisteredSchool) -> None:
    path = school.write(f"{SITE}/stocktakes", {}).headers["location"].partition("?")[0]
    page = school.read(f"{path}?room=choi-1")
    assert "Có, ở Lớp Chồi 1" in page
    answer = school.write(f"{path}/sightings", {"tag": "TS-002", "room": "mam-2", "only": "choi-1", "next": "TS-1/2"})
    assert answer.headers["location"] == f"{path}?room=choi-1&done=marked#l-TS-1%2F2"
    assert "thấy ở Lớp Mầm 2" in school.read(path)
    school.write(f"{path}/sightings", {"tag": "TS-002", "missing": "yes"})
    assert "đã tìm lúc" in school.read(path)
    assert "trường không có phòng" in school.write(f"{path}/sightings", {"tag": "TS-002", "room": "x"}, 422).text
    assert "cần mã QHNS" in school.read(f"{path}/c53-hd.xlsx", 422)
    sheet = load_workbook(io.BytesIO(school.client.get(f"{path}/c53-hd.xlsx?budget_code=1099999").content)).active
    assert sheet is not None
    assert "Mã QHNS: 1099999" in [row[0].value for row in sheet.rows]
    school.write(f"{path}/close", {})
    assert "Ghi nhận một nhãn" not in school.read(path)
    assert "đã đóng" in school.write(f"{path}/sightings", {"tag": "TS-002"}, 409).text
