"""What the ping program, routing tables and ICMP packets say, read from recordings and from any bytes at all."""

import errno
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.echo import COUNT, Echoes, Pace
from agent.probes.gateway import bsd_gateway, ipv4_gateway, ipv6_gateway
from agent.probes.gateway_windows import ROUTE_ROW_BYTES, next_hop
from agent.probes.icmp_packet import Answer, answer_in, checksum, echo, without_ip_header
from agent.probes.icmp_windows import judge, reply_status
from agent.probes.ping_program import read_output
from contract.messages import Outcome

RECORDED = Path(__file__).parent / "recorded"
TOKEN = b"sixteen bytes ok"

# Written from the programs' documentation and message catalogues, not recorded on such machines.
BUSYBOX = b"""PING 192.168.1.1 (192.168.1.1): 56 data bytes
64 bytes from 192.168.1.1: seq=0 ttl=64 time=0.413 ms
64 bytes from 192.168.1.1: seq=1 ttl=64 time=1.587 ms

--- 192.168.1.1 ping statistics ---
3 packets transmitted, 2 packets received, 33% packet loss
round-trip min/avg/max = 0.413/1.000/1.587 ms
"""
WINDOWS = {
    "english": (
        "Reply from 8.8.8.8: bytes=32 time=14ms TTL=117",
        "Packets: Sent = 4, Received = 1, Lost = 3 (75% loss),",
    ),
    "german": ("Antwort von 8.8.8.8: Bytes=32 Zeit=14ms TTL=117", "Pakete: Gesendet = 4, Empfangen = 1, Verloren = 3"),
    "spanish": ("Respuesta desde 8.8.8.8: bytes=32 tiempo=14ms TTL=117", "Paquetes: enviados = 4, recibidos = 1,"),
    "french": ("Réponse de 8.8.8.8 : octets=32 temps=14 ms TTL=117", "Paquets : envoyés = 4, reçus = 1, perdus = 3"),
    "russian": ("Ответ от 8.8.8.8: число байт=32 время=14мс TTL=117", "Пакетов: отправлено = 4, получено = 1,"),
}


def recorded(name: str) -> bytes:
    return (RECORDED / f"{name}.txt").read_bytes()


@pytest.mark.parametrize(
    ("recording", "sent", "round_trips", "unreachable"),
    [
        ("answered", 5, [0.060, 0.052, 0.063, 0.055, 0.055], 0),
        ("answered-ipv6", 3, [0.036, 0.052, 0.058], 0),
        ("half-lost", 4, [0.052, 0.059], 0),
        ("lost", 3, [], 0),
        ("firewalled", 2, [], 0),
        ("unreachable", 3, [], 3),
    ],
)
def test_it_reads_what_iputils_wrote(recording: str, sent: int, round_trips: list[float], unreachable: int) -> None:
    assert read_output(recorded(f"debian12-iputils-{recording}"), 5) == Echoes(sent, round_trips, unreachable)


def test_a_ping_program_without_rights_is_no_permission_and_not_a_loss() -> None:
    with pytest.raises(PermissionError, match="may not send"):
        read_output(recorded("debian12-iputils-no-permission"), 5)


def test_a_ping_program_without_a_network_is_unreachable() -> None:
    with pytest.raises(OSError, match="no way") as caught:
        read_output(recorded("debian12-iputils-no-network"), 5)
    assert caught.value.errno == errno.ENETUNREACH


def test_a_ping_program_that_says_nothing_is_an_error_and_not_a_loss() -> None:
    with pytest.raises(OSError, match="no result"):
        read_output(b"", 5)


def test_it_reads_busybox() -> None:
    assert read_output(BUSYBOX, 5) == Echoes(3, [0.413, 1.587])


@pytest.mark.parametrize("language", WINDOWS)
def test_it_reads_windows_in_any_language(language: str) -> None:
    reply, summary = WINDOWS[language]
    text = f"\r\nPing 8.8.8.8\r\n{reply}\r\n\r\nPing 8.8.8.8:\r\n    {summary}\r\n"
    assert read_output(text.encode("cp1251" if language == "russian" else "cp1252"), 4) == Echoes(4, [14.0])


@given(st.binary(max_size=400))
def test_no_output_breaks_the_reader(output: bytes) -> None:
    try:
        echoes = read_output(output, 5)
    except OSError:
        return
    assert echoes.sent >= len(echoes.round_trips)


def test_it_finds_the_gateway_of_the_recorded_machine() -> None:
    assert ipv4_gateway(recorded("debian12-vm-route").decode()) == "192.0.2.1"
    assert ipv6_gateway(recorded("debian12-vm-ipv6_route").decode()) == "fd00::1"


def test_the_gateway_with_the_lowest_metric_wins() -> None:
    table = (
        "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n"
        "wlan0\t00000000\t0100A8C0\t0003\t0\t0\t600\t00000000\n"
        "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\n"
        "ppp0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\n"
    )
    assert ipv4_gateway(table) == "192.168.1.1"


def test_a_link_local_gateway_names_its_interface() -> None:
    hop = "fe800000000000000000000000000001"
    line = f"{'0' * 32} 00 {'0' * 32} 00 {hop} 00000400 00000001 00000000 00450003     eth0"
    assert ipv6_gateway(line) == "fe80::1%eth0"


@given(st.text(max_size=300))
def test_no_text_breaks_the_readers_of_routes(text: str) -> None:
    for read in (ipv4_gateway, ipv6_gateway, bsd_gateway):
        found = read("heading\n" + text)
        assert found is None or found


def test_it_reads_route_get_default() -> None:  # written from macOS' manual page, not recorded
    output = (
        "   route to: default\ndestination: default\n       mask: default\n    gateway: 192.168.1.1\n  interface: en0\n"
    )
    assert bsd_gateway(output) == "192.168.1.1"
    assert bsd_gateway("route: writing to routing socket: not in table\n") is None


def test_it_reads_the_next_hop_of_a_windows_route() -> None:  # laid out after MIB_IPFORWARD_ROW2's documentation
    row = bytearray(ROUTE_ROW_BYTES)
    assert next_hop(bytes(row)) is None
    struct.pack_into("<HH4s", row, 44, 2, 0, bytes((192, 168, 1, 1)))
    assert next_hop(bytes(row)) == "192.168.1.1"
    struct.pack_into("<HHI16s", row, 44, 23, 0, 0, bytes.fromhex("fe800000000000000000000000000001"))
    struct.pack_into("<I", row, 8, 12)
    assert next_hop(bytes(row)) == "fe80::1%12"


@given(st.binary(max_size=ROUTE_ROW_BYTES + 8))
def test_no_row_breaks_the_reader_of_windows_routes(row: bytes) -> None:
    assert next_hop(row) != ""


def test_an_echo_has_a_right_checksum() -> None:
    assert checksum(echo(False, 0x1234, 7, TOKEN)) == 0
    assert checksum(echo(False, 0x1234, 7, b"odd")) == 0


@pytest.mark.parametrize("ipv6", [False, True])
def test_only_a_reply_with_our_token_is_ours(ipv6: bool) -> None:
    reply = struct.pack("!BBHHH", 129 if ipv6 else 0, 0, 0, 1, 3)
    assert answer_in(reply + TOKEN, ipv6, 99, TOKEN) == Answer("reply", 3)
    assert answer_in(reply + b"somebody else's!", ipv6, 99, TOKEN) is None
    assert answer_in(echo(ipv6, 99, 3, TOKEN), ipv6, 99, TOKEN) is None


@pytest.mark.parametrize("ipv6", [False, True])
def test_an_unreachable_answer_belongs_to_the_echo_it_quotes(ipv6: bool) -> None:
    header = b"\x60" + bytes(39) if ipv6 else b"\x45" + bytes(19)
    packet = struct.pack("!BBHHH", 1 if ipv6 else 3, 1, 0, 0, 0) + header + echo(ipv6, 99, 4, b"")
    assert answer_in(packet, ipv6, 99, TOKEN) == Answer("unreachable", 4)
    assert answer_in(packet, ipv6, 98, TOKEN) is None


@given(st.binary(max_size=120), st.booleans())
def test_no_packet_breaks_the_reader(packet: bytes, ipv6: bool) -> None:
    answer = answer_in(packet, ipv6, 1, TOKEN)
    assert answer is None or 0 <= answer.sequence < 0x10000
    assert len(without_ip_header(packet)) <= len(packet)


def test_windows_results_count_by_status() -> None:  # statuses and layouts from IcmpSendEcho's documentation
    echoes = Echoes()
    for status, elapsed, whole in ((0, 12.4, 12), (0, 0.3, 0), (11010, 640.0, 0), (11003, 5.0, 0)):
        judge(echoes, status, elapsed, whole)
    assert echoes == Echoes(4, [12.4, 0.3], 1)
    with pytest.raises(PermissionError):
        judge(echoes, 5, 1.0, 0)
    assert reply_status(struct.pack("<III", 0, 0, 9) + bytes(20), ipv6=False) == (0, 9)
    assert reply_status(bytes(28) + struct.pack("<II", 11003, 0), ipv6=True) == (11003, 0)


def test_the_numbers_of_a_series() -> None:
    assert Echoes(5, [10.0, 14.0, 12.0, 20.0]).fields() == {
        "sent": 5,
        "received": 4,
        "loss_percent": 20.0,
        "round_trip_min_ms": 10.0,
        "round_trip_ms": 14.0,
        "round_trip_max_ms": 20.0,
        "jitter_ms": 4.67,
    }
    assert Echoes(5).fields() == {"sent": 5, "received": 0, "loss_percent": 100.0}
    assert [Echoes(5, [1.0], 4).outcome, Echoes(5, [], 1).outcome, Echoes(5).outcome] == [
        Outcome.OK,
        Outcome.UNREACHABLE,
        Outcome.TIMEOUT,
    ]


@given(st.floats(0.1, 60))
def test_a_series_ends_before_its_deadline(seconds: float) -> None:
    pace = Pace.within(seconds)
    assert pace.patience > 0
    assert (COUNT - 1) * pace.spacing + pace.patience <= seconds * 0.91
