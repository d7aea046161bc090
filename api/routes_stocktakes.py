"""JSON of stocktakes."""

from fastapi import APIRouter, Response

from api.answering import head
from api.answering_register import one_stocktake_answer, stocktake_answer
from api.answers_register import EndOfStocktake, NewSighting, NewStocktake, OneStocktakeAnswer, StocktakesAnswer
from api.attached import XLSX, as_file
from api.bookkeeping import BAD_SETTINGS, AskedLines, difference_file
from api.routes_assets import CHANGING, AtSite, changing, signed
from api.routes_site import ERRORS
from inventory.register_stocktakes import NOT_THERE

router = APIRouter(prefix="/api/v1/sites/{site}/stocktakes", responses=ERRORS, tags=["register"])


@router.get("", summary="All stocktakes, the newest first")
def read_stocktakes(at: AtSite) -> StocktakesAnswer:
    sessions = at.register.stocktakes.all(at.site)
    return StocktakesAnswer(**head(at.school, at.now), stocktakes=[stocktake_answer(entry) for entry in sessions])


@router.post("", summary="Begin a stocktake", status_code=201, dependencies=changing, responses=CHANGING)
def start_stocktake(at: AtSite, new: NewStocktake) -> OneStocktakeAnswer:
    at = signed(at, new.role)
    return one_stocktake_answer(at, at.start_stocktake())


@router.get("/{number}", summary="One stocktake, with every asset that was found, moved, missing or unexpected")
def read_stocktake(at: AtSite, number: int) -> OneStocktakeAnswer:
    return one_stocktake_answer(at, at.stocktake(number))


@router.get(
    "/{number}/c53-hd.xlsx",
    summary="The difference sheet C53-HD of a stocktake, as a workbook",
    response_class=Response,
    responses={**BAD_SETTINGS, **as_file(XLSX)},
)
def download_sheet(at: AtSite, number: int, lines: AskedLines) -> Response:
    return difference_file(at, number, lines)


@router.post("/{number}/sightings", summary="Note what was seen", dependencies=changing, responses=CHANGING)
def add_sighting(at: AtSite, number: int, sighting: NewSighting) -> OneStocktakeAnswer:
    at = signed(at, sighting.role)
    session = at.stocktake(number)
    room = NOT_THERE if sighting.found == "missing" else sighting.room
    at.sight(session, sighting.tag, room, sighting.note)
    return one_stocktake_answer(at, session)


@router.post("/{number}/close", summary="Close a stocktake", dependencies=changing, responses=CHANGING)
def close_stocktake(at: AtSite, number: int, end: EndOfStocktake) -> OneStocktakeAnswer:
    at = signed(at, end.role)
    at.register.stocktakes.close(at.stocktake(number), at.now)
    return one_stocktake_answer(at, at.stocktake(number))
