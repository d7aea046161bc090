"""When each probe is due. Pure: the time is an argument, in seconds of a clock that never jumps."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from agent.run_probe import Job

# A whole school is switched on by one breaker: its PCs must not all ask in the same second.
FIRST_SPREAD_SECONDS = 8.0
# What a PC does not have, it will hardly get within the hour.
UNSUPPORTED_SECONDS = 3_600.0
# What says of itself that something changed is asked at once, but not again and again: projectors lock up under it.
NEWS_PAUSE_SECONDS = 30.0
STUCK_AFTER_SECONDS = 3.0  # beyond its deadline; probes end by themselves before it


@dataclass(slots=True)
class _Entry:
    """When a job is due, and whether it runs (monotonic seconds)."""

    due_at: float
    started_at: float | None = None
    last_start: float = float("-inf")
    called_stuck: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """Jobs to start now, and jobs whose run is stuck beyond its deadline with the seconds since it started."""

    start: list[Job]
    stuck: list[tuple[Job, float]]


class Schedule:
    """One run of a job at a time; a slow one delays nobody but itself."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._entries: dict[Job, _Entry] = {}

    def replace(self, jobs: Iterable[Job], now: float) -> None:
        """Takes a new list of jobs; those that stay keep their rhythm."""
        old = self._entries
        self._entries = {job: old.get(job) or _Entry(now + self._spread(job)) for job in jobs}

    def due(self, now: float) -> Due:
        """What to start, marked as running, and what is stuck, told once an interval."""
        due = Due([], [])
        for job, entry in self._entries.items():
            if entry.due_at > now:
                continue
            if entry.started_at is None:
                entry.started_at = entry.last_start = now
                due.start.append(job)
            elif now - entry.started_at > job.deadline_seconds + STUCK_AFTER_SECONDS:
                entry.called_stuck = True
                due.stuck.append((job, now - entry.started_at))
            entry.due_at = self._next(job, entry.due_at, now)
        return due

    def finish(self, job: Job, now: float, *, unsupported: bool = False) -> bool:
        """Marks a run as ended; False when it was called stuck before, so that its late result counts for nothing."""
        entry = self._entries.get(job)
        if entry is None:
            return True  # taken out of the list while it ran
        in_time, entry.called_stuck, entry.started_at = not entry.called_stuck, False, None
        if unsupported:
            entry.due_at = now + max(job.interval_seconds, UNSUPPORTED_SECONDS)
        return in_time

    def hurry(self, jobs: Iterable[Job], now: float) -> None:
        """Makes jobs due at once; one that runs already will do."""
        for job in jobs:
            entry = self._entries.get(job)
            if entry is not None and entry.started_at is None:
                entry.due_at = min(entry.due_at, now)

    def hear_news(self, jobs: Iterable[Job], now: float) -> None:
        """Makes jobs due because what they ask changed; a run under way may have asked before that, so one follows."""
        for job in jobs:
            entry = self._entries.get(job)
            if entry is not None:
                running = 0.0 if entry.started_at is None else job.deadline_seconds + STUCK_AFTER_SECONDS
                earliest = entry.last_start + max(NEWS_PAUSE_SECONDS, running)
                entry.due_at = min(entry.due_at, max(now, earliest))

    def next_at(self) -> float:
        """When to look again."""
        return min((entry.due_at for entry in self._entries.values()), default=float("inf"))

    def _next(self, job: Job, due_at: float, now: float) -> float:
        """The rhythm goes on; after a sleep it starts anew, spread, instead of catching up."""
        after = due_at + job.interval_seconds
        return after if after > now else now + job.interval_seconds

    def _spread(self, job: Job) -> float:
        return self._random.uniform(0, min(job.interval_seconds, FIRST_SPREAD_SECONDS))
