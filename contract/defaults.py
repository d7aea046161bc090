"""What is probed, and how often, where neither the agent's file nor school.yaml says otherwise.

Every list is an example and can be replaced. No group relies on one organisation: were the targets of one company
out of reach, the group would still tell whether the school is connected.
"""

from collections.abc import Mapping

from contract.targets import TargetEntry

REPORT_SECONDS = 30.0

# Past these a room that reaches the internet is called degraded, where school.yaml has no limits of its own.
LOSS_PERCENT = 5.0
ROUND_TRIP_MS = 200.0

# Looked up by the group of a target first, then by the probe.
INTERVAL_SECONDS: Mapping[str, float] = {
    "host": 30.0,
    "disk": 30.0,
    "network_card": 30.0,
    "temperature": 30.0,
    "smart": 3_600.0,
    "restarts": 3_600.0,
    "ping": 30.0,
    "dns": 60.0,
    "web": 60.0,
    "tcp": 60.0,
    "wifi": 60.0,
    "projector": 300.0,
    "snmp_system": 60.0,
    "interface": 60.0,
    "snmp_host": 60.0,
    "printer": 300.0,
    "ups": 60.0,
    "wan": 60.0,
    "wifi_network": 60.0,
    "network_neighbours": 900.0,
    "dhcp_servers": 900.0,
    "gateway_arp": 300.0,
    "traceroute": 300.0,
    "throughput": 43_200.0,
    "agent": 60.0,
    "services": 300.0,
}

DEADLINE_SECONDS: Mapping[str, float] = {
    "host": 5.0,
    "disk": 10.0,
    "network_card": 5.0,
    "temperature": 5.0,
    "smart": 30.0,
    "restarts": 20.0,
    "ping": 5.0,
    "dns": 5.0,
    "web": 10.0,
    "tcp": 5.0,
    "wifi": 5.0,
    "projector": 30.0,
    "snmp_system": 8.0,
    "interface": 20.0,
    "snmp_host": 15.0,
    "printer": 15.0,
    "ups": 10.0,
    "wan": 10.0,
    "wifi_network": 10.0,
    "network_neighbours": 60.0,
    "dhcp_servers": 60.0,
    "gateway_arp": 60.0,
    "traceroute": 60.0,
    "throughput": 60.0,
    "agent": 5.0,
}

INTERNET: tuple[TargetEntry, ...] = (
    TargetEntry("cloudflare", "Cloudflare", ping="1.1.1.1"),
    TargetEntry("quad9", "Quad9", ping="9.9.9.9"),
    TargetEntry("google-dns", "Google DNS", ping="8.8.8.8"),
    TargetEntry("google", "Google", web="http://connectivitycheck.gstatic.com/generate_204", expect_status=204),
    TargetEntry("mozilla", "Mozilla", web="http://detectportal.firefox.com/success.txt", expect_text="success"),
    TargetEntry(
        "gnome",
        "GNOME",
        web="http://nmcheck.gnome.org/check_network_status.txt",
        expect_text="NetworkManager is online",
    ),
)

DNS: tuple[TargetEntry, ...] = (
    TargetEntry("system", "DNS của mạng trường", dns="vnexpress.net"),
    TargetEntry("quad9", "Quad9", dns="vnexpress.net", server="9.9.9.9"),
)
