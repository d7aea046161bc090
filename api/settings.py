"""What the API needs to know; sonca/settings.py fills it from the server's settings file."""

from dataclasses import dataclass
from pathlib import Path

from collector.store.settings import StoreSettings


@dataclass(frozen=True)
class ApiSettings:
    """`data` is the folder that relative paths start from."""

    data: Path
    schools: tuple[Path, ...]
    store: StoreSettings
    state_url: str  # SQLAlchemy URL of the relational state
    host: str = "127.0.0.1"
    port: int = 8480
