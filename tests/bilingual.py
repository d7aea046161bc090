"""Finds every Text of a package, and holds that it is whole in both languages."""

import importlib
import pkgutil
import re
import string
from collections.abc import Iterator, Mapping
from types import ModuleType

from inventory.text import Text

SAME_IN_BOTH = {"Wi-Fi", "UUID", "Internet", "Ping", "Stepping"}  # words that Vietnamese took over


def texts_of(package: ModuleType) -> Iterator[tuple[str, Text]]:
    """Every Text of the package with where it stands."""
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if "_migrations." in module.name:
            continue  # alembic runs these, nobody imports them
        for name, value in vars(importlib.import_module(module.name)).items():
            yield from ((f"{module.name}.{name}", text) for text in _inside(value))


def check_text(text: Text) -> None:
    """Raises AssertionError unless both languages are there, are not the same, and are filled in by the same names."""
    assert bool(text.vi) == bool(text.en), "one language is missing"
    assert _names_in(text.vi) - {"count"} == _names_in(text.en) - {"count"}
    assert _names_in(text.one) <= _names_in(text.en)
    words = re.sub(r"\{\w+\}", "", text.vi)
    if re.search(r"[^\W\d_]{2}", words) and text.vi not in SAME_IN_BOTH:
        assert text.vi != text.en, "the same words twice: translate one of them"


def _inside(value: object) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from _inside(entry)
    elif isinstance(value, tuple):
        for entry in value:
            yield from _inside(entry)


def _names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
