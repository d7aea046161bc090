"""The register as JSON: read, changed, refused with what to do, and who the log names."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.application import application
from tests.api_server import settings_for
from tests.registered_school import API, LINKED, UNREGISTERED, WAITING, RegisteredSchool, registered_school


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, served_state_url: str) -> Iterator[RegisteredSchool]:
    with registered_school(tmp_path_factory.mktemp("school"), served_state_url) as made:
        yield made


def test_it_is_served_from_the_state_that_was_asked_for(school: RegisteredSchool) -> None:
    postgresql = school.day.state_url.startswith("postgresql")
    assert (school.day.folder / "state.db").exists() is not postgresql
    assert school.json("GET", f"{API}/assets")["count"] == 2


def test_assets_come_with_their_sums(school: RegisteredSchool) -> None:
    found = school.json("GET", f"{API}/assets?q=may+tinh&sort=-name")
    assert (found["count"], found["value"], found["pages"], found["simulated"]) == (1, 13_500_000, 1, False)
    assert (found["assets"][0]["tag"], found["assets"][0]["in_use_since"]) == ("TS-001", "2023-09-05")
    refused = school.json("GET", f"{API}/assets?kind=car&lang=en", status=422)
    assert "one of" in refused["sentence"]
    assert "phải có dạng" in school.json("GET", f"{API}/assets?sort=colour", status=422)["sentence"]


def test_an_asset_is_created_changed_and_its_log_is_honest(school: RegisteredSchool) -> None:
    new = {"tag": "TS-070/a", "fields": {"kind": "tv", "name": "Ti vi {mới}", "purchase_cost": "9.000.000"}}
    made = school.json("POST", f"{API}/assets", {**new, "role": "kế toán"}, status=201)
    assert (made["purchase_cost"], made["status"], made["link"]) == (9_000_000, "in_use", None)
    assert [(event["what"], event["who"]) for event in made["events"]] == [("registered", "api: kế toán")]
    path, change = f"{API}/assets/TS-070%2Fa", {"stamp": made["stamp"], "document": "05/QĐ"}
    assert (made["wear_percent"], made["eol_date"]) == (20, None)
    moved = school.json("PATCH", path, {**change, "fields": {"room": "la-1", "purchase_cost": None}})
    assert (moved["room"], moved["purchase_cost"], moved["name"]) == ("la-1", None, "Ti vi {mới}")
    assert (moved["events"][0]["who"], moved["events"][0]["document"]) == ("api", "05/QĐ")
    assert moved["stays"] == [{"room": "la-1", "since": moved["events"][0]["at"], "until": None}]
    late = school.json("PATCH", path, {**change, "fields": {"note": "x"}}, status=409)
    assert (late["error"], late["hint"]) == ("changed_meanwhile", "Xem lại giá trị mới rồi sửa lại.")
    same = school.json("PATCH", path, {"stamp": moved["stamp"], "fields": {"room": "la-1"}})
    assert len(same["events"]) == len(moved["events"])


def test_what_is_refused_says_which_field_and_what_to_do(school: RegisteredSchool) -> None:
    body = {"tag": "TS-001", "fields": {"kind": "tv", "name": "{x}", "purchase_cost": "rẻ"}}
    told = school.json("POST", f"{API}/assets?lang=en", body, status=422)
    assert [field["field"] for field in told["fields"]] == ["tag", "purchase_cost"]
    assert told["sentence"] == "tag: the tag TS-001 is registered already"
    body = {"tag": "TS-200", "fields": {"kind": "tv", "name": "Ti vi"}, "device": "pc-99"}
    assert school.json("POST", f"{API}/assets", body, status=404)["error"] == "unknown_device"
    assert school.register.asset("hoa-mai", "TS-200") is None
    asset = school.json("GET", f"{API}/assets/TS-002")
    change = {"stamp": asset["stamp"], "fields": {"status": "planned"}}
    told = school.json("PATCH", f"{API}/assets/TS-002", change, status=422)
    assert "có thể đổi sang" in told["hint"]
    assert set(asset["may_become"]).isdisjoint({"planned", "disposed"})
    change = {"stamp": asset["stamp"], "fields": {"purchase_cost": 1.5, "warranty_months": True, "kind": "xe"}}
    told = school.json("PATCH", f"{API}/assets/TS-002?lang=en", change, status=422)
    assert [(field["field"], field["sentence"]) for field in told["fields"]] == [
        ("kind", "“xe” is not known"),
        ("purchase_cost", "1.5 is no whole number of đồng"),
        ("warranty_months", "“True” is no whole number"),
    ]
    broken = school.client.patch(
        f"{API}/assets/TS-002", content=b'{"stamp":', headers={"content-type": "application/json"}
    )
    assert broken.json()["sentence"] == "Tham số «body» không dùng được: không phải là JSON."
    for bad, word in (({"fields": {}}, "stamp"), ({"stamp": "", "fields": {"colour": "red"}}, "colour")):
        assert word in school.json("PATCH", f"{API}/assets/TS-002", bad, status=422)["sentence"]
    assert school.json("GET", f"{API}/assets/TS-999", status=404)["error"] == "unknown_asset"


def test_a_list_is_tried_first_and_taken_whole_or_not_at_all(school: RegisteredSchool) -> None:
    rows = [{"Mã tài sản": "TS-080", "Loại": "Máy in", "Tên tài sản": "Máy in"}, {"tag": "TS-002", "room": "Lớp Lá 1"}]
    tried = school.json("POST", f"{API}/assets-import", {"rows": rows})
    assert (tried["written"], tried["rows"][1]) == (
        False,
        {"row": 2, "tag": "TS-002", "new": False, "changed": ["room"]},
    )
    assert school.register.asset("hoa-mai", "TS-080") is None
    bad = [*rows, {"tag": "TS-081", "kind": "xe", "name": "Xe"}]
    told = school.json("POST", f"{API}/assets-import?lang=en", {"rows": bad, "dry_run": False}, status=422)
    assert [(row["row"], row["column"].split()[-1], row["value"]) for row in told["rows"]] == [(3, "Loại", "xe")]
    assert school.register.asset("hoa-mai", "TS-080") is None
    done = school.json("POST", f"{API}/assets-import", {"rows": rows, "dry_run": False, "role": "thư viện"})
    assert done["written"] is True
    assert school.register.events("hoa-mai", "TS-080")[0].who == "api: thư viện"
    again = school.json("POST", f"{API}/assets-import", {"rows": rows, "dry_run": False})
    assert (again["written"], again["unchanged"]) == (False, 2)


def test_a_device_that_waits_is_decided_about(school: RegisteredSchool) -> None:
    school.json("PATCH", f"{API}/assets/TS-001",
                {"stamp": school.json("GET", f"{API}/assets/TS-001")["stamp"], "fields": {"note": "x"}})  # fmt: skip
    found = {entry["device"]: entry for entry in school.json("GET", f"{API}/matching?lang=en")["devices"]}
    assert (found[LINKED]["state"], found[LINKED]["tag"], found[UNREGISTERED]["state"]) == (
        "linked",
        "TS-001",
        "unregistered",
    )
    [option] = found[WAITING]["options"]
    assert (found[WAITING]["state"], option["tag"]) == ("waiting", "TS-001")
    assert "the serials look alike: 7XK2M03 ~ 7xk2mo3 (40 points)" in option["reasons"]
    assert "same room Lớp Mầm 1 (10 points)" in found[LINKED]["reasons"]
    body = {"device": WAITING, "verdict": "different", "tag": "TS-001", "role": "kỹ thuật"}
    told = school.json("POST", f"{API}/matching", body)
    states = {entry["device"]: entry["state"] for entry in told["devices"]}
    assert states[WAITING] == "unregistered"
    assert (told["decisions"][0]["verdict"], told["decisions"][0]["who"]) == ("different", "api: kỹ thuật")
    for wrong, word in (({"device": "pc-99"}, "unknown_device"), ({"tag": "TS-99"}, "unknown_asset")):
        assert school.json("POST", f"{API}/matching", {**body, **wrong}, status=404)["error"] == word


def test_a_stocktake_from_its_beginning_to_its_end(school: RegisteredSchool) -> None:
    begun = school.json("POST", f"{API}/stocktakes", {}, status=201)
    path, lines = f"{API}/stocktakes/{begun['number']}", {line["tag"]: line for line in begun["lines"]}
    assert (lines["TS-001"]["finding"], lines["TS-001"]["sighting"]["by"]) == ("found", "agent")
    assert lines["TS-002"]["finding"] == "missing"
    assert school.json("POST", f"{API}/stocktakes", {}, status=409)["error"] == "stocktake_open"
    for body, finding in (
        ({"tag": "TS-002", "room": "mam-2"}, "moved"),
        ({"tag": "TS-001", "found": "missing"}, "missing"),
        ({"tag": "TS-999", "room": "mam-2"}, "unexpected"),
    ):
        told = school.json("POST", f"{path}/sightings", {**body, "role": "cô Lan"})
        assert {line["tag"]: line["finding"] for line in told["lines"]}[body["tag"]] == finding
    assert told["unexpected"] == 1
    gone = school.json("POST", f"{path}/sightings", {"tag": "TS-999", "found": "missing"})
    assert "TS-999" not in {line["tag"] for line in gone["lines"]}
    assert school.json("POST", f"{path}/sightings", {"tag": "TS-1", "room": "kho"}, status=422)["error"] == "refused"
    assert school.json("POST", f"{path}/close", {})["closed_at"] is not None
    assert school.json("POST", f"{path}/sightings", {"tag": "TS-002"}, status=409)["error"] == "stocktake_closed"
    assert [entry["number"] for entry in school.json("GET", f"{API}/stocktakes")["stocktakes"]] == [begun["number"]]
    assert school.json("GET", f"{API}/stocktakes/99", status=404)["error"] == "unknown_stocktake"


def test_openapi_describes_what_is_sent_and_every_answer(school: RegisteredSchool, tmp_path: Path) -> None:
    openapi = application(settings_for(school.day.folder, "hoa-mai", state_url=school.day.state_url)).openapi()
    changing = [
        (method, path, told)
        for path, methods in openapi["paths"].items()
        for method, told in methods.items()
        if method != "get"
    ]
    assert len(changing) >= 7
    for method, path, told in changing:
        assert told["requestBody"]["content"]["application/json"]["schema"]["$ref"], (method, path)
        assert {"403", "404", "409", "415", "422", "503"} <= set(told["responses"]), (method, path)
        assert told["summary"]
    docs = school.read("/docs")
    assert "PATCH /api/v1/sites/{site}/assets/{tag}" in docs
    assert 'href="#ChangeOfAsset"' in docs
