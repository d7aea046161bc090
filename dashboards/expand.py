"""Expands the questions of a board's JSON as Grafana does, so that they can be asked without a Grafana.

What is imitated: variables are asked one after the other, each with the values of those before it; a variable of many
values becomes `(a|b)` of escaped values; `$timeFilter`, `$__interval`, `$__from` and `$__to` come from the range, which
a panel may replace by its own (`timeFrom`).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dashboards.words import NO_DATA

POINTS = 1_000  # about as many as a panel on a usual screen is wide
_UNITS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
# What Grafana rounds an interval to that is below so many ms; boards need none that is shorter than a slice.
_STEPS = ((450_000, "5m"), (750_000, "10m"), (1_050_000, "15m"), (1_500_000, "20m"), (2_700_000, "30m"),
          (5_400_000, "1h"), (9_000_000, "2h"), (16_200_000, "3h"), (32_400_000, "6h"), (86_400_000, "12h"),
          (604_800_000, "1d"))  # fmt: skip
_VARIABLE = re.compile(r"\$\{(\w+)\}|\$(\w+)")

Ask = Callable[[str], Sequence[Mapping[str, Any]]]  # a query's series, as InfluxDB's JSON has them
Values = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it reaches the InfluxDB; `where` says of which panel or variable it is.

    `may_be_empty`: its panel has words of its own for finding nothing.
    """

    where: str
    text: str
    may_be_empty: bool = False


def variables(
    board: Mapping[str, Any], now: int, chosen: Mapping[str, str], ask: Ask
) -> tuple[dict[str, Any], list[Question]]:
    """The value of each variable, and the questions that found them; `chosen` is what a person picked."""
    since, until = range_of(board, "", now)
    values: dict[str, Any] = {"__from": str(since), "__to": str(until)}
    asked = []
    for variable in board["templating"]["list"]:
        question = Question(f"variable {variable['name']}", interpolated(variable["query"], values))
        asked.append(question)
        found = _choices(ask(question.text), variable["regex"])
        if variable["includeAll"]:
            values[variable["name"]] = found
        else:
            values[variable["name"]] = chosen.get(variable["name"]) or next(iter(found), "")
    return values, asked


def panel_questions(board: Mapping[str, Any], now: int, values: Values) -> Iterator[Question]:
    """The questions of every panel."""
    for panel in board["panels"]:
        said = panel.get("fieldConfig", {}).get("defaults", {}).get("noValue", NO_DATA.en)
        for target in panel.get("targets", ()):
            since, until = range_of(board, panel.get("timeFrom", ""), now)
            told = {
                **values,
                "timeFilter": f"time >= {since}ms and time <= {until}ms",
                "__interval": interval_of(until - since, panel["interval"]),
            }
            where = f"{panel['title']} {target['refId']}"
            yield Question(where, interpolated(target["query"], told), said not in (NO_DATA.vi, NO_DATA.en))


def interpolated(text: str, values: Values) -> str:
    """The text with the variables it names; what nobody knows stays, as Grafana leaves it."""

    def value(match: re.Match[str]) -> str:
        found = values.get(match[1] or match[2])
        if found is None:
            return match[0]
        return found if isinstance(found, str) else f"({'|'.join(map(_escaped, found))})"

    return _VARIABLE.sub(value, text)


def range_of(board: Mapping[str, Any], panel_since: str, now: int) -> tuple[int, int]:
    """The range of a panel in UTC ms: its own (`1h`, `now/d`, `now/M`), else the board's."""
    since = panel_since or str(board["time"]["from"]).removeprefix("now-")
    if since in ("now/d", "now/M"):
        here = datetime.fromtimestamp(now / 1000, ZoneInfo(board["timezone"]))
        start = here.replace(hour=0, minute=0, second=0, microsecond=0)
        return int((start.replace(day=1) if since == "now/M" else start).timestamp() * 1000), now
    return now - length_ms(since), now


def interval_of(length: int, least: str) -> str:
    """The step of `GROUP BY time`, as Grafana rounds it; no shorter than the panel's own."""
    rounded = next((name for below, name in _STEPS if length / POINTS < below), "7d")
    return max(rounded, least, key=length_ms)


def length_ms(text: str) -> int:
    """`30m`, `24h`, `7d` in milliseconds. Raises ValueError."""
    match = re.fullmatch(r"(\d+)([smhd])", text)
    if match is None:
        raise ValueError(f"{text!r} is no length of time like 24h")
    return int(match[1]) * _UNITS[match[2]]


def _choices(series: Sequence[Mapping[str, Any]], regex: str) -> list[str]:
    """What a variable offers: the second column (SHOW TAG VALUES and SELECT have another first), by its regex."""
    texts = dict.fromkeys(str(row[1]) for one in series for row in one["values"])
    if not regex:
        return list(texts)
    pattern = re.compile(regex.strip("/").replace("(?<", "(?P<"))
    return [match["value"] for text in texts if (match := pattern.search(text))]


def _escaped(value: str) -> str:
    return re.sub(r"[\\^$*+?.()|[\]{}/]", r"\\\g<0>", value)
