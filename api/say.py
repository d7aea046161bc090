"""Says texts, times, numbers and measured values in one language and in the school's time zone."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.units import format_unit

from api.text import Language, Text
from contract.messages import Value
from contract.metrics import Field, Kind
from inventory.phrase import Phrase

MINUTE_MS = 60_000

_OTHER_DAY = Text("HH:mm dd/MM", "HH:mm, d MMM")
_OTHER_YEAR = Text("HH:mm dd/MM/y", "HH:mm, d MMM y")
_DAY = Text("dd/MM/y", "d MMM y")
_MONTH = Text("MM/y", "MMM y")
_SHORT_DAY = Text("dd/MM", "d MMM")
_A_MINUTE = Text("/phút", "/min")
_BIT_RATES = ("bit/s", "kbit/s", "Mbit/s", "Gbit/s")
_YES, _NO = Text("có", "yes"), Text("không", "no")
_UNDER_A_MINUTE = Text("dưới 1 phút", "under a minute")
_UNITS = (("day", 1_440), ("hour", 60), ("minute", 1))
_BYTES = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte")


@dataclass(frozen=True, slots=True)
class Say(Phrase):
    """A Phrase that also knows the school's time zone and the catalogue's units."""

    zone: ZoneInfo

    def moment(self, at: int, now: int) -> str:
        """A time as short as it stays clear at `now`: the clock today, with the date on other days."""
        then, here = self._local(at), self._local(now)
        if then.date() == here.date():
            return f"{then:%H:%M}"
        return self._date(then, self(_OTHER_DAY if then.year == here.year else _OTHER_YEAR))

    def clock(self, at: int, *, seconds: bool = False) -> str:
        """The clock, the same in both languages, which is why Babel need not be asked a thousand times a page."""
        return format(self._local(at), "%H:%M:%S" if seconds else "%H:%M")

    def short_day(self, at: int) -> str:
        """The day without its year, for axes: 14/10, 14 Oct."""
        return self._date(self._local(at), self(_SHORT_DAY))

    def iso(self, at: int) -> str:
        """For the `datetime` attribute of <time>."""
        return self._local(at).isoformat(timespec="seconds")

    def today(self, now: int) -> date:
        """The day at the school."""
        return self._local(now).date()

    def day(self, day: date) -> str:
        """14/10/2025, 14 Oct 2025."""
        return format_date(day, self(_DAY), locale=self.language)

    def month(self, day: date) -> str:
        """The month alone, of a day that is only a forecast: 03/2027, Mar 2027."""
        return format_date(day, self(_MONTH), locale=self.language)

    def duration(self, milliseconds: float) -> str:
        """The two largest units: "2 giờ 5 phút". Below a minute only that it is."""
        if milliseconds < MINUTE_MS:
            return self(_UNDER_A_MINUTE)
        left = int(milliseconds // MINUTE_MS)
        counts: list[tuple[int, str]] = []
        for name, minutes in _UNITS:
            count, left = divmod(left, minutes)
            if count or counts:
                counts.append((count, name))
        return " ".join(self._unit(count, f"duration-{name}") for count, name in counts[:2] if count)

    def size(self, count: float) -> str:
        """Bytes as Windows counts and writes them: 1 GB is 2^30, in the unit that leaves one to three digits."""
        power = 0
        while count >= 1000 and power < len(_BYTES) - 1:
            count, power = count / 1024, power + 1
        return self._unit(round(count, 1 if power > 1 else 0), f"digital-{_BYTES[power]}")

    def yes_no(self, value: bool) -> str:
        return self(_YES if value else _NO)

    def value(self, field: Field, value: Value) -> str:
        """A measured value with its unit."""
        if isinstance(value, bool) or field.kind is Kind.BOOLEAN:
            return self.yes_no(bool(value))
        if isinstance(value, str):
            return value
        if field.unit == "B":
            return self.size(value)
        if field.unit == "s":
            return self.duration(value * 1000)
        return self.with_unit(value, field.unit, min(field.decimals, 1))

    def with_unit(self, value: float, unit: str, decimals: int = 1) -> str:
        """A number and its unit, kept on one line; days are spelled out, and English has no space before %."""
        if unit == "bit/s":
            value, unit, decimals = *_scaled(value), 1
        if unit == "1/min":
            return f"{self.number(value, decimals)}{self(_A_MINUTE)}"
        if unit == "d":
            return self._unit(round(value), "duration-day")
        space = "" if not unit or (unit == "%" and self.language is Language.EN) else "\N{NO-BREAK SPACE}"
        return f"{self.number(value, decimals)}{space}{unit}"

    def _local(self, at: int) -> datetime:
        return datetime.fromtimestamp(at / 1000, self.zone)

    def _date(self, at: datetime, pattern: str) -> str:
        return format_datetime(at, pattern, locale=self.language)

    def _unit(self, count: float, unit: str) -> str:
        # Babel has no Vietnamese long form of durations; its short one is the full word anyway.
        words = format_unit(count, unit, length="short", locale=self.language)
        return words.replace(" ", "\N{NO-BREAK SPACE}")


def _scaled(rate: float) -> tuple[float, str]:
    """A rate in the unit that leaves one to three digits."""
    power = 0
    while rate >= 1000 and power < len(_BIT_RATES) - 1:
        rate, power = rate / 1000, power + 1
    return round(rate, 1), _BIT_RATES[power]
