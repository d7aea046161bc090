"""The equipment report: what this machine is made of, in the sections and names of GLPI's inventory format.

No user name, host name or folder of a person is in it: they are nobody's business but the school's own register's.
"""

import hashlib
import json
import os
import platform
import socket
import sys
from pathlib import Path
from typing import Any

import psutil

from agent.equipment_junk import junk_paths
from agent.equipment_names import PORTABLE, megabytes, without_empty
from agent.probes.disk import Volume, own_volumes
from agent.probes.network_card import SYS_CLASS_NET, own_cards
from contract.equipment import lasting
from contract.messages import EquipmentReport


def equipment_report(agent: str, now_ms: int) -> EquipmentReport:
    """The report of the agent's own machine, taken at `now_ms` (UTC milliseconds).

    Takes milliseconds on Linux; starts PowerShell on Windows (seconds). Raises OSError (TimeoutError included) and
    agent.probes.outcomes.BadAnswer when the system does not tell: try again later.
    """
    content = _system_content()
    content["drives"] = _drives()
    content["networks"] = _networks()
    system = content.setdefault("operatingsystem", {})
    system.setdefault("full_name", f"{platform.system()} {platform.release()}")
    system["arch"] = platform.machine().lower().replace("amd64", "x86_64")
    system["kernel_name"], system["kernel_version"] = platform.system().lower(), platform.release()
    content = without_empty(content)
    chassis = content.get("hardware", {}).get("chassis_type", "")
    kind = "laptop" if chassis in PORTABLE or (not chassis and content.get("batteries")) else "computer"
    return EquipmentReport(agent, agent, now_ms, kind, content, junk_paths(content))


def stable_hash(report: EquipmentReport) -> str:
    """A hash of what the machine is made of, without time, free space and other values that change by themselves."""
    text = json.dumps(
        [report.device, report.kind, lasting(report.content), report.junk], sort_keys=True, ensure_ascii=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _system_content() -> dict[str, Any]:
    if sys.platform == "win32":
        from agent.equipment_windows import windows_content

        return windows_content()
    content: dict[str, Any] = {"hardware": {"memory": megabytes(psutil.virtual_memory().total)}}
    if sys.platform == "linux":
        from agent.equipment_linux import linux_content
        from agent.equipment_memories import memories

        content = linux_content(Path("/"))
        content["memories"] = memories()
    return content


def _drives() -> list[dict[str, Any]]:
    drives = []
    for volume in own_volumes(Volume(*entry[:4]) for entry in psutil.disk_partitions(all=False)):
        try:
            usage = psutil.disk_usage(volume.mount_point)
        except OSError:  # a broken or locked disk is still part of the machine, only its size is not known
            drives.append(_drive(volume, None, None))
        else:
            drives.append(_drive(volume, megabytes(usage.total), megabytes(usage.free)))
    return drives


def _drive(volume: Volume, total: int | None, free: int | None) -> dict[str, Any]:
    where: dict[str, Any]
    if sys.platform == "win32":
        letter = volume.mount_point.rstrip("\\")
        where = {"letter": letter, "systemdrive": letter == os.environ.get("SYSTEMDRIVE") or None}
    else:
        where = {"type": volume.mount_point, "volumn": volume.device}  # GLPI's spelling
    return without_empty({**where, "filesystem": volume.kind, "total": total, "free": free})


def _networks() -> list[dict[str, Any]]:
    """The real cards. IPv6 addresses are left out: the system makes itself new ones every day."""
    addresses, states = psutil.net_if_addrs(), psutil.net_if_stats()
    networks = []
    for name in own_cards(addresses):
        of_family = {int(entry.family): entry for entry in addresses[name]}
        hardware, ipv4 = of_family.get(int(psutil.AF_LINK)), of_family.get(int(socket.AF_INET))
        state = states.get(name)
        networks.append(
            without_empty(
                {
                    "description": name,
                    "mac": hardware.address.lower().replace("-", ":") if hardware else None,
                    "ipaddress": ipv4.address if ipv4 else None,
                    "ipmask": ipv4.netmask if ipv4 else None,
                    "type": "wifi" if _is_wifi(name) else "ethernet",
                    "status": "up" if state and state.isup else "down",
                    "speed": str(state.speed) if state and 0 < state.speed < 65535 else None,
                }
            )
        )
    return networks


def _is_wifi(name: str) -> bool:
    folder = SYS_CLASS_NET / name
    if folder.is_dir():
        return (folder / "wireless").exists() or (folder / "phy80211").exists()
    return name.lower().startswith(("wi-fi", "wifi", "wlan", "wireless"))
