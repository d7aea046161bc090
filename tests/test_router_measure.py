"""The probes of the shell agent, each alone under busybox, on recorded answers of ubus."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collector.accept import accept_batch
from contract.messages import Batch, Measurement, Outcome, encode
from contract.topics import Channel, Topic
from tests.peers import need_root
from tests.router import AGENT, RECORDED, SITE, Router
from tests.waiting import best_of, now_ms

STATUS = json.loads((RECORDED / "network.interface.wan.status.json").read_text(encoding="utf-8"))


@pytest.fixture
def router(tmp_path: Path) -> Router:
    return Router(tmp_path)


def by_probe(measurements: list[Measurement]) -> dict[tuple[str, str], Measurement]:
    return {(entry.probe, entry.target): entry for entry in measurements}


def changed(name: str, change: Callable[[Any], None]) -> Any:
    answer = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    change(answer)
    return answer


def test_a_whole_round_fits_the_catalogue(router: Router) -> None:
    measurements = router.measure("use_own; measure_round $UNITS")
    batch = Batch(AGENT, "boot", 1, tuple(measurements), 0)
    accepted = accept_batch(Topic(SITE, AGENT, Channel.MEASUREMENTS), encode(batch), now_ms(), lambda *_: False)
    assert (accepted.refused, accepted.unknown_fields) == ([], 0)
    assert {(entry.probe, entry.target) for entry in accepted.measurements} == {
        ("agent", ""),
        ("host", ""),
        ("network_card", "eth0"),
        ("ping", "gateway/default"),
        ("ping", "internet/here"),
        ("wan", "wan"),
        ("wifi_network", "radio0/hoa-mai-1"),
        ("wifi_network", "radio1/default_radio1"),
    }
    assert all(abs(entry.taken_at - now_ms()) < 300_000 for entry in measurements)


def test_host(router: Router) -> None:
    first = router.measure("measure_host; measure_host")[-1]
    first.fields.pop("cpu_percent", None)  # that of the machine of the tests, and absent when no tick has passed
    assert first.fields == {
        "uptime_seconds": 2925,
        "load_1m": 0.07,
        "memory_total_bytes": 125026304,
        "memory_available_bytes": 54865920,
        "memory_used_percent": 56.1,
        "swap_total_bytes": 0,
    }


def test_memory_of_a_release_that_does_not_say_what_is_available(router: Router) -> None:
    router.answer("system.info", changed("system.info", lambda answer: answer["memory"].pop("available")))
    [entry] = router.measure("measure_host")
    assert entry.fields["memory_available_bytes"] == 79298560 + 25432064


def test_the_line_its_card_and_its_gateway(router: Router) -> None:
    need_root("busybox's ping")
    found = best_of(
        lambda: by_probe(router.measure("rm -f $RUN/pending/*; measure_wan")),
        lambda found: found["ping", "gateway/default"].outcome is Outcome.OK,
    )
    assert found["wan", "wan"].fields == {"connected": True, "protocol": "pppoe", "connected_seconds": 16448}
    assert found["network_card", "eth0"].fields == {
        "received_bytes": 6082948690,
        "sent_bytes": 194322964,
        "receive_errors": 1,
        "send_errors": 0,
        "receive_drops": 17,
        "send_drops": 3,
        "link_up": True,
        "link_speed_mbps": 1000,
    }
    ping = found["ping", "gateway/default"]
    assert (ping.outcome, ping.fields["address"], ping.fields["received"]) == (Outcome.OK, "127.0.0.1", 1)


def test_a_line_that_is_down_is_measured_and_has_no_gateway(router: Router) -> None:
    router.answer("network.interface.wan.status", {"up": False, "proto": "pppoe", "device": "eth0"})
    router.answer("network.device.status.eth0", changed("network.device.status.eth0", no_link))
    found = by_probe(router.measure("measure_wan"))
    assert found["wan", "wan"].outcome is Outcome.OK
    assert found["wan", "wan"].fields == {"connected": False, "protocol": "pppoe"}
    card = found["network_card", "eth0"].fields
    assert (card["link_up"], "link_speed_mbps" in card) == (False, False)
    assert found["ping", "gateway/default"].outcome is Outcome.UNREACHABLE


def no_link(answer: Any) -> None:
    answer["carrier"] = False
    answer["speed"] = "-1F"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (None, Outcome.UNSUPPORTED),
        ("3\n", Outcome.UNSUPPORTED),
        ("5\n", Outcome.BAD_ANSWER),
        ("6\n", Outcome.NO_PERMISSION),
        ("7\n", Outcome.TIMEOUT),
        ("255\n", Outcome.ERROR),
        ("<html>login</html>\n", Outcome.BAD_ANSWER),
        ('{"up": tr\n', Outcome.BAD_ANSWER),
        ("{}\n", Outcome.BAD_ANSWER),
        ("[]\n", Outcome.BAD_ANSWER),
        ("\n", Outcome.BAD_ANSWER),
    ],
)
def test_a_failure_is_a_word(router: Router, answer: str | None, outcome: Outcome) -> None:
    for name in ("system.info", "network.interface.wan.status", "network.wireless.status"):
        router.answer(name, answer)
    found = by_probe(router.measure("measure_host; measure_wan; measure_wifi"))
    assert found["host", ""].outcome is outcome
    assert found["wan", "wan"].outcome is outcome
    assert {entry.outcome for key, entry in found.items() if key[0] == "wifi_network"} <= {
        outcome,
        Outcome.UNSUPPORTED,  # an object without radios is a router without Wi-Fi
    }
    assert not any(entry.fields for entry in found.values())


def test_without_ubus_everything_of_it_is_an_error(router: Router) -> None:
    router.put_program("ubus", "#!/bin/sh\nexit 127\n")
    assert {entry.outcome for entry in router.measure("measure_host; measure_wan; measure_wifi")} == {Outcome.ERROR}


def test_a_hostile_answer_ends_in_no_field_and_runs_nothing(router: Router, tmp_path: Path) -> None:
    trap = f"$(touch {tmp_path}/trapped)"
    router.answer(
        "network.interface.wan.status",
        {"up": True, "proto": f"\"{trap}`'", "uptime": trap, "device": f"eth0'; touch {tmp_path}/trapped; '"},
    )
    router.answer("network.wireless.status", {f"radio'{trap}": {"up": True, "interfaces": [{}]}})
    found = by_probe(router.measure("measure_wan; measure_wifi"))
    assert found["wan", "wan"].fields == {"connected": True}
    assert not (tmp_path / "trapped").exists()


def test_wifi_networks(router: Router) -> None:
    found = by_probe(router.measure("measure_wifi"))
    assert found["wifi_network", "radio0/hoa-mai-1"].fields == {
        "on_air": True,
        "channel": 7,
        "frequency_mhz": 2442,
        "noise_dbm": -87,
        "channel_used_percent": 40.0,
        "clients": 2,
    }
    assert found["wifi_network", "radio1/default_radio1"].fields == {"on_air": False}


def test_nobodys_device_is_named(router: Router) -> None:
    text = "".join(encode(entry).decode() for entry in router.measure("use_own; measure_round $UNITS"))
    assert "02:00:5e" not in text.lower()


def test_what_a_driver_does_not_know_is_absent(router: Router) -> None:
    router.answer("iwinfo.info.wlan0", {"channel": 7, "frequency": 2442, "noise": 0})
    router.answer("hostapd.wlan0.get_status", {"airtime": {"time": 0, "time_busy": 0, "utilization": 0}})
    router.answer("hostapd.wlan0.get_clients", {"freq": 2442, "clients": {}})
    fields = by_probe(router.measure("measure_wifi"))["wifi_network", "radio0/hoa-mai-1"].fields
    assert fields == {"on_air": True, "channel": 7, "frequency_mhz": 2442, "clients": 0}


def test_one_of_iwinfo_and_hostapd_is_enough_and_none_is_a_failure(router: Router) -> None:
    for name in ("hostapd.wlan0.get_status", "hostapd.wlan0.get_clients"):
        router.answer(name, None)
    entry = by_probe(router.measure("measure_wifi"))["wifi_network", "radio0/hoa-mai-1"]
    assert (entry.outcome, entry.fields["channel"], "clients" in entry.fields) == (Outcome.OK, 7, False)
    router.answer("iwinfo.info.wlan0", "7\n")
    router.answer("hostapd.wlan0.get_clients", "7\n")
    entry = router.measure("rm -f $RUN/pending/*; measure_wifi")[0]
    assert (entry.outcome, entry.fields) == (Outcome.TIMEOUT, {"on_air": True})


def test_two_networks_of_one_name_stay_apart(router: Router) -> None:
    one = {"section": "first", "ifname": "wlan0", "config": {"mode": "ap", "ssid": "Hoa  Mai!"}}
    two = {"section": "@wifi-iface[1]", "ifname": "wlan0-1", "config": {"mode": "ap", "ssid": "hoa mai"}}
    router.answer("network.wireless.status", {"radio0": {"up": True, "interfaces": [one, two]}})
    targets = [entry.target for entry in router.measure("measure_wifi")]
    assert sorted(targets) == ["radio0/hoa-mai", "radio0/wifi-iface1"]


@pytest.mark.parametrize("wireless", [{}, {"radio0": {"up": False, "disabled": True, "interfaces": [{}]}}])
def test_a_router_without_wifi_says_so(router: Router, wireless: object) -> None:
    router.answer("network.wireless.status", wireless)
    [entry] = router.measure("measure_wifi")
    assert (entry.target, entry.outcome) == ("", Outcome.UNSUPPORTED)


# Written after busybox's ping.c; of the first, fourth and sixth its 1.35 wrote the like on Debian.
PINGS = [
    (
        "64 bytes from 127.0.0.1: seq=0 ttl=64 time=0.040 ms\n64 bytes from 127.0.0.1: seq=1 ttl=64 time=0.083 ms\n"
        "64 bytes from 127.0.0.1: seq=3 ttl=64 time=0.059 ms\n\n--- 127.0.0.1 ping statistics ---\n"
        "5 packets transmitted, 3 packets received, 40% packet loss\nround-trip min/avg/max = 0.040/0.060/0.083 ms\n",
        Outcome.OK,
        {"sent": 5, "received": 3, "loss_percent": 40.0, "round_trip_min_ms": 0.04, "round_trip_ms": 0.06}
        | {"round_trip_max_ms": 0.08, "jitter_ms": 0.03, "address": "192.0.2.1"},
    ),
    (
        "PING 192.0.2.1 (192.0.2.1): 56 data bytes\n\n--- 192.0.2.1 ping statistics ---\n"
        "5 packets transmitted, 0 packets received, 100% packet loss\n",
        Outcome.TIMEOUT,
        {"sent": 5, "received": 0, "loss_percent": 100.0, "address": "192.0.2.1"},
    ),
    ("ping: sendto: Network is unreachable\n", Outcome.UNREACHABLE, {}),
    ("ping: sendto: Network unreachable\n", Outcome.UNREACHABLE, {}),  # with musl, as on OpenWrt
    ("ping: bad address 'nowhere.example'\n", Outcome.NAME_NOT_FOUND, {}),
    ("ping: permission denied (are you root?)\n", Outcome.NO_PERMISSION, {}),
    ("", Outcome.ERROR, {}),
]


@pytest.mark.parametrize(("output", "outcome", "fields"), PINGS)
def test_what_ping_writes_becomes_numbers_and_a_word(
    router: Router, tmp_path: Path, output: str, outcome: Outcome, fields: dict[str, object]
) -> None:
    (tmp_path / "output").write_text(output)
    router.put_program("ping", f"#!/bin/sh\ncat {tmp_path}/output\n")
    [entry] = router.measure("measure_ping internet/here 192.0.2.1")
    assert (entry.outcome, entry.fields) == (outcome, fields)
