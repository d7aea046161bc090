"""Takes the equipment reports of this machine and of the devices it polls, and remembers what is still to be told."""

import functools
import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from random import Random

from agent.equipment import equipment_report, stable_hash
from agent.polled import PolledDevice
from agent.probes.outcomes import BadAnswer
from agent.tell import Told
from contract.messages import EquipmentReport

log = logging.getLogger(__name__)

FIRST_SECONDS, EVERY_SECONDS, AGAIN_SECONDS = 5.0, 86_400.0, 3_600.0
# Many a projector tells what it is only while it is on, which may be for one lesson.
POLLED_AGAIN_SECONDS = 900.0
BETWEEN_DEVICES_SECONDS = 1.0


@dataclass(slots=True)
class _Subject:
    """One device that is looked at, and what was last seen of it."""

    look: Callable[[int], EquipmentReport]  # takes the time in UTC milliseconds; raises OSError or BadAnswer
    again_seconds: float
    due_at: float
    told: Told = field(default_factory=lambda: Told(log))
    hash: str = ""


class EquipmentWatch:
    """A report is sent once a run and whenever its hash changes: a broker may lose what it retained.

    `unsent` holds by device what is still to be told. `report` is called from a thread, with None by what did not tell.
    """

    def __init__(
        self,
        agent: str,
        devices: Iterable[PolledDevice],
        now_ms: Callable[[], int],
        report: Callable[[str, EquipmentReport | None], None],
    ) -> None:
        self.unsent: dict[str, EquipmentReport] = {}
        self._now_ms = now_ms
        self._report = report
        first = time.monotonic() + FIRST_SECONDS
        self._subjects = {agent: _Subject(functools.partial(equipment_report, agent), AGAIN_SECONDS, first)}
        for device in devices:
            module = device.equipment_module()
            if module is not None:
                first += BETWEEN_DEVICES_SECONDS
                ask = functools.partial(_ask, module, agent, device)
                self._subjects[device.id] = _Subject(ask, POLLED_AGAIN_SECONDS, first)

    def start_due(self, now: float) -> None:
        """Looks at each in a thread of its own: Windows takes seconds over itself, and a projector over its answers."""
        for device, subject in self._subjects.items():
            if now >= subject.due_at:
                subject.due_at = float("inf")
                threading.Thread(target=self._look, args=(device, subject), daemon=True).start()

    def finish(self, device: str, report: EquipmentReport | None, now: float, random: Random) -> None:
        """Takes the result, None when it could not be told."""
        subject = self._subjects[device]
        wait = subject.again_seconds if report is None else EVERY_SECONDS
        subject.due_at = now + wait * random.uniform(0.9, 1.1)
        if report is not None and (found := stable_hash(report)) != subject.hash:
            subject.hash, self.unsent[device] = found, report

    def next_at(self) -> float:
        return min(subject.due_at for subject in self._subjects.values())

    def _look(self, device: str, subject: _Subject) -> None:
        try:
            report = subject.look(self._now_ms())
        except (OSError, BadAnswer) as error:
            again = f"it is tried again, every {subject.again_seconds / 60:.0f} minutes"
            subject.told.trouble(f"the equipment of {device} could not be read: {error}; {again}")
            self._report(device, None)
        else:
            subject.told.over(f"the equipment of {device} could be read again")
            self._report(device, report)


def _ask(module: str, agent: str, device: PolledDevice, now_ms: int) -> EquipmentReport:
    """Imported when the first such device is asked: it weighs nothing on agents that poll none."""
    report: EquipmentReport = import_module(module).report(agent, device, now_ms)
    return report
