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
from contract.topics import OWN_SITE

ALL_WELL = Text("Mọi thứ đang chạy.", "All is well.")
OLD_DATA = Text("Số liệu của {names} không mới.", "The data of {names} is not fresh.")
OLD_DATA_HINT = Text("Trang chính nói vì sao: /", "The main page says why: /")
_HEALTH = {"ok": (ALL_WELL, Text("", "")), "degraded": (OLD_DATA, OLD_DATA_HINT), "away": (STORE_AWAY, STORE_AWAY_HINT)}

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
    """Asks store and state, each for itself. Raises StoreUnavailable when one goes away in between."""
    sources = sites.sources
    store, state = _can_read(lambda: sources.store().latest(OWN_SITE)), _can_read(lambda: sources.state().version())
    fresh: dict[str, Freshness] = {}
    if store and state:
        fresh = {school.site: sites.now(school.site, now_ms()).hearing.freshness for school in sites.all()}
    old = ", ".join(site for site, freshness in fresh.items() if freshness is not Freshness.FRESH)
    status: Literal["ok", "degraded", "away"] = "away" if not (store and state) else "degraded" if old else "ok"
    say, (sentence, hint) = Say(language, ZoneInfo("UTC")), _HEALTH[status]
    return HealthAnswer(
        status=status,
        sentence=say(sentence, names=old),
        hint=say(hint),
        version=version("sonca"),
        store=store,
        state=state,
        sites=fresh,
    )


def _can_read(asking: Callable[[], object]) -> bool:
    try:
        asking()
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
