"""The line on top of a school's page: how many classrooms are connected, now and today, and what to look at first."""

from dataclasses import dataclass

from api.say import Say
from api.text import Text
from api.texts import ALL_CLEAR, CONNECTED_OF
from api.view.sentences import state_word, why
from api.view.site import SiteNow, connected
from api.words import ROOM_STATES, ROOM_WAITING
from collector.store.protocol import RoomState

SPOKEN = Text("{name}: {state}. {why}.", "{name}: {state}. {why}.")
_SPOKEN_ROOMS = 5  # what a screen reader is told unasked stays short


@dataclass(frozen=True, slots=True)
class Glance:
    """`part` of `whole` classrooms reach the internet; `today` in percent of lesson time, None before the first lesson.

    `states` are rows of (style, word, how many classrooms).
    """

    part: int
    whole: int
    today: float | None
    tone: str
    states: tuple[tuple[str, str, int], ...]


def glance(site: SiteNow, say: Say) -> Glance:
    counts = site.classrooms
    part, whole = connected(counts), sum(counts.values())
    states = [(state.value, say(ROOM_STATES[state]), counts[state]) for state in RoomState]
    if counts[None]:
        states.append(("unknown", say(ROOM_WAITING), counts[None]))
    return Glance(part, whole, site.today.connected_percent, _tone(site), tuple(states))


def spoken(site: SiteNow, say: Say) -> str:
    """What a screen reader says when it changes."""
    counts = site.classrooms
    rooms = [
        say(SPOKEN, name=view.name, state=state_word(view, say), why=why(view, site.school.limits, say))
        for view in site.troubles[:_SPOKEN_ROOMS]
    ]
    numbers = say(CONNECTED_OF, part=connected(counts), whole=sum(counts.values()))
    return f"{numbers}. " + (" ".join(rooms) or say(ALL_CLEAR))


def _tone(site: SiteNow) -> str:
    worst = max((view.trouble for view in site.rooms if view.room.classroom), default=0)
    return {3: "disconnected", 2: "degraded", 1: "degraded"}.get(worst, "calm")
