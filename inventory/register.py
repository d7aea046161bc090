"""The equipment register: assets, the rooms they stood in, and a log of everything that happened to them.

It lives in the relational state's database, SQLite or PostgreSQL. What agents saw is not in it: it is joined by links
(register_links.py), and counted in stocktakes (register_stocktakes.py). Times are the server's, in UTC milliseconds.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update

from contract.trouble import Trouble
from inventory.asset import NOT_YET, Asset
from inventory.asset_rules import refusals
from inventory.database import Database
from inventory.register_links import Links
from inventory.register_stocktakes import Stocktakes
from inventory.register_tables import ASSETS, EVENTS, STAYS
from inventory.saying import Language

_MIGRATIONS = Path(__file__).parent / "register_migrations"
FEW = 200  # more tags are not asked for one by one
FIELDS = tuple(field.name for field in fields(Asset))


@dataclass(frozen=True)
class Act:
    """Who changes the register, when, and by which document, where there is one."""

    who: str
    at: int
    document: str = ""


@dataclass(frozen=True)
class Event:
    """One entry of the log. `before` and `after` hold only the fields that differ, dates as YYYY-MM-DD.

    `what`: registered, moved (another room), status, changed; linked, unlinked (a device, see register_links.py).
    """

    at: int
    tag: str
    who: str
    what: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    document: str = ""


@dataclass(frozen=True)
class Stay:
    """A room where an asset was; `until` is None for where it is now."""

    room: str
    since: int
    until: int | None


class NotAllowed(Trouble):
    """The register does not take what was to be written, or somebody else changed it meanwhile."""


class Register:
    """Named operations on the assets of each site. `open()` connects and brings the tables up to date."""

    def __init__(self, url: str, language: Language = "en") -> None:
        self._database = Database(url, _MIGRATIONS)
        self._language = language
        self.links = Links(self._database)
        self.stocktakes = Stocktakes(self._database)

    def open(self) -> "Register":
        """Connects and migrates; safe when several processes do it at once. Raises StoreUnavailable."""
        self._database.open()
        return self

    def close(self) -> None:
        self._database.close()

    def assets(self, site: str) -> list[Asset]:
        """All assets by their tags, those that left the books too."""
        with self._database.reading() as connection:
            return _assets(connection, site)

    def asset(self, site: str, tag: str) -> Asset | None:
        query = select(ASSETS).where(ASSETS.c.site == site, ASSETS.c.tag == tag)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _asset(row)

    def events(self, site: str, tag: str = "", *, limit: int = 200) -> list[Event]:
        """The newest first, of one asset or of all."""
        query = select(EVENTS).where(EVENTS.c.site == site).order_by(EVENTS.c.id.desc()).limit(limit)
        if tag:
            query = query.where(EVENTS.c.tag == tag)
        with self._database.reading() as connection:
            return [_event(row) for row in connection.execute(query)]

    def changed_since(self, number: int) -> tuple[int, set[str]]:
        """The number of the newest entry of the log, and the sites of those behind `number`."""
        query = select(EVENTS.c.site, func.max(EVENTS.c.id)).where(EVENTS.c.id > number).group_by(EVENTS.c.site)
        with self._database.reading() as connection:
            newest: dict[str, int] = {row[0]: row[1] for row in connection.execute(query)}
        return max(newest.values(), default=number), set(newest)

    def once_planned(self, site: str) -> set[str]:
        """The tags of those that were planned or ordered before they came."""
        # A quote within a text is written \", so only the field itself looks so.
        before = [EVENTS.c.before.contains(f'"status": "{status}"') for status in sorted(NOT_YET)]
        query = select(EVENTS.c.tag).where(EVENTS.c.site == site, or_(*before)).distinct()
        with self._database.reading() as connection:
            return set(connection.scalars(query))

    def stays(self, site: str, tag: str) -> list[Stay]:
        """The rooms an asset was in, the first one first."""
        query = select(STAYS).where(STAYS.c.site == site, STAYS.c.tag == tag).order_by(STAYS.c.id)
        with self._database.reading() as connection:
            return [Stay(row.room, row.since, row.until) for row in connection.execute(query)]

    def save(
        self, site: str, assets: Sequence[Asset], act: Act, *, as_read: Mapping[str, Asset] | None = None
    ) -> list[Event]:
        """Writes assets, all or none, and what happened into the log; those that do not differ are left alone.

        `as_read`: the assets as the caller saw them, by tag; when one has changed since, nothing is written.
        Raises NotAllowed and StoreUnavailable.
        """
        with self._database.writing() as connection:
            known = _known(connection, site, [asset.tag for asset in assets])
            for asset in assets:
                if as_read is not None and as_read.get(asset.tag) != known.get(asset.tag):
                    raise NotAllowed(f"{asset.tag} was changed meanwhile", "look at it again, then repeat your change")
                self._check(asset, known.get(asset.tag), act)
            changed = [asset for asset in assets if known.get(asset.tag) != asset]
            events = [event_of(known.get(asset.tag), asset, act) for asset in changed]
            _write(connection, site, known, changed)
            _write_stays(connection, site, known, changed, act.at)
            write_events(connection, site, events)
        return events

    def _check(self, asset: Asset, before: Asset | None, act: Act) -> None:
        # The latest day that it is anywhere: of which school's day the writer thought is not known here.
        today = datetime.fromtimestamp(act.at / 1000, timezone(timedelta(hours=14))).date()
        for refusal in refusals(asset, before, today):
            said = refusal.said
            raise NotAllowed(f"{asset.tag}: {said.sentence(self._language)}", said.hint(self._language))


def event_of(before: Asset | None, after: Asset, act: Act) -> Event:
    """What happened between two states of one asset."""
    names = [name for name in FIELDS if before is None or getattr(before, name) != getattr(after, name)]
    old = {} if before is None else {name: _plain(getattr(before, name)) for name in names}
    new = {name: _plain(getattr(after, name)) for name in names if before is not None or getattr(after, name)}
    if before is None:
        what = "registered"
    elif names == ["room"]:
        what = "moved"
    else:
        what = "status" if "status" in names else "changed"
    return Event(act.at, after.tag, act.who, what, old, new, act.document)


def write_events(connection: Connection, site: str, events: Sequence[Event]) -> None:
    """Appends to the log."""
    rows = [
        {
            "at": event.at,
            "site": site,
            "tag": event.tag,
            "who": event.who,
            "what": event.what,
            "before": _json(event.before),
            "after": _json(event.after),
            "document": event.document,
        }
        for event in events
    ]
    if rows:
        connection.execute(insert(EVENTS), rows)


_UPDATE = (
    update(ASSETS)
    .where(ASSETS.c.site == bindparam("of_site"), ASSETS.c.tag == bindparam("of_tag"))
    .values({name: bindparam(f"new_{name}") for name in FIELDS if name != "tag"})
)
_END_STAY = (
    update(STAYS)
    .where(STAYS.c.site == bindparam("of_site"), STAYS.c.tag == bindparam("of_tag"), STAYS.c.until.is_(None))
    .values(until=bindparam("ended"))
)


def _write(connection: Connection, site: str, known: Mapping[str, Asset], assets: Sequence[Asset]) -> None:
    new = [{"site": site, **vars(asset)} for asset in assets if asset.tag not in known]
    old = [
        {"of_site": site, "of_tag": asset.tag}
        | {f"new_{name}": value for name, value in vars(asset).items() if name != "tag"}
        for asset in assets
        if asset.tag in known
    ]
    if new:
        connection.execute(insert(ASSETS), new)
    if old:
        connection.execute(_UPDATE, old)


def _write_stays(
    connection: Connection, site: str, known: Mapping[str, Asset], assets: Sequence[Asset], at: int
) -> None:
    moved = [asset for asset in assets if asset.tag in known and known[asset.tag].room != asset.room]
    arrived = [asset for asset in assets if asset.room and (asset.tag not in known or asset in moved)]
    if moved:
        connection.execute(_END_STAY, [{"of_site": site, "of_tag": asset.tag, "ended": at} for asset in moved])
    if arrived:
        rows = [{"site": site, "tag": asset.tag, "room": asset.room, "since": at, "until": None} for asset in arrived]
        connection.execute(insert(STAYS), rows)


def _assets(connection: Connection, site: str) -> list[Asset]:
    query = select(ASSETS).where(ASSETS.c.site == site).order_by(ASSETS.c.tag)
    return [_asset(row) for row in connection.execute(query)]


def _known(connection: Connection, site: str, tags: Sequence[str]) -> dict[str, Asset]:
    """The assets that are about to be written, held so that nobody else writes them meanwhile."""
    query = select(ASSETS).where(ASSETS.c.site == site).with_for_update()
    if len(tags) <= FEW:
        query = query.where(ASSETS.c.tag.in_(tags))
    return {row.tag: _asset(row) for row in connection.execute(query)}


def _asset(row: Row[Any]) -> Asset:
    return Asset(**{name: getattr(row, name) for name in FIELDS})


def _event(row: Row[Any]) -> Event:
    before, after = json.loads(row.before), json.loads(row.after)
    return Event(row.at, row.tag, row.who, row.what, before, after, row.document)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True)
