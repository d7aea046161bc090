"""What the collector needs to know; sonca/settings.py fills it from the server's settings file."""

from dataclasses import dataclass
from pathlib import Path

from collector.store.settings import StoreSettings
from contract.connection import BrokerConnection


@dataclass(frozen=True)
class CollectorSettings:
    """`data` is the folder that relative paths (store, state, secrets) start from."""

    broker: BrokerConnection
    data: Path
    schools: tuple[Path, ...]
    store: StoreSettings
    state_url: str  # SQLAlchemy URL of the relational state
    name: str = "collector"
    share: str = ""  # several collectors of one name for the share divide the messages (MQTT 5 brokers)
