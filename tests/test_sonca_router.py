"""A router on its way into the store: polled by a sentinel, or given an account for its own agent."""

import dataclasses
import re
import stat
from pathlib import Path

import pytest

from agent.polled import PolledDevice
from agent.ubus_settings import UbusSettings
from broker_config.accounts import Accounts
from broker_config.programs import KINDS
from contract.messages import Outcome
from sonca.agent_account import make_agent_account
from sonca.data_folder import DataFolder
from sonca.elsewhere import listen_at
from tests.brokers import running_broker
from tests.collector_process import running_collector, state_of, stored
from tests.rpcd import PASSWORD, USER, RunningRouter
from tests.running_agent import AGENT, SITE, RunningAgent, agent_settings
from tests.waiting import wait_until

SCHOOL = f"""
site: {SITE}
name: Trường Mầm non Hoa Mai
rooms:
  - {{id: lop-1, devices: [{{id: {AGENT}}}, {{id: router-1, kind: router, reported_by: [{AGENT}]}}]}}
"""


@pytest.mark.slow
def test_a_polled_router_is_stored_under_its_own_name_where_the_school_allows_it(tmp_path: Path) -> None:
    password_file = tmp_path / "router-password"
    password_file.write_text(PASSWORD)
    with (
        RunningRouter() as router,
        running_broker(KINDS[0], tmp_path, "collector", f"{SITE}.{AGENT}") as broker,
        running_collector(tmp_path, broker, SCHOOL),
    ):
        ubus = UbusSettings(USER, str(password_file), router.port)
        devices = tuple(PolledDevice(name, "127.0.0.1", ubus=ubus) for name in ("router-1", "router-2"))
        settings = dataclasses.replace(
            agent_settings(tmp_path, broker),
            devices=devices,
            interval_seconds=dict.fromkeys(("host", "wan", "wifi_network"), 1.0),
        )
        with RunningAgent(settings):
            wait_until(lambda: len(of_routers(tmp_path)) >= 4, every=0.3)
            wait_until(lambda: refused_for(tmp_path) == {"not_its_device"}, every=0.3)
            wait_until(lambda: set(of_routers(tmp_path).values()) == {Outcome.OK}, every=0.3)
            assert set(of_routers(tmp_path)) == {
                ("router-1", "host", ""),
                ("router-1", "wan", "wan"),
                ("router-1", "wifi_network", "radio0/hoa-mai-1"),
                ("router-1", "wifi_network", "radio1/default_radio1"),
            }


def of_routers(folder: Path) -> dict[tuple[str, str, str], Outcome]:
    return {
        (entry.device, entry.probe, entry.target): entry.outcome
        for entry in stored(folder, SITE)
        if entry.device.startswith("router")
    }


def refused_for(folder: Path) -> set[str]:
    with state_of(folder) as state:
        return {refused.reason for refused in state.refused()}


def test_a_router_gets_two_accounts_and_settings_to_copy(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    listen_at(folder, "127.0.0.2")
    said = list(make_agent_account(folder.path, "truong-cua-toi", "router-1", router=True))
    there = folder.path / "agents" / "router-1"
    assert said[-1] == f"settings for the router: {there}"
    assert sorted(path.name for path in there.iterdir()) == ["authority.crt", "password", "sender-password", "sonca"]
    assert {stat.S_IMODE((there / name).stat().st_mode) for name in ("password", "sender-password")} == {0o600}
    options = dict(re.findall(r"option (\w+) '(.*)'", (there / "sonca").read_text(encoding="utf-8")))
    assert (options["site"], options["agent"]) == ("truong-cua-toi", "router-1")
    assert (options["host"], options["port"]) == ("127.0.0.2", "8883")
    accounts = Accounts(folder.accounts)
    for name, file in (("router-1", "password"), ("router-1.sender", "sender-password")):
        assert accounts.login(f"truong-cua-toi.{name}").password == (there / file).read_text().strip()
