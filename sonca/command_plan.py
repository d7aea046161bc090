"""`sonca plan`: which devices need something, and what the money of the coming school years covers."""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from collector.store.school_plan import school_candidates
from contract.trouble import Trouble
from inventory.phrase import Phrase
from inventory.plan import told_words as words
from inventory.plan.candidates import Candidate
from inventory.plan.explain import school_year
from inventory.plan.make import make_plan
from inventory.plan.plain import plain_plan
from inventory.plan.request import Pin, PlanRequest
from inventory.plan.result import Plan
from inventory.plan.rules import Rules
from inventory.plan.told import told, told_asset, told_difference
from inventory.plan.what_if import ACTIONS, budget_steps, difference, excluded, pinned, read_pin, room_first
from inventory.school import School
from inventory.text import Language
from sonca import inventory_door
from sonca.school_sources import day_of, opened_sources
from sonca.wishes import add_wishes, wishes

TEACHING = """\
examples:
  sonca plan                                    by the money and the wishes of plan.yaml
  sonca plan --budget 60000000                  so much each school year
  sonca plan --budget 2027=60000000 2028=80000000 --json
  sonca plan --asset TS-014                     its reasons, what can be done, and why that is planned or not
  sonca plan --budget-percent 90                what if there were a tenth less money
  sonca plan --room-first mam-1 --exclude TS-003 --pin TS-014=replace@2027

The last two lines ask what if: the plan also says what these wishes change. Keep them by writing them to plan.yaml.
Sentences are Vietnamese unless --language en is given. docs/plan.md tells more.
"""


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    settings, now = wishes(options), inventory_door.now_ms()
    with opened_sources(options.settings, options.site, options.language) as sources:
        plain = settings.request(day_of(options.as_of, sources.school, now))
        asked, rules = _what_if(plain, options, sources.school), settings.own_rules()
        candidates = school_candidates(sources, asked, now, rules=rules, prices=settings.own_prices())
        plan, phrase = make_plan(candidates, asked), Phrase(Language(options.language))
        if options.json:
            answer = {"school": sources.school.name, "simulated": sources.school.simulated}
            print(json.dumps(answer | plain_plan(plan, rules, phrase), ensure_ascii=False, indent=1))
            return 0
        for line in _lines(options, sources.school, candidates, plan, plain, rules, phrase):
            print(line)
    return 0


def _lines(
    options: argparse.Namespace,
    school: School,
    candidates: Sequence[Candidate],
    plan: Plan,
    plain: PlanRequest,
    rules: Rules,
    phrase: Phrase,
) -> Iterator[str]:
    request = plan.request
    if options.asset:
        if options.asset not in plan.candidates:
            raise Trouble(f"the plan has no asset {options.asset!r}", "sonca inventory list shows all")
        yield from told_asset(plan, options.asset, phrase)
        return
    first, last = request.first_year, request.first_year + request.years - 1
    yield phrase(words.TITLE, first=school_year(first), last=school_year(last))
    yield phrase(words.OF_SCHOOL, school=school.name, day=request.today)
    if school.simulated:
        yield phrase(words.SIMULATED)
    yield ""
    yield from told(plan, budget_steps(candidates, request), rules, phrase)
    if request != plain:
        yield ""
        yield from told_difference(difference(make_plan(candidates, plain), plan), phrase)


def _what_if(request: PlanRequest, options: argparse.Namespace, school: School) -> PlanRequest:
    """The request with the wishes of the command line. Raises Trouble."""
    if options.budget_percent is not None:
        if options.budget_percent < 0:
            raise Trouble("--budget-percent is less than nothing", "90 is a tenth less, 110 a tenth more")
        request = request.with_budget(options.budget_percent)
    known = [room.id for room in school.rooms]
    for room in options.room_first:
        if room not in known:
            raise Trouble(f"there is no room {room!r}", f"the rooms are {', '.join(known)}")
        request = room_first(request, room)
    for tag in options.exclude:
        request = excluded(request, tag)
    for written in options.pin:
        request = pinned(request, _pin(written))
    return request


def _pin(written: str) -> Pin:
    pin = read_pin(written)
    if pin is None:
        hint = f"write TAG=ACTION@YEAR, like TS-014=replace@2027; actions are {', '.join(ACTIONS)}"
        raise Trouble(f"--pin {written}: is no pin", hint)
    return pin


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "sonca plan",
        description="Plans upgrades: what each device needs by what was measured, and what the money covers.",
        epilog=TEACHING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--settings", type=Path, default=Path("sonca.yaml"), help="default: ./sonca.yaml")
    add_wishes(parser)
    parser.add_argument("--as-of", default="", metavar="DAY", help="by what was measured up to then (default today)")
    parser.add_argument("--asset", default="", metavar="TAG", help="tell about this device only")
    parser.add_argument("--budget-percent", type=int, metavar="N", help="what if there were so much of all money")
    parser.add_argument("--room-first", nargs="+", default=[], metavar="ROOM", help="what if these rooms went first")
    parser.add_argument("--pin", nargs="+", default=[], metavar="TAG=ACTION@YEAR", help="what if this were settled")
    parser.add_argument("--exclude", nargs="+", default=[], metavar="TAG", help="what if these were left out")
    parser.add_argument("--language", choices=list(Language), default="vi", help="of sentences (default vi)")
    parser.add_argument("--json", action="store_true", help="for programs")
    return parser
