"""What changes about a Wi-Fi link from one run of the probe to the next: its access point, and packets sent again.

The address of the access point is compared in memory and goes nowhere: only how often it changed is told.
"""

import threading
from dataclasses import dataclass

from contract.messages import Value


@dataclass(frozen=True, slots=True)
class Sent:
    """What a card has counted since it joined its access point (Windows: since its driver started)."""

    packets: int
    again: int  # Linux counts each repetition, Windows each packet that was repeated
    failed: int


@dataclass(slots=True)
class _Link:
    """One card's link as it was at its last run."""

    access_point: str
    sent: Sent | None
    roams: int = 0


class Links:
    """The links of this machine's cards, as long as the agent runs."""

    def __init__(self) -> None:
        self._links: dict[str, _Link] = {}
        self._lock = threading.Lock()

    def follow(self, card: str, access_point: str, sent: Sent | None) -> dict[str, Value]:
        """The fields of `card`, which hangs on `access_point` now; nothing where that is not known."""
        if not access_point:
            return {}
        with self._lock:
            before = self._links.get(card)
            roams = 0 if before is None else before.roams + (before.access_point != access_point)
            self._links[card] = _Link(access_point, sent, roams)
        same = before is not None and before.access_point == access_point
        return {"roams": roams, **(_shares(before.sent, sent) if before and same else {})}


def _shares(before: Sent | None, after: Sent | None) -> dict[str, Value]:
    """Nothing where nothing was sent, or the card began to count anew."""
    if before is None or after is None:
        return {}
    packets, again, failed = after.packets - before.packets, after.again - before.again, after.failed - before.failed
    if packets <= 0 or again < 0 or failed < 0:
        return {}
    return {
        "sent_again_percent": round(min(10_000.0, 100 * again / packets), 1),
        "send_failed_percent": round(min(100.0, 100 * failed / packets), 1),
    }


LINKS = Links()
