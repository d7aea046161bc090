"""Opens the engine that the settings name."""

from pathlib import Path

from collector.store.protocol import SeriesStore
from collector.store.settings import StoreSettings


def open_store(settings: StoreSettings, data: Path, *, read_only: bool = False) -> SeriesStore:
    """The opened store; relative paths start from `data`. Raises StoreUnavailable."""
    # Each engine's library is imported only where it is used: influxdb-client costs 0.4 s and 40 MiB.
    from collector.store.sqlite import SqliteStore

    return SqliteStore(data / settings.path, read_only=read_only).open()
