"""The Windows paths against stand-ins of Windows' libraries: the Python around the calls is run, Windows is not."""

import socket
import struct

import pytest

from agent.probes.echo import Pace
from agent.probes.finding import Task
from agent.probes.gateway_windows import windows_gateway
from agent.probes.icmp_windows import windows_echoes
from agent.probes.lookup import Address
from agent.probes.outcomes import Unsupported, outcome_of
from agent.probes.wifi_roaming import Links
from agent.probes.wifi_windows import windows_links
from contract.messages import Outcome, Target
from tests.windows_libraries import Iphlpapi, Wlanapi, install

QUICK = Pace(5, 0.001, 1.0)
IPV4 = Address(socket.AF_INET, ("192.0.2.1", 0))
IPV6 = Address(socket.AF_INET6, ("fe80::1%3", 0, 0, 3))


@pytest.mark.parametrize("address", [IPV4, IPV6], ids=["ipv4", "ipv6"])
def test_echoes_are_counted_and_timed(monkeypatch: pytest.MonkeyPatch, address: Address) -> None:
    library = Iphlpapi(statuses=(0, 11010, 0, 11003, 0))
    install(monkeypatch, iphlpapi=library)
    echoes = windows_echoes(address, QUICK)
    assert (echoes.sent, echoes.round_trips, echoes.unreachable) == (5, [3.0, 3.0, 3.0], 1)
    assert library.closed == [0x1_0000_0010]


def test_forbidden_echoes_are_no_permission_and_the_handle_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Iphlpapi(statuses=(5,))
    install(monkeypatch, iphlpapi=library)
    with pytest.raises(PermissionError):
        windows_echoes(IPV4, QUICK)
    assert library.closed


def test_no_handle_is_windows_own_error(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Iphlpapi()
    library.IcmpCreateFile.answer = lambda: 2**64 - 1  # INVALID_HANDLE_VALUE
    install(monkeypatch, iphlpapi=library)
    with pytest.raises(OSError, match="Windows error"):
        windows_echoes(IPV4, QUICK)


@pytest.mark.parametrize(
    ("next_hop", "gateway"),
    [
        (struct.pack("<HH4s20x", 2, 0, bytes((192, 168, 1, 1))), "192.168.1.1"),
        (struct.pack("<HHI16sI", 23, 0, 0, socket.inet_pton(socket.AF_INET6, "2001:db8::1"), 0), "2001:db8::1"),
        (b"", None),
    ],
)
def test_the_gateway_is_the_next_hop_to_far_away(
    monkeypatch: pytest.MonkeyPatch, next_hop: bytes, gateway: str | None
) -> None:
    install(monkeypatch, iphlpapi=Iphlpapi(next_hop=next_hop))
    assert windows_gateway() == gateway


def test_no_route_is_no_gateway_and_other_errors_are_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, iphlpapi=Iphlpapi(route_error=1231))
    assert windows_gateway() is None
    install(monkeypatch, iphlpapi=Iphlpapi(route_error=87))
    with pytest.raises(OSError, match="error 87"):
        windows_gateway()


def wifi_task() -> Task:
    return Task(Target("", "wifi", "wifi"), 60.0)


def test_the_wifi_link_is_read_and_its_memory_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    ssid = "Lớp 1".encode()
    association = struct.pack("<I32sI6s2xIIIII", len(ssid), ssid, 1, b"\2" * 6, 7, 0, 86, 433_300, 866_700)
    monkeypatch.setattr("agent.probes.wifi_windows.LINKS", Links())
    library = Wlanapi(bytes(520) + association + bytes(16))
    install(monkeypatch, wlanapi=library)
    (found,) = windows_links(wifi_task())
    assert (found.outcome, found.target) == (Outcome.OK, "Intel(R) Wi-Fi 6 AX201")
    assert (found.fields["channel"], found.fields["signal_dbm"], found.fields["network_name"]) == (36, -57.0, "Lớp 1")
    assert found.fields["roams"] == 0
    assert (library.freed, library.closed) == (5, 1)


def test_a_card_without_link_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, wlanapi=Wlanapi(connected=False))
    (found,) = windows_links(wifi_task())
    assert (found.outcome, found.fields) == (Outcome.UNREACHABLE, {})


def test_wifi_without_consent_to_location_is_no_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Wlanapi(error=5)
    install(monkeypatch, wlanapi=library)
    with pytest.raises(PermissionError) as caught:
        windows_links(wifi_task())
    assert outcome_of(caught.value) is Outcome.NO_PERMISSION
    assert library.closed == 1


def test_a_windows_without_wireless_service_is_unsupported(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Wlanapi()
    library.WlanOpenHandle.answer = lambda *_: 1062
    install(monkeypatch, wlanapi=library)
    with pytest.raises(Unsupported, match="not running"):
        windows_links(wifi_task())
