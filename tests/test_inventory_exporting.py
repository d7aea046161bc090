"""What leaves the register for other systems: GLPI's inventory format, and open data."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.equipment import equipment_report
from contract.messages import EquipmentReport
from inventory.asset import Asset
from inventory.exporting.glpi import glpi_inventory
from inventory.exporting.open_data import FIELDS, Publisher, open_data
from sonca.simulate.equipment import equipment_of
from tests.equipment_reports import pc_report
from tests.example_workbook import example_day
from tests.registered import PC, PROJECTOR

RULES = json.loads((Path(__file__).parent / "recorded" / "glpi-inventory-rules.json").read_text(encoding="utf-8"))
PUBLISHER = Publisher("hoa-mai", "Trường Mầm non Hoa Mai", date(2026, 11, 25))
SWITCH = EquipmentReport(
    "pc-1",
    "switch-1",
    1,
    "switch",
    {
        "network_device": {"type": "Unmanaged", "manufacturer": "D-Link", "mac": "00:1b:21:00:00:01", "ram": 64},
        "network_ports": [
            {
                "ifnumber": 1,
                "ifname": "1",
                "iftype": "6",
                "ifstatus": "1",
                "connections": [{"mac": "00:1b:21:00:00:02"}],
            }
        ],
        "network_components": [{"index": 1, "type": "chassis", "serial": "R1", "containedinindex": 0}],
    },
)
PROJECTOR_REPORT = EquipmentReport(
    "pc-1",
    "projector-1",
    1,
    "projector",
    {"bios": {"smanufacturer": "EPSON", "ssn": "X4"}, "projector": {"lamp_models": ["ELPLP97"], "pjlink_class": 2}},
)


def valid(asset: Asset, report: EquipmentReport) -> dict[str, Any]:
    """The inventory, checked against the format."""
    inventory = glpi_inventory(asset, report)
    jsonschema.validate(inventory, RULES)
    return inventory


def test_every_simulated_pc_and_this_machine_are_valid_for_glpi() -> None:
    for pc in example_day().pcs.values():
        inventory = valid(PC, equipment_of(pc, 1))
        assert {"bios", "cpus", "hardware", "memories", "networks", "operatingsystem"} <= set(inventory["content"])
    assert valid(PC, equipment_report("pc-1", 1))["itemtype"] == "Computer"


@pytest.mark.parametrize(
    ("asset", "report", "itemtype", "kind"),
    [
        (replace(PC, kind="switch"), SWITCH, "NetworkEquipment", "Networking"),
        (PROJECTOR, PROJECTOR_REPORT, "Unmanaged", "Video"),
        (replace(PC, kind="ups"), SWITCH, "Unmanaged", "Power"),
        (replace(PC, kind="printer"), SWITCH, "Printer", "Printer"),
    ],
)
def test_what_is_no_pc_goes_as_a_network_device(
    asset: Asset, report: EquipmentReport, itemtype: str, kind: str
) -> None:
    inventory = valid(asset, report)
    assert (inventory["itemtype"], inventory["content"]["network_device"]["type"]) == (itemtype, kind)
    assert inventory["tag"] == asset.tag


def test_what_is_registered_stands_beside_what_was_seen_and_junk_is_left_out() -> None:
    content = valid(PC, pc_report("pc-1", mac="00:1b:21:00:00:01"))["content"]
    assert content["bios"] == {
        "assettag": "TS-001",
        "ssn": "7XK2M03",
        "smodel": "OptiPlex 3070",
        "smanufacturer": "Dell Inc.",
    }
    assert "uuid" not in content.get("hardware", {})
    assert "networks" not in content  # a card without a state is nothing that GLPI takes


SECTIONS = st.sampled_from(["bios", "networks", "storages", "cpus", "hardware", "network_ports", "drives", "odd"])
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["USB", "up", "x86_64", "7"])
KEYS = st.sampled_from(
    [
        "ssn",
        "mac",
        "status",
        "description",
        "interface",
        "speed",
        "ifnumber",
        "ifstatus",
        "type",
        "arch",
        "total",
        "odd",
    ]
)


@settings(deadline=None)
@given(st.dictionaries(SECTIONS, st.lists(st.dictionaries(KEYS, VALUES)) | st.dictionaries(KEYS, VALUES) | VALUES))
def test_whatever_a_report_says_the_file_is_valid(content: dict[str, Any]) -> None:
    valid(PC, EquipmentReport("pc-1", "pc-1", 1, "computer", content))


def test_open_data_says_nothing_of_persons_places_and_papers() -> None:
    secret = replace(
        PC, custodian_role="cô Lan", supplier="Công ty A", invoice="HD-1", note="ghi chú riêng", order_number="DH-1"
    )
    planned = Asset("TS-9", "tv", "Tivi", status="planned")
    files = open_data([secret, PROJECTOR, planned], PUBLISHER)
    told = "".join(files.values())
    for hidden in ("cô Lan", "Công ty A", "HD-1", "ghi chú riêng", "DH-1", PC.serial, "mam-1", "TS-9"):
        assert hidden not in told
    rows = list(csv.DictReader(io.StringIO(files["assets.csv"])))
    assert [row["tag"] for row in rows] == ["TS-001", "TS-002"]
    assert rows[0]["purchase_cost"] == "13500000"


def test_the_data_package_describes_the_table_that_stands_beside_it() -> None:
    files = open_data([PC], PUBLISHER)
    [resource] = json.loads(files["datapackage.json"])["resources"]
    assert [field["name"] for field in resource["schema"]["fields"]] == list(FIELDS)
    assert files[resource["path"]].splitlines()[0].split(",") == list(FIELDS)


def test_the_catalogue_says_the_same_in_json_and_in_xml() -> None:
    files = open_data([PC], PUBLISHER)
    said = json.loads(files["catalog.jsonld"])["dcat:dataset"]
    root = ElementTree.fromstring(files["catalog.xml"])
    names = {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"}
    dataset = root.find("dcat:Catalog/dcat:dataset/dcat:Dataset", names)
    assert dataset is not None
    for key in ("dct:identifier", "dct:title", "dct:publisher", "dct:issued", "dct:license"):
        assert dataset.findtext(key, None, names) == said[key]
    assert dataset.findtext("dcat:distribution/dcat:Distribution/dcat:downloadURL", None, names) == "assets.csv"
