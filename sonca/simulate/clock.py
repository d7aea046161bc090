"""The simulated clock: where it starts, how fast it runs, and at which real moment each simulated one is told.

What the devices say is always dated in real time, so that a simulated morning can be watched live in the evening.
"""

from dataclasses import dataclass

from sonca.simulate.day import Run
from sonca.simulate.school_time import at_minute, day_of, is_school_day, last_school_day, minute_of, minutes, read_time

NOW, LESSONS = "now", "lessons"
_BUSY_FROM, _BUSY_UNTIL = minutes("07:40"), minutes("16:00")
_MORNING = minutes("09:30")


@dataclass(frozen=True, slots=True)
class SimulatedClock:
    """At the real time `began` it shows `start`; from there on it runs `speed` times as fast. UTC milliseconds."""

    start: int
    began: int
    speed: float = 1.0

    def simulated(self, real: int) -> int:
        return self.start + int((real - self.began) * self.speed)

    def real(self, simulated: int) -> int:
        """When a simulated moment is, or was; what lies before the start (history) passed at the usual speed."""
        passed = simulated - self.start
        return self.began + (passed if passed < 0 else int(passed / self.speed))

    def boot(self, run: Run, *, history: bool = False) -> str:
        """The run's boot id on the wire: a simulator that starts again counts as a new start of its devices' agents."""
        return f"{run.boot}-{self.began:x}" + ("-history" if history else "")


def start_of(text: str, now: int) -> int:
    """Where the simulated clock starts: "now", a time like "2026-11-23 06:30", or "lessons".

    "lessons" is now while lessons are on, else half past nine of the last school day. Raises ValueError.
    """
    if text == NOW:
        return now
    if text != LESSONS:
        return read_time(text)
    today, minute = day_of(now), minute_of(now)
    if is_school_day(today) and _BUSY_FROM <= minute < _BUSY_UNTIL:
        return now
    # Before lessons begin, today's have not been yet.
    return at_minute(last_school_day(today if minute >= _BUSY_UNTIL else today - 1), _MORNING)
