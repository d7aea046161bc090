"""Lines into servers that a test machine cannot run: 1.8, 2.x, 3.x, and proxies before them."""

import contextlib
import dataclasses
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from pathlib import Path

import pytest

from collector.store.influx_http import Server
from collector.store.influx_query import Database
from collector.store.influx_write import MOST_LINES, LineWriter
from collector.store.protocol import StoreUnavailable
from collector.store.settings import InfluxSettings
from collector.store.state_protocol import Refused
from tests.influx_stand_in import STORED, Asked, Reply, StandIn, running_stand_in
from tests.waiting import PATIENCE_SECONDS

LINES = [f"ping,device=pc-{number} ok=1i {number}" for number in range(100)]
BAD = {17, 18, 99}


@pytest.fixture
def server() -> Iterator[StandIn]:
    with running_stand_in() as stand_in:
        yield stand_in


@dataclasses.dataclass
class Bench:
    writer: LineWriter
    parked: list[Refused]

    def parked_lines(self) -> list[str]:
        return [entry.payload.decode() for entry in self.parked]


@pytest.fixture
def bench(server: StandIn, tmp_path: Path) -> Iterator[Bench]:
    (tmp_path / "token").write_text("a-token\n")
    settings = InfluxSettings(server.url, organization="truong", token_file="token")
    speaker, parked = Server(settings, tmp_path), list[Refused]()
    speaker.open()
    yield Bench(LineWriter(Database(speaker, "sonca", may_create=True), settings, parked.extend), parked)
    speaker.close()


def told(status: int, **words: str) -> Reply:
    return status, {"Content-Type": "application/json"}, json.dumps(words).encode()


def is_bad(line: str) -> bool:
    return any(line == LINES[number] for number in BAD)


def test_it_speaks_to_the_second_api_with_bucket_organization_and_token(server: StandIn, bench: Bench) -> None:
    bench.writer.write(LINES)
    [asked] = server.asked
    assert asked.path == "/api/v2/write"
    assert asked.query == {"bucket": ["sonca"], "precision": ["ms"], "org": ["truong"]}
    assert asked.headers["Authorization"] == "Token a-token"
    assert server.kept == LINES


def test_lines_are_packed_for_a_server_elsewhere_only(server: StandIn, bench: Bench, tmp_path: Path) -> None:
    bench.writer.write(LINES)
    elsewhere = InfluxSettings(server.url.replace("127.0.0.1", "0.0.0.0"))
    with contextlib.closing(Server(elsewhere, tmp_path)) as speaker:
        speaker.open()
        LineWriter(Database(speaker, "sonca", may_create=True), elsewhere, bench.parked.extend).write(LINES)
    assert [asked.headers.get("Content-Encoding") for asked in server.asked] == [None, "gzip"]
    assert server.kept == LINES + LINES


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:8086", True),
        ("http://localhost:8086", True),
        ("http://[::1]:8086", True),
        ("http://192.168.1.2:8086", False),
        ("https://influx.example.org", False),
    ],
)
def test_it_knows_whether_the_server_is_this_machine(url: str, here: bool, tmp_path: Path) -> None:
    assert Server(InfluxSettings(url), tmp_path).is_on_this_machine is here


def test_no_request_has_more_lines_than_a_server_likes(server: StandIn, bench: Bench) -> None:
    lines = [f"ping ok=1i {number}" for number in range(2 * MOST_LINES + 1)]
    bench.writer.write(lines)
    assert [len(asked.lines) for asked in server.asked] == [MOST_LINES, MOST_LINES, 1]
    assert server.kept == lines
    bench.writer.write([])
    assert len(server.asked) == 3


def test_where_the_second_api_is_missing_it_takes_the_first_and_remembers(server: StandIn, bench: Bench) -> None:
    server.rule = lambda asked: STORED if asked.path == "/write" else (404, {}, b"404 page not found\n")
    bench.writer.write(LINES[:1])
    bench.writer.write(LINES[1:])
    assert [asked.path for asked in server.asked] == ["/api/v2/write", "/write", "/write"]
    assert server.asked[1].query == {"db": ["sonca"], "precision": ["ms"]}
    assert server.kept == LINES


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(told(422, code="unprocessable entity", message="field type conflict"), id="2.x type conflict"),
        pytest.param(told(400, code="invalid", message="unable to parse"), id="2.x bad line"),
        pytest.param(told(500, error="partial write of line protocol occurred"), id="3.x on the second api"),
    ],
)
def test_a_server_that_refuses_the_whole_batch_gets_all_but_the_bad_lines(
    server: StandIn, bench: Bench, refusal: Reply
) -> None:
    server.rule = lambda asked: refusal if any(map(is_bad, asked.lines)) else STORED
    bench.writer.write(LINES)
    stored = [line for line in server.kept if not line.startswith("witness")]
    assert stored == [line for line in LINES if not is_bad(line)]
    assert bench.parked_lines() == [LINES[number] for number in sorted(BAD)]
    entry = bench.parked[0]
    assert (entry.reason, entry.topic) == ("store_refused", "influx/sonca")
    assert entry.detail.startswith(f"{refusal[0]}: ")
    assert len(server.asked) < 100


def test_a_request_too_large_is_sent_in_parts(server: StandIn, bench: Bench) -> None:
    server.rule = lambda asked: STORED if len(asked.lines) <= 30 else (413, {}, b"Request Entity Too Large")
    bench.writer.write(LINES)
    assert [line for line in server.kept if not line.startswith("witness")] == LINES
    assert bench.parked == []


@pytest.mark.parametrize("status", [400, 413, 422, 500])
def test_a_server_that_refuses_a_harmless_line_too_parks_nothing(server: StandIn, bench: Bench, status: int) -> None:
    server.rule = lambda _: told(status, message="organization name is required")
    with pytest.raises(StoreUnavailable, match=r"refuses every write .*organization name is required.*store\.influx"):
        bench.writer.write(LINES)
    assert bench.parked == []
    assert len(server.asked) <= 4


def test_a_server_that_stumbles_once_is_asked_again_at_once(server: StandIn, bench: Bench) -> None:
    replies = iter([told(500, message="timeout"), STORED])
    server.rule = lambda _: next(replies)
    bench.writer.write(LINES)
    assert server.kept == LINES


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504, 301, 200, 418])
def test_whatever_else_comes_is_tried_later(server: StandIn, bench: Bench, status: int) -> None:
    server.rule = lambda _: (status, {"Location": "http://127.0.0.1:1/"}, b"<html>a login page</html>")
    with pytest.raises(StoreUnavailable, match=f"InfluxDB at http://127.0.0.1:[0-9]+ answered .*{status}"):
        bench.writer.write(LINES)
    server.rule = lambda _: STORED
    bench.writer.write(LINES)
    assert server.kept == LINES
    assert bench.parked == []


@pytest.mark.parametrize("retry_after", ["40", formatdate(timeval=4e9, usegmt=True)])
def test_a_server_that_asks_for_a_pause_is_left_in_peace(server: StandIn, bench: Bench, retry_after: str) -> None:
    server.rule = lambda _: (429, {"Retry-After": retry_after}, b"")
    for sentence in ("answered 429", r"asked for a pause, ([34]\d|[23]\d\d) s are left", "asked for a pause"):
        with pytest.raises(StoreUnavailable, match=sentence):
            bench.writer.write(LINES)
    assert len(server.asked) == 1


def test_a_pause_that_nobody_can_read_is_none(server: StandIn, bench: Bench) -> None:
    server.rule = lambda _: (503, {"Retry-After": "soon"}, b"")
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="answered 503"):
            bench.writer.write(LINES)
    assert len(server.asked) == 2


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_login_names_the_settings(server: StandIn, bench: Bench, status: int) -> None:
    server.rule = lambda _: (status, {}, b"")
    with pytest.raises(StoreUnavailable, match=rf"refuses the login \({status}: .*store\.influx: token_file"):
        bench.writer.write(LINES)
    assert bench.parked == []


def test_a_missing_bucket_that_cannot_be_made_is_said_with_what_to_do(server: StandIn, bench: Bench) -> None:
    def second_version(asked: Asked) -> Reply:
        if asked.path == "/query":
            return told(400, code="invalid", message="CREATE DATABASE is not supported")
        return told(404, code="not found", message='bucket "sonca" not found')

    server.rule = second_version
    with pytest.raises(StoreUnavailable, match=r"no database or bucket 'sonca': make it, or .*store\.influx\.database"):
        bench.writer.write(LINES)
    assert bench.parked == []


def test_a_chosen_path_that_the_server_lacks_is_not_replaced(server: StandIn, tmp_path: Path) -> None:
    server.rule = lambda _: (404, {}, b"404 page not found\n")
    settings = InfluxSettings(server.url, write_path="/api/v2/write")
    speaker = Server(settings, tmp_path)
    speaker.open()
    writer = LineWriter(Database(speaker, "sonca", may_create=True), settings, list[Refused]().extend)
    with pytest.raises(StoreUnavailable, match=r"404: 404 page not found; .*store\.influx\.write_path"):
        writer.write(LINES)
    assert {asked.path for asked in server.asked} == {"/api/v2/write"}
    speaker.close()


def test_nobody_there_is_said_without_secrets(tmp_path: Path) -> None:
    settings = InfluxSettings("http://user:hidden@127.0.0.1:9/")
    speaker = Server(settings, tmp_path)
    speaker.open()
    with pytest.raises(StoreUnavailable, match=r"InfluxDB at http://127\.0\.0\.1:9 cannot be reached") as caught:
        speaker.post("/query", form={"q": "SHOW DATABASES"})
    assert "hidden" not in str(caught.value)
    speaker.close()
    with pytest.raises(StoreUnavailable, match="is not open"):
        speaker.post("/query")


def test_a_missing_secret_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"secret cannot be read: .*no-such-token"):
        Server(InfluxSettings("http://127.0.0.1:9", token_file="no-such-token"), tmp_path).open()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"two\nlines", "what is in token is not a token"),
        ("mã bí mật".encode(), "what is in token is not a token"),
        (b"\xff\xfet\x00", "its secret cannot be read"),  # as an editor of Windows saves "Unicode"
    ],
)
def test_what_cannot_be_a_token_is_said_before_anything_is_sent(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "token").write_bytes(content)
    with pytest.raises(StoreUnavailable, match=sentence):
        Server(InfluxSettings("http://127.0.0.1:9", token_file="token"), tmp_path).open()


def test_the_mark_that_windows_puts_before_a_text_is_no_part_of_a_token(server: StandIn, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("a-token\n", encoding="utf-8-sig")
    with contextlib.closing(Server(InfluxSettings(server.url, token_file="token"), tmp_path)) as speaker:
        speaker.open()
        speaker.post("/query", form={"q": "SHOW DATABASES"})
    assert server.asked[0].headers["Authorization"] == "Token a-token"


def test_a_server_below_a_path_of_a_proxy_and_without_tls_is_asked_there(server: StandIn, tmp_path: Path) -> None:
    settings = InfluxSettings(f"{server.url}/influx/", tls_ca_file="authority.pem")
    with contextlib.closing(Server(settings, tmp_path)) as speaker:
        speaker.open()
        speaker.post("/query", form={"q": "SHOW DATABASES"})
        speaker.get("/api/v2/orgs", {"org": "trường học"})
    assert [asked.path for asked in server.asked] == ["/influx/query", "/influx/api/v2/orgs"]
    assert server.asked[1].query == {"org": ["trường học"]}


def test_an_address_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"Failed to parse.*; check store\.influx\.url"):
        Server(InfluxSettings("http://máy chủ:8086"), tmp_path).open()


def test_many_pages_at_once_are_answered_without_a_warning(
    server: StandIn, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    together = threading.Barrier(10)

    def slowly(_: Asked) -> Reply:
        together.wait(PATIENCE_SECONDS)  # all of them are on their way at once
        return STORED

    server.rule = slowly
    with contextlib.closing(Server(InfluxSettings(server.url), tmp_path)) as speaker, ThreadPoolExecutor(10) as pages:
        speaker.open()
        list(pages.map(lambda _: speaker.post("/write", body=b"ping ok=1i 1"), range(10)))
    assert len(server.asked) == 10
    assert caplog.records == []
