"""A line of known speed: a PC and a server in network namespaces, each end shaped by `tc tbf`. Needs root.

with ShapedLine(20) as line:
    subprocess.run(within(line.pc, ...))
"""

import secrets
import subprocess
from types import TracebackType

from tests.namespaces import ip, within
from tests.peers import need, need_root

PC, SERVER = "10.78.1.2", "10.78.1.3"


class ShapedLine:
    """Made on entry, removed on exit; `down` and `up` are Mbit/s of Ethernet frames, as tbf counts them."""

    def __init__(self, down: int, up: int) -> None:
        need("ip")
        need("tc")
        need_root("a network namespace")
        suffix = secrets.token_hex(3)
        self.pc, self.server = f"sonca-pc-{suffix}", f"sonca-server-{suffix}"
        self._rates = {self.pc: up, self.server: down}

    def __enter__(self) -> "ShapedLine":
        for name in (self.pc, self.server):
            ip("netns", "add", name)
        ip("link", "add", "eth0", "netns", self.pc, "type", "veth", "peer", "name", "eth0", "netns", self.server)
        for name, address in ((self.pc, PC), (self.server, SERVER)):
            run(name, "ip", "link", "set", "lo", "up")
            run(name, "ip", "address", "add", f"{address}/24", "dev", "eth0")
            run(name, "ip", "link", "set", "eth0", "up")
            shape = ("tbf", "rate", f"{self._rates[name]}mbit", "burst", "32kb", "latency", "50ms")
            run(name, "tc", "qdisc", "add", "dev", "eth0", "root", *shape)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for name in (self.pc, self.server):
            subprocess.run(["ip", "netns", "delete", name], check=False)


def run(namespace: str, *command: str) -> None:
    subprocess.run(within(namespace, *command), check=True)
