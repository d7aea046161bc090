"""Which field a header means, and which word of the register a cell."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

import yaml

from inventory.asset import AssetKind, Condition, Status
from inventory.saying import names

IGNORED = "ignored"
_WORDS = Path(__file__).parent / "words.yaml"
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": get_args(AssetKind),
    "status": get_args(Status),
    "condition": get_args(Condition),
}


def plain(text: str) -> str:
    """A word without case, tone marks, punctuation and what stands in brackets: `Nguyên giá (đồng)` is `nguyen gia`."""
    text = re.sub(r"\(.*?\)", " ", text).casefold().replace("đ", "d")
    letters = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[a-z0-9#]+", letters))


def field_of(header: str) -> str | None:
    """The field of Asset that a header means, IGNORED for a running number, None for one that nobody knows."""
    return _headers().get(plain(header))


def choices(field: str) -> tuple[str, ...] | None:
    """The words that a field may have; None where it takes any text."""
    return _CHOICES.get(field)


def choice_of(field: str, cell: str) -> str | None:
    """The word of the register that a cell means."""
    return _cells(field).get(plain(cell))


def headers_known() -> list[str]:
    """Every header that is understood, for a hint."""
    return [names()[field]["vi"] for field in _read()["headers"]]


@cache
def _read() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return read


@cache
def _headers() -> dict[str, str]:
    found = {plain(word): IGNORED for word in _read()["ignored"]}
    for field, words in _read()["headers"].items():
        found |= {plain(word): field for word in [field, *words, *names()[field].values()]}
    return found


@cache
def _cells(field: str) -> dict[str, str]:
    return {
        plain(word): choice
        for choice in _CHOICES[field]
        for word in [choice, *_read()["cells"][choice], *names()[choice].values()]
    }
