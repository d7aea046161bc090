"""Starting, refusing, waiting for the collector, and stopping in time; what browsers are told about every answer."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.application import application
from api.guard import HEADERS, is_allowed
from api.run import run
from api.settings import check_host
from api.sites import Sites
from contract.settings_file import SettingsError
from tests.api_server import client_of, running_api, settings_for
from tests.school_day import make_school_day
from tests.waiting import PATIENCE_SECONDS, wait_until

SCHOOL = "site: hoa-mai\nname: Trường Mầm non Hoa Mai\nrooms:\n  - {id: lop-1, name: Lớp 1, devices: [{id: pc-1}]}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hoa-mai.yaml").write_text(SCHOOL, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "school.example", ""])
def test_it_serves_this_machine_only_until_there_are_accounts(folder: Path, host: str) -> None:
    with pytest.raises(SettingsError, match="no accounts yet") as caught:
        check_host(host)
    assert "127.0.0.1" in caught.value.hint


def test_a_used_port_is_said_with_what_to_do(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"port {port} cannot be used: Address already in use") as caught:
            run(settings_for(folder, "hoa-mai", port=port), threading.Event())
    assert "running already" in caught.value.hint


def test_a_bad_school_file_stops_the_start(folder: Path) -> None:
    (folder / "hoa-mai.yaml").write_text("site: hoa-mai\nname: x\nroms: []\n")
    with pytest.raises(SettingsError, match="roms"):
        application(settings_for(folder, "hoa-mai"))


def test_it_starts_before_the_collector_and_comes_to_life_when_that_does(folder: Path) -> None:
    with running_api(settings_for(folder, "hoa-mai")) as address, client_of(address) as client:
        told = client.get("/api/v1/sites/hoa-mai/rooms?lang=en")
        assert (told.status_code, told.json()["error"]) == (503, "store_unavailable")
        assert "collector" in told.json()["hint"]
        health = client.get("/health")
        assert (health.status_code, health.json()["status"], health.json()["store"]) == (503, "away", False)
        assert "sonca_store_up 0.0" in client.get("/metrics").text
        page = client.get("/")
        assert page.status_code == 503
        assert "Chưa đọc được kho dữ liệu." in page.text
        assert '<meta http-equiv="refresh"' in page.text
        assert not (folder / "series.db").exists()
        make_school_day(folder, hours=0.1).close()
        assert client.get("/").status_code == 200
        assert client.get("/health").json()["status"] == "ok"


def test_it_stops_at_once_though_pages_are_following(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Whoever waited for pages would wait longer than this test does, and be refused by running_api.
    monkeypatch.setattr("api.run.LONGEST_GOODBYE_SECONDS", int(2 * PATIENCE_SECONDS))
    make_school_day(folder, hours=0.1).close()
    followed, ended = threading.Event(), threading.Event()

    def follow(address: str) -> None:
        with client_of(address) as client, client.stream("GET", "/events?site=hoa-mai") as stream:
            for _ in stream.iter_lines():
                followed.set()
        ended.set()

    with running_api(settings_for(folder, "hoa-mai")) as address:
        thread = threading.Thread(target=follow, args=(address,))
        thread.start()
        assert followed.wait(PATIENCE_SECONDS)
    thread.join(PATIENCE_SECONDS)
    assert ended.is_set()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    day = make_school_day(tmp_path_factory.mktemp("day"), hours=0.1)
    with running_api(settings_for(day.folder, "hoa-mai")) as address, client_of(address) as made:
        yield made
    day.close()


@pytest.mark.parametrize("path", ["/", "/api/v1/sites", "/nothing", "/static/live.js", "/docs", "/metrics", "/health"])
def test_every_answer_tells_browsers_what_is_forbidden(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static") else "no-store")
    assert not [name for name in headers if name.startswith("access-control")]
    assert "unsafe" not in headers["content-security-policy"]


def test_a_failure_nobody_foresaw_is_a_page_too_with_the_same_headers(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Sites, "now", fail)
    told = client.get("/api/v1/sites/hoa-mai?lang=en")
    assert (told.status_code, told.json()["error"]) == (500, "broken")
    page = client.get("/")
    assert page.status_code == 500
    assert "Máy chủ SonCa gặp lỗi" in page.text
    assert page.headers["content-security-policy"] == HEADERS["content-security-policy"]
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "192.168.1.5", ""]
)
def test_a_page_of_the_internet_cannot_take_this_address_under_its_own_name(client: httpx.Client, host: str) -> None:
    answer = client.get("/api/v1/sites", headers={"host": host})
    assert (answer.status_code, answer.json()["error"]) == (421, "wrong_host")


def test_the_names_of_this_machine_are_allowed_with_any_port() -> None:
    for host in ("localhost", "LOCALHOST:8480", "127.0.0.1", "127.0.0.1:1", "[::1]:8480"):
        assert is_allowed(host)
    for host in ("localhost:", "user@localhost", "localhost/x", "localhost:123456", "[::1", "::1"):
        assert not is_allowed(host)


def test_a_page_that_is_closed_is_no_client_any_more(client: httpx.Client) -> None:
    def following() -> float:
        [line] = [line for line in client.get("/metrics").text.splitlines() if line.startswith("sonca_event_clients")]
        return float(line.split()[1])

    with client.stream("GET", "/events?site=hoa-mai") as stream:
        lines = stream.iter_lines()
        assert next(lines) == "retry: 2000"
        assert following() == 1
    wait_until(lambda: following() == 0)
