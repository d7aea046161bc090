"""Targets as people write them, in the agent's settings and in school.yaml, and the groups they stand in.

One entry may name several ways to ask (`ping` and `web` of the same service): each becomes one Target.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from contract.messages import Target

GATEWAY = "gateway"
INTERNET = "internet"
DNS = "dns"
SERVICES = "services"

# The probes whose success in the internet group proves that a device got out; a resolver may answer from its cache.
REACHING_PROBES = ("ping", "tcp", "web")

GATEWAY_TARGET = Target(GATEWAY, "default", "ping")


@dataclass(frozen=True)
class TargetEntry:
    """One named thing to reach. At least one of ping, tcp, web, dns says how; `label` is the name people read."""

    name: str
    label: str = ""
    ping: str | None = None  # host name or address
    tcp: str | None = None  # host:port
    web: str | None = None  # URL
    dns: str | None = None  # name to look up
    server: str = ""  # dns: the resolver to ask; empty is the system's own
    expect_status: int | None = None
    expect_text: str | None = None

    def __post_init__(self) -> None:
        if not (self.ping or self.tcp or self.web or self.dns):
            raise ValueError(f"target {self.name!r} needs one of ping, tcp, web or dns")


def targets_of(group: str, entries: Iterable[TargetEntry]) -> list[Target]:
    """The targets that the entries of one group stand for."""
    return [
        Target(group, entry.name, probe, address, entry.server, entry.expect_status, entry.expect_text)
        for entry in entries
        for probe, address in (("ping", entry.ping), ("tcp", entry.tcp), ("web", entry.web), ("dns", entry.dns))
        if address
    ]


def group_of(target: str) -> str:
    """The group in a measurement's target (`internet/cloudflare`), empty where there is none."""
    group, separator, _ = target.partition("/")
    return group if separator else ""
