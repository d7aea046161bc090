"""A plan that was made: what is done in which year, and how good that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from inventory.plan.candidates import Candidate
from inventory.plan.options import Option
from inventory.plan.request import PlanRequest, Pot


@dataclass(frozen=True)
class Planned:
    """One line of the plan. `points`: the need that it covers until the end of the plan."""

    tag: str
    year: int
    source: str
    option: Option
    points: int
    pinned: bool = False


@dataclass(frozen=True)
class Plan:
    """What is done in which year. `bound`: what no plan of this money covers more than, where that is known; points
    as in Candidate."""

    request: PlanRequest
    candidates: Mapping[str, Candidate]
    actions: tuple[Planned, ...]
    bound: int | None
    method: Literal["greedy", "exact"]

    @property
    def needed(self) -> int:
        """All need of all years."""
        return sum(sum(candidate.needs) for candidate in self.candidates.values())

    @property
    def covered(self) -> int:
        return sum(action.points for action in self.actions)

    @property
    def share(self) -> float:
        """The part of all need that the plan covers, 0 to 1."""
        return self.covered / self.needed if self.needed else 1.0

    @property
    def gap(self) -> float | None:
        """How much of what is possible it may miss at most, 0 to 1; None when no bound is known."""
        return None if self.bound is None else 1 - self.covered / self.bound if self.bound else 0.0

    def of(self, tag: str) -> Planned | None:
        return next((action for action in self.actions if action.tag == tag), None)

    def spent(self, year: int, source: str | None = None) -> int:
        """VND in that year, from one source or from all."""
        return sum(
            action.option.price
            for action in self.actions
            if action.year == year and (source is None or action.source == source)
        )

    def left(self, pot: Pot) -> int:
        """VND of a pot that the plan does not spend."""
        return pot.amount - self.spent(pot.year, pot.source)

    @property
    def cost(self) -> int:
        return sum(action.option.price for action in self.actions)
