"""What all pages of the register share: whose register it is, who writes in it, and the frame around a page."""

import re
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.asking import LANGUAGE_COOKIE, language_of, say_for
from api.own_requests import OwnForm, own_form
from api.pages import pages_of
from api.say import Say
from api.site_register import SiteRegister
from api.sites import Sites
from api.sources import now_ms
from api.texts_register import DONE
from inventory.school import School

COOKIE_SECONDS = 365 * 86_400
ROLE_COOKIE = "role"
LONGEST_ROLE = 40


@dataclass(frozen=True, slots=True)
class OfSchool:
    """What the frame of a page that is not live needs of a site."""

    school: School
    at: int


def role_of(request: Request) -> str:
    """What somebody gave as their role, once; nobody checked it."""
    return tidy_role(unquote(request.cookies.get(ROLE_COOKIE, "")))


def tidy_role(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s./-]", "", text).split())[:LONGEST_ROLE]


def who_of(role: str, door: str) -> str:
    """For the log: through which door it came, and what the person or program says of itself."""
    return f"{door}: {role}" if role else door


def register_of(request: Request, site: str, who: str) -> SiteRegister:
    """The register of a site, as `who` writes in it. Raises Problem (404)."""
    sites: Sites = request.app.state.sites
    return SiteRegister(sites.sources, sites.school(site), now_ms(), who)


def _by_page(request: Request, site: str) -> SiteRegister:
    return register_of(request, site, who_of(role_of(request), "web"))


AtSite = Annotated[SiteRegister, Depends(_by_page)]
Filled = Annotated[OwnForm, Depends(own_form)]


def say_at(request: Request, at: SiteRegister) -> Say:
    return say_for(at.school, language_of(request))


def register_page(
    request: Request, at: SiteRegister, template: str, place: str, *, status: int = 200, **context: Any
) -> HTMLResponse:
    """A page of the register; `place` is its path below the site's."""
    sites: Sites = request.app.state.sites
    schools = sites.all()
    site = at.site
    page = pages_of(request).render(
        template,
        say_at(request, at),
        site=OfSchool(at.school, at.now),
        schools=schools,
        path=f"/register/{site}{place}",
        base=f"/register/{site}",
        live="/" if schools[0] == at.school else f"/sites/{site}",
        token=request.app.state.token,
        who=at.who,
        role=role_of(request),
        rooms=at.rooms,
        done=DONE.get(request.query_params.get("done", "")),
        **context,
    )
    answer = HTMLResponse(page, status)
    if "lang" in request.query_params:
        remember(answer, LANGUAGE_COOKIE, language_of(request).value)
    return answer


def remember(answer: HTMLResponse | RedirectResponse, name: str, value: str) -> None:
    answer.set_cookie(name, quote(value), COOKIE_SECONDS, httponly=True, samesite="lax")


def seen_other(path: str, done: str, anchor: str = "") -> RedirectResponse:
    """After a change the browser asks for a page anew, so that loading it again changes nothing twice."""
    sign = "&" if "?" in path else "?"
    return RedirectResponse(f"{path}{sign}done={done}" + (f"#{anchor}" if anchor else ""), 303)


def path_of(tag: str) -> str:
    """A tag as a part of an address: tags may hold slashes."""
    return quote(tag, safe="")
