"""The simulated school's network as its sentinel scans it: who is there, who is a stranger, who lies."""

from collections import Counter
from ipaddress import IPv4Interface, IPv4Network

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contract.mac import canonical_mac, is_software_chosen
from contract.messages import Measurement, Outcome
from contract.metrics_network import WATCHED
from inventory.known_devices import KnownDevices
from sonca.simulate.addresses import BOX, CAMERA, GATEWAY, MOST_TELEPHONES, ROGUE, SERVER, leased
from sonca.simulate.chance import Chance
from sonca.simulate.equipment import equipment_of
from sonca.simulate.school_day import SchoolDay, school_day
from sonca.simulate.segment import HOME_ROUTER, LIAR, STRANGER
from sonca.simulate.watched import mac_of
from tests.simulated import SITE, monday, school, stored_of

PROBES = {probe.name for probe in WATCHED}


def scans(day: SchoolDay, clock: str, minutes: int = 16) -> list[Measurement]:
    """What the sentinel found out about the network in so many minutes."""
    [sentinel] = [pc.id for pc in day.pcs.values() if any(device.kind == "router" for device in pc.watches)]
    measured = day.measurements(sentinel, monday(clock), monday(clock) + minutes * 60_000)
    return [entry for entry in measured if entry.probe in PROBES]


def of(probe: str, found: list[Measurement]) -> list[Measurement]:
    return [entry for entry in found if entry.probe == probe]


def placed(day: SchoolDay) -> list[IPv4Interface]:
    """The address of everything that stands in a school."""
    pcs = day.pcs.values()
    return [*(pc.address for pc in pcs), *(device.address for pc in pcs for device in pc.watches)]


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(), rooms=st.integers(1, 60), more=st.integers(0, 500))
@example(seed=1, rooms=1_000, more=1_000)
def test_every_device_has_an_address_of_its_own_and_the_same_one_again(seed: int, rooms: int, more: int) -> None:
    found = placed(school_day(SITE, seed, rooms, rooms + more, []))
    assert found == placed(school_day(SITE, seed, rooms, rooms + more, []))
    [network] = {address.network for address in found}
    addresses = {address.ip for address in found}
    assert len(addresses) == len(found)
    assert addresses <= set(network.hosts()) - {GATEWAY, SERVER, CAMERA, BOX, ROGUE}
    assert {GATEWAY, CAMERA, BOX, ROGUE} <= set(network.hosts())
    assert network.prefixlen == 24 or len(found) + MOST_TELEPHONES + 7 > network.num_addresses // 2


@pytest.mark.parametrize(
    ("devices", "network"),
    [(221, "192.168.1.0/24"), (222, "192.168.0.0/23"), (478, "192.168.0.0/22"), (22_000, "192.168.0.0/17")],
)
def test_the_network_grows_with_the_school(devices: int, network: str) -> None:
    found = leased([Chance("device", str(number)) for number in range(devices)])
    assert {address.network for address in found} == {IPv4Network(network)}
    assert len(set(found)) == devices


def test_a_new_device_leaves_the_others_their_addresses() -> None:
    chances = [Chance("device", str(number)) for number in range(150)]
    assert leased(chances)[:100] == leased(chances[:100])


def test_nobody_shares_a_hardware_address_however_large_the_school_is() -> None:
    day = school_day(SITE, 1, 300, 4_000, [])
    cards = [pc.mac for pc in day.pcs.values()]
    watched = [device.mac for pc in day.pcs.values() for device in pc.watches]
    strangers = [mac_of(LIAR, GATEWAY), mac_of(HOME_ROUTER, ROGUE), mac_of(STRANGER, CAMERA)]
    every = [*cards, *watched, *strangers]
    assert len(set(every)) == len(every) > 4_000
    assert not any(mac.startswith("00:00:5e:00:01") for mac in every)


def test_agents_and_scans_say_the_same_address() -> None:
    day = school()
    told = {entry.target: entry.fields["address"] for entry in of("neighbour", scans(day, "10:00"))}
    cards = {
        card["mac"]: (card["ipaddress"], card["ipmask"])
        for pc in day.pcs.values()
        for card in equipment_of(pc, 0).content["networks"]
    }
    both = told.keys() & cards.keys()
    assert len(both) > 3
    assert {mac: (told[mac], "255.255.255.0") for mac in both} == {mac: cards[mac] for mac in both}


@pytest.mark.parametrize("rooms", [4, 120])
def test_one_sentinel_scans_however_large_the_school_is(rooms: int) -> None:
    found = scans(school_day(SITE, 1, rooms, 2 * rooms, []), "10:00")
    counts = Counter(entry.probe for entry in found)
    assert counts["network_neighbours"] in (1, 2)
    assert counts["gateway_arp"] in (3, 4)
    assert counts["traceroute"] == 0


def test_every_neighbour_is_known_but_for_the_strangers() -> None:
    for faults, strangers in (((), 0), (("unknown-devices",), 2)):
        day = school(*faults)
        found = scans(day, "10:00")
        known = KnownDevices(day.school, [equipment_of(pc, 0) for pc in day.pcs.values()])
        seen = {entry.target: str(entry.fields.get("known_as", "")) for entry in of("neighbour", found)}
        behind = {mac: known.behind(mac, name) for mac, name in seen.items()}
        assert sum(device is None for device in behind.values()) == strangers
        assert {device for device in behind.values() if device} <= set(day.school.devices)
        assert all(canonical_mac(mac) == mac and mac.startswith("00:00:5e") for mac in seen)
        assert not any(is_software_chosen(mac) for mac in seen)
        summary = of("network_neighbours", found)[-1].fields
        assert summary["hosts"] == len(of("neighbour", scans(day, "10:00", 15))) + int(summary["unlisted"])


def test_a_home_router_and_a_liar_are_told() -> None:
    rogue = [entry.fields for entry in of("dhcp_servers", scans(school("rogue-dhcp@10:00+30m"), "10:00"))]
    assert {fields["rogue_servers"] for fields in rogue} == {1}
    assert all("Tenda" in str(fields["rogue"]) for fields in rogue)
    lied = [entry.fields for entry in of("gateway_arp", scans(school("false-gateway@10:00+30m"), "10:00"))]
    assert {(fields["gateway_macs"], fields["mac_changed"]) for fields in lied} == {(2, True)}
    quiet = scans(school(), "10:00")
    assert {entry.fields["rogue_servers"] for entry in of("dhcp_servers", quiet)} == {0}
    assert {entry.fields["mac_changed"] for entry in of("gateway_arp", quiet)} == {False}


def test_in_an_outage_the_way_ends_at_the_schools_own_router() -> None:
    ways = of("traceroute", scans(school("line-outage@10:00+20m"), "10:00"))
    assert ways
    assert {(entry.outcome, entry.fields["reached"], entry.fields["last_hop"]) for entry in ways} == {
        (Outcome.TIMEOUT, False, 1)
    }


def test_a_room_without_its_switch_is_not_there() -> None:
    found = scans(school("switch-unplugged:mam-1@09:55+40m"), "10:00")
    names = {entry.fields.get("known_as") for entry in of("neighbour", found)}
    assert "mam-1-projector" not in names
    assert "mam-2-projector" in names


def test_the_collector_refuses_nothing_of_it() -> None:
    day = school("unknown-devices", "rogue-dhcp@10:00+30m", "false-gateway@10:00+30m", rooms=4, devices=6)
    stored = stored_of(day, monday("10:00"), monday("10:16"))
    assert {entry.probe for entry in stored} >= PROBES - {"traceroute"}
