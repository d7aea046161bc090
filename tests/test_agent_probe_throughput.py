"""The probe throughput over loopback: each protocol, the month's budget, servers that refuse, and a kill -9."""

import dataclasses
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from agent.jobs import throughput_jobs
from agent.probes.finding import Finding, Task
from agent.probes.outcomes import Unsupported
from agent.probes.registry import PROBES
from agent.probes.throughput import card_mbps, server_of
from agent.probes.trust import trusting_context
from agent.run_probe import run_probe
from agent.settings import AgentSettings
from agent.show import explain
from agent.throughput_budget import BudgetFile
from agent.throughput_settings import LanSettings, Protocol, ThroughputSettings, WanSettings
from contract.connection import BrokerConnection
from contract.messages import Outcome, Target
from contract.metrics import PROBES as CATALOGUE
from contract.metrics import fitted
from contract.trouble import Trouble
from tests.librespeed import LibreSpeed
from tests.ports import free_port
from tests.running_agent import AGENT, SITE
from tests.transfer_endpoint import address_of, running_endpoint
from tests.waiting import PATIENCE_SECONDS, now_ms, wait_until
from tests.web_server import make_certificate, saying, site

ACCOUNT, PASSWORD = f"{SITE}.{AGENT}", "correct horse"
MEGABYTES = 4.0


@contextmanager
def librespeed(*, refuses: bool = False) -> Iterator[str]:
    with LibreSpeed(("127.0.0.1", 0), refuses=refuses) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join(PATIENCE_SECONDS)


def settings(folder: Path, throughput: ThroughputSettings) -> AgentSettings:
    (folder / "password").write_text(PASSWORD)
    broker = BrokerConnection("127.0.0.1", ACCOUNT, str(folder / "password"))
    return AgentSettings(SITE, AGENT, broker, data=str(folder / "data"), throughput=throughput)


def lan(address: str) -> ThroughputSettings:
    return ThroughputSettings(lan=LanSettings(address, MEGABYTES))


def wan(
    address: str, monthly: float = 1_000.0, protocol: Protocol = "librespeed", upload: str | None = None
) -> ThroughputSettings:
    return ThroughputSettings(wan=WanSettings(address, protocol, upload, MEGABYTES, monthly))


def one_test(folder: Path, throughput: ThroughputSettings, month: str = "") -> tuple[Finding, list[str]]:
    """What one test of the only leg finds, and its steps; the fields must be legal by the catalogue."""
    [job] = throughput_jobs(settings(folder, throughput))
    assert job.leg is not None
    steps: list[str] = []
    leg = dataclasses.replace(job.leg, month=month)
    [measurement] = run_probe(PROBES["throughput"], dataclasses.replace(job, leg=leg), now_ms, steps.append)
    assert fitted(CATALOGUE["throughput"], measurement.fields) == (measurement.fields, 0)
    return Finding(measurement.outcome, measurement.fields), steps


def test_the_schools_own_server_is_asked_with_the_agents_account(tmp_path: Path) -> None:
    with running_endpoint({ACCOUNT: PASSWORD}) as server:
        start = time.monotonic()
        found, steps = one_test(tmp_path, lan(address_of(server)))
    least_mbps = 0.9 * MEGABYTES * 8 / (time.monotonic() - start)
    assert found.outcome is Outcome.OK
    assert found.fields["leg"] == "lan"
    assert found.fields["server"] == address_of(server)
    assert found.fields["transferred_bytes"] == pytest.approx(8_000_000, rel=0.01)  # its cap, both ways
    assert float(found.fields["download_mbps"]) > least_mbps
    assert float(found.fields["upload_mbps"]) > least_mbps
    assert found.fields["budget_left_bytes"] == 50_000_000_000 - int(found.fields["budget_used_bytes"])
    assert not [step for step in steps if PASSWORD in step]


def test_a_librespeed_server(tmp_path: Path) -> None:
    with librespeed() as address:
        found, _ = one_test(tmp_path, wan(f"{address}/backend/"))
    assert (found.outcome, found.fields["server"]) == (Outcome.OK, address.partition("//")[2])
    assert {"download_mbps", "upload_mbps", "download_samples_mbps", "upload_samples_mbps"} < set(found.fields)


def test_any_server_with_a_large_file_tells_the_way_down(tmp_path: Path) -> None:
    with librespeed() as address:
        down, _ = one_test(tmp_path, wan(f"{address}/garbage.php?ckSize=8", protocol="http"))
        both, _ = one_test(
            tmp_path, wan(f"{address}/garbage.php?ckSize=8", protocol="http", upload=f"{address}/empty.php")
        )
    assert down.outcome is both.outcome is Outcome.OK
    assert "download_mbps" in down.fields
    assert "upload_mbps" not in down.fields
    assert "upload_mbps" in both.fields


def test_a_server_with_a_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = make_certificate(tmp_path, 30)
    with site(certificate) as address:
        files = wan(f"https://{address}/big", protocol="http")
        strange, _ = one_test(tmp_path, files)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.certificate))
        trusting_context.cache_clear()
        trusted, steps = one_test(tmp_path, files)
        trusting_context.cache_clear()
    assert (strange.outcome, strange.fields["transferred_bytes"]) == (Outcome.BAD_ANSWER, 0)
    assert (trusted.outcome, trusted.fields["transferred_bytes"]) == (Outcome.OK, 1_000_000), steps


def test_a_small_page_is_no_measure(tmp_path: Path) -> None:
    with site() as url:
        found, steps = one_test(tmp_path, wan(f"http://{url}/success.txt", protocol="http"))
    assert found.outcome is Outcome.BAD_ANSWER
    assert "8 bytes are too few to measure by" in " ".join(steps)
    assert "download_mbps" not in found.fields


@pytest.mark.parametrize("path", ["/login", "/broken", "/nowhere"])
def test_a_login_page_or_an_error_is_a_bad_answer(tmp_path: Path, path: str) -> None:
    with site() as url:
        found, steps = one_test(tmp_path, wan(f"http://{url}{path}", protocol="http"))
    assert found.outcome is Outcome.BAD_ANSWER
    assert "the server answered" in " ".join(steps)


def test_a_server_that_takes_no_upload_still_tells_the_way_down(tmp_path: Path) -> None:
    with librespeed(refuses=True) as address:
        found, steps = one_test(tmp_path, wan(address))
    assert found.outcome in (Outcome.BAD_ANSWER, Outcome.REFUSED), steps
    assert "download_mbps" in found.fields
    assert "upload_mbps" not in found.fields
    assert "upload failed" in " ".join(steps)


def test_a_wrong_password_is_told_and_costs_no_bytes(tmp_path: Path) -> None:
    with running_endpoint({ACCOUNT: "another"}) as server:
        found, steps = one_test(tmp_path, lan(address_of(server)))
    assert found.outcome is Outcome.BAD_ANSWER
    assert "its password is another one" in " ".join(steps)
    assert found.fields["budget_used_bytes"] == 0


@pytest.mark.parametrize("said", [b"", b"two words", "é".encode(), b"x" * 201, b"a\x00b"])
def test_what_is_no_challenge_is_not_signed(tmp_path: Path, said: bytes) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(said)}\r\n\r\n".encode()
    with saying(head + said) as address:
        found, steps = one_test(tmp_path, lan(address))
    assert found.outcome is Outcome.BAD_ANSWER
    assert "gave no challenge (200): is it SonCa's own endpoint?" in " ".join(steps)


def test_a_server_that_is_not_there_costs_no_bytes(tmp_path: Path) -> None:
    found, _ = one_test(tmp_path, lan(f"127.0.0.1:{free_port()}"))
    assert found.outcome is Outcome.REFUSED
    assert found.fields["budget_used_bytes"] == found.fields["transferred_bytes"] == 0


def test_a_budget_is_honoured_shown_and_new_next_month(tmp_path: Path) -> None:
    with librespeed() as address:
        spent = wan(address, monthly=12.0)  # a test may take eight
        first, _ = one_test(tmp_path, spent, "2026-11")
        second, steps = one_test(tmp_path, spent, "2026-11")
        later, _ = one_test(tmp_path, spent, "2026-12")
    assert (first.outcome, second.outcome, later.outcome) == (Outcome.OK, Outcome.NO_PERMISSION, Outcome.OK)
    assert first.fields["budget_used_bytes"] == second.fields["budget_used_bytes"] == first.fields["transferred_bytes"]
    assert "download_mbps" not in second.fields
    assert "transferred_bytes" not in second.fields
    assert "no throughput is tested" in steps[0]


def test_a_broken_budget_file_stops_testing_until_the_next_month(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "throughput-budget.json").write_text("{broken")
    with librespeed() as address:
        found, _ = one_test(tmp_path, wan(address), "2026-11")
        later, _ = one_test(tmp_path, wan(address), "2026-12")
    assert (found.outcome, found.fields["budget_left_bytes"]) == (Outcome.NO_PERMISSION, 0)
    assert "no throughput is tested this month" in caplog.text
    assert later.outcome is Outcome.OK


def test_a_test_that_is_killed_counts_in_full(tmp_path: Path) -> None:
    """The server sends nothing, so the test hangs in the middle of what it has reserved."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        (tmp_path / "password").write_text(PASSWORD)
        broker = {"host": "127.0.0.1", "username": ACCOUNT, "password_file": "password"}
        content = {"site": SITE, "agent": AGENT, "broker": broker, "data": "data"}
        content["throughput"] = {"wan": {"address": address, "max_megabytes": MEGABYTES}}
        (tmp_path / "agent.yaml").write_text(yaml.safe_dump(content))
        command = [sys.executable, "-m", "tests.throughput_inside", str(tmp_path / "agent.yaml")]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        file = tmp_path / "data" / "throughput-budget.json"
        wait_until(file.exists)
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE_SECONDS)
    month = json.loads(file.read_text())["month"]
    assert BudgetFile(file, "wan", 10**9, month).read().used == 2 * MEGABYTES * 1_000_000


def test_a_person_is_shown_the_budget(tmp_path: Path) -> None:
    lines: list[str] = []
    with librespeed() as address:
        assert explain(settings(tmp_path, wan(address)), "throughput", "wan", lines.append)
    told = "\n".join(lines)
    assert "throughput wan/server" in told
    assert "0 of 1000000000 bytes used before, 8000000 reserved" in told
    assert "budget_left_bytes 992 MB" in told
    assert "limited_by " in told


def test_what_is_not_set_up_cannot_be_tested(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="sets up no leg 'lan'"):
        explain(settings(tmp_path, ThroughputSettings()), "throughput", "lan", print)
    with pytest.raises(Unsupported):
        PROBES["throughput"](Task(Target("asked", "here", "throughput", "x"), 1.0))
    assert throughput_jobs(settings(tmp_path, ThroughputSettings())) == []
    without = dataclasses.replace(settings(tmp_path, lan("127.0.0.1:1")), without=("throughput",))
    assert throughput_jobs(without) == []


def test_names_and_cards(tmp_path: Path) -> None:
    for throughput in (wan("https://a.example:8443/x/"), wan("a.example:8443", protocol="iperf3")):
        [job] = throughput_jobs(settings(tmp_path, throughput))
        assert job.leg is not None
        assert server_of(job.leg) == "a.example:8443"
    assert card_mbps("192.0.2.99") == 0
    assert card_mbps("127.0.0.1") == 0  # loopback has no speed
