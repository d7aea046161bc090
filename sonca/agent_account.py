"""A classroom PC's account at the broker of `sonca up`, and the folder of settings that is copied to the PC."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import yaml

from broker_config.accounts import Accounts
from broker_config.embedded import EmbeddedBroker
from contract.connection import BrokerConnection
from contract.topics import BadName, check_slug
from contract.trouble import Trouble
from inventory.school import read_school
from sonca.data_folder import DataFolder, plain
from sonca.elsewhere import public_listener
from sonca.leftovers import ProcessList


def make_agent_account(data: Path, site: str, name: str, *, renew: bool = False) -> Iterator[str]:
    """Makes the account, tells a running broker, writes the PC's folder. Yields what was done; raises Trouble."""
    folder = DataFolder(data.resolve())
    if not folder.school_file.exists():
        raise Trouble(f"{folder.path} holds no SonCa data", "start `sonca up` once, or name its folder with --data")
    try:
        user = f"{check_slug(site)}.{check_slug(name)}"
    except BadName as error:
        raise Trouble(str(error), "for example: sonca agent-account hoa-mai lop-choi-1") from error
    accounts = Accounts(folder.accounts)
    accounts.add(user, renew=renew)
    public = public_listener(folder, read_school(folder.school_file).name)
    broker = EmbeddedBroker(folder.broker, public=public, log_file=folder.logs / "broker.log")
    yield f"account {user}: {_tell_broker(broker, accounts, folder)}"
    for_pc = folder.path / "agents" / name
    files = {"password": accounts.password_file(user)}
    connection = BrokerConnection(broker.host, user, "password", broker.port, broker.mqtt_version)
    if public is not None:
        files["authority.crt"] = folder.certificates / "authority.crt"
        connection = replace(connection, host=public.host, port=public.port, tls_ca_file="authority.crt")
    _write_for_pc(for_pc, {"site": site, "agent": name, "broker": plain(connection)}, files)
    yield f"settings for the PC: {for_pc}"
    if public is None:
        yield "they reach the broker from this machine only; for other PCs start `sonca up --listen ADDRESS` first"


def _tell_broker(broker: EmbeddedBroker, accounts: Accounts, folder: DataFolder) -> str:
    changed = broker.prepare(accounts)
    running = ProcessList(folder.processes_file).running().get("broker")
    if running is None:
        return "known to the broker when it starts"
    if not changed:
        return "known to the broker already"
    return (
        "the broker knows it now" if broker.reload(running.pid) else "restart `sonca up`, so that the broker knows it"
    )


def _write_for_pc(folder: Path, settings: dict[str, object], files: dict[str, Path]) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "agent.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), encoding="utf-8")
    for name, source in files.items():
        shutil.copy2(source, folder / name)  # with its rights: a password is readable for its owner only
