"""One line that says how far a long piece of work is, how fast it goes and how long the rest will take."""

from typing import TextIO

from sonca.simulate.school_time import write_time

SECONDS_ON_A_SCREEN, SECONDS_IN_A_LOG = 0.5, 15.0


class Progress:
    """Of history from `since` to `until` (UTC ms). `now` is in seconds of a clock that never jumps."""

    def __init__(self, since: int, until: int, out: TextIO, now: float) -> None:
        self._since, self._until = since, until
        self._out = out
        self._screen = out.isatty()
        self._began = now
        self._next = now

    def show(self, reached: int, measurements: int, now: float) -> None:
        """Writes the line when it is time to: over itself on a screen, now and then into a log."""
        if now >= self._next:
            self._next = now + (SECONDS_ON_A_SCREEN if self._screen else SECONDS_IN_A_LOG)
            self._write(self.line(reached, measurements, now))

    def end(self, reached: int, measurements: int, now: float) -> None:
        """Writes the last line, which stays."""
        self._write(self.line(reached, measurements, now))
        if self._screen:
            self._out.write("\n")

    def line(self, reached: int, measurements: int, now: float) -> str:
        done = (reached - self._since) / max(1, self._until - self._since)
        passed = now - self._began
        rate = measurements / passed if passed > 0 else 0.0
        rest = f", about {_span(passed / done - passed)} left" if 0 < done < 1 else ""
        return f"history: {100 * done:3.0f} %, until {write_time(reached)}, {rate:,.0f} measurements/s{rest}"

    def _write(self, line: str) -> None:
        self._out.write(f"\r{line:<100}" if self._screen else line + "\n")
        self._out.flush()


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
