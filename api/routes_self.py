"""What SonCa says about itself: the catalogue, its health, its Prometheus metrics."""

from collections.abc import Callable
from importlib.metadata import version
from typing import Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from api.answers import CatalogueAnswer, FieldAnswer, HealthAnswer, ProbeAnswer
from api.asking import AllSites, AskedLanguage
from api.metrics_text import OwnMetrics
from api.problems import STORE_AWAY, STORE_AWAY_HINT
from api.routes_site import ERRORS
from api.say import Say
from api.sites import Sites
from api.sources import now_ms
from api.text import Language, Text
from api.view.freshness import Freshness
from collector.store.protocol import StoreUnavailable
from contract.metrics import PROBES, Field

ALL_WELL = Text("Mọi thứ đang chạy.", "All is well.")
OLD_DATA = Text("Số liệu của {names} không mới.", "The data of {names} is not fresh.")
OLD_DATA_HINT = Text("Trang chính nói vì sao: /", "The main page says why: /")

router = APIRouter()


@router.get("/api/v1/catalogue", tags=["about"], summary="Every probe and field, with unit and meaning")
def read_catalogue() -> CatalogueAnswer:
    return CatalogueAnswer(
        probes=[
            ProbeAnswer(
                probe=probe.name,
                english=probe.english,
                vietnamese=probe.vietnamese,
                targets=probe.targets,
                fields=[_field(field) for field in probe.fields.values()],
            )
            for probe in PROBES.values()
        ]
    )


@router.get(
    "/health",
    tags=["about"],
    summary="Whether data can be read, and is fresh",
    responses={422: ERRORS[422], 503: {"model": HealthAnswer, "description": "the data cannot be read"}},
)
def read_health(sites: AllSites, language: AskedLanguage, response: Response) -> HealthAnswer:
    health = health_of(sites, language)
    response.status_code = 503 if health.status == "away" else 200
    return health


@router.get(
    "/metrics",
    tags=["about"],
    summary="SonCa's own numbers for Prometheus",
    response_class=Response,
    responses={200: {"content": {CONTENT_TYPE_LATEST: {"schema": {"type": "string"}}}}},
)
def read_metrics(request: Request, sites: AllSites) -> Response:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(OwnMetrics(sites, request.app.state.live.clients, now_ms))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def health_of(sites: Sites, language: Language) -> HealthAnswer:
    """Asks store and state, each for itself."""
    say, fresh = Say(language, ZoneInfo("UTC")), _freshness(sites)
    store, state = (
        fresh is not None or _can_read(sites.sources.store),
        fresh is not None or _can_read(sites.sources.state),
    )
    old = [site for site, freshness in (fresh or {}).items() if freshness is not Freshness.FRESH]
    status: Literal["ok", "degraded", "away"] = "away" if fresh is None else "degraded" if old else "ok"
    sentence, hint = {
        "ok": (say(ALL_WELL), ""),
        "degraded": (say(OLD_DATA, names=", ".join(old)), say(OLD_DATA_HINT)),
        "away": (say(STORE_AWAY), say(STORE_AWAY_HINT)),
    }[status]
    return HealthAnswer(
        status=status,
        sentence=sentence,
        hint=hint,
        version=version("sonca"),
        store=store,
        state=state,
        sites=fresh or {},
    )


def _freshness(sites: Sites) -> dict[str, Freshness] | None:
    """How fresh each site is, None when the data cannot be read."""
    try:
        return {school.site: sites.now(school.site, now_ms()).hearing.freshness for school in sites.all()}
    except StoreUnavailable:
        return None


def _can_read(opening: Callable[[], object]) -> bool:
    try:
        opening()
    except StoreUnavailable:
        return False
    return True


def _field(field: Field) -> FieldAnswer:
    return FieldAnswer(
        field=field.name,
        type=field.kind.value,
        unit=field.unit,
        english=field.english,
        vietnamese=field.vietnamese,
        minimum=field.minimum,
        maximum=field.maximum,
    )
