"""Who a device is by one equipment report, as far as it proves something: what was marked as junk is left out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from contract.messages import EquipmentReport


@dataclass(frozen=True, order=True)
class Identity:
    """What a report says of a device, spelled so that equal things compare equal; empty where nothing was said.

    `label` is the asset tag that somebody wrote into the firmware. The order is by time, then by everything else.
    """

    taken_at: int
    device: str
    agent: str
    kind: str
    serial: str = ""
    board: str = ""
    uuid: str = ""
    macs: tuple[str, ...] = ()
    disks: tuple[str, ...] = ()
    label: str = ""
    manufacturer: str = ""
    model: str = ""

    @property
    def by_its_own_agent(self) -> bool:
        return self.agent == self.device

    @property
    def hardware(self) -> frozenset[tuple[str, str]]:
        """Everything that belongs to this machine only, as (kind, value)."""
        single = (("serial", self.serial), ("board", self.board), ("uuid", self.uuid))
        return frozenset(
            [entry for entry in single if entry[1]]
            + [("mac", mac) for mac in self.macs]
            + [("disk", disk) for disk in self.disks]
        )


def identity_of(report: EquipmentReport) -> Identity:
    """The identity in a report of a PC, of a projector, or of a device that speaks SNMP."""
    told = _Told(report.content, frozenset(report.junk))
    return Identity(
        report.taken_at,
        report.device,
        report.agent,
        report.kind,
        serial=told.first("bios.ssn", "network_device.serial", "bios.enclosureserial"),
        board=told.first("bios.msn"),
        uuid=told.first("hardware.uuid"),
        macs=told.all("networks", "mac", also="network_device.mac"),
        disks=told.all("storages", "serial"),
        label=told.first("bios.assettag"),
        manufacturer=told.first("bios.smanufacturer", "network_device.manufacturer"),
        model=told.first("bios.smodel", "network_device.model"),
    )


def spelled(text: str) -> str:
    """A name or number without what people write in different ways: case and spaces."""
    return " ".join(text.casefold().split())


def alike(text: str) -> str:
    """A serial without what people take for each other when they copy it from a label: O and 0, I and 1, S and 5."""
    return re.sub(r"[\W_]", "", spelled(text)).translate(str.maketrans("oilsbz", "011582"))


class _Told:
    def __init__(self, content: Mapping[str, Any], junk: frozenset[str]) -> None:
        self._content = content
        self._junk = junk

    def first(self, *paths: str) -> str:
        return next((value for path in paths if (value := self._at(path))), "")

    def all(self, section: str, key: str, also: str = "") -> tuple[str, ...]:
        entries = self._content.get(section)
        found = [
            spelled(str(entry[key]))
            for index, entry in enumerate(entries if isinstance(entries, list) else ())
            if isinstance(entry, Mapping) and entry.get(key) and f"{section}[{index}].{key}" not in self._junk
        ]
        return tuple(sorted({*found, *_filled([self._at(also)])}))

    def _at(self, path: str) -> str:
        section, _, key = path.partition(".")
        values = self._content.get(section)
        value = values.get(key) if isinstance(values, Mapping) else None
        return spelled(value) if isinstance(value, str) and path not in self._junk else ""


def _filled(values: Iterable[str]) -> list[str]:
    return [value for value in values if value]
