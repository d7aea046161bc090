"""restarts: how often the PC was started in the last 30 days, and how often it had stopped without a shutdown."""

import itertools
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from agent.clock import BOOT_ID
from agent.probes.deadline import Deadline
from agent.probes.finding import Finding, Task
from agent.probes.outcomes import BadAnswer, Unsupported
from agent.starts import Start, read_starts
from contract.messages import Outcome, Value

DAYS = 30
DAY_MS = 86_400_000


def probe(task: Task) -> list[Finding]:
    """One finding. Windows tells by its event log; on Linux the agent's own record at the target's address does.

    Raises Unsupported elsewhere and where there is no record yet, BadAnswer, OSError.
    """
    if sys.platform == "win32":
        from agent.probes.restarts_windows import windows_restarts

        return [Finding(Outcome.OK, windows_restarts(Deadline(task.deadline_seconds), time.time()))]
    if not BOOT_ID.exists():
        raise Unsupported("this system does not tell one start from the next")
    path = Path(task.target.address)
    if not path.is_file():
        raise Unsupported("no agent has run here yet that would have noted the starts")
    try:
        starts = read_starts(path)
    except ValueError as error:
        raise BadAnswer(f"the record of starts is none: {error}") from error
    task.step(f"the agent has noted {len(starts)} starts in {path}")
    return [Finding(Outcome.OK, restarts_in(starts, time.time_ns() // 1_000_000))]


def restarts_in(starts: Sequence[Start], now_ms: int) -> dict[str, Value]:
    """The fields at `now_ms`, or at the newest start where the clock has gone back behind it."""
    if not starts:
        return {}
    now_ms = max(now_ms, starts[-1].at)
    since = now_ms - DAYS * DAY_MS
    pairs = itertools.pairwise(starts)
    return {
        "starts": sum(start.at > since for start in starts),
        # The next start is when it is known, and where Windows notes it too.
        "unclean_stops": sum(following.at > since and not before.farewell for before, following in pairs),
        "days_known": min(DAYS, (now_ms - starts[0].at) // DAY_MS),
    }
