"""The world of an agent on this machine alone: everything that the default schedule asks, answered on loopback."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.dns_server import dnsmasq
from tests.web_server import make_certificate, site

NAME = "benchmark.example"


@dataclass(frozen=True)
class Loopback:
    """Three times host:port, and the certificate that the secure site shows."""

    web: str
    secure_web: str
    resolver: str
    certificate: Path


@contextlib.contextmanager
def running_loopback(folder: Path) -> Iterator[Loopback]:
    """Two web servers and a dnsmasq, stopped afterwards; the certificate stands in the folder."""
    made = make_certificate(folder, days=90)
    with site() as web, site(made) as secure, dnsmasq(f"--address=/{NAME}/127.0.0.1") as resolver:
        yield Loopback(web, secure, resolver, made.certificate)
