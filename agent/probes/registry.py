"""All that an agent can measure: a new probe is one file and one line here."""

from collections.abc import Mapping

from agent.probes import disk, dns, host, network_card, ping, tcp, temperature, web, wifi
from agent.probes.finding import ProbeFunction

PROBES: Mapping[str, ProbeFunction] = {
    "host": host.probe,
    "disk": disk.probe,
    "network_card": network_card.probe,
    "temperature": temperature.probe,
    "ping": ping.probe,
    "dns": dns.probe,
    "web": web.probe,
    "tcp": tcp.probe,
    "wifi": wifi.probe,
}
