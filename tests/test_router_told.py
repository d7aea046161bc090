"""The shell agent follows what the server tells it to probe, as far as a shell can."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collector.settings_publisher import probe_settings
from contract import defaults
from contract.messages import ProbeSettings, Target, encode
from inventory.school import School
from tests.brokers import RunningBroker, running_broker
from tests.collecting import CollectingPeer
from tests.router import ACCOUNT, AGENT, SENDER, SITE, Router
from tests.waiting import now_ms, wait_until

HERE = Target("internet", "told", "ping", "127.0.0.2")
SERVICE = Target("services", "server", "ping", "127.0.0.3")
FOREIGN = (
    Target("internet", "google", "web", "http://example.com/"),
    Target("dns", "system", "dns", "vnexpress.net"),
    Target("gateway", "default", "ping"),
)
OWN = {"TARGETS": "internet/here=127.0.0.1", "REPORT_SECONDS": "1", "PING_SECONDS": "3", "EVERY_internet": ""}


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[RunningBroker]:
    with running_broker("mosquitto", tmp_path, "collector", ACCOUNT, SENDER) as running:
        yield running


def used(router: Router, told: bytes, *names: str) -> dict[str, str]:
    """What the agent makes of a payload: its variables."""
    script = f"hear_settings '{told.decode()}'\nuse_told" + "".join(
        f'\necho "{name}=$(echo ${name})"' for name in names
    )
    output = router.output(script)
    return dict(line.split("=", 1) for line in output.splitlines() if "=" in line)


@pytest.fixture
def router(tmp_path: Path) -> Router:
    return Router(tmp_path)


def test_what_a_shell_can_probe_is_taken_and_the_rest_left(router: Router) -> None:
    settings = ProbeSettings(
        (*FOREIGN, HERE, SERVICE),
        {"internet": 7.0, "ping": 9.5, "wan": 0.2, "dns": 5.0, "host": 600},
        {"ping": 4.0, "web": 9.0},
        20.0,
    )
    names = ("TARGETS", "EVERY_internet", "EVERY_services", "EVERY_ping", "EVERY_wan", "EVERY_host", "EVERY_agent")
    assert used(router, encode(settings), *names, "PING_SECONDS", "REPORT_SECONDS") == {
        "TARGETS": "internet/told=127.0.0.2 services/server=127.0.0.3",
        "EVERY_internet": "7",
        "EVERY_services": "",
        "EVERY_ping": "9",
        "EVERY_wan": "1",
        "EVERY_host": "600",
        "EVERY_agent": "",
        "PING_SECONDS": "4",
        "REPORT_SECONDS": "20",
    }


def test_without_a_ping_of_the_internet_its_own_stay(router: Router) -> None:
    told = encode(ProbeSettings((*FOREIGN, SERVICE)))
    assert used(router, told, "TARGETS")["TARGETS"] == "internet/here=127.0.0.1 services/server=127.0.0.3"


def test_what_the_collector_publishes_is_understood(router: Router) -> None:
    told = encode(probe_settings(School(SITE, "Hoa Mai"), now_ms()))
    pings = [f"internet/{entry.name}={entry.ping}" for entry in defaults.INTERNET if entry.ping]
    assert used(router, told, "TARGETS")["TARGETS"].split() == pings


@pytest.mark.parametrize(
    "told",
    [
        "",
        "{",
        "null",
        "[]",
        '{"version":2,"report_seconds":9}',
        {"version": 1, "targets": [{"group": "internet", "name": "x", "probe": "ping", "address": "-f 127.0.0.1"}]},
        {"version": 1, "targets": [{"group": "internet", "name": "x;reboot", "probe": "ping", "address": "127.0.0.1"}]},
        {"version": 1, "targets": [{"group": "internet", "name": "x", "probe": "ping", "address": "$(reboot)"}]},
        {"version": 1, "targets": [{"group": "$x", "name": "x", "probe": "ping", "address": "127.0.0.1"}, 7, None]},
        {"version": 1, "targets": "many", "interval_seconds": {"a;b": 3, "internet": "often"}},
        {"version": 1, "report_seconds": -5, "deadline_seconds": {"ping": 1e300}, "interval_seconds": [4]},
    ],
    ids=str,
)
def test_what_cannot_be_meant_leaves_its_own_options_in_use(router: Router, told: Any) -> None:
    payload = told if isinstance(told, str) else json.dumps(told)
    assert used(router, payload.encode(), *OWN) == OWN


def test_each_is_measured_as_often_as_told(router: Router) -> None:
    told = encode(ProbeSettings(interval_seconds={"wan": 4.0, "ping": 3.0, "services": 60.0, "wifi_network": 60.0}))
    rounds = "".join(f"\nNOW={second}000 start_round; wait" for second in range(6))
    script = f"hear_settings '{told.decode()}'\nuse_told\nmeasure_round() {{ echo $*; }}{rounds}"
    assert router.output(script).splitlines() == [
        "agent host wan wifi_network internet services",
        "agent host",
        "agent host",
        "agent host internet",
        "agent host wan",
        "agent host",
    ]


def test_a_round_that_goes_on_holds_back_the_next(router: Router) -> None:
    waiting = "while [ ! -f $RUN/over ]; do sleep 0.1; done"
    rounds = "NOW=0; start_round; NOW=9000; start_round; : >$RUN/over; wait"
    script = f"use_told; measure_round() {{ echo $*; {waiting}; }}; {rounds}"
    assert len(router.output(script).splitlines()) == 1


def test_what_was_told_outlives_the_agent(router: Router) -> None:
    used(router, encode(ProbeSettings((HERE,))))
    assert router.output("use_told; echo $TARGETS") == "internet/told=127.0.0.2\n"


def test_the_options_of_a_router_stay_where_the_server_says_nothing(router: Router) -> None:
    assert used(router, encode(ProbeSettings()), *OWN) == OWN


def test_it_follows_the_server_until_the_word_is_taken_back(tmp_path: Path, broker: RunningBroker) -> None:
    def targets() -> set[str]:
        return {entry.target for batch in peer.batches for entry in batch.measurements if entry.probe == "ping"}

    with CollectingPeer(broker) as peer:
        peer.tell(SITE, AGENT, ProbeSettings((HERE, SERVICE)))
        with Router(tmp_path, broker) as router:
            wait_until(lambda: {"internet/told", "services/server"} <= targets())
            peer.batches.clear()
            peer.tell(SITE, AGENT, None)
            wait_until(lambda: "internet/here" in targets())
    assert "the server told what to probe: 2 pings, a report every 1 s" in router.log
