"""`sonca inventory match` and `decide`: which device is which asset, and why."""

from argparse import Namespace
from collections.abc import Iterator, Mapping

from contract.trouble import Trouble
from inventory.match import Match, MatchState
from inventory.match_evidence import reason_said
from inventory.register_links import Decision, Verdict
from inventory.saying import Language, Said, name_of
from sonca.inventory_door import Door, now_ms

_STATES: tuple[MatchState, ...] = ("linked", "waiting", "unregistered", "earlier", "not_ours")


def match(door: Door, options: Namespace) -> int:
    """Every device with its score and reasons; 1 when something waits for a person."""
    found = door.match()
    chosen = [entry for entry in found.matches if options.device in ("", entry.device)]
    if options.device and not chosen:
        raise Trouble(f"nothing was seen of a device {options.device!r}", "sonca inventory match shows all")
    for state in _STATES:
        of_state = [entry for entry in chosen if entry.state == state]
        if of_state:
            print(f"{name_of(state, door.language).upper()} ({len(of_state)})")
        for entry in of_state:
            print("\n".join(_lines(entry, door.language, door.rooms)))
    for clone in found.clones:
        said = Said("waits_clone", devices=clone.devices)
        print(f"! {said.sentence(door.language)} ({clone.kind} {clone.value})\n    → {said.hint(door.language)}")
    return 1 if found.of("waiting") or found.clones else 0


def _lines(entry: Match, language: Language, rooms: Mapping[str, str]) -> Iterator[str]:
    yield f"  {entry.device}" + (f" = {entry.tag}, {entry.score}" if entry.tag else "")
    for said in entry.reasons:
        yield f"    {reason_said(said, language, rooms)}" + (f" → {said.hint(language)}" if said.hint(language) else "")
    for option in entry.options if entry.state == "waiting" else ():
        yield f"    ? {option.tag}, {option.score}"
        yield from (f"        {reason_said(said, language, rooms)}" for said in option.reasons)


def decide(door: Door, options: Namespace) -> int:
    """Keeps what a person decided and matches anew."""
    tag = options.is_asset or options.is_not or ""
    verdict: Verdict = "same" if options.is_asset else "different" if options.is_not else "not_ours"
    door.register.links.decide(door.site, Decision(now_ms(), options.device, verdict, tag, door.who))
    return match(door, Namespace(device=options.device))
