"""One fault counts once: which device a room's faults are told of."""

from collector.store.evidence_faults import (
    ROOM_CAUSE,
    TOGETHER_MS,
    causes_of,
    offline_by_room,
    power_cuts,
    shares_of,
    told_of_rooms,
    told_of_wifi,
)
from collector.store.protocol import RoomReason, RoomState, RoomTime, Share
from collector.store.state_protocol import Change
from inventory.asset import Asset, AssetKind

NOWHERE: frozenset[str] = frozenset()


def struck(room: str, reason: RoomReason, *, alone: bool, slices: int = 1) -> RoomTime:
    return RoomTime(room, RoomState.DISCONNECTED, slices, reason, alone)


def asset(tag: str, kind: AssetKind, room: str = "lop-1") -> Asset:
    return Asset(tag, kind, tag, room=room)


def test_only_what_other_rooms_did_not_suffer_is_a_rooms_own_fault() -> None:
    found = [
        struck("lop-1", RoomReason.GATEWAY_UNREACHABLE, alone=True, slices=5),
        struck("lop-1", RoomReason.INTERNET_UNREACHABLE, alone=False, slices=20),
        struck("lop-1", RoomReason.NOT_TRIED, alone=True),
        RoomTime("lop-1", RoomState.CONNECTED, 74),
        RoomTime("lop-2", RoomState.CONNECTED, 10),
        RoomTime("lop-3", RoomState.DARK, 9),
    ]
    assert shares_of(found)["lop-1"] == Share(connected=74, disconnected=26)
    assert offline_by_room(found) == {"lop-1": 5.0, "lop-2": 0.0}


def test_the_cause_of_a_room_is_where_most_of_its_faults_lay() -> None:
    own, line = RoomReason.LOSS_HIGH, RoomReason.INTERNET_UNREACHABLE
    found = [
        struck("lop-1", own, alone=True, slices=3),
        struck("lop-1", line, alone=False, slices=2),
        struck("lop-2", line, alone=False),
        RoomTime("lop-2", RoomState.CONNECTED, 99),
    ]
    causes = causes_of(found)
    assert causes["lop-1"] == ROOM_CAUSE
    assert causes["lop-2"].vi == "đường truyền Internet của trường"
    assert "nothing in the room tries" in causes_of([struck("x", RoomReason.NOT_TRIED, alone=True)])["x"].en


def test_a_rooms_faults_are_told_of_its_network_gear_else_of_one_pc() -> None:
    pcs = [asset("TS-1", "computer"), asset("TS-2", "computer")]
    gear = [asset("TS-8", "access_point"), asset("TS-9", "switch")]
    linked, offline = {"TS-1": "pc-1", "TS-2": "pc-2"}, {"lop-1": 30.0}
    assert told_of_rooms([*pcs, *gear], linked, offline, NOWHERE) == {"TS-9": 30.0}
    assert told_of_rooms([*pcs, *gear], linked, offline, frozenset({"pc-2"})) == {"TS-8": 30.0}
    assert told_of_rooms(pcs, linked, offline, NOWHERE) == {"TS-1": 30.0}
    assert told_of_rooms([*pcs, *gear, asset("TS-7", "router")], linked, offline, NOWHERE) == {"TS-1": 30.0}
    assert told_of_rooms(pcs, {}, offline, NOWHERE) == {}
    assert told_of_rooms([*pcs, *gear], linked, {"lop-2": 30.0}, NOWHERE) == {}


def test_weak_wifi_of_several_pcs_is_one_fault() -> None:
    pcs = [asset("TS-1", "laptop"), asset("TS-2", "computer"), asset("TS-3", "computer")]
    linked = {"TS-1": "pc-1", "TS-2": "pc-2", "TS-3": "pc-3"}
    weak = {"pc-1": 60.0, "pc-2": 40.0, "pc-3": 1.0}
    assert told_of_wifi([*pcs, asset("TS-9", "access_point")], linked, weak) == {"TS-9": 50.0, "TS-3": 1.0}
    assert told_of_wifi(pcs, linked, weak) == {"TS-1": 60.0, "TS-3": 1.0}
    assert told_of_wifi(pcs, linked, weak | {"pc-2": 2.0}) == {"TS-1": 60.0, "TS-2": 2.0, "TS-3": 1.0}


def test_pcs_of_a_room_that_are_lost_together_had_no_power() -> None:
    rooms = {"pc-1": "lop-1", "pc-2": "lop-1", "pc-3": "lop-2"}
    lost = [("pc-1", 0), ("pc-2", TOGETHER_MS), ("pc-3", 0), ("pc-1", 9 * TOGETHER_MS), ("pc-9", 0)]
    changes = [Change(at, "s", "agent", agent, "online", "lost") for agent, at in lost]
    changes += [Change(0, "s", "agent", "pc-3", "online", "offline"), Change(0, "s", "room", "lop-2", "on", "lost")]
    assert dict(power_cuts(changes, rooms)) == {"pc-1": 1, "pc-2": 1, "pc-3": 0}
