"""Sentences to people about the register, in Vietnamese and English: a word and its values until they are shown.

The texts are in saying.yaml: word -> language -> [sentence, hint]. Days and money stand in them as they may be typed
into forms and lists, and small numbers (rows, years) plain; inventory/phrase.py is how they are written to be read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from inventory import words
from inventory.text import Text, capital

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
_TEXTS = Path(__file__).parent / "saying.yaml"


@dataclass(frozen=True)
class Said:
    """A sentence by its word in saying.yaml, with the values that stand in it."""

    word: str
    values: dict[str, Any] = field(default_factory=dict)

    def __init__(self, word: str, **values: Any) -> None:
        object.__setattr__(self, "word", word)
        object.__setattr__(self, "values", values)

    def sentence(self, language: Language) -> str:
        return self._text(language, 0)

    def hint(self, language: Language) -> str:
        return self._text(language, 1)

    def _text(self, language: Language, part: int) -> str:
        values = {name: _shown(value, language, name in _WORDS) for name, value in self.values.items()}
        return texts()[self.word][language][part].format_map(values)


@cache
def texts() -> dict[str, dict[str, list[str]]]:
    """Word -> language -> [sentence, hint]."""
    read: dict[str, dict[str, list[str]]] = yaml.safe_load(_TEXTS.read_text(encoding="utf-8"))
    return read


@cache
def names() -> dict[str, dict[str, str]]:
    """What fields, kinds, statuses and so on are called: word -> language -> name."""
    kinds = {kind: Text(capital(text.vi), text.en) for kind, text in words.KINDS.items()}  # they begin a cell
    every: list[Mapping[Any, Text]] = [
        words.FIELDS,
        kinds,
        words.STATUSES,
        words.CONDITIONS,
        words.FINDINGS,
        words.MATCHES,
    ]
    return {word: {"vi": text.vi, "en": text.en} for of_one in every for word, text in of_one.items()}


def name_of(word: str, language: Language) -> str:
    """A word of the register as people say it; itself where it has no name."""
    return names()[word][language] if word in names() else word


def vnd(amount: int) -> str:
    """Money as it is written in Vietnam: 98.000.000."""
    return f"{amount:,}".replace(",", ".")


def day(value: date, language: Language) -> str:
    return value.strftime("%d/%m/%Y") if language == "vi" else value.isoformat()


# Values that are words of the register, with a name in each language; others are what people wrote.
_WORDS = frozenset({"field", "status", "before", "after", "allowed", "known", "kind"})


def _shown(value: Any, language: Language, is_word: bool) -> str:
    if isinstance(value, Said):
        return value.sentence(language)
    if isinstance(value, date):
        return day(value, language)
    if isinstance(value, tuple):
        return ", ".join(_shown(entry, language, is_word) for entry in value)
    if isinstance(value, int) and abs(value) >= 10_000:  # money; rows and lengths are read without points
        return vnd(value) if language == "vi" else f"{value:,}"
    return name_of(str(value), language) if is_word else str(value)
