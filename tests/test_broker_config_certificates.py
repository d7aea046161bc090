"""The school's own authority, and what its certificates open on a real mosquitto."""

import dataclasses
import os
import socket
import ssl
import stat
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from paho.mqtt.client import Client

from broker_config.certificates import LASTS, Issued, authority, issue_broker, issue_device
from broker_config.errors import BrokerError
from broker_config.listener import Listener, Tls
from collector.subscribe import Subscription
from contract.topics import BadName
from tests.brokers import RunningBroker, running_broker
from tests.mqtt_user import REFUSED, MqttUser
from tests.ports import free_port
from tests.waiting import PATIENCE_SECONDS, wait_until

NOW = datetime.now(UTC)
NAMES = ("collector", "hoa-mai.pc-1", "hoa-mai.pc-2")
HERE, OTHER = "sonca/v1/hoa-mai/pc-1", "sonca/v1/hoa-mai/pc-2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    authority(tmp_path / "tls", "Trường Mầm non Hoa Mai", NOW)
    return tmp_path / "tls"


def contents(issued: Issued) -> tuple[bytes, bytes]:
    return issued.certificate_file.read_bytes(), issued.key_file.read_bytes()


def certificate(issued: Issued) -> x509.Certificate:
    return x509.load_pem_x509_certificate(issued.certificate_file.read_bytes())


def test_openssl_accepts_them_strictly(folder: Path) -> None:
    root = folder / "authority.crt"
    issued = {
        "sslserver": issue_broker(folder, ["broker.hoa-mai.vn", "192.168.1.10"], NOW),
        "sslclient": issue_device(folder, "hoa-mai.pc-1", NOW),
    }
    for purpose, files in issued.items():
        command = ["openssl", "verify", "-x509_strict", "-purpose", purpose, "-CAfile", str(root)]
        asked = subprocess.run([*command, str(files.certificate_file)], capture_output=True, text=True)
        assert asked.stdout.endswith(": OK\n"), asked.stderr


def test_a_wrong_clock_does_not_make_them_invalid(folder: Path) -> None:
    for issued in (issue_broker(folder, ["127.0.0.1"], NOW), authority(folder, "", NOW)):
        assert certificate(issued).not_valid_before_utc < NOW - timedelta(days=9 * 365)
        assert certificate(issued).not_valid_after_utc > NOW + timedelta(days=2 * 365)


@pytest.mark.parametrize("name", ["authority", "broker", "hoa-mai.pc-1"])
def test_asking_again_changes_nothing_until_a_year_is_left(folder: Path, name: str) -> None:
    makes: dict[str, Callable[[datetime], Issued]] = {
        "authority": lambda now: authority(folder, "Another Name", now),
        "broker": lambda now: issue_broker(folder, ["127.0.0.1"], now),
        "hoa-mai.pc-1": lambda now: issue_device(folder, "hoa-mai.pc-1", now),
    }
    first = contents(makes[name](NOW))
    assert contents(makes[name](NOW + timedelta(days=700))) == first
    later = contents(makes[name](NOW + timedelta(days=800)))
    assert (later == first) == (name == "authority")


def test_the_broker_gets_another_when_its_names_change(folder: Path) -> None:
    first = contents(issue_broker(folder, ["127.0.0.1"], NOW))
    assert contents(issue_broker(folder, ["127.0.0.1", "broker.vn"], NOW)) != first


def test_a_certificate_that_does_not_fit_its_key_is_made_again(folder: Path) -> None:
    first, second = issue_device(folder, "hoa-mai.pc-1", NOW), issue_device(folder, "hoa-mai.pc-2", NOW)
    first.key_file.write_bytes(second.key_file.read_bytes())
    before = contents(first)
    assert contents(issue_device(folder, "hoa-mai.pc-1", NOW)) != before


def test_those_of_another_authority_are_made_again(folder: Path, tmp_path: Path) -> None:
    authority(tmp_path / "other", "Other", NOW)
    theirs = contents(issue_device(tmp_path / "other", "hoa-mai.pc-1", NOW))
    for file, content in zip(dataclasses.astuple(issue_device(folder, "hoa-mai.pc-1", NOW)), theirs, strict=True):
        file.write_bytes(content)
    assert contents(issue_device(folder, "hoa-mai.pc-1", NOW)) != theirs


def test_only_the_owner_reads_keys(folder: Path) -> None:
    issue_broker(folder, ["127.0.0.1"], NOW)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if os.name != "nt"}
    assert modes <= {0o600}


def test_what_cannot_be_issued_is_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadName):
        issue_device(folder, "../authority", NOW)
    with pytest.raises(BrokerError, match="too long for a certificate"):
        issue_device(folder, f"{'a' * 48}.{'b' * 48}", NOW)
    for empty, now in ((tmp_path / "empty", NOW), (folder, NOW + timedelta(days=21 * 365))):
        with pytest.raises(BrokerError, match="holds no certificate authority"):
            issue_device(empty, "hoa-mai.pc-1", now)
    (folder / "authority.key").unlink()
    kept = (folder / "authority.crt").read_bytes()
    authority(folder, "Hoa Mai", NOW)  # a key that lies elsewhere is no reason for another authority
    assert (folder / "authority.crt").read_bytes() == kept
    (folder / "authority.key").write_text("broken")
    with pytest.raises(BrokerError, match=r"authority\.crt or its key cannot be read"):
        issue_device(folder, "hoa-mai.pc-1", NOW)


@pytest.fixture(params=[False, True], ids=["passwords", "certificates"])
def public(request: pytest.FixtureRequest, folder: Path) -> Listener:
    issued = issue_broker(folder, ["127.0.0.1"], NOW)
    tls = Tls(folder / "authority.crt", issued.certificate_file, issued.key_file, client_certificates=request.param)
    return Listener(free_port(), "127.0.0.1", tls)


@pytest.fixture
def broker(tmp_path: Path, public: Listener) -> Iterator[RunningBroker]:
    with running_broker("mosquitto", tmp_path, *NAMES, public=public) as running:
        yield running


with_certificates = pytest.mark.parametrize("public", [True], indirect=True, ids=[""])
with_passwords = pytest.mark.parametrize("public", [False], indirect=True, ids=[""])


def trusting(folder: Path, own: Issued | None = None) -> Callable[[Client], None]:
    def prepare(client: Client) -> None:
        files = (str(own.certificate_file), str(own.key_file)) if own is not None else (None, None)
        client.tls_set(str(folder / "authority.crt"), *files)

    return prepare


@with_certificates
def test_a_certificate_opens_what_its_name_may(broker: RunningBroker, folder: Path, public: Listener) -> None:
    """Whatever user name the device gives beside it."""
    own = trusting(folder, issue_device(folder, "hoa-mai.pc-1", NOW))
    for claimed in ("hoa-mai.pc-1", "hoa-mai.pc-2"):
        with MqttUser(broker, claimed, "no password", port=public.port, prepare=own) as device:
            assert device.answer == "Success"
            assert device.publish(f"{HERE}/measurements") == "Success"
            assert device.publish(f"{OTHER}/measurements") == REFUSED


@with_certificates
def test_a_certificate_without_an_account_opens_nothing(broker: RunningBroker, folder: Path, public: Listener) -> None:
    stranger = trusting(folder, issue_device(folder, "hoa-mai.pc-9", NOW))
    with MqttUser(broker, "hoa-mai.pc-1", port=public.port, prepare=stranger) as device:
        for topic in (f"{HERE}/measurements", f"{OTHER}/status", "sonca/v1/hoa-mai/pc-9/measurements"):
            assert device.publish(topic) == REFUSED


@with_certificates
def test_without_a_certificate_of_the_school_nobody_comes_in(
    broker: RunningBroker, folder: Path, public: Listener, tmp_path: Path
) -> None:
    authority(tmp_path / "other", "Other", NOW)
    foreign = issue_device(tmp_path / "other", "hoa-mai.pc-1", NOW)
    for own in (None, foreign):
        with MqttUser(broker, "hoa-mai.pc-1", port=public.port, prepare=trusting(folder, own)) as device:
            assert device.answer == ""
            assert device.thrown_out


@with_passwords
def test_a_broker_with_the_wrong_name_is_not_trusted(broker: RunningBroker, folder: Path, public: Listener) -> None:
    issue_broker(folder, ["broker.elsewhere.vn"], NOW)
    broker.stop()
    broker.start()
    trust = ssl.create_default_context(cafile=folder / "authority.crt")
    with (
        socket.create_connection((broker.host, public.port), timeout=PATIENCE_SECONDS) as line,
        pytest.raises(ssl.SSLCertVerificationError, match="IP address mismatch"),
    ):
        trust.wrap_socket(line, server_hostname=broker.host)


@with_passwords
def test_a_port_for_devices_elsewhere_that_is_taken_is_told(tmp_path: Path, public: Listener) -> None:
    broker = RunningBroker("mosquitto", tmp_path, public)
    with (
        socket.create_server((public.host, public.port)),
        pytest.raises(BrokerError, match=f"or port {public.port} of {public.host} is taken by another program"),
    ):
        broker.start()
    broker.stop()


@with_passwords
def test_over_tls_the_password_counts(broker: RunningBroker, folder: Path, public: Listener) -> None:
    for password, answer in ((None, "Success"), ("wrong", REFUSED)):
        with MqttUser(broker, "hoa-mai.pc-1", password, port=public.port, prepare=trusting(folder)) as agent:
            assert agent.answer == answer


@with_passwords
def test_from_elsewhere_no_session_but_ones_own_can_be_named(
    broker: RunningBroker, folder: Path, public: Listener
) -> None:
    name = broker.connection("collector").client_id(broker.password("collector"))
    with MqttUser(broker, "collector", client_id=name, keeps_session=True) as collector:
        collector.subscribe("sonca/v1/+/+/measurements")
        tls = trusting(folder)
        with MqttUser(
            broker, "hoa-mai.pc-1", client_id=name, keeps_session=True, port=public.port, prepare=tls
        ) as thief:
            assert (thief.answer, thief.was_known) == ("Success", False)
            assert thief.publish(f"{HERE}/measurements", b"1") == "Success"
            wait_until(lambda: bool(collector.seen))
        assert not collector.thrown_out


@with_passwords
def test_a_collector_elsewhere_finds_its_session_again(broker: RunningBroker, folder: Path, public: Listener) -> None:
    connection = dataclasses.replace(
        broker.connection("collector"), port=public.port, tls_ca_file=str(folder / "authority.crt")
    )
    with MqttUser(broker, "hoa-mai.pc-1") as agent:
        before, after = (Subscription(connection, Path(), "collector") for _ in range(2))
        before.start()
        wait_until(lambda: heard(before, agent, b"first"))
        before.stop()
        agent.publish(f"{HERE}/measurements", b"while it was away")
        after.start()
        told: list[bytes] = []
        wait_until(lambda: b"while it was away" in took(after, told))
        assert set(told) <= {b"first", b"while it was away"}
        after.stop()


def took(subscription: Subscription, told: list[bytes]) -> list[bytes]:
    """`told`, with what has come since."""
    told += [message.payload for message in subscription.take(1, 0.3)]
    return told


def heard(subscription: Subscription, agent: MqttUser, payload: bytes) -> bool:
    agent.publish(f"{HERE}/measurements", payload)
    messages = subscription.take(1, 0.3)
    subscription.acknowledge(messages)
    return bool(messages)


def test_three_years_is_how_long_they_last(folder: Path) -> None:
    ends = certificate(issue_device(folder, "hoa-mai.pc-1", NOW)).not_valid_after_utc
    assert abs(ends - (NOW + LASTS)) < timedelta(seconds=2)
