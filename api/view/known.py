"""All that the stores know of one device: what its health is judged by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from api.say import Say
from api.text import Text
from api.view.targets import natural
from api.words import OUTCOMES
from collector.store.protocol import Point, StoredMeasurement
from contract.defaults import INTERVAL_SECONDS
from contract.messages import EquipmentReport, Value
from inventory.school import Device

_ROUNDS, _GRACE_MS = 3, 60_000
_ASKED_WITH = {"lamp": "projector", "supply": "printer", "snmp_storage": "snmp_host"}


NO_ANSWER = Text("không trả lời ({outcome})", "does not answer ({outcome})")
OLD = Text("số liệu lúc {time}", "as of {time}")


@dataclass(frozen=True, slots=True)
class Known:
    """`latest` is its newest measurement of every probe and target, `lamps` the hours of each lamp, by day."""

    device: Device
    now: int
    zone: tzinfo
    latest: Sequence[StoredMeasurement] = ()
    report: EquipmentReport | None = None
    lamps: Mapping[str, Sequence[Point]] = field(default_factory=dict)

    def all(self, probe: str) -> list[StoredMeasurement]:
        """Of every target, in the order of their names."""
        return sorted((entry for entry in self.latest if entry.probe == probe), key=lambda entry: natural(entry.target))

    def newest(self, probe: str) -> StoredMeasurement | None:
        """Of a probe without targets."""
        return next(iter(self.all(probe)), None)

    def is_current(self, entry: StoredMeasurement) -> bool:
        """Whether it still tells of the present: three rounds of its probe may fail before it does not."""
        interval = INTERVAL_SECONDS[_ASKED_WITH.get(entry.probe, entry.probe)]
        return self.now - entry.taken_at <= _ROUNDS * interval * 1000 + _GRACE_MS

    def present(self, probe: str) -> list[StoredMeasurement]:
        """Those of a probe that tell of the present and found something."""
        return [entry for entry in self.all(probe) if entry.fields and self.is_current(entry)]

    def told(self, section: str, name: str) -> object:
        """An entry of the equipment report; None where it is not there."""
        content = None if self.report is None else self.report.content.get(section)
        return content.get(name) if isinstance(content, Mapping) else None


def no_answer(entry: StoredMeasurement, say: Say) -> str:
    return say(NO_ANSWER, outcome=say(OUTCOMES[entry.outcome]))


def as_of(known: Known, entry: StoredMeasurement, say: Say) -> str:
    """Of when it is, where it no longer tells of the present; else empty."""
    return "" if known.is_current(entry) else say(OLD, time=say.moment(entry.taken_at, known.now))


def number(value: Value | None) -> float | None:
    """A measured number; None for what is none."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
