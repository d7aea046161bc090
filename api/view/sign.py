"""A sign of a device's health: a line with its word, its tone, and a bar where a share says it better."""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """How a sign is meant, from the best to the worst; `plain` says nothing about health."""

    PLAIN = "plain"
    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Sign:
    """`name` is for programs. `share` (0 to 100) is drawn as a bar; `note` says more in small print."""

    name: str
    tone: Tone
    label: str
    value: str
    share: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PortMark:
    """One port in the strip of a switch: up, down, off (by its administrator) or errors."""

    name: str
    state: str


def worst(tones: list[Tone]) -> Tone:
    order = list(Tone)
    return max(tones, key=order.index, default=Tone.PLAIN)


def tone_above(value: float, watch: float, bad: float) -> Tone:
    """By two limits that are better not reached."""
    return Tone.BAD if value >= bad else Tone.WATCH if value >= watch else Tone.GOOD
