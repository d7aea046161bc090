"""Throughput measured against `tc tbf`: right within 10 %, both ways, by each protocol."""

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from sonca.up import sonca
from tests.namespaces import within
from tests.peers import need
from tests.shaped_line import SERVER, ShapedLine
from tests.waiting import PATIENCE_SECONDS, best_of, wait_until

ACCOUNT = "hoa-mai.pc-1"
BROKER = {"host": "127.0.0.1", "username": ACCOUNT, "password_file": f"accounts/{ACCOUNT}"}
PORT = 8484


@contextmanager
def serving(line: ShapedLine, folder: Path, *command: str) -> Iterator[None]:
    """A server in its namespace, that listens when this begins."""
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(within(line.server, *command), stdout=log, stderr=subprocess.STDOUT)
    try:
        listening = within(line.server, "ss", "-Hltn", f"sport = :{PORT}")
        wait_until(lambda: bool(subprocess.run(listening, capture_output=True, check=True).stdout))
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def measured(line: ShapedLine, folder: Path, throughput: dict[str, Any], down: int, up: int) -> dict[str, Any]:
    """What an agent with these settings measures on the PC's side of the line, once the machine is not too busy."""
    numbers = itertools.count()

    def one_test() -> dict[str, Any]:
        data = str(folder / f"data-{next(numbers)}")  # each has the month's budget before it
        settings = {"site": "hoa-mai", "agent": "pc-1", "broker": BROKER, "data": data, "throughput": throughput}
        (folder / "agent.yaml").write_text(yaml.safe_dump(settings))
        command = within(line.pc, sys.executable, "-m", "tests.throughput_inside", str(folder / "agent.yaml"))
        [found] = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=180).stdout)
        fields: dict[str, Any] = found["fields"] | {"outcome": found["outcome"]}
        return fields

    return best_of(one_test, lambda fields: is_right(fields, down, up))


def is_right(fields: dict[str, Any], down: int, up: int) -> bool:
    rates = (fields.get("download_mbps"), fields.get("upload_mbps"))
    return fields.get("limited_by") == "line" and rates == pytest.approx((down, up), rel=0.10)


def check(fields: dict[str, Any], down: int, up: int) -> None:
    assert fields["outcome"] == "ok"
    assert fields["download_mbps"] == pytest.approx(down, rel=0.10)
    assert fields["upload_mbps"] == pytest.approx(up, rel=0.10)
    assert fields["limited_by"] == "line"
    for direction in ("download", "upload"):
        assert len(fields[f"{direction}_samples_mbps"].split()) >= 6
    assert fields["budget_used_bytes"] == fields["transferred_bytes"]


def test_the_way_to_the_schools_own_server(tmp_path: Path) -> None:
    (tmp_path / "accounts").mkdir()
    (tmp_path / "accounts" / ACCOUNT).write_text("a password of the broker")
    server = {"broker": BROKER, "throughput": {"host": SERVER, "port": PORT}}
    (tmp_path / "sonca.yaml").write_text(yaml.safe_dump(server))
    command = sonca("throughput", "--settings", str(tmp_path / "sonca.yaml"))
    with ShapedLine(down=80, up=20) as line, serving(line, tmp_path, *command):
        fields = measured(line, tmp_path, {"lan": {"address": f"{SERVER}:{PORT}"}}, 80, 20)
    check(fields, 80, 20)
    assert (fields["leg"], fields["server"]) == ("lan", f"{SERVER}:{PORT}")
    assert fields["transferred_bytes"] < 100_000_000  # it stopped when its samples agreed, long before its cap


def test_the_way_to_a_librespeed_server(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "tests.librespeed", SERVER, str(PORT))
    with ShapedLine(down=20, up=80) as line, serving(line, tmp_path, *command):
        fields = measured(line, tmp_path, {"wan": {"address": f"http://{SERVER}:{PORT}/backend/"}}, 20, 80)
    check(fields, 20, 80)


def test_the_way_to_an_iperf3_server(tmp_path: Path) -> None:
    iperf3 = need("iperf3")
    with ShapedLine(down=50, up=30) as line, serving(line, tmp_path, iperf3, "-s", "-p", str(PORT)):
        fields = measured(line, tmp_path, {"wan": {"address": f"{SERVER}:{PORT}", "protocol": "iperf3"}}, 50, 30)
    check(fields, 50, 30)
