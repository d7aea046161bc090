"""Signs of a UPS: whether it lives from its battery, for how long still, and how good that battery is."""

from collections.abc import Iterator

from api.say import Say
from api.text import Text
from api.view.known import Known, as_of, no_answer, number
from api.view.sign import Sign, Tone, tone_above
from api.words_devices import BATTERY_STATES, SOURCES, word_of
from collector.store.protocol import StoredMeasurement

_LOW_CHARGE, _HIGH_LOAD, _OVERLOAD = 50, 80, 100

SOURCE_LABEL = Text("Nguồn cấp", "Supply")
ON_BATTERY = Text("mất điện: đang chạy bằng ắc quy", "power cut: it runs on its battery")
CHARGE_LABEL = Text("Ắc quy", "Battery")
MINUTES_LEFT = Text("đủ chạy khoảng {minutes} phút", "lasts for about {minutes} min")
STATE_LABEL = Text("Tình trạng ắc quy", "State of the battery")
REPLACE = Text("nên thay ắc quy", "the battery should be replaced")
LOAD_LABEL = Text("Tải", "Load")


def ups_signs(known: Known, say: Say) -> Iterator[Sign]:
    entry = known.newest("ups")
    if entry is None:
        return
    if not entry.fields:
        yield Sign("source", Tone.PLAIN, say(SOURCE_LABEL), no_answer(entry, say))
        return
    yield _source(known, entry, say)
    yield from _charge(entry, say)
    state = entry.fields.get("battery_state")
    if isinstance(state, str):
        tone = {"normal": Tone.GOOD, "low": Tone.WATCH, "depleted": Tone.BAD}.get(state, Tone.PLAIN)
        worn = state == "low" and entry.fields.get("on_battery") is False
        yield Sign(
            "battery", tone, say(STATE_LABEL), word_of(BATTERY_STATES, state, say), note=say(REPLACE) if worn else ""
        )
    load = number(entry.fields.get("load_percent"))
    if load is not None:
        tone = tone_above(load, _HIGH_LOAD, _OVERLOAD)
        yield Sign("load", tone, say(LOAD_LABEL), say.with_unit(load, "%", 0), min(load, 100.0))


def _source(known: Known, entry: StoredMeasurement, say: Say) -> Sign:
    source = entry.fields.get("output_source")
    note = as_of(known, entry, say)
    if entry.fields.get("on_battery") is True:
        return Sign("source", Tone.PLAIN if note else Tone.BAD, say(SOURCE_LABEL), say(ON_BATTERY), note=note)
    word = word_of(SOURCES, source if isinstance(source, str) else "mains", say)
    return Sign("source", Tone.PLAIN if note else Tone.GOOD, say(SOURCE_LABEL), word, note=note)


def _charge(entry: StoredMeasurement, say: Say) -> Iterator[Sign]:
    charge, minutes = (number(entry.fields.get(name)) for name in ("charge_percent", "minutes_left"))
    note = "" if minutes is None else say(MINUTES_LEFT, minutes=int(minutes))
    if charge is not None:
        tone = Tone.GOOD if charge >= _LOW_CHARGE else Tone.WATCH
        yield Sign("charge", tone, say(CHARGE_LABEL), say.with_unit(charge, "%", 0), charge, note)
    elif note:
        yield Sign("charge", Tone.PLAIN, say(CHARGE_LABEL), note)
