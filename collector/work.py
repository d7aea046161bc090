"""The collector's one working thread: messages first, then what is due by the clock."""

import logging
import threading
import time
from collections.abc import Sequence

from collector.intake import Intake
from collector.linking import Linking
from collector.neighbours import Strangers
from collector.present import Present
from collector.settings_publisher import SettingsPublisher
from collector.store.protocol import Retention, SeriesStore, StoreUnavailable
from collector.subscribe import Received, Subscription
from collector.upkeep import Upkeep
from collector.watch import Watch
from inventory.schools import Schools

log = logging.getLogger(__name__)

FLUSH_MESSAGES = 500
FLUSH_SECONDS = 0.1
LOOK_SECONDS = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0


class Clock:
    """Says when something is due again, by the monotonic clock."""

    def __init__(self, every_seconds: float) -> None:
        self._every = every_seconds
        self._next = 0.0

    def is_due(self, now: float) -> bool:
        if now < self._next:
            return False
        self._next = now + self._every
        return True


class Work:
    """Runs until `stop` is set. The parts are made and opened by collector/run.py."""

    def __init__(
        self,
        name: str,
        store: SeriesStore,
        subscription: Subscription,
        intake: Intake,
        present: Present,
        schools: Schools,
        watch: Watch,
        strangers: Strangers,
        linking: Linking,
        publisher: SettingsPublisher,
        retention: Retention,
    ) -> None:
        self._name = name
        self._store = store
        self._subscription = subscription
        self._intake = intake
        self._present = present
        self._schools = schools
        self._watch = watch
        self._strangers = strangers
        self._linking = linking
        self._publisher = publisher
        self._retention = retention
        self._looking, self._measuring = Clock(LOOK_SECONDS), Clock(30)
        self._forgetting = Clock(3600)
        self._upkeep = Upkeep(store, watch, intake.counters)
        self._pause = FIRST_PAUSE

    def run(self, stop: threading.Event) -> None:
        """Takes, settles and watches until told to stop; a store out of reach only makes it wait."""
        while not stop.is_set():
            messages = self._subscription.take(FLUSH_MESSAGES, FLUSH_SECONDS)
            if messages:
                if not self._settle(messages, stop):
                    return
                self._intake.counters.lag_ms = (time.monotonic() - messages[0].received_at) * 1000
            self._do_what_is_due(stop)

    def _settle(self, messages: Sequence[Received], stop: threading.Event) -> bool:
        """Settles the messages, however long the store is away; False when told to stop before that."""
        while True:
            try:
                self._intake.settle(messages, now_ms())
                self._recovered()
                return True
            except StoreUnavailable as error:
                self._wait_for_store(error, stop)
                if stop.is_set():
                    return False

    def _do_what_is_due(self, stop: threading.Event) -> None:
        try:
            now, clock = now_ms(), time.monotonic()
            if not self._subscription.is_connected():
                self._present.deaf_until(now)
            self._upkeep.go_on(now)
            if self._looking.is_due(clock):
                self._schools.reload()
                self._present.listen(now)
                self._present.save()
                self._watch.look(now)
                self._strangers.look(now)
                self._linking.look(now)
                self._publisher.publish(now)
            if self._measuring.is_due(clock):
                dropped = self._subscription.dropped_by_broker
                self._store.write([self._intake.counters.measurement(self._name, dropped, now)])
            if self._forgetting.is_due(clock):
                self._store.forget(now, self._retention)
                self._strangers.forget(now, self._retention.neighbour_days)
        except StoreUnavailable as error:
            self._wait_for_store(error, stop)
            self._present.deaf_until(now_ms())

    def _wait_for_store(self, error: StoreUnavailable, stop: threading.Event) -> None:
        if self._pause == FIRST_PAUSE:
            log.error("%s; nothing is acknowledged until it is back, agents and broker keep what they have", error)
        stop.wait(self._pause)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _recovered(self) -> None:
        if self._pause != FIRST_PAUSE:
            log.info("the store is back")
            self._pause = FIRST_PAUSE


def now_ms() -> int:
    """The server's time in UTC milliseconds."""
    return time.time_ns() // 1_000_000
