"""Every series store, opened and empty, for the suite that runs over all of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collector.store.protocol import SeriesStore
from collector.store.sqlite import SqliteStore

ENGINES = ("sqlite",)


@contextmanager
def opened(engine: str, folder: Path) -> Iterator[SeriesStore]:
    """An empty store of the named engine; closed afterwards."""
    assert engine in ENGINES
    store = SqliteStore(folder / "series.db").open()
    try:
        yield store
    finally:
        store.close()
