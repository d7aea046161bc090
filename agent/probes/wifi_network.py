"""wifi_network: each Wi-Fi network of a polled OpenWrt router. Nobody's device is named: clients are only counted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from agent.probes.deadline import Deadline
from agent.probes.finding import Finding, Task
from agent.probes.outcomes import BadAnswer, Unsupported, outcome_of
from agent.probes.ubus_session import Answer, Question, ask, at, settings_of, told, whole
from contract.messages import Outcome, Value

_NAME = re.compile(r"[ -~]+")


@dataclass(frozen=True, slots=True)
class Network:
    """One network; `interface` is empty while it is not on the air."""

    target: str
    interface: str
    on_air: bool

    def questions(self) -> list[Question]:
        # Not `iwinfo survey`, which would tell more of the air: it has crashed rpcd on some MediaTek radios.
        hostapd = f"hostapd.{self.interface}"
        return [
            Question("iwinfo", "info", {"device": self.interface}),
            Question(hostapd, "get_status"),
            Question(hostapd, "get_clients"),
        ]


def probe(task: Task) -> list[Finding]:
    """One finding for each network, its target `radio/name`. Raises Unsupported without any, and what `ask` raises."""
    device, _ = settings_of(task.device)
    deadline = Deadline(task.deadline_seconds)
    # OpenWrt 25.12 answers network.wireless over HTTP with "invalid argument" (openwrt issue 25315); LuCI's has it too.
    questions = [Question("network.wireless", "status"), Question("luci-rpc", "getWirelessDevices")]
    first, second = ask(device, questions, deadline, task.step)
    found = list(networks(first if isinstance(first, dict) else told(second)))
    if not found:
        raise Unsupported("the router has no Wi-Fi network of its own")
    on_air = [network for network in found if network.interface]
    asked = [question for network in on_air for question in network.questions()]
    answers = iter(ask(device, asked, deadline, task.step) if asked else [])
    return [
        _finding(network, [next(answers) for _ in range(3)]) if network.interface else _silent(network)
        for network in found
    ]


def networks(wireless: dict[str, Any]) -> Iterator[Network]:
    """The access points in an answer of network.wireless. Raises BadAnswer when it is no such answer."""
    seen: set[str] = set()
    for radio, state in wireless.items():
        if not isinstance(state, dict) or not re.fullmatch(r"[\w-]{1,40}", radio, re.ASCII):
            raise BadAnswer("the list of radios is not one")
        if at(state, "disabled") is True:
            continue
        on_air = at(state, "up") is True
        entries = at(state, "interfaces")
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            if at(entry, "config", "mode") == "ap":
                interface = at(entry, "ifname")
                plain = isinstance(interface, str) and re.fullmatch(r"[\w.-]{1,40}", interface, re.ASCII)
                target = _target(radio, entry, index, seen)
                yield Network(target, interface if plain and on_air else "", on_air)


def _target(radio: str, entry: Any, index: int, seen: set[str]) -> str:
    """`radio/name` where the name is plain letters and not taken, else `radio/section` of the router's settings."""
    name, section = at(entry, "config", "ssid"), at(entry, "section")
    slug = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")[:48] if _is_plain(name) else ""
    kept = re.sub(r"[^A-Za-z0-9_-]", "", section)[:48] if isinstance(section, str) else ""
    words = (slug, kept, *(f"{kept}{number}" for number in range(index, index + len(seen) + 1)))
    target = next(target for word in words if word and (target := f"{radio}/{word}") not in seen)
    seen.add(target)
    return target


def _is_plain(name: object) -> bool:
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def _silent(network: Network) -> Finding:
    return Finding(Outcome.OK, {"on_air": network.on_air}, network.target)


def _finding(network: Network, answers: list[Answer]) -> Finding:
    """What iwinfo and hostapd say; one of the two that tells something is enough."""
    radio, status, clients = answers
    fields: dict[str, Value] = {"on_air": network.on_air, **_radio(radio), **_use(status)}
    connected = at(clients, "clients")
    if isinstance(connected, dict):
        fields["clients"] = len(connected)
    elif not isinstance(radio, dict):
        return Finding(outcome_of(radio), fields, network.target)
    return Finding(Outcome.OK, fields, network.target)


def _radio(answer: Answer) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    for name, key in (("channel", "channel"), ("frequency_mhz", "frequency")):
        if (value := whole(answer, key)) is not None:
            fields[name] = value
    noise = at(answer, "noise")
    if type(noise) is int and -150 <= noise < 0:  # 0 is what drivers say that cannot measure it
        fields["noise_dbm"] = noise
    return fields


def _use(answer: Answer) -> dict[str, Value]:
    """The share of time as hostapd tells its clients, 255 being always; with no time measured it knows nothing yet."""
    used, over = whole(answer, "airtime", "utilization"), whole(answer, "airtime", "time")
    return {"channel_used_percent": round(100 * used / 255, 1)} if used is not None and used <= 255 and over else {}
