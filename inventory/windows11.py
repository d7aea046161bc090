"""Whether a PC can run Windows 11, decided from its equipment report alone, by the rules of Microsoft's own script.

Source: HardwareReadiness.ps1 (Microsoft, 2021, MIT licence). Pure: no time, no network, no list of processor names.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MEMORY_GB, DISK_GB = 4, 64
CLOCK_MHZ, LOGICAL_CORES = 1000, 2
TPM_MAJOR = 2
_GRAPHICS_MB = 1024  # of a PC's memory that its graphics may hold back, so that the system counts less than is there

_INTEL_FAMILY, _LAST_OLD_MODEL, _XEON_SCALABLE = 6, 95, 85
# Models made both as a seventh and as an eighth generation: this stepping is the seventh, but for one kind of chip,
# which Windows knows by its "Platform Specific Field 1".
_KABY_LAKE_STEPPING = 9
_KABY_LAKE_FIELDS = {142: 16, 158: 8}
_ZEN, _FIRST_ZEN_MODELS = 23, (1, 17)


class State(StrEnum):
    """What can be said."""

    CAPABLE = "capable"
    NOT_CAPABLE = "not_capable"
    UNDETERMINED = "undetermined"


class Rule(StrEnum):
    """What Windows 11 asks of a PC."""

    PROCESSOR = "processor"
    SIXTY_FOUR_BIT = "64_bit"
    CLOCK = "clock"
    CORES = "cores"
    MEMORY = "memory"
    DISK = "disk"
    TPM = "tpm"
    SECURE_BOOT = "secure_boot"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A rule that a PC does not meet, and what was found instead, for people to read."""

    rule: Rule
    found: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """`failing` is filled when it is not capable; `missing` names rules that the report says too little about.

    A PC that fails one rule is not capable, whatever is missing.
    """

    state: State
    failing: tuple[Shortfall, ...] = ()
    missing: tuple[Rule, ...] = ()


def windows11_readiness(content: Mapping[str, Any]) -> Readiness:
    """The verdict on the `content` of an equipment report (sections and names of GLPI's format)."""
    answers = {rule: judge(content) for rule, judge in _RULES.items()}
    failing = tuple(Shortfall(rule, found) for rule, found in answers.items() if isinstance(found, str))
    missing = tuple(rule for rule, found in answers.items() if found is None)
    if failing:
        return Readiness(State.NOT_CAPABLE, failing, missing)
    return Readiness(State.UNDETERMINED if missing else State.CAPABLE, (), missing)


# A rule answers True when it is met, with what was found when it is not, and None when the report says too little.
Answer = bool | str | None


def _processor(content: Mapping[str, Any]) -> Answer:
    chip = _first(content, "cpus")
    family, model, maker = _number(chip, "familynumber"), _number(chip, "model"), chip.get("manufacturer")
    if chip.get("arch") not in (None, "x86_64", "i386") or family is None or model is None:
        return None  # Microsoft's rules for ARM ask for more than a report holds
    met = {"Intel": _intel, "AMD": _amd}.get(maker if isinstance(maker, str) else "", _unknown_maker)(
        family, model, chip
    )
    return _name(chip) if met is False else met


def _intel(family: int, model: int, chip: Mapping[str, Any]) -> bool | None:
    if family >= _INTEL_FAMILY and model <= _LAST_OLD_MODEL:
        return (family, model) == (_INTEL_FAMILY, _XEON_SCALABLE)
    if family != _INTEL_FAMILY or model not in _KABY_LAKE_FIELDS:
        return True
    stepping, field = _number(chip, "stepping"), _number(chip, "platform_field")
    if stepping is None:
        return None
    if stepping != _KABY_LAKE_STEPPING:
        return True
    return None if field is None else field == _KABY_LAKE_FIELDS[model]


def _amd(family: int, model: int, _chip: Mapping[str, Any]) -> bool:
    return family > _ZEN or (family == _ZEN and model not in _FIRST_ZEN_MODELS)


def _unknown_maker(_family: int, _model: int, chip: Mapping[str, Any]) -> bool | None:
    """Microsoft supports no third maker of x86 processors."""
    return False if chip.get("manufacturer") else None


def _sixty_four_bit(content: Mapping[str, Any]) -> Answer:
    arch = _first(content, "cpus").get("arch")
    return None if not isinstance(arch, str) else True if arch in ("x86_64", "aarch64") else arch[:40]


def _clock(content: Mapping[str, Any]) -> Answer:
    """Of some new processors Windows names the clock at rest (Intel N100: 800 MHz, of 3400): that decides nothing."""
    met = _at_least(_number(_first(content, "cpus"), "speed"), CLOCK_MHZ, "MHz")
    return None if isinstance(met, str) and _processor(content) is True else met


def _cores(content: Mapping[str, Any]) -> Answer:
    chip = _first(content, "cpus")
    cores, threads = _number(chip, "core"), _number(chip, "thread")
    return _at_least(cores * threads if cores is not None and threads is not None else None, LOGICAL_CORES, "")


def _memory(content: Mapping[str, Any]) -> Answer:
    """The modules count, as rounded gigabytes; what the system sees can be a little less than they hold."""
    modules = [_number(module, "capacity") for module in _rows(content, "memories")]
    if modules and None not in modules:
        return _at_least(_gigabytes(sum(module or 0 for module in modules)), MEMORY_GB, "GB")
    seen = _number(_section(content, "hardware"), "memory")
    if seen is None or _gigabytes(seen) < MEMORY_GB <= _gigabytes(seen + _GRAPHICS_MB):
        return None
    return _at_least(_gigabytes(seen), MEMORY_GB, "GB")


def _disk(content: Mapping[str, Any]) -> Answer:
    """The volume that Windows is on; a PC without Windows would give it the whole of its largest disk."""
    volumes = [drive for drive in _rows(content, "drives") if drive.get("systemdrive") is True]
    if volumes:
        sizes = [_number(volumes[0], "total")]
    elif _section(content, "operatingsystem").get("kernel_name") == "windows":
        sizes = []
    else:
        sizes = [_number(disk, "disksize") for disk in _rows(content, "storages")]
    known = [size for size in sizes if size is not None]
    return _at_least(_gigabytes(max(known)) if known else None, DISK_GB, "GB")


def _tpm(content: Mapping[str, Any]) -> Answer:
    version = _section(content, "hardware").get("tpm_version")
    if not isinstance(version, str) or not version:
        return None
    major = version.partition(".")[0]
    return (major.isascii() and major.isdigit() and len(major) < 4 and int(major) >= TPM_MAJOR) or version[:40]


def _secure_boot(content: Mapping[str, Any]) -> Answer:
    """It need not be on, but must be there to be switched on."""
    state = _section(content, "hardware").get("secure_boot")
    if state in ("on", "off"):
        return True
    return state if state in ("legacy", "unsupported") else None


_RULES: Mapping[Rule, Callable[[Mapping[str, Any]], Answer]] = {
    Rule.PROCESSOR: _processor,
    Rule.SIXTY_FOUR_BIT: _sixty_four_bit,
    Rule.CLOCK: _clock,
    Rule.CORES: _cores,
    Rule.MEMORY: _memory,
    Rule.DISK: _disk,
    Rule.TPM: _tpm,
    Rule.SECURE_BOOT: _secure_boot,
}


def _at_least(value: int | None, least: int, unit: str) -> Answer:
    return None if value is None else True if value >= least else f"{value} {unit}".rstrip()


def _gigabytes(megabytes: int) -> int:
    """Rounded, as Microsoft's script does: 3.9 is 4."""
    return round(megabytes / 1024)


def _name(chip: Mapping[str, Any]) -> str:
    name = chip.get("name")
    return name[:80] if isinstance(name, str) and name else f"family {chip['familynumber']} model {chip['model']}"


def _section(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = content.get(name)
    return section if isinstance(section, Mapping) else {}


def _rows(content: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = content.get(name)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, Iterable) else []


def _first(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return next(iter(_rows(content, name)), {})


def _number(row: Mapping[str, Any], name: str) -> int | None:
    """GLPI writes some numbers (familynumber, model) as text."""
    value = row.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    return value if type(value) is int and 0 <= value < 10**15 else None
