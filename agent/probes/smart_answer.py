"""Reads the JSON of smartctl: the disks that it lists, and what one of them says about its health."""

import re
from dataclasses import dataclass
from typing import Any

from agent.probes.outcomes import BadAnswer, Unsupported
from agent.probes.program import json_in
from contract.messages import Value

ASLEEP_STATUS = 3  # asked for; smartctl itself gives 1 or 2, or from 4 upwards
_NOT_ASKED = 0b11  # exit status bits: command line or device type not understood; device not opened or not identified
_NOT_ALLOWED = re.compile(r"permission denied|not permitted|access is denied|Error=5\b", re.IGNORECASE)
_NO_SMART = re.compile(r"unable to detect device type|USB bridge|specify device type|no such device", re.IGNORECASE)
_MOST = 2**53  # of a count that JSON and the stores keep exactly
_HOTTEST, _COLDEST = 250, -100
_MOST_WEAR = 255  # NVMe counts on beyond 100 %

# ATA attributes by number; their raw values count events since the disk was made.
_COUNTS = {5: "reallocated_sectors", 197: "pending_sectors", 198: "uncorrectable_sectors", 199: "cable_errors"}
# Those by name (of smartctl's drive database) whose meaning differs from maker to maker.
_LIFE_LEFT = ("SSD_Life_Left", "Media_Wearout_Indicator", "Wear_Leveling_Count", "Remaining_Lifetime_Perc")
_POWER_LOSSES = ("Unexpect_Power_Loss_Ct", "Unsafe_Shutdown_Count", "Unexpected_Power_Loss")


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk as smartctl lists it: what to call it by, and of which kind it takes it to be (`scsi`, `nvme`...)."""

    name: str
    kind: str = ""

    @property
    def target(self) -> str:
        """As measurements name it; disks behind one RAID controller differ in their kind only."""
        name = self.name.removeprefix("/dev/")[-80:]
        return f"{name} {self.kind}" if "," in self.kind else name


def read_scan(output: str) -> list[Disk]:
    """The disks in what `smartctl --scan` wrote, each once. Raises Unsupported for a smartctl without JSON."""
    disks = (Disk(_text(row, "name"), _text(row, "type")) for row in _rows(_answer(output).get("devices")))
    return list({disk.target: disk for disk in disks if disk.name}.values())


def read_answer(output: str) -> dict[str, Value]:
    """The fields in what smartctl wrote about one disk; what the disk does not tell is absent.

    Raises PermissionError when smartctl may not ask it, Unsupported when it has no SMART or hides it, BadAnswer.
    """
    answer = _answer(output)
    status = _whole(_group(answer, "smartctl").get("exit_status")) or 0
    if status == ASLEEP_STATUS:
        return {"asleep": True}
    if status & _NOT_ASKED:
        raise _refusal("; ".join(_messages(answer)))
    fields = _general(answer) | _of_ata(answer) | _of_nvme(answer)
    if not fields:
        raise Unsupported("; ".join(_messages(answer)) or "the disk has no SMART, or it is switched off")
    return {"asleep": False, **fields}


def _answer(output: str) -> dict[str, Any]:
    if "UNRECOGNIZED OPTION" in output:
        raise Unsupported("smartctl is older than 7.0, which cannot write JSON")
    return json_in(output, "smartctl")


def _refusal(message: str) -> Exception:
    if _NOT_ALLOWED.search(message):
        return PermissionError(message)
    if _NO_SMART.search(message):
        return Unsupported(message)
    return BadAnswer(message or "smartctl could not open the disk and gives no reason")


def _general(answer: dict[str, Any]) -> dict[str, Value]:
    passed = _group(answer, "smart_status").get("passed")
    degrees = _group(answer, "temperature").get("current")
    fields: dict[str, Value] = {"healthy": passed} if type(passed) is bool else {}
    if type(degrees) is int and _COLDEST <= degrees <= _HOTTEST:
        fields["temperature_celsius"] = float(degrees)
    return fields | _known(
        power_on_hours=_whole(_group(answer, "power_on_time").get("hours")),
        power_cycles=_whole(answer.get("power_cycle_count")),
    )


def _of_ata(answer: dict[str, Any]) -> dict[str, Value]:
    rows = _rows(_group(answer, "ata_smart_attributes").get("table"))
    fields: dict[str, Value] = {}
    if rows:
        fields["failed_attributes"] = sum(_text(row, "when_failed") != "" for row in rows)
    for row in rows:
        count, number, name = _raw(row), row.get("id"), _text(row, "name")
        if count is not None and type(number) is int and number in _COUNTS:
            fields[_COUNTS[number]] = count
        elif count is not None and name in _POWER_LOSSES:
            fields["unsafe_shutdowns"] = count
        left = _whole(row.get("value"))
        if name in _LIFE_LEFT and left is not None and left <= 100:
            fields["wear_percent"] = float(100 - left)
    return fields


def _of_nvme(answer: dict[str, Any]) -> dict[str, Value]:
    """The NVMe health log; `endurance_used` is smartctl's own word for any kind of disk, from 7.5 on."""
    log = _group(answer, "nvme_smart_health_information_log")
    used = log.get("percentage_used", _group(answer, "endurance_used").get("current_percent"))
    return _known(
        media_errors=_whole(log.get("media_errors")),
        unsafe_shutdowns=_whole(log.get("unsafe_shutdowns")),
        wear_percent=_percent(used, _MOST_WEAR),
        spare_percent=_percent(log.get("available_spare"), 100),
    )


def _raw(row: dict[str, Any]) -> int | None:
    """The first number as smartctl writes it: the bare 48 bits hold other counts of some makers in their upper half."""
    match = re.match(r"\d{1,15}(?!\d)", _text(_group(row, "raw"), "string"), re.ASCII)
    return int(match[0]) if match else None


def _messages(answer: dict[str, Any]) -> list[str]:
    return [text for row in _rows(_group(answer, "smartctl").get("messages")) if (text := _text(row, "string"))]


def _known(**fields: Value | None) -> dict[str, Value]:
    return {name: value for name, value in fields.items() if value is not None}


def _whole(value: object) -> int | None:
    return value if type(value) is int and 0 <= value <= _MOST else None


def _percent(value: object, most: int) -> float | None:
    count = _whole(value)
    return float(count) if count is not None and count <= most else None


def _group(row: dict[str, Any], name: str) -> dict[str, Any]:
    value = row.get(name)
    return value if isinstance(value, dict) else {}


def _rows(value: object) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return "".join(letter for letter in value if letter.isprintable()) if isinstance(value, str) else ""
