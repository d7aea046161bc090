"""How an OpenWrt router is asked through its web server, where nothing may be installed on it."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from contract.connection import Port


@dataclass(frozen=True)
class UbusSettings:
    """A user of the router that may read; the password stands in a file of its own (0600).

    `https` without `certificate_file` wants a certificate that this machine trusts. A router signs its own: give that
    one, its /etc/uhttpd.crt as PEM.
    """

    username: str
    password_file: str
    port: Port | None = None  # 80, and 443 with https
    https: bool = False
    certificate_file: str | None = None
    wan: str = "wan"  # the interface that leads to the internet

    def anchored(self, folder: Path) -> "UbusSettings":
        """The same with its files' paths made absolute; relative ones start from `folder`."""
        certificate = None if self.certificate_file is None else str(folder / self.certificate_file)
        return dataclasses.replace(self, password_file=str(folder / self.password_file), certificate_file=certificate)
