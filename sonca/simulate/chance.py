"""Chance without memory: the same name and number give the same value, in any order, on any machine."""

import hashlib
import math
from collections.abc import Sequence
from typing import TypeVar

Option = TypeVar("Option")

_WORD = 0xFFFF_FFFF_FFFF_FFFF


class Chance:
    """A named source of numbers. Methods take a `number` (a day, a time in ms) and draw what belongs to it."""

    __slots__ = ("_key", "_named")

    def __init__(self, *names: str, parent: int = 0) -> None:
        text = "/".join((str(parent), *names))
        self._key = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
        self._named: dict[tuple[str, ...], Chance] = {}

    def named(self, *names: str) -> "Chance":
        """Another source, independent of this one. It is kept, so take names from a short list, not from times."""
        found = self._named.get(names)
        if found is None:
            found = self._named[names] = Chance(*names, parent=self._key)
        return found

    def word(self, number: int = 0) -> int:
        """64 random bits: splitmix64 of the key and the number."""
        mixed = (self._key + number * 0x9E37_79B9_7F4A_7C15) & _WORD
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9 & _WORD
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB & _WORD
        return mixed ^ (mixed >> 31)

    def share(self, number: int = 0) -> float:
        """0 <= x < 1, evenly."""
        return (self.word(number) >> 11) * 2**-53

    def between(self, low: float, high: float, number: int = 0) -> float:
        return low + (high - low) * self.share(number)

    def whole(self, low: int, high: int, number: int = 0) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + self.word(number) % (high - low + 1)

    def happens(self, share: float, number: int = 0) -> bool:
        return self.share(number) < share

    def one_of(self, options: Sequence[Option], number: int = 0) -> Option:
        return options[self.word(number) % len(options)]

    def tail(self, mean: float, number: int = 0) -> float:
        """Mostly small, sometimes large: exponential, as delays on a network are."""
        return -mean * math.log(1.0 - self.share(number))

    def wave(self, at: int, period: int) -> float:
        """0 to 1, changing smoothly: neighbours in time are alike, moments more than two periods apart are not."""
        step, rest = divmod(at, period)
        x = rest / period
        before, after = self.share(step), self.share(step + 1)
        return before + (after - before) * x * x * (3.0 - 2.0 * x)
