"""The pages in a real Chromium: live without reload, by keyboard, on a small screen, for screen readers."""

import dataclasses
import importlib.resources
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from collector.store.protocol import RoomReason, RoomState
from collector.store.state_protocol import AgentNow, Presence
from tests.api_server import Served, chromium, client_of, running_api, settings_for, two_schools
from tests.school_day import SchoolDay, make_school_day
from tests.waiting import now_ms, wait_until

AXE = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
PAGES = (
    "/",
    "/sites/sim-mau",
    "/rooms/hoa-mai/choi-1",
    "/devices/hoa-mai/choi-1-pc-1",
    "/docs",
    "/nothing",
)
SMALL, WIDE = {"width": 360, "height": 740}, {"width": 1440, "height": 900}

Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with two_schools(tmp_path_factory.mktemp("day"), hours=2) as made:
        yield made


@pytest.fixture
def opened(browser: Browser, served: Served) -> Iterator[Opened]:
    """Opens a path in a browser of its own; afterwards no page may have asked elsewhere, complained or failed."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(path: str, **settings: object) -> Page:
        context = browser.new_context(base_url=served.address, **settings)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request", lambda request: complaints.extend([request.url] * (not request.url.startswith(served.address)))
        )
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [text for text in complaints if "404 (Not Found)" not in text] == []


def set_room(day: SchoolDay, room: str, state: RoomState, reason: RoomReason) -> None:
    [known] = [entry for entry in day.state.rooms("hoa-mai") if entry.room == room]
    at = now_ms()
    day.state.put_rooms([dataclasses.replace(known, state=state, reason=reason, since=at, checked_at=at)])


def set_presence(day: SchoolDay, agent: str, presence: Presence) -> None:
    known = {entry.agent: entry for entry in day.state.agents("hoa-mai")}.get(agent)
    at = now_ms()
    known = known or AgentNow("hoa-mai", agent, presence, at, at)
    day.state.put_agents([dataclasses.replace(known, presence=presence, since=at)])


def test_a_change_of_state_shows_without_reload_and_focus_stays(opened: Opened, served: Served) -> None:
    page = opened("/", viewport=WIDE)
    page.evaluate("window.sameDocument = true")
    page.locator("#a-nha-tre-1").focus()
    expect(page.locator("#r-nha-tre-1 .pill")).to_have_text("Kết nối tốt")
    set_room(served.day, "nha-tre-1", RoomState.DISCONNECTED, RoomReason.GATEWAY_UNREACHABLE)
    expect(page.locator("#r-nha-tre-1 .pill")).to_have_text("Mất kết nối")
    expect(page.locator("#t-nha-tre-1")).to_contain_text("Không tới được cổng mạng của trường")
    expect(page.locator("#spoken")).to_contain_text("Nhà trẻ 1: Mất kết nối.")
    set_room(served.day, "nha-tre-1", RoomState.CONNECTED, RoomReason.REACHED)
    expect(page.locator("#r-nha-tre-1 .pill")).to_have_text("Kết nối tốt")
    expect(page.locator("#t-nha-tre-1")).to_have_count(0)
    assert page.evaluate("window.sameDocument && document.activeElement.id") == "a-nha-tre-1"


def test_a_pc_that_goes_silent_and_one_that_is_new_show_up(opened: Opened, served: Served) -> None:
    page = opened("/")
    page.evaluate("window.sameDocument = true")
    set_presence(served.day, "la-1-pc-2", Presence.LOST)
    set_presence(served.day, "vua-cam-dien", Presence.ONLINE)
    expect(page.locator("#d-la-1-pc-2")).to_contain_text("mất liên lạc")
    expect(page.locator("#d-vua-cam-dien")).to_be_visible()
    expect(page.locator("#changes li").first).to_contain_text("lần đầu")
    set_presence(served.day, "la-1-pc-2", Presence.ONLINE)
    expect(page.locator("#d-la-1-pc-2")).not_to_contain_text("mất liên lạc")
    assert page.evaluate("window.sameDocument")


def test_a_room_page_and_a_device_page_are_live_too(opened: Opened, served: Served) -> None:
    room, device = opened("/rooms/hoa-mai/the-chat"), opened("/devices/hoa-mai/the-chat-pc-1")
    set_room(served.day, "the-chat", RoomState.DEGRADED, RoomReason.SLOW)
    set_presence(served.day, "the-chat-pc-1", Presence.LATE)
    expect(room.locator("#head .pill")).to_have_text("Chập chờn")
    expect(device.locator("#head .presence")).to_contain_text("trễ báo cáo")
    set_room(served.day, "the-chat", RoomState.CONNECTED, RoomReason.REACHED)
    set_presence(served.day, "the-chat-pc-1", Presence.ONLINE)


def test_a_page_that_nobody_sees_lets_go_of_the_server(opened: Opened, served: Served) -> None:
    def following() -> bool:
        with client_of(served.address) as client:
            return "sonca_event_clients 1.0" in client.get("/metrics").text

    page = opened("/")
    wait_until(following)
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    wait_until(lambda: not following())
    set_presence(served.day, "la-2-pc-2", Presence.LATE)
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#d-la-2-pc-2")).to_contain_text("trễ báo cáo")
    set_presence(served.day, "la-2-pc-2", Presence.ONLINE)


def test_a_lost_server_is_said_and_the_page_recovers_by_itself(
    opened: Opened, browser: Browser, tmp_path: Path
) -> None:
    day = make_school_day(tmp_path, hours=0.1)
    settings = settings_for(tmp_path, "hoa-mai")
    context = browser.new_context()
    page = context.new_page()
    with running_api(settings) as address:
        page.goto(address)
        expect(page.locator("#lost")).to_be_hidden()
    expect(page.locator("#lost")).to_be_visible()
    expect(page.locator("#lost")).to_contain_text("Mất liên lạc với máy chủ")
    set_room(day, "la-1", RoomState.DISCONNECTED, RoomReason.NOT_TRIED)
    with running_api(settings):
        expect(page.locator("#lost")).to_be_hidden()
        expect(page.locator("#r-la-1 .pill")).to_have_text("Mất kết nối")
        context.close()
    day.close()


@pytest.mark.parametrize("asked", ["/events?*", "/"])
def test_a_server_that_says_no_for_a_while_is_asked_again(browser: Browser, served: Served, asked: str) -> None:
    """Both for a stream to follow, which browsers do not ask for again, and for the page that it says is new."""
    refusing = threading.Event()
    refusing.set()

    def answer(route: Route) -> None:
        if refusing.is_set() and not route.request.is_navigation_request():
            route.fulfill(status=503)
        else:
            route.continue_()

    context = browser.new_context(base_url=served.address)
    page = context.new_page()
    page.route(f"**{asked}", answer)
    page.goto("/")
    set_room(served.day, "am-nhac", RoomState.DISCONNECTED, RoomReason.NOT_TRIED)
    expect(page.locator("#lost")).to_be_visible()
    refusing.clear()
    expect(page.locator("#r-am-nhac .pill")).to_have_text("Mất kết nối")
    expect(page.locator("#lost")).to_be_hidden()
    set_room(served.day, "am-nhac", RoomState.DARK, RoomReason.ALL_OFF)
    expect(page.locator("#r-am-nhac .pill")).to_have_text("Đang tắt")
    context.close()


def test_the_language_switch_holds_on_every_page(opened: Opened) -> None:
    page = opened("/")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="Look here first")).to_be_visible()
    page.get_by_role("link", name="Lớp Chồi 1").first.click()
    expect(page.get_by_role("link", name="All rooms")).to_be_visible()
    page.get_by_role("link", name="Tiếng Việt").click()
    expect(page.get_by_role("link", name="Tất cả các phòng")).to_be_visible()


def test_everything_is_reached_by_keyboard(opened: Opened) -> None:
    page = opened("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#t-choi-1")).to_be_focused()
    outline = page.locator("#t-choi-1").evaluate("node => getComputedStyle(node).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/rooms/hoa-mai/choi-1$"))
    page.wait_for_load_state()  # keys that come before the page go nowhere
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('href') || document.activeElement.className"))
    assert "/devices/hoa-mai/choi-1-pc-2" in reached
    assert "scroll" in reached


def test_a_chart_is_read_by_keyboard_and_by_pointer_and_survives_an_update(opened: Opened, served: Served) -> None:
    page = opened("/devices/hoa-mai/la-1-pc-1", viewport=WIDE)
    slider = page.get_by_role("slider", name="Xem theo thời điểm: Cloudflare · Độ trễ trung bình")
    slider.focus()
    page.keyboard.press("Home")
    figure = page.locator("figure", has=slider)
    first = figure.locator("output").inner_text()
    assert " ms" in first.replace("\u00a0", " ")
    assert slider.get_attribute("aria-valuetext") == first
    page.keyboard.press("ArrowRight")
    second = figure.locator("output").inner_text()
    assert second != first
    set_presence(served.day, "la-1-pc-1", Presence.LATE)
    expect(page.locator("#head .presence")).to_contain_text("trễ báo cáo")
    expect(slider).to_be_focused()
    assert figure.locator("output").inner_text() == second
    figure.locator(".plot svg").hover()
    expect(figure.locator("output")).not_to_have_text(second)
    set_presence(served.day, "la-1-pc-1", Presence.ONLINE)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways_on_a_phone(opened: Opened, path: str, language: str) -> None:
    page = opened(f"{path}?lang={language}", viewport=SMALL)
    assert page.evaluate("document.documentElement.scrollWidth") == SMALL["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_an_accessibility_engine_finds_nothing(opened: Opened, path: str, scheme: str) -> None:
    page = opened(path, viewport=WIDE, color_scheme=scheme)
    page.evaluate(AXE)
    found = page.evaluate("axe.run({ resultTypes: ['violations'] }).then(result => result.violations)")
    assert [(rule["id"], node["target"], node["failureSummary"]) for rule in found for node in rule["nodes"]] == []


def test_without_javascript_all_is_there_and_the_page_reloads_itself(opened: Opened) -> None:
    page = opened("/", java_script_enabled=False)
    expect(page.locator("#t-choi-1")).to_be_visible()
    expect(page.locator("#reach")).to_contain_text("vào được")
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in page.content()


def test_a_simulated_school_cannot_be_taken_for_a_real_one(opened: Opened) -> None:
    page = opened("/sites/sim-mau", viewport=SMALL)
    expect(page.locator(".banner.simulation")).to_be_in_viewport()
    expect(page).to_have_title("[Mô phỏng] Trường mẫu · Sơn Ca")
    assert page.locator(".schools [aria-current] .badge").inner_text() == "Mô phỏng"


def test_it_can_be_printed(opened: Opened) -> None:
    page = opened("/")
    page.emulate_media(media="print")
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator("#r-choi-1")).to_be_visible()
