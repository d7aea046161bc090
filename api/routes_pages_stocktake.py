"""The pages of a stocktake: begun with what agents saw, walked through with a telephone, closed with a sheet."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.bookkeeping import AskedLines, difference_file, known_lines
from api.register_pages import AtSite, Filled, path_of, register_page, say_at, seen_other
from api.say import Say
from api.site_register import SiteRegister
from api.texts_register import (
    BY_AGENT,
    LOOKED_FOR,
    SEEN_IN,
    SEEN_SOMEWHERE,
)
from inventory.collation import vietnamese_order
from inventory.register_stocktakes import AGENT, NOT_THERE, Stocktake
from inventory.stocktake import Finding, Line, findings

ORDER: tuple[Finding, ...] = ("missing", "moved", "unexpected", "found")  # what still asks for feet comes first

router = APIRouter(prefix="/register/{site}", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of a stocktake; `seen` says who saw it where and when, empty where nobody did."""

    line: Line
    seen: str
    room: str  # its room by the register, else the one in which it was seen


@router.get("/stocktakes", response_class=HTMLResponse)
def show_stocktakes(request: Request, at: AtSite) -> HTMLResponse:
    sessions = at.register.stocktakes.all(at.site)
    return register_page(request, at, "stocktakes.html", "/stocktakes", sessions=sessions)


@router.post("/stocktakes")
def start(at: AtSite, _form: Filled) -> RedirectResponse:
    session = at.start_stocktake()
    return seen_other(f"/register/{at.site}/stocktakes/{session.id}", "started")


@router.get("/stocktakes/{number}", response_class=HTMLResponse)
def show_stocktake(request: Request, at: AtSite, number: int, room: str = "") -> HTMLResponse:
    session, say = at.stocktake(number), say_at(request, at)
    lines = [shown(line, at, say) for line in lines_of(at, session)]
    groups = [(finding, [entry for entry in lines if entry.line.finding == finding]) for finding in ORDER]
    return register_page(
        request,
        at,
        "stocktake.html",
        f"/stocktakes/{number}",
        session=session,
        groups=[(finding, of_room(entries, room, at)) for finding, entries in groups],
        sums=[(finding, len(entries)) for finding, entries in groups],
        only_room=room if room in at.rooms else "",
        names=[(asset.tag, asset.name) for asset in at.assets],
        form_lines=known_lines(at),
    )


@router.post("/stocktakes/{number}/sightings")
def mark(at: AtSite, number: int, form: Filled) -> RedirectResponse:
    """Notes that an asset is in a room, or (`missing`) that it was looked for in vain."""
    session, tag, room = at.stocktake(number), form.text("tag"), form.text("room")
    at.sight(session, tag, NOT_THERE if form.text("missing") else room, form.text("note"))
    only = form.text("only")
    path = f"/register/{at.site}/stocktakes/{number}" + (f"?room={only}" if only in at.rooms else "")
    following = form.text("next")
    return seen_other(path, "marked", f"l-{path_of(following)}" if following else "mark")


@router.post("/stocktakes/{number}/close")
def close(at: AtSite, number: int, _form: Filled) -> RedirectResponse:
    at.register.stocktakes.close(at.stocktake(number), at.now)
    return seen_other(f"/register/{at.site}/stocktakes/{number}", "closed")


@router.get("/stocktakes/{number}/c53-hd.xlsx")
def download_sheet(at: AtSite, number: int, asked: AskedLines) -> Response:
    return difference_file(at, number, asked)


def lines_of(at: SiteRegister, session: Stocktake) -> list[Line]:
    return findings(at.assets, at.register.stocktakes.sightings(session))


def shown(line: Line, at: SiteRegister, say: Say) -> Shown:
    sighting = line.sighting
    room = line.asset.room if line.asset else sighting.room if sighting else ""
    if sighting is None:
        return Shown(line, "", room)
    by = say(BY_AGENT) if sighting.by == AGENT else sighting.by
    text = LOOKED_FOR if sighting.room == NOT_THERE else SEEN_IN if sighting.room else SEEN_SOMEWHERE
    named = at.rooms.get(sighting.room, sighting.room)
    seen = say(text, room=named, time=say.moment(sighting.at, at.now), by=by)
    return Shown(line, f"{seen} · {sighting.note}" if sighting.note else seen, room)


def of_room(entries: Sequence[Shown], room: str, at: SiteRegister) -> list[Shown]:
    """Those of one room, by the register or as seen, in the order of rooms and names."""
    kept = [
        entry
        for entry in entries
        if not room or room in (entry.room, entry.line.sighting.room if entry.line.sighting else "")
    ]
    return sorted(
        kept,
        key=lambda entry: (vietnamese_order(at.rooms.get(entry.room, entry.room)), vietnamese_order(entry.line.tag)),
    )
