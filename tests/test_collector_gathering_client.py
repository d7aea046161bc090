"""The client that reads and writes in one go: nothing is lost between its buffers, the socket and paho."""

import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.enums import CallbackAPIVersion

from broker_config.certificates import authority, issue_broker
from collector.gathering_client import MOST_UNSENT_BYTES, GatheringClient, GatheringSocket
from tests.brokers import running_broker
from tests.waiting import wait_until

Pair = tuple[GatheringSocket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        yield GatheringSocket(ours), theirs


@given(data=st.binary(max_size=300), sizes=st.lists(st.integers(1, 40), min_size=1))
def test_it_gives_the_bytes_in_order_in_pieces_of_any_size(data: bytes, sizes: list[int]) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        gathering, found = GatheringSocket(ours), b""
        while piece := gathering.recv(sizes[len(found) % len(sizes)]):
            assert len(piece) <= sizes[len(found) % len(sizes)]
            found += piece
            assert gathering.pending() == len(data) - len(found)
    assert found == data


def test_nothing_to_read_is_said_as_a_socket_says_it(pair: Pair) -> None:
    with pytest.raises(BlockingIOError):
        pair[0].recv(10)


def test_what_the_system_does_not_take_yet_waits(pair: Pair) -> None:
    gathering, theirs = pair
    sent = b""
    while len(sent) < MOST_UNSENT_BYTES:
        sent += len(sent).to_bytes(4) * 250
        assert gathering.send(sent[-1_000:]) == 1_000
    with pytest.raises(BlockingIOError):
        gathering.send(b"too much")
    gathering.flush()
    assert gathering.has_unsent()  # a socket does not hold that much
    came = b""
    while len(came) < len(sent):
        came += theirs.recv(100_000)
        gathering.flush()
    assert came == sent


def test_a_goodbye_is_said_before_it_closes(pair: Pair) -> None:
    gathering, theirs = pair
    gathering.send(b"goodbye")
    gathering.close()
    assert theirs.recv(100) == b"goodbye"
    assert theirs.recv(100) == b""


def test_closing_a_broken_connection_is_harmless(pair: Pair) -> None:
    gathering, theirs = pair
    theirs.close()
    gathering.send(b"goodbye")
    gathering.close()


def test_what_a_tls_connection_has_decrypted_already_counts_as_there(tmp_path: Path) -> None:
    """`select` does not see it: paho would wait for a second although the message is there."""
    now = datetime.now(UTC)
    authority_file = authority(tmp_path, "hoa-mai", now).certificate_file
    files = issue_broker(tmp_path, ["localhost"], now)
    theirs_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs_context.load_cert_chain(files.certificate_file, files.key_file)
    ours_context = ssl.create_default_context(cafile=str(authority_file))
    plain, peer = socket.socketpair()
    message = bytes(range(256)) * 500  # eight TLS records
    with ThreadPoolExecutor(1) as other_end:
        accepting = other_end.submit(theirs_context.wrap_socket, peer, server_side=True)
        with ours_context.wrap_socket(plain, server_hostname="localhost") as ours, accepting.result() as theirs:
            other_end.submit(theirs.sendall, message)
            gathering = GatheringSocket(ours)
            came = gathering.recv(1)
            assert gathering.pending() > 0
            while len(came) < len(message):
                came += gathering.recv(30_000)
            gathering.send(b"thank you")
            gathering.flush()
            assert theirs.recv(100) == b"thank you"
    assert came == message
    assert gathering.pending() == 0


def test_paho_reads_and_writes_through_it(tmp_path: Path) -> None:
    """`_create_socket` is paho's own: were it called otherwise, all would work as slowly as without us."""
    with running_broker("mosquitto", tmp_path, "collector") as broker:
        client = GatheringClient(CallbackAPIVersion.VERSION2, client_id="test")
        client.username_pw_set("collector", broker.password("collector"))
        client.connect(broker.host, broker.port)
        client.loop_start()
        wait_until(client.is_connected)
        assert isinstance(client.socket(), GatheringSocket)
        client.disconnect()
        client.loop_stop()
        assert not client.is_connected()
