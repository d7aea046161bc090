"""The JSON API over a real server and real stores: what each address answers, and how it says no."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.application import application
from collector.store.protocol import StoredMeasurement
from collector.store.state_neighbours import Neighbour
from contract.messages import EquipmentReport, Outcome, Value
from contract.metrics import PROBES
from tests.api_server import Served, client_of, settings_for, two_schools
from tests.school_day import INTERNET_GONE, SILENT
from tests.waiting import now_ms

SITE = "/api/v1/sites/hoa-mai"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with two_schools(tmp_path_factory.mktemp("day"), hours=1.5) as made:
        yield made


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[httpx.Client]:
    with client_of(served.address) as made:
        yield made


def read(client: httpx.Client, path: str, **parameters: Any) -> Any:
    answer = client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_real_school_stands_before_the_simulated_one_which_says_so(client: httpx.Client) -> None:
    sites = read(client, "/api/v1/sites")["sites"]
    assert [(site["site"], site["simulated"]) for site in sites] == [("hoa-mai", False), ("sim-mau", True)]
    for path in ("rooms", "devices", "services", "changes", "share", "gaps"):
        assert read(client, f"/api/v1/sites/sim-mau/{path}")["simulated"] is True


def test_a_site_is_told_in_numbers(client: httpx.Client, served: Served) -> None:
    served.day.measure_collector()
    site = read(client, SITE)
    assert site["classrooms"] == {"connected": 7, "degraded": 1, "disconnected": 1, "dark": 2, "unknown": 0}
    assert site["connected_now_percent"] == 72.7
    assert 0 < site["connected_today_percent"] < 100
    assert site["lesson"] is True
    assert site["unassigned_devices"] == 1
    assert site["data"]["freshness"] == "fresh"


@pytest.mark.parametrize(
    ("room", "state", "reason", "vietnamese", "english"),
    [
        ("choi-1", "disconnected", "internet_unreachable", "Cổng mạng trả lời", "The gateway answers"),
        ("la-2", "degraded", "loss_high", "(giới hạn 5\u00a0%)", "(limit 5%)"),
        ("mam-2", "dark", "silent", "Im lặng không báo trước: Máy 1, Máy 2", "Gone silent without a goodbye"),
        ("am-nhac", "dark", "all_off", "Mọi máy trong phòng đang tắt", "Every device in the room is off"),
        ("la-1", "connected", "reached", "2/2 máy đang bật ra được internet, độ trễ", "2 of 2 powered-on devices"),
    ],
)
def test_a_room_tells_its_state_and_why_in_both_languages(
    client: httpx.Client, room: str, state: str, reason: str, vietnamese: str, english: str
) -> None:
    told = read(client, f"{SITE}/rooms/{room}")
    assert (told["state"], told["reason"]) == (state, reason)
    assert vietnamese in told["sentence"]
    assert english in read(client, f"{SITE}/rooms/{room}", lang="en")["sentence"]
    assert told["since"] <= told["checked_at"] <= told["at"]


def test_a_room_tells_where_its_fault_most_likely_lies(client: httpx.Client) -> None:
    told = read(client, f"{SITE}/rooms/choi-1", lang="en")["cause"]
    assert (told["layer"], told["scope"], told["struck"], told["compared"]) == ("line", "room", 1, 10)
    assert "1 of 10 rooms cannot get out, the gateway answers" in told["sentence"]
    assert read(client, f"{SITE}/rooms/la-1")["cause"] is None


def test_rooms_come_in_the_order_of_the_file(client: httpx.Client) -> None:
    rooms = read(client, f"{SITE}/rooms")["rooms"]
    assert [room["room"] for room in rooms][:3] == ["mam-1", "mam-2", "choi-1"]
    assert [room["room"] for room in rooms if not room["classroom"]] == ["van-phong"]
    assert [device["presence"] for device in rooms[1]["devices"]] == ["lost", "lost"]


def test_devices_include_those_that_stand_in_no_room(client: httpx.Client) -> None:
    devices = {entry["device"]: entry for entry in read(client, f"{SITE}/devices")["devices"]}
    assert devices["may-moi"]["room"] is None
    assert devices[SILENT]["presence_word"] == "mất liên lạc (im lặng)"
    one = read(client, f"{SITE}/devices/{SILENT}")
    assert one["room"] == "mam-2"
    assert one["since"] > one["last_seen"]


def test_services_tell_down_from_blind_and_from_not_tried(client: httpx.Client) -> None:
    table = read(client, f"{SITE}/services")
    assert table["services"][0] == {"service": "kho-hoc-lieu", "label": "Kho học liệu số"}
    reach = {room["room"]: [cell["reach"] for cell in room["services"]] for room in table["rooms"]}
    assert reach["la-1"] == ["ok", "ok", "ok", "down", "ok"]
    assert reach[INTERNET_GONE] == ["blind"] * 5
    assert reach["am-nhac"] == ["not_tried"] * 5
    [down] = [cell for room in table["rooms"] if room["room"] == "la-1" for cell in room["services"][3:4]]
    assert (down["word"], down["detail"], down["outcome"]) == ("không vào được", "quá thời gian chờ", "timeout")


def test_latest_has_the_units_of_the_catalogue_and_leaves_out_what_was_not_measured(client: httpx.Client) -> None:
    latest = read(client, f"{SITE}/devices/choi-1-pc-1/latest")["measurements"]
    by_key = {(entry["probe"], entry["target"]): entry for entry in latest}
    assert by_key["ping", "internet/quad9"]["outcome"] == "timeout"
    assert by_key["ping", "internet/quad9"]["fields"] == {"sent": 5, "received": 0, "loss_percent": 100.0}
    assert by_key["tcp", "services/chu-ky-so"]["blind"] is True
    assert by_key["wifi", "Wi-Fi"]["fields"]["network_name"] == "HoaMai-LopHoc"


def test_a_device_that_has_not_measured_yet_has_an_empty_latest(client: httpx.Client) -> None:
    assert read(client, f"{SITE}/devices/may-moi/latest")["measurements"] == []


def test_a_series_has_sensible_defaults_and_takes_range_and_step(client: httpx.Client, served: Served) -> None:
    path = f"{SITE}/devices/la-1-pc-1/series"
    asked = {"probe": "ping", "field": "round_trip_ms", "target": "internet/quad9"}
    default = read(client, path, **asked)
    assert (default["unit"], default["step_seconds"]) == ("ms", 300)
    assert default["until"] - default["since"] == 86_400_000
    assert 15 <= len(default["points"]) <= 20
    hour = read(client, path, **asked, since=served.day.now - 3_600_000, until=served.day.now, step_seconds=3600)
    assert sum(point["count"] for point in hour["points"]) in (12, 13)
    iso = read(client, path, **asked, since="2026-01-01T00:00:00+07:00", until="2027-01-01T00:00:00Z")
    assert iso["step_seconds"] >= 86_400


def test_shares_changes_gaps_refused_and_equipment(client: httpx.Client, served: Served) -> None:
    share = read(client, f"{SITE}/share", since=served.day.now - 3_600_000)
    assert "van-phong" not in share["rooms"]
    assert share["slices"]["disconnected"] >= 3
    assert 50 < share["connected_percent"] < 100
    lost = read(client, f"{SITE}/share", since=served.day.now - 900_000, room=INTERNET_GONE)
    assert lost["connected_percent"] == 0
    changes = read(client, f"{SITE}/changes", limit=500)["changes"]
    assert ("room", INTERNET_GONE, "disconnected") in [
        (change["kind"], change["subject"], change["new"]) for change in changes
    ]
    assert read(client, f"{SITE}/gaps")["gaps"] == []
    refused = read(client, "/api/v1/refused")
    assert refused["counts"]["not_json"] == 2
    assert (refused["newest"][0]["payload"], refused["newest"][0]["base64"]) == ("/wA=", True)
    assert read(client, f"{SITE}/devices/choi-1-pc-1/equipment")["junk"] == ["bios.ssn"]


@pytest.mark.parametrize(
    ("path", "status", "word", "sentence", "hint"),
    [
        ("/api/v1/sites/nowhere", 404, "unknown_site", "“nowhere”", "hoa-mai"),
        (f"{SITE}/rooms/bep", 404, "unknown_room", "“bep”", "mam-1, mam-2"),
        (f"{SITE}/share?room=bep", 404, "unknown_room", "“bep”", "mam-1, mam-2"),
        (f"{SITE}/devices/pc-9", 404, "unknown_device", "“pc-9”", "mam-1-pc-1"),
        (f"{SITE}/devices/pc-9/latest", 404, "unknown_device", "“pc-9”", "mam-1-pc-1"),
        (f"{SITE}/devices/la-1-pc-1/equipment", 404, "no_equipment_report", "la-1-pc-1", "starts"),
        (f"{SITE}/devices/x/series?probe=ping&field=colour", 404, "unknown_field", "ping.colour", "catalogue"),
        (f"{SITE}/devices/x/series?probe=wifi&field=network_name", 404, "unknown_field", "network_name", "catalogue"),
        (f"{SITE}/devices/x/series?probe=ping", 422, "bad_parameter", "“field”", "/docs"),
        (f"{SITE}/changes?since=yesterday", 422, "bad_parameter", "“yesterday” is no time", "ISO 8601"),
        (f"{SITE}/changes?since=2026-01-01T00:00:00", 422, "bad_parameter", "is no time", "ISO 8601"),
        (f"{SITE}/changes?since=-5", 422, "bad_parameter", "is no time", "ISO 8601"),
        (f"{SITE}/changes?since=20&until=10", 422, "bad_parameter", "must be before", "ISO 8601"),
        (f"{SITE}/changes?limit=many", 422, "bad_parameter", "a whole number", "/docs"),
        (f"{SITE}/changes?limit=0", 422, "bad_parameter", "at least 1", "/docs"),
        (f"{SITE}/changes?limit=9999", 422, "bad_parameter", "at most 5,000", "/docs"),
        (f"{SITE}/gaps?since=2020-01-01T00:00Z&until=2021-01-01T00:00Z", 422, "bad_parameter", "31 days", "shorter"),
        (f"{SITE}/changes?since=0", 422, "bad_parameter", "1,830 days", "shorter"),
        (f"{SITE}/devices/x/series?probe=ping&field=sent&step_seconds=1", 422, "bad_parameter", "5,000 points", "18"),
        ("/api/v1/nothing", 404, "not_found", "no such page", "main page"),
        ("/events?site=nowhere", 404, "unknown_site", "“nowhere”", "hoa-mai"),
    ],
)
def test_every_no_has_one_shape_and_says_what_to_do(
    client: httpx.Client, path: str, status: int, word: str, sentence: str, hint: str
) -> None:
    answer = client.get(path + ("&" if "?" in path else "?") + "lang=en")
    told = answer.json()
    assert (answer.status_code, told["error"]) == (status, word)
    assert sentence in told["sentence"]
    assert hint in told["hint"]
    assert set(told) == {"error", "sentence", "hint"}


def test_a_language_that_is_none_is_refused_in_vietnamese(client: httpx.Client) -> None:
    told = client.get(f"{SITE}/rooms?lang=fr").json()
    assert told["sentence"] == "Tham số «lang» không dùng được: phải là một trong 'vi', 'en'."


def test_what_only_tells_takes_no_change(client: httpx.Client) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = client.request(method, f"{SITE}/rooms")
        assert (answer.status_code, answer.json()["error"]) == (405, "wrong_method")


def test_the_network_is_told_with_who_is_unknown_and_rogue(served: Served, client: httpx.Client) -> None:
    state, at = served.day.state, served.day.now
    site, path = "sim-mau", "/api/v1/sites/sim-mau/network"
    empty = read(client, path)
    assert (empty["here"], empty["rogue_servers"], empty["gateway_claimed"], empty["neighbours"]) == (
        None,
        None,
        None,
        [],
    )
    seen = ("00:1f:a4:00:00:60", "10.77.1.60", "", at), ("00:1b:a9:00:00:40", "10.77.1.40", "printer-1", at)
    gone = ("00:1b:a9:00:00:41", "10.77.1.9", "", at - 86_400_000)
    owned = ("b8:27:eb:00:00:02", "10.77.1.2", "", at)
    state.put_neighbours(
        [Neighbour(site, mac, "canh-gac", last, last, address, "Brother", name) for mac, address, name, last in
         (*seen, gone, owned)]
    )  # fmt: skip
    content = {"networks": [{"mac": owned[0].upper()}]}
    state.put_equipment(site, EquipmentReport("may-1", "may-1", at, "computer", content))
    measured: dict[str, dict[str, Value]] = {
        "network_neighbours": {"hosts": 9, "unlisted": 6, "duplicates": 0},
        "dhcp_servers": {"servers": 2, "rogue_servers": 1, "rogue": "10.77.1.60 00:1f:a4:00:00:60"},
        "gateway_arp": {"gateway_macs": 1, "mac_changed": True},
    }
    served.day.store.write(
        [
            StoredMeasurement(site, "canh-gac", probe, "", at, Outcome.OK, 1.0, fields)
            for probe, fields in measured.items()
        ]
    )
    network = read(client, path)
    counts = ("here", "telephones", "unknown", "duplicates", "rogue_servers", "gateway_claimed")
    assert [network[name] for name in counts] == [9, 6, 1, 0, 1, True]
    rows = [(entry["address"], entry["device"], entry["here"]) for entry in network["neighbours"]]
    assert rows == [
        ("10.77.1.60", None, True),
        ("10.77.1.9", None, False),
        ("10.77.1.2", "may-1", True),
        ("10.77.1.40", "printer-1", True),
    ]
    assert network["neighbours"][0]["first_seen"] == at
    [sentinel] = network["sentinels"]
    assert sentinel["device"] == "canh-gac"
    assert {entry["probe"]: entry["fields"] for entry in sentinel["measurements"]} == measured


def test_openapi_types_every_answer_and_knows_every_unit(served: Served) -> None:
    openapi = application(settings_for(served.day.folder, "hoa-mai")).openapi()
    schemas = openapi["components"]["schemas"]
    for path, methods in openapi["paths"].items():
        told = [entry for method in methods.values() for entry in method["responses"].items()]
        for status, response in told:
            for kind, content in response["content"].items():
                assert content["schema"], (path, status, kind)
                reference = content["schema"].get("$ref", "")
                assert kind != "application/json" or reference.rpartition("/")[2] in schemas, path
    assert "HTTPValidationError" not in schemas
    for probe in PROBES.values():
        name = "".join(part.capitalize() for part in probe.name.split("_"))
        properties = schemas[f"{name}Fields"]["properties"]
        assert {field: properties[field]["unit"] for field in properties} == {
            field.name: field.unit for field in probe.fields.values()
        }
        assert all(field.vietnamese in properties[field.name]["description"] for field in probe.fields.values())


def test_the_catalogue_is_the_contract(client: httpx.Client) -> None:
    probes = read(client, "/api/v1/catalogue")["probes"]
    assert [probe["probe"] for probe in probes] == list(PROBES)
    [loss] = [field for field in probes[4]["fields"] if field["field"] == "loss_percent"]
    assert (loss["unit"], loss["vietnamese"]) == ("%", "Tỷ lệ mất gói")


def test_health_and_metrics_tell_how_sonca_is(client: httpx.Client, served: Served) -> None:
    served.day.measure_collector()
    health = read(client, "/health", lang="en")
    assert (health["status"], health["sentence"]) == ("ok", "All is well.")
    assert health["sites"] == {"hoa-mai": "fresh", "sim-mau": "fresh"}
    lines = client.get("/metrics").text.splitlines()
    for line in (
        "sonca_store_up 1.0",
        'sonca_rooms{site="hoa-mai",state="disconnected"} 1.0',
        'sonca_agents{presence="lost",site="hoa-mai"} 2.0',
        'sonca_collector_received_messages_total{collector="collector"} 1234.0',
        'sonca_collector_gaps{collector="collector"} 2.0',
        'sonca_refused_total{reason="not_json"} 2.0',
        "sonca_event_clients 0.0",
    ):
        assert line in lines, line
    [age] = [line for line in lines if line.startswith('sonca_newest_data_age_seconds{site="hoa-mai"}')]
    assert 0 < float(age.split()[-1]) <= (now_ms() - served.day.now) / 1000 + 1  # it was heard a second before


def test_a_school_file_may_change_while_it_serves(client: httpx.Client, served: Served) -> None:
    path: Path = served.day.folder / "sim-mau.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Lớp Mầm 1", "Lớp Mầm Một"), encoding="utf-8")
    assert read(client, "/api/v1/sites/sim-mau/rooms/mam-1")["name"] == "Lớp Mầm Một"
