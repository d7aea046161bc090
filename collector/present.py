"""The agents of all sites as they are now: in memory for speed, in the relational state for everyone else."""

from collector.presence import after_silence
from collector.store.state_protocol import AgentNow, Presence, RelationalState


class Present:
    """What is known of each agent. Changes are written by `save`; a restart goes on from what is stored."""

    def __init__(self, state: RelationalState, listening_since: int) -> None:
        self._state = state
        self._listening_since = listening_since
        self._agents: dict[tuple[str, str], AgentNow] = {}
        self._unsaved: set[tuple[str, str]] = set()

    def load(self) -> None:
        """Reads what was known before. Raises StoreUnavailable."""
        for site in self._state.sites():
            for agent in self._state.agents(site):
                self._agents[site, agent.agent] = agent

    def agent(self, site: str, agent: str) -> AgentNow | None:
        return self._agents.get((site, agent))

    def agents(self, site: str) -> list[AgentNow]:
        return [agent for (of, _), agent in self._agents.items() if of == site]

    def all(self) -> list[AgentNow]:
        return list(self._agents.values())

    def presences(self, site: str) -> dict[str, Presence]:
        return {agent.agent: agent.presence for agent in self.agents(site)}

    def put(self, agent: AgentNow) -> None:
        """Takes the agent's new state; `save` writes it."""
        self._agents[agent.site, agent.agent] = agent
        self._unsaved.add((agent.site, agent.agent))

    def listen(self, now: int) -> None:
        """Lets silence turn agents late and lost."""
        for agent in self.all():
            quieter = after_silence(agent, now, self._listening_since)
            if quieter is not agent:
                self.put(quieter)

    def deaf_until(self, now: int) -> None:
        """The collector could not hear until now (no broker, no store): that silence is not the agents'."""
        self._listening_since = now

    def save(self) -> None:
        """Writes what changed. Raises StoreUnavailable, and then keeps it for the next time."""
        unsaved = [self._agents[key] for key in sorted(self._unsaved)]
        self._state.put_agents(unsaved)
        self._unsaved.clear()
