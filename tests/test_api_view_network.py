"""The network of a school as pages see it: who is there, in which order, and what an old measurement says."""

from api.view.network import ONE_LOOK_MS, STALE_MS, network_now
from collector.store.protocol import StoredMeasurement
from collector.store.state_neighbours import Neighbour
from contract.messages import Outcome, Value
from inventory.known_devices import KnownDevices
from inventory.school import School

NOW = 1_800_000_000_000
SITE = "hoa-mai"
NOBODY_KNOWN = KnownDevices(School(SITE, "Hoa Mai"), [])


def measured(
    probe: str, at: int = NOW, agent: str = "pc-1", outcome: Outcome = Outcome.OK, **fields: Value
) -> StoredMeasurement:
    return StoredMeasurement(SITE, agent, probe, "", at, outcome, 1.0, fields)


def seen(mac: str, address: str, at: int = NOW, agent: str = "pc-1", known_as: str = "") -> Neighbour:
    return Neighbour(SITE, mac, agent, at, at, address, known_as=known_as)


def test_unknown_ones_come_first_then_those_that_are_there_by_address() -> None:
    rows = [
        seen("00:00:00:00:00:01", "10.0.0.10", known_as="gateway"),
        seen("00:00:00:00:00:02", "10.0.0.9, 10.0.0.99", known_as="listed"),
        seen("00:00:00:00:00:03", "10.0.0.3", NOW - ONE_LOOK_MS),
        seen("00:00:00:00:00:04", "10.0.0.4", NOW - ONE_LOOK_MS + 1),
        seen("00:00:00:00:00:05", "?"),
    ]
    network = network_now(rows, NOBODY_KNOWN, [measured("network_neighbours", hosts=5)], NOW)
    assert [entry.row.mac[-1] for entry in network.neighbours] == ["5", "4", "3", "2", "1"]
    assert [entry.row.mac[-1] for entry in network.unknown] == ["5", "4"], "the third has gone"


def test_nobody_is_there_where_the_sentinel_may_not_look() -> None:
    refused = measured("network_neighbours", outcome=Outcome.NO_PERMISSION)
    network = network_now([seen("00:00:00:00:00:01", "10.0.0.1")], NOBODY_KNOWN, [refused], NOW)
    assert [entry.here for entry in network.neighbours] == [False]
    assert network.total("network_neighbours", "hosts") is None
    assert network.gateway_claimed is None


def test_the_segments_of_several_sentinels_are_added_up() -> None:
    latest = [
        measured("dhcp_servers", rogue_servers=1),
        measured("dhcp_servers", agent="pc-2", rogue_servers=2),
        measured("gateway_arp", gateway_macs=1, mac_changed=False),
        measured("gateway_arp", agent="pc-2", gateway_macs=2, mac_changed=False),
        measured("ping", loss_percent=0.0),
    ]
    network = network_now([], NOBODY_KNOWN, latest, NOW)
    assert network.total("dhcp_servers", "rogue_servers") == 3
    assert network.gateway_claimed is True
    assert [sentinel.agent for sentinel in network.sentinels] == ["pc-1", "pc-2"]


def test_what_a_silent_sentinel_said_yesterday_says_nothing_now() -> None:
    network = network_now([], NOBODY_KNOWN, [measured("dhcp_servers", NOW - STALE_MS, rogue_servers=1)], NOW)
    assert network.sentinels == ()
    assert network.total("dhcp_servers", "rogue_servers") is None
