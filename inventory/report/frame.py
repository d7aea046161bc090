"""Head and foot of a document, by Decree 30/2020, from the settings."""

from datetime import date

from babel.dates import format_date

from inventory.phrase import Phrase
from inventory.report import texts
from inventory.report.data import ReportData
from inventory.report.document import Block, Document, Foot, Head
from inventory.report.settings import ReportSettings, Wording
from inventory.text import Language, Text

BLANK_NUMBER = "\N{NO-BREAK SPACE}" * 8  # for the clerk who registers the document


def framed(
    name: str,
    kind: Text,
    abbreviation: str,
    number: int | None,
    subject: str,
    blocks: list[Block],
    data: ReportData,
    settings: ReportSettings,
    phrase: Phrase,
) -> Document:
    """A document of these blocks. `abbreviation`: of its kind, as in its number: `BC`, `TTr`."""
    wording = settings.wording(phrase.language)
    written = BLANK_NUMBER if number is None else f"{number:02d}"
    head = Head(
        wording.superior,
        wording.issuer,
        phrase(texts.NATION),
        phrase(texts.MOTTO),
        phrase(texts.NUMBER, number=written, kind=abbreviation, code=settings.code),
        phrase(texts.PLACE_AND_DAY, place=wording.place, day=day_in_words(data.issued, phrase.language)),
        phrase(kind),
        subject,
        phrase(texts.TO),
        wording.addressees,
    )
    return Document(
        f"{name}-{data.period.written}-{phrase.language}",
        str(phrase.language),
        head,
        tuple(blocks),
        _foot(wording, settings, phrase),
        phrase(texts.SIMULATED) if data.simulated else "",
    )


def day_in_words(day: date, language: Language) -> str:
    """`ngày 05 tháng 02 năm 2027`: a zero leads days below 10 and the months 1 and 2, so that nothing can be added."""
    if language is Language.EN:
        return format_date(day, "d MMMM y", locale="en")
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def _foot(wording: Wording, settings: ReportSettings, phrase: Phrase) -> Foot:
    recipients = (
        phrase(texts.AS_ABOVE),
        *(f"{recipient.rstrip(';.')};" for recipient in wording.recipients),
        phrase(texts.ARCHIVE, archive=settings.archive),
    )
    signer = wording.signer
    return Foot(phrase(texts.RECIPIENTS), recipients, signer.authority, signer.title, signer.name)
