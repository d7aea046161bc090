"""InfluxDB goes away and comes back, however much was measured meanwhile: nothing is lost, the present comes soon."""

import itertools
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.store.settings import StoreSettings
from contract.messages import Batch, Measurement, Outcome, encode
from tests.influxd import Influxd, running_influxd
from tests.running_agent import RunningAgent, agent_settings
from tests.test_collector_run import Running, running_collector, speaking_to
from tests.waiting import now_ms, wait_until

HOUR_MS = 3_600_000
BATCHES, EACH = 600, 10


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Influxd]:
    with running_influxd(tmp_path / "influxd") as influxd:
        influxd.ask("CREATE DATABASE sonca")
        yield influxd


@pytest.fixture
def collector(server: Influxd, tmp_path: Path) -> Iterator[Running]:
    settings = StoreSettings("influx", influx=server.settings(tmp_path, database="sonca"))
    with running_collector(tmp_path, settings) as running:
        yield running


def stored(server: Influxd) -> list[int]:
    """When the PC's measurements were taken, in order."""
    found = server.ask('SELECT "ok" FROM "host" WHERE "site" = \'hoa-mai\'', "sonca")
    return [at for one in found for at, _ in one["values"]]


def batch(sequence: int, at: int) -> bytes:
    measured = tuple(
        Measurement("host", at + number * 1_000, Outcome.OK, "", 1.0, {"cpu_percent": 5.0}) for number in range(EACH)
    )
    return encode(Batch("pc-1", "boot-1", sequence, measured, 0))


def test_all_that_was_sent_while_it_was_away_is_stored_once_and_the_present_is_not_late(
    server: Influxd, collector: Running, caplog: pytest.LogCaptureFixture
) -> None:
    with speaking_to(collector) as agent:
        settled = {0}

        def heard() -> set[int]:
            settled.update(number for receipt in agent.receipts for number in receipt.sequences)
            return settled

        began = now_ms()
        agent.say("measurements", batch(1, began - 20_000))
        wait_until(lambda: 1 in heard())
        server.kill()
        for sequence in range(2, BATCHES + 2):  # hours of one PC: it would send them when it comes back itself
            agent.say("measurements", batch(sequence, began - 10 * HOUR_MS + sequence * 30_000))
        wait_until(lambda: "nothing is acknowledged until it is back" in caplog.text)
        assert heard() == {0, 1}
        server.start()
        back = time.monotonic()
        agent.say("measurements", batch(BATCHES + 2, now_ms() - 20_000))
        wait_until(lambda: BATCHES + 2 in heard(), seconds=20)
        waited = time.monotonic() - back
        wait_until(lambda: len(heard()) == BATCHES + 3, seconds=20)
    assert waited < 10, "the present waited for the past"
    assert len(stored(server)) == (BATCHES + 2) * EACH
    assert caplog.text.count("nothing is acknowledged until it is back") == 1


def test_a_real_agent_loses_nothing_while_it_is_away(
    server: Influxd, collector: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.work.FIRST_REPORT_SECONDS", 1.0)
    monkeypatch.setattr("collector.work.LONGEST_PAUSE", 1.0)
    with RunningAgent(agent_settings(tmp_path, collector.broker)) as agent:
        wait_until(lambda: bool(stored(server)))
        server.kill()
        time.sleep(2)  # the time that passes is what this test is about
        server.start()
        before = len(stored(server))
        wait_until(lambda: len(stored(server)) > before + 3, seconds=20)
        assert agent.crash is None
    taken = stored(server)
    # It measures every second.
    assert max(later - earlier for earlier, later in itertools.pairwise(taken)) < 2_000
    assert taken[-1] - taken[0] > 4_000
