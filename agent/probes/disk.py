"""disk: use of each disk or volume that belongs to the PC."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from agent.probes.finding import Finding, Task
from agent.probes.outcomes import Unsupported, outcome_of
from contract.messages import Outcome

_IMAGE_TYPES = frozenset({"squashfs", "iso9660", "udf", "cdfs", "erofs", "overlay", "tmpfs", "devtmpfs", "ramfs"})
# Memory sticks are mounted below a folder with the user's name, which is nobody's business here, and come and go.
_FOREIGN_FOLDERS = (
    "/media/",
    "/run/media/",
    "/snap/",
    "/var/lib/docker/",
    "/var/lib/snapd/",
    "/System/Volumes/",
    "/home/",
    "/Users/",
    "/private/",
    "/boot/efi",
    "/proc/",
    "/sys/",
    "/dev/",
)


@dataclass(frozen=True, slots=True)
class Volume:
    """A mounted volume as psutil lists it."""

    device: str
    mount_point: str
    kind: str
    options: str = ""


def probe(task: Task) -> list[Finding]:
    """One finding for each volume, its target the mount point or drive letter. Raises Unsupported without any."""
    mounted = [Volume(*entry[:4]) for entry in psutil.disk_partitions(all=False)]
    volumes = own_volumes(mounted) or [Volume("", "/", "")]  # in a container only the overlay is left: take its root
    task.step(f"found {len(mounted)} mounted volumes, of which {len(volumes)} are the PC's own disks")
    findings = [_measured(task, volume) for volume in volumes if Path(volume.mount_point).is_dir()]
    if not findings:
        raise Unsupported("this machine shows no disk")
    return findings


def own_volumes(volumes: Iterable[Volume]) -> list[Volume]:
    """The volumes worth watching: no images, memory sticks, CDs, and each device once, at its shortest path."""
    chosen: dict[str, Volume] = {}
    for volume in sorted(volumes, key=lambda volume: (len(volume.mount_point), volume.mount_point)):
        if _belongs(volume):
            chosen.setdefault(volume.device, volume)
    return list(chosen.values())


def _belongs(volume: Volume) -> bool:
    options = volume.options.split(",")
    if not volume.kind or volume.kind.lower() in _IMAGE_TYPES or "cdrom" in options or "removable" in options:
        return False
    return not volume.device.startswith("/dev/loop") and not volume.mount_point.startswith(_FOREIGN_FOLDERS)


def _measured(task: Task, volume: Volume) -> Finding:
    target = volume.mount_point.rstrip("\\") or volume.mount_point
    try:
        usage = psutil.disk_usage(volume.mount_point)
    except OSError as error:  # one broken disk must not hide the others
        task.step(f"{target} cannot be read: {error}")
        return Finding(outcome_of(error), target=target)
    fields = {
        "disk_used_percent": round(float(usage.percent), 1),
        "disk_free_bytes": int(usage.free),
        "disk_total_bytes": int(usage.total),
    }
    return Finding(Outcome.OK, {**fields}, target)
