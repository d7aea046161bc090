"""How much of a probe's time is left."""

import time


class Deadline:
    """A point on the monotonic clock, `seconds` after its making."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, what: str) -> float:
        """Seconds left, more than zero. Raises TimeoutError, naming `what` was waited for."""
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise TimeoutError(f"{what} took longer than the deadline allows")
        return seconds
