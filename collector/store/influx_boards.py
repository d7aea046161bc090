"""What boards read beside the series, written into the same InfluxDB. The shapes stand in influx_names.py."""

# ruff: noqa: S608 - names come from the catalogue, values are quoted

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

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
    ROOM_SERVICES,
    ROOMS_NOW,
)
from collector.store.influx_query import Database, where
from collector.store.influx_write import LineWriter
from collector.store.protocol import DAY_MS, RoomState
from collector.store.state_protocol import Change, Presence
from contract.targets import SERVICES

# A service may be asked in several ways: the one nearest to what a class does decides, as on the live page.
_ANSWER_MS = {"web": "total_ms", "tcp": "connect_ms", "dns": "lookup_ms", "ping": "round_trip_ms"}
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

    def write_services(self, site: str, rooms: Mapping[str, Sequence[str]], slice_start: int) -> None:
        room_of = {device: room for room, devices in rooms.items() for device in devices}
        gathered: dict[tuple[str, str], _Tries] = defaultdict(_Tries)
        for (device, target), tries in self._tries(site, slice_start).items():
            if device in room_of:
                gathered[room_of[device], target].add(tries)
        self._writer.write(
            [_service_line(site, room, target, tries, slice_start) for (room, target), tries in gathered.items()]
        )

    def _tries(self, site: str, slice_start: int) -> dict[tuple[str, str], "_Tries"]:
        """By device and target, of the way to ask that decides."""
        found: dict[tuple[str, str], _Tries] = {}
        answers = ", ".join(f'"{name}"' for name in _ANSWER_MS.values())
        among = ", ".join(f'"{probe}{FIVE_MINUTES}"' for probe in _ANSWER_MS)
        query = f'SELECT "count", "ok_count", "blind_count", {answers} FROM {among} WHERE {where(site=site)}'
        query += f' AND {where(group=SERVICES)} AND time = {slice_start}ms GROUP BY "device", "target"'
        answered = {
            (one.name, one.tag("device"), one.tag("target")): next(one.rows()) for one in self._database.ask(query)
        }
        for probe, answer in _ANSWER_MS.items():
            for (name, device, target), row in answered.items():
                if name == probe + FIVE_MINUTES and (device, target) not in found:
                    times = [] if row[answer] is None else [row[answer]]
                    found[device, target] = _Tries(row["count"], row["ok_count"], row["blind_count"], times)
        return found


@dataclass(slots=True)
class _Tries:
    """How often a service was asked, answered, and asked by a device that was blind; its mean times, in ms."""

    tried: int = 0
    reached: int = 0
    blind: int = 0
    answer_ms: list[float] = field(default_factory=list)

    def add(self, other: "_Tries") -> None:
        self.tried += other.tried
        self.reached += other.reached
        self.blind += other.blind
        self.answer_ms += other.answer_ms


def _place_line(at: int, room: RoomShown | None, device: DeviceShown | None) -> str:
    known = [thing for thing in (room, device) if thing is not None]
    tags = {"site": known[0].site, "room": room.room if room else "", "device": device.device if device else ""}
    fields = [f"classroom={'true' if room and room.classroom else 'false'}"]
    # Name and id in one text: a board's list shows the first and asks with the second.
    fields += [f"room_choice={as_text(f'{room.name} · {room.room}')}"] if room else []
    fields += [f"device_choice={as_text(f'{device.name} · {device.device}')}"] if device else []
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
        cause = now.evidence.get("cause")
        fields += [f'state="{now.state.value}"', f'reason="{now.reason.value}"', f"since={now.since}i"]
        fields += [f"devices_on={now.devices_on}i", f"devices_reaching={now.devices_reaching}i"]
        fields += [f"cause={as_text(cause['layer'])}"] if cause else []
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


def _service_line(site: str, room: str, target: str, tries: _Tries, slice_start: int) -> str:
    fields = f"tried={tries.tried}i,reached={tries.reached}i,blind={tries.blind}i"
    if tries.answer_ms:
        fields += f",answer_ms={sum(tries.answer_ms) / len(tries.answer_ms):.2f}"
    return f"{series_key(ROOM_SERVICES, {'site': site, 'room': room, 'target': target})} {fields} {slice_start}"
