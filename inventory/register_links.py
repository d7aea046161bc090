"""Which asset an observed device is, as the register remembers it, and what people decided about it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row, delete, insert, select

from contract.trouble import Trouble
from inventory.database import LINKING, Database, take_turns
from inventory.register_tables import ASSETS, DECISIONS, EVENTS, LINKS
from inventory.saying import Said

Verdict = Literal["same", "different", "not_ours"]
SONCA = "SonCa"  # who links by evidence


@dataclass(frozen=True)
class Decision:
    """What a person said: this device is (`same`) or is not (`different`) this asset, or none of the school's."""

    at: int
    device: str
    verdict: Verdict
    tag: str
    who: str


@dataclass(frozen=True)
class Link:
    """A device that is an asset, with the score of the evidence and its reasons."""

    device: str
    tag: str
    score: int
    reasons: tuple[Said, ...]
    since: int = 0


class Links:
    """Named operations on links and decisions; a part of Register."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, site: str) -> dict[str, Link]:
        """The links of a site by device."""
        with self._database.reading() as connection:
            return _links(connection, site)

    def of_device(self, site: str, device: str) -> Link | None:
        """The asset that one device is."""
        query = select(LINKS).where(LINKS.c.site == site, LINKS.c.device == device)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _link(row)

    def of_asset(self, site: str, tag: str) -> Link | None:
        """The device that one asset is."""
        query = select(LINKS).where(LINKS.c.site == site, LINKS.c.tag == tag)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else _link(row)

    def put(self, site: str, links: Sequence[Link], at: int) -> tuple[int, int]:
        """Replaces the links of a site; how many began and how many ended. Both go into the log of their assets."""
        with self._database.writing() as connection:
            take_turns(connection, LINKING)  # the collector and a person may do so at once
            known = _links(connection, site)
            wanted = {link.device: link for link in links}
            ended = [old for device, old in known.items() if device not in wanted or wanted[device].tag != old.tag]
            began = [new for device, new in wanted.items() if device not in known or known[device].tag != new.tag]
            rows = [_row(site, link, at if link in began else known[link.device].since) for link in wanted.values()]
            connection.execute(delete(LINKS).where(LINKS.c.site == site))
            if rows:
                connection.execute(insert(LINKS), rows)
            log = [_event(site, at, link, "unlinked") for link in ended]
            log += [_event(site, at, link, "linked") for link in began]
            if log:
                connection.execute(insert(EVENTS), log)
        return len(began), len(ended)

    def decisions(self, site: str) -> list[Decision]:
        """What people decided, the first one first."""
        query = select(DECISIONS).where(DECISIONS.c.site == site).order_by(DECISIONS.c.id)
        with self._database.reading() as connection:
            return [Decision(row.at, row.device, row.verdict, row.tag, row.who) for row in connection.execute(query)]

    def decide(self, site: str, decision: Decision) -> None:
        """Keeps what a person decided. Raises Trouble for an asset that does not exist."""
        assert decision.verdict in get_args(Verdict)
        with self._database.writing() as connection:
            wanted = select(ASSETS.c.tag).where(ASSETS.c.site == site, ASSETS.c.tag == decision.tag)
            if (decision.verdict != "not_ours") and connection.execute(wanted).first() is None:
                raise Trouble(f"there is no asset {decision.tag!r}", "sonca inventory list shows all")
            connection.execute(insert(DECISIONS).values(site=site, **vars(decision)))


def _links(connection: Connection, site: str) -> dict[str, Link]:
    rows = connection.execute(select(LINKS).where(LINKS.c.site == site).order_by(LINKS.c.device))
    return {row.device: _link(row) for row in rows}


def _link(row: Row[Any]) -> Link:
    return Link(row.device, row.tag, row.score, _said(row.reasons), row.since)


def _row(site: str, link: Link, since: int) -> dict[str, Any]:
    reasons = json.dumps([[said.word, said.values] for said in link.reasons], ensure_ascii=False)
    return {
        "site": site,
        "device": link.device,
        "tag": link.tag,
        "score": link.score,
        "reasons": reasons,
        "since": since,
    }


def _said(text: str) -> tuple[Said, ...]:
    entries: list[tuple[str, dict[str, Any]]] = json.loads(text)
    return tuple(
        Said(word, **{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})
        for word, values in entries
    )


def _event(site: str, at: int, link: Link, what: str) -> Mapping[str, Any]:
    device = json.dumps({"device": link.device}, ensure_ascii=False)
    decided = next((said.values["who"] for said in link.reasons if said.word == "because_decided"), SONCA)
    before, after = ("{}", device) if what == "linked" else (device, "{}")
    return {
        "at": at,
        "site": site,
        "tag": link.tag,
        "who": decided if what == "linked" else SONCA,
        "what": what,
        "before": before,
        "after": after,
        "document": "",
    }
