"""network_card: traffic and errors of each network card since the PC started."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psutil

from agent.probes.finding import Finding, Task
from agent.probes.outcomes import Unsupported
from contract.messages import Outcome, Value

SYS_CLASS_NET = Path("/sys/class/net")
UNKNOWN_SPEEDS_FROM = 1_000_000  # Mbit/s; drivers answer 65535 or 2^32-1 for "I do not know"

_VIRTUAL = re.compile(
    r"lo\d*$|loopback|docker|veth|br-|bridge|virbr|ifb|dummy|tun|tap|wg|zt|tailscale|sit|gif|stf|awdl|llw|utun|anpi|ap\d"
    r"|vethernet|vmware|virtualbox|teredo|isatap|bluetooth|local area connection\*|npcap|bond|vlan|macvlan|nlmon",
    re.IGNORECASE,
)


def probe(task: Task) -> list[Finding]:
    """One finding for each card, its target the interface name. Raises Unsupported without any."""
    counters, states = psutil.net_io_counters(pernic=True), psutil.net_if_stats()
    names = own_cards(counters)
    task.step(f"found the interfaces {', '.join(counters) or 'none'}; network cards are {', '.join(names) or 'none'}")
    if not names:
        raise Unsupported("this machine has no network card")
    return [Finding(Outcome.OK, _fields(counters[name], states.get(name)), name) for name in names]


def own_cards(names: Iterable[str], sys_class_net: Path = SYS_CLASS_NET) -> list[str]:
    """The real cards among interface names.

    Linux links each interface of real (or a hypervisor's) hardware to its device; a container has none of these, and
    elsewhere there is no such folder: there the names decide.
    """
    names = list(names)
    real = [name for name in names if (sys_class_net / name / "device").exists()]
    return real or [name for name in names if not _VIRTUAL.match(name)]


def _fields(counter: Any, state: Any) -> dict[str, Value]:
    """From psutil's snetio and snicstats (None where it knows no state)."""
    fields: dict[str, Value] = {
        "received_bytes": counter.bytes_recv,
        "sent_bytes": counter.bytes_sent,
        "receive_errors": counter.errin,
        "send_errors": counter.errout,
        "receive_drops": counter.dropin,
        "send_drops": counter.dropout,
    }
    if state is not None:
        fields["link_up"] = bool(state.isup)
        if 0 < state.speed < UNKNOWN_SPEEDS_FROM and state.speed != 65535:
            fields["link_speed_mbps"] = int(state.speed)
    return fields
