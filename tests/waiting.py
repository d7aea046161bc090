"""Waiting for what happens in another thread or process, on machines that stand still for seconds now and then."""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_SECONDS = 90.0  # costs nothing while tests pass
TRIES = 5

Result = TypeVar("Result")


def wait_until(holds: Callable[[], bool], seconds: float = PATIENCE_SECONDS, every: float = 0.02) -> None:
    """Returns as soon as `holds()` is true. Raises AssertionError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"did not come true within {seconds} s"
        time.sleep(every)


def best_of(work: Callable[[], Result], holds: Callable[[Result], bool]) -> Result:
    """What `work()` returned when `holds` was true of it; of five tries the last when it never was."""
    for _ in range(TRIES - 1):
        if holds(result := work()):
            return result
    return work()


def at_most(seconds: float, work: Callable[[], Result]) -> Result:
    """What `work()` returned, once it took no longer than `seconds`: a busy machine makes one try late, not all."""
    for _ in range(TRIES):
        start = time.monotonic()
        result = work()
        took = time.monotonic() - start
        if took <= seconds:
            return result
    raise AssertionError(f"it took {took:.2f} s, and more than {seconds} s each time before")


def patiently(seconds: float, holds: Callable[[float], bool]) -> None:
    """`holds(seconds)` has to be true, where `seconds` is how long something is waited for before it counts as silent.

    Where it is not, more is tried: on a busy machine also those who speak are silent for a while.
    """
    assert any(holds(seconds * more) for more in (1, 5, 25)), f"did not come true with {25 * seconds} s either"


def now_ms() -> int:
    """UTC milliseconds."""
    return time.time_ns() // 1_000_000
