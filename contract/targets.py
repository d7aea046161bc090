"""Targets as people write them, in the agent's settings and in school.yaml, and the groups they stand in.

One entry may name several ways to ask (`ping` and `web` of the same service): each becomes one Target.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from contract.messages import Target
from contract.shapes import BadValue, Between, check_distinct
from contract.topics import Slug

GATEWAY = "gateway"
INTERNET = "internet"
DNS = "dns"
SERVICES = "services"
LAN = "lan"  # throughput to the school's own server

# The probes whose success in the internet group proves that a device got out; a resolver may answer from its cache.
REACHING_PROBES = ("ping", "tcp", "web")

GATEWAY_TARGET = Target(GATEWAY, "default", "ping")


def check_host(text: str) -> None:
    """Raises BadValue for what cannot be a host name or an address."""
    if not text or re.search(r"[\s/]", text):
        raise BadValue(f"{text[:60]!r} is not a host name or an address", "write it alone, for example example.vn")


def check_host_port(text: str) -> None:
    """Raises BadValue unless a host and a port are there."""
    if not re.fullmatch(r"[^\s/]+:[0-9]{1,5}", text):
        raise BadValue(f"{text[:60]!r} is not host:port", "write for example example.vn:443")


def check_url(text: str) -> None:
    """Raises BadValue unless it starts like a web address, with a port that can be one."""
    if not re.match(r"https?://[^\s/]", text):
        raise BadValue(f"{text[:60]!r} is not a web address", "start it with https:// or http://")
    try:
        _ = urlsplit(text).port
    except ValueError as error:
        told = f"{text[:60]!r} is not a web address: {error}"
        raise BadValue(told, "write for example https://example.vn:8443/") from error


Host = Annotated[str, check_host]
HostPort = Annotated[str, check_host_port]
Url = Annotated[str, check_url]


@dataclass(frozen=True)
class TargetEntry:
    """One named thing to reach. At least one of ping, tcp, web, dns says how; `label` is the name people read."""

    name: Slug
    label: str = ""
    ping: Host | None = None  # host name or address
    tcp: HostPort | None = None
    web: Url | None = None
    dns: Host | None = None  # name to look up
    server: str = ""  # dns: the resolver to ask; empty is the system's own
    expect_status: Annotated[int, Between(100, 599)] | None = None
    expect_text: str | None = None

    def __post_init__(self) -> None:
        if not (self.ping or self.tcp or self.web or self.dns):
            example = "add one of ping, tcp, web or dns, for example web: https://example.vn/"
            raise BadValue(f"the target {self.name} does not say how to ask it", example)


def targets_of(group: str, entries: Iterable[TargetEntry]) -> list[Target]:
    """The targets that the entries of one group stand for."""
    return [
        Target(group, entry.name, probe, address, entry.server, entry.expect_status, entry.expect_text)
        for entry in entries
        for probe, address in (("ping", entry.ping), ("tcp", entry.tcp), ("web", entry.web), ("dns", entry.dns))
        if address
    ]


def check_entries(group: str, entries: Iterable[TargetEntry]) -> None:
    """Raises BadShape when two entries of a group share a name."""
    check_distinct((f"{group}[{index}].name", entry.name) for index, entry in enumerate(entries))


def host_of(target: Target) -> str:
    """The host that a target of a reaching probe is on: a ping's address, a tcp's before the port, a URL's."""
    if target.probe == "ping":
        return target.address
    found = re.match(r"(?:https?://)?(?:[^/@]*@)?(?:\[([^]]+)\]|([^/:?#]+))", target.address)
    return (found[1] or found[2]) if found else target.address


def group_of(target: str) -> str:
    """The group in a measurement's target (`internet/cloudflare`), empty where there is none."""
    group, separator, _ = target.partition("/")
    return group if separator else ""
