"""Where a broker listens: on loopback, or elsewhere with TLS and never without."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from broker_config.errors import BrokerError

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Tls:
    """The broker's certificate. With `client_certificates` a device shows its own instead of a password: the common
    name in it is the user name."""

    authority_file: Path
    certificate_file: Path
    key_file: Path
    client_certificates: bool = False


@dataclass(frozen=True)
class Listener:
    """An address and a port. Raises BrokerError for an address that others can reach when there is no TLS."""

    port: int
    host: str = LOOPBACK
    tls: Tls | None = None

    def __post_init__(self) -> None:
        if self.tls is None and not _is_loopback(self.host):
            raise BrokerError(
                f"the broker must not listen on {self.host} without TLS: passwords would travel readable",
                "give it a certificate, or leave it on 127.0.0.1",
            )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False  # "localhost" too: what a name means is decided elsewhere
