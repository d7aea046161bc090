"""The Wi-Fi link on Linux, from `iw` (nl80211), /proc/net/wireless and, without iw, from NetworkManager."""

import contextlib
import re
from pathlib import Path

from agent.probes.deadline import Deadline
from agent.probes.finding import Finding, Task
from agent.probes.program import output_of
from agent.probes.wifi import channel_of, printable
from agent.probes.wifi_roaming import LINKS, Sent
from contract.messages import Outcome, Value

SYS_CLASS_NET = Path("/sys/class/net")
WIRELESS = Path("/proc/net/wireless")
QUALITY_SCALE = 70  # the kernel rates links of drivers that speak cfg80211 from 0 to 70

_IW = {
    "frequency_mhz": re.compile(r"^\s*freq:\s*(\d{4,5})(?:\.\d+)?\s*$", re.MULTILINE),
    "signal_dbm": re.compile(r"^\s*signal:\s*(-\d{1,3}) dBm", re.MULTILINE),
    "receive_rate_mbps": re.compile(r"^\s*rx bitrate:\s*(\d{1,5}(?:\.\d)?) MBit/s", re.MULTILINE),
    "send_rate_mbps": re.compile(r"^\s*tx bitrate:\s*(\d{1,5}(?:\.\d)?) MBit/s", re.MULTILINE),
}
_ACCESS_POINT = re.compile(r"^Connected to ([0-9a-f]{2}(?::[0-9a-f]{2}){5})\b", re.MULTILINE)
# The first of each is of the whole link: the same may follow for each traffic class, and for each part of an MLO link.
_SENT = [re.compile(rf"^\s*tx {word}:\s*(\d{{1,19}})\s*$", re.MULTILINE) for word in ("packets", "retries", "failed")]
_SSID = re.compile(r"^\s*SSID: (.+)$", re.MULTILINE)
_ESCAPED = re.compile(rb"\\x([0-9a-fA-F]{2})")
_INTEGERS = ("frequency_mhz",)


def linux_links(task: Task, deadline: Deadline) -> list[Finding]:
    """A finding for each Wi-Fi card; none without cards."""
    cards = wifi_cards(SYS_CLASS_NET)
    task.step(f"Wi-Fi cards: {', '.join(cards) or 'none'}")
    kernel = read_wireless(WIRELESS.read_text()) if WIRELESS.exists() else {}
    return [_link(card, kernel.get(card, {}), task, deadline) for card in cards]


def wifi_cards(sys_class_net: Path) -> list[str]:
    """The interfaces that are Wi-Fi cards, by name; empty where the system has no such folder (macOS, BSD)."""
    if not sys_class_net.is_dir():
        return []
    return sorted(
        card.name for card in sys_class_net.iterdir() if (card / "wireless").exists() or (card / "phy80211").exists()
    )


def _link(card: str, kernel: dict[str, Value], task: Task, deadline: Deadline) -> Finding:
    fields = _details(card, task, deadline)
    if not fields and not kernel:
        task.step(f"{card} has no link")
        return Finding(Outcome.UNREACHABLE, target=card)
    return Finding(Outcome.OK, {**kernel, **fields}, card)


def _details(card: str, task: Task, deadline: Deadline) -> dict[str, Value]:
    """What iw says, or else NetworkManager; neither program is part of every system."""
    with contextlib.suppress(FileNotFoundError):
        task.step(f"asking iw about {card}")
        link = output_of(["iw", "dev", card, "link"], deadline.left("iw"))[0]
        return {**read_iw(link), **_roaming(card, link, deadline)}
    with contextlib.suppress(FileNotFoundError):
        task.step(f"there is no iw: asking NetworkManager about {card}")
        columns = "ACTIVE,SSID,CHAN,FREQ,RATE,SIGNAL"
        command = ["nmcli", "-t", "-f", columns, "device", "wifi", "list", "ifname", card, "--rescan", "no"]
        return read_nmcli(output_of(command, deadline.left("nmcli"))[0])
    task.step("there is neither iw nor NetworkManager: only the kernel's signal is known")
    return {}


def _roaming(card: str, link: str, deadline: Deadline) -> dict[str, Value]:
    """Asks for the counters of the card's own access point only: a dump would name others as well."""
    joined = _ACCESS_POINT.search(link)
    if joined is None:
        return {}
    station = output_of(["iw", "dev", card, "station", "get", joined[1]], deadline.left("iw"))[0]
    return LINKS.follow(card, joined[1], read_sent(station))


def read_sent(station: str) -> Sent | None:
    """What `iw dev X station get` says of packets sent; None where the driver does not count them."""
    counted = [int(found[1]) for pattern in _SENT if (found := pattern.search(station))]
    return Sent(*counted) if len(counted) == len(_SENT) else None


def read_iw(output: str) -> dict[str, Value]:
    """The fields in what `iw dev X link` prints; empty when it prints "Not connected."."""
    fields: dict[str, Value] = {}
    for name, pattern in _IW.items():
        match = pattern.search(output)
        if match:
            fields[name] = int(match[1]) if name in _INTEGERS else float(match[1])
    ssid = _SSID.search(output)
    if ssid:
        # iw writes bytes that are not plain ASCII as \xNN; together they are UTF-8.
        raw = _ESCAPED.sub(lambda match: bytes((int(match[1], 16),)), ssid[1].encode("utf-8", "replace"))
        fields["network_name"] = printable(raw.decode("utf-8", "replace"))
    return _with_channel(fields)


def read_nmcli(output: str) -> dict[str, Value]:
    """The fields of the active network in what nmcli -t prints (ACTIVE,SSID,CHAN,FREQ,RATE,SIGNAL)."""
    for line in output.splitlines():
        columns = [part.replace("\\:", ":").replace("\\\\", "\\") for part in re.split(r"(?<!\\):", line)]
        if len(columns) != 6 or columns[0] != "yes":
            continue
        fields: dict[str, Value] = {"network_name": printable(columns[1])} if columns[1] else {}
        for name, text in (("channel", columns[2]), ("frequency_mhz", columns[3])):
            if match := re.match(r"\d{1,5}", text, re.ASCII):
                fields[name] = int(match[0])
        if match := re.match(r"\d{1,5}", columns[4], re.ASCII):
            fields["send_rate_mbps"] = float(match[0])
        if re.fullmatch(r"\d{1,2}|100", columns[5], re.ASCII):
            fields["signal_percent"] = float(columns[5])
        return _with_channel(fields)
    return {}


def read_wireless(table: str) -> dict[str, dict[str, Value]]:
    """Signal by card in the text of /proc/net/wireless; cards without a link are left out."""
    cards: dict[str, dict[str, Value]] = {}
    for line in table.splitlines()[2:]:
        name, separator, rest = line.partition(":")
        numbers = re.findall(r"(-?\d{1,6})\.", rest)
        if not separator or len(numbers) < 2:
            continue
        quality, level = int(numbers[0]), int(numbers[1])
        if quality > 0 and -150 <= level < 0:
            percent = round(min(100.0, 100 * quality / QUALITY_SCALE), 1)
            cards[name.strip()] = {"signal_percent": percent, "signal_dbm": float(level)}
    return cards


def _with_channel(fields: dict[str, Value]) -> dict[str, Value]:
    frequency = fields.get("frequency_mhz")
    if isinstance(frequency, int) and "channel" not in fields:
        channel = channel_of(frequency)
        if channel is not None:
            fields["channel"] = channel
    return fields
