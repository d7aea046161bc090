"""Words for people, in both languages side by side, so that none can lack its translation."""

from collections.abc import Iterable
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


NO_TEXT = Text("", "")


def all_of(texts: Iterable[Text]) -> Text:
    """A list of words as one: "bộ xử lý, bộ nhớ"."""
    listed = list(texts)
    return Text(", ".join(text.vi for text in listed), ", ".join(text.en for text in listed))


def capital(text: str) -> str:
    """A word or sentence as it begins a line."""
    return f"{text[:1].upper()}{text[1:]}"
