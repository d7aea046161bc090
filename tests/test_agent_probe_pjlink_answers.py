"""What a projector's answers mean, and that no answer breaks the readers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.outcomes import BadAnswer
from agent.probes.pjlink_answers import (
    MAX_LAMPS,
    PARTS,
    STATES,
    Lamp,
    plain_text,
    read_lamps,
    resolution,
    status_fields,
)
from contract.messages import Value
from contract.metrics import PROBES, Misfit, fitted

QUESTIONS = ("POWR", "INPT", "AVMT", "ERST", "FILT", "FREZ", "IRES")


@pytest.mark.parametrize(
    ("question", "answer", "fields"),
    [
        ("POWR", "0", {"power": "standby"}),
        ("POWR", "2", {"power": "cooling"}),
        ("POWR", "3", {"power": "warming"}),
        ("INPT", "11", {"input": "rgb 1"}),
        ("INPT", "5A", {"input": "network A"}),
        ("INPT", "6z", {"input": "internal Z"}),
        ("AVMT", "11", {"picture_muted": True, "sound_muted": False}),
        ("AVMT", "21", {"picture_muted": False, "sound_muted": True}),
        ("AVMT", "31", {"picture_muted": True, "sound_muted": True}),
        ("AVMT", "30", {"picture_muted": False, "sound_muted": False}),
        ("AVMT", "10", {"picture_muted": False}),
        ("AVMT", "20", {"sound_muted": False}),
        ("FILT", "00321", {"filter_hours": 321}),
        ("FREZ", "1", {"picture_frozen": True}),
        ("IRES", "-", {"has_signal": False}),
        ("IRES", "*", {"has_signal": True}),
        ("IRES", "1280X800", {"has_signal": True, "resolution": "1280x800"}),
    ],
)
def test_an_answer_becomes_fields(question: str, answer: str, fields: dict[str, Value]) -> None:
    assert status_fields(question, answer) == fields


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("POWR", ""),
        ("POWR", "4"),
        ("INPT", "3"),
        ("INPT", "71"),
        ("INPT", "310"),
        ("AVMT", "41"),
        ("AVMT", "3"),
        ("ERST", "00000"),
        ("ERST", "000003"),
        ("FILT", "-1"),
        ("FILT", "9999999"),
        ("FILT", "١٢"),  # digits, but not those of the standard
        ("FREZ", "2"),
        ("IRES", "1920"),
        ("IRES", "1920x1080x1"),
    ],
)
def test_what_means_nothing_is_a_bad_answer(question: str, answer: str) -> None:
    with pytest.raises(BadAnswer, match=question):
        status_fields(question, answer)


@given(st.lists(st.sampled_from("012"), min_size=len(PARTS), max_size=len(PARTS)))
def test_every_part_has_its_state_and_the_worst_is_summed_up(digits: list[str]) -> None:
    fields = status_fields("ERST", "".join(digits))
    assert [fields[f"{part}_state"] for part in PARTS] == [STATES[digit] for digit in digits]
    assert (fields["has_warning"], fields["has_error"]) == ("1" in digits, "2" in digits)


LAMPS = st.lists(st.builds(Lamp, st.integers(0, 99_999), st.booleans()), min_size=1, max_size=MAX_LAMPS)


@given(LAMPS)
def test_lamps_are_read_as_they_were_written(lamps: list[Lamp]) -> None:
    assert read_lamps(" ".join(f"{lamp.hours} {int(lamp.lit)}" for lamp in lamps)) == lamps


@pytest.mark.parametrize("answer", ["", "1234", "1234 2", "12h 1", "-3 1", "1 0 " * (MAX_LAMPS + 1)])
def test_lamps_that_are_none_are_a_bad_answer(answer: str) -> None:
    with pytest.raises(BadAnswer, match="LAMP"):
        read_lamps(answer)


@given(st.integers(0, 99_999), st.integers(0, 99_999))
def test_a_resolution_is_read_as_it_was_written(width: int, height: int) -> None:
    assert resolution("RRES", f"{width}x{height}") == f"{width}x{height}"


ANSWERS = st.one_of(st.text(max_size=200), st.text("0123456789 xX-*ERA", max_size=20))


@given(st.sampled_from(QUESTIONS), ANSWERS)
def test_no_answer_breaks_the_readers_or_the_catalogue(question: str, answer: str) -> None:
    try:
        fields = status_fields(question, answer)
    except BadAnswer:
        return
    fit = fitted(PROBES["projector"], fields)
    assert not isinstance(fit, Misfit)
    assert fit == (fields, 0)


@given(ANSWERS)
def test_no_answer_breaks_the_reader_of_lamps(answer: str) -> None:
    try:
        lamps = read_lamps(answer)
    except BadAnswer:
        return
    assert 0 < len(lamps) <= MAX_LAMPS
    assert all(not isinstance(fitted(PROBES["lamp"], {"hours": lamp.hours, "lit": lamp.lit}), Misfit) for lamp in lamps)


@given(st.text(max_size=400))
def test_a_name_is_kept_as_far_as_it_can_be_printed(name: str) -> None:
    kept = plain_text(name)
    assert kept.isprintable()
    assert len(kept) <= 200
    if name.isprintable() and len(name) <= 200:
        assert kept == name.strip()
