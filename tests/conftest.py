"""Peers that cost too much to start for each test."""

from collections.abc import Iterator

import pytest

from tests.influxd import Influxd, running_influxd


@pytest.fixture(scope="session")
def influxd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influxd]:
    """One InfluxDB for all tests of a worker: each makes a database of its own."""
    with running_influxd(tmp_path_factory.mktemp("influxd")) as running:
        yield running
