"""JSON about the plan and the principal's page."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.answering import head
from api.answers import ErrorAnswer
from api.answers_plan import (
    DocumentAnswer,
    ListedAnswer,
    NextAnswer,
    NoticeAnswer,
    PeriodAnswer,
    PlanAnswer,
    PlanChangeAnswer,
    PrincipalAnswer,
)
from api.asking import AllSites, AskedLanguage, say_for
from api.asking_plan import AskedWishes, plan_with
from api.plan_files import settings_file
from api.problems import Problem
from api.report_files import file_names, missing
from api.routes_plan import AllPlans, owned, report_of
from api.routes_site import ERRORS
from api.say import Say
from api.sources import now_ms
from api.text import Language
from api.view import principal
from inventory.plan.explain import NEXT_MONEY, would_buy
from inventory.plan.plain import plain_plan
from inventory.plan.what_if import Difference
from inventory.report.connectivity import GOAL_PERCENT
from inventory.report.data import ReportData

NO_REGISTER: dict[int | str, dict[str, Any]] = {
    404: {"model": ErrorAnswer, "description": "no such site, or it has no school file or an empty register"}
}

router = APIRouter(prefix="/api/v1", responses={**ERRORS, **NO_REGISTER}, tags=["plan"])


@router.get("/sites/{site}/plan", summary="The upgrade plan, and what if")
def read_plan(site: str, plans: AllPlans, wishes: AskedWishes, language: AskedLanguage) -> PlanAnswer:
    found = owned(plans.of(site, now_ms()))
    asked, say = plan_with(found, wishes), say_for(found.school, language)
    plan = asked.plan
    return PlanAnswer.model_validate(
        {
            **head(found.school, found.at),
            **plain_plan(plan, found.rules, say),
            "notice": notice(found.problem, say),
            "change": asked.change and _change(asked.change),
            "next_money": NextAnswer(
                vnd=NEXT_MONEY, tags=[action.tag for action in would_buy(plan, plan.request.first_year)]
            ),
        }
    )


@router.get("/sites/{site}/principal", summary="The numbers of the principal's page")
def read_principal(
    site: str,
    sites: AllSites,
    plans: AllPlans,
    language: AskedLanguage,
    period: Annotated[
        str,
        Query(description="a month 2026-11, a term 2026-2027-1 or a school year 2026-2027; this month unless asked"),
    ] = "",
) -> PrincipalAnswer:
    found, data = report_of(plans, site, period, now_ms())
    say, numbers = say_for(found.school, language), principal.numbers(data)
    files_problem = missing(settings_file(sites.sources.schools, site, "report"), language)
    return PrincipalAnswer(
        **head(found.school, found.at),
        notice=notice(found.problem, say),
        period=PeriodAnswer(
            period=data.period.written, first=data.period.first, last=data.period.last, name=say(data.period.name)
        ),
        connected_percent=numbers.connected,
        classrooms_good=numbers.rooms_good,
        classrooms_measured=numbers.rooms_measured,
        goal_percent=GOAL_PERCENT,
        assets=numbers.assets,
        assets_value_vnd=numbers.value,
        assets_without_price=numbers.without_price,
        need_attention=numbers.attention,
        past_useful_life=numbers.past_life,
        wearing_out=numbers.wearing_out,
        next_year=numbers.year,
        needed_vnd=numbers.needed,
        budget_vnd=numbers.budget,
        planned_vnd=numbers.planned,
        documents=_documents(data, site, language),
        documents_notice=notice(files_problem, say),
        **_lists_and_charts(data, site, say),
    )


def _lists_and_charts(data: ReportData, site: str, say: Say) -> dict[str, Any]:
    poor, ahead, buy = principal.lists(data, site, say)
    return {
        "poor_now": [_listed(entry) for entry in poor],
        "wearing_out_next": [_listed(entry) for entry in ahead],
        "to_buy": [_listed(entry) for entry in buy],
        "days": [{"label": f"{day.day:%d/%m}", "connected_percent": day.percent} for day in data.days],
        "years": [
            {"year": year.year, "budget_vnd": year.budget, "planned_vnd": year.planned}
            for year in principal.years_money(data)
        ],
    }


def _documents(data: ReportData, site: str, language: Language) -> list[DocumentAnswer]:
    return [
        DocumentAnswer(document=what, format=form, address=f"/reports/{site}/{name}")
        for what, form, name in file_names(data.period, language)
    ]


def _listed(entry: principal.Entry) -> ListedAnswer:
    told = asdict(entry)
    return ListedAnswer(
        **{name: told[name] for name in ("id", "name", "room", "told")},
        new_but_failing=entry.new,
        price_vnd=entry.price,
    )


def _change(found: Difference) -> PlanChangeAnswer:
    return PlanChangeAnswer(
        covered_points=found.covered,
        cost_vnd=found.cost,
        added=[action.tag for action in found.added],
        dropped=[action.tag for action in found.dropped],
        moved=[after.tag for _, after in found.moved],
    )


def notice(problem: Problem | None, say: Say) -> NoticeAnswer | None:
    """A problem that leaves the rest of the answer standing."""
    if problem is None:
        return None
    sentence, hint = (say(text, **problem.values) for text in (problem.sentence, problem.hint))
    return NoticeAnswer(error=problem.word, sentence=sentence, hint=hint)
