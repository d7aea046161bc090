"""The page of the asset books of a year: their sums, what is not in them, and the workbook to print and sign."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.bookkeeping import AskedLines, AskedYear, books_file, books_for, known_lines, rules_for
from api.register_pages import AtSite, register_page
from inventory.books import sums_by_category
from inventory.wear import LAST_YEAR, first_year

router = APIRouter(prefix="/register/{site}", include_in_schema=False)


@router.get("/books", response_class=HTMLResponse)
def show_books(request: Request, at: AtSite, year: AskedYear = None) -> HTMLResponse:
    books, rules = books_for(at, year), rules_for(at)
    *categories, total = sums_by_category(books)
    return register_page(
        request,
        at,
        "books.html",
        "/books" + (f"?year={year}" if year is not None else ""),
        books=books,
        categories=categories,
        total=total,
        gone=sum(worth.gone for worth in books.fixed),
        threshold=rules.threshold.vnd,
        unverified=any(not category.verified for category in rules.categories),
        first=first_year(at.assets),
        last=LAST_YEAR,
        empty=not at.assets,
        form_lines=known_lines(at),
    )


@router.get("/books.xlsx")
def download_books(at: AtSite, lines: AskedLines, year: AskedYear = None) -> Response:
    return books_file(at, year, lines)
