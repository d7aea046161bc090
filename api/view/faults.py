"""Devices without an agent that somebody should look at: a lamp that failed, a printer that stands still."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from api.say import Say
from api.view.health_printer import printer_signs
from api.view.health_projector import projector_signs
from api.view.health_ups import ups_signs
from api.view.known import Known
from api.view.sign import Tone
from api.view.site import DeviceNow, SiteNow
from collector.store.protocol import StoredMeasurement

PROBES = ("projector", "printer", "supply", "ups")  # by which such a device tells its faults
_SIGNS = (projector_signs, printer_signs, ups_signs)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is bad about a device, in words: "Bóng đèn: hỏng"."""

    device: DeviceNow
    told: str


def faults(site: SiteNow, latest: Iterable[StoredMeasurement], say: Say) -> list[Fault]:
    """`latest`: the newest of PROBES. The present counts only: what a projector said before it left is no fault."""
    told: dict[str, list[StoredMeasurement]] = defaultdict(list)
    for entry in latest:
        told[entry.device].append(entry)
    return [
        Fault(device, "; ".join(bad))
        for device in site.devices()
        if device.watched and (bad := list(_bad(device, site, told[device.device.id], say)))
    ]


def _bad(device: DeviceNow, site: SiteNow, told: list[StoredMeasurement], say: Say) -> Iterator[str]:
    known = Known(device.device, site.at, site.school.zone, told)
    known = replace(known, latest=[entry for entry in told if known.is_current(entry)])
    for find in _SIGNS:
        for sign in find(known, say):
            if sign.tone is Tone.BAD:
                yield f"{sign.label}: {sign.value}"
