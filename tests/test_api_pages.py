"""The pages as the server sends them: languages, marks of simulation, warnings, and names that mean harm."""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api import routes_pages
from api.pages import Pages
from api.routes_pages import site_page
from api.sites import Sites
from api.sources import Sources
from api.text import Language
from collector.store.protocol import HOUR_MS
from collector.store.state_protocol import AgentNow, Presence
from contract.messages import EquipmentReport
from tests.api_server import Served, client_of, running_api, settings_for, two_schools
from tests.measurements import SITE
from tests.school_day import make_school_day
from tests.waiting import now_ms

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
PAGES = (
    "/",
    "/sites/hoa-mai",
    "/rooms/hoa-mai/choi-1",
    "/devices/hoa-mai/choi-1-pc-1",
    "/devices/hoa-mai/may-moi",
    "/docs",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with two_schools(tmp_path_factory.mktemp("day"), hours=0.6) as made:
        yield made


@pytest.fixture
def client(served: Served) -> Iterator[httpx.Client]:
    with client_of(served.address) as made:
        yield made


@pytest.mark.parametrize("path", PAGES)
def test_every_page_speaks_both_languages_and_vietnamese_first(client: httpx.Client, path: str) -> None:
    first = client.get(path)
    assert first.status_code == 200
    assert '<html lang="vi">' in first.text
    assert "Tới nội dung chính" in first.text
    english = client.get(f"{path}?lang=en")
    assert '<html lang="en">' in english.text
    assert "Skip to the main content" in english.text
    if path != "/docs":
        assert '<html lang="en">' in client.get(path).text, "the switch is remembered"


def test_the_language_is_remembered_in_a_cookie_that_scripts_cannot_read(client: httpx.Client) -> None:
    told = client.get("/?lang=en").headers["set-cookie"]
    assert told.startswith("lang=en;")
    assert {"HttpOnly", "SameSite=lax"} <= set(told.split("; "))
    client.cookies.clear()
    assert '<html lang="vi">' in client.get("/?lang=xx").text


def test_rooms_stand_in_the_order_of_the_file_and_the_broken_ones_on_top(client: httpx.Client) -> None:
    page = client.get("/").text
    assert re.findall(r'<li class="room s-\w+" id="r-([\w-]+)"', page)[:3] == ["mam-1", "mam-2", "choi-1"]
    assert re.findall(r'id="t-([\w-]+)"', page) == ["choi-1", "la-2", "mam-2", "service-thanh-toan"]
    assert page.index('id="t-choi-1"') < page.index('id="r-mam-1"')
    assert '8<span class="of">/11</span>' in page
    assert "Không phòng nào vào được Cổng thanh toán" in page


def test_a_device_that_nobody_wrote_down_is_shown_apart(client: httpx.Client) -> None:
    page = client.get("/").text
    assert page.index("Máy chưa xếp phòng") < page.index("/devices/hoa-mai/may-moi")
    assert "Máy chưa xếp phòng" not in client.get("/rooms/hoa-mai/choi-1").text


def test_every_state_has_its_icon_and_its_word(client: httpx.Client) -> None:
    pills = re.findall(
        r'<span class="pill s-(\w+)"><svg[^>]*><use href="#i-(\w+)"/></svg>([^<]+)</span>', client.get("/").text
    )
    assert len(pills) == 12
    assert {pill for pill in pills if pill[0] != pill[1] or not pill[2]} == set()
    assert {word for _, _, word in pills} == {"Kết nối tốt", "Chập chờn", "Mất kết nối", "Đang tắt"}


@pytest.mark.parametrize("path", ["/sites/sim-mau", "/rooms/sim-mau/choi-1", "/devices/sim-mau/choi-1-pc-1"])
def test_a_simulated_school_is_marked_on_every_page_and_a_real_one_is_not(client: httpx.Client, path: str) -> None:
    page = client.get(path).text
    assert "<title>[Mô phỏng] " in page
    assert "Trường này là MÔ PHỎNG" in page
    assert 'class="simulated"' in page
    real = client.get(path.replace("sim-mau", "hoa-mai")).text
    assert "MÔ PHỎNG" not in real
    assert real.count("Mô phỏng") == 1, "only the switcher names the other school as simulated"


def test_the_real_school_is_the_first_page(client: httpx.Client) -> None:
    assert "<title>Trường Mầm non Hoa Mai" in client.get("/").text


def test_a_stopped_collector_is_said_loudly_on_every_page(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes_pages, "now_ms", lambda: now_ms() + HOUR_MS)
    for path in PAGES[:-1]:
        page = client.get(f"{path}?lang=vi").text
        banner = re.search(r'<p class="banner collector_away" role="alert">.*?</p>', page, re.DOTALL)
        assert banner, path
        assert "Bộ thu thập đã dừng từ" in banner[0]
        assert "Khởi động lại sonca collector" in banner[0]


@pytest.mark.parametrize(
    "path", ["/nothing", "/sites/nowhere", "/rooms/hoa-mai/bep", "/rooms/nowhere/x", "/devices/hoa-mai/pc-9"]
)
def test_a_page_that_is_not_there_says_what_is(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>Không có" in answer.text


def test_a_site_without_a_school_file_shows_what_reports_there(client: httpx.Client, served: Served) -> None:
    served.day.state.put_agents([AgentNow("la-ma", "pc-1", Presence.ONLINE, served.day.now, now_ms())])
    page = client.get("/sites/la-ma").text
    assert "/devices/la-ma/pc-1" in page
    assert "Tệp của trường chưa có phòng học nào" in page
    assert client.get("/devices/la-ma/pc-1").status_code == 200


def test_equipment_and_newest_numbers_stand_on_the_device_page(client: httpx.Client) -> None:
    page = client.get("/devices/hoa-mai/choi-1-pc-1").text
    assert "KINGSTON SA400S37240G" in page
    assert "Default string <span" in page
    assert "chữ điền sẵn của hãng" in page
    assert "không rõ: máy đang mất mạng" in page
    assert 'aria-labelledby="line-1-t line-1-d"' in page
    assert "Không mất gói nào tới: Cổng mạng" in page


@pytest.fixture
def evil(tmp_path: Path) -> Iterator[httpx.Client]:
    """A school whose every name means harm."""
    day = make_school_day(tmp_path, hours=0.1, name="'" + EVIL.replace("'", "''") + "'")
    path = tmp_path / "hoa-mai.yaml"
    quoted = "'" + EVIL.replace("'", "''") + "'"
    text = path.read_text(encoding="utf-8").replace("name: Máy 1", f"name: {quoted}")
    path.write_text(re.sub(r"label: [^,]+,", f"label: {quoted},", text).replace("Lớp Lá 2", quoted), encoding="utf-8")
    content = {"bios": {EVIL: EVIL}, EVIL: [EVIL, {"x": [EVIL]}]}
    day.state.put_equipment(SITE, EquipmentReport("la-2-pc-1", "la-2-pc-1", 1, "computer", content))
    [agent] = [agent for agent in day.state.agents(SITE) if agent.agent == "la-2-pc-1"]
    day.state.put_agents([dataclasses.replace(agent, software=EVIL, reason=EVIL, presence=Presence.LOST)])
    latest = [entry for entry in day.store.latest(SITE, "la-2-pc-1") if entry.probe == "wifi"]
    day.store.write(
        [dataclasses.replace(entry, target=EVIL, taken_at=now_ms(), fields={"network_name": EVIL}) for entry in latest]
    )
    day.store.write(
        [
            dataclasses.replace(entry, probe="temperature", target=EVIL, fields={"temperature_celsius": 40.0})
            for entry in latest
        ]
    )
    with running_api(settings_for(tmp_path, "hoa-mai")) as address, client_of(address) as made:
        yield made
    day.close()


def test_names_that_mean_harm_are_only_names(evil: httpx.Client) -> None:
    for path in (
        "/",
        "/rooms/hoa-mai/la-2",
        "/devices/hoa-mai/la-2-pc-1",
        f"/sites/{EVIL.replace('/', '')}",
        f"/?lang={EVIL}",
    ):
        page = evil.get(path).text
        assert "&lt;script&gt;alert(1)" in page, path
        assert "<script>alert" not in page, path
        assert "<img" not in page, path
        assert re.findall(r"<[^>]*\bonerror\b[^>]*>", re.sub(r'"[^"]*"', '""', page)) == [], path


def test_what_is_read_for_the_live_page_does_not_grow_with_the_school(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    class Counting:
        def __init__(self, inner: object) -> None:
            self._inner = inner

        def __getattr__(self, name: str) -> object:
            asked.append(name)
            return getattr(self._inner, name)

    sources = Sources(settings_for(served.day.folder, "hoa-mai"))
    sources.schools.load()
    store, state = Counting(sources.store()), Counting(sources.state())
    monkeypatch.setattr(sources, "store", lambda: store)
    monkeypatch.setattr(sources, "state", lambda: state)
    sites, pages, now = Sites(sources), Pages(), now_ms()
    site_page(sites, pages, "hoa-mai", Language.VI, now)
    reading = [name for name in asked if name not in ("sites", "version")]
    assert sorted(reading) == ["agents", "changes", "latest", "latest", "rooms", "rooms", "share_connected"]
    asked.clear()
    site_page(sites, pages, "hoa-mai", Language.EN, now)
    assert set(asked) <= {"sites", "version"}, "the second reader, in any language, finds it read"
    sources.close()
