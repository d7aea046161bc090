"""The world of an agent on this machine alone: everything that the default schedule asks, answered on loopback."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from tests.dns_server import dnsmasq
from tests.web_server import site

NAME = "benchmark.example"


@dataclass(frozen=True)
class Loopback:
    """Both are host:port."""

    web: str
    resolver: str


@contextlib.contextmanager
def running_loopback() -> Iterator[Loopback]:
    """A web server and a dnsmasq, stopped afterwards."""
    with site() as web, dnsmasq(f"--address=/{NAME}/127.0.0.1") as resolver:
        yield Loopback(web, resolver)
