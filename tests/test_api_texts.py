"""No word lacks its translation: every text, every enumeration's member, and no loose words in templates."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import pytest

import api
from api.view.freshness import Freshness
from api.view.sentences import HEARINGS, REASONS, SERVICE_REACHES
from api.view.services import ServiceReach
from api.words import DEVICE_KINDS, OUTCOMES, PRESENCES, PROBES, ROOM_STATES
from collector.store.protocol import RoomReason, RoomState
from collector.store.state_protocol import Presence
from contract.messages import Outcome
from contract.metrics import PROBES as CATALOGUE
from inventory.asset import AssetKind
from tests.bilingual import check_text, texts_of

TEMPLATES = Path(api.__file__).parent / "templates"
OWN_LANGUAGES = {"Tiếng Việt", "English"}  # a language is always named in itself


ALL = dict(texts_of(api))


def test_there_are_texts_to_look_at() -> None:
    assert len(ALL) > 150


@pytest.mark.parametrize("where", ALL)
def test_a_text_is_whole_in_both_languages(where: str) -> None:
    check_text(ALL[where])


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
