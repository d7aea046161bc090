"""What a stocktake comes to: what was found, is missing, stands elsewhere, or was not expected at all. Pure.

A session begins with what agents saw: an asset whose device spoke lately needs no person to look at it. People scan
the labels of the rest. The newest sighting of an asset counts, and a person's goes before an agent's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from inventory.asset import Asset
from inventory.register_links import Link
from inventory.register_stocktakes import AGENT, NOT_THERE, Sighting

Finding = Literal["found", "moved", "missing", "unexpected"]
SEEN_WITHIN_MS = 14 * 24 * 3_600_000  # a device that spoke in the last two weeks is there


@dataclass(frozen=True)
class Heard:
    """When a device was heard last (UTC ms), and the room in which the school file has it."""

    at: int
    room: str


@dataclass(frozen=True)
class Line:
    """One asset of a stocktake. `asset` is None for a label that the register does not know.

    unexpected: seen, though it is not registered, or was written off. moved: seen in another room than registered.
    """

    tag: str
    finding: Finding
    asset: Asset | None
    sighting: Sighting | None


def sightings_by_agents(links: Mapping[str, Link], heard: Mapping[str, Heard], now: int) -> list[Sighting]:
    """What the network saw by itself: linked devices that were heard lately."""
    return [
        Sighting(link.tag, heard[device].room, heard[device].at, AGENT)
        for device, link in sorted(links.items())
        if device in heard and heard[device].at > now - SEEN_WITHIN_MS
    ]


def findings(assets: Iterable[Asset], sightings: Sequence[Sighting]) -> list[Line]:
    """Every asset that should be there, and everything that was seen, by its tag."""
    seen = _newest(sightings)
    registered = {asset.tag: asset for asset in assets}
    expected = {tag for tag, asset in registered.items() if asset.owned}
    there = {tag for tag, sighting in seen.items() if sighting.room != NOT_THERE}
    return [_line(tag, registered.get(tag), seen.get(tag)) for tag in sorted(expected | there)]


def _newest(sightings: Sequence[Sighting]) -> dict[str, Sighting]:
    """The one that counts for each tag; sightings are in the order in which they were written down."""
    order = sorted(enumerate(sightings), key=lambda entry: (entry[1].by != AGENT, entry[0]))
    return {sighting.tag: sighting for _, sighting in order}


def _line(tag: str, asset: Asset | None, sighting: Sighting | None) -> Line:
    return Line(tag, _finding(asset, sighting), asset, sighting)


def _finding(asset: Asset | None, sighting: Sighting | None) -> Finding:
    if sighting is None or sighting.room == NOT_THERE:
        return "missing"
    if asset is None or not asset.owned:
        return "unexpected"
    if sighting.room and sighting.room != asset.room:
        return "moved"
    return "found"
