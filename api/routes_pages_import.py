"""The page that imports a list: seen row by row first, written when it is confirmed, all of it or nothing."""

import base64
import binascii

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.importing import carry_out, judge_file
from api.problems import BAD_FORM, BAD_FORM_HINT, Problem
from api.register_pages import AtSite, Filled, register_page, say_at, seen_other
from api.say import Say
from api.site_register import SiteRegister
from api.texts_register import NO_FILE, NO_FILE_HINT
from api.view.asset import speech, value_in_words, word
from inventory.asset import Asset
from inventory.importing.plan import Change

router = APIRouter(prefix="/register/{site}", include_in_schema=False)


@router.get("/import", response_class=HTMLResponse)
def show_import(request: Request, at: AtSite) -> HTMLResponse:
    return register_page(request, at, "import.html", "/import", judged=None)


@router.post("/import", response_class=HTMLResponse)
def try_import(request: Request, at: AtSite, form: Filled) -> HTMLResponse:
    """The dry run."""
    name, content = form.files.get("file", ("", b""))
    if not name:
        raise Problem(422, "no_file", NO_FILE, NO_FILE_HINT)
    return dry_run(request, at, name, content)


@router.post("/import/confirm", response_class=HTMLResponse)
def confirm_import(request: Request, at: AtSite, form: Filled) -> Response:
    """Writes the list that was shown, if it still does what was shown."""
    try:
        content = base64.b64decode(form.text("content"), validate=True)
    except binascii.Error as error:
        raise Problem(400, "bad_form", BAD_FORM, BAD_FORM_HINT) from error
    judged = judge_file(at, form.text("name"), content)
    if judged.bad or judged.plan.refused or judged.digest != form.text("digest"):
        return dry_run(request, at, form.text("name"), content, status=409)
    carry_out(at, judged.plan, form.text("document"))
    return seen_other(f"/register/{at.site}", "imported")


def dry_run(request: Request, at: SiteRegister, name: str, content: bytes, status: int = 200) -> HTMLResponse:
    judged, say = judge_file(at, name, content), say_at(request, at)
    if status == 200 and (judged.bad or judged.plan.refused):
        status = 422
    return register_page(
        request,
        at,
        "import.html",
        "/import",
        status=status,
        judged=judged,
        moved=status == 409,
        rows=[(change.row, change.after, lines_of(change, at, say)) for change in judged.plan.changes],
        language=speech(say),
        name=name,
        content=base64.b64encode(content).decode(),
    )


def lines_of(change: Change, at: SiteRegister, say: Say) -> list[tuple[str, str, str]]:
    """(field, before, after) in words, of what a row changes."""
    before, after = change.before, change.after
    return [
        (word(name, say), said(name, before, at, say), said(name, after, at, say))
        for name, value in vars(after).items()
        if name != "tag" and (value != getattr(before, name) if before else value not in (None, ""))
    ]


def said(name: str, asset: Asset | None, at: SiteRegister, say: Say) -> str:
    return "" if asset is None else value_in_words(name, getattr(asset, name), at.rooms, say)
