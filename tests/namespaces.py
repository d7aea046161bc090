"""A small school network in network namespaces: a classroom PC and a server on one LAN, a router, and an internet.

    pc 10.77.1.2 ──┐
                   ├── bridge in router 10.77.1.1 ── uplink ── internet 198.51.100.2
    server 10.77.1.3 ─┘

Needs root and iproute2; every namespace carries a random suffix, so that runs do not meet.
"""

import secrets
import subprocess
from types import TracebackType

PC, SERVER, ROUTER, INTERNET = "10.77.1.2", "10.77.1.3", "10.77.1.1", "198.51.100.2"


class SchoolNetwork:
    """Made on entry, removed on exit. `pc`, `server`, `router` and `internet` are the names of its namespaces."""

    def __init__(self) -> None:
        suffix = secrets.token_hex(3)
        self.pc, self.server, self.router, self.internet = (
            f"sonca-{name}-{suffix}" for name in ("pc", "server", "router", "internet")
        )

    def __enter__(self) -> "SchoolNetwork":
        for name in (self.pc, self.server, self.router, self.internet):
            ip("netns", "add", name)
            self.run(name, "ip", "link", "set", "lo", "up")
        self.run(self.router, "ip", "link", "add", "lan", "type", "bridge")
        self._plug(self.pc, "pc", PC)
        self._plug(self.server, "server", SERVER)
        self.run(self.router, "ip", "address", "add", f"{ROUTER}/24", "dev", "lan")
        self.run(self.router, "ip", "link", "set", "lan", "up")
        self.run(self.router, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        self._uplink()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for name in (self.pc, self.server, self.router, self.internet):
            subprocess.run(["ip", "netns", "delete", name], check=False)

    def run(self, namespace: str, *command: str) -> None:
        """Runs a command to its end in a namespace. Raises CalledProcessError."""
        subprocess.run(within(namespace, *command), check=True)

    def set_uplink(self, up: bool) -> None:
        """Cuts or restores the line between the router and the internet."""
        self.run(self.router, "ip", "link", "set", "uplink", "up" if up else "down")

    def set_classroom(self, up: bool) -> None:
        """Pulls or plugs the cable of the classroom PC at the switch's side, so that the PC keeps its addresses."""
        self.run(self.router, "ip", "link", "set", "pc", "up" if up else "down")

    def _plug(self, namespace: str, port: str, address: str) -> None:
        ip("link", "add", "eth0", "netns", namespace, "type", "veth", "peer", "name", port, "netns", self.router)
        self.run(namespace, "ip", "address", "add", f"{address}/24", "dev", "eth0")
        self.run(namespace, "ip", "link", "set", "eth0", "up")
        self.run(namespace, "ip", "route", "add", "default", "via", ROUTER)
        self.run(self.router, "ip", "link", "set", port, "master", "lan", "up")

    def _uplink(self) -> None:
        ip(
            "link",
            "add",
            "eth0",
            "netns",
            self.internet,
            "type",
            "veth",
            "peer",
            "name",
            "uplink",
            "netns",
            self.router,
        )
        self.run(self.internet, "ip", "address", "add", f"{INTERNET}/24", "dev", "eth0")
        self.run(self.internet, "ip", "link", "set", "eth0", "up")
        self.run(self.internet, "ip", "route", "add", "default", "via", "198.51.100.1")
        self.run(self.router, "ip", "address", "add", "198.51.100.1/24", "dev", "uplink")
        self.run(self.router, "ip", "link", "set", "uplink", "up")


def within(namespace: str, *command: str) -> list[str]:
    """The command line that runs `command` inside a namespace."""
    return ["ip", "netns", "exec", namespace, *command]


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)
