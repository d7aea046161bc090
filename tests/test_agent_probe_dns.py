"""Name resolution against a real dnsmasq, and against servers that answer wrongly."""

import socket
import struct
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.deadline import Deadline
from agent.probes.dns import _over_tcp, _server_of, probe
from agent.probes.dns_message import AAAA, A, Answer, question, read_answer
from agent.probes.finding import Finding, Task
from agent.probes.lookup import Address
from agent.probes.outcomes import BadAnswer, outcome_of
from contract.messages import Outcome, Target
from tests.dns_server import dnsmasq, scripted
from tests.ports import free_port
from tests.waiting import at_most, patiently

MANY = [f"--host-record=many.school.test,10.9.{row}.{column}" for row in range(2) for column in range(1, 31)]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with dnsmasq(
        "--local=/school.test/",
        "--host-record=both.school.test,10.9.9.9,fd00::9",
        "--host-record=old.school.test,10.9.9.8",
        "--cname=alias.school.test,both.school.test",
        "--txt-record=text.school.test,nothing to connect to",
        *MANY,
    ) as address:
        yield address


def resolve(name: str, server: str = "", deadline: float = 30.0) -> Finding:
    (found,) = probe(Task(Target("dns", "test", "dns", name, server), deadline))
    return found


@pytest.mark.parametrize(
    ("name", "addresses"),
    [("both.school.test", 2), ("old.school.test", 1), ("alias.school.test", 2), ("BOTH.School.Test.", 2)],
)
def test_it_counts_the_addresses_a_given_server_knows(server: str, name: str, addresses: int) -> None:
    start = time.monotonic()
    found = resolve(name, server)
    assert (found.outcome, found.fields["addresses"]) == (Outcome.OK, addresses)
    assert 0 < float(found.fields["lookup_ms"]) <= (time.monotonic() - start) * 1000


def test_an_answer_too_long_for_udp_is_fetched_over_tcp(server: str) -> None:
    assert resolve("many.school.test", server).fields["addresses"] == len(MANY)


@pytest.mark.parametrize("name", ["nobody.school.test", "text.school.test"])
def test_a_name_without_address_is_not_found(server: str, name: str) -> None:
    with pytest.raises(socket.gaierror) as caught:
        resolve(name, server)
    assert outcome_of(caught.value) is Outcome.NAME_NOT_FOUND


def test_a_server_that_refuses_is_refused(server: str) -> None:
    with pytest.raises(ConnectionRefusedError, match="refuses"):
        resolve("elsewhere.example", server)


def test_nobody_at_the_port_is_refused() -> None:
    with pytest.raises(ConnectionRefusedError):
        resolve("both.school.test", f"127.0.0.1:{free_port()}")


def answer_to(query: bytes, code: int = 0, records: bytes = b"", count: int = 0, flags: int = 0x8180) -> bytes:
    return query[:2] + struct.pack("!HHHHH", flags | code, 1, count, 0, 0) + query[12:] + records


def record(kind: int, data: bytes) -> bytes:
    return b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(data)) + data


def test_a_failing_server_is_a_bad_answer() -> None:
    with scripted(lambda _, query: [answer_to(query, code=2)]) as server, pytest.raises(BadAnswer, match="code 2"):
        resolve("any.test", server)


def found_within(seconds: float, server: str) -> bool:
    """Whether one address is; silence is a timeout, and whoever is found has more or fewer of them."""
    try:
        return resolve("any.test", server, deadline=seconds).fields["addresses"] == 1
    except TimeoutError:
        return False


def test_a_lost_packet_is_asked_again() -> None:
    def second_time_lucky(number: int, query: bytes) -> list[bytes]:
        return [] if number == 0 else [answer_to(query, records=record(A, b"\x0a\0\0\1"), count=1)]

    def is_found(seconds: float) -> bool:
        with scripted(second_time_lucky) as server:
            return found_within(seconds, server)

    patiently(1.0, is_found)


def test_forged_answers_are_passed_over() -> None:
    def forged_first(_: int, query: bytes) -> list[bytes]:
        true = answer_to(query, records=record(A, b"\x0a\0\0\1"), count=1)
        other_id = bytes((query[0] ^ 0xFF, query[1])) + answer_to(query, code=3)[2:]
        other_name = answer_to(question(0, "other.test", A), code=3)
        return [other_id, query[:2] + other_name[2:], b"", query, true]

    with scripted(forged_first) as server:
        assert resolve("any.test", server).fields["addresses"] == 1


def test_silence_on_the_ipv6_question_keeps_the_ipv4_answer() -> None:
    def old_server(_: int, query: bytes) -> list[bytes]:
        return [answer_to(query, records=record(A, b"\x0a\0\0\1"), count=1)] if query.endswith(b"\0\x01\0\x01") else []

    with scripted(old_server) as server:
        patiently(0.6, lambda seconds: found_within(seconds, server))


def test_a_silent_server_is_a_timeout_within_the_deadline() -> None:
    def times_out(silent: str) -> None:
        with pytest.raises(TimeoutError):
            resolve("any.test", silent, deadline=0.4)

    with scripted(lambda _, __: []) as server:
        at_most(1.5, lambda: times_out(server))


def test_a_cut_answer_is_a_bad_answer() -> None:
    with scripted(lambda _, query: [answer_to(query, records=b"\xc0", count=3)]) as server, pytest.raises(BadAnswer):
        resolve("any.test", server)


def test_the_system_resolver_answers_for_localhost() -> None:
    assert resolve("localhost").fields["addresses"] in (1, 2)


def test_the_system_resolver_does_not_find_an_invalid_name() -> None:
    with pytest.raises(OSError, match=r"\S") as caught:
        resolve("no-such-host.invalid")
    assert outcome_of(caught.value) in (Outcome.NAME_NOT_FOUND, Outcome.TIMEOUT)


def test_a_vietnamese_name_is_asked_in_its_ascii_form() -> None:
    name = "trườnghọc.vn".encode("idna").removesuffix(b".vn")
    assert name.startswith(b"xn--")
    assert question(1, "trườnghọc.vn", A)[12:] == bytes((len(name),)) + name + b"\x02vn\0\0\x01\0\x01"


@pytest.mark.parametrize("name", ["", "two..dots", "x" * 64 + ".vn", ".".join(["abcdefgh"] * 40)])
def test_what_cannot_be_a_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError):
        question(1, name, A)


QUERY = question(7, "school.test", AAAA)


@given(st.one_of(st.binary(max_size=80), st.binary(max_size=80).map(lambda tail: answer_to(QUERY, count=2) + tail)))
def test_no_packet_breaks_the_reader(packet: bytes) -> None:
    try:
        answer = read_answer(packet, QUERY)
    except BadAnswer:
        return
    assert answer is None or answer.addresses <= 2


@given(st.integers(0, 20))
def test_it_counts_every_record_of_the_kind_asked_for(count: int) -> None:
    records = record(5, b"\x01a\0") + record(AAAA, bytes(16)) * count + record(A, bytes(4))
    assert read_answer(answer_to(QUERY, records=records, count=count + 2), QUERY) == Answer(0, False, count)


def test_a_cut_answer_whose_server_takes_no_tcp_is_refused() -> None:
    with scripted(lambda _, query: [answer_to(query, flags=0x8380)]) as server, pytest.raises(ConnectionRefusedError):
        resolve("any.test", server)


@pytest.mark.parametrize("reply", [b"", b"\0\x20too short", b"\0\x02no"])
def test_a_broken_answer_over_tcp_is_a_bad_answer(reply: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = Address(socket.AF_INET, listener.getsockname())
        thread = threading.Thread(target=answer_once, args=(listener, reply), daemon=True)
        thread.start()
        with pytest.raises(BadAnswer):
            _over_tcp(address, question(1, "any.test", A), Deadline(30.0))
        thread.join()


def answer_once(listener: socket.socket, reply: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(512)
        connection.sendall(reply)


def test_a_name_server_may_have_a_port_or_none() -> None:
    assert _server_of("192.0.2.53") == ("192.0.2.53", 53)
    assert _server_of("2001:db8::53") == ("2001:db8::53", 53)
    assert _server_of("[2001:db8::53]:5353") == ("2001:db8::53", 5353)
    assert _server_of("dns.school.test:5353") == ("dns.school.test", 5353)
