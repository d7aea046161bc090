"""What people call the targets of measurements."""

import re
from collections.abc import Iterable

from api.say import Say
from api.words import TARGET_GROUPS
from contract.defaults import DNS, INTERNET
from contract.targets import TargetEntry, group_of
from inventory.school import School

_PARTS = re.compile(r"(\D*)(\d{0,9})", re.ASCII)


def target_label(target: str, school: School, say: Say) -> str:
    """`services/e-office` as the school calls it; the target itself (a drive, a network card) where it has no name."""
    group = group_of(target)
    if group not in TARGET_GROUPS:
        return target
    if group not in ("internet", "dns", "services"):  # those of which there is one
        return say(TARGET_GROUPS[group])
    name = target.partition("/")[2]
    return next((entry.label for entry in _entries(school, group) if entry.name == name), "") or name


def _entries(school: School, group: str) -> Iterable[TargetEntry]:
    return {
        "internet": INTERNET if school.internet is None else school.internet,
        "dns": DNS if school.dns is None else school.dns,
        "services": school.services,
    }[group]


def natural(target: str) -> tuple[tuple[str, int], ...]:
    """An order in which `gi2` stands before `gi10`."""
    return tuple((letters, int(digits or 0)) for letters, digits in _PARTS.findall(target))
