"""Which observed device is which asset: a pure function of what is registered, what was seen and what people decided.

Strong evidence links by itself. What is weak, contradicts itself or fits several waits for a person. The same reports
in another order give the same answer. docs/register.md says in a table what that means when a card is swapped, a PC
re-imaged, cloned or moved.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Literal

from contract.messages import EquipmentReport
from inventory.asset import Asset
from inventory.identity import Identity, alike, identity_of, spelled
from inventory.match_evidence import STRONG, WEAK, Evidence, Known, evidence
from inventory.register_links import Decision
from inventory.saying import Said

# earlier: another device is this asset now, this was its name before. unregistered: no asset fits.
MatchState = Literal["linked", "waiting", "unregistered", "not_ours", "earlier"]
DECIDED = 100  # the score of what a person said


@dataclass(frozen=True)
class Match:
    """What one device is. `tag` only when it is linked; `options` are the assets that it could be, the best first."""

    device: str
    state: MatchState
    tag: str = ""
    score: int = 0
    reasons: tuple[Said, ...] = ()
    options: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Clone:
    """Agents that are there at the same time and show one identity: a disk that was copied with its numbers."""

    kind: str
    value: str
    devices: tuple[str, ...]


@dataclass(frozen=True)
class Matching:
    """Every device by its name, and the clones among them."""

    matches: tuple[Match, ...]
    clones: tuple[Clone, ...]

    def of(self, state: MatchState) -> tuple[Match, ...]:
        return tuple(match for match in self.matches if match.state == state)


def match(
    assets: Iterable[Asset],
    reports: Iterable[EquipmentReport],
    decisions: Sequence[Decision] = (),
    rooms: Mapping[str, str] | None = None,
    live: Iterable[str] = (),
) -> Matching:
    """`rooms`: device -> room of the school file. `live`: the agents that are there now. `decisions`: oldest first.

    The reports' `taken_at` must be of the clock that the decisions are of: the server's.
    """
    seen = sorted({identity_of(report) for report in reports})
    inputs = _Inputs(seen, {asset.tag: asset for asset in assets if asset.owned}, rooms or {}, frozenset(live))
    inputs.hear(decisions)
    inputs.learn()
    matches = {device: _judge(inputs, device) for device in sorted(inputs.newest)}
    rivals = defaultdict(list)
    for found in matches.values():
        if found.tag:
            rivals[found.tag].append(found)
    for tag, claiming in rivals.items():
        matches |= _settled(inputs, tag, claiming)
    return Matching(tuple(matches.values()), _clones(inputs))


@dataclass
class _Inputs:
    """What is known before a device is judged."""

    seen: list[Identity]
    assets: dict[str, Asset]
    rooms: Mapping[str, str]
    live: frozenset[str]
    known: dict[str, Known] = field(default_factory=lambda: defaultdict(Known))
    decided: dict[str, Decision] = field(default_factory=dict)  # device -> what it is
    strangers: set[str] = field(default_factory=set)
    excluded: set[tuple[str, str]] = field(default_factory=set)
    candidates: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        self.newest = {identity.device: identity for identity in self.seen}  # they are in order of time
        self.shared = _shared(self.newest.values())

    def hear(self, decisions: Sequence[Decision]) -> None:
        """The newest word about a device, and about an asset, counts."""
        for decision in decisions:
            self.strangers.discard(decision.device)
            if decision.verdict == "different":
                self.excluded.add((decision.device, decision.tag))
                if self.decided.get(decision.device, decision).tag == decision.tag:
                    self.decided.pop(decision.device, None)
                continue
            self.decided = {
                device: earlier
                for device, earlier in self.decided.items()
                if device != decision.device and earlier.tag != decision.tag
            }
            if decision.verdict == "not_ours":
                self.strangers.add(decision.device)
            elif decision.tag in self.assets:
                self.excluded.discard((decision.device, decision.tag))
                self.decided[decision.device] = decision

    def learn(self) -> None:
        """From reports with an asset's own serial, and from those that belong to what a person decided."""
        owners = defaultdict(list)
        for asset in self.assets.values():
            owners[spelled(asset.serial)].append(asset.tag)
        for identity in self.seen:
            tags = owners[identity.serial] if identity.serial else []
            if len(tags) == 1 and (identity.device, tags[0]) not in self.excluded:
                self.known[tags[0]].reports.add(identity)
        for device, of_device in groupby(sorted(self.seen, key=_device), key=_device):
            if device in self.decided:
                self._learn_decided(list(of_device), self.decided[device])
        for tag, asset in self.assets.items():
            for key in _keys_of(asset, self.known[tag]):
                self.candidates[key].add(tag)

    def _learn_decided(self, of_device: list[Identity], decision: Decision) -> None:
        """The report that the person saw, then each later one that still has a part of what was known."""
        before = [identity for identity in of_device if identity.taken_at <= decision.at]
        known = self.known[decision.tag]
        known.reports.add(before[-1] if before else of_device[0])
        for identity in of_device[len(before) :]:
            if identity.hardware & known.hardware() or not identity.hardware:
                known.reports.add(identity)

    def options(self, seen: Identity) -> tuple[Evidence, ...]:
        """The assets that it could be, the best first."""
        room = self.rooms.get(seen.device, "")
        keys = [*seen.hardware, ("label", seen.label), ("alike", alike(seen.serial)), ("device", seen.device)]
        tags = {tag for key in [*keys, ("serial", seen.board), ("room", room)] for tag in self.candidates.get(key, ())}
        found = [
            evidence(self.assets[tag], self.known[tag], seen, room, self.shared)
            for tag in tags
            if (seen.device, tag) not in self.excluded
        ]
        worth = [entry for entry in found if entry.score >= WEAK]
        return tuple(sorted(worth, key=lambda entry: (-entry.score, entry.tag))[:5])


def _device(identity: Identity) -> str:
    return identity.device


def _keys_of(asset: Asset, known: Known) -> set[tuple[str, str]]:
    """By any one of which a device comes into question; the rest of the evidence is only looked at then."""
    written = spelled(asset.serial)
    own = {("label", spelled(asset.tag)), ("serial", written), ("alike", alike(written)), ("room", asset.room)}
    return {key for key in own if key[1]} | known.hardware() | {("device", device) for device in known.devices()}


def _judge(inputs: _Inputs, device: str) -> Match:
    """What the device is, as far as it alone tells."""
    if device in inputs.strangers:
        return Match(device, "not_ours")
    seen = inputs.newest[device]
    decision = inputs.decided.get(device)
    if decision is not None:
        return _by_decision(inputs, seen, decision)
    options = inputs.options(seen)
    if not options:
        return Match(device, "unregistered")
    best, others = options[0], options[1:]
    if best.score < STRONG:
        return Match(device, "waiting", score=best.score, reasons=(Said("waits_weak", needed=STRONG),), options=options)
    if best.conflict:
        return Match(device, "waiting", score=best.score, reasons=(Said("waits_conflict"),), options=options)
    if others and others[0].score >= STRONG:
        tags = tuple(entry.tag for entry in options if entry.score >= STRONG)
        return Match(device, "waiting", score=best.score, reasons=(Said("waits_several", tags=tags),), options=options)
    return Match(device, "linked", best.tag, best.score, best.reasons, options)


def _by_decision(inputs: _Inputs, seen: Identity, decision: Decision) -> Match:
    known = inputs.known[decision.tag]
    reason = Said("because_decided", who=decision.who)
    if seen not in known.reports:
        options = inputs.options(seen)
        return Match(seen.device, "waiting", reasons=(Said("waits_replaced", who=decision.who),), options=options)
    proof = evidence(inputs.assets[decision.tag], known, seen, inputs.rooms.get(seen.device, ""), inputs.shared)
    return Match(seen.device, "linked", decision.tag, DECIDED, (reason, *proof.reasons), (proof,))


def _settled(inputs: _Inputs, tag: str, rivals: Sequence[Match]) -> dict[str, Match]:
    """One asset is one device: what a person said goes first, then the one that is there now, then the newest."""
    if len(rivals) < 2:
        return {}
    chosen = _chosen(inputs, [found.device for found in rivals])
    return {found.device: _beside(inputs, tag, found, chosen, rivals) for found in rivals if found.device != chosen}


def _beside(inputs: _Inputs, tag: str, found: Match, chosen: str | None, rivals: Sequence[Match]) -> Match:
    """What a device is that an asset could be, while the asset is `chosen`, or while nobody knows which it is."""
    state: MatchState = "waiting"
    if chosen is None:
        said = Said("waits_clone", devices=tuple(rival.device for rival in rivals))
    elif found.device in inputs.live:
        said = Said("waits_taken", tag=tag, device=chosen)
    else:
        state, said = "earlier", Said("is_earlier", tag=tag, device=chosen)
    return replace(found, state=state, tag="", reasons=(said,))


def _chosen(inputs: _Inputs, devices: Sequence[str]) -> str | None:
    decided = [device for device in devices if device in inputs.decided]
    live = [device for device in devices if device in inputs.live]
    if decided or live:
        return (decided or live)[0] if len(decided or live) == 1 else None
    latest = max(inputs.newest[device].taken_at for device in devices)
    newest = [device for device in devices if inputs.newest[device].taken_at == latest]
    return newest[0] if len(newest) == 1 else None


def _shared(newest: Iterable[Identity]) -> frozenset[tuple[str, str]]:
    """Identifiers on devices whose serials differ: a maker's copy, or an adapter that is carried around."""
    serials = defaultdict(set)
    for identity in newest:
        for entry in identity.hardware:
            serials[entry].add(identity.serial)
    return frozenset(entry for entry, found in serials.items() if entry[0] != "serial" and len(found - {""}) > 1)


def _clones(inputs: _Inputs) -> tuple[Clone, ...]:
    """Agents that are there now and show one serial, UUID or address, and differ in none of the others."""
    showing = defaultdict(list)
    for device, identity in sorted(inputs.newest.items()):
        if device in inputs.live and identity.by_its_own_agent:
            for entry in sorted(identity.hardware - inputs.shared):
                if entry[0] in ("serial", "uuid", "mac"):
                    showing[entry].append(identity)
    groups: dict[tuple[str, ...], Clone] = {}
    for (kind, value), identities in sorted(showing.items(), key=lambda entry: _CLONE_ORDER.index(entry[0][0])):
        devices = tuple(identity.device for identity in identities)
        if len(devices) > 1 and len({identity.serial for identity in identities} - {""}) < 2:
            groups.setdefault(devices, Clone(kind, value, devices))
    return tuple(groups[devices] for devices in sorted(groups))


_CLONE_ORDER = ("serial", "uuid", "mac")
