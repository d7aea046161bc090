"""What a projector's answers mean. Pure: text in, fields of the catalogue out, BadAnswer for what means nothing."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agent.probes.outcomes import BadAnswer
from contract.messages import Value
from contract.metrics import MAX_TEXT

POWER = {"0": "standby", "1": "on", "2": "cooling", "3": "warming"}
INPUTS = {"1": "rgb", "2": "video", "3": "digital", "4": "storage", "5": "network", "6": "internal"}
PARTS = ("fan", "lamp", "temperature", "cover", "filter", "other")
STATES = {"0": "ok", "1": "warning", "2": "error"}
MAX_LAMPS = 8
NO_SIGNAL, UNKNOWN_SIGNAL = "-", "*"
_MAX_HOURS = 1_000_000


@dataclass(frozen=True, slots=True)
class Lamp:
    """Hours since it was new, and whether it is on."""

    hours: int
    lit: bool


def read_lamps(answer: str) -> list[Lamp]:
    """The lamps in the projector's own order, at most eight. Raises BadAnswer."""
    words = answer.split()
    if not words or len(words) % 2 or len(words) > 2 * MAX_LAMPS:
        raise BadAnswer(f"LAMP={answer[:60]!r} is not hours and state of each lamp")
    return [
        Lamp(_hours("LAMP", hours), _word("LAMP", {"0": "", "1": "lit"}, lit) == "lit")
        for hours, lit in zip(words[::2], words[1::2], strict=True)
    ]


def status_fields(question: str, answer: str) -> dict[str, Value]:
    """The fields of the probe `projector` that this answer gives. Raises BadAnswer."""
    return _READERS[question](answer)


def resolution(question: str, answer: str) -> str:
    """`1920x1080`. Raises BadAnswer."""
    found = re.fullmatch(r"([0-9]{1,5})x([0-9]{1,5})", answer.lower())
    if found is None:
        raise BadAnswer(f"{question}={answer[:60]!r} is not a resolution")
    return f"{int(found[1])}x{int(found[2])}"


def plain_text(answer: str) -> str:
    """A name as it can be kept: printable, of a bounded length."""
    return "".join(letter for letter in answer if letter.isprintable()).strip()[:MAX_TEXT]


def _power(answer: str) -> dict[str, Value]:
    return {"power": _word("POWR", POWER, answer)}


def _input(answer: str) -> dict[str, Value]:
    kind, number = answer[:1], answer[1:].upper()
    if not re.fullmatch("[1-9A-Z]", number):
        raise BadAnswer(f"INPT={answer[:60]!r} is not an input")
    return {"input": f"{_word('INPT', INPUTS, kind)} {number}"}


def _mute(answer: str) -> dict[str, Value]:
    """`31` mutes both, `30` none; a projector without sound says `11` and `10` of its picture alone or `30`."""
    if not re.fullmatch("[123][01]", answer):
        raise BadAnswer(f"AVMT={answer[:60]!r} says nothing about picture and sound")
    which, muted = answer[0], answer[1] == "1"
    if muted:
        return {"picture_muted": which in "13", "sound_muted": which in "23"}
    return {name: False for name, kinds in (("picture_muted", "13"), ("sound_muted", "23")) if which in kinds}


def _errors(answer: str) -> dict[str, Value]:
    if len(answer) != len(PARTS):
        raise BadAnswer(f"ERST={answer[:60]!r} does not name {len(PARTS)} parts")
    states = [_word("ERST", STATES, digit) for digit in answer]
    of_parts: dict[str, Value] = {f"{part}_state": state for part, state in zip(PARTS, states, strict=True)}
    return {**of_parts, "has_warning": "warning" in states, "has_error": "error" in states}


def _signal(answer: str) -> dict[str, Value]:
    if answer in (NO_SIGNAL, UNKNOWN_SIGNAL):
        return {"has_signal": answer == UNKNOWN_SIGNAL}
    return {"has_signal": True, "resolution": resolution("IRES", answer)}


def _word(question: str, words: Mapping[str, str], code: str) -> str:
    if code not in words:
        raise BadAnswer(f"{question} knows no {code[:60]!r}")
    return words[code]


def _hours(question: str, text: str) -> int:
    if not re.fullmatch("[0-9]{1,7}", text, re.ASCII) or int(text) > _MAX_HOURS:
        raise BadAnswer(f"{question}={text[:60]!r} is not a number of hours")
    return int(text)


_READERS: Mapping[str, Callable[[str], dict[str, Value]]] = {
    "POWR": _power,
    "INPT": _input,
    "AVMT": _mute,
    "ERST": _errors,
    "FILT": lambda answer: {"filter_hours": _hours("FILT", answer)},
    "FREZ": lambda answer: {"picture_frozen": _word("FREZ", {"0": "", "1": "frozen"}, answer) == "frozen"},
    "IRES": _signal,
}
