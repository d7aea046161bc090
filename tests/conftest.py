"""Peers that cost too much to start for each test, and how examples are drawn."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.influxd import Influxd, running_influxd
from tests.postgres import Postgres, running_postgres

# How long an example takes says nothing on a busy machine.
settings.register_profile("sonca", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sonca")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long waits first: at the end one worker would wait alone."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def influxd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influxd]:
    """One InfluxDB for all tests of a worker: each makes a database of its own."""
    with running_influxd(tmp_path_factory.mktemp("influxd")) as running:
        yield running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL for all tests of a worker: each has a schema of its own."""
    with running_postgres() as running:
        yield running


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def served_state_url(request: pytest.FixtureRequest) -> str:
    """As `state_url`, of one server for all tests of a module; empty for a state.db in the school's folder."""
    if request.param == "sqlite":
        return ""
    running: Postgres = request.getfixturevalue("postgres")
    return running.url()


@pytest.fixture(params=["sqlite", "postgresql"])
def state_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty relational state, once in each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/state.db"
    running: Postgres = request.getfixturevalue("postgres")
    return running.url()
