"""Signs of a printer: what it does, what it complains about, and what is left in each cartridge."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.say import Say
from api.text import Text
from api.view.known import Known, as_of, no_answer, number
from api.view.sign import Sign, Tone
from api.words_devices import (
    ALERTS,
    LEVELS,
    NO_ALERT,
    PRINTER_HEALTH,
    PRINTER_STATES,
    supply_words,
    word_of,
)
from collector.store.protocol import StoredMeasurement

LOW_PERCENT, EMPTY_PERCENT = 15, 3

STATE_LABEL = Text("Trạng thái", "State")
STATE = Text("{health}, {state}", "{health}, {state}")
ALERTS_LABEL = Text("Máy báo", "It says")
PAGES_LABEL = Text("Đã in", "Printed")
PAGES = Text("{pages} trang", "{pages} pages", "1 page")
LEFT = Text("còn {percent} %", "{percent}% left")

_HEALTH_TONES = {"running": Tone.GOOD, "warning": Tone.WATCH, "down": Tone.BAD}
_LEVEL_TONES = {"some_remaining": Tone.GOOD, "unlimited": Tone.GOOD, "empty": Tone.BAD}
# What makes it stand still, whatever it says of its health.
_STOPPING = frozenset({"jammed", "no_paper", "no_toner", "door_open", "offline", "supply_missing", "output_full"})


@dataclass(frozen=True, slots=True)
class Supply:
    """`percent` is what is left; where no percentage exists it is None, and `level` is a word."""

    name: str
    percent: float | None
    level: str | None
    description: str


def printer_signs(known: Known, say: Say) -> Iterator[Sign]:
    entry = known.newest("printer")
    if entry is not None:
        yield _state(known, entry, say)
        yield from _alerts(entry, say)
    yield from (_supply(supply, say) for supply in supplies_of(known))
    pages = None if entry is None else number(entry.fields.get("pages"))
    if pages is not None:
        yield Sign("pages", Tone.PLAIN, say(PAGES_LABEL), say(PAGES, pages=int(pages), count=int(pages)))


def supplies_of(known: Known) -> list[Supply]:
    return [
        Supply(
            entry.target,
            number(entry.fields.get("level_percent")),
            str(entry.fields["level"]) if "level" in entry.fields else None,
            str(entry.fields.get("description", "")),
        )
        for entry in known.all("supply")
        if entry.fields
    ]


def _state(known: Known, entry: StoredMeasurement, say: Say) -> Sign:
    state, told = entry.fields.get("state"), entry.fields.get("health")
    label = say(STATE_LABEL)
    if not isinstance(state, str):
        return Sign("state", Tone.PLAIN, label, no_answer(entry, say))
    words = word_of(PRINTER_STATES, state, say)
    if isinstance(told, str) and told != "unknown":
        health = word_of(PRINTER_HEALTH, told, say)
        words = health if state in ("other", "unknown") else say(STATE, health=health, state=words)
    note = as_of(known, entry, say)
    return Sign("state", Tone.PLAIN if note else _HEALTH_TONES.get(str(told), Tone.PLAIN), label, words, note=note)


def _alerts(entry: StoredMeasurement, say: Say) -> Iterator[Sign]:
    alerts = str(entry.fields.get("alerts", NO_ALERT)).split(", ")
    if alerts != [NO_ALERT]:
        tone = Tone.BAD if _STOPPING & set(alerts) else Tone.WATCH
        yield Sign("alerts", tone, say(ALERTS_LABEL), ", ".join(word_of(ALERTS, alert, say) for alert in alerts))


def _supply(supply: Supply, say: Say) -> Sign:
    label = supply_words(supply.name, say)
    if supply.percent is None:
        level = supply.level or "unknown"
        tone = _LEVEL_TONES.get(level, Tone.PLAIN)
        return Sign("supply", tone, label, word_of(LEVELS, level, say), note=supply.description)
    tone = Tone.GOOD if supply.percent > LOW_PERCENT else Tone.WATCH if supply.percent > EMPTY_PERCENT else Tone.BAD
    return Sign("supply", tone, label, say(LEFT, percent=supply.percent), supply.percent, supply.description)
