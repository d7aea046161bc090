"""The equipment of devices that speak SNMP: who they are, and what hangs on which of their ports."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.equipment_junk import is_junk_mac
from agent.equipment_snmp import maker_of, report, snmp_equipment
from agent.polled import EQUIPMENT_OF, PolledDevice
from agent.probes import snmp_session
from agent.probes.outcomes import BadAnswer, Unsupported
from agent.snmp_neighbours import heard, local_ports
from contract.messages import EquipmentReport, decode, encode
from tests.snmp_peers import recorded, running_snmpd, running_snmpsim, snmp_2c, snmp_task, spoiled_line
from tests.tree import ROOT

FROM_PACKAGE = ("network/switch/dlink-des3038", "os/linux/netmanage", "network/wifi/ubiquiti-m5", "UPS/eaton-93e-80")
WRITTEN = ROOT / "tests" / "recorded" / "written-from-facts-printer-some-remaining.snmprec"


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    recordings = [recorded(name) for name in FROM_PACKAGE]
    with running_snmpsim(tmp_path_factory.mktemp("snmpsim"), *recordings, WRITTEN) as port:
        yield port


@pytest.fixture
def equipment(simulator: int, tmp_path: Path) -> "Equipment":
    return Equipment(simulator, tmp_path)


class Equipment:
    def __init__(self, port: int, folder: Path) -> None:
        self.port, self._folder = port, folder

    def of(self, device: str, port: int | None = None, deadline: float = 20.0) -> tuple[str, dict[str, Any]]:
        return snmp_equipment(snmp_task(snmp_2c(self._folder, port or self.port, device), deadline, device))


def test_a_switch_says_on_which_port_each_device_hangs(equipment: Equipment) -> None:
    kind, content = equipment.of("dlink-des3038")
    assert kind == "switch"
    assert content["network_device"] == {
        "type": "Networking",
        "manufacturer": "D-Link",
        "description": "D-Link DES-3028 Fast Ethernet Switch",
        "mac": "00:22:b0:75:bb:c0",
    }
    ports = {port["ifname"]: port for port in content["network_ports"]}
    assert len(ports) == 28
    assert {"mac": "00:23:24:93:c4:c7"} in ports["1/21"]["connections"]
    assert all(len(port.get("connections", [])) <= 8 for port in ports.values())


def test_a_switch_knows_its_serial_and_its_neighbours(equipment: Equipment) -> None:
    _, content = equipment.of("netmanage")
    assert content["network_device"]["serial"] == "210235A0GKC158000929"
    assert {part["serial"] for part in content["network_components"] if "serial" in part} == {"210235A0GKC158000929"}
    [neighbour] = [port for port in content["network_ports"] if port.get("lldp")]
    assert neighbour["ifnumber"] == 24
    [said] = neighbour["connections"]
    assert (said["sysmac"], said["ifdescr"]) == ("38:91:d5:fb:74:2c", "GigabitEthernet1/0/33")
    assert said["sysdescr"].startswith("H3C Comware Platform Software")


def test_a_printer_tells_model_and_serial_and_no_person(equipment: Equipment) -> None:
    kind, content = equipment.of(WRITTEN.stem)
    assert kind == "printer"
    assert content["network_device"] == {
        "type": "Printer",
        "manufacturer": "Brother",
        "model": "Brother HL-L2350DW series",
        "serial": "E78283C1N512345",
        "description": "Brother NC-8800w, Firmware Ver.1.05",
        "mac": "00:80:92:a1:b2:c3",
    }
    assert "Lan" not in str(content)
    assert "Văn phòng" not in str(content)


def test_a_ups_and_an_access_point_are_what_they_are(equipment: Equipment) -> None:
    kind, content = equipment.of("eaton-93e-80")
    assert (kind, content["network_device"]["model"]) == ("ups", "EATON 93E 80")
    assert equipment.of("ubiquiti-m5")[1]["network_device"]["manufacturer"] == "Ubiquiti"


def test_the_same_device_looks_the_same_twice(equipment: Equipment) -> None:
    assert equipment.of("dlink-des3038") == equipment.of("dlink-des3038")


def test_a_report_marks_serials_that_prove_nothing(tmp_path: Path) -> None:
    text = WRITTEN.read_text(encoding="utf-8").replace("E78283C1N512345", "0000000000")
    (tmp_path / "junk.snmprec").write_text(text, encoding="utf-8")
    with running_snmpsim(tmp_path, tmp_path / "junk.snmprec") as port:
        device = snmp_task(snmp_2c(tmp_path, port, "junk"), device="printer-1").device
        assert device is not None
        found = report("pc-1", device, 1_000)
    assert (found.agent, found.device, found.taken_at, found.kind) == ("pc-1", "printer-1", 1_000, "printer")
    assert found.junk == ("network_device.serial",)
    assert decode(encode(found), EquipmentReport) == found


def test_a_device_that_cannot_be_asked_is_a_bad_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(snmp_session, "LIBRARIES", ())
    device = PolledDevice("switch-1", "127.0.0.1", snmp=snmp_2c(tmp_path, 9))
    with pytest.raises(BadAnswer, match="there is no SNMP library"):
        report("pc-1", device, 1_000)


def test_the_equipment_of_each_protocol_is_asked_by_its_module() -> None:
    assert {protocol: import_module(module).report for protocol, module in EQUIPMENT_OF.items()}["snmp"] is report


def test_half_a_device_is_no_report(equipment: Equipment) -> None:
    with (
        spoiled_line(equipment.port, lambda number, answer: [answer] if number < 30 else []) as port,
        pytest.raises(TimeoutError),
    ):
        equipment.of("dlink-des3038", port, deadline=2.0)


def test_a_real_snmpd_is_reported(tmp_path: Path) -> None:
    with running_snmpd(tmp_path) as port:
        kind, content = snmp_equipment(snmp_task(snmp_2c(tmp_path, port)))
    assert kind in ("other", "router", "switch", "access_point")
    assert content["network_device"]["description"].startswith("Linux")


@pytest.mark.parametrize(
    ("object_id", "maker"),
    [
        ("1.3.6.1.4.1.171.10.113.3.1", "D-Link"),
        ("1.3.6.1.4.1.8072.3.2.10", ""),
        ("1.3.6.1.4.1", ""),
        ("0.0", ""),
        (b"1.3.6.1.4.1.171", ""),
        (None, ""),
    ],
)
def test_the_maker_is_known_by_its_number(object_id: str | bytes | None, maker: str) -> None:
    assert maker_of(object_id) == maker


INDEXES = st.lists(st.integers(0, 300), min_size=1, max_size=9).map(lambda parts: ".".join(map(str, parts)))


@given(st.dictionaries(INDEXES, st.integers(-5, 100) | st.binary(max_size=4)))
def test_only_devices_with_an_address_of_their_own_are_heard(learned: dict[str, int | bytes]) -> None:
    for address, port in heard(learned, {}):
        assert not is_junk_mac(address)
        assert port > 0


def test_the_switchs_own_and_random_addresses_are_not_heard() -> None:
    learned = {"0.35.36.1.2.3": 4, "0.35.36.1.2.4": 5, "218.1.2.3.4.5": 6, "7.0.35.36.1.2.9": 7}
    how = {"0.35.36.1.2.4": 4}
    assert list(heard(learned, how)) == [("00:23:24:01:02:03", 4), ("00:23:24:01:02:09", 7)]


def test_ports_of_lldp_are_found_by_name_before_number() -> None:
    ids = {"1": b"Gi0/1", "2": b"\x00\x01", "3": b"nothing"}
    descriptions = {"2": b"Gi0/2"}
    assert local_ports(ids, descriptions, {"10101": "Gi0/1", "10102": "Gi0/2"}) == {"1": "10101", "2": "10102"}


def test_a_device_without_a_system_group_is_no_device(tmp_path: Path) -> None:
    (tmp_path / "empty.snmprec").write_text("1.3.6.1.2.1.99.1.0|2|1\n")
    with running_snmpsim(tmp_path, tmp_path / "empty.snmprec") as port, pytest.raises(Unsupported):
        snmp_equipment(snmp_task(snmp_2c(tmp_path, port, "empty")))
