"""Devices that cannot run an agent: a sentinel asks them over the network and reports them under their own names.

An agent is a sentinel when its settings name such devices. Each protocol is one key of PolledDevice and one line of
PROBES_OF; what it needs to know (passwords in files of their own, ports) stands in a dataclass of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract.topics import Slug

# The probes that each protocol brings: what a device is asked follows from the keys that it has.
PROBES_OF: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True)
class PolledDevice:
    """One device; `id` is its name in the school's register, which must let this agent speak for it."""

    id: Slug
    address: str  # host name or IP address

    def probes(self) -> Iterator[str]:
        """The probes of the protocols that are set up for it."""
        for protocol, probes in PROBES_OF.items():
            if getattr(self, protocol) is not None:
                yield from probes
