"""The server's settings file, sonca.yaml: one file for the collector and the API of one machine."""

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path

from api.settings import ApiSettings
from api.transfer_settings import TransferSettings
from broker_config.accounts import Accounts
from broker_config.errors import BrokerError
from collector.settings import CollectorSettings
from collector.store.settings import StoreSettings
from contract.connection import BrokerConnection, Port
from contract.settings_file import read_settings
from contract.shapes import BadShape
from contract.topics import BadName, Role
from contract.transfer import PORT as TRANSFER_PORT


@dataclass(frozen=True)
class CollectorEntry:
    """`share` names a group of collectors that divide the messages among them (MQTT 5 brokers)."""

    name: str = "collector"
    share: str = ""


@dataclass(frozen=True)
class ApiEntry:
    """Where the API and the pages listen."""

    host: str = "127.0.0.1"
    port: Port = 8480


@dataclass(frozen=True)
class ThroughputEntry:
    """The down / up endpoint of throughput tests; `accounts` is the folder of the broker's password files."""

    host: str = "127.0.0.1"
    port: Port = TRANSFER_PORT
    accounts: str = "accounts"


@dataclass(frozen=True)
class ServerSettings:
    """sonca.yaml. Relative paths start from the file's folder; read_server_settings returns them absolute."""

    broker: BrokerConnection
    schools: tuple[str, ...] = ("school.yaml",)
    data: str = "."
    store: StoreSettings = field(default_factory=StoreSettings)
    state_url: str = ""  # SQLAlchemy URL; empty: state.db in the data folder
    collector: CollectorEntry = field(default_factory=CollectorEntry)
    api: ApiEntry = field(default_factory=ApiEntry)
    throughput: ThroughputEntry | None = None


def read_server_settings(path: Path) -> ServerSettings:
    """The file at `path`, checked, its paths made absolute. Raises SettingsError with file, line, key and hint."""
    settings = read_settings(path, ServerSettings, _check)
    folder = path.resolve().parent
    data = folder / settings.data
    return dataclasses.replace(
        settings,
        broker=settings.broker.anchored(folder),
        schools=tuple(str(folder / school) for school in settings.schools),
        data=str(data),
        throughput=settings.throughput and _anchored(settings.throughput, folder),
        state_url=settings.state_url or f"sqlite:///{data / 'state.db'}",
    )


def _anchored(throughput: ThroughputEntry, folder: Path) -> ThroughputEntry:
    return dataclasses.replace(throughput, accounts=str(folder / throughput.accounts))


def _check(settings: ServerSettings) -> None:
    if not settings.schools:
        raise BadShape("schools", "names no school file", hint="list at least one, like [school.yaml]")
    if settings.store.kind == "influx" and settings.store.influx is None:
        raise BadShape("store.influx", "is missing", hint="kind: influx needs it, with at least its url")


def collector_settings(settings: ServerSettings) -> CollectorSettings:
    """What `sonca collector` hands to collector.run."""
    return CollectorSettings(
        settings.broker,
        Path(settings.data),
        tuple(map(Path, settings.schools)),
        settings.store,
        settings.state_url,
        settings.collector.name,
        settings.collector.share,
    )


def api_settings(settings: ServerSettings) -> ApiSettings:
    """What `sonca api` hands to the API."""
    return ApiSettings(
        Path(settings.data),
        tuple(map(Path, settings.schools)),
        settings.store,
        settings.state_url,
        settings.api.host,
        settings.api.port,
    )


def transfer_settings(entry: ThroughputEntry) -> TransferSettings:
    """What `sonca throughput` hands to the endpoint: agents have the same account there as at the broker."""
    accounts = Accounts(Path(entry.accounts))

    def password_of(user: str) -> str | None:
        try:
            login = accounts.login(user)
        except (BadName, BrokerError):  # whatever a stranger calls itself
            return None
        return login.password if Role.AGENT in login.account.roles else None

    return TransferSettings(entry.host, entry.port, password_of)
