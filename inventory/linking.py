"""Keeps the register's links true to what was seen and decided."""

from collections.abc import Iterable

from contract.messages import EquipmentReport
from inventory.match import Matching, match
from inventory.register import Register
from inventory.register_links import Link
from inventory.school import School


def renew_links(
    register: Register,
    site: str,
    school: School | None,
    reports: Iterable[EquipmentReport],
    live: Iterable[str],
    at: int,
) -> Matching:
    """Matches all devices of a site anew and writes the links. `live`: the agents that are there now."""
    rooms = {} if school is None else {device: room.id for device, room in school.room_of.items()}
    matching = match(register.assets(site), reports, register.links.decisions(site), rooms, live)
    links = [Link(found.device, found.tag, found.score, found.reasons) for found in matching.of("linked")]
    register.links.put(site, links, at)
    return matching
