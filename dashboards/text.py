"""Words on boards, in both languages side by side, so that none can lack its translation."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")  # Vietnamese is the first


@dataclass(frozen=True, slots=True)
class Text:
    """The same in Vietnamese and English."""

    vi: str
    en: str

    def says(self, language: Language) -> str:
        return self.vi if language == "vi" else self.en


def same(text: str) -> Text:
    """What needs no translation: a name, an abbreviation."""
    return Text(text, text)
