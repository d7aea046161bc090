"""Charts of one measured field over time: scales, outlines and readings; templates/charts.html draws them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from api.say import Say
from api.text import Text
from collector.store.protocol import DAY_MS, HOUR_MS, Point
from contract.metrics import Field

WIDTH, HEIGHT = 480, 100  # of the plot, in its own units; labels stand outside and keep their size
_GAP_STEPS = 2.5  # points further apart than this are not joined
_STEPS = (1, 2, 2.5, 5, 10)

SUMMARY = Text("{low} – {high}, trung bình {mean}", "{low} – {high}, mean {mean}")
READING = Text("{at}: {mean} ({low} – {high})", "{at}: {mean} ({low} – {high})")
READING_FLAT = Text("{at}: {mean}", "{at}: {mean}")


@dataclass(frozen=True, slots=True)
class Span:
    """The time a chart shows (UTC ms), its step, and what time it is."""

    since: int
    until: int
    step_ms: int
    now: int


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn. `y_labels` run from top to bottom, `x_labels` from left to right, both evenly spaced.

    `readings` hold, for each point, its place (0 to WIDTH) and what is said about it.
    """

    title: str
    newest: str
    line: str
    band: str
    dots: str
    limit: float | None
    y_labels: tuple[str, ...]
    x_labels: tuple[str, ...]
    readings: tuple[tuple[float, str], ...]
    summary: str


def chart(
    title: str, field: Field, points: Sequence[Point], span: Span, say: Say, *, limit: float | None = None
) -> Chart | None:
    """The chart of a field's points, None where nothing was measured. `limit` draws a line in the field's unit."""
    measured = [point for point in points if point.mean is not None]
    if not measured:
        return None
    low, high, ticks = scale(field, measured, limit)
    place = _Place(span, low, high)
    return Chart(
        title,
        _newest(field, measured[-1], span, say),
        *_outlines(measured, span, place),
        place.y(limit) if limit is not None and limit <= high else None,
        tuple(_said(field, tick, say) for tick in reversed(ticks)),
        tuple(_time(at, span, say) for at in range(span.since, span.until, (span.until - span.since) // 6)),
        tuple((place.x(point.at + span.step_ms / 2), _reading(field, point, span, say)) for point in measured),
        _summary(field, measured, say),
    )


def scale(field: Field, points: Sequence[Point], limit: float | None) -> tuple[float, float, list[float]]:
    """Lowest and highest value of the axis, and its labels between them, evenly spaced and round."""
    if field.unit == "%" and limit is None:
        return 0.0, 100.0, [0.0, 50.0, 100.0]
    highest = max(point.maximum or 0.0 for point in points)
    if limit is not None and highest > limit / 2:  # a limit far above all values would only flatten them
        highest = max(highest, limit)
    lowest = min([point.minimum or 0.0 for point in points] + [0.0 if highest > 0 else highest])
    if highest <= 0:  # signal strength: weak is -100, and nothing is above 0
        lowest, highest = min(lowest, -90.0), 0.0
    step = nice((highest - lowest) / 3)
    start = math.floor(lowest / step) * step
    count = max(math.ceil((highest - start) / step), 1)
    return start, start + count * step, [start + step * number for number in range(count + 1)]


def nice(rough: float) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that is not below `rough`; 1 where that is not positive."""
    if not rough > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return float(next((step * power for step in _STEPS if step * power >= rough * (1 - 1e-9)), 10 * power))


def is_current(point: Point, span: Span) -> bool:
    """Whether measuring goes on after this point as far as one can tell."""
    return span.now - point.at <= _GAP_STEPS * span.step_ms


def day_until(now: int) -> Span:
    """The 24 hours that end with the running hour, in steps of ten minutes."""
    until = now - now % HOUR_MS + HOUR_MS
    return Span(until - 24 * HOUR_MS, until, 600_000, now)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a time and a value stand in the plot."""

    span: Span
    low: float
    high: float

    def x(self, at: float) -> float:
        return round((at - self.span.since) / (self.span.until - self.span.since) * WIDTH, 1)

    def y(self, value: float) -> float:
        return round(HEIGHT - (value - self.low) / (self.high - self.low) * HEIGHT, 1)


def _outlines(points: Sequence[Point], span: Span, place: _Place) -> tuple[str, str, str]:
    """The line of the means, the band from lowest to highest, and dots for points that stand alone."""
    line, band, dots = [], [], []
    for run in runs(points, span.step_ms):
        spots = [(place.x(point.at + span.step_ms / 2), point) for point in run]
        if len(spots) == 1:
            dots.append(f"M{spots[0][0]} {place.y(run[0].mean or 0.0)}h0")
            continue
        line.append(_path([(x, place.y(point.mean or 0.0)) for x, point in spots]))
        above = [(x, place.y(point.maximum or 0.0)) for x, point in spots]
        below = [(x, place.y(point.minimum or 0.0)) for x, point in reversed(spots)]
        band.append(_path(above + below) + "z")
    return "".join(line), "".join(band), "".join(dots)


def runs(points: Sequence[Point], step_ms: int) -> list[list[Point]]:
    """The points in stretches without a gap."""
    found: list[list[Point]] = []
    for point in points:
        if found and point.at - found[-1][-1].at <= _GAP_STEPS * step_ms:
            found[-1].append(point)
        else:
            found.append([point])
    return found


def _path(spots: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in spots)


def _said(field: Field, value: float, say: Say) -> str:
    return say.value(field, round(value, max(field.decimals, 1)))


def _newest(field: Field, point: Point, span: Span, say: Say) -> str:
    """The last mean, or a dash where measuring has stopped since: an old number must not pass for the present."""
    return _said(field, point.mean or 0.0, say) if is_current(point, span) else "–"


def _time(at: int, span: Span, say: Say) -> str:
    """The clock; the day where a step is one."""
    return say.short_day(at) if span.step_ms >= DAY_MS else say.clock(at)


def _reading(field: Field, point: Point, span: Span, say: Say) -> str:
    mean, low, high = (_said(field, value or 0.0, say) for value in (point.mean, point.minimum, point.maximum))
    text = READING_FLAT if low == high else READING
    return say(text, at=_time(point.at, span, say), mean=mean, low=low, high=high)


def _summary(field: Field, points: Sequence[Point], say: Say) -> str:
    count = sum(point.count for point in points)
    mean = sum((point.mean or 0.0) * point.count for point in points) / count
    low, high = min(point.minimum or 0.0 for point in points), max(point.maximum or 0.0 for point in points)
    values = {name: _said(field, value, say) for name, value in (("low", low), ("mean", mean), ("high", high))}
    return say(SUMMARY, **values)
