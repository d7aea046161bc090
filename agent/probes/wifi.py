"""wifi: signal, rates and channel of each Wi-Fi card."""

import sys

from agent.probes.deadline import Deadline
from agent.probes.finding import Finding, Task
from agent.probes.outcomes import Unsupported


def probe(task: Task) -> list[Finding]:
    """One finding for each Wi-Fi card, its target the interface name; a card without a link is unreachable.

    Raises Unsupported without any card, PermissionError where Windows wants the user's consent to location.
    """
    deadline = Deadline(task.deadline_seconds)
    if sys.platform == "win32":
        from agent.probes.wifi_windows import windows_links

        findings = windows_links(task)
    else:
        from agent.probes.wifi_linux import linux_links

        findings = linux_links(task, deadline)
    if not findings:
        raise Unsupported("this machine has no Wi-Fi card")
    return findings


def channel_of(frequency_mhz: int) -> int | None:
    """The channel number at a centre frequency of the 2.4, 5 and 6 GHz bands; None elsewhere."""
    if frequency_mhz == 2484:
        return 14
    if 2412 <= frequency_mhz <= 2472:
        return (frequency_mhz - 2407) // 5
    if 5160 <= frequency_mhz <= 5885:
        return (frequency_mhz - 5000) // 5
    return (frequency_mhz - 5950) // 5 if 5955 <= frequency_mhz <= 7115 else None


def printable(name: str) -> str:
    """A network name as it may be stored: anybody can give a network any bytes for a name."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name)[:64]
