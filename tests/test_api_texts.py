"""No word lacks its translation: every text, every enumeration's member, and no loose words in templates."""

import importlib
import pkgutil
import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

import pytest

import api
from api.text import Text
from api.view.freshness import Freshness
from api.view.sentences import HEARINGS, REASONS, SERVICE_REACHES
from api.view.services import ServiceReach
from api.words import DEVICE_KINDS, OUTCOMES, PRESENCES, PROBES, ROOM_STATES
from collector.store.protocol import RoomReason, RoomState
from collector.store.state_protocol import Presence
from contract.messages import Outcome
from contract.metrics import PROBES as CATALOGUE
from inventory.asset import AssetKind

TEMPLATES = Path(api.__file__).parent / "templates"
SAME_IN_BOTH = {"Wi-Fi", "UUID", "Internet", "Ping", "Stepping"}  # words that Vietnamese took over
OWN_LANGUAGES = {"Tiếng Việt", "English"}  # a language is always named in itself


def texts() -> Iterator[tuple[str, Text]]:
    """Every Text of the package with where it stands."""
    for module in pkgutil.walk_packages(api.__path__, "api."):
        for name, value in vars(importlib.import_module(module.name)).items():
            yield from ((f"{module.name}.{name}", text) for text in inside(value))


def inside(value: object) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from inside(entry)
    elif isinstance(value, tuple):
        for entry in value:
            yield from inside(entry)


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


ALL = dict(texts())


def test_there_are_texts_to_look_at() -> None:
    assert len(ALL) > 150


@pytest.mark.parametrize("where", ALL)
def test_a_text_is_whole_in_both_languages(where: str) -> None:
    text = ALL[where]
    assert bool(text.vi) == bool(text.en), "one language is missing"
    assert names_in(text.vi) - {"count"} == names_in(text.en) - {"count"}
    assert names_in(text.one) <= names_in(text.en)
    words = re.sub(r"\{\w+\}", "", text.vi)
    if re.search(r"[^\W\d_]{2}", words) and text.vi not in SAME_IN_BOTH:
        assert text.vi != text.en, "the same words twice: translate one of them"


@pytest.mark.parametrize(
    ("words", "members"),
    [
        (ROOM_STATES, list(RoomState)),
        (REASONS, list(RoomReason)),
        (PRESENCES, list(Presence)),
        (OUTCOMES, list(Outcome)),
        (SERVICE_REACHES, list(ServiceReach)),
        (HEARINGS, list(Freshness)),
        (DEVICE_KINDS, list(get_args(AssetKind))),
        (PROBES, list(CATALOGUE)),
    ],
)
def test_every_member_of_an_enumeration_has_its_word(words: Mapping[object, object], members: list[object]) -> None:
    assert set(words) == set(members)


@pytest.mark.parametrize("template", sorted(path.name for path in TEMPLATES.iterdir() if path.name != "docs.html"))
def test_templates_hold_no_words_of_their_own(template: str) -> None:
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    without_code = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
    loose = [
        words.strip()
        for words in re.sub(r"<[^>]*>|[\w-]+=\"[^\"]*\"", "\n", without_code).splitlines()
        if words.strip()
    ]
    assert [words for words in loose if re.search(r"[^\W\d_]", words) and words not in OWN_LANGUAGES] == []
    spoken = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]+)"', without_code)
    assert spoken == []
