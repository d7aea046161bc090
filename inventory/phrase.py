"""Says texts, numbers, money and days in one language, as it writes them."""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal

from inventory.text import Language, Text

_MONEY = Text("{amount} đồng", "{amount} VND")
_DAY = Text("dd/MM/y", "d MMM y")
_MONTH = Text("MM/y", "MMM y")

Filling = str | int | float | date | Text


@dataclass(frozen=True, slots=True)
class Phrase:
    """`phrase(text, name=value)` is the text in this language; numbers and days among the values are written as it
    writes them, and a Text among them is said in it too."""

    language: Language

    def __call__(self, text: Text, **values: Filling) -> str:
        chosen = text.vi if self.language is Language.VI else text.en
        if text.one and self.language is Language.EN and values.get("count") == 1:
            chosen = text.one
        filled = chosen.format(**{name: self._filled(value) for name, value in values.items()})
        percent = "%" if self.language is Language.EN else "\N{NO-BREAK SPACE}%"  # English has no space before it
        return filled.replace(" %", percent).replace(" ms", "\N{NO-BREAK SPACE}ms")

    def number(self, value: float, decimals: int = 1) -> str:
        """At most `decimals` digits after the comma (the point in English)."""
        if isinstance(value, int) and 0 <= value < 1000:
            return str(value)  # most numbers on a page; Babel would write them just so, twenty times slower
        return format_decimal(value, format="#,##0." + "#" * decimals if decimals else "#,##0", locale=self.language)

    def money(self, amount: int) -> str:
        """Whole VND with its unit: `98.000.000 đồng`."""
        return self(_MONEY, amount=amount).replace(" ", "\N{NO-BREAK SPACE}")

    def day(self, day: date) -> str:
        return format_date(day, self(_DAY), locale=self.language)

    def month(self, day: date) -> str:
        """The month that a day is in."""
        return format_date(day, self(_MONTH), locale=self.language)

    def _filled(self, value: Filling) -> str:
        if isinstance(value, Text):
            return self(value)
        if isinstance(value, date):
            return self.day(value)
        return value if isinstance(value, str) else self.number(value)
