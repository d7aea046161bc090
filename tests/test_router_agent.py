"""The whole shell agent against a real mosquitto: hello, receipts, will, farewell, and what the log says."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from contract import VERSION, defaults
from contract.messages import Measurement, Outcome, Receipt, State
from contract.topics import Channel, Topic
from tests.brokers import RunningBroker, running_broker
from tests.collecting import CollectingPeer
from tests.router import ACCOUNT, AGENT, FOLDER, SENDER, SITE, Router
from tests.waiting import now_ms, wait_until

TOPIC = Topic(SITE, AGENT, Channel.MEASUREMENTS)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[RunningBroker]:
    with running_broker("mosquitto", tmp_path, "collector", ACCOUNT, SENDER) as running:
        yield running


@pytest.fixture
def peer(broker: RunningBroker) -> Iterator[CollectingPeer]:
    with CollectingPeer(broker) as collecting:
        yield collecting


def measured(peer: CollectingPeer) -> list[Measurement]:
    return [entry for batch in peer.batches for entry in batch.measurements]


def test_it_says_hello_measures_tells_what_it_is_and_says_goodbye(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer
) -> None:
    with Router(tmp_path, broker) as router:
        wait_until(
            lambda: {entry.probe for entry in measured(peer)} >= {"host", "ping", "wan", "wifi_network", "agent"}
        )
    wait_until(lambda: peer.state() is State.OFFLINE)
    assert {status.state for status in peer.statuses[:-1]} == {State.ONLINE}
    assert {status.software for status in peer.statuses} == {f"sonca-openwrt {VERSION}"}
    assert peer.statuses[-1].reason == "shutdown"
    assert {(report.device, report.kind) for report in peer.equipment} == {(AGENT, "router")}
    report = peer.equipment[0]
    assert report.content["bios"]["smodel"] == "GL.iNet GL-AR750"
    assert report.content["operatingsystem"]["version"] == "SNAPSHOT"
    assert "connected to the broker" in router.log
    assert broker.password(ACCOUNT) not in router.log


def test_its_targets_are_those_of_every_agent() -> None:
    text = (FOLDER / "usr/lib/sonca/settings.sh").read_text(encoding="utf-8")
    pings = " ".join(f"{entry.name}={entry.ping}" for entry in defaults.INTERNET if entry.ping)
    assert f"INTERNET=${{SONCA_INTERNET:-{pings}}}" in text


def test_it_keeps_everything_until_a_receipt_names_it(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer
) -> None:
    with Router(tmp_path, broker) as router:
        wait_until(lambda: bool(peer.batches))
        peer.answering = False
        count = len(peer.batches)

        def unanswered() -> set[int]:
            """Those that are sure to stay: the receipt of an earlier one may be on its way."""
            return {batch.sequence for batch in router.batches()} & set(peer.sequences[count:])

        wait_until(lambda: len(unanswered()) >= 2)
        wanted = unanswered()
        answered, refused = min(wanted), max(wanted)
        boot = peer.batches[-1].boot
        peer.receipt(TOPIC, Receipt("another-boot", now_ms(), tuple(wanted)))
        peer.receipt(TOPIC, Receipt(boot, now_ms(), (answered,), (refused,)))
        wait_until(lambda: not {answered, refused} & {batch.sequence for batch in router.batches()})
        assert wanted - {answered, refused} <= {batch.sequence for batch in router.batches()}
        wait_until(lambda: any(entry.fields.get("refused_batches") == 1 for entry in spooled(router)))
    assert "could not accept" in router.log


def spooled(router: Router) -> list[Measurement]:
    return [entry for batch in router.batches() for entry in batch.measurements]


def test_it_sends_again_what_stays_without_a_receipt(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer
) -> None:
    with Router(tmp_path, broker) as router:
        wait_until(lambda: bool(peer.batches))
        peer.answering = False
        count = len(peer.batches)
        wait_until(lambda: len(peer.batches) > count)
        lost = peer.batches[count]
        for path in (router.run / "tries").iterdir():
            path.write_text("1 0\n")  # its time has come
        wait_until(lambda: peer.batches[count + 1 :].count(lost) >= 1)


def test_a_wrong_clock_is_corrected_by_the_servers(tmp_path: Path, broker: RunningBroker, peer: CollectingPeer) -> None:
    router, started = Router(tmp_path, broker), now_ms()
    router.put_program("date", "#!/bin/sh\necho 1262304000\n")  # the first of January 2010
    with router:
        wait_until(lambda: bool(peer.batches))
    for batch in peer.batches:
        assert batch.clock_offset_ms is not None
        for entry in batch.measurements:
            assert entry.taken_at < 1_262_400_000_000
            assert started - 10_000 < entry.taken_at + batch.clock_offset_ms < now_ms() + 10_000
    assert "the clock was wrong by -" in router.log


def test_without_an_answer_nothing_is_numbered_with_a_guess(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer
) -> None:
    peer.answering = False
    with Router(tmp_path, broker) as router:
        wait_until(lambda: len(router.gathered()) >= 3)
        assert peer.batches == []
        peer.answering = True
        wait_until(lambda: bool(peer.batches))
        wait_until(lambda: not router.gathered())


def test_killed_it_is_lost_and_the_next_run_sends_what_is_left(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer
) -> None:
    router = Router(tmp_path, broker)
    with router:
        wait_until(lambda: bool(peer.batches))
        peer.answering = False
        wait_until(lambda: len(router.batches()) >= 2)
        router.kill()
        left = router.batches()
        wait_until(lambda: peer.state() is State.LOST)
        assert peer.statuses[-1].boot == left[0].boot
        peer.answering = True
        router.start()
        wait_until(lambda: all(batch in peer.batches for batch in left))
        wait_until(lambda: peer.state() is State.ONLINE)


def test_a_second_agent_on_the_same_router_does_not_start(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer
) -> None:
    (tmp_path / "second").mkdir()
    with Router(tmp_path, broker) as first:
        wait_until(lambda: bool(peer.statuses))
        with Router(tmp_path / "second", broker, RUN=str(first.run)) as second:
            wait_until(lambda: f"another agent runs already, process {first.pid}" in second.log)
        wait_until(lambda: bool(peer.batches))


def test_a_wrong_password_is_told_once_with_what_to_do(tmp_path: Path, broker: RunningBroker) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("wrong\n")
    with Router(tmp_path, broker, PASSWORD_FILE=str(wrong)) as router:
        wait_until(lambda: "the broker refuses this router" in router.log)
        wait_until(lambda: len(router.gathered()) >= 3)
    assert router.log.count("the broker refuses this router") == 1
    assert "check the account and the password files" in router.log


def test_a_refused_message_is_told_and_nothing_is_lost(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer
) -> None:
    """Its account may not speak for the site it was given: the connection works, what it sends is refused."""
    with Router(tmp_path, broker, SITE="another-school", PASSWORD_FILE=account_of(tmp_path, broker)) as router:
        wait_until(lambda: "the broker refuses this router" in router.log)
        wait_until(lambda: len(router.gathered()) >= 3)
    assert not peer.batches
    assert not peer.statuses


def account_of(folder: Path, broker: RunningBroker) -> str:
    """The broker knows hoa-mai only."""
    return str(broker.accounts.password_file(ACCOUNT))


def test_a_broker_that_is_away_is_told_once_and_everything_waits(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer
) -> None:
    with Router(tmp_path, broker) as router:
        wait_until(lambda: bool(peer.batches))
        broker.kill()
        wait_until(lambda: len(router.batches()) >= 3)
        waiting = router.batches()
        # After 30 s, where a mosquitto_pub had just connected: it tries again by itself.
        wait_until(lambda: "no way to the broker" in router.log)
        broker.start()
        wait_until(lambda: all(batch in peer.batches for batch in waiting))
        wait_until(lambda: router.log.count("connected to the broker") >= 2)
    assert router.log.count("no way to the broker") == 1


def test_a_full_spool_lets_the_oldest_successes_go_and_counts_them(
    tmp_path: Path, broker: RunningBroker, peer: CollectingPeer
) -> None:
    settings = {"SPOOL_KILOBYTES": "150", "INTERNET": "here=127.0.0.1 nowhere=nowhere.invalid"}
    with Router(tmp_path, broker, **settings) as router:
        wait_until(lambda: bool(peer.batches))
        peer.answering = False
        wait_until(lambda: any(entry.fields.get("lost_measurements") for entry in spooled(router)))
        waiting = router.batches()
        failed = [batch for batch in waiting if batch.measurements[0].outcome is not Outcome.OK]
        assert min(batch.sequence for batch in failed) < min(
            batch.sequence for batch in waiting if batch not in failed
        ), "a failure went before a success"


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("SITE", "Hoa Mai", "SITE is 'Hoa Mai': use 1 to 48 of a-z, 0-9 and '-'"),
        ("AGENT", "", "AGENT is ''"),
        ("AGENT", "r" * 49, "AGENT is longer than 48 letters"),
        ("REPORT_SECONDS", "often", "REPORT_SECONDS is 'often': write a whole number"),
        ("PORT", "0", "PORT is '0'"),
        ("HOST", "", "HOST is '': name the machine of the broker"),
        ("CA_FILE", "/no/authority.crt", "/no/authority.crt cannot be read: copy it from the server"),
    ],
)
def test_a_setting_that_cannot_be_meant_ends_it_with_a_sentence(
    tmp_path: Path, setting: str, value: str, sentence: str
) -> None:
    password = tmp_path / "password"
    password.write_text("secret\n")
    good = {"HOST": "127.0.0.1", "PASSWORD_FILE": str(password)}
    with Router(tmp_path, None, **{**good, setting: value}) as router:
        wait_until(lambda: sentence in router.log)
