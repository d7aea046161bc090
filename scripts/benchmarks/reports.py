"""What the collector is given to take: reports of many devices over the last hours, as they would travel.

A *report* is what a device says of itself at one moment: one `host` measurement with all its ten fields.
"""

from collections.abc import Iterator, Sequence
from random import Random

from contract.messages import Batch, Measurement, Outcome, Value, encode
from scripts.benchmarks.sender import Message

EVERY_MS = 30_000  # as the default schedule has it


class Devices:
    """The devices of one school; each batch takes the next number of its device."""

    def __init__(self, names: Sequence[str], since: int) -> None:
        self._names = names
        self._random = Random(7)  # noqa: S311 - measurements, not secrets
        self._sequence = 0
        self._at = since

    @property
    def newest(self) -> int:
        """When the last report was taken."""
        return self._at - EVERY_MS

    def reports(self, rounds: int, in_each: int) -> Iterator[Message]:
        """`rounds` batches of every device, each with `in_each` reports that are 30 s apart; oldest first."""
        for _ in range(rounds):
            moments = [self._at + step * EVERY_MS for step in range(in_each)]
            for name in self._names:
                told = tuple(Measurement("host", at, Outcome.OK, "", 1.25, self._fields()) for at in moments)
                yield Message(name, encode(Batch(name, "benchmark", self._sequence, told, clock_offset_ms=0)))
            self._sequence += 1
            self._at = moments[-1] + EVERY_MS

    def _fields(self) -> dict[str, Value]:
        draw = self._random.uniform
        return {
            "cpu_percent": round(draw(1, 60), 1),
            "load_1m": round(draw(0, 4), 2),
            "memory_used_percent": round(draw(40, 80), 1),
            "memory_available_bytes": int(draw(1e9, 4e9)),
            "memory_total_bytes": 8_447_950_848,
            "swap_used_percent": round(draw(0, 30), 1),
            "swap_total_bytes": 2_147_483_648,
            "uptime_seconds": int(draw(60, 90_000)),
            "battery_percent": round(draw(20, 100), 1),
            "battery_plugged": draw(0, 1) > 0.5,
        }
