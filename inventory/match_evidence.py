"""How much speaks for a device being an asset, each point with its reason.

What an asset is known by comes from the register (serial, model, room), and from the reports of which it is certain
that they were about it: hardware address, firmware UUID and disks are never typed in by a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from inventory.asset import Asset
from inventory.identity import Identity, alike, spelled
from inventory.saying import Language, Said

# What each kind of evidence counts. A disk is where an agent lives, so the two together count as one.
POINTS: Mapping[str, int] = {
    "serial": 60,
    "label": 60,
    "serial_alike": 40,
    "board": 40,
    "uuid": 35,
    "mac": 20,
    "second_mac": 10,
    "disk": 20,
    "agent": 15,
    "model": 10,
    "room": 10,
    "manufacturer": 5,
    "kind": 5,
    "serial_differs": -50,
    "kind_differs": -20,
}
STRONG = 60  # links by itself
WEAK = 25  # less is no evidence at all: half the PCs of a school are of one model


@dataclass
class Known:
    """The reports that were about an asset beyond doubt."""

    reports: set[Identity] = field(default_factory=set)

    def hardware(self, besides: Identity | None = None) -> frozenset[tuple[str, str]]:
        """What it was seen with, `besides` one report: none proves itself."""
        return frozenset(entry for report in self.reports if report != besides for entry in report.hardware)

    def devices(self, besides: Identity | None = None) -> frozenset[str]:
        """The names under which it was seen."""
        return frozenset(report.device for report in self.reports if report != besides)


@dataclass(frozen=True)
class Evidence:
    """What speaks for and against one pair; `conflict` when something speaks against it."""

    tag: str
    score: int
    reasons: tuple[Said, ...]
    conflict: bool


def evidence(
    asset: Asset, known: Known, seen: Identity, room: str, shared: frozenset[tuple[str, str]] = frozenset()
) -> Evidence:
    """Of `seen`, a device in `room` by the school file, being `asset`. What is `shared` with others counts nothing."""
    found = [*_registered(asset, seen), *_learned(known, seen, shared), *_circumstances(asset, seen, room)]
    reasons = tuple(
        Said(f"because_{kind}", points=POINTS[kind], **{"kind" if kind.startswith("kind") else "value": value})
        for kind, value in found
    )
    score = max(0, min(100, sum(POINTS[kind] for kind, _ in found)))
    return Evidence(asset.tag, score, reasons, any(POINTS[kind] < 0 for kind, _ in found))


def reason_said(said: Said, language: Language, rooms: Mapping[str, str]) -> str:
    """A reason as people read it. `rooms`: names by id; evidence is kept with the id, since names change."""
    named = said.word == "because_room" and rooms.get(said.values["value"])
    return (Said(said.word, **{**said.values, "value": named}) if named else said).sentence(language)


def _registered(asset: Asset, seen: Identity) -> list[tuple[str, str]]:
    found = [("label", asset.tag)] if seen.label == spelled(asset.tag) else []
    written = spelled(asset.serial)
    if not written:
        return found
    if written == seen.serial:
        return [*found, ("serial", asset.serial)]
    if written == seen.board:
        return [*found, ("board", asset.serial)]
    if seen.serial and alike(written) == alike(seen.serial):
        return [*found, ("serial_alike", f"{asset.serial} ~ {seen.serial}")]
    return [*found, ("serial_differs", f"{asset.serial} ≠ {seen.serial}")] if seen.serial else found


def _learned(known: Known, seen: Identity, shared: frozenset[tuple[str, str]]) -> list[tuple[str, str]]:
    common = sorted((seen.hardware & known.hardware(seen)) - shared)
    of_kind = {kind: [value for name, value in common if name == kind] for kind in ("uuid", "mac", "disk")}
    found = [(kind, values[0]) for kind, values in of_kind.items() if values]
    if len(of_kind["mac"]) > 1:
        found.append(("second_mac", of_kind["mac"][1]))
    if seen.device in known.devices(seen) and not of_kind["disk"]:
        found.append(("agent", seen.device))
    return found


def _circumstances(asset: Asset, seen: Identity, room: str) -> list[tuple[str, str]]:
    found = []
    if asset.model and spelled(asset.model) == seen.model:
        found.append(("model", asset.model))
    if asset.manufacturer and spelled(asset.manufacturer) in (seen.manufacturer, seen.manufacturer.split(" ")[0]):
        found.append(("manufacturer", asset.manufacturer))
    if asset.room and asset.room == room:
        found.append(("room", room))
    if asset.kind == seen.kind:
        found.append(("kind", asset.kind))
    elif "other" not in (asset.kind, seen.kind) and {asset.kind, seen.kind} != {"computer", "laptop"}:
        found.append(("kind_differs", asset.kind))
    return found
