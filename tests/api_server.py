"""The API's real process part, serving on a free port of loopback, and a real browser to look at it."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import Browser, expect, sync_playwright

from api.run import run
from api.settings import ApiSettings
from collector.store.settings import StoreSettings
from tests.peers import need
from tests.ports import free_port
from tests.school_day import SchoolDay, make_school_day
from tests.waiting import PATIENCE_SECONDS, wait_until


@dataclass(frozen=True)
class Served:
    """A school's stores, still open for writing, and the address that serves them."""

    day: SchoolDay
    address: str


def settings_for(folder: Path, *sites: str, port: int = 0, state_url: str = "") -> ApiSettings:
    """Settings over the stores of a folder and its school files `<site>.yaml`."""
    schools = tuple(folder / f"{site}.yaml" for site in sites)
    state_url = state_url or f"sqlite:///{folder}/state.db"
    return ApiSettings(folder, schools, StoreSettings(), state_url, port=port or free_port())


@contextlib.contextmanager
def running_api(settings: ApiSettings) -> Iterator[str]:
    """The address of a served API, without a slash at its end; stopped afterwards."""
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(settings, stop))
    thread.start()
    address = f"http://127.0.0.1:{settings.port}"
    try:
        wait_until(lambda: not thread.is_alive() or _answers(address))
        yield address
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive(), "the API did not stop"


def client_of(address: str) -> httpx.Client:
    """Asks the API at an address, and waits for its answer as long as a machine may stand still."""
    return httpx.Client(base_url=address, timeout=PATIENCE_SECONDS)


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/static/bird.svg").status_code == 200
    except httpx.TransportError:
        return False


@contextlib.contextmanager
def two_schools(folder: Path, *, hours: float) -> Iterator[Served]:
    """The last `hours` of `hoa-mai`, a simulated school `sim-mau` beside it, and the address that serves both."""
    day = make_school_day(folder, hours=hours)
    make_school_day(folder, hours=0.2, site="sim-mau", name="Trường mẫu").close()
    # The settings name the simulated one first: the real school must come first all the same.
    with running_api(settings_for(folder, "sim-mau", "hoa-mai")) as address:
        yield Served(day, address)
    day.close()


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without its sandbox, which root cannot have. It and what a test expects of it may be slow."""
    program, patience_ms = need("chromium"), PATIENCE_SECONDS * 1000
    expect.set_options(timeout=patience_ms)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"], timeout=patience_ms)
        browser.on("context", lambda context: context.set_default_timeout(patience_ms))
        yield browser
        browser.close()
