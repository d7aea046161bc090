"""What stands in a document and no program can know: who issues it, who signs, to whom it goes. See report.yaml."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from contract.settings_file import SettingsError, read_settings
from contract.shapes import BadShape, BadValue, Between
from inventory.forms import Unit, read_forms, shipped_forms
from inventory.text import Language
from inventory.wear_rules import WearRules, read_wear_rules, shipped_wear_rules

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
    """report.yaml. A number that is left out is left blank in the document, for the clerk who registers it.

    `wear_rules` and `forms` are files of the school's own, in place of those that come with SonCa.
    """

    code: Written
    vietnamese: Wording
    english: Wording | None = None
    report_number: DocumentNumber | None = None
    proposal_number: DocumentNumber | None = None
    archive: Written = "VT"
    budget_code: str = ""
    wear_rules: str = ""
    forms: str = ""

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
    """The file at `path`, checked, its paths made absolute. Raises SettingsError with file, line, key and hint."""
    settings, folder = read_settings(path, ReportSettings, _check), path.resolve().parent
    wear_rules, forms = (str(folder / name) if name else "" for name in (settings.wear_rules, settings.forms))
    return replace(settings, wear_rules=wear_rules, forms=forms)


def unit_of(
    settings: ReportSettings | None, school: str, unit: str = "", budget_code: str = "", superior: str = ""
) -> Unit:
    """Whose accounting forms they are: each line as somebody asked for it, else by report.yaml, else the school's name.

    `budget_code` is empty where nobody wrote it down. Raises SettingsError for a bad file of forms.
    """
    if settings is None:
        return Unit(unit or school, budget_code, superior)
    wording = settings.vietnamese
    forms = read_forms(Path(settings.forms)) if settings.forms else shipped_forms()
    return Unit(unit or wording.issuer, budget_code or settings.budget_code, superior or wording.superior, forms)


def wear_rules_of(settings: ReportSettings | None) -> WearRules:
    """The school's own rules, else those that come with SonCa. Raises SettingsError."""
    own = settings.wear_rules if settings else ""
    return read_wear_rules(Path(own)) if own else shipped_wear_rules()


def _check(settings: ReportSettings) -> None:
    for name, wording in (("vietnamese", settings.vietnamese), ("english", settings.english)):
        if wording is not None:
            for key in ("addressees", "recipients"):
                if not getattr(wording, key):
                    raise BadShape(f"{name}.{key}", "names nobody", hint="list at least one")
