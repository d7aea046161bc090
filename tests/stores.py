"""Every series store, opened and empty, for the suite that runs over all of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from collector.store.open import open_store
from collector.store.protocol import SeriesStore
from collector.store.settings import StoreSettings
from tests.influxd import Influxd

ENGINES = ("sqlite", "influx")


@contextmanager
def opened(engine: str, folder: Path, influxd: Callable[[], Influxd]) -> Iterator[SeriesStore]:
    """An empty store of the named engine; closed afterwards. `influxd` is only called where it is needed."""
    store = open_store(settings(engine, folder, influxd), folder)
    try:
        yield store
    finally:
        store.close()


def settings(engine: str, folder: Path, influxd: Callable[[], Influxd]) -> StoreSettings:
    """Settings of an empty store of the named engine."""
    assert engine in ENGINES
    return StoreSettings() if engine == "sqlite" else StoreSettings("influx", influx=influxd().settings(folder))
