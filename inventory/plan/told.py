"""A plan as lines that people read at a command line. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from inventory.phrase import Phrase
from inventory.plan import told_words as words
from inventory.plan.candidates import Candidate
from inventory.plan.explain import NEXT_MONEY, school_year, warnings, why, why_not, would_buy
from inventory.plan.lists import new_but_failing, old_but_fine
from inventory.plan.options import KEEP
from inventory.plan.request import Pot
from inventory.plan.result import Plan, Planned
from inventory.plan.rules import Rules
from inventory.plan.what_if import Difference
from inventory.plan.words import ACTIONS, because, said, sentence
from inventory.text import Text, capital

ROUGH = 0.05  # of a gap: the greedy rule's own bound is often too rough to mean much
MOST_LISTED = 15


def told(plan: Plan, steps: tuple[Plan, Plan], rules: Rules, phrase: Phrase) -> Iterator[str]:
    """The whole plan. `steps`: those with a tenth less and a tenth more money."""
    request = plan.request
    for year in range(request.first_year, request.first_year + request.years):
        yield from _year(plan, year, phrase)
    yield phrase(words.TOTAL, count=len(plan.actions), money=phrase.money(plan.cost), percent=100 * plan.share)
    if plan.gap is not None:
        yield bound(plan.gap, phrase)
    less, more = (100 * step.share for step in steps)
    yield phrase(words.STEPS, less=less, more=more)
    yield _next_money(plan, phrase)
    yield from _lists(plan, rules, phrase)


def bound(gap: float, phrase: Phrase) -> str:
    """How much better any other plan could be at most; `gap` is a share."""
    return phrase(words.GAP if gap <= ROUGH else words.ROUGH_GAP, percent=round(100 * gap, 1))


def _year(plan: Plan, year: int, phrase: Phrase) -> Iterator[str]:
    actions = [action for action in plan.actions if action.year == year]
    budget, spent = sum(pot.amount for pot in plan.request.pots if pot.year == year), plan.spent(year)
    money = {"spent": phrase.money(spent), "budget": phrase.money(budget), "left": phrase.money(budget - spent)}
    yield phrase(words.YEAR, year=school_year(year), count=len(actions), **money)
    yield from (f"  {line}" for line in pots_said(plan, year, phrase))
    for action in actions:
        entry = plan.candidates[action.tag]
        paid = action.source and action.option.price
        line = phrase(words.ACTION, done=said(action.option, phrase), money=phrase.money(action.option.price))
        yield f"  {_named(entry)}"
        yield f"      {phrase(words.FROM_SOURCE, line=line, source=action.source) if paid else line}"
        if entry.reasons:
            reasons = because(entry.reasons, phrase, plan.request.today)
            yield f"      {phrase(words.BECAUSE, reasons=reasons)}"
        yield f"      {why(plan, action).said(phrase)}"
    yield ""


def pots_said(plan: Plan, year: int, phrase: Phrase) -> list[str]:
    """The money of a year by its sources, where there are several: what one has left may not be for another's work."""
    pots = [pot for pot in plan.request.pots if pot.year == year]
    return [_pot(plan, pot, phrase) for pot in pots] if len(pots) > 1 else []


def _pot(plan: Plan, pot: Pot, phrase: Phrase) -> str:
    amounts = {"spent": plan.spent(pot.year, pot.source), "budget": pot.amount, "left": plan.left(pot)}
    money = {name: phrase.money(amount) for name, amount in amounts.items()}
    line = phrase(words.POT, source=pot.source or phrase(words.ONE_SOURCE), **money)
    actions = ", ".join(phrase(ACTIONS[action]) for action in pot.pays_for)
    return phrase(words.POT_FOR, pot=line, actions=actions) if actions else line


def _next_money(plan: Plan, phrase: Phrase) -> str:
    first, money = plan.request.first_year, phrase.money(NEXT_MONEY)
    more = would_buy(plan, first)
    if not more:
        return phrase(words.NOTHING_MORE, money=money, year=school_year(first))
    return phrase(words.NEXT, money=money, year=school_year(first), actions=_actions(more, phrase))


def _lists(plan: Plan, rules: Rules, phrase: Phrase) -> Iterator[str]:
    candidates, today = list(plan.candidates.values()), plan.request.today
    planned = {action.tag for action in plan.actions} | {action.option.donor for action in plan.actions}
    wanting = [entry for entry in candidates if any(entry.needs) and entry.tag not in planned]
    wanting.sort(key=lambda entry: (-sum(entry.needs), entry.tag))
    for title, found in (
        (words.OLD_BUT_FINE, old_but_fine(candidates, rules)),
        (words.NEW_BUT_FAILING, new_but_failing(candidates, rules)),
    ):
        lines = [f"{_named(entry)}: {because(entry.reasons, phrase, today)}" for entry in found]
        yield from _listed(title, lines, phrase)
    lines = [
        f"{_named(entry)}: {because(entry.reasons, phrase, today)}\n      {why_not(plan, entry.tag).said(phrase)}"
        for entry in wanting
    ]
    yield from _listed(words.NOT_PLANNED, lines, phrase)
    yield from _listed(words.WARNINGS, [f"{tag}: {remark.said(phrase)}" for tag, remark in warnings(plan)], phrase)


def _listed(title: Text, lines: Sequence[str], phrase: Phrase) -> Iterator[str]:
    if lines:
        yield ""
        yield phrase(title, count=len(lines))
        yield from (f"  {line}" for line in lines[:MOST_LISTED])
    if len(lines) > MOST_LISTED:
        yield f"  {phrase(words.AND_MORE, count=len(lines) - MOST_LISTED)}"


def told_asset(plan: Plan, tag: str, phrase: Phrase) -> Iterator[str]:
    """One device: its reasons, what can be done, and why that is planned or not. Raises KeyError for another tag."""
    entry, planned = plan.candidates[tag], plan.of(tag)
    yield _named(entry)
    if not entry.reasons:
        yield phrase(words.NO_REASON)
    else:
        yield phrase(words.REASONS)
        for reason in entry.reasons:
            weight = phrase(words.WEIGHT, percent=round(100 * reason.weight))
            yield f"  {weight:>5}  {sentence(reason, phrase, plan.request.today)}"
        yield phrase(words.OPTIONS)
        yield f"  {said(KEEP, phrase)}"
        yield from (f"  {line}" for line in _options(entry, phrase))
    if planned is None:
        yield phrase(words.NOT_IN_PLAN, why=why_not(plan, tag).said(phrase))
    else:
        done = said(planned.option, phrase)
        yield phrase(words.IN_PLAN, done=done, year=school_year(planned.year), why=why(plan, planned).said(phrase))


def _options(entry: Candidate, phrase: Phrase) -> Iterator[str]:
    whole = sum(entry.needs) or 1
    for offer in entry.offers:
        done, money = said(offer.option, phrase), phrase.money(offer.option.price)
        yield phrase(words.OPTION, done=done, money=money, percent=round(100 * offer.gains[0] / whole))


def told_difference(found: Difference, phrase: Phrase) -> Iterator[str]:
    """What wishes change against the plan without them."""
    points, cost = (f"{'+' if value > 0 else ''}{phrase.number(value, 0)}" for value in (found.covered, found.cost))
    yield phrase(words.CHANGED, points=points, money=f"{cost} VND")
    for text, actions in ((words.ADDED, found.added), (words.DROPPED, found.dropped)):
        if actions:
            yield f"  {phrase(text, actions=_actions(actions, phrase))}"
    if found.moved:
        moves = [
            phrase(words.MOVE, tag=before.tag, before=school_year(before.year), after=school_year(after.year))
            for before, after in found.moved
        ]
        yield f"  {phrase(words.MOVED, actions='; '.join(moves))}"


def _actions(actions: Iterable[Planned], phrase: Phrase) -> str:
    return "; ".join(f"{action.tag} ({said(action.option, phrase)})" for action in actions)


def _named(entry: Candidate) -> str:
    return f"{entry.tag} {capital(entry.asset.name)}"
