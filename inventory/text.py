"""Words for people, in both languages side by side, so that none can lack its translation."""

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """The languages of pages, sentences and documents; Vietnamese is the first."""

    VI = "vi"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or a word; `{names}` in it are filled in by Say. `one` is the English where `count` is 1."""

    vi: str
    en: str
    one: str = ""
