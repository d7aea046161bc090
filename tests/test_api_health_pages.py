"""Projectors, printers, network gear and PCs on their pages and in JSON, over a simulated school in real stores."""

import dataclasses
import importlib.resources
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from api.words import DEVICE_KINDS
from collector.store.protocol import StoredMeasurement
from contract.messages import Outcome, Value
from tests.api_server import chromium, client_of, running_api, settings_for
from tests.school_health import SENTINEL, HealthyDay, make_school_health
from tests.simulated import SITE
from tests.waiting import now_ms

AXE = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
JSON = f"/api/v1/sites/{SITE}"
LIVE, OFFICE, ROOM, PROJECTOR, SWITCH, NETWORK = (
    f"/{path}"
    for path in (
        f"sites/{SITE}",
        f"rooms/{SITE}/van-phong",
        f"rooms/{SITE}/mam-1",
        f"devices/{SITE}/mam-1-projector",
        f"devices/{SITE}/van-phong-switch",
        f"network/{SITE}",
    )
)
WIDE, SMALL = ViewportSize(width=1440, height=900), ViewportSize(width=360, height=740)


@dataclasses.dataclass(frozen=True)
class Shown:
    made: HealthyDay
    address: str


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    folder = tmp_path_factory.mktemp("health")
    made = make_school_health(folder)
    with running_api(settings_for(folder, SITE)) as address:
        yield Shown(made, address)
    made.close()


@pytest.fixture(scope="module")
def client(shown: Shown) -> Iterator[httpx.Client]:
    with client_of(shown.address) as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser, shown: Shown) -> Iterator[Page]:
    complaints: list[str] = []
    context = browser.new_context(base_url=shown.address, viewport=WIDE)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def read(client: httpx.Client, path: str, **parameters: str) -> Any:
    answer = client.get(JSON + path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def told(answer: dict[str, Any], name: str) -> dict[str, Any]:
    return next(sign for sign in answer["signs"] if sign["sign"] == name)


def test_a_projector_answers_with_its_lamp_and_the_day_it_ends(client: httpx.Client) -> None:
    worn = read(client, "/devices/mam-1-projector/health", lang="en")
    [lamp] = worn["lamps"]
    assert (worn["kind"], worn["tone"], worn["word"]) == ("projector", "watch", "Needs a look")
    assert 0.9 * lamp["expected_hours"] < lamp["hours"] < lamp["expected_hours"]
    assert date.fromisoformat(lamp["ends_on"]) > date.fromtimestamp(worn["at"] / 1000)
    assert told(worn, "power")["value"].startswith("on, input ")
    assert told(worn, "lamp_hours")["note"].startswith("lasts until ")
    assert told(read(client, "/devices/la-1-projector/health"), "fan")["value"] == "hỏng"


def test_a_printer_answers_with_its_supplies_a_switch_with_its_ports(client: httpx.Client) -> None:
    printer = read(client, "/devices/van-phong-may-in/health")
    assert "kẹt giấy" in told(printer, "alerts")["value"]
    assert printer["supplies"]
    for supply in printer["supplies"]:
        assert (supply["level_percent"] is None) != (supply["level"] is None)
    switch = read(client, "/devices/van-phong-switch/health")
    states = [port["state"] for port in switch["ports"]]
    assert len(states) == 24
    assert states.count("errors") == 1
    assert {"up", "down"} <= set(states)


def test_a_pc_answers_with_windows_11_and_end_of_support(client: httpx.Client, shown: Shown) -> None:
    answers = [read(client, f"/devices/{pc}/health") for pc in shown.made.day.pcs]
    assert {answer["windows_11"]["state"] for answer in answers} >= {"capable", "undetermined"}
    for answer in answers:
        readiness = answer["windows_11"]
        assert bool(readiness["failing"]) == (readiness["state"] == "not_capable")
        assert answer["restart_pending"] in (True, False)
        assert bool(answer["battery_wear_percent"]) == (answer["kind"] == "laptop")
    supports = [answer["end_of_support"] for answer in answers if answer["end_of_support"]]
    assert all(entry["source"].startswith("https://") for entry in supports)
    extended = [entry for entry in supports if entry["system"] == "Windows 10 22H2"]
    assert extended[0]["extended"][-1] == {
        "name": "ESU 3",
        "ends_on": "2028-10-10",
        "verified": False,
        "dollars": 4.0,
    }
    assert told(read(client, "/devices/mam-1-giao-vien/health"), "disk")["tone"] == "bad"


def test_a_room_answers_with_the_health_of_its_devices_and_says_no_to_strangers(client: httpx.Client) -> None:
    room = read(client, "/rooms/van-phong/health")
    assert [device["kind"] for device in room["devices"]][2:] == ["printer", "router", "switch", "access_point", "ups"]
    assert room["devices"][0] == {
        name: value
        for name, value in read(client, f"/devices/{SENTINEL}/health").items()
        if name not in ("site", "simulated", "at")
    }
    assert client.get(f"{JSON}/devices/nobody/health").status_code == 404
    assert client.get(f"{JSON}/rooms/nowhere/health").status_code == 404


def test_the_api_describes_all_of_it(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()["components"]["schemas"]
    for name in ("DeviceHealthAnswer", "LampAnswer", "SupplyAnswer", "Windows11Answer", "SupportAnswer"):
        assert name in described
    assert described["LampAnswer"]["properties"]["ends_on"]["description"].startswith("the day on which")
    assert "<code>GET /api/v1/sites/{site}/devices/{device}/health</code>" in client.get("/docs").text


@pytest.mark.parametrize(
    ("path", "vietnamese", "english"),
    [
        (OFFICE, ["kẹt giấy", "cổng đang nối", "mất điện: đang chạy bằng ắc quy"], ["paper jam", "ports up"]),
        (ROOM, ["bóng đèn đến", "ổ tự báo sắp hỏng", "máy chạy được"], ["lasts until", "it says it is failing"]),
        (PROJECTOR, ["đang chiếu, đầu vào", "có cảnh báo"], ["on, input", "warns"]),
        (NETWORK, ["2 thiết bị không ai biết", "Tenda", "Máy giáo viên · Lớp Mầm 1"], ["2 that nobody knows", "Tenda"]),
        (SWITCH, ["1 có lỗi: gi", "gói lỗi mỗi phút"], ["1 with errors: gi", "broken packets a minute"]),
    ],
)
def test_pages_show_it_in_both_languages(
    client: httpx.Client, path: str, vietnamese: list[str], english: list[str]
) -> None:
    for language, sentences in (("vi", vietnamese), ("en", english)):
        shown = client.get(f"{path}?lang={language}").text
        assert [sentence for sentence in sentences if sentence not in shown] == []
        assert not re.search(r"(some_remaining|warming_up|low_toner|access_point<)", shown)


def test_every_kind_and_every_tone_has_its_picture(client: httpx.Client) -> None:
    page = client.get(OFFICE).text
    drawn = set(re.findall(r'<symbol id="i-([\w-]+)"', page))
    assert {f"k-{kind}" for kind in DEVICE_KINDS} <= drawn
    assert set(re.findall(r'<use href="#i-([\w-]+)"', page)) <= drawn
    assert {"g-plain", "g-good", "g-watch", "g-bad"} <= drawn


def test_the_live_page_names_faulty_devices_first_and_only_those(client: httpx.Client) -> None:
    page = client.get(LIVE, params={"lang": "vi"}).text
    assert set(re.findall(r'id="t-device-([^"]*)"', page)) == {"la-1-projector", "van-phong-may-in", "van-phong-ups"}
    [printer] = re.findall(r'<a class="trouble[^>]*id="t-device-van-phong-may-in">.*?</a>', page, re.DOTALL)
    assert f'href="/devices/{SITE}/van-phong-may-in"' in printer
    assert "kẹt giấy" in printer
    assert "Văn phòng" in printer
    assert "paper jam" in client.get(LIVE, params={"lang": "en"}).text


def test_what_a_sentinel_finds_out_shows_without_reload(page: Page, shown: Shown) -> None:
    page.goto(OFFICE)
    page.evaluate("window.sameDocument = true")
    page.locator("#a-van-phong-may-in").focus()
    expect(page.locator("#d-van-phong-may-in")).to_contain_text("kẹt giấy")
    fields: dict[str, Value] = {"state": "idle", "health": "running", "alerts": "none", "alert_count": 0}
    at = now_ms() + 1
    mended = StoredMeasurement(SITE, "van-phong-may-in", "printer", "", at, Outcome.OK, 40.0, fields)
    shown.made.store.write([mended])
    [sentinel] = [agent for agent in shown.made.state.agents(SITE) if agent.agent == SENTINEL]
    shown.made.state.put_agents([dataclasses.replace(sentinel, last_seen=at + 60_000)])
    expect(page.locator("#d-van-phong-may-in")).to_contain_text("hoạt động, đang rảnh")
    assert page.evaluate("window.sameDocument && document.activeElement.id") == "a-van-phong-may-in"


@pytest.mark.parametrize("path", [LIVE, OFFICE, ROOM, PROJECTOR, NETWORK])
def test_an_accessibility_engine_finds_nothing_and_a_phone_scrolls_one_way(page: Page, path: str) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(path)
        page.evaluate(AXE)
        found = page.evaluate("axe.run({ resultTypes: ['violations'] }).then(result => result.violations)")
        assert [(rule["id"], node["target"], node["failureSummary"]) for rule in found for node in rule["nodes"]] == []
    page.set_viewport_size(SMALL)
    for language in ("vi", "en"):
        page.goto(f"{path}?lang={language}")
        assert page.evaluate("document.documentElement.scrollWidth") == SMALL["width"]
