"""The principal's page, the plan with what-if, and the documents to download."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from api import texts_plan
from api.asking import AllSites, bad, language_of, say_for
from api.asking_plan import AskedWishes, plan_with
from api.pages import pages_of
from api.plan_files import settings_file
from api.plans import Plans, SchoolPlan
from api.problems import Problem
from api.report_files import MEDIA_TYPES, file_named, file_names, make_file, missing, period_of
from api.routes_pages import answer_page
from api.sites import Sites
from api.sources import now_ms
from api.view import plan as view
from api.view import principal
from api.view.wishes import form_of, wished
from inventory.plan.explain import school_year
from inventory.plan.told import bound
from inventory.plan.what_if import budget_steps
from inventory.report.connectivity import GOAL_PERCENT
from inventory.report.data import ReportData
from inventory.report.period import PeriodTrouble

LISTED = 6  # of each list, before the rest is folded

router = APIRouter(include_in_schema=False)


def _plans(request: Request) -> Plans:
    plans: Plans = request.app.state.plans
    return plans


AllPlans = Annotated[Plans, Depends(_plans)]


def owned(found: SchoolPlan) -> SchoolPlan:
    """The plan. Raises Problem (404) for a school whose register is empty."""
    if not found.candidates:
        raise Problem(404, "no_assets", texts_plan.NO_ASSETS, texts_plan.NO_ASSETS_HINT)
    return found


def report_of(plans: Plans, site: str, written: str, now: int) -> tuple[SchoolPlan, ReportData]:
    """The plan, and the records of a period, of this month where none is written. Raises Problem (422) for one to
    come."""
    found = owned(plans.of(site, now))
    period = period_of(written or f"{found.request.today:%Y-%m}")
    try:
        return found, plans.report(site, period, now)
    except PeriodTrouble as error:
        raise bad("period", texts_plan.BAD_PERIOD, texts_plan.PERIOD_HINT) from error


@router.get("/principal/{site}", response_class=HTMLResponse)
def show_principal(
    request: Request, site: str, sites: AllSites, plans: AllPlans, period: Annotated[str, Query()] = ""
) -> HTMLResponse:
    language = language_of(request)
    found, data = report_of(plans, site, period, now_ms())
    say, today, years = say_for(found.school, language), found.request.today, principal.years_money(data)
    return _page(
        request,
        sites,
        found,
        "principal.html",
        f"/principal/{site}" + (f"?period={data.period.written}" if period else ""),
        data=data,
        numbers=principal.numbers(data),
        year=school_year(found.request.first_year),
        lists=principal.lists(data, site, say),
        days=principal.days_chart(data, say),
        years=years,
        most=max(max(year.budget, year.planned) for year in years) or 1,
        periods={**principal.periods(today), data.period.written: data.period.name},
        files=file_names(data.period, language),
        files_problem=missing(settings_file(sites.sources.schools, site, "report"), language),
        goal=GOAL_PERCENT,
        listed=LISTED,
    )


@router.get("/plan/{site}", response_class=HTMLResponse)
def show_plan(request: Request, site: str, sites: AllSites, plans: AllPlans, wishes: AskedWishes) -> HTMLResponse:
    found = owned(plans.of(site, now_ms()))
    asked, say = plan_with(found, wishes), say_for(found.school, language_of(request))
    plan, rooms = asked.plan, found.rooms
    details = view.details(plan, rooms, say)
    return _page(
        request,
        sites,
        found,
        "plan.html",
        wishes.path(f"/plan/{site}"),
        plan=plan,
        base=f"/plan/{site}",
        wishes=wishes,
        wished=wished(wishes, rooms, say),
        form=form_of(found, wishes, say),
        change=view.change(asked.change, plan.needed, say) if asked.change else None,
        years=view.years(plan, rooms, say),
        bound="" if plan.gap is None else bound(plan.gap, say),
        steps=[100 * step.share for step in budget_steps(found.candidates, plan.request)],
        misleading=view.misleading(plan, found.rules, rooms, say),
        left_out=view.left_out(plan, rooms, say),
        more=view.next_money(plan, rooms, say),
        first=school_year(plan.request.first_year),
        details=details,
        listed=LISTED,
        unseen=sum(bool(entry.reasons) for entry in plan.candidates.values()) - len(details),
    )


@router.get("/reports/{site}/{name}")
def download(site: str, name: str, sites: AllSites, plans: AllPlans) -> Response:
    file = file_named(name)
    _, data = report_of(plans, site, file.period.written, now_ms())
    content = make_file(file, data, settings_file(sites.sources.schools, site, "report"))
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=MEDIA_TYPES[file.format], headers=headers)


def _page(request: Request, sites: Sites, found: SchoolPlan, template: str, path: str, **context: Any) -> HTMLResponse:
    schools, say = sites.all(), say_for(found.school, language_of(request))
    home = "/" if schools[0] == found.school else f"/sites/{found.school.site}"
    shown = {"site": found, "schools": schools, "path": path, "home": home, "problem": found.problem}
    return answer_page(request, pages_of(request).render(template, say, **shown, **context))
