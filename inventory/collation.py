"""Vietnamese order, and words as people search for them. Pure, and the same on every machine: no locale is asked."""

import re
import unicodedata
from functools import lru_cache

# The letters in the order of Vietnamese dictionaries; f, j, w and z stand where they do in other languages.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng; no tone stands before them
_MARKS = "\u0306\u0302\u031b"  # of ă, of â ê ô, of ơ ư: these make letters of their own

OrderKey = tuple[tuple[tuple[int, int], ...], tuple[int, ...], str]


@lru_cache(20_000)  # a list is sorted again and again
def vietnamese_order(text: str) -> OrderKey:
    """The key to sort by: letters first, tones where letters are the same. Numbers are read as numbers: 2 before 10."""
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    for part in re.findall(r"[0-9]{1,18}|[^0-9]+", unicodedata.normalize("NFD", text.casefold())):
        if part[0] in "0123456789":
            letters.append((1, int(part)))
            tones.append(0)
            continue
        for letter, marks in re.findall(r"(.)([\u0300-\u036f]*)", part, re.DOTALL):
            whole = unicodedata.normalize("NFC", letter + "".join(mark for mark in marks if mark in _MARKS))
            letters.append(_place(whole))
            tones.append(next((_TONES.index(mark) + 1 for mark in marks if mark in _TONES), 0))
    return tuple(letters), tuple(tones), text


def _place(letter: str) -> tuple[int, int]:
    """Signs and spaces, then numbers (1), then letters, then those of other scripts."""
    if letter in _ALPHABET:
        return 2, _ALPHABET.index(letter)
    return (3 if letter.isalpha() else 0), ord(letter[0])


def folded(text: str) -> str:
    """Without case and marks, as people type into a search box: `Máy chiếu` is `may chieu`."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())
