"""smart: what each disk says about its own health, asked by smartctl of smartmontools (7.0 or newer)."""

import os
import sys
from pathlib import Path

from agent.probes.deadline import Deadline
from agent.probes.finding import Finding, Task
from agent.probes.outcomes import BadAnswer, Unsupported, outcome_of
from agent.probes.program import output_of
from agent.probes.smart_answer import ASLEEP_STATUS, Disk, read_answer, read_scan
from contract.messages import Outcome

SYS_BLOCK = Path("/sys/block")
_PROGRAM = "smartctl.exe" if sys.platform == "win32" else "smartctl"
# Beside PATH: Debian leaves /usr/sbin out of that of ordinary users, and the Windows installer asks first.
_FOLDERS = ("/usr/sbin", "/usr/local/sbin", r"C:\Program Files\smartmontools\bin")
_INSTALL = "smartctl is not installed: install smartmontools (apt install smartmontools; winget install smartmontools)"
_GRANT = (
    "smartctl may not ask the disks: run the agent as root, or give its service the group disk and "
    "AmbientCapabilities=CAP_SYS_RAWIO CAP_SYS_ADMIN; on Windows run its service as LocalSystem"
)


def probe(task: Task) -> list[Finding]:
    """One finding for each disk, its target the disk's name (sda, nvme0); a resting disk is `asleep` and left so.

    Raises Unsupported without smartctl or without a disk that it knows, BadAnswer, TimeoutError.
    """
    deadline = Deadline(task.deadline_seconds)
    disks = [disk for disk in read_scan(_smartctl(["--scan"], deadline)) if not _is_removable(disk)]
    task.step(f"smartctl lists the disks: {', '.join(disk.target for disk in disks) or 'none'}")
    if not disks:
        raise Unsupported("smartctl knows no disk of this machine; virtual ones tell nothing")
    findings = [_finding(task, disk, deadline) for disk in disks]
    if any(finding.outcome is Outcome.NO_PERMISSION for finding in findings):
        task.step(_GRANT)
    return findings


def _finding(task: Task, disk: Disk, deadline: Deadline) -> Finding:
    task.step(f"asking {disk.target}, unless it rests")
    # A status of its own for a resting disk: by default it is the same as for one that cannot be opened.
    question = ["-n", f"standby,{ASLEEP_STATUS}", "-H", "-A", *_type_options(disk), disk.name]
    try:
        return Finding(Outcome.OK, read_answer(_smartctl(question, deadline)), disk.target)
    except (OSError, BadAnswer, Unsupported) as error:  # one broken disk must not hide the others
        task.step(f"{disk.target} tells nothing: {error}")
        return Finding(outcome_of(error), target=disk.target)


def _type_options(disk: Disk) -> list[str]:
    """Naming the type keeps smartctl from finding it out by commands that may wake the disk (its manual, -n).

    What --scan calls scsi may be anything; only a disk of the kernel's ATA layer is known to be a SATA one.
    """
    if disk.kind != "scsi":
        return ["-d", disk.kind] if disk.kind else []
    vendor = SYS_BLOCK / disk.target / "device" / "vendor"
    return ["-d", "sat"] if vendor.is_file() and vendor.read_text().strip() == "ATA" else []


def _is_removable(disk: Disk) -> bool:
    flag = SYS_BLOCK / disk.target / "removable"
    return flag.is_file() and flag.read_text().strip() == "1"


def _smartctl(arguments: list[str], deadline: Deadline) -> str:
    """What it wrote; its exit code stands in the JSON too."""
    return output_of([_program(), "--json=c", *arguments], deadline.left("smartctl"))[0]


def _program() -> str:
    """From PATH, or from where it is installed beside it. Raises Unsupported."""
    for folder in (*os.environ.get("PATH", "").split(os.pathsep), *_FOLDERS):
        path = Path(folder) / _PROGRAM
        if folder and os.access(path, os.F_OK):
            return str(path)
    raise Unsupported(_INSTALL)
