"""Questions expanded as Grafana does it, on a board of a few lines."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.expand import interpolated, interval_of, length_ms, panel_questions, range_of, variables

NOW = 1_795_644_600_000  # 2026-11-25 22:10 UTC; the 26th in Viet Nam
BOARD: dict[str, Any] = {
    "time": {"from": "now-24h", "to": "now"},
    "timezone": "Asia/Ho_Chi_Minh",
    "templating": {
        "list": [
            {"name": "site", "query": 'SHOW TAG VALUES WITH KEY = "site"', "regex": "", "includeAll": False},
            {
                "name": "rooms",
                "query": "SELECT choice WHERE site = '$site' AND $__to - $__from",
                "regex": "/^(?<text>.*) · (?<value>[^ ]+)$/",
                "includeAll": True,
            },
        ]
    },
    "panels": [
        {"title": "row"},
        {
            "title": "one",
            "interval": "5m",
            "targets": [
                {"refId": "A", "query": "room =~ /^$rooms$/ AND $timeFilter GROUP BY time($__interval) $tag_x"}
            ],
        },
        {"title": "two", "interval": "5m", "timeFrom": "1h", "targets": [{"refId": "B", "query": "$timeFilter"}]},
    ],
}


def answer(query: str) -> list[Mapping[str, Any]]:
    if query.startswith("SHOW"):
        return [{"values": [["site", "hoa-mai"], ["site", "son-ca"]]}]
    assert query == f"SELECT choice WHERE site = 'hoa-mai' AND {NOW} - {NOW - 86_400_000}"
    return [{"values": [[0, "Lớp Mầm 1 · mam-1"], [0, "Lớp · Mầm 2 · mam-2"], [0, "no id"]]}]


def test_variables_take_the_first_value_or_all_and_panels_get_them() -> None:
    values, asked = variables(BOARD, NOW, {}, answer)
    assert (values["site"], values["rooms"], len(asked)) == ("hoa-mai", ["mam-1", "mam-2"], 2)
    first, second = panel_questions(BOARD, NOW, values)
    day = f"time >= {NOW - 86_400_000}ms and time <= {NOW}ms"
    assert first.text == f"room =~ /^(mam-1|mam-2)$/ AND {day} GROUP BY time(5m) $tag_x"
    assert (second.where, second.text) == ("two B", f"time >= {NOW - 3_600_000}ms and time <= {NOW}ms")


def test_what_a_person_chose_is_taken() -> None:
    with pytest.raises(AssertionError):  # the second variable is asked with the chosen site
        variables(BOARD, NOW, {"site": "son-ca"}, answer)


def test_today_and_this_month_begin_in_the_boards_time_zone() -> None:
    assert range_of(BOARD, "now/d", NOW) == (1_795_626_000_000, NOW)  # 2026-11-26 00:00 in Viet Nam
    assert range_of(BOARD, "now/M", NOW) == (1_793_466_000_000, NOW)  # 2026-11-01
    assert range_of({**BOARD, "timezone": "UTC"}, "now/d", NOW) == (1_795_564_800_000, NOW)


@pytest.mark.parametrize(
    ("length", "step"), [("1h", "5m"), ("24h", "5m"), ("7d", "10m"), ("30d", "30m"), ("400d", "12h"), ("9000d", "7d")]
)
def test_an_interval_is_rounded_to_a_step_and_never_shorter_than_the_rollup(length: str, step: str) -> None:
    assert interval_of(length_ms(length), "5m") == step


def test_a_length_that_is_none_is_said() -> None:
    with pytest.raises(ValueError, match="no length of time"):
        length_ms("now/w")


@given(st.text(alphabet="abc/.$()|^ ", max_size=8), st.text(alphabet="abc/.$()|^ ", max_size=8))
def test_a_value_in_a_regular_expression_matches_itself_only(one: str, other: str) -> None:
    text = interpolated("^$x$", {"x": [one]})
    assert re.search(text, one)
    assert bool(re.search(text, other)) is (one == other)
