"""What somebody tries with the plan, as its page shows it: the form, and each wish with the way to take it back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from api import texts_plan as words
from api.asking_plan import Wishes
from api.plans import SchoolPlan
from api.say import Say
from inventory.plan.explain import school_year
from inventory.plan.options import Action
from inventory.plan.what_if import ACTIONS, read_pin
from inventory.plan.words import ACTIONS as ACTION_WORDS


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that is tried, and the wishes without it."""

    said: str
    without: Wishes


@dataclass(frozen=True, slots=True)
class Form:
    """What the form offers: value and words of each choice."""

    percents: tuple[tuple[int, str], ...]
    rooms: tuple[tuple[str, str], ...]
    assets: tuple[tuple[str, str], ...]
    actions: tuple[tuple[Action, str], ...]
    years: tuple[tuple[int, str], ...]


def form_of(found: SchoolPlan, wishes: Wishes, say: Say) -> Form:
    """Every room, every asset with a reason, every action and year."""
    percents = [(percent, say(text)) for percent, text in words.PERCENTS.items()]
    if wishes.percent not in words.PERCENTS:
        percents.append((wishes.percent, say(words.OTHER_PERCENT, percent=wishes.percent)))
    first = found.request.first_year
    return Form(
        tuple(percents),
        tuple(found.rooms.items()),
        tuple((entry.tag, f"{entry.tag} {entry.asset.name}") for entry in found.candidates if entry.reasons),
        tuple((action, say(ACTION_WORDS[action])) for action in ACTIONS),
        tuple((year, school_year(year)) for year in range(first, first + found.request.years)),
    )


def wished(wishes: Wishes, rooms: Mapping[str, str], say: Say) -> list[Wish]:
    """Each wish. `rooms`: names by id."""
    found = []
    if wishes.budget is not None:
        found.append(Wish(say(words.WISHED_BUDGET, money=say.money(wishes.budget)), replace(wishes, budget=None)))
    if wishes.percent != 100:
        found.append(Wish(say(words.WISHED_PERCENT, percent=wishes.percent), replace(wishes, percent=100)))
    for room in wishes.rooms_first:
        others = tuple(other for other in wishes.rooms_first if other != room)
        found.append(Wish(say(words.WISHED_ROOM, room=rooms.get(room, room)), replace(wishes, rooms_first=others)))
    for written in wishes.pins:
        others = tuple(other for other in wishes.pins if other != written)
        found.append(Wish(_pin(written, say), replace(wishes, pins=others)))
    for tag in wishes.excluded:
        others = tuple(other for other in wishes.excluded if other != tag)
        found.append(Wish(say(words.WISHED_EXCLUDED, tag=tag), replace(wishes, excluded=others)))
    return found


def _pin(written: str, say: Say) -> str:
    pin = read_pin(written)
    if pin is None:
        return written
    action = say(ACTION_WORDS[pin.action])
    return say(words.WISHED_PIN, tag=pin.tag, action=action, year=school_year(pin.year))
