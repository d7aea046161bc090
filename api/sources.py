"""What the API reads: school files, series store, relational state; opened when first asked, to start alone.

The register stands beside the state in its database, and is the only thing here that the API also writes.
"""

import threading
import time
from typing import TypeVar

from api.settings import ApiSettings
from collector.store.open import open_store
from collector.store.protocol import SeriesStore, StoreUnavailable
from collector.store.state import State
from collector.store.state_protocol import RelationalState
from inventory.register import Register
from inventory.schools import Schools

_Source = TypeVar("_Source", State, Register)


class Sources:
    """One of each for the process. Its methods raise StoreUnavailable until the collector has made them."""

    def __init__(self, settings: ApiSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._store: SeriesStore | None = None
        self._state: State | None = None
        self._register: Register | None = None
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

    def register(self) -> Register:
        with self._lock:
            if self._register is None:
                self._register = _opened(Register(self._settings.state_url))
            return self._register

    def close(self) -> None:
        with self._lock:
            for source in (self._store, self._state, self._register):
                if source is not None:
                    source.close()
            self._store = self._state = self._register = None


def _opened(source: _Source) -> _Source:
    try:
        return source.open()
    except StoreUnavailable:
        source.close()
        raise


def now_ms() -> int:
    """The server's time in UTC milliseconds."""
    return time.time_ns() // 1_000_000
