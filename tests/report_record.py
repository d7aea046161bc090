"""A made-up kindergarten's report: the records that the documents are made of."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from inventory.phrase import Phrase
from inventory.plan.make import make_plan
from inventory.plan.prices import shipped_prices
from inventory.plan.rules import shipped_rules
from inventory.report.data import DayConnection, ReportData, RoomConnection
from inventory.report.period import parse_period
from inventory.report.settings import ReportSettings, Signer, Wording
from inventory.text import Language, Text
from tests.equipped_school import ROOMS, candidates, request

VI, EN = Phrase(Language.VI), Phrase(Language.EN)
SCHOOL = "Trường Mầm non Sơn Ca"

VIETNAMESE = Wording(
    "Ủy ban nhân dân phường Bình Quới",
    SCHOOL,
    "Thành phố Hồ Chí Minh",
    Signer("Hiệu trưởng", "Nguyễn Thị Thùy Dương"),
    ("Ủy ban nhân dân phường Bình Quới", "Phòng Văn hóa - Xã hội phường Bình Quới"),
    ("Ban Giám hiệu", "Kế toán"),
    (
        "Căn cứ Thông tư số 23/2023/TT-BTC ngày 25 tháng 4 năm 2023 của Bộ Tài chính;",
        "Căn cứ kế hoạch năm học của nhà trường;",
    ),
)
ENGLISH = Wording(
    "People's Committee of Binh Quoi Ward",
    "Son Ca Kindergarten",
    "Ho Chi Minh City",
    Signer("Principal", "Nguyen Thi Thuy Duong"),
    ("People's Committee of Binh Quoi Ward",),
    ("Board of the school",),
)
SETTINGS = ReportSettings("MNSC", VIETNAMESE, ENGLISH, report_number=5)


def record(count: int = 60, millions: int = 60, **more: Any) -> ReportData:
    """A month of a school with so many assets, and its plan with so many million VND a year."""
    asked = request(millions)
    plan = make_plan(candidates(count, asked=asked), asked, method="greedy")
    days = [date(2026, 11, 2) + timedelta(day) for day in range(28)]
    return replace(
        ReportData(
            SCHOOL,
            parse_period("2026-11"),
            date(2026, 12, 1),
            96.4,
            tuple(_room(place) for place in range(ROOMS)),
            tuple(DayConnection(day, 99.5 - day.day % 7 * 1.5) for day in days if day.weekday() < 5),
            plan,
            shipped_rules(),
            shipped_prices(),
        ),
        **more,
    )


def _room(place: int) -> RoomConnection:
    name = ("Mầm", "Chồi", "Lá", "Nhà trẻ")[place % 4]
    share = {3: 71.2, 7: 88.0}.get(place, 99.1 - place / 10)
    cause = Text("dây mạng của phòng", "the room's cable") if share < 90 else Text("", "")
    return RoomConnection(f"room-{place}", f"{name} {place // 4 + 1}", place != 19, share, place / 2, cause)
