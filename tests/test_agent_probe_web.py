"""Web requests to real servers: times, verdicts, certificates, login pages and answers that are none."""

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.certificate import certificate_end, days_left
from agent.probes.finding import Finding, Task
from agent.probes.http_answer import MAX_BODY_BYTES, read_head, without_chunks
from agent.probes.outcomes import BadAnswer
from agent.probes.trust import trusting_context
from agent.probes.web import probe, read_url
from contract.messages import Outcome, Target
from tests.waiting import at_most, patiently
from tests.web_server import Certificate, dripping, make_certificate, saying, site


@pytest.fixture(scope="module")
def plain() -> Iterator[str]:
    with site() as address:
        yield address


@pytest.fixture(scope="module")
def valid(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("valid"), 30)


@pytest.fixture
def trust(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Certificate], None]]:
    """Makes this machine trust a certificate for the time of the test."""

    def this(certificate: Certificate) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.certificate))
        trusting_context.cache_clear()

    yield this
    trusting_context.cache_clear()


def fetch(url: str, *, status: int | None = None, text: str | None = None, deadline: float = 30.0) -> Finding:
    (found,) = probe(Task(Target("services", "test", "web", url, "", status, text), deadline))
    return found


@pytest.mark.parametrize(
    ("path", "outcome", "status"),
    [("/", "ok", 200), ("/login", "ok", 302), ("/nowhere", "bad_answer", 404), ("/broken", "bad_answer", 503)],
)
def test_a_service_is_reached_by_any_status_below_400(plain: str, path: str, outcome: str, status: int) -> None:
    found = fetch(f"http://{plain}{path}")
    assert (found.outcome, found.fields["status"]) == (outcome, status)
    assert "captive" not in found.fields


def test_it_measures_each_part(plain: str) -> None:
    fields = fetch(f"http://{plain}/").fields
    parts = [float(fields[name]) for name in ("lookup_ms", "connect_ms", "first_byte_ms")]
    assert all(part >= 0 for part in parts)
    assert sum(parts) <= float(fields["total_ms"]) + 1
    assert "tls_ms" not in fields


@pytest.mark.parametrize(
    ("path", "status", "text", "outcome", "captive"),
    [
        ("/generate_204", 204, None, "ok", False),
        ("/success.txt", None, "success", "ok", False),
        ("/success.txt", 200, "success", "ok", False),
        ("/login", 204, None, "bad_answer", True),
        ("/login", None, "go and", "bad_answer", True),
        ("/portal-page", 204, None, "bad_answer", True),
        ("/portal-page", None, "success", "bad_answer", True),
        ("/511", 204, None, "bad_answer", True),
        ("/broken", 204, None, "bad_answer", False),
    ],
)
def test_a_login_page_is_told_from_the_target(
    plain: str, path: str, status: int | None, text: str | None, outcome: str, captive: bool
) -> None:
    found = fetch(f"http://{plain}{path}", status=status, text=text)
    assert (found.outcome, found.fields["captive"]) == (outcome, captive)


def test_a_large_page_is_read_only_in_part(plain: str) -> None:
    found = fetch(f"http://{plain}/big", text="x" * MAX_BODY_BYTES)
    assert found.outcome is Outcome.OK
    assert fetch(f"http://{plain}/big", text="x" * (MAX_BODY_BYTES + 1)).outcome is Outcome.BAD_ANSWER


def test_it_measures_tls_and_how_long_the_certificate_lasts(
    valid: Certificate, trust: Callable[[Certificate], None]
) -> None:
    trust(valid)
    with site(valid) as address:
        found = fetch(f"https://{address}/")
    assert (found.outcome, found.fields["status"]) == (Outcome.OK, 200)
    assert float(found.fields["tls_ms"]) > 0
    assert found.fields["certificate_days"] == 30.0


@pytest.mark.parametrize(
    ("days", "names", "reason"), [(-1, "IP:127.0.0.1", "expired"), (30, "DNS:elsewhere.test", "mismatch")]
)
def test_a_bad_certificate_is_a_bad_answer_with_its_days(
    tmp_path: Path, trust: Callable[[Certificate], None], days: int, names: str, reason: str
) -> None:
    bad = make_certificate(tmp_path, days, names)
    trust(bad)
    steps: list[str] = []
    with site(bad) as address:
        (found,) = probe(Task(Target("services", "test", "web", f"https://{address}/"), 30.0, steps.append))
    assert (found.outcome, found.fields["certificate_days"]) == (Outcome.BAD_ANSWER, float(days))
    assert "status" not in found.fields
    assert any(reason in step for step in steps)


def test_a_certificate_of_an_unknown_authority_is_a_bad_answer_with_its_days(valid: Certificate) -> None:
    trusting_context.cache_clear()
    with site(valid) as address:
        found = fetch(f"https://{address}/")
    assert (found.outcome, found.fields["certificate_days"]) == (Outcome.BAD_ANSWER, 30.0)


def test_a_server_without_tls_is_a_bad_answer(plain: str) -> None:
    found = fetch(f"https://{plain}/")
    assert found.outcome is Outcome.BAD_ANSWER
    assert "connect_ms" in found.fields


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 999 no\r\n\r\n", b"HTTP/1.1 200 OK\r\nCut"])
def test_what_is_not_http_is_a_bad_answer(answer: bytes) -> None:
    with saying(answer) as address:
        assert fetch(f"http://{address}/").outcome is Outcome.BAD_ANSWER


def test_an_endless_head_is_a_bad_answer() -> None:
    with saying(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000) as address:
        assert fetch(f"http://{address}/").outcome in (Outcome.BAD_ANSWER, Outcome.REFUSED)


def test_chunks_and_early_hints_are_understood() -> None:
    answer = (
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsucc\r\n3;x=y\r\ness\r\n0\r\n\r\n"
    )
    with saying(answer, hang_up=False) as address:
        assert fetch(f"http://{address}/", text="success").outcome is Outcome.OK


def test_a_silent_server_is_a_timeout_that_keeps_the_time_to_connect() -> None:
    def keeps_it(seconds: float) -> bool:
        with saying(b"HTTP/1.1 200 OK\r\n", hang_up=False) as address:
            found = at_most(seconds + 1, lambda: fetch(f"http://{address}/", deadline=seconds))
        assert found.outcome is Outcome.TIMEOUT
        return set(found.fields) == {"lookup_ms", "connect_ms"}

    patiently(0.4, keeps_it)


def test_a_url_is_taken_apart() -> None:
    address = read_url("https://trườnghọc.vn/tra-cứu".replace("ứ", "%E1%BB%A9") + "?lớp=1".replace("ớ", "%E1%BB%9B"))
    assert (address.tls, address.port) == (True, 443)
    assert address.host.startswith("xn--")
    assert b"Host: xn--" in address.request()
    assert read_url("http://[::1]:8480").request().startswith(b"GET / HTTP/1.1\r\nHost: [::1]:8480\r\n")


@pytest.mark.parametrize(
    "url", ["", "ftp://x/", "http://", "x.vn", "http://x/a b", "http://x/\r\nHost: y", "http://x:0x/"]
)
def test_what_is_not_a_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        probe(Task(Target("services", "test", "web", url), 1.0))


def test_the_end_of_a_certificate_is_read_from_its_bytes(valid: Certificate) -> None:
    der = ssl.PEM_cert_to_DER_cert(valid.certificate.read_text())
    end = certificate_end(der)
    assert end is not None
    assert abs(end - datetime.now(UTC) - timedelta(days=30)) < timedelta(hours=6)
    assert days_left(der, end + timedelta(days=2)) == -2.0
    assert certificate_end(der[:100]) is None


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader_of_certificates(der: bytes) -> None:
    assert certificate_end(der) is None


@given(st.binary(max_size=200))
def test_no_bytes_break_the_readers_of_http(data: bytes) -> None:
    assert len(without_chunks(data)) <= len(data)
    try:
        assert 100 <= read_head(b"HTTP/1.1 " + data).status <= 599
    except BadAnswer:
        return


def test_a_server_that_drips_does_not_outlive_the_deadline() -> None:
    with dripping(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000, every=0.02) as address:
        found = at_most(2, lambda: fetch(f"http://{address}/", deadline=0.5))
    assert found.outcome is Outcome.TIMEOUT


def test_a_redirect_is_reported_and_not_followed() -> None:
    with site() as other:
        answer = f"HTTP/1.1 302 Found\r\nLocation: http://{other}/\r\nContent-Length: 0\r\n\r\n".encode()
        with saying(answer) as address:
            steps: list[str] = []
            (found,) = probe(Task(Target("services", "test", "web", f"http://{address}/"), 30.0, steps.append))
    assert found.fields["status"] == 302
    assert any(f"sends on to http://{other}/" in step for step in steps)


def test_a_hash_folder_of_authorities_is_read_only_when_needed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "0a1b2c3d.0").write_text("not read")
    paths = ssl.get_default_verify_paths()._replace(capath=str(tmp_path))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    trusting_context.cache_clear()
    context = trusting_context()
    trusting_context.cache_clear()
    assert context.cert_store_stats()["x509"] == 0
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
