"""Signs of a projector: its power, the parts that complain, and each lamp with the day on which its life is over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from api.say import Say
from api.text import Text
from api.view.known import Known, as_of, no_answer, number
from api.view.sign import Sign, Tone, tone_above
from api.words_devices import PART_STATES, PARTS, POWER, input_words, word_of
from collector.store.protocol import DAY_MS, StoredMeasurement
from inventory.lamps import LEAST_DAYS, lamp_end_date

LAMP, LAMP_HOURS = "lamp", "lamp_hours"  # the probe; the sign, since the part `lamp` has its own
SOON_DAYS = 90
_WORN_PERCENT = 90

POWER_LABEL = Text("Nguồn", "Power")
INPUT_OF = Text("{power}, đầu vào {input}", "{power}, input {input}")
NO_ANSWER_NOTE = Text(
    "Ở chế độ tiết kiệm điện, máy chiếu có thể rời mạng: một mình điều này chưa phải là lỗi.",
    "To save power a projector may leave the network: this alone is no fault.",
)
PARTS_LABEL = Text("Các bộ phận", "Parts")
ALL_FINE = Text("không báo lỗi", "no complaints")
FILTER_HOURS = Text("Lưới lọc bụi đã dùng", "Air filter in use for")
HOURS = Text("{hours} giờ", "{hours} hours", "1 hour")
LAMP_LABEL = Text("Giờ bóng đèn", "Lamp hours")
LAMP_NUMBER = Text("Giờ bóng đèn {number}", "Hours of lamp {number}")
OF_LIFE = Text("{hours}/{expected} giờ", "{hours} of {expected} hours")
LASTS_UNTIL = Text("bóng đèn đến {month}", "lasts until {month}")
LIFE_OVER = Text(
    "đã hết tuổi thọ hãng nêu: chuẩn bị bóng thay", "past the life its maker promised: have a new one ready"
)
NOT_COUNTED = Text("máy không đếm giờ", "the projector does not count")
NO_FORECAST = Text(
    "chưa dự báo được: cần theo dõi ít nhất {days} ngày có dùng",
    "no forecast yet: it takes at least {days} days of use",
)


@dataclass(frozen=True, slots=True)
class Lamp:
    """`hours` of `expected`; None where the projector does not count. `ends`: the day it reaches them, if known."""

    name: str
    hours: int | None
    expected: int
    ends: date | None

    @property
    def percent(self) -> float | None:
        return None if self.hours is None else round(100 * self.hours / self.expected, 1)


def projector_signs(known: Known, say: Say) -> Iterator[Sign]:
    entry = known.newest("projector")
    if entry is not None:
        yield _power(known, entry, say)
        yield from _parts(entry, say)
        hours = number(entry.fields.get("filter_hours"))
        if hours is not None:
            yield Sign("filter", Tone.PLAIN, say(FILTER_HOURS), say(HOURS, hours=int(hours), count=int(hours)))
    lamps = lamps_of(known)
    for position, lamp in enumerate(lamps, 1):
        label = say(LAMP_NUMBER, number=position) if len(lamps) > 1 else say(LAMP_LABEL)
        yield _lamp(lamp, label, known, say)


def lamps_of(known: Known) -> list[Lamp]:
    """The lamps as they are now, with their forecast."""
    return [_lamp_of(known, entry) for entry in known.all(LAMP)]


def _lamp_of(known: Known, entry: StoredMeasurement) -> Lamp:
    expected, told = known.device.lamp_hours, number(entry.fields.get("hours"))
    # A step's mean is that of its middle; of today's step only what has passed is known.
    points = [
        (min(point.at + DAY_MS // 2, known.now), point.mean)
        for point in known.lamps.get(entry.target, ())
        if point.mean is not None
    ]
    ends = lamp_end_date(points, expected, known.now, known.zone) if told else None
    return Lamp(entry.target, int(told) if told else None, expected, ends)


def _power(known: Known, entry: StoredMeasurement, say: Say) -> Sign:
    label, power = say(POWER_LABEL), entry.fields.get("power")
    if not isinstance(power, str):
        return Sign("power", Tone.PLAIN, label, no_answer(entry, say), note=say(NO_ANSWER_NOTE))
    word, source = word_of(POWER, power, say), entry.fields.get("input")
    if isinstance(source, str) and power == "on":
        word = say(INPUT_OF, power=word, input=input_words(source, say))
    note = as_of(known, entry, say)
    return Sign("power", Tone.GOOD if power == "on" and not note else Tone.PLAIN, label, word, note=note)


def _parts(entry: StoredMeasurement, say: Say) -> Iterator[Sign]:
    """Each part that complains; one line where none does."""
    states = {part: entry.fields.get(f"{part}_state") for part in PARTS}
    complaining = {part: str(state) for part, state in states.items() if state in ("warning", "error")}
    for part, state in complaining.items():
        tone = Tone.BAD if state == "error" else Tone.WATCH
        yield Sign(part, tone, say(PARTS[part]), say(PART_STATES[state]))
    if not complaining and any(states.values()):
        yield Sign("parts", Tone.GOOD, say(PARTS_LABEL), say(ALL_FINE))


def _lamp(lamp: Lamp, label: str, known: Known, say: Say) -> Sign:
    if lamp.hours is None or lamp.percent is None:
        return Sign(LAMP_HOURS, Tone.PLAIN, label, say(NOT_COUNTED))
    value, share = say(OF_LIFE, hours=lamp.hours, expected=lamp.expected), min(100.0, lamp.percent)
    if lamp.percent >= 100:
        return Sign(LAMP_HOURS, Tone.BAD, label, value, share, say(LIFE_OVER))
    tone = tone_above(lamp.percent, _WORN_PERCENT, 100)
    if lamp.ends is None:
        return Sign(LAMP_HOURS, tone, label, value, share, say(NO_FORECAST, days=LEAST_DAYS))
    days = (lamp.ends - say.today(known.now)).days
    tone = Tone.WATCH if days <= SOON_DAYS else tone
    return Sign(LAMP_HOURS, tone, label, value, share, say(LASTS_UNTIL, month=say.month(lamp.ends)))
