"""The page of the network: what sentinels saw, as people read it, and in a real Chromium."""

import dataclasses
from collections.abc import Mapping

import pytest

from api.view.network import NetworkNow, network_now
from api.view.network_health import TRACED_MS, neighbour_lines, network_health
from api.view.sign import Tone
from collector.store.protocol import DAY_MS, StoredMeasurement
from collector.store.state_neighbours import Neighbour
from contract.messages import Outcome, Value
from inventory.known_devices import KnownDevices
from inventory.school import Device, Room, School
from tests.measurements import SITE, START, measured
from tests.test_api_say import EN, VI, plain

GOOD, WATCH, BAD, PLAIN = Tone.GOOD, Tone.WATCH, Tone.BAD, Tone.PLAIN
TV, CAMERA, PRINTER = "00:1b:a9:00:00:40", "00:1f:a4:00:00:60", "00:1b:a9:00:00:41"
SCHOOL = School(
    SITE,
    "Hoa Mai",
    (Room("lop-1", "Lớp 1", (Device("canh-gac", "Máy 1"), Device("tivi", "Ti vi", "tv", macs=(TV,)))),),
)


def told(probe: str, fields: Mapping[str, Value], target: str = "", outcome: Outcome = Outcome.OK) -> StoredMeasurement:
    return measured("canh-gac", probe, 0, fields, target=target, outcome=outcome)


def seen(mac: str, known_as: str = "", ago: int = 0, address: str = "", vendor: str = "") -> Neighbour:
    return Neighbour(SITE, mac, "canh-gac", START - 86_400_000, START - ago, address, vendor, known_as)


def network(*latest: StoredMeasurement, rows: tuple[Neighbour, ...] = ()) -> NetworkNow:
    return network_now(rows, KnownDevices(SCHOOL, []), latest, START + 60_000)


def signs(found: NetworkNow, now: int = START + 60_000) -> list[tuple[str, Tone, str]]:
    return [(sign.name, sign.tone, plain(sign.value)) for sign in network_health(found, SCHOOL, now, VI).signs]


CASES = {
    "all is well": (
        told("network_neighbours", {"hosts": 9, "unlisted": 6, "duplicates": 0}),
        [("here", PLAIN, "9 thiết bị"), ("unknown", GOOD, "không có"), ("looked", PLAIN, "lúc 15:00")],
    ),
    "addresses twice": (
        told("network_neighbours", {"hosts": 2, "unlisted": 0, "duplicates": 1, "duplicate_addresses": "10.0.0.9"}),
        [
            ("here", PLAIN, "2 thiết bị"),
            ("unknown", GOOD, "không có"),
            ("duplicates", WATCH, "10.0.0.9"),
            ("looked", PLAIN, "lúc 15:00"),
        ],
    ),
    "not allowed to look": (
        told("network_neighbours", {}, outcome=Outcome.NO_PERMISSION),
        [("looked", WATCH, "không có quyền nghe mạng")],
    ),
    "allowed servers": (
        told("dhcp_servers", {"servers": 1, "rogue_servers": 0}),
        [("dhcp", GOOD, "chỉ có máy chủ được phép")],
    ),
    "a home router": (
        told("dhcp_servers", {"servers": 2, "rogue_servers": 1, "rogue": "10.0.0.60 00:1f"}),
        [("dhcp", BAD, "máy chủ không được phép: 10.0.0.60 00:1f")],
    ),
    "nothing is said about what is allowed": (told("dhcp_servers", {"servers": 2}), []),
    "the gateway is itself": (
        told("gateway_arp", {"gateway_macs": 1, "mac_changed": False}),
        [("gateway", GOOD, "không ai mạo nhận")],
    ),
    "the gateway is claimed": (
        told("gateway_arp", {"gateway_macs": 2, "mac_changed": True, "claimed_by": "da:a1"}),
        [("gateway", BAD, "thiết bị khác tự nhận là cổng mạng: da:a1")],
    ),
    "the way ends": (
        told("traceroute", {"reached": False, "last_hop": 2, "last_address": "100.64.0.1"}, "internet/quad9"),
        [("way", WATCH, "dừng sau chặng 2 (100.64.0.1)")],
    ),
    "the way ends at once": (
        told("traceroute", {"reached": False, "last_hop": 0}, "internet/quad9"),
        [("way", WATCH, "không ra khỏi mạng của trường")],
    ),
    "the way is whole": (told("traceroute", {"reached": True, "last_hop": 9}, "internet/quad9"), []),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_sentinel_saw_is_told_with_what_to_do(case: str) -> None:
    entry, expected = CASES[case]
    assert signs(network(entry)) == expected


def test_a_way_that_was_followed_long_ago_says_nothing_about_now() -> None:
    entry, expected = CASES["the way ends"]
    assert signs(network(entry), START + TRACED_MS) == expected
    assert signs(network(entry), START + TRACED_MS + 1) == []


def test_strangers_stand_apart_and_the_known_have_their_names() -> None:
    rows = (
        seen(CAMERA, address="10.0.0.60", vendor="Hikvision"),
        seen(TV, address="10.0.0.40"),
        seen(PRINTER, "may-in-cu", ago=3_600_000),
        seen("00:1b:a9:00:00:01", "gateway"),
        seen("00:1b:a9:00:00:02", "listed"),
    )
    found = network(told("network_neighbours", {"hosts": 4, "unlisted": 0, "duplicates": 0}), rows=rows)
    assert ("unknown", WATCH, "1 thiết bị không ai biết") in signs(found)
    unknown, known = neighbour_lines(found, SCHOOL, VI)
    assert [(line.address, line.vendor, line.here, line.name) for line in unknown] == [
        ("10.0.0.60", "Hikvision", True, "")
    ]
    names = {line.name: (line.href, line.here) for line in known}
    assert names == {
        "Ti vi · Lớp 1": (f"/devices/{SITE}/tivi", True),
        "may-in-cu": ("", False),
        "cổng mạng": ("", True),
        "có trong cài đặt của máy canh gác": ("", True),
    }
    gone = dataclasses.replace(rows[0], last_seen=START - DAY_MS)
    assert ("unknown", GOOD, "không có") in signs(network(*[found.sentinels[0].measured[0]], rows=(gone,)))


def test_without_a_sentinel_there_is_nothing_to_judge() -> None:
    empty = network_health(network(), SCHOOL, START, EN)
    assert (empty.signs, empty.tone, empty.word) == ((), PLAIN, "Not judged")
