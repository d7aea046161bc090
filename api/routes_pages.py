"""The pages that people look at."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.asking import LANGUAGE_COOKIE, AllSites, language_of, say_for
from api.knowing import known_of
from api.pages import Pages, pages_of
from api.problems import Problem
from api.routes_site import device_of, room_of
from api.say import Say
from api.sites import TIMELINE_MS, Sites
from api.sources import now_ms
from api.text import Language, Text
from api.view import charts, device
from api.view.changes import change_lines
from api.view.equipment import equipment
from api.view.faults import PROBES, faults
from api.view.glance import glance, spoken
from api.view.health import health
from api.view.network_health import neighbour_lines, network_health
from api.view.site import SiteNow
from api.view.timeline import timeline
from collector.store.protocol import DAY_MS, HOUR_MS, SLICE_MS, StoredMeasurement

COOKIE_SECONDS = 365 * 86_400
HISTORY_MS = 7 * DAY_MS
HISTORY_SHOWN = 30

NO_SCHOOL = Text("Chưa có trường nào.", "There is no school yet.")
NO_SCHOOL_HINT = Text(
    "Ghi tệp của trường (school.yaml) vào sonca.yaml.", "Name a school file (school.yaml) in sonca.yaml."
)

router = APIRouter(include_in_schema=False)


@router.get("/", response_class=HTMLResponse)
def show_first_site(request: Request, sites: AllSites) -> HTMLResponse:
    schools = sites.all()
    if not schools:
        raise Problem(404, "no_school", NO_SCHOOL, NO_SCHOOL_HINT)
    return answer_page(request, site_page(sites, pages_of(request), schools[0].site, language_of(request), now_ms()))


@router.get("/sites/{site}", response_class=HTMLResponse)
def show_site(request: Request, site: str, sites: AllSites) -> HTMLResponse:
    return answer_page(request, site_page(sites, pages_of(request), site, language_of(request), now_ms()))


@router.get("/rooms/{site}/{room}", response_class=HTMLResponse)
def show_room(request: Request, site: str, room: str, sites: AllSites) -> HTMLResponse:
    return answer_page(request, room_page(sites, pages_of(request), site, room, language_of(request), now_ms()))


@router.get("/devices/{site}/{name}", response_class=HTMLResponse)
def show_device(request: Request, site: str, name: str, sites: AllSites) -> HTMLResponse:
    return answer_page(request, device_page(sites, pages_of(request), site, name, language_of(request), now_ms()))


@router.get("/network/{site}", response_class=HTMLResponse)
def show_network(request: Request, site: str, sites: AllSites) -> HTMLResponse:
    return answer_page(request, network_page(sites, pages_of(request), site, language_of(request), now_ms()))


def site_page(sites: Sites, pages: Pages, site: str, language: Language, now: int) -> str:
    """The live page of a site as HTML; scripts/bench times it cold, with a new Sites each time.

    Raises StoreUnavailable, Problem (404).
    """
    found = sites.now(site, now)
    return pages.once(found, language, lambda: _site_page(sites, pages, found, say_for(found.school, language)))


def _site_page(sites: Sites, pages: Pages, found: SiteNow, say: Say) -> str:
    until = found.at - found.at % SLICE_MS + SLICE_MS
    return pages.render(
        "site.html",
        say,
        **_frame(sites, found),
        glance=glance(found, say),
        spoken=spoken(found, say),
        services_down=found.services.down(),
        faults=faults(found, _told_by_watched(sites, found), say),
        service_rooms=found.services.rooms,
        rooms=[(view, timeline(view.slices, until - TIMELINE_MS, until, say)) for view in found.rooms],
        changes=change_lines(found.changes, found.school, say),
    )


def _told_by_watched(sites: Sites, found: SiteNow) -> list[StoredMeasurement]:
    """Of all devices that run no agent, in one question; none where the school has none."""
    if not any(device.reported_by for device in found.school.devices.values()):
        return []
    return sites.sources.store().latest(found.school.site, probes=PROBES)


def room_page(sites: Sites, pages: Pages, site: str, room: str, language: Language, now: int) -> str:
    """The page of one room."""
    found = sites.now(site, now)
    view, say, span = room_of(found, room), say_for(found.school, language), charts.day_until(found.at)
    store, state = sites.sources.store(), sites.sources.state()
    slices = store.rooms(site, span.since, span.until, room)
    changes = state.changes(site, now - HISTORY_MS, now + 1, subject=("room", room), limit=HISTORY_SHOWN)
    return pages.render(
        "room.html",
        say,
        **_frame(sites, found, f"/rooms/{site}/{room}"),
        view=view,
        healths=[(entry, health(known_of(sites.sources, found, entry, now), say)) for entry in view.devices],
        service_rooms=[view.room],
        line=timeline(slices, span.since, span.until, say),
        hours=[say.clock(at) for at in range(span.since, span.until, 4 * HOUR_MS)],
        changes=change_lines(changes, found.school, say, linked=False),
    )


def device_page(sites: Sites, pages: Pages, site: str, name: str, language: Language, now: int) -> str:
    """The page of one device, with charts of its last day."""
    found = sites.now(site, now)
    entry, say, span = device_of(found, name), say_for(found.school, language), charts.day_until(found.at)
    store, state, known = sites.sources.store(), sites.sources.state(), known_of(sites.sources, found, entry, now)
    latest = known.latest
    series = {
        (probe, target, field): store.series(site, name, probe, target, field, span.since, span.until, span.step_ms)
        for probe, target, field in device.charted(latest)
    }
    changes = state.changes(site, now - HISTORY_MS, now + 1, subject=("agent", name), limit=HISTORY_SHOWN)
    link = sites.sources.register().links.of_device(site, name)
    return pages.render(
        "device.html",
        say,
        **_frame(sites, found, f"/devices/{site}/{name}"),
        device=entry,
        tag=link.tag if link else "",
        health=health(known, say),
        sections=device.sections(series, span, found.school, say),
        charted=bool(series),
        latest=device.latest_rows(latest, found.school, say),
        equipment=None if known.report is None else equipment(known.report, say),
        changes=change_lines(changes, found.school, say, linked=False),
    )


def network_page(sites: Sites, pages: Pages, site: str, language: Language, now: int) -> str:
    """The page of the network: who is there, unknown or rogue."""
    found = sites.now(site, now)
    network, say = sites.network(found.school, now), say_for(found.school, language)
    unknown, known = neighbour_lines(network, found.school, say)
    return pages.render(
        "network.html",
        say,
        **_frame(sites, found, f"/network/{site}"),
        health=network_health(network, found.school, now, say),
        unknown=unknown,
        known=known,
    )


def _frame(sites: Sites, site: SiteNow, path: str = "") -> dict[str, Any]:
    """What every live page needs: `home` is the site's own page, and the `path` of this one where it is another."""
    schools = sites.all()
    home = "/" if schools[0] == site.school else f"/sites/{site.school.site}"
    return {"site": site, "schools": schools, "path": path or home, "home": home}


def answer_page(request: Request, page: str) -> HTMLResponse:
    """The page; where the address chose a language, the browser keeps it."""
    answer = HTMLResponse(page)
    if "lang" in request.query_params:
        language = language_of(request).value
        answer.set_cookie(LANGUAGE_COOKIE, language, COOKIE_SECONDS, httponly=True, samesite="lax")
    return answer
