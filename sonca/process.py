"""What every long-running command does alike: logging, and ending when it is told to."""

import gc
import logging
import signal
import sys
from collections.abc import Callable


def start_logging() -> None:
    """One line an event, English, to standard error."""
    logging.basicConfig(
        stream=sys.stderr, level="INFO", format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True
    )
    logging.getLogger("alembic").setLevel("WARNING")  # it tells of every look at the tables, not only of changes


def on_signal(stop: Callable[[], None]) -> None:
    """Calls `stop` at Ctrl-C, at SIGTERM and, on Windows, when the console closes; it must be quick and harmless."""
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, lambda _number, _frame: stop())


def look_for_cycles_seldom() -> None:
    """For a server that makes thousands of small objects at a time, none of which refer to each other in circles.

    At Python's usual pace the search for such circles takes a sixth of the collector's time, and makes every third page
    of a thousand devices wait 45 ms longer.
    """
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
