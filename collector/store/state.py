"""The relational state over SQLAlchemy: SQLite by default, PostgreSQL by its URL.

Several processes open it at once: the collector writes, the API reads. Foreign errors become StoreUnavailable in
inventory/database.py.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, insert, select, union, update

from collector.store import state_neighbours
from collector.store.protocol import RoomReason, RoomState
from collector.store.state_neighbours import Neighbour
from collector.store.state_protocol import AgentNow, Change, Held, Presence, Refused, RoomNow
from collector.store.state_tables import AGENTS, CHANGES, EQUIPMENT, LEASES, REFUSED, REFUSED_COUNTS, ROOMS, VERSION
from contract.equipment import lasting
from contract.messages import EquipmentReport, decode, encode
from inventory.database import Database

KEPT_REFUSED = 1_000  # payloads a person can still read; the counts go on
MAX_KEPT_PAYLOAD = 4_096
_MIGRATIONS = Path(__file__).parent / "state_migrations"


class State:
    """Implements state_protocol.RelationalState. `open()` connects and brings the tables up to date."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._database = Database(url, _MIGRATIONS)

    def open(self) -> "State":
        """Connects and migrates; safe when several processes do it at once. Raises StoreUnavailable."""
        self._database.open()
        return self

    def close(self) -> None:
        self._database.close()

    def agents(self, site: str) -> list[AgentNow]:
        query = select(AGENTS).where(AGENTS.c.site == site).order_by(AGENTS.c.agent)
        return self._all(query, _agent)

    def rooms(self, site: str) -> list[RoomNow]:
        return self._all(select(ROOMS).where(ROOMS.c.site == site), _room)

    def sites(self) -> list[str]:
        query = union(select(AGENTS.c.site), select(ROOMS.c.site)).order_by("site")
        with self._database.reading() as connection:
            return [row.site for row in connection.execute(query)]

    def changes(
        self, site: str, since: int, until: int, *, subject: tuple[str, str] | None = None, limit: int = 200
    ) -> list[Change]:
        query = select(CHANGES).where(CHANGES.c.site == site, CHANGES.c.at >= since, CHANGES.c.at < until)
        if subject is not None:
            query = query.where(CHANGES.c.kind == subject[0], CHANGES.c.subject == subject[1])
        return self._all(query.order_by(CHANGES.c.id.desc()).limit(limit), _change)

    def refused(self, *, limit: int = 100) -> list[Refused]:
        """The newest refused payloads first."""
        return self._all(select(REFUSED).order_by(REFUSED.c.id.desc()).limit(limit), _refused)

    def refused_counts(self) -> dict[str, int]:
        with self._database.reading() as connection:
            return {row.reason: row.number for row in connection.execute(select(REFUSED_COUNTS))}

    def version(self) -> int:
        with self._database.reading() as connection:
            return int(connection.execute(select(VERSION.c.number)).scalar_one())

    def equipment(self, site: str, device: str) -> EquipmentReport | None:
        """The newest report about a device."""
        query = _newest_equipment(site, device)
        with self._database.reading() as connection:
            text = connection.execute(query).scalar()
        return None if text is None else decode(text.encode(), EquipmentReport)

    def all_equipment(self, site: str) -> list[EquipmentReport]:
        newest = select(func.max(EQUIPMENT.c.id)).where(EQUIPMENT.c.site == site).group_by(EQUIPMENT.c.device)
        query = select(EQUIPMENT.c.report).where(EQUIPMENT.c.id.in_(newest)).order_by(EQUIPMENT.c.device)
        return self._all(query, lambda row: decode(row.report.encode(), EquipmentReport))

    def neighbours(self, site: str) -> list[Neighbour]:
        return self._all(state_neighbours.of_site(site), state_neighbours.neighbour)

    def unreported_neighbours(self, seen_until: int) -> list[Neighbour]:
        return self._all(state_neighbours.unreported(seen_until), state_neighbours.neighbour)

    def equipment_history(self, site: str) -> list[EquipmentReport]:
        query = select(EQUIPMENT.c.report, EQUIPMENT.c.received_at).where(EQUIPMENT.c.site == site)
        return self._all(query.order_by(EQUIPMENT.c.id), _received)

    def put_agents(self, agents: Sequence[AgentNow]) -> None:
        if not agents:
            return
        with self._database.writing() as connection:
            sites = {agent.site for agent in agents}
            known = {
                (row.site, row.agent): row.presence
                for row in connection.execute(
                    select(AGENTS.c.site, AGENTS.c.agent, AGENTS.c.presence).where(AGENTS.c.site.in_(sites))
                )
            }
            new = [_agent_row(agent) for agent in agents if (agent.site, agent.agent) not in known]
            old = [_agent_row(agent) for agent in agents if (agent.site, agent.agent) in known]
            if new:
                connection.execute(insert(AGENTS), new)
            if old:
                connection.execute(
                    _UPDATE_AGENT, [{f"new_{name}": value for name, value in row.items()} for row in old]
                )
            changes = [
                Change(agent.since, agent.site, "agent", agent.agent, before, agent.presence.value, agent.reason)
                for agent in agents
                if (before := known.get((agent.site, agent.agent), "")) != agent.presence
            ]
            if changes:
                _note_changes(connection, changes)

    def put_rooms(self, rooms: Sequence[RoomNow]) -> None:
        if not rooms:
            return
        with self._database.writing() as connection:
            changes = [change for room in rooms if (change := _put_room(connection, room)) is not None]
            if changes:
                _note_changes(connection, changes)

    def refuse(self, entries: Sequence[Refused]) -> None:
        if not entries:
            return
        with self._database.writing() as connection:
            connection.execute(insert(REFUSED), [_refused_row(entry) for entry in entries])
            newest = connection.execute(select(func.max(REFUSED.c.id))).scalar_one()
            connection.execute(delete(REFUSED).where(REFUSED.c.id <= newest - KEPT_REFUSED))
            for reason in sorted({entry.reason for entry in entries}):
                _count(connection, reason, sum(entry.reason == reason for entry in entries))

    def put_equipment(self, site: str, report: EquipmentReport, received_at: int | None = None) -> bool:
        with self._database.writing() as connection:
            newest = connection.execute(_newest_equipment(site, report.device)).first()
            known = None if newest is None else decode(newest.report.encode(), EquipmentReport)
            if newest is not None and known is not None and _is_same(known, report):
                if known.content != report.content:  # a PC says all of it at each start: free space is no history
                    renewed = update(EQUIPMENT).where(EQUIPMENT.c.id == newest.id)
                    connection.execute(renewed.values(report=encode(report).decode(), taken_at=report.taken_at))
                    _grow_version(connection)
                return False
            row = {
                "site": site,
                "device": report.device,
                "agent": report.agent,
                "taken_at": report.taken_at,
                "report": encode(report).decode(),
                "received_at": report.taken_at if received_at is None else received_at,
            }
            connection.execute(insert(EQUIPMENT).values(row))
            _grow_version(connection)
            return True

    def put_neighbours(self, seen: Sequence[Neighbour]) -> None:
        if not seen:
            return
        with self._database.writing() as connection:
            if state_neighbours.put(connection, seen):
                _grow_version(connection)

    def report_neighbours(self, site: str, macs: Sequence[str]) -> set[str]:
        with self._database.writing() as connection:
            return state_neighbours.report(connection, site, macs)

    def forget_neighbours(self, before: int) -> int:
        with self._database.writing() as connection:
            forgotten = state_neighbours.forget(connection, before)
            if forgotten:
                _grow_version(connection)
            return forgotten

    def move_lease(self, site: str, move: Callable[[Held | None], Held | None]) -> Held | None:
        with self._database.writing() as connection:
            where = LEASES.c.site == site
            row = connection.execute(select(LEASES).where(where).with_for_update()).first()
            before = None if row is None else Held(row.agent, row.lease, row.until)
            held = move(before)
            if held != before:
                connection.execute(delete(LEASES).where(where))
                if held is not None:
                    values = {"agent": held.agent, "lease": held.lease, "until": held.until}
                    connection.execute(insert(LEASES).values(site=site, **values))
            return held

    def _all(self, query: Select[Any], make: Callable[[Row[Any]], Any]) -> list[Any]:
        with self._database.reading() as connection:
            return [make(row) for row in connection.execute(query)]


def _put_room(connection: Connection, room: RoomNow) -> Change | None:
    where = (ROOMS.c.site == room.site, ROOMS.c.room == room.room)
    old = connection.execute(select(ROOMS.c.state, ROOMS.c.since).where(*where).with_for_update()).first()
    values = {
        "state": room.state,
        "reason": room.reason,
        "since": old.since if old is not None and old.state == room.state else room.since,
        "checked_at": room.checked_at,
        "devices_on": room.devices_on,
        "devices_reaching": room.devices_reaching,
        "evidence": json.dumps(room.evidence, ensure_ascii=False, sort_keys=True),
    }
    if old is None:
        connection.execute(insert(ROOMS).values(site=room.site, room=room.room, **values))
    else:
        connection.execute(update(ROOMS).where(*where).values(values))
    if old is not None and old.state == room.state:
        return None
    before = "" if old is None else old.state
    return Change(room.since, room.site, "room", room.room, before, room.state.value, room.reason.value)


def _note_changes(connection: Connection, changes: Sequence[Change]) -> None:
    names = ("at", "site", "kind", "subject", "old", "new", "reason")
    connection.execute(insert(CHANGES), [{name: getattr(change, name) for name in names} for change in changes])
    _grow_version(connection)


def _grow_version(connection: Connection) -> None:
    connection.execute(update(VERSION).values(number=VERSION.c.number + 1))


def _count(connection: Connection, reason: str, number: int) -> None:
    where = REFUSED_COUNTS.c.reason == reason
    grown = update(REFUSED_COUNTS).where(where).values(number=REFUSED_COUNTS.c.number + number)
    if connection.execute(grown).rowcount == 0:
        connection.execute(insert(REFUSED_COUNTS).values(reason=reason, number=number))


def _newest_equipment(site: str, device: str) -> Select[Any]:
    where = (EQUIPMENT.c.site == site, EQUIPMENT.c.device == device)
    return select(EQUIPMENT.c.report, EQUIPMENT.c.id).where(*where).order_by(EQUIPMENT.c.id.desc()).limit(1)


def _agent_row(agent: AgentNow) -> dict[str, Any]:
    return {
        "site": agent.site,
        "agent": agent.agent,
        "presence": agent.presence.value,
        "since": agent.since,
        "last_seen": agent.last_seen,
        "boot": agent.boot,
        "reason": agent.reason,
        "software": agent.software,
        "report_seconds": agent.report_seconds,
    }


_UPDATE_AGENT = (
    update(AGENTS)
    .where(AGENTS.c.site == bindparam("new_site"), AGENTS.c.agent == bindparam("new_agent"))
    .values({column.name: bindparam(f"new_{column.name}") for column in AGENTS.columns if not column.primary_key})
)


def _refused_row(entry: Refused) -> dict[str, Any]:
    return {
        "at": entry.at,
        "topic": entry.topic[:500],
        "reason": entry.reason,
        "detail": entry.detail[:500],
        "payload": entry.payload[:MAX_KEPT_PAYLOAD],
    }


def _agent(row: Row[Any]) -> AgentNow:
    return AgentNow(
        row.site,
        row.agent,
        Presence(row.presence),
        row.since,
        row.last_seen,
        row.boot,
        row.reason,
        row.software,
        row.report_seconds,
    )


def _room(row: Row[Any]) -> RoomNow:
    return RoomNow(
        row.site,
        row.room,
        RoomState(row.state),
        RoomReason(row.reason),
        row.since,
        row.checked_at,
        row.devices_on,
        row.devices_reaching,
        json.loads(row.evidence),
    )


def _change(row: Row[Any]) -> Change:
    return Change(row.at, row.site, row.kind, row.subject, row.old, row.new, row.reason)


def _is_same(known: EquipmentReport, report: EquipmentReport) -> bool:
    return (lasting(known.content), known.kind, known.junk) == (lasting(report.content), report.kind, report.junk)


def _received(row: Row[Any]) -> EquipmentReport:
    return replace(decode(row.report.encode(), EquipmentReport), taken_at=row.received_at)


def _refused(row: Row[Any]) -> Refused:
    return Refused(row.at, row.topic, row.reason, row.detail, row.payload)
