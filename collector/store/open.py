"""Opens the engine that the settings name."""

from collections.abc import Callable, Sequence
from pathlib import Path

from collector.store.protocol import SeriesStore
from collector.store.settings import StoreSettings
from collector.store.state_protocol import Refused


def open_store(
    settings: StoreSettings,
    data: Path,
    *,
    read_only: bool = False,
    park: Callable[[Sequence[Refused]], None] | None = None,
) -> SeriesStore:
    """The opened store; relative paths start from `data`. Raises StoreUnavailable.

    `park` keeps what an InfluxDB refuses for good, so that the rest can be stored; without it the log does.
    """
    # Each engine is imported only where it is used: a school with one need not load what speaks to the other.
    if settings.kind == "influx":
        from collector.store.influx import InfluxStore, tell

        assert settings.influx is not None, "read_server_settings asks for it"
        return InfluxStore(settings.influx, data, read_only=read_only, park=park or tell).open()
    from collector.store.sqlite import SqliteStore

    return SqliteStore(data / settings.path, read_only=read_only).open()
