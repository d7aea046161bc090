"""What sentinels see on the network, as signs: strangers, servers that nobody allowed, a gateway that is claimed."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.say import Say
from api.text import Text
from api.view.health import HEALTHS, Health
from api.view.network import NeighbourNow, NetworkNow, SentinelNow
from api.view.sign import Sign, Tone, worst
from api.view.targets import target_label
from api.words import OUTCOMES
from contract.messages import Outcome
from inventory.school import School

TRACED_MS = 900_000  # the way is followed only when a probe failed: what was long ago says nothing about now

LOOKED_LABEL = Text("{name} đã quét", "{name} looked")
LOOKED = Text("lúc {time}", "at {time}")
NO_RIGHT = Text("không có quyền nghe mạng", "has no right to listen on the network")
NO_RIGHT_NOTE = Text(
    "Cấp quyền CAP_NET_RAW cho tác tử (docs/platforms.md có câu lệnh).",
    "Grant CAP_NET_RAW to its agent (docs/platforms.md has the command).",
)
HERE_LABEL = Text("Đang có mặt", "There now")
HERE = Text("{count} thiết bị", "{count} devices", "1 device")
TELEPHONES = Text(
    "trong đó {count} điện thoại hoặc máy tự đặt địa chỉ: chỉ đếm, không liệt kê",
    "{count} of them telephones and others that choose their own address: counted, never listed",
)
UNKNOWN_LABEL = Text("Thiết bị lạ", "Unknown devices")
UNKNOWN = Text("{count} thiết bị không ai biết", "{count} that nobody knows", "1 that nobody knows")
NO_UNKNOWN = Text("không có", "none")
DHCP_LABEL = Text("Máy cấp địa chỉ (DHCP)", "DHCP servers")
ROGUE = Text("máy chủ không được phép: {servers}", "not allowed: {servers}")
ROGUE_NOTE = Text(
    "Tìm thiết bị này và rút dây mạng của nó: máy khác có thể mất mạng vì nó.",
    "Find this device and unplug it: others may lose the network because of it.",
)
NO_ROGUE = Text("chỉ có máy chủ được phép", "only those that are allowed")
GATEWAY_LABEL = Text("Cổng mạng", "Gateway")
CLAIMED = Text("thiết bị khác tự nhận là cổng mạng: {who}", "another device says that it is the gateway: {who}")
CLAIMED_NOTE = Text(
    "Có thể là tấn công, hoặc cổng mạng vừa được thay.", "It may be an attack, or the gateway was just replaced."
)
NOT_CLAIMED = Text("không ai mạo nhận", "nobody else claims to be it")
DUPLICATES_LABEL = Text("Địa chỉ IP bị trùng", "Duplicate IP addresses")
WAY_LABEL = Text("Đường tới {target}", "The way to {target}")
WAY_ENDS = Text("dừng sau chặng {hop} ({address})", "ends after hop {hop} ({address})")
WAY_NOWHERE = Text("không ra khỏi mạng của trường", "does not leave the school's network")

GATEWAY, LISTED = "gateway", "listed"
KNOWN_AS_GATEWAY = Text("cổng mạng", "the gateway")
KNOWN_AS_LISTED = Text("có trong cài đặt của máy canh gác", "listed in the sentinel's settings")


@dataclass(frozen=True, slots=True)
class NeighbourLine:
    """One line of a table of the network. `name` is empty for a stranger, `href` where it has no page."""

    name: str
    href: str
    address: str
    mac: str
    vendor: str
    here: bool
    first_seen: int
    last_seen: int


def network_health(network: NetworkNow, school: School, now: int, say: Say) -> Health:
    """How the network is; without any sentinel it has no signs at all."""
    signs = tuple(_signs(network, school, now, say)) if network.sentinels else ()
    tone = worst([sign.tone for sign in signs])
    return Health(tone, say(HEALTHS[tone]), signs)


def neighbour_lines(network: NetworkNow, school: School, say: Say) -> tuple[list[NeighbourLine], list[NeighbourLine]]:
    """The unknown ones, and those that somebody knows."""
    lines = [(entry.unknown, _line(entry, school, say)) for entry in network.neighbours]
    return [line for unknown, line in lines if unknown], [line for unknown, line in lines if not unknown]


def _signs(network: NetworkNow, school: School, now: int, say: Say) -> Iterator[Sign]:
    here = network.total("network_neighbours", "hosts")
    if here is not None:
        telephones = network.total("network_neighbours", "unlisted")
        note = say(TELEPHONES, count=telephones) if telephones else ""
        yield Sign("here", Tone.PLAIN, say(HERE_LABEL), say(HERE, count=here), note=note)
        count = len(network.unknown)
        word = say(UNKNOWN, count=count) if count else say(NO_UNKNOWN)
        yield Sign("unknown", Tone.WATCH if count else Tone.GOOD, say(UNKNOWN_LABEL), word)
    yield from _dhcp(network, say)
    yield from _gateway(network, say)
    if network.total("network_neighbours", "duplicates"):
        addresses = network.words("network_neighbours", "duplicate_addresses")
        yield Sign("duplicates", Tone.WATCH, say(DUPLICATES_LABEL), addresses)
    for sentinel in network.sentinels:
        yield from _ways(sentinel, school, now, say)
        yield from _looked(sentinel, school, now, say)


def _dhcp(network: NetworkNow, say: Say) -> Iterator[Sign]:
    rogue = network.total("dhcp_servers", "rogue_servers")
    if rogue:
        word = say(ROGUE, servers=network.words("dhcp_servers", "rogue"))
        yield Sign("dhcp", Tone.BAD, say(DHCP_LABEL), word, note=say(ROGUE_NOTE))
    elif rogue is not None:
        yield Sign("dhcp", Tone.GOOD, say(DHCP_LABEL), say(NO_ROGUE))


def _gateway(network: NetworkNow, say: Say) -> Iterator[Sign]:
    if network.gateway_claimed:
        word = say(CLAIMED, who=network.words("gateway_arp", "claimed_by"))
        yield Sign("gateway", Tone.BAD, say(GATEWAY_LABEL), word, note=say(CLAIMED_NOTE))
    elif network.gateway_claimed is not None:
        yield Sign("gateway", Tone.GOOD, say(GATEWAY_LABEL), say(NOT_CLAIMED))


def _ways(sentinel: SentinelNow, school: School, now: int, say: Say) -> Iterator[Sign]:
    """Where the ways to the internet break that were followed of late."""
    for entry in sentinel.measured:
        if entry.probe == "traceroute" and entry.fields.get("reached") is False and now - entry.taken_at <= TRACED_MS:
            hop, address = entry.fields.get("last_hop"), entry.fields.get("last_address")
            word = say(WAY_ENDS, hop=hop, address=str(address)) if isinstance(hop, int) and hop else say(WAY_NOWHERE)
            yield Sign("way", Tone.WATCH, say(WAY_LABEL, target=target_label(entry.target, school, say)), word)


def _looked(sentinel: SentinelNow, school: School, now: int, say: Say) -> Iterator[Sign]:
    entry = sentinel.of("network_neighbours")
    if entry is None:
        return
    device = school.devices.get(sentinel.agent)
    label = say(LOOKED_LABEL, name=(device.name if device else "") or sentinel.agent)
    if entry.outcome is Outcome.OK:
        yield Sign("looked", Tone.PLAIN, label, say(LOOKED, time=say.moment(entry.taken_at, now)))
    elif entry.outcome is Outcome.NO_PERMISSION:
        yield Sign("looked", Tone.WATCH, label, say(NO_RIGHT), note=say(NO_RIGHT_NOTE))
    else:
        yield Sign("looked", Tone.PLAIN, label, say(OUTCOMES[entry.outcome]))


def _line(entry: NeighbourNow, school: School, say: Say) -> NeighbourLine:
    row, name, href = entry.row, entry.device or "", ""
    if entry.device in school.devices:
        device, room = school.devices[entry.device], school.room_of[entry.device]
        name, href = f"{device.name or device.id} · {room.name or room.id}", f"/devices/{school.site}/{device.id}"
    elif entry.device in (GATEWAY, LISTED):
        name = say(KNOWN_AS_GATEWAY if entry.device == GATEWAY else KNOWN_AS_LISTED)
    return NeighbourLine(name, href, row.address, row.mac, row.vendor, entry.here, row.first_seen, row.last_seen)
