"""The page of devices that wait for a person: what each could be, why, and the person's word."""

from typing import get_args

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.problems import BAD_FORM, BAD_FORM_HINT, Problem
from api.register_pages import AtSite, Filled, register_page, say_at, seen_other
from api.view.asset import made_as, seen_value, speech
from inventory.match_evidence import reason_said
from inventory.register_links import Verdict
from inventory.saying import Said

router = APIRouter(prefix="/register/{site}", include_in_schema=False)


@router.get("/matching", response_class=HTMLResponse)
def show_matching(request: Request, at: AtSite) -> HTMLResponse:
    found = at.matching()
    reports = {report.device: report for report in at.state.all_equipment(at.site)}
    told = {
        device: (report.kind, " · ".join(filter(None, (made_as(report), seen_value(report, "serial")))))
        for device, report in reports.items()
    }
    return register_page(
        request,
        at,
        "matching.html",
        "/matching",
        found=found,
        told=told,
        room_of={device: room.name or room.id for device, room in at.school.room_of.items()},
        names={asset.tag: asset.name for asset in at.assets},
        clones=[(clone, Said("waits_clone", devices=clone.devices)) for clone in found.clones],
        decisions=list(reversed(at.register.links.decisions(at.site))),
        language=speech(say_at(request, at)),
        reason_said=reason_said,
    )


@router.post("/matching")
def decide(at: AtSite, form: Filled) -> RedirectResponse:
    """Keeps a person's word; the field `verdict` is like `same`, `tag` names the asset."""
    verdict = next((word for word in get_args(Verdict) if word == form.text("verdict")), None)
    if verdict is None:
        raise Problem(400, "bad_form", BAD_FORM, BAD_FORM_HINT)
    at.decide(form.text("device"), verdict, form.text("tag") if verdict != "not_ours" else "")
    return seen_other(f"/register/{at.site}/matching", "decided")
