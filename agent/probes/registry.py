"""All that an agent can measure: a new probe is one file and one line here."""

from collections.abc import Mapping
from importlib import import_module

from agent.probes import disk, dns, host, network_card, ping, restarts, smart, tcp, temperature, web, wifi
from agent.probes.finding import Finding, ProbeFunction, Task


def _of_a_sentinel(module: str) -> ProbeFunction:
    """A probe of a sentinel, imported at its first run: it weighs nothing on the many agents that are none."""

    def probe(task: Task) -> list[Finding]:
        run: ProbeFunction = import_module(module).probe
        return run(task)

    return probe


def _of_both(own: ProbeFunction, polled: ProbeFunction) -> ProbeFunction:
    """A probe of this machine that is asked of polled devices as well."""
    return lambda task: (own if task.device is None else polled)(task)


PROBES: Mapping[str, ProbeFunction] = {
    "host": _of_both(host.probe, _of_a_sentinel("agent.probes.router_host")),
    "disk": disk.probe,
    "network_card": network_card.probe,
    "temperature": temperature.probe,
    "smart": smart.probe,
    "ping": ping.probe,
    "dns": dns.probe,
    "web": web.probe,
    "tcp": tcp.probe,
    "wifi": wifi.probe,
    "restarts": restarts.probe,
    "projector": _of_a_sentinel("agent.probes.pjlink"),
    "snmp_system": _of_a_sentinel("agent.probes.snmp_system"),
    "interface": _of_a_sentinel("agent.probes.interface"),
    "snmp_host": _of_a_sentinel("agent.probes.snmp_host"),
    "printer": _of_a_sentinel("agent.probes.printer"),
    "ups": _of_a_sentinel("agent.probes.ups"),
    "wan": _of_a_sentinel("agent.probes.wan"),
    "wifi_network": _of_a_sentinel("agent.probes.wifi_network"),
    "network_neighbours": _of_a_sentinel("agent.probes.network_neighbours"),
    "dhcp_servers": _of_a_sentinel("agent.probes.dhcp_servers"),
    "gateway_arp": _of_a_sentinel("agent.probes.gateway_arp"),
    "traceroute": _of_a_sentinel("agent.probes.traceroute"),
}
