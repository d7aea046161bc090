"""What the API reads: school files, series store, relational state; opened when first asked, to start alone."""

import threading
import time

from api.settings import ApiSettings
from collector.store.open import open_store
from collector.store.protocol import SeriesStore, StoreUnavailable
from collector.store.state import State
from collector.store.state_protocol import RelationalState
from inventory.schools import Schools


class Sources:
    """One of each for the process. `store()` and `state()` raise StoreUnavailable until the collector has made them."""

    def __init__(self, settings: ApiSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._store: SeriesStore | None = None
        self._state: State | None = None
        self.schools = Schools(settings.schools)

    def store(self) -> SeriesStore:
        with self._lock:
            if self._store is None:
                self._store = open_store(self._settings.store, self._settings.data, read_only=True)
            return self._store

    def state(self) -> RelationalState:
        with self._lock:
            if self._state is None:
                self._state = _opened(State(self._settings.state_url))
            return self._state

    def close(self) -> None:
        with self._lock:
            for source in (self._store, self._state):
                if source is not None:
                    source.close()
            self._store = self._state = None


def _opened(state: State) -> State:
    try:
        return state.open()
    except StoreUnavailable:
        state.close()
        raise


def now_ms() -> int:
    """The server's time in UTC milliseconds."""
    return time.time_ns() // 1_000_000
