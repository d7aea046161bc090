"""Bar charts of few values: places and labels; templates/bars.html draws them."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 480.0, 100.0  # of the plot, in its own units; labels stand outside and keep their size
_FILLED = 0.72  # of a bar's place
_MOST_LABELS = 6


@dataclass(frozen=True, slots=True)
class Bar:
    """A value with its label, and how both are read. `low`: it misses the goal, which the reading says too."""

    label: str
    value: float
    said: str
    low: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """What is drawn: `places` are x, y, width and height of each bar. `labels` are shown below, evenly spaced."""

    title: str
    summary: str
    places: tuple[tuple[float, float, float, float], ...]
    bars: tuple[Bar, ...]
    labels: tuple[str, ...]
    y_labels: tuple[str, ...]
    goal: float | None = None


def bars(
    title: str, summary: str, shown: Sequence[Bar], top: float, y_labels: Sequence[str], goal: float | None = None
) -> Bars | None:
    """The chart from 0 to `top`, None where there is nothing to show. `goal` draws a line."""
    if not shown or top <= 0:
        return None
    step = WIDTH / len(shown)
    width = step * _FILLED
    heights = [HEIGHT * min(max(bar.value, 0.0), top) / top for bar in shown]
    places = tuple(
        (round(place * step + (step - width) / 2, 1), round(HEIGHT - height, 1), round(width, 1), round(height, 1))
        for place, height in enumerate(heights)
    )
    every = -(-len(shown) // _MOST_LABELS)
    labels = tuple(bar.label if place % every == 0 else "" for place, bar in enumerate(shown))
    line = None if goal is None else round(HEIGHT - HEIGHT * goal / top, 1)
    return Bars(title, summary, places, tuple(shown), labels, tuple(y_labels), line)
