"""What the API needs to know; sonca/settings.py fills it from the server's settings file."""

from dataclasses import dataclass
from pathlib import Path

from collector.store.settings import StoreSettings
from contract.settings_file import SettingsError

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class ApiSettings:
    """`data` is the folder that relative paths start from."""

    data: Path
    schools: tuple[Path, ...]
    store: StoreSettings
    state_url: str  # SQLAlchemy URL of the relational state
    host: str = "127.0.0.1"
    port: int = 8480


def check_host(host: str) -> None:
    """Raises SettingsError unless only programs of this machine can reach the address."""
    if host not in LOOPBACK:
        raise SettingsError(
            f"api.host: {host} would show the school to everybody who reaches this machine: pages have no accounts yet",
            "use 127.0.0.1, and from another PC a tunnel: ssh -L 8480:127.0.0.1:8480 USER@THIS-MACHINE",
        )
