"""Whose fault it was: one fault counts once, at the device that most likely has it. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from collector.store.protocol import RoomReason, RoomTime, Share
from collector.store.state_protocol import Change, Presence
from inventory.asset import Asset, AssetKind
from inventory.text import NO_TEXT, Text

TOGETHER_MS = 180_000  # wills of devices that lost their power at once arrive within their keep-alive times
WEAK_PERCENT = 10.0  # from here on a PC's Wi-Fi counts as weak when those of its room are compared

_PCS: frozenset[AssetKind] = frozenset({"computer", "laptop"})
ROOM_CAUSE = Text("dây mạng, bộ chuyển mạch hoặc Wi-Fi của phòng", "the room's cable, switch or Wi-Fi")
NOT_TRIED_CAUSE = Text("máy trong phòng chưa được cài để thử Internet", "nothing in the room tries the internet")
_SCHOOL_CAUSES: Mapping[RoomReason, Text] = {
    RoomReason.GATEWAY_UNREACHABLE: Text("bộ định tuyến của trường", "the school's router"),
    RoomReason.INTERNET_UNREACHABLE: Text("đường truyền Internet của trường", "the school's internet line"),
    RoomReason.LOSS_HIGH: Text("đường truyền của trường mất gói", "packets lost on the school's line"),
    RoomReason.SLOW: Text("đường truyền của trường chậm", "the school's line was slow"),
}


def is_its_own(entry: RoomTime) -> bool:
    """Whether the fault was the room's: other rooms fared better at the time. What nothing compares with, is not."""
    return entry.alone and entry.reason is not RoomReason.NOT_TRIED


def shares_of(times: Iterable[RoomTime]) -> dict[str, Share]:
    """The lesson slices of each room by state."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in times:
        counted[entry.room][entry.state.value] += entry.slices
    return {room: Share(**states) for room, states in counted.items()}


def causes_of(times: Iterable[RoomTime]) -> dict[str, Text]:
    """Where the faults of each room mostly lay."""
    counted: dict[str, Counter[Text]] = defaultdict(Counter)
    for entry in times:
        if entry.reason is not None:
            counted[entry.room][_cause(entry, entry.reason)] += entry.slices
    return {room: causes.most_common(1)[0][0] for room, causes in counted.items()}


def _cause(entry: RoomTime, reason: RoomReason) -> Text:
    if reason is RoomReason.NOT_TRIED:
        return NOT_TRIED_CAUSE
    return ROOM_CAUSE if is_its_own(entry) else _SCHOOL_CAUSES.get(reason, NO_TEXT)


def offline_by_room(times: Sequence[RoomTime]) -> dict[str, float]:
    """Of the lesson slices of each room, the percentage in which it was not well by a fault of its own.

    Without rooms that were never on: nothing is known of them.
    """
    own: Counter[str] = Counter()
    for entry in filter(is_its_own, times):
        own[entry.room] += entry.slices
    return {room: 100 * own[room] / share.total for room, share in shares_of(times).items() if share.total > share.dark}


def told_of_rooms(
    assets: Sequence[Asset], linked: Mapping[str, str], offline: Mapping[str, float], wireless: frozenset[str]
) -> dict[str, float]:
    """By the tag of the asset that each room's faults are told of. `linked`: tag -> device; `wireless`: devices."""
    found = {}
    for room, in_room in _by_room(assets).items():
        if room in offline:
            pcs = [asset for asset in in_room if asset.kind in _PCS and asset.tag in linked]
            by_air = any(linked[pc.tag] in wireless for pc in pcs)
            carrier = _carrier(in_room, by_air=by_air) or next(iter(pcs), None)
            if carrier is not None:
                found[carrier.tag] = offline[room]
    return found


def told_of_wifi(assets: Sequence[Asset], linked: Mapping[str, str], weak: Mapping[str, float]) -> dict[str, float]:
    """By tag: where several PCs of a room are weak it is the access point, or the worst of them; else each its own.

    `weak`: device -> percent of its lesson slices.
    """
    found: dict[str, float] = {}
    for in_room in _by_room(assets).values():
        own = {asset.tag: weak[linked[asset.tag]] for asset in in_room if linked.get(asset.tag) in weak}
        struck = [tag for tag, percent in own.items() if percent >= WEAK_PERCENT]
        if len(struck) > 1:
            point = next((asset.tag for asset in in_room if asset.kind == "access_point"), "")
            worst = max(struck, key=lambda tag: own[tag])
            mean = sum(own[tag] for tag in struck) / len(struck)
            own = {tag: percent for tag, percent in own.items() if tag not in struck}
            own |= {point: mean} if point else {worst: weak[linked[worst]]}
        found |= own
    return found


def _carrier(in_room: Sequence[Asset], *, by_air: bool) -> Asset | None:
    """The network gear that only this room hangs on: where the router stands, the switch carries the whole school."""
    if any(asset.kind == "router" for asset in in_room):
        return None
    kinds: tuple[AssetKind, ...] = ("access_point", "switch") if by_air else ("switch", "access_point")
    return next((asset for kind in kinds for asset in in_room if asset.kind == kind), None)


def _by_room(assets: Sequence[Asset]) -> dict[str, list[Asset]]:
    """The assets in use of each room, by their tags."""
    rooms: dict[str, list[Asset]] = defaultdict(list)
    for asset in sorted(assets, key=lambda asset: asset.tag):
        if asset.status == "in_use" and asset.room:
            rooms[asset.room].append(asset)
    return rooms


def power_cuts(changes: Iterable[Change], room_of: Mapping[str, str]) -> Counter[str]:
    """How often each agent was lost together with another of its room: then the power failed, and not the PC."""
    lost: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for change in changes:
        if change.kind == "agent" and change.new == Presence.LOST and change.subject in room_of:
            lost[room_of[change.subject]].append((change.at, change.subject))
    cuts: Counter[str] = Counter()
    for of_room in lost.values():
        for at, agent in of_room:
            cuts[agent] += any(other != agent and abs(at - then) <= TOGETHER_MS for then, other in of_room)
    return cuts
