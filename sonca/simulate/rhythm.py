"""When a simulated PC runs each probe: the rhythm of a real agent, as a function of the run."""

from collections.abc import Iterable, Sequence

from agent.schedule import FIRST_SPREAD_SECONDS, UNSUPPORTED_SECONDS
from agent.work import FIRST_REPORT_SECONDS
from contract import defaults
from contract.messages import Target
from sonca.simulate.day import Run
from sonca.simulate.school import Pc
from sonca.simulate.school_time import SECOND_MS

FIRST_SPREAD_MS = int(FIRST_SPREAD_SECONDS * SECOND_MS)  # within it every probe runs for the first time
FIRST_AGENT_MS = int((FIRST_REPORT_SECONDS - 1) * SECOND_MS)  # agent/work.py: just before the first report
UNSUPPORTED_MS = int(UNSUPPORTED_SECONDS * SECOND_MS)  # between two questions for what a PC does not have


def due(pc: Pc, run: Run, targets: Sequence[Target], since: int, until: int) -> list[tuple[int, Target]]:
    """What is probed in `since <= t < until` of a run, and when, in order."""
    phase = pc.chance.named("phase")
    found = []
    for index, target in enumerate(targets):
        interval = _interval_ms(pc, target)
        own = FIRST_AGENT_MS if target.probe == "agent" else phase.whole(0, FIRST_SPREAD_MS, run.start + index)
        found += [(at, index) for at in times(run.start + own, interval, since, until)]
    return [(at, targets[index]) for at, index in sorted(found)]


def times(first: int, interval: int, since: int, until: int) -> Iterable[int]:
    """Every `interval` from `first` on, those in `since <= t < until`."""
    steps = max(0, -((first - since) // interval))  # those that lie before `since`
    return range(first + steps * interval, until, interval)


def _interval_ms(pc: Pc, target: Target) -> int:
    lacking = (target.probe == "wifi" and not pc.wifi) or (target.probe == "temperature" and not pc.machine.is_linux)
    if lacking:
        return UNSUPPORTED_MS
    seconds = defaults.INTERVAL_SECONDS.get(target.group) or defaults.INTERVAL_SECONDS[target.probe]
    return int(seconds * SECOND_MS)
