"""How a device fared over the last 30 days, for the page of its asset: what fills up or wears out, day by day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from api.say import Say
from api.view.charts import Chart, Span, chart
from api.view.device import Key, target_of, title_of
from collector.store.protocol import DAY_MS, Point, StoredMeasurement
from contract.metrics import PROBES
from inventory.lesson_time import midnight
from inventory.school import School

DAYS = 30
MOST_CHARTS = 6
_SHOWN: tuple[tuple[str, str], ...] = (
    ("lamp", "hours"),
    ("supply", "level_percent"),
    ("ups", "charge_percent"),
    ("host", "memory_used_percent"),
    ("disk", "disk_used_percent"),
    ("smart", "wear_percent"),
    ("wifi", "signal_dbm"),
    ("wifi_network", "clients"),
    ("snmp_host", "memory_used_percent"),
    ("snmp_system", "answer_ms"),
)


def month_until(now: int, zone: ZoneInfo) -> Span:
    """The 30 days at the school that end with today, in steps of a day."""
    today = datetime.fromtimestamp(now / 1000, zone).date()
    since, until = (midnight(today + timedelta(days), zone) for days in (1 - DAYS, 1))
    return Span(since, until, DAY_MS, now)


def charted(latest: Iterable[StoredMeasurement]) -> list[Key]:
    """What is worth a chart, of what was measured."""
    known = sorted({(entry.probe, entry.target) for entry in latest})
    return [(probe, target, field) for probe, field in _SHOWN for other, target in known if other == probe]


def month_charts(series: Mapping[Key, Sequence[Point]], span: Span, school: School, say: Say) -> list[Chart]:
    """The charts of the series in which anything was measured. `series`: in steps of an hour."""
    drawn = (
        chart(
            title_of(probe, field, target_of(probe, target, school, say), say),
            PROBES[probe].fields[field],
            by_day(points, say.zone),
            span,
            say,
        )
        for (probe, target, field), points in series.items()
    )
    return [figure for figure in drawn if figure is not None][:MOST_CHARTS]


def by_day(points: Iterable[Point], zone: ZoneInfo) -> list[Point]:
    """Points in time order, gathered by the days of a time zone; each stands at its midnight."""
    measured = (point for point in points if point.mean is not None and point.count)
    days = groupby(measured, lambda point: datetime.fromtimestamp(point.at / 1000, zone).date())
    return [_gathered(midnight(day, zone), list(found)) for day, found in days]


def _gathered(at: int, points: Sequence[Point]) -> Point:
    count = sum(point.count for point in points)
    mean = sum((point.mean or 0.0) * point.count for point in points) / count
    lows = [point.minimum for point in points if point.minimum is not None]
    highs = [point.maximum for point in points if point.maximum is not None]
    return Point(at, mean, min(lows, default=mean), max(highs, default=mean), count)
