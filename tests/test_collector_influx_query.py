"""Questions to servers that answer otherwise than a real 1.6 does, and what is not loaded where nobody asks one."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.store.influx import InfluxStore
from collector.store.influx_query import QueryRefused
from collector.store.protocol import Retention, StoreUnavailable
from collector.store.settings import InfluxSettings
from tests.influx_stand_in import STORED, Asked, Reply, StandIn, running_stand_in
from tests.measurements import SITE, START, measured


@pytest.fixture
def server() -> Iterator[StandIn]:
    with running_stand_in() as stand_in:
        yield stand_in


@pytest.fixture
def store(server: StandIn, tmp_path: Path) -> Iterator[InfluxStore]:
    opened = InfluxStore(InfluxSettings(server.url), tmp_path).open()
    yield opened
    opened.close()


def results(**result: object) -> Reply:
    return 200, {}, json.dumps({"results": [{"statement_id": 0, **result}]}).encode()


@pytest.mark.parametrize("body", [b"<html>welcome to the router</html>", b"[1]", b"\xff", b""])
def test_what_is_no_influxdb_is_said(server: StandIn, store: InfluxStore, body: bytes) -> None:
    server.rule = lambda _: (200, {}, body)
    with pytest.raises(StoreUnavailable, match=r"cannot be read .*is there an InfluxDB at store\.influx\.url"):
        store.latest(SITE)


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (results(error="max-select-point limit exceeded"), "refused a query: max-select-point"),
        ((400, {}, b'{"error":"error parsing query"}'), "refused a query: error parsing"),
        ((500, {}, b'{"code":"internal","message":"query timed out"}'), "refused a query: query timed out"),
        ((404, {}, b"404 page not found"), "refused a query: 404 page not found"),
    ],
)
def test_a_refused_question_is_said_in_the_servers_words(
    server: StandIn, store: InfluxStore, reply: Reply, sentence: str
) -> None:
    server.rule = lambda _: reply
    with pytest.raises(QueryRefused, match=sentence):
        store.latest(SITE)
    assert len(server.asked) == 1


def test_a_newest_measurement_of_a_later_version_is_said(server: StandIn, store: InfluxStore) -> None:
    row = [4_102_444_800_000, '{"probe":"ping","outcome":"a word of next year"}']
    server.rule = lambda _: results(series=[{"name": "latest", "columns": ["time", "newest"], "values": [row]}])
    with pytest.raises(StoreUnavailable, match="did a newer SonCa write it"):
        store.latest(SITE)


def test_a_server_that_deletes_nothing_is_told_once_a_day_and_goes_on(
    server: StandIn, store: InfluxStore, caplog: pytest.LogCaptureFixture
) -> None:
    def third_version(asked: Asked) -> Reply:
        if asked.path != "/query":
            return STORED
        asks_to_delete = any("DELETE" in line for line in asked.lines)
        return (400, {}, b'{"error":"DELETE is not supported"}') if asks_to_delete else results()

    server.rule = third_version
    store.write([measured("pc-1", "host", 0)])
    now = START + 31 * 86_400_000
    with caplog.at_level(logging.WARNING):
        for hour in range(3):
            assert store.forget(now + hour * 3_600_000, Retention()) == 0
    assert caplog.text.count("set the retention of its database instead") == 1


def test_a_school_without_influxdb_never_loads_its_client(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys; from collector.store.open import open_store; from collector.store.settings import *;"
        f"open_store(StoreSettings(), pathlib.Path({str(tmp_path)!r})).close(); import collector.run;"
        "sys.exit('urllib3' in sys.modules)"
    )
    assert (
        subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parent.parent, check=False).returncode == 0
    )
