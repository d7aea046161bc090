"""The plan of each school, and what its report is made of: read from the stores once a minute for all who look."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from api.plan_files import bad_file, money_of, settings_file
from api.problems import Problem
from api.sites import Sites
from collector.store.evidence import Sources, StoredEvidence
from collector.store.school_report import Asked, connections_of, report_from
from inventory.asset import Asset
from inventory.evidence import Evidence
from inventory.plan.candidates import Candidate, candidates_of
from inventory.plan.make import make_plan
from inventory.plan.prices import PriceList
from inventory.plan.request import PlanRequest, PlanTrouble
from inventory.plan.result import Plan
from inventory.plan.rules import Rules
from inventory.report.data import ReportData
from inventory.report.period import Period
from inventory.school import School

KEPT_MS = 60_000  # what was measured may be this old; the register, plan.yaml and the school file never are


@dataclass(frozen=True)
class SchoolPlan:
    """The plan by plan.yaml as it stands, and what another one is made of. `problem`: why it has no money."""

    school: School
    at: int
    candidates: Sequence[Candidate]
    plan: Plan
    rules: Rules
    prices: PriceList
    problem: Problem | None

    @property
    def request(self) -> PlanRequest:
        return self.plan.request

    @property
    def rooms(self) -> dict[str, str]:
        """Names of the rooms by id."""
        return self.school.room_names


@dataclass(slots=True)
class _Kept:
    lock: threading.Lock = field(default_factory=threading.Lock)
    read_from: object = None
    plan: SchoolPlan | None = None
    report: tuple[SchoolPlan, Period, ReportData] | None = None


class Plans:
    """Thread-safe. Methods raise StoreUnavailable, and Problem for an unknown site or one without a school file."""

    def __init__(self, sites: Sites) -> None:
        self._sites = sites
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept] = {}

    def of(self, site: str, now: int) -> SchoolPlan:
        """The plan by what was measured up to at most KEPT_MS before `now`."""
        school, kept = self._sites.school(site), self._of(site)
        sources = self._sources(school)
        with kept.lock:  # who comes second finds it made
            today = school.day_at(now)
            money = money_of(settings_file(self._sites.sources.schools, site, "plan"), today)
            assets, links = sources.register.assets(site), sources.register.links.of(site)
            read_from = (school, money[:3], money[3] and money[3].values, assets, links)
            if kept.plan is None or kept.read_from != read_from or not 0 <= now - kept.plan.at < KEPT_MS:
                kept.plan = _made(school, now, assets, StoredEvidence(sources, now).all(today), *money)
                kept.read_from = read_from
            return kept.plan

    def report(self, site: str, period: Period, now: int) -> ReportData:
        """What a report of that period is made of, as `sonca report equipment` has it. Raises PeriodTrouble too."""
        found, kept = self.of(site, now), self._of(site)
        with kept.lock:
            if kept.report is None or kept.report[0] is not found or kept.report[1] != period:
                kept.report = found, period, self._report(found, period, now)
            return kept.report[2]

    def _report(self, found: SchoolPlan, period: Period, now: int) -> ReportData:
        asked, sources = Asked(period, found.request, found.rules, found.prices), self._sources(found.school)
        connections, plan = connections_of(sources, period, now), found.plan
        if asked.as_of < asked.request.today:  # a period that is over is told by what was measured then
            evidence, assets = StoredEvidence(sources, now).all(asked.as_of), sources.register.assets(found.school.site)
            plan = make_plan(candidates_of(assets, evidence, asked.rules, asked.prices, asked.request), asked.request)
        return report_from(found.school, asked, connections, plan)

    def _of(self, site: str) -> _Kept:
        with self._lock:
            return self._kept.setdefault(site, _Kept())

    def _sources(self, school: School) -> Sources:
        opened = self._sites.sources
        return Sources(school, opened.store(), opened.state(), opened.register())


def _made(
    school: School,
    now: int,
    assets: Sequence[Asset],
    evidence: Mapping[str, Evidence],
    request: PlanRequest,
    rules: Rules,
    prices: PriceList,
    problem: Problem | None,
) -> SchoolPlan:
    candidates = candidates_of(assets, evidence, rules, prices, request)
    try:
        plan = make_plan(candidates, request)
    except PlanTrouble as error:  # a pin of plan.yaml that its money does not pay for
        plan = make_plan(candidates, replace(request, pins=(), excluded=frozenset()))
        problem = bad_file(error)
    return SchoolPlan(school, now, candidates, plan, rules, prices, problem)
