"""What the documents say: by the decree, from the settings, and with sums that add up."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.settings_file import SettingsError
from inventory.phrase import Phrase
from inventory.plan.make import make_plan
from inventory.plan.request import Pin
from inventory.report.amounts import in_words
from inventory.report.connectivity import failing_rooms
from inventory.report.document import Chart, Document, Paragraph, Table, as_plain
from inventory.report.equipment import equipment_report
from inventory.report.frame import day_in_words
from inventory.report.items import first_year, items_of, total
from inventory.report.proposal import purchase_proposal
from inventory.report.worn import present, worn_out
from inventory.text import Language
from tests.equipped_school import MILLION
from tests.report_record import EN, SETTINGS, VI, record

DATA = record()


def report(phrase: Phrase = VI) -> Document:
    return equipment_report(DATA, SETTINGS, phrase)


def proposal(phrase: Phrase = VI) -> Document:
    return purchase_proposal(DATA, SETTINGS, phrase)


def tables(document: Document) -> dict[str, Table]:
    return {block.caption: block for block in document.blocks if isinstance(block, Table)}


def paragraphs(document: Document) -> list[str]:
    return [block.text.replace("\N{NO-BREAK SPACE}", " ") for block in document.blocks if isinstance(block, Paragraph)]


def number(text: str) -> int:
    return int(text.replace(".", "").replace(",", ""))


def test_the_head_is_what_the_settings_say() -> None:
    head = report().head
    assert (head.superior, head.issuer) == (SETTINGS.vietnamese.superior, SETTINGS.vietnamese.issuer)
    assert (head.nation, head.motto) == ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
    assert head.number == "Số: 05/BC-MNSC"
    assert head.place_and_day == "Thành phố Hồ Chí Minh, ngày 01 tháng 12 năm 2026"
    assert (head.kind, head.subject) == ("BÁO CÁO", "Tình hình thiết bị và kết nối mạng tháng 11 năm 2026")
    assert head.addressees == SETTINGS.vietnamese.addressees


def test_the_foot_is_what_the_settings_say() -> None:
    foot = report().foot
    assert foot.recipients == ("Như trên;", "Ban Giám hiệu;", "Kế toán;", "Lưu: VT.")
    assert (foot.title, foot.name) == ("Hiệu trưởng", "Nguyễn Thị Thùy Dương")


def test_a_number_that_is_not_set_is_left_to_the_clerk() -> None:
    assert proposal().head.number == "Số: " + "\N{NO-BREAK SPACE}" * 8 + "/TTr-MNSC"


@pytest.mark.parametrize(
    ("day", "vi", "en"),
    [
        (date(2027, 2, 5), "ngày 05 tháng 02 năm 2027", "5 February 2027"),
        (date(2027, 3, 15), "ngày 15 tháng 3 năm 2027", "15 March 2027"),
        (date(2026, 11, 1), "ngày 01 tháng 11 năm 2026", "1 November 2026"),
    ],
)
def test_days_have_the_zeros_of_the_decree(day: date, vi: str, en: str) -> None:
    assert (day_in_words(day, Language.VI), day_in_words(day, Language.EN)) == (vi, en)


def test_english_needs_its_own_wording_and_asks_for_it() -> None:
    with pytest.raises(SettingsError, match=r"report\.yaml: english: is missing"):
        equipment_report(DATA, replace(SETTINGS, english=None), EN)
    assert "Son Ca Kindergarten reports" in paragraphs(report(EN))[0]


def kinds(document: Document) -> list[type]:
    """Of its blocks, without the laws that it rests on: each language names its own."""
    return [type(block) for block in document.blocks if getattr(block, "style", "") != "basis"]


@pytest.mark.parametrize("make", [report, proposal])
def test_both_languages_have_the_same_blocks_and_numbers(make: Callable[[Phrase], Document]) -> None:
    vi, en = make(VI), make(EN)
    assert kinds(vi) == kinds(en)
    for one, other in zip(tables(vi).values(), tables(en).values(), strict=True):
        assert len(one.rows) == len(other.rows)
        assert [cell.replace(".", ",") for cell in one.total[2:]] == [
            cell.replace(".", ",") for cell in other.total[2:]
        ]


def test_the_summary_counts_what_the_tables_show() -> None:
    said = paragraphs(report())
    good = sum(room.classroom for room in DATA.rooms) - len(failing_rooms(DATA))
    assert "- ".join(said[1:3]).startswith("Tỷ lệ phòng học có kết nối Internet trong giờ học: 96,4 %.")
    assert said[2] == f"Số phòng học đạt từ 95 % thời gian học có kết nối: {good}/19 phòng có bật máy."
    worn = tables(report())["Bảng 3. Thiết bị và lý do, theo số liệu đo được"]
    assert said[4] == f"Số thiết bị có lý do cần sửa chữa hoặc thay thế: {len(worn.rows)}."
    assert len(worn.rows) == len(worn_out(DATA)) > 0


def test_failing_rooms_come_first_with_their_cause() -> None:
    rows = tables(report())["Bảng 1. Kết nối của các phòng trong giờ học"].rows
    assert [row[2:] for row in rows[:2]] == [("71,2", "1,5", "dây mạng của phòng"), ("88", "3,5", "dây mạng của phòng")]
    assert len(rows) == len(DATA.rooms)


def test_only_reasons_that_hold_already_are_reported_and_age_alone_is_none() -> None:
    for entry in worn_out(DATA):
        assert all(reason.begins <= DATA.issued for reason in present(entry, DATA))
        assert {reason.code for reason in present(entry, DATA)}
    named = " ".join(paragraphs(report()))
    assert "Cũ nhưng còn tốt, đề nghị tiếp tục sử dụng" in named
    assert "Mới nhưng có dấu hiệu hỏng, cần xử lý sớm" in named


def test_sums_add_up() -> None:
    kinds = tables(report())["Bảng 2. Thiết bị theo loại và tình trạng"]
    for column in range(2, len(kinds.columns)):
        assert sum(number(row[column]) for row in kinds.rows) == number(kinds.total[column])
    assert number(kinds.total[2]) == 60
    years = tables(report())["Bảng 4. Kinh phí theo năm học"]
    for column in range(1, 5):
        assert sum(number(row[column]) for row in years.rows) == number(years.total[column])
    assert number(years.total[3]) == DATA.plan.cost


def test_the_proposal_is_the_first_year_of_the_plan() -> None:
    items = tables(proposal())["Bảng 1. Danh mục đề nghị"]
    for row in items.rows:
        assert number(row[2]) * number(row[3]) == number(row[4])
        assert len(row[5].split(", ")) == number(row[2])
    assert sum(number(row[4]) for row in items.rows) == number(items.total[4]) == DATA.plan.spent(2027)
    paid = {action.tag for action in first_year(DATA) if action.option.price}
    assert {tag for row in items.rows for tag in row[5].split(", ")} == paid
    words = in_words(DATA.plan.spent(2027), Language.VI)
    assert f"Bằng chữ: {words}." in paragraphs(proposal())
    sources = tables(proposal())["Bảng 2. Kinh phí theo nguồn"]
    assert number(sources.total[2]) == DATA.plan.spent(2027)


def test_what_is_dearer_than_its_ceiling_is_said_in_the_proposal() -> None:
    computers = [entry for entry in DATA.plan.candidates.values() if entry.asset.kind == "computer" and entry.offers]
    tag = next(e.tag for e in computers if any(offer.option.action == "replace" for offer in e.offers))
    entry = DATA.plan.candidates[tag]
    offers = tuple(
        replace(offer, option=replace(offer.option, price=17 * MILLION, over_ceiling=2 * MILLION))
        if offer.option.action == "replace"
        else offer
        for offer in entry.offers
    )
    candidates = [*(e for e in DATA.plan.candidates.values() if e.tag != tag), replace(entry, offers=offers)]
    asked = replace(DATA.plan.request, pins=(Pin(tag, 2027, "replace"),))
    data = replace(DATA, plan=make_plan(candidates, asked, method="greedy"))
    said = paragraphs(purchase_proposal(data, SETTINGS, VI))
    assert f"{tag}: vượt mức giá tối đa 2.000.000 đồng." in said
    assert "Các mục đề nghị không vượt mức giá tối đa đang khai báo." not in said


def test_prices_that_nobody_checked_are_named() -> None:
    notes = [block.text for block in proposal().blocks if isinstance(block, Paragraph) and block.style == "note"]
    assert notes[0].startswith("Giá tham khảo, chưa đối chiếu với báo giá: ")


def test_a_school_without_measurements_or_money_has_its_documents_too() -> None:
    bare = record(5, 0, connected_percent=None, rooms=(), days=())
    said = paragraphs(equipment_report(bare, SETTINGS, VI))
    assert "Tỷ lệ phòng học có kết nối Internet: chưa có số liệu đo." in said
    assert "Chưa có phòng nào được đo trong kỳ này." in said
    assert "Không có mục nào cần kinh phí trong năm học này." in paragraphs(purchase_proposal(bare, SETTINGS, VI))
    assert total(items_of(bare)) == 0


def test_simulated_data_says_so_on_every_page() -> None:
    assert report().banner == ""
    simulated = equipment_report(replace(DATA, simulated=True), SETTINGS, VI)
    assert simulated.banner == "SỐ LIỆU MÔ PHỎNG - KHÔNG CÓ GIÁ TRỊ"


def test_charts_show_what_was_measured() -> None:
    days, kinds = (block for block in report().blocks if isinstance(block, Chart))
    assert len(days.values) == len(DATA.days)
    assert sum(kinds.values) == len(worn_out(DATA))


@pytest.mark.parametrize(
    ("amount", "vi", "en"),
    [
        (0, "Không đồng", "Zero Vietnamese dong"),
        (98_000_000, "Chín mươi tám triệu đồng", "Ninety-eight million Vietnamese dong"),
        (105_000, "Một trăm lẻ năm nghìn đồng", "One hundred and five thousand Vietnamese dong"),
        (
            21_500_000,
            "Hai mươi mốt triệu năm trăm nghìn đồng",
            "Twenty-one million, five hundred thousand Vietnamese dong",
        ),
        (1_000_000_000, "Một tỷ đồng", "One billion Vietnamese dong"),
    ],
)
def test_amounts_are_said_in_words(amount: int, vi: str, en: str) -> None:
    assert (in_words(amount, Language.VI), in_words(amount, Language.EN)) == (vi, en)


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_different_amounts_have_different_words(one: int, other: int) -> None:
    assert (one == other) == (in_words(one, Language.VI) == in_words(other, Language.VI))


def test_a_document_is_plain_data_for_templates() -> None:
    plain = as_plain(report())
    assert [block["block"] for block in plain["blocks"]] == [type(b).__name__.lower() for b in report().blocks]
