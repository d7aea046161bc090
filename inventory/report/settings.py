"""What stands in a document and no program can know: who issues it, who signs, to whom it goes. See report.yaml."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from contract.settings_file import SettingsError, read_settings
from contract.shapes import BadShape, BadValue, Between
from inventory.text import Language

DocumentNumber = Annotated[int, Between(1, 99_999)]


def check_written(text: str) -> None:
    """Raises BadValue for a line that says nothing: an empty line in a signed document is a mistake."""
    if not text.strip():
        raise BadValue("says nothing", "write it as it shall stand in the document")


Written = Annotated[str, check_written]


@dataclass(frozen=True)
class Signer:
    """`authority` stands above the title where one signs for another: `TM. BAN GIÁM HIỆU`, `KT. HIỆU TRƯỞNG`."""

    title: Written
    name: Written
    authority: str = ""


@dataclass(frozen=True)
class Wording:
    """The lines of a document in one language."""

    superior: Written
    issuer: Written
    place: Written
    signer: Signer
    addressees: tuple[Written, ...]
    recipients: tuple[Written, ...]
    bases: tuple[Written, ...] = ()


@dataclass(frozen=True)
class ReportSettings:
    """report.yaml. A number that is left out is left blank in the document, for the clerk who registers it."""

    code: Written
    vietnamese: Wording
    english: Wording | None = None
    report_number: DocumentNumber | None = None
    proposal_number: DocumentNumber | None = None
    archive: Written = "VT"

    def wording(self, language: Language) -> Wording:
        """The lines in a language. Raises SettingsError that names the key when they were never written."""
        if language is Language.VI:
            return self.vietnamese
        if self.english is None:
            raise SettingsError(
                "report.yaml: english: is missing", "a document in English needs the lines of vietnamese in English too"
            )
        return self.english


def read_report_settings(path: Path) -> ReportSettings:
    """The file at `path`, checked. Raises SettingsError with file, line, key and hint."""
    return read_settings(path, ReportSettings, _check)


def _check(settings: ReportSettings) -> None:
    for name, wording in (("vietnamese", settings.vietnamese), ("english", settings.english)):
        if wording is not None:
            for key in ("addressees", "recipients"):
                if not getattr(wording, key):
                    raise BadShape(f"{name}.{key}", "names nobody", hint="list at least one")
