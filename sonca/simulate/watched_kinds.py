"""The kinds of devices that a simulated school has beside its PCs."""

from collections.abc import Mapping, Sequence

from inventory.asset import AssetKind
from inventory.school import Room
from sonca.simulate.chance import Chance
from sonca.simulate.watched import Watched, WatchedKind
from sonca.simulate.watched_access_point import ACCESS_POINT
from sonca.simulate.watched_printer import PRINTER
from sonca.simulate.watched_projector import PROJECTOR
from sonca.simulate.watched_router import ROUTER
from sonca.simulate.watched_switch import SWITCH
from sonca.simulate.watched_ups import UPS

KINDS: Mapping[AssetKind, WatchedKind] = {
    kind.kind: kind for kind in (PROJECTOR, PRINTER, ROUTER, SWITCH, ACCESS_POINT, UPS)
}


def watched_of(rooms: Sequence[Room], chance: Chance) -> list[Watched]:
    """Every watched device of these rooms, kind by kind."""
    return [
        Watched(name, kind.label, room.id, kind.kind, chance.named("watched", name))
        for kind in KINDS.values()
        for room in kind.places(rooms)
        for name in [f"{room.id}-{kind.slug}"]
    ]
