"""The account of a classroom PC or a router at the broker of `sonca up`, and the settings that are copied to it."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import yaml

from broker_config.accounts import SENDER, Accounts
from broker_config.embedded import EmbeddedBroker
from contract.connection import BrokerConnection
from contract.topics import BadName, check_slug
from contract.transfer import PORT as TRANSFER_PORT
from contract.trouble import Trouble
from inventory.school import read_school
from sonca.data_folder import DataFolder, plain
from sonca.elsewhere import public_listener
from sonca.leftovers import ProcessList
from sonca.router_settings import AUTHORITY, PASSWORD, SENDER_PASSWORD, router_settings


def make_agent_account(data: Path, site: str, name: str, *, renew: bool = False, router: bool = False) -> Iterator[str]:
    """Makes the account, tells a running broker, writes the folder of the PC or router.

    Yields what was done; raises Trouble.
    """
    folder = DataFolder(data.resolve())
    if not folder.school_file.exists():
        raise Trouble(f"{folder.path} holds no SonCa data", "start `sonca up` once, or name its folder with --data")
    try:
        user = f"{check_slug(site)}.{check_slug(name)}"
    except BadName as error:
        raise Trouble(str(error), "for example: sonca agent-account hoa-mai lop-choi-1") from error
    accounts = Accounts(folder.accounts)
    files = {PASSWORD: accounts.password_file(accounts.add(user, renew=renew).name)}
    if router:
        files[SENDER_PASSWORD] = accounts.password_file(accounts.add(f"{user}.{SENDER}", renew=renew).name)
    public = public_listener(folder, read_school(folder.school_file).name)
    broker = EmbeddedBroker(folder.broker, public=public, log_file=folder.logs / "broker.log")
    yield f"account {user}: {_tell_broker(broker, accounts, folder)}"
    there = folder.path / "agents" / name
    connection = BrokerConnection(broker.host, user, PASSWORD, broker.port, broker.mqtt_version)
    if public is not None:
        files[AUTHORITY] = folder.certificates / "authority.crt"
        connection = replace(connection, host=public.host, port=public.port, tls_ca_file=AUTHORITY)
    _copy(files, there)
    if router:
        (there / "sonca").write_text(router_settings(site, name, connection), encoding="utf-8")
    else:
        settings = {"site": site, "agent": name, "broker": plain(connection)}
        if public is not None:
            settings["throughput"] = {"lan": {"address": _host_port(public.host)}}
        text = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)
        (there / "agent.yaml").write_text(text, encoding="utf-8")
    yield f"settings for the {'router' if router else 'PC'}: {there}"
    if not router:
        yield "copied to the PC, they start with it once this was run there: sonca service install agent agent.yaml"
    if public is None:
        yield "they reach the broker from this machine only; for others start `sonca up --listen ADDRESS` first"


def _host_port(host: str) -> str:
    return f"[{host}]:{TRANSFER_PORT}" if ":" in host else f"{host}:{TRANSFER_PORT}"


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


def _copy(files: dict[str, Path], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, source in files.items():
        shutil.copy2(source, folder / name)  # with its rights: a password is readable for its owner only
