"""The upgrade plan as its page shows it: years with their sums, each device with reasons and options. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from api.say import Say
from api.text import Text
from inventory.plan.candidates import Candidate
from inventory.plan.explain import NEXT_MONEY, school_year, warnings, why, why_not, would_buy
from inventory.plan.lists import new_but_failing, old_but_fine
from inventory.plan.options import KEEP, Option
from inventory.plan.result import Plan, Planned
from inventory.plan.rules import Rules
from inventory.plan.told import pots_said
from inventory.plan.what_if import Difference
from inventory.plan.words import said, sentence
from inventory.text import capital

MOST_SHOWN = 100  # devices on one page; the JSON has all

FREE = Text("không tốn tiền", "costs nothing")
COVERS = Text("giải quyết {percent} % nhu cầu", "covers {percent}% of its need")
OVER = Text("vượt mức tối đa {money}", "{money} above the ceiling")
STANDS_IDLE = Text(
    "{donor} đang để không, sẽ chuyển tới chỗ của {tag}", "{donor} stands idle and goes to the place of {tag}"
)
SIGNED = Text("{sign}{amount}", "{sign}{amount}")
MOVED = Text("{what}: từ năm học {before} sang {after}", "{what}: from {before} to {after}")


@dataclass(frozen=True, slots=True)
class Line:
    """A device, what is planned for it, and why. `done` is empty where nothing is; `warning` where it is too dear."""

    tag: str
    name: str
    room: str
    kind: str
    done: str
    money: str
    source: str
    reasons: tuple[str, ...]
    why: str
    pinned: bool = False
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Year:
    """One school year. `share` is how much of its money is spent, in percent; None: it has none. `pots`: by source."""

    year: int
    name: str
    spent: str
    budget: str
    left: str
    share: float | None
    lines: tuple[Line, ...]
    pots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One option of a device: what is done, what it costs, what it is worth. `action` is its name in addresses."""

    action: str
    done: str
    money: str
    worth: str


@dataclass(frozen=True, slots=True)
class Detail:
    """A device with all its reasons, what can be done, and what the plan says to that."""

    line: Line
    reasons: tuple[tuple[str, str], ...]  # weight, sentence
    ways: tuple[Way, ...]


def years(plan: Plan, rooms: Mapping[str, str], say: Say) -> list[Year]:
    """The plan by year. `rooms`: names by id."""
    too_dear = dict(warnings(plan))
    found = []
    for year in range(plan.request.first_year, plan.request.first_year + plan.request.years):
        budget, spent = budget_of(plan, year), plan.spent(year)
        lines = [
            _line(plan, action, rooms, say, too_dear[action.tag].said(say) if action.tag in too_dear else "")
            for action in plan.actions
            if action.year == year
        ]
        share = 100 * spent / budget if budget else None
        told, whole, left = (say.money(amount) for amount in (spent, budget, budget - spent))
        pots = tuple(pots_said(plan, year, say))
        found.append(Year(year, school_year(year), told, whole, left, share, tuple(lines), pots))
    return found


def budget_of(plan: Plan, year: int) -> int:
    """VND of a school year from all sources."""
    return sum(pot.amount for pot in plan.request.pots if pot.year == year)


def _line(plan: Plan, action: Planned, rooms: Mapping[str, str], say: Say, warning: str) -> Line:
    entry = plan.candidates[action.tag]
    return Line(
        *named(entry, rooms),
        capital(said(action.option, say)),
        say.money(action.option.price) if action.option.price else say(FREE),
        action.source if action.option.price else "",
        sentences(entry, plan, say),
        why(plan, action).said(say),
        action.pinned,
        warning,
    )


def named(entry: Candidate, rooms: Mapping[str, str]) -> tuple[str, str, str, str]:
    """Tag, name, room and kind of a device."""
    asset = entry.asset
    return entry.tag, capital(asset.name), rooms.get(asset.room, asset.room), asset.kind


def sentences(entry: Candidate, plan: Plan, say: Say) -> tuple[str, ...]:
    """Its reasons, the heaviest first."""
    return tuple(capital(sentence(reason, say, plan.request.today)) for reason in entry.reasons)


def idle_line(plan: Plan, entry: Candidate, rooms: Mapping[str, str], say: Say) -> Line:
    """A device for which nothing is planned."""
    reasons = sentences(entry, plan, say)
    user = next((action.tag for action in plan.actions if action.option.donor == entry.tag), "")
    answer = say(STANDS_IDLE, donor=entry.tag, tag=user) if user else why_not(plan, entry.tag).said(say)
    return Line(*named(entry, rooms), "", "", "", reasons, capital(answer))


def details(plan: Plan, rooms: Mapping[str, str], say: Say) -> list[Detail]:
    """Every device that has a reason, the greatest need first, then by tag."""
    needy = [entry for entry in plan.candidates.values() if entry.reasons]
    needy.sort(key=lambda entry: (-sum(entry.needs), entry.tag))
    return [_detail(plan, entry, rooms, say) for entry in needy[:MOST_SHOWN]]


def _detail(plan: Plan, entry: Candidate, rooms: Mapping[str, str], say: Say) -> Detail:
    action = plan.of(entry.tag)
    line = _line(plan, action, rooms, say, "") if action else idle_line(plan, entry, rooms, say)
    weights = (say.with_unit(round(100 * reason.weight), "%") for reason in entry.reasons)
    return Detail(line, tuple(zip(weights, line.reasons, strict=True)), tuple(_ways(entry, say)))


def _ways(entry: Candidate, say: Say) -> Iterable[Way]:
    whole = sum(entry.needs) or 1
    yield Way("keep", capital(said(KEEP, say)), say(FREE), "")
    for offer in entry.offers:
        worth = say(COVERS, percent=round(100 * offer.gains[0] / whole))
        over = offer.option.over_ceiling
        note = f"{worth}; {say(OVER, money=say.money(over))}" if over else worth
        yield Way(offer.option.action, capital(said(offer.option, say)), _price(offer.option, say), note)


def _price(option: Option, say: Say) -> str:
    return say.money(option.price) if option.price else say(FREE)


def misleading(plan: Plan, rules: Rules, rooms: Mapping[str, str], say: Say) -> tuple[list[Line], list[Line]]:
    """Where age misleads: old but fine, new but failing."""
    candidates = list(plan.candidates.values())
    old, new = old_but_fine(candidates, rules), new_but_failing(candidates, rules)
    return [idle_line(plan, entry, rooms, say) for entry in old], [idle_line(plan, entry, rooms, say) for entry in new]


def left_out(plan: Plan, rooms: Mapping[str, str], say: Say) -> list[Line]:
    """In need, and not in the plan: the greatest need first, with why."""
    planned = {action.tag for action in plan.actions} | {action.option.donor for action in plan.actions}
    wanting = [entry for entry in plan.candidates.values() if any(entry.needs) and entry.tag not in planned]
    wanting.sort(key=lambda entry: (-sum(entry.needs), entry.tag))
    return [idle_line(plan, entry, rooms, say) for entry in wanting]


def next_money(plan: Plan, rooms: Mapping[str, str], say: Say) -> tuple[str, list[Line]]:
    """What so much more in the first year would buy, and how much that is."""
    found = [_line(plan, action, rooms, say, "") for action in would_buy(plan, plan.request.first_year)]
    return say.money(NEXT_MONEY), found


def signed(amount: int, say: Say) -> str:
    """A difference in VND with its sign."""
    sign = "+" if amount > 0 else "−" if amount < 0 else ""
    return say(SIGNED, sign=sign, amount=say.money(abs(amount)))


@dataclass(frozen=True, slots=True)
class Change:
    """What wishes change: points and money with their signs, and what comes, goes, or moves to another year."""

    covered: str
    cost: str
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    moved: tuple[str, ...]


def change(found: Difference, needed: int, say: Say) -> Change:
    """`needed`: all points of need, which the difference is a share of."""
    percent = 100 * found.covered / needed if needed else 0.0
    sign = "+" if percent > 0 else "−" if percent < 0 else ""
    moved = (
        say(MOVED, what=_what(after, say), before=school_year(before.year), after=school_year(after.year))
        for before, after in found.moved
    )
    return Change(
        say(SIGNED, sign=sign, amount=say.with_unit(round(abs(percent), 1), "%")),
        signed(found.cost, say),
        _told(found.added, say),
        _told(found.dropped, say),
        tuple(moved),
    )


def _told(actions: Sequence[Planned], say: Say) -> tuple[str, ...]:
    return tuple(f"{_what(action, say)}, {school_year(action.year)}" for action in actions)


def _what(action: Planned, say: Say) -> str:
    return f"{action.tag}: {said(action.option, say)}"
