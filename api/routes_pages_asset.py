"""The pages of one asset: what is known of it, and the form that changes it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.bookkeeping import life_by_books
from api.knowing import known_of
from api.plans import Plans
from api.register_pages import AtSite, Filled, path_of, register_page, say_at, seen_other
from api.site_register import CHANGED, CHANGED_HINT, SiteRegister, refused_by
from api.sites import Sites
from api.view import asset as view
from api.view import plan as plan_view
from api.view.assets import fundings
from api.view.charts import Chart
from api.view.health import Health, health
from api.view.month import charted, month_charts, month_until
from collector.store.protocol import HOUR_MS
from inventory.asset import MOVES, Asset
from inventory.editing import stamp_of
from inventory.exporting.tables import DATES, NUMBERS
from inventory.match_evidence import reason_said
from inventory.saying import Language, Said, day, vnd
from inventory.words import CONDITIONS, KINDS

router = APIRouter(prefix="/register/{site}", include_in_schema=False)


@router.get("/asset/{tag:path}", response_class=HTMLResponse)
def show_asset(request: Request, at: AtSite, tag: str) -> HTMLResponse:
    found, say = at.asset(tag), say_at(request, at)
    link = at.register.links.of_asset(at.site, tag)
    device = "" if link is None else link.device
    report = at.state.equipment(at.site, device) if device else None
    seen_in = at.school.room_of[device].id if device in at.school.room_of else ""
    moves, with_document = view.moves_of(found)
    condition, charts = seen(request, at, device)
    return register_page(
        request,
        at,
        "asset.html",
        f"/asset/{path_of(tag)}",
        asset=found,
        stamp=stamp_of(found),
        device=device,
        link=link,
        health=condition,
        charts=charts,
        reasons=reasons_of(request, at, tag),
        compared=[] if report is None else view.compared(found, report, seen_in, at.rooms, say),
        groups=[(name, view.told(found, name, at.rooms, say)) for name in view.GROUPS],
        moves=moves,
        with_document=with_document,
        events=view.event_lines(at.register.events(at.site, tag), at.rooms, say),
        life=life_by_books(at, found),
        stays=at.register.stays(at.site, tag),
        language=view.speech(say),
        reason_said=reason_said,
    )


def seen(request: Request, at: SiteRegister, device: str) -> tuple[Health | None, Sequence[Chart]]:
    """How the linked device is and was; nothing where it is not of the site any more."""
    sites: Sites = request.app.state.sites
    site, say = sites.now(at.site, at.now), say_at(request, at)
    entry = site.device(device) if device else None
    if entry is None:
        return None, ()
    known, span, store = known_of(at.sources, site, entry, at.now), month_until(at.now, say.zone), at.sources.store()
    series = {
        (probe, target, field): store.series(at.site, device, probe, target, field, span.since, span.until, HOUR_MS)
        for probe, target, field in charted(known.latest)
    }
    return health(known, say), month_charts(series, span, at.school, say)


def reasons_of(request: Request, at: SiteRegister, tag: str) -> tuple[str, ...]:
    """Why it should be upgraded, the heaviest reason first: as the plan says, which is kept for a minute."""
    plans: Plans = request.app.state.plans
    found = plans.of(at.site, at.now)
    mine = [entry for entry in found.candidates if entry.tag == tag]
    return tuple(reason for entry in mine for reason in plan_view.sentences(entry, found.plan, say_at(request, at)))


@router.post("/status/{tag:path}")
def move_status(at: AtSite, tag: str, form: Filled) -> Response:
    """The moves that need nothing but a word; those with a document go by the form."""
    before = at.asset(tag)
    at.check_stamp(before, form.text("stamp"))
    result = at.edit(before, {"status": form.text("status")})
    if result.asset is None:
        raise refused_by(next(iter(result.refused.values())))
    at.save([result.asset], {tag: before}, form.text("document"))
    return seen_other(f"/register/{at.site}/asset/{path_of(tag)}", "saved")


@router.get("/edit/{tag:path}", response_class=HTMLResponse)
def show_form(request: Request, at: AtSite, tag: str, status: str = "") -> HTMLResponse:
    before = at.asset(tag)
    values = typed_of(before, view.speech(say_at(request, at)))
    if status in MOVES[before.status]:
        values["status"] = status
    return form_page(request, at, before, values)


@router.post("/edit/{tag:path}", response_class=HTMLResponse)
def save_form(request: Request, at: AtSite, tag: str, form: Filled) -> Response:
    before = at.asset(tag)
    present = typed_of(before, view.speech(say_at(request, at)))
    values = {name: form.text(name) for name in present if name in form.texts}
    if form.text("stamp") != stamp_of(before):
        lost = {name: value for name, value in values.items() if value != present[name].strip()}
        return form_page(
            request, at, before, present, status=409, changed=True, lost=lost, document=form.text("document")
        )
    result = at.edit(before, {name: value for name, value in values.items() if value != present[name].strip()})
    if result.asset is None:
        return form_page(request, at, before, values, result.refused, status=422, document=form.text("document"))
    if result.asset != before:
        at.save([result.asset], {tag: before}, form.text("document"))
    done = "unchanged" if result.asset == before else "saved"
    return seen_other(f"/register/{at.site}/asset/{path_of(tag)}", done)


@router.get("/new", response_class=HTMLResponse)
def show_empty_form(request: Request, at: AtSite, device: str = "") -> HTMLResponse:
    return form_page(request, at, None, values_from(at, device) if device else {}, device=device)


@router.post("/new", response_class=HTMLResponse)
def save_new(request: Request, at: AtSite, form: Filled) -> Response:
    values = {name: form.text(name) for group in view.GROUPS.values() for name in group if name in form.texts}
    result, device = at.edit(None, values), form.text("device")
    if result.asset is None:
        document = form.text("document")
        return form_page(request, at, None, values, result.refused, status=422, device=device, document=document)
    at.register_new(result.asset, form.text("document"), device)
    return seen_other(f"/register/{at.site}/asset/{path_of(result.asset.tag)}", "saved")


def values_from(at: SiteRegister, device: str) -> dict[str, str]:
    """What a device says of itself, as a start for its asset."""
    report = at.state.equipment(at.site, device)
    if report is None:
        return {}
    room, known = at.school.room_of.get(device), at.school.devices.get(device)
    values = {name: view.seen_value(report, name) for name in ("manufacturer", "model", "serial")}
    name = " ".join(filter(None, (known.name if known else "", view.made_as(report))))
    return {**values, "kind": report.kind, "room": room.id if room else "", "name": name}


def typed_of(asset: Asset, language: Language) -> dict[str, str]:
    """An asset as people would type it into the fields of its form; its tag never changes."""
    return {name: _typed(name, value, language) for name, value in vars(asset).items() if name != "tag"}


def _typed(name: str, value: Any, language: Language) -> str:
    if isinstance(value, date):
        return day(value, language)
    return "" if value is None else vnd(value) if name in view.MONEY else str(value)


def form_page(
    request: Request,
    at: SiteRegister,
    before: Asset | None,
    values: Mapping[str, str],
    refused: Mapping[str, Said] | None = None,
    *,
    status: int = 200,
    **context: Any,
) -> HTMLResponse:
    """The form with what was typed; `refused`: field -> why not."""
    language = view.speech(say_at(request, at))
    place = "/new" if before is None else f"/edit/{path_of(before.tag)}"
    sentences = {name: (said.sentence(language), said.hint(language)) for name, said in (refused or {}).items()}
    return register_page(
        request,
        at,
        "asset_form.html",
        place,
        status=status,
        before=before,
        stamp="" if before is None else stamp_of(before),
        values=values,
        refused=sentences,
        groups=view.GROUPS,
        choices=choices_of(before),
        dates=DATES,
        numbers=NUMBERS,
        fundings=fundings(at.assets),
        changed_text=CHANGED,
        changed_hint=CHANGED_HINT,
        **{"changed": False, "lost": {}, "device": "", "document": "", **context},
    )


def choices_of(before: Asset | None) -> dict[str, list[str]]:
    """What the fields with a choice offer: of statuses only those that the table of moves allows."""
    statuses = [name for name in MOVES if before is None or name == before.status or name in MOVES[before.status]]
    return {"kind": list(KINDS), "status": list(statuses), "condition": list(CONDITIONS)}
