"""What was measured of a school's assets, judged once a day in a thread of its own: it takes seconds, and no message
shall wait for it."""

import logging
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from collector.store.evidence import Sources, StoredEvidence
from collector.store.protocol import SeriesStore, StoreUnavailable
from collector.store.state_protocol import RelationalState
from inventory.evidence import Evidence
from inventory.register import Register
from inventory.school import School

log = logging.getLogger(__name__)

PAUSES = (60.0, 600.0, 3_600.0)  # before it is tried again while the store is away

ByTag = Mapping[str, Evidence]


class Measured:
    """Asked from one thread. One school after the other is judged, however many begin their day together."""

    def __init__(self, store: SeriesStore, state: RelationalState, register: Register) -> None:
        self._store = store
        self._state = state
        self._register = register
        self._stop = threading.Event()
        self._thread = ThreadPoolExecutor(1, "evidence")
        self._days: dict[str, tuple[int, Future[ByTag]]] = {}

    def of(self, school: School, began: int, now: int) -> ByTag | None:
        """By tag, on the school's day that began at `began`; None until it is known. The first question starts it."""
        day, judged = self._days.get(school.site, (None, None))
        if judged is None or day != began:
            judged = self._thread.submit(self._judge, school, now)
            self._days[school.site] = began, judged
        return judged.result() if judged.done() else None

    def close(self) -> None:
        """Ends what goes on, which takes a few seconds at most."""
        self._stop.set()
        self._thread.shutdown(cancel_futures=True)

    def _judge(self, school: School, now: int) -> ByTag:
        sources = Sources(school, self._store, self._state, self._register)
        for pause in (*PAUSES, 0.0):
            try:
                return StoredEvidence(sources, now).all(school.day_at(now))
            except StoreUnavailable as error:
                log.warning("what was measured at %s cannot be judged: %s", school.site, error)
            if self._stop.wait(pause):
                break
        return {}
