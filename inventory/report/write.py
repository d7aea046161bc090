"""Writes the documents of a period into a folder: PDF, its twin to edit, and the annex."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from contract.trouble import Trouble
from inventory.phrase import Phrase
from inventory.report.annex import annex_of
from inventory.report.data import ReportData
from inventory.report.editable import docx_of
from inventory.report.equipment import equipment_report
from inventory.report.pdf import pdf_of
from inventory.report.plain import plain_data
from inventory.report.proposal import purchase_proposal
from inventory.report.settings import ReportSettings
from inventory.text import Language

Tell = Callable[[str], None]


def write_documents(
    data: ReportData, settings: ReportSettings, folder: Path, languages: tuple[Language, ...], tell: Tell
) -> list[Path]:
    """The files written, in order; `tell` hears each. Earlier ones of the same name are replaced.

    Raises SettingsError for wording that is missing, Trouble when the folder cannot be written.
    """
    # Before anything is written, so that what is missing is asked for at once.
    makers = [files_of(data, settings, Phrase(language)) for language in languages]
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for files in makers:
            for name, make in files.items():
                path, content = folder / name, make()
                path.write_bytes(content)
                written.append(path)
                tell(f"{path} ({len(content) / 1000:,.0f} kB)")
    except OSError as error:
        raise Trouble(f"{folder}: cannot be written: {error.strerror}", "choose another folder with --out") from error
    return written


def files_of(data: ReportData, settings: ReportSettings, phrase: Phrase) -> dict[str, Callable[[], bytes]]:
    """Every file of a period in one language by its name, in order, and what makes its content.

    Raises SettingsError for wording that is missing.
    """
    attached, files = plain_data(data, phrase), dict[str, Callable[[], bytes]]()
    for make in (equipment_report, purchase_proposal):
        document = make(data, settings, phrase)
        files[f"{document.name}.pdf"] = partial(pdf_of, document, attached, data.issued)
        files[f"{document.name}.docx"] = partial(docx_of, document, data.issued)
    files[f"phu-luc-{data.period.written}-{phrase.language}.xlsx"] = partial(annex_of, data, phrase)
    return files
