"""Ports: open, closed, silent, of a name, and how an address is written."""

import socket
import threading
import time

import pytest

from agent.probes.deadline import Deadline
from agent.probes.finding import Finding, Task
from agent.probes.lookup import Address, addresses_of, split_host_port
from agent.probes.tcp import probe
from contract.messages import Outcome, Target
from tests.waiting import PATIENCE_SECONDS, at_most


def knock(address: str, deadline: float = 30.0) -> Finding:
    (found,) = probe(Task(Target("internet", "test", "tcp", address), deadline))
    return found


def times_out(address: str, deadline: float) -> None:
    with pytest.raises(TimeoutError):
        knock(address, deadline)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_an_open_port_is_ok_with_its_time(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        start = time.monotonic()
        found = knock(f"{host}:{listener.getsockname()[1]}")
    assert found.outcome is Outcome.OK
    assert 0 < float(found.fields["connect_ms"]) <= (time.monotonic() - start) * 1000


def test_an_open_port_over_ipv6_is_ok() -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
        assert knock(f"[::1]:{listener.getsockname()[1]}").outcome is Outcome.OK


def test_a_closed_port_is_refused() -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        with pytest.raises(ConnectionRefusedError):
            knock(f"127.0.0.1:{sock.getsockname()[1]}")


def test_a_port_that_takes_no_more_is_a_timeout() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(3)]  # fill the queue: Linux then leaves further knocks unanswered
        try:
            for sock in waiting:
                sock.setblocking(False)
                sock.connect_ex(listener.getsockname())
            address = f"127.0.0.1:{listener.getsockname()[1]}"
            at_most(1.5, lambda: times_out(address, deadline=0.3))
        finally:
            for sock in waiting:
                sock.close()


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("example.vn:443", ("example.vn", 443)),
        ("[2001:db8::1]:53", ("2001:db8::1", 53)),
        ("10.0.0.1:1", ("10.0.0.1", 1)),
    ],
)
def test_an_address_is_host_and_port(address: str, parts: tuple[str, int]) -> None:
    assert split_host_port(address) == parts


@pytest.mark.parametrize("address", ["", "example.vn", ":443", "example.vn:0", "example.vn:70000", "x:²", "[::1]"])
def test_what_is_not_host_and_port_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="host:port"):
        split_host_port(address)


def test_a_default_port_may_be_left_out() -> None:
    assert split_host_port("dns.school.test", 53) == ("dns.school.test", 53)
    assert split_host_port("[::1]", 53) == ("::1", 53)


def test_a_lookup_past_its_deadline_is_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def slow(*_: object, **__: object) -> list[object]:
        over.wait(PATIENCE_SECONDS)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with pytest.raises(TimeoutError, match=r"resolver|lookup"):
        addresses_of("slow.school.test", 0, Deadline(0.05))
    over.set()


def test_the_next_address_of_a_name_is_tried_when_the_first_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
        port = listener.getsockname()[1]
        both = [Address(socket.AF_INET, ("127.0.0.1", port)), Address(socket.AF_INET6, ("::1", port, 0, 0))]
        monkeypatch.setattr("agent.probes.connect.addresses_of", lambda *_: both)
        steps: list[str] = []
        (found,) = probe(Task(Target("internet", "test", "tcp", f"both.school.test:{port}"), 30.0, steps.append))
    assert found.outcome is Outcome.OK
    assert [step.split()[0] for step in steps] == ["127.0.0.1", "connected"]


def test_a_failed_lookup_is_handed_to_who_asked() -> None:
    with pytest.raises(socket.gaierror):
        addresses_of("no such name", 0, Deadline(5.0))
