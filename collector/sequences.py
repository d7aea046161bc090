"""What the numbers of batches tell: which ones never came, and whether two machines share one name.

Only for people to see: no batch is accepted or refused because of it, and forgetting it loses nothing.
"""

from dataclasses import dataclass, field

MOST_BOOTS = 20_000
MOST_MISSING = 1_000


@dataclass(slots=True)
class _Boot:
    highest: int
    missing: set[int] = field(default_factory=set)


class Sequences:
    """Bounded memory of batch numbers by site, agent and boot."""

    def __init__(self) -> None:
        self._boots: dict[tuple[str, str, str], _Boot] = {}
        self._left: dict[tuple[str, str], list[str]] = {}

    def note(self, site: str, agent: str, boot: str, sequence: int) -> None:
        """Remembers a batch. The first one seen of a boot starts the count: earlier ones may be stored long since."""
        key = (site, agent, boot)
        known = self._boots.get(key)
        if known is None:
            if len(self._boots) >= MOST_BOOTS:
                del self._boots[next(iter(self._boots))]
            self._boots[key] = _Boot(sequence)
        elif sequence > known.highest:
            skipped = range(known.highest + 1, min(sequence, known.highest + 1 + MOST_MISSING))
            known.missing.update(skipped)
            known.highest = sequence
        else:
            known.missing.discard(sequence)

    def missing(self) -> int:
        """How many numbers were skipped and have not come since."""
        return sum(len(boot.missing) for boot in self._boots.values())

    def is_back(self, site: str, agent: str, before: str, boot: str) -> bool:
        """Whether an agent's boot returns after another one had taken over: two machines with one name."""
        left = self._left.setdefault((site, agent), [])
        if before and before != boot:
            left.append(before)
            del left[:-5]
        return boot in left
