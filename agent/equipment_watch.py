"""Takes the equipment report now and then, and remembers what still has to be told."""

import logging
import threading
import time
from collections.abc import Callable
from random import Random

from agent.equipment import equipment_report, stable_hash
from agent.probes.outcomes import BadAnswer
from contract.messages import EquipmentReport

log = logging.getLogger(__name__)

FIRST_SECONDS, EVERY_SECONDS, AGAIN_SECONDS = 5.0, 86_400.0, 3_600.0


class EquipmentWatch:
    """The report is sent once a run and whenever its hash changes: a broker may lose what it retained."""

    def __init__(self, agent: str, now_ms: Callable[[], int], report: Callable[[EquipmentReport | None], None]) -> None:
        self.unsent: EquipmentReport | None = None
        self._agent = agent
        self._now_ms = now_ms
        self._report = report
        self._hash = ""
        self._due_at = time.monotonic() + FIRST_SECONDS

    def start_due(self, now: float) -> None:
        """Looks at the machine in a thread of its own: on Windows that takes seconds."""
        if now >= self._due_at:
            self._due_at = float("inf")
            threading.Thread(target=self._look, daemon=True).start()

    def finish(self, report: EquipmentReport | None, now: float, random: Random) -> None:
        """Takes the result, None when the system did not tell."""
        self._due_at = now + (AGAIN_SECONDS if report is None else EVERY_SECONDS * random.uniform(0.9, 1.1))
        if report is not None and (found := stable_hash(report)) != self._hash:
            self._hash, self.unsent = found, report

    def next_at(self) -> float:
        return self._due_at

    def _look(self) -> None:
        try:
            self._report(equipment_report(self._agent, self._now_ms()))
        except (OSError, BadAnswer) as error:
            log.warning("the equipment of this machine could not be read: %s; it is tried again in an hour", error)
            self._report(None)
