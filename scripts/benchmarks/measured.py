"""What a benchmark hands back: numbers with their goals and with what they were compared to."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Tell = Callable[[str], None]  # takes what a person who waits wants to know


@dataclass(frozen=True)
class Measured:
    """One number. `limit` is the goal it must not exceed, None where it only informs."""

    what: str
    value: float
    unit: str
    compared: str = ""
    limit: float | None = None
    digits: int = 1

    @property
    def missed(self) -> bool:
        return self.limit is not None and self.value > self.limit

    @property
    def verdict(self) -> str:
        return "" if self.limit is None else "missed" if self.missed else "met"

    @property
    def shown(self) -> str:
        return f"{self.value:.{self.digits}f} {self.unit}"

    @property
    def goal(self) -> str:
        return "" if self.limit is None else f"<= {self.limit:g} {self.unit}"


@dataclass(frozen=True)
class Options:
    """What the command line said: the days and devices of the row `bytes`."""

    days: int = 30
    devices: int = 4


@dataclass
class Rounds:
    """Several values of the same thing: a busy machine spoils single ones, so the median counts."""

    values: list[float] = field(default_factory=list)

    def add(self, value: float) -> None:
        self.values.append(value)

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def spread(self) -> str:
        return f"{len(self.values)} rounds, {min(self.values):.3g} to {max(self.values):.3g}"


def percentile(values: Sequence[float], share: float) -> float:
    """By nearest rank; `values` in any order."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
