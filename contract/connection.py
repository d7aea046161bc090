"""How to reach the broker: the same keys in the agent's and the server's settings."""

import dataclasses
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from contract.shapes import Between

Port = Annotated[int, Between(1, 65_535)]


@dataclass(frozen=True)
class BrokerConnection:
    """Where the broker is and who connects. The password stands in a file of its own (0600), never in the settings."""

    host: str
    username: str
    password_file: str
    port: Port = 1883
    mqtt_version: Literal["5", "3.1.1"] = "5"
    tls_ca_file: str | None = None  # set: TLS, and the broker's certificate must be signed by this authority
    tls_certificate_file: str | None = None  # the client's own, where the broker asks for one
    tls_key_file: str | None = None
    keep_alive_seconds: Annotated[int, Between(5, 3_600)] = 30

    def password(self, beside: Path = Path()) -> str:
        """The password, read from its file (relative to the folder `beside`). Raises OSError."""
        return (beside / self.password_file).read_text(encoding="utf-8").strip()

    def client_id(self, password: str) -> str:
        """The name of this user's session at the broker, the same after every restart.

        A broker hands a session, with the messages that wait in it, to any user who names it: so nobody may be able to
        guess the name who does not know the password. It holds no dot: nats-server refuses those.
        """
        digest = hashlib.sha256(f"{self.username}:{password}".encode()).hexdigest()[:16]
        return f"{self.username.replace('.', '-')}-{digest}"

    def anchored(self, folder: Path) -> "BrokerConnection":
        """The same with its files' paths made absolute; relative ones start from `folder`."""
        names = ("password_file", "tls_ca_file", "tls_certificate_file", "tls_key_file")
        files: dict[str, Any] = {
            name: str(folder / value) for name in names if (value := getattr(self, name)) is not None
        }
        return dataclasses.replace(self, **files)
