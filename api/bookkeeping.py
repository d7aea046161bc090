"""The accounting forms, for the pages and for programs, by the functions of `sonca inventory books` and `stocktake`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query, Response

from api.answers import ErrorAnswer
from api.attached import XLSX, attached, file_of
from api.plan_files import bad_file, wording_of
from api.problems import Problem
from api.site_register import SiteRegister, refused_by
from api.texts_register import NO_BUDGET_CODE, NO_BUDGET_CODE_HINT
from contract.settings_file import SettingsError
from inventory.asset import Asset
from inventory.books import year_books
from inventory.exporting.workbook import Sheet, write_workbook
from inventory.forms import Unit
from inventory.report.settings import ReportSettings, unit_of, wear_rules_of
from inventory.stocktake import findings
from inventory.stocktake_sheet import difference_sheet
from inventory.wear import Books, Life, NoBook, books_of, check_year, first_year, life_of
from inventory.wear_rules import WearRules

# For OpenAPI, of whatever reads report.yaml.
BAD_SETTINGS: dict[int | str, dict[str, Any]] = {
    409: {"model": ErrorAnswer, "description": "report.yaml, or a file it names, cannot be used"}
}


@dataclass(frozen=True, slots=True)
class Lines:
    """What shall stand above a form; empty: as report.yaml has it."""

    unit: str = ""
    budget_code: str = ""
    superior: str = ""


def _lines(
    budget_code: Annotated[
        str, Query(max_length=20, description="the school's code in the state budget (Mã QHNS); else by report.yaml")
    ] = "",
    unit: Annotated[str, Query(max_length=200, description="the school's name on the form; else by report.yaml")] = "",
    superior: Annotated[str, Query(max_length=200, description="the body above the school; else by report.yaml")] = "",
) -> Lines:
    return Lines(unit.strip(), budget_code.strip(), superior.strip())


AskedLines = Annotated[Lines, Depends(_lines)]
AskedYear = Annotated[int | None, Query(description="as of its 31 December, past or future; this year unless asked")]


@dataclass(frozen=True, slots=True)
class KnownLines:
    """What a page fills into the lines of a form: what `file`, report.yaml, says, or the problem that it has."""

    unit: Unit | None
    problem: Problem | None
    file: str


def known_lines(at: SiteRegister) -> KnownLines:
    try:
        return KnownLines(_unit(at, Lines()), None, _file(at))
    except Problem as problem:
        return KnownLines(None, problem, _file(at))


def unit_for(at: SiteRegister, lines: Lines) -> Unit:
    """Whose form it is. Raises Problem (422) where nobody wrote its code down, (409) for a file that is bad."""
    unit = _unit(at, lines)
    if not unit.budget_code:
        raise Problem(422, "no_budget_code", NO_BUDGET_CODE, NO_BUDGET_CODE_HINT, file=_file(at))
    return unit


def rules_for(at: SiteRegister) -> WearRules:
    """Raises Problem (409)."""
    try:
        return wear_rules_of(_settings(at))
    except SettingsError as error:
        raise bad_file(error) from error


def life_by_books(at: SiteRegister, asset: Asset) -> Life | None:
    """How long it lasts by the same rules; None where their file cannot be used, as the page of the books then says."""
    try:
        return life_of(asset, rules_for(at))
    except Problem:
        return None


def books_for(at: SiteRegister, year: int | None) -> Books:
    """Raises Problem (422) for a year without a book, (409) for a file that is bad."""
    if year is None:  # a clock may be behind the register
        year = max(at.school.day_at(at.now).year, first_year(at.assets) or 0)
    try:
        check_year(at.assets, year)
    except NoBook as error:
        raise refused_by(error.said) from error
    return books_of(at.assets, rules_for(at), year)


def books_file(at: SiteRegister, year: int | None, lines: Lines) -> Response:
    """The workbook with S24-H and C55-HD. Raises Problem as `books_for` and `unit_for` say."""
    books, unit = books_for(at, year), unit_for(at, lines)
    return _workbook(year_books(books, unit), f"{at.site}-books-{books.year}.xlsx")


def difference_file(at: SiteRegister, number: int, lines: Lines) -> Response:
    """The workbook with C53-HD of a stocktake. Raises Problem (404) and as `unit_for` says."""
    session = at.stocktake(number)
    found, day = findings(at.assets, at.register.stocktakes.sightings(session)), at.school.day_at(session.started_at)
    books, unit = books_of(at.assets, rules_for(at), day.year), unit_for(at, lines)
    sheet = difference_sheet(found, books, at.rooms, unit, day.strftime("%d/%m/%Y"))
    return _workbook([sheet], f"{at.site}-c53-hd-{number}.xlsx")


def _workbook(sheets: Sequence[Sheet], name: str) -> Response:
    return attached(file_of(lambda path: write_workbook(path, sheets)), XLSX, name)


def _unit(at: SiteRegister, lines: Lines) -> Unit:
    try:
        return unit_of(_settings(at), at.school.name, lines.unit, lines.budget_code, lines.superior)
    except SettingsError as error:
        raise bad_file(error) from error


def _settings(at: SiteRegister) -> ReportSettings | None:
    """report.yaml of the school, None where it has none. Raises Problem (409) where it cannot be used."""
    file = at.sources.schools.settings_file(at.site, "report")
    return wording_of(file) if file and file.exists() else None


def _file(at: SiteRegister) -> str:
    """Where report.yaml is, or should be."""
    return str(at.sources.schools.settings_file(at.site, "report") or "report.yaml")
