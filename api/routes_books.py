"""The asset books of a year: JSON, and the workbook to print and sign."""

from fastapi import APIRouter, Response

from api.answering_register import books_answer
from api.answers_register import BooksAnswer
from api.attached import XLSX, as_file
from api.bookkeeping import BAD_SETTINGS, AskedLines, AskedYear, books_file
from api.routes_assets import AtSite
from api.routes_site import ERRORS

router = APIRouter(prefix="/api/v1/sites/{site}", responses={**ERRORS, **BAD_SETTINGS}, tags=["register"])


@router.get("/books", summary="What the fixed assets are worth by the books of a year")
def read_books(at: AtSite, year: AskedYear = None) -> BooksAnswer:
    return books_answer(at, year)


@router.get(
    "/books.xlsx",
    summary="The asset book S24-H and the table of wear C55-HD of a year, as a workbook",
    response_class=Response,
    responses=as_file(XLSX),
)
def download_books(at: AtSite, lines: AskedLines, year: AskedYear = None) -> Response:
    return books_file(at, year, lines)
