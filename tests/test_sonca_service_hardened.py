"""The command of a written unit file, run for real with the rights that the unit leaves it."""

import json
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from contract.messages import Outcome, Reason, State
from sonca.data_folder import plain
from sonca.service.systemd import Systemd, _make_folders
from sonca.service.wanted import Wanted, wanted_agent, wanted_up
from tests.brokers import running_broker
from tests.collecting import CollectingPeer
from tests.hardened import hardened, rights_of
from tests.peers import need_root
from tests.ports import free_port
from tests.running_agent import AGENT, SITE
from tests.systemd_unit import Unit
from tests.waiting import PATIENCE_SECONDS, best_of, wait_until
from tests.watched_segment import ROUTER, WatchedSegment

NET_RAW = f"{1 << 13:016x}"
ONE_RIGHT = {"CapEff": NET_RAW, "CapBnd": NET_RAW, "NoNewPrivs": "1", "Seccomp": "2"}


@pytest.fixture(autouse=True)
def root() -> None:
    need_root("to bound the rights of a process")


def written(wanted: Wanted) -> Unit:
    """The unit file as install would write it, with the folders that it makes."""
    _make_folders(wanted)
    return Unit(Systemd(as_root=True).text(wanted))


def settings_file(folder: Path, **settings: object) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "agent.yaml"
    path.write_text(yaml.safe_dump({"site": SITE, "agent": AGENT, **settings}))
    return path


def outcomes(command: list[str]) -> dict[tuple[str, str | None], str]:
    """What one round of an agent found, by probe and target."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True)
    return {(entry["probe"], entry.get("target")): entry["outcome"] for entry in json.loads(done.stdout)}


def all_is_well(found: dict[tuple[str, str | None], str]) -> bool:
    """Nothing was refused, and the three of the segment were heard."""
    neighbours = sum(probe == "neighbour" for probe, _ in found)
    return set(found.values()) <= {"ok", "unsupported"} and neighbours == 3


@contextmanager
def running(command: list[str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that has to end in peace when it gets the signal that systemd sends."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) == 0, log.read_text()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def test_an_agent_with_its_one_right_measures_reports_and_says_goodbye(tmp_path: Path) -> None:
    with running_broker("mosquitto", tmp_path, "collector", f"{SITE}.{AGENT}") as broker:
        path = settings_file(
            tmp_path / "Lớp lá 100% 'A'",
            broker=plain(broker.connection(f"{SITE}.{AGENT}")),
            without=["ping", "dns", "wifi", "smart"],
            internet=[{"name": "broker", "tcp": f"127.0.0.1:{broker.port}"}],
            dns=[],
            report_seconds=1,
            interval_seconds=dict.fromkeys(("host", "disk", "network_card", "tcp"), 1),
        )
        with (
            CollectingPeer(broker) as peer,
            running(hardened(written(wanted_agent(path))), tmp_path / "log") as agent,
        ):
            wait_until(lambda: peer.state() is State.ONLINE)
            assert rights_of(agent.pid) == ONE_RIGHT
            with pytest.raises(OSError, match="Read-only file system"):  # as the agent sees it, and root through it
                Path(f"/proc/{agent.pid}/root{tmp_path}/anything").write_text("")
            wait_until(lambda: (path.parent / "agent-data" / "starts.json").exists())
            wait_until(lambda: bool(peer.equipment))
        wait_until(lambda: peer.state() is State.OFFLINE)
        assert peer.statuses[-1].reason == Reason.SHUTDOWN
        found = {(entry.probe, entry.outcome) for batch in peer.batches for entry in batch.measurements}
    assert {(probe, Outcome.OK) for probe in ("host", "disk", "network_card", "tcp")} <= found, "sent at its farewell"
    # On a busy machine a measurement may come too late; none may be refused.
    assert {outcome for _, outcome in found} <= {Outcome.OK, Outcome.UNSUPPORTED, Outcome.TIMEOUT}


def test_one_right_is_enough_for_echoes_and_for_the_watch_of_the_network(tmp_path: Path) -> None:
    quick = ["dhcp_servers", "gateway_arp"]  # the same child and the same sockets as network_neighbours, for longer
    path = settings_file(
        tmp_path,
        broker={"host": "127.0.0.1", "username": f"{SITE}.{AGENT}", "password_file": "password"},
        network={},
        without=quick,
        internet=[{"name": "router", "ping": ROUTER}],
        dns=[],
    )
    unit = written(wanted_agent(path))
    with WatchedSegment() as segment:
        # Nobody may send echoes but with the right to raw sockets, as on a machine that was never set up for them.
        segment.run("sentinel", "sysctl", "-qw", "net.ipv4.ping_group_range=1 0")
        command = hardened(unit, "--once", "--json", inside=segment.within("sentinel"))
        found = best_of(lambda: outcomes(command), all_is_well)
    assert set(found.values()) <= {"ok", "unsupported"}, found
    assert found["ping", "internet/router"] == found["ping", "gateway/default"] == "ok"
    assert found["network_neighbours", None] == "ok"
    assert all_is_well(found)


@pytest.mark.slow
def test_up_with_the_rights_of_its_service_serves_its_page_and_stops_in_order(tmp_path: Path) -> None:
    data, port = tmp_path / "dữ liệu", free_port()
    data.mkdir(mode=0o700)
    (data / "school.yaml").write_text("site: hoa-mai\nname: Hoa Mai\nrooms: []\n")
    unit = written(wanted_up(data, [f"--port={port}"], listens=False))
    log = tmp_path / "log"
    with running(hardened(unit), log) as up:
        wait_until(lambda: "open this page" in log.read_text())
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE_SECONDS) as page:
            assert "Hoa Mai" in page.read().decode()
        children = {
            name: pid for name, (pid, _) in json.loads((data / "processes.json").read_text())["processes"].items()
        }
        assert children.pop("up") == up.pid
        assert set(children) == {"broker", "collector", "api", "agent"}
        assert {name: rights_of(pid) for name, pid in children.items()} == dict.fromkeys(children, ONE_RIGHT)
    told = log.read_text()
    assert "Đã dừng / stopped." in told, "in Vietnamese, without any locale"
    assert not any(Path(f"/proc/{pid}").exists() for pid in children.values())
    assert "Traceback" not in told + "".join(path.read_text() for path in (data / "logs").iterdir())
