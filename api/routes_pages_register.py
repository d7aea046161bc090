"""The page of the register: the list of assets, and what can be taken home of it."""

from dataclasses import asdict
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.asking_assets import AskedAssets
from api.register_files import Ending, label_file, list_file
from api.register_pages import ROLE_COOKIE, AtSite, Filled, register_page, remember, say_at, seen_other, tidy_role
from api.view.asset import speech
from api.view.assets import COLUMNS, PAGE, Asked, chosen, fundings, sums_of
from inventory.asset import MOVES
from inventory.words import CONDITIONS, KINDS

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
    return list_file(at, asked, ending, say_at(request, at))


@router.get("/labels.pdf")
def download_labels(request: Request, at: AtSite, asked: AskedAssets) -> Response:
    return label_file(at, asked, say_at(request, at))


@router.post("/role")
def keep_role(at: AtSite, form: Filled) -> RedirectResponse:
    answer = seen_other(f"/register/{at.site}", "role")
    remember(answer, ROLE_COOKIE, tidy_role(form.text("role")))
    return answer
