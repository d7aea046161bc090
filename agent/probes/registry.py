"""All that an agent can measure: a new probe is one file and one line here."""

from collections.abc import Mapping
from importlib import import_module

from agent.probes import disk, dns, host, network_card, ping, restarts, smart, tcp, temperature, web, wifi
from agent.probes.finding import Finding, ProbeFunction, Task


def _when_needed(module: str) -> ProbeFunction:
    """A probe that few agents run, imported at its first run: it weighs nothing on all others."""

    def probe(task: Task) -> list[Finding]:
        run: ProbeFunction = import_module(module).probe
        return run(task)

    return probe


def _of_both(own: ProbeFunction, polled: ProbeFunction) -> ProbeFunction:
    """A probe of this machine that is asked of polled devices as well."""
    return lambda task: (own if task.device is None else polled)(task)


PROBES: Mapping[str, ProbeFunction] = {
    "host": _of_both(host.probe, _when_needed("agent.probes.router_host")),
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
    "throughput": _when_needed("agent.probes.throughput"),
    "projector": _when_needed("agent.probes.pjlink"),
    "snmp_system": _when_needed("agent.probes.snmp_system"),
    "interface": _when_needed("agent.probes.interface"),
    "snmp_host": _when_needed("agent.probes.snmp_host"),
    "printer": _when_needed("agent.probes.printer"),
    "ups": _when_needed("agent.probes.ups"),
    "wan": _when_needed("agent.probes.wan"),
    "wifi_network": _when_needed("agent.probes.wifi_network"),
    "network_neighbours": _when_needed("agent.probes.network_neighbours"),
    "dhcp_servers": _when_needed("agent.probes.dhcp_servers"),
    "gateway_arp": _when_needed("agent.probes.gateway_arp"),
    "traceroute": _when_needed("agent.probes.traceroute"),
}
