"""The documents of a period, made when they are asked for by the functions of `sonca report equipment`."""

import re
from dataclasses import dataclass
from pathlib import Path

from api import texts_plan
from api.asking import bad
from api.plan_files import bad_file, no_extra, wording_of
from api.problems import Problem
from contract.trouble import Trouble
from inventory.phrase import Phrase
from inventory.report.data import ReportData
from inventory.report.period import Period, PeriodTrouble, parse_period
from inventory.text import Language

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FILES = (("bao-cao", "pdf"), ("bao-cao", "docx"), ("to-trinh", "pdf"), ("to-trinh", "docx"), ("phu-luc", "xlsx"))


@dataclass(frozen=True)
class ReportFile:
    """One document by its name: `bao-cao-2026-11-vi.pdf`."""

    name: str
    period: Period
    language: Language
    format: str


def file_names(period: Period, language: Language) -> list[tuple[str, str, str]]:
    """Each document of a period: which one, its format, its name."""
    return [(what, form, f"{what}-{period.written}-{language}.{form}") for what, form in FILES]


def file_named(name: str) -> ReportFile:
    """Raises Problem (404) for a name that no document has."""
    found = re.fullmatch(r"(bao-cao|to-trinh|phu-luc)-([\d-]{7,11})-(vi|en)\.(pdf|docx|xlsx)", name)
    if found is None or (found[1], found[4]) not in FILES:
        raise Problem(404, "unknown_document", texts_plan.NO_FILE, texts_plan.NO_FILE_HINT, name=name[:60])
    return ReportFile(name, period_of(found[2]), Language(found[3]), found[4])


def period_of(written: str) -> Period:
    """Raises Problem (422)."""
    try:
        return parse_period(written)
    except PeriodTrouble as error:
        raise bad("period", texts_plan.BAD_PERIOD, texts_plan.PERIOD_HINT) from error


def missing(settings: Path, language: Language) -> Problem | None:
    """Why the documents cannot be made in that language: a file, a key, the extra; None where they can."""
    try:
        wording_of(settings).wording(language)
        import inventory.report.write  # noqa: F401
    except Problem as problem:
        return problem
    except Trouble as error:
        return bad_file(error)
    except ImportError as error:
        return no_extra(error)
    return None


def make_file(file: ReportFile, data: ReportData, settings: Path) -> bytes:
    """The document. It takes a second or two. Raises Problem as `missing` says."""
    wording = wording_of(settings)
    try:
        from inventory.report.write import files_of

        return files_of(data, wording, Phrase(file.language))[file.name]()
    except ImportError as error:
        raise no_extra(error) from error
    except Trouble as error:
        raise bad_file(error) from error
