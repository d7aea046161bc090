"""A network segment with everything that a sentinel looks for, in network namespaces.

    sentinel 10.77.1.2 ──┐
    router 10.77.1.1 ────┤ switch        router ── provider ── internet 198.51.100.2
    rogue 10.77.1.60 ────┤               10.78.0.1  10.78.0.2
    printer 10.77.1.40 ──┤
    phone 10.77.1.30 ────┘ (its address chosen by software)

Needs root and iproute2; every namespace carries a random suffix, so that runs do not meet.
"""

import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from tests.namespaces import ip, within
from tests.peers import need
from tests.waiting import PATIENCE_SECONDS, wait_until

ROUTER, ROGUE, INTERNET, PROVIDER = "10.77.1.1", "10.77.1.60", "198.51.100.2", "10.78.0.2"
# The addresses of real makers: a Raspberry Pi watches, TP-Link makes routers, Brother printers.
HOSTS = {
    "sentinel": ("10.77.1.2", "b8:27:eb:00:00:02"),
    "router": (ROUTER, "50:c7:bf:00:00:01"),
    "rogue": (ROGUE, "00:1f:a4:00:00:60"),
    "printer": ("10.77.1.40", "00:1b:a9:00:00:40"),
    "phone": ("10.77.1.30", "da:a1:19:00:00:30"),
}
MACS = {name: mac for name, (_, mac) in HOSTS.items()}

_LIE = """
import sys, time
from scapy.layers.l2 import ARP, Ether
from scapy.sendrecv import sendp
mac, gateway, victim = sys.argv[1:]
while True:
    sendp(Ether(src=mac, dst=victim) / ARP(op="is-at", hwsrc=mac, psrc=gateway, pdst="10.77.1.2"), "eth0", verbose=0)
    time.sleep(0.3)
"""


class WatchedSegment:
    """Made on entry, removed on exit. `namespace[NAME]` is the namespace of each host."""

    def __init__(self) -> None:
        suffix = secrets.token_hex(3)
        names = (*HOSTS, "switch", "provider", "internet")
        self.namespace = {name: f"sonca-{name}-{suffix}" for name in names}

    def __enter__(self) -> "WatchedSegment":
        for namespace in self.namespace.values():
            ip("netns", "add", namespace)
        self.run("switch", "ip", "link", "add", "lan", "up", "type", "bridge")
        for name, (address, mac) in HOSTS.items():
            self._wire(name, "eth0", "switch", name, f"{address}/26", "", mac)
            self.run("switch", "ip", "link", "set", name, "master", "lan")
        self._wire("router", "uplink", "provider", "school", "10.78.0.1/24", f"{PROVIDER}/24")
        self._wire("internet", "eth0", "provider", "far", f"{INTERNET}/24", "198.51.100.1/24")
        routes = (("sentinel", ROUTER), ("router", PROVIDER), ("internet", "198.51.100.1"))
        for name, gateway in routes:
            self.run(name, "ip", "route", "add", "default", "via", gateway)
        self.run("provider", "ip", "route", "add", "10.77.1.0/24", "via", "10.78.0.1")
        for name in ("router", "provider"):
            self.run(name, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for namespace in self.namespace.values():
            subprocess.run(["ip", "netns", "delete", namespace], check=False)

    def within(self, name: str, *command: str) -> list[str]:
        """The command line that runs `command` in a host's namespace."""
        return within(self.namespace[name], *command)

    def run(self, name: str, *command: str) -> None:
        """Runs a command to its end in a host's namespace. Raises CalledProcessError."""
        subprocess.run(self.within(name, *command), check=True)

    @contextmanager
    def dhcp(self, name: str, leases: str = "/dev/null") -> Iterator[None]:
        """A real DHCP server on a host, that does not ask around first whether an address is free."""
        command = [need("dnsmasq"), "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--pid-file="]
        options = ["--dhcp-range=10.77.1.10,10.77.1.19,1h", f"--dhcp-leasefile={leases}", "--dhcp-authoritative"]
        listening = self.within(name, "ss", "-lunH", "sport = :67")
        with self.running(name, *command, *options, "--no-ping"):
            wait_until(lambda: bool(subprocess.run(listening, capture_output=True, check=True).stdout))
            yield

    @contextmanager
    def lying(self, name: str) -> Iterator[None]:
        """A host tells the sentinel over and over that the gateway's address is its own."""
        with self.running(name, sys.executable, "-c", _LIE, MACS[name], ROUTER, MACS["sentinel"]):
            yield

    @contextmanager
    def running(self, name: str, *command: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A program in a host's namespace, ended at the end."""
        process = subprocess.Popen(self.within(name, *command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE_SECONDS)

    def _wire(self, left: str, port: str, right: str, peer: str, address: str, other: str, mac: str = "") -> None:
        ends = ["peer", "name", peer, "netns", self.namespace[right]]
        ip(
            "link",
            "add",
            port,
            *(["address", mac] if mac else []),
            "netns",
            self.namespace[left],
            "type",
            "veth",
            *ends,
        )
        for name, card, own in ((left, port, address), (right, peer, other)):
            if own:
                self.run(name, "ip", "address", "add", own, "dev", card)
            self.run(name, "ip", "link", "set", card, "up")
