"""What projectors of class 2 say unasked: who is heard, and that it only makes the sentinel ask."""

import contextlib
import dataclasses
import queue
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.polled import NoticeSettings, PjlinkSettings, PolledDevice
from agent.projector_notices import RESOLVE_AGAIN_SECONDS, Senders, hearing_notices, read_notice
from agent.snmp_settings import SnmpSettings
from contract.messages import Measurement
from tests.brokers import running_broker
from tests.collecting import CollectingPeer
from tests.pjlink_projector import CLASS_2, RunningProjector
from tests.ports import free_port
from tests.running_agent import AGENT, SITE, RunningAgent, agent_settings
from tests.waiting import PATIENCE_SECONDS, wait_until

HERE = PolledDevice("projector-1", "127.0.0.1", PjlinkSettings())
ELSEWHERE = PolledDevice("projector-2", "127.0.0.9", PjlinkSettings())
SWITCH = PolledDevice("switch-1", "127.0.0.1", snmp=SnmpSettings(community_file="community"))


@contextlib.contextmanager
def heard_of(*devices: PolledDevice) -> Iterator[tuple[int, "queue.SimpleQueue[str]"]]:
    """The port that listens, and the devices that said something."""
    settings, heard = NoticeSettings("127.0.0.1", free_port()), queue.SimpleQueue[str]()
    with hearing_notices(settings, devices, heard.put) as ear:
        assert ear.listening.wait(PATIENCE_SECONDS)
        yield settings.port, heard


def say(port: int, datagram: bytes, address: str = "127.0.0.1") -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((address, 0))
        sock.sendto(datagram, ("127.0.0.1", port))


@pytest.mark.parametrize("notice", ["LKUP=00:26:ab:00:00:01", "POWR=1", "INPT=31", "ERST=000020"])
def test_a_projector_of_the_settings_is_heard(notice: str) -> None:
    with RunningProjector(CLASS_2) as projector, heard_of(HERE, ELSEWHERE, SWITCH) as (port, heard):
        projector.notify(port, notice)
        assert heard.get(timeout=PATIENCE_SECONDS) == "projector-1"


def test_strangers_and_other_datagrams_are_not_heard() -> None:
    with heard_of(HERE) as (port, heard):
        say(port, b"%2POWR=1\r", "127.0.0.7")
        for datagram in (b"", b"%1POWR=1\r", b"%2POWR=\r", b"%2SRCH\r", b"%2POWR=1\r%2POWR=1\r", b"\xff" * 600):
            say(port, datagram)
        say(port, b"%2POWR=0\r")
        assert heard.get(timeout=PATIENCE_SECONDS) == "projector-1"
        assert heard.empty()


def test_an_address_that_is_taken_is_told_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("agent.projector_notices.AGAIN_SECONDS", 0.05)
    settings, heard = NoticeSettings("127.0.0.1", free_port()), queue.SimpleQueue[str]()
    with contextlib.ExitStack() as stack:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind((settings.address, settings.port))
            ear = stack.enter_context(hearing_notices(settings, [HERE], heard.put))
            wait_until(lambda: "projectors cannot be heard" in caplog.text)
        assert ear.listening.wait(PATIENCE_SECONDS)
        say(settings.port, b"%2POWR=0\r")
        assert heard.get(timeout=PATIENCE_SECONDS) == "projector-1"
    assert caplog.text.count("projectors cannot be heard") == 1


def test_a_name_is_looked_up_again_when_a_stranger_speaks_but_not_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    stands_at, asked = {"beamer.lan": "10.0.0.4"}, []

    def look_up(name: str) -> str:
        asked.append(name)
        if name not in stands_at:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return stands_at[name]

    monkeypatch.setattr("socket.gethostbyname", look_up)
    named = dataclasses.replace(HERE, address="beamer.lan")
    senders = Senders([named, dataclasses.replace(ELSEWHERE, address="gone.lan")])
    assert senders.at("10.0.0.4", 0.0) == ["projector-1"]
    stands_at["beamer.lan"] = "10.0.0.5"
    assert senders.at("10.0.0.5", 1.0) == []
    assert asked == ["beamer.lan", "gone.lan"]
    assert senders.at("10.0.0.5", RESOLVE_AGAIN_SECONDS + 1) == ["projector-1"]


@given(st.one_of(st.binary(max_size=60), st.binary(max_size=50).map(lambda tail: b"%2POWR=" + tail)))
def test_no_datagram_breaks_the_reader(datagram: bytes) -> None:
    assert read_notice(datagram) in (None, "POWR", "LKUP", "INPT", "ERST")


def powers(peer: CollectingPeer) -> list[object]:
    entries: list[Measurement] = [entry for batch in peer.batches for entry in batch.measurements]
    return [entry.fields["power"] for entry in entries if entry.probe == "projector"]


def test_a_sentinel_asks_a_projector_that_says_it_was_switched_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in {
        "agent.work.FIRST_REPORT_SECONDS": 0.5,
        "agent.schedule.FIRST_SPREAD_SECONDS": 0.2,
        "agent.schedule.NEWS_PAUSE_SECONDS": 0.5,
        "agent.equipment_watch.FIRST_SECONDS": 60.0,
    }.items():
        monkeypatch.setattr(name, seconds)
    with (
        running_broker("mosquitto", tmp_path, "collector", f"{SITE}.{AGENT}") as broker,
        CollectingPeer(broker) as peer,
        RunningProjector(CLASS_2) as projector,
    ):
        port = free_port()
        settings = dataclasses.replace(
            agent_settings(tmp_path, broker),
            devices=(PolledDevice("projector-1", "127.0.0.1", PjlinkSettings(projector.port)),),
            projector_notices=NoticeSettings("127.0.0.1", port),
            interval_seconds={"projector": 3_600.0},
        )
        with RunningAgent(settings):
            wait_until(lambda: powers(peer)[:1] == ["on"])
            projector.answers["POWR"] = "0"
            start = time.monotonic()
            for _ in range(20):  # usually within half a second: it is asked at once, and once more
                projector.notify(port, "POWR=0")
            wait_until(lambda: "standby" in powers(peer))
        assert 2 <= projector.asked.count("%1POWR") <= 3 + (time.monotonic() - start) / 0.5
        assert projector.together == 1
