"""InfluxDB goes away and comes back, however much was measured meanwhile: nothing is lost, the present comes soon."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from agent.outbox import Outbox
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


def stored(server: Influxd, field: str = "ok") -> list[int]:
    """What the PC's measurements have in a field, in the order in which they were taken."""
    found = server.ask(f'SELECT "{field}" FROM "host" WHERE "site" = \'hoa-mai\'', "sonca")
    return [value for one in found for _, value in one["values"]]


def batch(sequence: int, at: int) -> bytes:
    measured = tuple(
        Measurement("host", at + number * 1_000, Outcome.OK, "", 1.0, {"cpu_percent": 5.0}) for number in range(EACH)
    )
    return encode(Batch("pc-1", "boot-1", sequence, measured, 0))


def test_all_that_was_sent_while_it_was_away_is_stored_once_and_the_present_waits_for_few_commits(
    server: Influxd, collector: Running, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.work.LONGEST_PAUSE", 1.0)
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
        before = len(agent.receipts)
        agent.say("measurements", batch(BATCHES + 2, now_ms() - 20_000))
        wait_until(lambda: len(heard()) == BATCHES + 3)
        commits = len(agent.receipts) - before
    assert commits < BATCHES / 3, "the present waited for the past, batch by batch"
    assert len(stored(server)) == (BATCHES + 2) * EACH
    assert caplog.text.count("nothing is acknowledged until it is back") == 1


def test_a_real_agent_loses_nothing_while_it_is_away(
    server: Influxd, collector: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.work.FIRST_REPORT_SECONDS", 1.0)
    monkeypatch.setattr("collector.work.LONGEST_PAUSE", 1.0)
    kept, numbers, add = list[int](), itertools.count(), Outbox.add

    def adding(outbox: Outbox, measurements: Sequence[Measurement]) -> None:
        """Numbers what is measured each second, and notes the numbers once the outbox has them."""
        found = {place: next(numbers) for place, entry in enumerate(measurements) if entry.probe == "host"}
        numbered = list(measurements)
        for place, number in found.items():
            numbered[place] = replace(numbered[place], fields={**numbered[place].fields, "uptime_seconds": number})
        add(outbox, numbered)
        kept.extend(found.values())

    monkeypatch.setattr(Outbox, "add", adding)
    with RunningAgent(agent_settings(tmp_path, collector.broker)) as agent:
        wait_until(lambda: bool(stored(server)))
        server.kill()
        before = len(kept)
        wait_until(lambda: len(kept) > before + 1)
        server.start()
        missed = set(kept)
        wait_until(lambda: missed <= set(stored(server, "uptime_seconds")))
        assert agent.crash is None
    found = stored(server, "uptime_seconds")
    assert len(found) == len(set(found))
