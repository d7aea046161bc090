"""Waiting for what happens in another thread or process, with a deadline."""

import time
from collections.abc import Callable


def wait_until(holds: Callable[[], bool], seconds: float = 10.0, every: float = 0.02) -> None:
    """Returns as soon as `holds()` is true. Raises AssertionError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"did not come true within {seconds} s"
        time.sleep(every)


def now_ms() -> int:
    """UTC milliseconds."""
    return time.time_ns() // 1_000_000
