"""A school whose sentinel polls devices: broker and collector, each of them real, and the stores they write."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from collector.run import run
from collector.settings import CollectorSettings
from collector.store.settings import StoreSettings
from collector.store.sqlite import SqliteStore
from collector.store.state import State
from tests.brokers import RunningBroker, running_broker
from tests.running_agent import AGENT, SITE
from tests.waiting import PATIENCE_SECONDS


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentinel reports and asks within a second instead of ten."""
    monkeypatch.setattr("agent.work.FIRST_REPORT_SECONDS", 0.5)
    monkeypatch.setattr("agent.greeting.FIRST_WAIT_SECONDS", 0.5)
    monkeypatch.setattr("agent.schedule.FIRST_SPREAD_SECONDS", 0.2)
    monkeypatch.setattr("agent.equipment_watch.FIRST_SECONDS", 0.2)
    monkeypatch.setattr("agent.equipment_watch.BETWEEN_DEVICES_SECONDS", 0.1)


@contextmanager
def polling_school(folder: Path, devices: str) -> Iterator[RunningBroker]:
    """A broker and a collector with one room of these devices, as school.yaml has them."""
    school = folder / "school.yaml"
    school.write_text(f"site: {SITE}\nname: Hoa Mai\nrooms: [{{id: lop-1, devices: {devices}}}]\n", encoding="utf-8")
    stop = threading.Event()
    with running_broker("mosquitto", folder, "collector", f"{SITE}.{AGENT}") as broker:
        settings = CollectorSettings(
            broker.connection("collector"), folder, (school,), StoreSettings(), f"sqlite:///{folder}/state.db"
        )
        thread = threading.Thread(target=run, args=(settings, stop))
        thread.start()
        try:
            yield broker
        finally:
            stop.set()
            thread.join(PATIENCE_SECONDS)


@contextmanager
def opened(folder: Path) -> Iterator[tuple[SqliteStore, State]]:
    """Both stores may be opened by several at once, and whoever comes first makes them."""
    store, state = SqliteStore(folder / "series.db").open(), State(f"sqlite:///{folder}/state.db").open()
    try:
        yield store, state
    finally:
        store.close()
        state.close()
