"""Panels as Grafana's own code shows them: what a person reads in a cell, and in which colour."""

import json
from typing import Any

import pytest

from dashboards import words
from dashboards.board import Setting
from dashboards.boards import BOARDS
from dashboards.expand import POINTS, interval_of
from tests.grafana_packages import FOLDER, node

Column = tuple[str, str, list[Any]]
GREEN, ORANGE, RED, GREY = words.GREEN, words.ORANGE, words.RED, words.GREY

# What InfluxDB answers to a panel, and what a person sees then: by column its title, and each cell's text and colour.
# A cell without colour is one whose colour is not shown.
CASES: dict[str, tuple[str, str, list[Column], dict[str, list[tuple[str, str | None]]]]] = {
    "rooms by service": (
        "school",
        "Phòng nào vào được dịch vụ nào",
        [
            ("Time", "time", [1, 2, 3, 4, 5]),
            ("room", "string", ["mam-1", "mam-1", "mam-2", "mam-2", "la-1"]),
            ("target", "string", ["services/kho", "services/ky"] * 2 + ["services/kho"]),
            ("share", "number", [100, 75, 0, -1, 99]),
        ],
        {
            "Phòng": [("mam-1", None), ("mam-2", None), ("la-1", None)],
            "services/kho": [("100%", GREEN), ("0%", RED), ("99%", GREEN)],
            "services/ky": [("75%", ORANGE), ("mất mạng", GREY), ("–", GREY)],
        },
    ),
    "rooms": (
        "school",
        "Các phòng lúc này",
        [
            ("Time", "time", [1, 2]),
            ("room", "string", ["mam-1", "la-1"]),
            ("name", "string", ["Lớp Mầm 1", "Lớp Lá 1"]),
            ("state", "string", ["disconnected", "connected"]),
            ("reason", "string", ["gateway_unreachable", "reached"]),
            ("cause", "string", ["link", ""]),
            ("since", "number", [1_795_644_600_000, None]),
        ],
        {
            "Phòng": [("Lớp Mầm 1", None), ("Lớp Lá 1", None)],
            "Tình trạng": [("Mất kết nối", RED), ("Kết nối tốt", GREEN)],
            "Vì sao": [("Không tới được bộ định tuyến", RED), ("Ra được Internet", GREEN)],
            "Nhiều khả năng lỗi ở": [("mạng trong phòng", RED), ("–", None)],
            "Từ lúc": [("22:10 25/11", None), ("–", None)],
        },
    ),
    "changes": (
        "school",
        "Thay đổi trong một giờ qua",
        [
            ("Time", "time", [1_795_644_600_000]),
            ("name", "string", ["Máy 1"]),
            ("old", "string", [""]),
            ("new", "string", ["online"]),
            ("reason", "string", [""]),
        ],
        {
            "Lúc": [("22:10:00", None)],
            "Phòng hoặc máy": [("Máy 1", None)],
            "Trước": [("–", None)],
            "Sau": [("đang bật", GREEN)],
            "Vì sao": [("–", None)],
        },
    ),
    "money by source": (
        "equipment",
        "Nguyên giá theo nguồn kinh phí",
        [
            ("Time", "time", [1, 1, 1]),
            ("funding_source", "string", ["Xã hội hóa", "-", "Xã hội hóa"]),
            ("counted", "number", [1, 1, 1]),
            ("purchase_cost", "number", [1_200_000_000, None, 50_000_000]),
        ],
        {
            "Nguồn kinh phí": [("Xã hội hóa", None), ("-", None)],
            "Số tài sản": [("2", None), ("1", None)],
            "Tổng nguyên giá (đồng)": [("1,250,000,000", None), ("0", None)],
        },
    ),
    "a day without lessons": (
        "school",
        "Hôm nay, trong giờ học",
        [("value", "number", [None, 99.5, 100, 12])],
        {"value": [("chưa có giờ học", GREY), ("99.5%", ORANGE), ("100.0%", GREEN), ("12.0%", RED)]},
    ),
    "a room without a fault": (
        "room",
        "Nhiều khả năng lỗi ở",
        [("cause", "string", ["", "dns"])],
        {"cause": [("không thấy lỗi", GREY), ("máy chủ tên miền", RED)]},
    ),
    "how long the internet was gone": (
        "line",
        "Mất Internet, tổng cộng",
        [("value", "number", [None, 3_900])],
        {"value": [("0", GREEN), ("01:05:00", RED)]},
    ),
    "certificates": (
        "services",
        "Số ngày chứng chỉ còn hạn",
        [("services/kho", "number", [89, 20, 3])],
        {"services/kho": [("89 d", GREEN), ("20 d", ORANGE), ("3 d", RED)]},
    ),
}


def panel(board: str, title: str) -> dict[str, Any]:
    [made] = [one.as_json(Setting("vi")) for one in BOARDS if one.name == board]
    found: dict[str, Any] = next(panel for panel in made["panels"] if panel["title"] == title)
    return found


@pytest.fixture(scope="module")
def shown() -> dict[str, list[dict[str, Any]]]:
    """What Grafana's code makes of all cases, in one run of node."""
    asked = [
        {
            "panel": panel(board, title),
            "fields": [{"name": name, "type": kind, "values": values} for name, kind, values in columns],
        }
        for board, title, columns, _ in CASES.values()
    ]
    return dict(zip(CASES, told_by_grafana("show.cjs", asked), strict=True))


def told_by_grafana(script: str, asked: object) -> Any:
    """What a script of ours makes of `asked` by Grafana's own code."""
    done = node(FOLDER / script, told=json.dumps(asked))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", CASES)
def test_people_see_words_and_colours_that_mean_what_was_answered(
    shown: dict[str, list[dict[str, Any]]], name: str
) -> None:
    wanted = CASES[name][-1]
    seen = {field["title"]: field["cells"] for field in shown[name]}
    for title, cells in wanted.items():
        assert [text for text, _ in seen[title]] == [text for text, _ in cells]
        for (_, colour), (_, expected) in zip(seen[title], cells, strict=True):
            assert expected in (None, colour)


def test_intervals_and_ranges_are_grafanas() -> None:
    lengths = [int(3_600_000 * 1.1**number) for number in range(120)]  # from an hour to ten years
    own = sorted({panel["timeFrom"] for panel in panels() if "timeFrom" in panel})
    told = told_by_grafana("range.cjs", {"lengths": lengths, "points": POINTS, "own": own})
    assert told["intervals"] == [interval_of(length, "5m") for length in lengths]
    assert len(set(told["intervals"])) > 8
    assert told["unknown"] == []
    assert {"now/d", "now/M", "7d", "30d"} <= set(own)


def panels() -> list[dict[str, Any]]:
    return [panel for board in BOARDS for panel in board.as_json(Setting("vi"))["panels"]]
