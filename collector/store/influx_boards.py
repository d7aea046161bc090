"""What boards read beside the series, written into the same InfluxDB. The shapes stand in influx_names.py."""

from collections.abc import Iterator, Mapping, Sequence

from collector.store import influx_equipment, influx_school
from collector.store.boards_protocol import DeviceShown, RoomShown
from collector.store.influx_lines import as_text, series_key
from collector.store.influx_names import (
    CHANGES,
    DETAIL,
    DEVICES_NOW,
    FIVE_MINUTES,
    HOURS,
    LATEST_AT,
    PLACES,
    ROOMS_NOW,
)
from collector.store.influx_query import Database
from collector.store.influx_write import LineWriter
from collector.store.protocol import DAY_MS, RoomSlice, RoomState
from collector.store.state_protocol import Change, Presence
from inventory.snapshot import AssetToday

_REACHED = (RoomState.CONNECTED, RoomState.DEGRADED)
LONGEST_IN_FIVE_MINUTES_MS = 7 * DAY_MS  # a board that looks back further is drawn from hourly rollups
_EVER_MS = 10**15


class InfluxBoards:
    """Implements boards_protocol.BoardStore."""

    def __init__(self, database: Database, writer: LineWriter) -> None:
        self._database = database
        self._writer = writer

    def write_places(self, at: int, rooms: Sequence[RoomShown], devices: Sequence[DeviceShown]) -> None:
        by_id = {(room.site, room.room): room for room in rooms}
        lines = [_place_line(at, room, None) for room in rooms]
        lines += [_place_line(at, by_id.get((device.site, device.room)), device) for device in devices]
        self._writer.write([*lines, *_detail_lines()])

    def write_present(self, at: int, rooms: Sequence[RoomShown], devices: Sequence[DeviceShown]) -> None:
        self._writer.write([*(_room_line(at, room) for room in rooms), *(_device_line(at, one) for one in devices)])

    def write_changes(self, changes: Sequence[Change], names: Mapping[tuple[str, str, str], str]) -> None:
        self._writer.write([_change_line(change, names) for change in changes])

    def write_slices(
        self, site: str, rooms: Mapping[str, Sequence[str]], judged: Mapping[int, Sequence[RoomSlice]]
    ) -> None:
        lines: list[str] = []  # in one request: each is a commit on the server's disk
        for start, slices in judged.items():
            lines += [influx_school.rooms_line(site, slices, start)] if slices else []
            lines += influx_school.slice_lines(self._database, site, rooms, start)
        self._writer.write(lines)

    def write_equipment(self, site: str, day: int, assets: Sequence[AssetToday], rooms: Mapping[str, str]) -> None:
        self._writer.write(list(influx_equipment.lines(site, day, assets, rooms)))


def _place_line(at: int, room: RoomShown | None, device: DeviceShown | None) -> str:
    known = [thing for thing in (room, device) if thing is not None]
    tags = {"site": known[0].site, "room": room.room if room else "", "device": device.device if device else ""}
    fields = [f"classroom={'true' if room and room.classroom else 'false'}"]
    # Name and id in one text: a board's list shows the first and asks with the second.
    fields += [f"room_choice={as_text(f'{room.name} · {room.room}')}"] if room else []
    if device is not None:
        fields += [f"device_choice={as_text(f'{device.name} · {device.device}')}"]
        fields += [f"agent={'true' if device.agent is not None else 'false'}"]
    return f"{series_key(PLACES, tags)} {','.join(fields)} {at}"


def _detail_lines() -> Iterator[str]:
    """Which rollup a board reads for how long a range: it picks the first that is long enough."""
    for number, (suffix, longest) in enumerate(((FIVE_MINUTES, LONGEST_IN_FIVE_MINUTES_MS), (HOURS, _EVER_MS))):
        yield f'{DETAIL} suffix="{suffix}",longest_ms={longest}i {LATEST_AT + number}'


def _room_line(at: int, room: RoomShown) -> str:
    now = room.now
    reached = room.classroom and now is not None and now.state in _REACHED
    fields = [f"name={as_text(room.name)}", f"classroom={room.classroom:d}i", f"reached={reached:d}i"]
    fields += [f"{state.value}={now is not None and state is now.state:d}i" for state in RoomState]
    fields += [f"devices={room.devices}i", f"unknown={now is None:d}i"]
    if now is not None:
        cause = now.evidence.get("cause") or {"layer": ""}  # told without one too, or its last one would stay
        fields += [f'state="{now.state.value}"', f'reason="{now.reason.value}"', f"since={now.since}i"]
        fields += [f"devices_on={now.devices_on}i", f"devices_reaching={now.devices_reaching}i"]
        fields += [f"cause={as_text(cause['layer'])}"]
    return f"{series_key(ROOMS_NOW, {'site': room.site, 'room': room.room})} {','.join(fields)} {at}"


def _device_line(at: int, device: DeviceShown) -> str:
    agent = device.agent
    fields = [f"name={as_text(device.name)}", f"kind={as_text(device.kind)}"]
    if agent is not None:
        fields += [f"{presence.value}={presence is agent.presence:d}i" for presence in Presence]
        fields += [f'presence="{agent.presence.value}"', f"reason={as_text(agent.reason)}"]
        fields += [f"since={agent.since}i", f"last_seen={agent.last_seen}i", f"software={as_text(agent.software)}"]
        fields += [f"silent_seconds={max(at - agent.last_seen, 0) // 1000}i"]
    tags = {"site": device.site, "room": device.room, "device": device.device}
    return f"{series_key(DEVICES_NOW, tags)} {','.join(fields)} {at}"


def _change_line(change: Change, names: Mapping[tuple[str, str, str], str]) -> str:
    tags = {"site": change.site, "room" if change.kind == "room" else "device": change.subject}
    name = names.get((change.site, change.kind, change.subject), change.subject)
    told = ("name", name), ("old", change.old), ("new", change.new), ("reason", change.reason)
    fields = ",".join(f"{name}={as_text(value)}" for name, value in told)
    return f"{series_key(CHANGES, tags)} {fields} {change.at}"
