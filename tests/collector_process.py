"""The real collector as a process, with SQLite stores in a folder, and what it has stored there."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from collector.store.protocol import StoredMeasurement, StoreUnavailable
from collector.store.sqlite import SqliteStore
from collector.store.state import State
from sonca.up import sonca
from tests.brokers import RunningBroker
from tests.waiting import PATIENCE_SECONDS


@contextmanager
def running_collector(folder: Path, broker: RunningBroker, school: str, *, hurried: bool = False) -> Iterator[None]:
    """`folder` is that of the broker, too; `school` the text of school.yaml."""
    (folder / "school.yaml").write_text(school, encoding="utf-8")
    connection = {"host": broker.host, "port": broker.port, "mqtt_version": broker.mqtt_version}
    account = {"username": "collector", "password_file": "accounts/collector"}
    (folder / "sonca.yaml").write_text(yaml.safe_dump({"broker": connection | account}))
    command = sonca("collector", "--settings", str(folder / "sonca.yaml"))
    if hurried:
        command = [sys.executable, "-m", "tests.hurried_collector", str(folder / "sonca.yaml")]
    with (folder / "collector.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield
    finally:
        process.terminate()
        assert process.wait(PATIENCE_SECONDS) == 0


def stored(folder: Path, site: str) -> list[StoredMeasurement]:
    """The latest of each device, probe and target."""
    store = SqliteStore(folder / "series.db", read_only=True)
    try:
        return store.open().latest(site)
    except StoreUnavailable:  # the collector has not made its tables yet
        return []
    finally:
        store.close()


@contextmanager
def state_of(folder: Path) -> Iterator[State]:
    state = State(f"sqlite:///{folder}/state.db").open()
    try:
        yield state
    finally:
        state.close()
