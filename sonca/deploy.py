"""Writes what deploy/compose.yaml mounts: broker, accounts, certificates, settings, boards, and secrets for .env.

Doing it again keeps every secret and the school file, and follows what is new: an agent, an address, InfluxDB's token
for Grafana, which InfluxDB makes itself at its first start.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from broker_config import mosquitto
from broker_config.accounts import COLLECTOR, Accounts
from broker_config.certificates import authority, issue_broker
from broker_config.listener import Listener, Tls
from broker_config.private_file import private_folder, write_private
from contract.connection import BrokerConnection
from dashboards.board import Setting
from dashboards.provisioning import TOKEN, Source, write
from inventory.school import School
from sonca.data_folder import DataFolder, plain
from sonca.elsewhere import TLS_PORT

INSIDE = Path("/sonca")  # where the containers see the folder `files`
API_PORT = 8480
_SETTINGS = "# Written by `sonca deploy`.\n"


@dataclass(frozen=True)
class Deployment:
    """`folder` holds compose.yaml. `address`: this machine's, as classroom PCs and people reach it."""

    folder: Path
    address: str
    agents: Sequence[str] = ()

    @property
    def files(self) -> Path:
        return self.folder / "files"


def deploy(wanted: Deployment) -> Iterator[str]:
    """Writes everything; what was done. Raises Trouble, BadName or OSError."""
    private_folder(wanted.files)
    school = DataFolder(wanted.files).prepare()
    accounts = Accounts(wanted.files / "accounts")
    for name in (COLLECTOR, *(f"{school.site}.{agent}" for agent in wanted.agents)):
        accounts.add(name)
    yield _broker(wanted, accounts, school)
    yield _server_settings(wanted)
    for agent in wanted.agents:
        yield _agent(wanted, accounts, school.site, agent)
    yield _boards(wanted, school)
    yield _secrets(wanted)


def _broker(wanted: Deployment, accounts: Accounts, school: School) -> str:
    now = datetime.now(UTC)
    authority(wanted.files / "certificates", school.name, now)
    issue_broker(wanted.files / "certificates", [wanted.address, "mosquitto"], now)
    there = INSIDE / "certificates"
    listener = Listener(TLS_PORT, "0.0.0.0", Tls(there / "authority.crt", there / "broker.crt", there / "broker.key"))  # noqa: S104 - in its container
    # As root: the image's own user could not read files that are for their owner only.
    runtime = mosquitto.Runtime(INSIDE / "broker", as_root=True)
    folder = private_folder(wanted.files / "broker")
    for name, text in mosquitto.files(runtime, [listener], accounts.logins()).items():
        write_private(folder / name, text)
    return f"broker: {len(accounts.logins())} accounts, TLS at {wanted.address}:{TLS_PORT}"


def _connection(host: str, user: str, password_file: str, authority_file: str) -> BrokerConnection:
    return BrokerConnection(host, user, password_file, TLS_PORT, tls_ca_file=authority_file)


def _server_settings(wanted: Deployment) -> str:
    broker = _connection("mosquitto", COLLECTOR, f"accounts/{COLLECTOR}", "certificates/authority.crt")
    influx = {"url": "http://influxdb:8086", "organization": "school", "token_file": "influx.token"}
    settings = {
        "broker": plain(broker),
        "schools": ["school.yaml"],
        "store": {"kind": "influx", "influx": influx},
        "api": {"host": "0.0.0.0", "port": API_PORT},  # noqa: S104 - in its container
    }
    path = wanted.files / "sonca.yaml"
    path.write_text(_SETTINGS + yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
    return f"settings: {path}"


def _agent(wanted: Deployment, accounts: Accounts, site: str, agent: str) -> str:
    """A folder to copy to a classroom PC."""
    user, folder = f"{site}.{agent}", private_folder(wanted.files / "agents" / agent)
    write_private(folder / "password", accounts.login(user).password + "\n")
    authority_file = wanted.files / "certificates" / "authority.crt"
    (folder / "authority.crt").write_bytes(authority_file.read_bytes())
    connection = _connection(wanted.address, user, "password", "authority.crt")
    text = yaml.safe_dump({"site": site, "agent": agent, "broker": plain(connection)}, sort_keys=False)
    (folder / "agent.yaml").write_text(text, encoding="utf-8")
    return f"agent {agent}: copy {folder} to its PC"


def _boards(wanted: Deployment, school: School) -> str:
    source = Source("http://influxdb:8086", "sonca", by_token=True)
    setting = Setting(time_zone=school.time_zone, pages=f"http://{wanted.address}:{API_PORT}")
    paths = write(wanted.files / "grafana", source, setting, seen_at=f"{INSIDE}/grafana")
    return f"boards: {len(paths)} files"


def _secrets(wanted: Deployment) -> str:
    known = _read(wanted.folder / ".env")
    for name in ("SONCA_INFLUX_ADMIN_PASSWORD", "SONCA_INFLUX_ADMIN_TOKEN", "SONCA_GRAFANA_PASSWORD"):
        known.setdefault(name, secrets.token_urlsafe(24))
    write_private(wanted.files / "influx-admin.token", known["SONCA_INFLUX_ADMIN_TOKEN"] + "\n")
    token = wanted.files / "influx-grafana.token"  # made by `sonca influx setup` when InfluxDB has started
    known[TOKEN] = token.read_text(encoding="utf-8").strip() if token.exists() else ""
    write_private(wanted.folder / ".env", "".join(f"{name}={value}\n" for name, value in known.items()))
    if known[TOKEN]:
        return "secrets: complete; start everything with `docker compose up -d`"
    return "secrets: start `docker compose up influx-setup`, then run this again for Grafana's token"


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines: Iterator[tuple[str, str, str]] = (line.partition("=") for line in path.read_text().splitlines())
    found: Mapping[str, str] = {name: value for name, sign, value in lines if sign}
    return dict(found)
