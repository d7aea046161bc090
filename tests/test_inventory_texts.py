"""No word of the register, the plan or the documents lacks its translation."""

from collections.abc import Mapping
from dataclasses import fields
from typing import get_args

import pytest

import inventory
from inventory.asset import Asset, AssetKind, Condition, Status
from inventory.match import MatchState
from inventory.plan.options import Action
from inventory.plan.rules import CODES, DATED
from inventory.plan.words import ACTIONS, AHEAD, REASONS
from inventory.windows11 import Rule
from inventory.words import CONDITIONS, FIELDS, KINDS, MATCHES, STATUSES, WINDOWS11_RULES
from tests.bilingual import check_text, texts_of

ALL = dict(texts_of(inventory))


def test_there_are_texts_to_look_at() -> None:
    assert len(ALL) > 20


@pytest.mark.parametrize("where", ALL)
def test_a_text_is_whole_in_both_languages(where: str) -> None:
    check_text(ALL[where])


@pytest.mark.parametrize(
    ("words", "members"),
    [
        (KINDS, get_args(AssetKind)),
        (CONDITIONS, get_args(Condition)),
        (STATUSES, get_args(Status)),
        (FIELDS, [field.name for field in fields(Asset)]),
        (MATCHES, get_args(MatchState)),
        (WINDOWS11_RULES, list(Rule)),
        (REASONS, CODES),
        (AHEAD, DATED),
        (ACTIONS, get_args(Action)),
    ],
)
def test_every_member_of_an_enumeration_has_its_word(words: Mapping[object, object], members: list[object]) -> None:
    assert set(words) == set(members)
