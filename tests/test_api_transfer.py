"""The down / up endpoint: bytes for agents with an account, a few at a time, and for nobody else."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from api import transfer_admission, transfer_endpoint
from api.transfer_admission import CHALLENGE_SECONDS, Admission, Refused
from api.transfer_endpoint import Endpoint, endpoint, run
from api.transfer_settings import TransferSettings
from broker_config.accounts import Accounts
from contract.settings_file import SettingsError
from contract.transfer import authorization
from sonca.settings import ThroughputEntry, transfer_settings
from tests.api_server import client_of
from tests.ports import free_port, listens
from tests.transfer_endpoint import address_of, running_endpoint
from tests.waiting import PATIENCE_SECONDS, wait_until

USER, PASSWORD = "hoa-mai.pc-1", "correct horse"
NEIGHBOUR = "hoa-mai.pc-2"
PASSWORDS = {USER: PASSWORD, NEIGHBOUR: "battery staple"}
DOWN = "/down?bytes=1000"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    monkeypatch.setattr(transfer_endpoint._Conversation, "timeout", PATIENCE_SECONDS)
    with running_endpoint(PASSWORDS) as running:
        yield running


def signed(server: Endpoint, method: str, path: str, user: str = USER, password: str = PASSWORD) -> dict[str, str]:
    challenge = asked(server, "GET", "/challenge", {}).text.strip()
    return {"Authorization": authorization(user, password, challenge, method, path)}


def asked(server: Endpoint, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> httpx.Response:
    with client_of(f"http://{address_of(server)}") as client:
        return client.request(method, path, headers=headers, content=body or None)


def test_an_agent_with_an_account_gets_and_gives_bytes(server: Endpoint) -> None:
    down = asked(server, "GET", DOWN, signed(server, "GET", DOWN))
    assert (down.status_code, len(down.content)) == (200, 1_000)
    up = asked(server, "POST", "/up?bytes=70000", signed(server, "POST", "/up?bytes=70000"), b"x" * 70_000)
    assert (up.status_code, up.text) == (200, "70000 bytes came\n")


def test_whoever_hangs_up_in_the_middle_leaves_the_place_free(server: Endpoint) -> None:
    path = "/down?bytes=9000000000"
    for _ in range(3):
        headers = signed(server, "GET", path)
        with client_of(f"http://{address_of(server)}") as client, client.stream("GET", path, headers=headers) as answer:
            assert len(next(answer.iter_raw(100_000))) == 100_000
        wait_until(lambda: server.admission._under_way == 0)


@pytest.mark.parametrize(
    ("user", "password", "method", "path", "asks_for"),
    [
        (USER, "wrong", "GET", DOWN, DOWN),
        (NEIGHBOUR, PASSWORD, "GET", DOWN, DOWN),
        ("nobody", PASSWORD, "GET", DOWN, DOWN),
        ("../../etc/passwd", PASSWORD, "GET", DOWN, DOWN),
        ("", "", "GET", DOWN, DOWN),
        (USER, PASSWORD, "GET", DOWN, "/down?bytes=5000"),  # what was proven was another number of bytes
        (USER, PASSWORD, "POST", DOWN, DOWN),
    ],
)
def test_nobody_else_gets_a_byte(
    server: Endpoint, user: str, password: str, method: str, path: str, asks_for: str
) -> None:
    refused = asked(server, "GET", asks_for, signed(server, method, path, user, password))
    assert (refused.status_code, refused.text) == (
        401,
        "this account is not known here, or its password is another one\n",
    )


def test_a_request_without_a_proof_is_told_who_may(server: Endpoint) -> None:
    for headers in ({}, {"Authorization": "Basic aGVsbG86d29ybGQ="}, {"Authorization": "SonCa"}):
        assert asked(server, "GET", DOWN, headers).status_code == 401
    assert "only agents with an account" in asked(server, "GET", DOWN, {}).text


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/", b"", 404),
        ("GET", "/up?bytes=5", b"", 404),
        ("GET", "/down?bytes=-5", b"", 404),
        ("GET", "/down?bytes=99999999999", b"", 400),
        ("POST", "/up?bytes=5", b"four", 400),
        ("POST", "/down?bytes=5", b"five!", 404),
        ("DELETE", DOWN, b"", 501),
    ],
)
def test_what_it_does_not_offer_has_its_status(
    server: Endpoint, method: str, path: str, body: bytes, status: int
) -> None:
    assert asked(server, method, path, signed(server, method, path), body).status_code == status


def test_a_challenge_is_good_once_for_a_while_and_only_if_it_is_ours() -> None:
    admission = Admission(PASSWORDS.get)

    def check(challenge: str, now: float) -> str:
        return admission.check(authorization(USER, PASSWORD, challenge, "GET", DOWN), "GET", DOWN, now)

    challenge = admission.challenge(1_000.0)
    assert check(challenge, 1_000.0 + CHALLENGE_SECONDS) == USER
    with pytest.raises(Refused, match="used before"):
        check(challenge, 1_001.0)
    with pytest.raises(Refused, match="too old"):
        check(admission.challenge(1_000.0), 1_000.1 + CHALLENGE_SECONDS)
    for foreign in (Admission(PASSWORDS.get).challenge(1_000.0), "x", "", challenge.replace("1000", "1001"), "9-9-é"):
        with pytest.raises(Refused, match="too old"):
            check(foreign, 1_001.0)
    assert check(admission.challenge(2_000.0), 2_000.0) == USER
    assert len(admission._used) == 1  # what can no longer come again is forgotten


def test_a_few_at_a_time_and_nobody_too_often(monkeypatch: pytest.MonkeyPatch) -> None:
    admission = Admission(PASSWORDS.get)
    with ExitStack() as stack:
        for user in (USER, NEIGHBOUR):
            stack.enter_context(admission.serving(user, 0.0))
        with pytest.raises(Refused, match="others test now"):
            stack.enter_context(admission.serving("hoa-mai.pc-3", 0.0))
    monkeypatch.setattr(transfer_admission, "MOST_A_MINUTE", 2)
    with admission.serving(USER, 1.0):
        pass
    with pytest.raises(Refused, match="too often"):
        admission.serving(USER, 2.0).__enter__()
    with admission.serving(USER, 61.0), admission.serving(NEIGHBOUR, 61.0):
        pass


def test_silent_connections_are_bounded_and_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer_endpoint, "MOST_CONNECTIONS", 2)
    monkeypatch.setattr(transfer_endpoint._Conversation, "timeout", 0.5)
    with running_endpoint(PASSWORDS) as server, ExitStack() as stack:
        host, port = address_of(server).split(":")
        silent = [stack.enter_context(socket.create_connection((host, int(port)), PATIENCE_SECONDS)) for _ in range(3)]
        assert silent[2].recv(10) == b""  # at once
        assert silent[0].recv(10) == b""  # when its time was over
        wait_until(lambda: answers(server))


def answers(server: Endpoint) -> bool:
    """Whoever hears that a connection was ended may be quicker than the endpoint, which then has no place for them."""
    try:
        return asked(server, "GET", "/challenge", {}).status_code == 200
    except httpx.TransportError:
        return False


def test_the_accounts_are_those_of_agents_at_the_broker(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path)
    for name in (USER, "collector"):
        accounts.add(name)
    settings = transfer_settings(ThroughputEntry(accounts=str(tmp_path)))
    assert settings.password_of(USER) == accounts.login(USER).password
    for name in ("collector", "keeper", NEIGHBOUR, "../x", "", "hoa-mai.", "é.b"):
        assert settings.password_of(name) is None


def test_it_runs_until_it_is_stopped_and_says_when_its_port_is_taken() -> None:
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"throughput.port: 127.0.0.1 port {port} cannot be used"):
            endpoint(TransferSettings("127.0.0.1", port, PASSWORDS.get))
    thread = threading.Thread(target=run, args=(TransferSettings("127.0.0.1", port, PASSWORDS.get), stop))
    thread.start()
    wait_until(lambda: listens(port))
    stop.set()
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()
    assert not listens(port)
