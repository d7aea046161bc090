"""The page of the register: the list of assets, and what can be taken home of it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.asking_assets import AskedAssets
from api.attached import XLSX, attached, file_of
from api.problems import Problem
from api.register_pages import ROLE_COOKIE, AtSite, Filled, register_page, remember, say_at, seen_other, tidy_role
from api.say import Say
from api.site_register import SiteRegister
from api.texts_register import NO_REPORTS, NO_REPORTS_HINT, NOTHING_FOUND, SEARCH_HINT
from api.view.asset import speech
from api.view.assets import COLUMNS, PAGE, Asked, chosen, fundings, sums_of
from contract.trouble import Trouble
from inventory.asset import MOVES, Asset
from inventory.exporting.tables import as_csv, as_json, export_xlsx
from inventory.labels import label_sheet
from inventory.words import CONDITIONS, KINDS

Ending = Literal["xlsx", "csv", "json"]
TYPES: Mapping[Ending, str] = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8", "json": "application/json"}

router = APIRouter(prefix="/register/{site}", include_in_schema=False)


@router.get("", response_class=HTMLResponse)
def show_register(request: Request, at: AtSite, asked: AskedAssets) -> HTMLResponse:
    say = say_at(request, at)
    found = chosen(at.assets, asked, at.rooms, speech(say))
    pages = max(1, -(-len(found) // PAGE))
    page = min(asked.page, pages)
    return register_page(
        request,
        at,
        "register.html",
        "",
        asked=asked,
        sums=sums_of(found),
        assets=found[(page - 1) * PAGE : page * PAGE],
        empty=not at.assets,
        columns=COLUMNS,
        fundings=fundings(at.assets),
        kinds=list(KINDS),
        statuses=list(MOVES),
        conditions=list(CONDITIONS),
        query=lambda **changed: query_of(asked, **changed),
        page=page,
        pages=pages,
    )


def query_of(asked: Asked, **changed: str | int) -> str:
    """The address of the same list but for what is changed."""
    values = {**asdict(asked), **({} if "page" in changed else {"page": 1}), **changed}
    values["q"] = values.pop("text")
    usual = {"sort": "tag", "page": 1}
    return urlencode({name: value for name, value in values.items() if value != usual.get(name, "")})


@router.get("/assets.{ending}")
def download_assets(request: Request, at: AtSite, asked: AskedAssets, ending: Ending) -> Response:
    say = say_at(request, at)
    assets = chosen(at.assets, asked, at.rooms, speech(say))
    return attached(written(at, assets, ending, say), TYPES[ending], f"{at.site}-assets.{ending}")


@router.get("/labels.pdf")
def download_labels(at: AtSite, asked: AskedAssets, request: Request) -> Response:
    assets = [asset for asset in chosen(at.assets, asked, at.rooms, speech(say_at(request, at))) if asset.owned]
    if not assets:
        raise Problem(404, "nothing_found", NOTHING_FOUND, SEARCH_HINT)
    try:
        content = label_sheet(assets, at.rooms, at.school.name)
    except Trouble as error:
        raise Problem(501, "not_installed", NO_REPORTS, NO_REPORTS_HINT) from error
    return attached(content, "application/pdf", f"{at.site}-labels.pdf")


@router.post("/role")
def keep_role(at: AtSite, form: Filled) -> RedirectResponse:
    answer = seen_other(f"/register/{at.site}", "role")
    remember(answer, ROLE_COOKIE, tidy_role(form.text("role")))
    return answer


def written(at: SiteRegister, assets: list[Asset], ending: Ending, say: Say) -> bytes:
    """The assets in a file of this kind."""
    language = speech(say)
    if ending == "xlsx":
        return file_of(lambda path: export_xlsx(path, assets, at.rooms, language))
    return (as_csv(assets, at.rooms, language) if ending == "csv" else as_json(assets)).encode()
