"""What devices tell by SNMP: recorded switches, access points and UPS, printers written from the facts, and snmpd."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from agent.probes import interface, snmp_system
from agent.probes.registry import PROBES
from agent.run_probe import Job, run_probe
from contract.messages import Measurement, Outcome, Target, Value
from contract.metrics import PROBES as CATALOGUE
from contract.metrics import Misfit, fitted
from tests.snmp_peers import recorded, running_snmpd, running_snmpsim, snmp_2c, snmp_3, snmp_task, spoiled_line
from tests.tree import ROOT
from tests.waiting import best_of, patiently

FROM_PACKAGE = (
    "network/switch/dlink-des3038",
    "network/wifi/ubiquiti-m5",
    "UPS/eastpower-istars-swv053",
    "UPS/huawei-gse200m",
    "os/linux/slackware",
)
RECORDED = [recorded(name) for name in FROM_PACKAGE] + sorted((ROOT / "tests" / "recorded").glob("*.snmprec"))
SWITCH, ACCESS_POINT, UPS, OLD_UPS, LINUX = (name.rpartition("/")[2] for name in FROM_PACKAGE)
LASER, COLOUR, ON_BATTERY = (
    f"written-from-{name}"
    for name in ("facts-printer-some-remaining", "facts-printer-colour", "rfc1628-ups-on-battery")
)


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with running_snmpsim(tmp_path_factory.mktemp("snmpsim"), *RECORDED) as port:
        yield port


class Asked:
    """Asks the devices of one simulator, each by the name of its recording."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port, self._folder = port, folder

    def all(self, probe: str, device: str, port: int | None = None, deadline: float = 30.0) -> list[Measurement]:
        task = snmp_task(snmp_2c(self._folder, port or self.port, device), deadline, device)
        job = Job(Target("", "", probe, "127.0.0.1"), 60.0, deadline, task.device)
        found = run_probe(PROBES[probe], job, lambda: 0)
        assert {entry.device for entry in found} == {device}
        for entry in found:
            assert not isinstance(fitted(CATALOGUE[entry.probe], entry.fields), Misfit)
            assert entry.fields.keys() <= CATALOGUE[entry.probe].fields.keys()
        return found

    def one(self, probe: str, device: str) -> dict[str, Value]:
        found = [entry for entry in self.all(probe, device) if entry.probe == probe]
        assert [entry.outcome for entry in found] == [Outcome.OK]
        return found[0].fields

    def parts(self, probe: str, device: str, part: str) -> dict[str, dict[str, Value]]:
        return {entry.target: entry.fields for entry in self.all(probe, device) if entry.probe == part}


@pytest.fixture
def asked(simulator: int, tmp_path: Path) -> Asked:
    return Asked(simulator, tmp_path)


def test_a_device_tells_since_when_it_runs_and_what_it_is_and_no_person(asked: Asked) -> None:
    fields = asked.one("snmp_system", LASER)
    assert float(fields.pop("answer_ms")) > 0
    assert fields == {"uptime_seconds": 86_400, "description": "Brother NC-8800w, Firmware Ver.1.05"}
    assert asked.one("snmp_system", SWITCH)["description"] == "D-Link DES-3028 Fast Ethernet Switch"


def test_a_switch_tells_of_its_real_ports(asked: Asked) -> None:
    ports = asked.parts("interface", SWITCH, "interface")
    assert list(ports) == [f"1-{number}" for number in range(1, 29)]  # and not the VLANs
    assert ports["1-1"] == {"link_up": False, "enabled": True}
    assert ports["1-25"] == {"link_up": True, "enabled": True, "link_speed_mbps": 1000}


def test_an_access_point_without_64_bit_counters_tells_of_its_ports(asked: Asked) -> None:
    ports = asked.parts("interface", ACCESS_POINT, "interface")
    assert ports["eth0"] == {"link_up": True, "enabled": True, "link_speed_mbps": 100}
    assert "lo" not in ports


def test_traffic_is_told_from_the_second_run_on(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interface, "_samples", interface.Samples())
    first = asked.parts("interface", SWITCH, "interface")["1-1"]
    second = best_of(lambda: asked.parts("interface", SWITCH, "interface")["1-1"], lambda fields: fields != first)
    assert second.keys() - first.keys() == {
        f"{way}_{what}"
        for way in ("receive", "send")
        for what in ("bits_per_second", "errors_per_minute", "discards_per_minute")
    }
    assert {second[name] for name in second.keys() - first.keys()} == {0}  # a recording stands still


def test_a_printer_without_numbers_has_words(asked: Asked) -> None:
    assert asked.parts("printer", LASER, "supply") == {
        "black-toner": {"level": "some_remaining", "description": "Black Toner Cartridge"},
        "drum": {"level_percent": 80.0, "description": "Drum Unit"},
        "waste-toner": {"level": "unknown", "description": "Waste Toner Box"},
    }
    assert asked.one("printer", LASER) == {
        "state": "idle",
        "health": "running",
        "alerts": "none",
        "alert_count": 0,
        "pages": 18_234,
    }


def test_a_printer_with_numbers_has_percentages_where_they_can_be_true(asked: Asked) -> None:
    supplies = asked.parts("printer", COLOUR, "supply")
    assert {name: fields.get("level_percent") for name, fields in supplies.items()} == {
        "black-toner": 7.0,
        "cyan-toner": 55.0,  # its unit is percent, so no capacity is needed
        "magenta-toner": 0.0,
        "yellow-toner": None,  # more than fits
        "fuser": None,
    }
    assert (supplies["yellow-toner"]["level"], supplies["fuser"]["level"]) == ("some_remaining", "empty")
    assert supplies["fuser"]["description"] == "Bộ sấy"
    printer = asked.one("printer", COLOUR)
    assert (printer["state"], printer["health"], printer["pages"]) == ("printing", "warning", 52_345)
    assert (printer["alerts"], printer["alert_count"]) == ("low_toner, jammed, output_near_full", 3)


def test_a_ups_on_mains_does_not_claim_to_last_0_minutes(asked: Asked) -> None:
    assert asked.one("ups", UPS) == {
        "output_source": "mains",
        "on_battery": False,
        "battery_state": "normal",
        "charge_percent": 100,
        "alarms": 0,
        "battery_volts": 213.0,
        "temperature_celsius": 36,
        "load_percent": 30,
        "input_volts": 236,
    }


def test_a_ups_that_tells_less_has_fewer_fields(asked: Asked) -> None:
    fields = asked.one("ups", OLD_UPS)
    assert {"charge_percent", "temperature_celsius", "input_volts"} & fields.keys() == set()
    assert (fields["on_battery"], fields["load_percent"]) == (False, 8)


def test_a_ups_on_battery_says_how_long(asked: Asked) -> None:
    fields = asked.one("ups", ON_BATTERY)
    assert (fields["on_battery"], fields["output_source"], fields["battery_state"]) == (True, "battery", "low")
    assert (fields["charge_percent"], fields["minutes_left"], fields["input_volts"]) == (18, 0, 0)


def test_a_host_tells_of_processor_memory_and_disks(asked: Asked) -> None:
    fields = asked.one("snmp_host", LINUX)
    assert fields == {
        "cpu_percent": 11.0,
        "memory_total_bytes": 1_046_503_424,
        "memory_used_percent": 71.2,
        "swap_used_percent": 49.0,
    }
    disks = asked.parts("snmp_host", LINUX, "snmp_storage")
    assert disks.keys() == {"root", "usr-local", "export"}
    assert disks["export"]["disk_used_percent"] == 94.2


@pytest.mark.parametrize(
    ("probe", "device"),
    [("ups", SWITCH), ("printer", SWITCH), ("snmp_host", SWITCH), ("interface", UPS), ("printer", LINUX)],
)
def test_what_a_device_does_not_offer_is_unsupported(asked: Asked, probe: str, device: str) -> None:
    [only] = asked.all(probe, device)
    assert (only.probe, only.outcome, only.fields) == (probe, Outcome.UNSUPPORTED, {})


@pytest.mark.parametrize("probe", ["snmp_system", "interface", "snmp_host", "printer", "ups"])
def test_a_silent_device_is_a_timeout_of_each_probe(asked: Asked, probe: str) -> None:
    with spoiled_line(asked.port, lambda _, __: []) as port:
        [only] = asked.all(probe, COLOUR, port, deadline=0.8)
    assert (only.outcome, only.fields) == (Outcome.TIMEOUT, {})


@pytest.mark.parametrize(("probe", "device"), [("printer", COLOUR), ("ups", ON_BATTERY), ("snmp_host", LINUX)])
def test_half_a_device_keeps_what_it_told_with_the_word_for_the_rest(asked: Asked, probe: str, device: str) -> None:
    whole = asked.all(probe, device)[0].fields

    def is_half(answers: int, seconds: float) -> bool:
        with spoiled_line(asked.port, lambda number, answer: [answer] if number < answers else []) as port:
            half = asked.all(probe, device, port, deadline=seconds)[0]
        assert half.outcome is Outcome.TIMEOUT or answers > 2
        assert all(whole[name] == value for name, value in half.fields.items())
        return len(half.fields) > 0

    for answers in (12, 2):
        patiently(1.2, partial(is_half, answers))


def test_ports_keep_what_they_told_beside_the_word_for_the_rest(asked: Asked) -> None:
    def are_kept(seconds: float) -> bool:
        with spoiled_line(asked.port, lambda number, answer: [answer] if number < 15 else []) as port:
            *ports, trouble = asked.all("interface", SWITCH, port, deadline=seconds)
        assert (trouble.target, trouble.outcome, trouble.fields) == ("", Outcome.TIMEOUT, {})
        return {entry.outcome for entry in ports} == {Outcome.OK}

    patiently(1.5, are_kept)


@pytest.mark.parametrize("version", ["2c", "3"])
def test_a_real_snmpd_tells_of_itself(tmp_path: Path, version: str) -> None:
    with running_snmpd(tmp_path) as port:
        task = snmp_task(snmp_2c(tmp_path, port) if version == "2c" else snmp_3(tmp_path, port))
        [system] = snmp_system.probe(task)
        findings = [*PROBES["snmp_host"](task), *PROBES["interface"](task)]
    assert str(system.fields["description"]).startswith("Linux")
    host = findings[0].fields
    assert 0 < float(host["memory_used_percent"]) < 100
    assert float(host["memory_total_bytes"]) > 2**20
    assert any(finding.fields.get("link_up") for finding in findings)
