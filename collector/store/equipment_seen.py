"""What agents saw of a site's equipment, for its register: who is there, who was heard when, which device is which."""

from collections.abc import Iterable, Mapping

from collector.store.protocol import StoredMeasurement
from collector.store.state_protocol import AgentNow, Presence, RelationalState
from inventory.linking import renew_links
from inventory.match import Matching
from inventory.register import Register
from inventory.school import School
from inventory.stocktake import Heard

THERE = (Presence.ONLINE, Presence.LATE)


def present_agents(state: RelationalState, site: str) -> set[str]:
    """The agents that are there now. Raises StoreUnavailable."""
    return {agent.agent for agent in state.agents(site) if agent.presence in THERE}


def match_anew(state: RelationalState, register: Register, school: School, now: int) -> Matching:
    """Matches all devices of a school and writes the links. Raises StoreUnavailable."""
    site = school.site
    return renew_links(register, site, school, state.equipment_history(site), present_agents(state, site), now)


def last_heard(agents: Iterable[AgentNow], latest: Iterable[StoredMeasurement], school: School) -> Mapping[str, Heard]:
    """When each device was heard last: agents by their presence, polled ones by their newest measurement."""
    at = {agent.agent: agent.last_seen for agent in agents}
    for measured in latest:
        at[measured.device] = max(measured.taken_at, at.get(measured.device, 0))
    rooms = school.room_of
    return {device: Heard(last, rooms[device].id if device in rooms else "") for device, last in at.items()}
