"""Writes the documents of a period into a folder: PDF, its twin to edit, and the annex."""

from collections.abc import Callable, Iterator
from pathlib import Path

from contract.trouble import Trouble
from inventory.phrase import Phrase
from inventory.report.annex import annex_of
from inventory.report.data import ReportData
from inventory.report.document import Document
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
    phrases = [Phrase(language) for language in languages]
    documents = [  # before anything is written, so that what is missing is asked for at once
        (phrase, [make(data, settings, phrase) for make in (equipment_report, purchase_proposal)]) for phrase in phrases
    ]
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for phrase, made in documents:
            for name, content in _files(data, phrase, made):
                path = folder / name
                path.write_bytes(content)
                written.append(path)
                tell(f"{path} ({len(content) / 1000:,.0f} kB)")
    except OSError as error:
        raise Trouble(f"{folder}: cannot be written: {error.strerror}", "choose another folder with --out") from error
    return written


def _files(data: ReportData, phrase: Phrase, documents: list[Document]) -> Iterator[tuple[str, bytes]]:
    attached = plain_data(data, phrase)
    for document in documents:
        yield f"{document.name}.pdf", pdf_of(document, attached, data.issued)
        yield f"{document.name}.docx", docx_of(document, data.issued)
    yield f"phu-luc-{data.period.written}-{phrase.language}.xlsx", annex_of(data, phrase)
