"""The rules by which evidence becomes a reason: an editable, dated YAML in which every number has its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from contract.settings_file import read_settings
from contract.shapes import BadShape, Between
from inventory.asset import AssetKind
from inventory.end_of_support import Filled
from inventory.school import Date

SHIPPED = Path(__file__).parent / "rules.yaml"

MeasuredCode = Literal[
    "memory",
    "disk_space",
    "disk_errors",
    "disk_failing",
    "disk_worn",
    "crashes",
    "restarts",
    "battery",
    "room",
    "wifi",
    "condition",
]
DatedCode = Literal["age", "support", "no_successor", "disk_full", "lamp", "warranty"]
ReasonCode = Literal[MeasuredCode, DatedCode]
MEASURED: tuple[MeasuredCode, ...] = get_args(MeasuredCode)
DATED: tuple[DatedCode, ...] = get_args(DatedCode)
CODES: tuple[ReasonCode, ...] = (*MEASURED, *DATED)
KINDS: tuple[AssetKind, ...] = get_args(AssetKind)

Share = Annotated[float, Between(0, 1)]
AT_START = 1 / 3  # of its weight, from where a measured reason begins


@dataclass(frozen=True)
class MeasuredRule:
    """A reason whose weight grows from `starts` to `full`; `full` below `starts`: less is worse."""

    starts: float
    full: float
    weight: Share
    source: Filled
    verified: bool

    def weight_of(self, measured: float) -> float:
        """0 before `starts`."""
        falling = self.full < self.starts
        if measured > self.starts if falling else measured < self.starts:
            return 0.0
        way = 1.0 if self.full == self.starts else (measured - self.starts) / (self.full - self.starts)
        return self.weight * (AT_START + (1 - AT_START) * min(1.0, way))


@dataclass(frozen=True)
class DatedRule:
    """A reason that holds from its day on."""

    weight: Share
    source: Filled
    verified: bool


@dataclass(frozen=True)
class Life:
    """How long a kind is expected to serve."""

    years: Annotated[int, Between(1, 50)]
    source: Filled
    verified: bool


@dataclass(frozen=True)
class Use:
    """How the use of a device weighs its need."""

    least: Share = 0.2
    unknown: Share = 0.6
    unused_percent: Annotated[float, Between(0, 100)] = 1.0

    def weight(self, used_percent: float | None) -> float:
        """From `least` for a device that is never on to 1 for one that is on in every lesson."""
        share = self.unknown if used_percent is None else min(100.0, max(0.0, used_percent)) / 100
        return self.least + (1 - self.least) * share


@dataclass(frozen=True)
class Lists:
    """What "old but fine" and "new but failing" mean."""

    fine_below: Share = 0.15
    failing_from: Share = 0.35


@dataclass(frozen=True)
class Rules:
    """All rules, and the day on which they were looked through."""

    as_of: Date
    measured: Mapping[MeasuredCode, MeasuredRule]
    dated: Mapping[DatedCode, DatedRule]
    life: Mapping[AssetKind, Life]
    use: Use
    lists: Lists
    age_if_measured: Share = 0.3
    worth_replacing: Share = 0.15
    enough_days: Annotated[int, Between(1, 30)] = 10

    @property
    def unverified(self) -> list[str]:
        """The rules whose numbers nobody has read at their source yet, as `measured.memory`."""
        groups: Mapping[str, Mapping[Any, Any]] = {"measured": self.measured, "dated": self.dated, "life": self.life}
        return [f"{name}.{key}" for name, group in groups.items() for key, rule in group.items() if not rule.verified]


def read_rules(path: Path) -> Rules:
    """The rules at `path`, checked. Raises SettingsError with file, line, key and hint."""
    return read_settings(path, Rules, _check)


@cache
def shipped_rules() -> Rules:
    """The rules that come with SonCa."""
    return read_rules(SHIPPED)


def _check(rules: Rules) -> None:
    groups: tuple[tuple[str, Mapping[Any, Any], tuple[str, ...]], ...] = (
        ("measured", rules.measured, MEASURED),
        ("dated", rules.dated, DATED),
        ("life", rules.life, KINDS),
    )
    for name, group, codes in groups:
        for code in codes:
            if code not in group:
                raise BadShape(f"{name}.{code}", "is missing", hint="a rule that shall not count has weight: 0")
