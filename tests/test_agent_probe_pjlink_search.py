"""The search for projectors, by broadcast on loopback."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.pjlink_search import FoundProjector, read_search_answer, search_projectors
from tests.ports import free_port
from tests.waiting import PATIENCE_SECONDS, at_most, patiently

BROADCAST = "127.255.255.255"


@contextlib.contextmanager
def answering(port: int, *answers: bytes) -> Iterator[list[bytes]]:
    """A projector that hears what is broadcast on loopback and sends these datagrams back; yields what it heard."""
    heard: list[bytes] = []
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth,
    ):
        ear.bind((BROADCAST, port))
        mouth.bind(("127.0.0.1", 0))
        ear.settimeout(PATIENCE_SECONDS)

        def answer() -> None:
            datagram, sender = ear.recvfrom(512)
            heard.append(datagram)
            for text in answers:
                mouth.sendto(text, sender)

        thread = threading.Thread(target=answer)
        thread.start()
        yield heard
        thread.join(PATIENCE_SECONDS)


def test_a_projector_that_answers_is_found_once_whatever_else_is_said() -> None:
    port = free_port()
    noise = (b"%2LKUP=00:26:ab:00:00:01\r", b"\xff\x00", b"%2ACKN=\r", b"")

    def is_found(seconds: float) -> bool:
        with answering(port, *noise, b"%2ACKN=00:26:AB:00:00:01\r", b"%2ACKN=00:26:ab:00:00:01\r") as heard:
            found = search_projectors([BROADCAST], seconds, port)
        assert heard == [b"%2SRCH\r"]
        return found == [FoundProjector("127.0.0.1", "00:26:ab:00:00:01")]

    patiently(0.5, is_found)


def test_a_projector_that_answers_to_the_port_of_the_standard_is_found() -> None:
    """It listens on another address of this machine, so that both can have the same port."""
    port = free_port()

    def is_found(seconds: float) -> bool:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as projector:
            timer = threading.Timer(seconds / 3, projector.sendto, (b"%2ACKN=0026ab000002\r", ("127.0.0.1", port)))
            timer.start()
            found = search_projectors(["127.0.0.2"], seconds, port)
            timer.join()
        return found == [FoundProjector("127.0.0.1", "00:26:ab:00:00:02")]

    patiently(0.6, is_found)


def test_a_network_without_projectors_is_searched_for_as_long_as_said() -> None:
    start = time.monotonic()
    assert at_most(1, lambda: search_projectors([BROADCAST], 0.2, free_port())) == []
    assert time.monotonic() - start > 0.15


@pytest.mark.parametrize("text", ["00:26:ab:00:00:01", "00-26-AB-00-00-01", "0026AB000001"])
def test_a_hardware_address_is_read_however_it_is_written(text: str) -> None:
    assert read_search_answer(f"%2ACKN={text}\r".encode()) == "00:26:ab:00:00:01"


@given(st.one_of(st.binary(max_size=60), st.binary(max_size=20).map(lambda tail: b"%2ACKN=" + tail)))
def test_no_datagram_breaks_the_reader(datagram: bytes) -> None:
    mac = read_search_answer(datagram)
    assert mac is None or len(mac) == 17
