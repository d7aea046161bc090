"""The month's bytes: counted before they are sent, over restarts, kill -9 and broken files."""

import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.throughput_budget import Budget, BudgetFile, NoBudget

NOVEMBER, DECEMBER = "2026-11", "2026-12"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "budget.json"


def budget(path: Path, leg: str = "wan", of: int = 1_000, month: str = NOVEMBER) -> BudgetFile:
    return BudgetFile(path, leg, of, month)


def test_what_is_reserved_counts_until_it_is_settled(path: Path) -> None:
    assert budget(path).read() == Budget(0, 1_000)
    assert budget(path).reserve(400) == Budget(400, 1_000)
    assert budget(path).read().left == 600
    assert budget(path).settle(400, 150) == Budget(150, 1_000)
    assert budget(path).read().left == 850


def test_more_than_what_is_left_is_refused_and_not_counted(path: Path) -> None:
    budget(path).reserve(700)
    with pytest.raises(NoBudget, match="301 bytes are more than the 300 left"):
        budget(path).reserve(301)
    assert budget(path).reserve(300).left == 0


def test_each_leg_has_its_own_and_each_month_a_new_one(path: Path) -> None:
    budget(path, "lan").reserve(900)
    budget(path, "wan").reserve(800)
    assert (budget(path, "lan").read().used, budget(path, "wan").read().used) == (900, 800)
    assert budget(path, "wan", month=DECEMBER).read().used == 0
    assert budget(path, "wan", month=DECEMBER).reserve(5).used == 5
    assert budget(path, "lan", month=DECEMBER).read().used == 0


def test_a_clock_that_goes_back_brings_no_bytes_back(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    budget(path, month=DECEMBER).reserve(800)
    assert budget(path, month=NOVEMBER).read().used == 800
    assert "a later month: delete it if a clock was wrong" in caplog.text


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"null", b"[]", b"\xff\xfe\x00", b'{"month": "2026-11"}', b'{"month": 11, "used": {}}'),
        *(b'{"month": "2026-11", "used": {"wan": -5}}', b'{"month": "2026-11", "used": {"wan": 1.5}}'),
    ],
)
def test_a_broken_file_is_told_kept_and_taken_for_used_up(
    path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(NoBudget):
        budget(path).reserve(1)
    assert "is broken" in caplog.text
    assert "no throughput is tested this month" in caplog.text
    assert path.with_name("budget.json.broken").read_bytes() == content
    assert budget(path).read().left == budget(path, "lan").read().left == 0
    assert caplog.text.count("is broken") == 1  # told once
    assert budget(path, month=DECEMBER).reserve(1).left == 999


def test_a_file_that_cannot_be_written_or_read_allows_nothing(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(NoBudget, match="cannot be read"):
        budget(path).reserve(1)
    path.rmdir()
    path.with_name("budget.json.new").mkdir()
    with pytest.raises(NoBudget, match="cannot be written"):
        budget(path).reserve(1)


ANY = st.recursive(st.none() | st.integers() | st.text() | st.floats(), lambda inner: st.dictionaries(st.text(), inner))


@settings(deadline=None, max_examples=30)  # each is flushed to the disk
@given(ANY)
def test_any_json_at_all_is_read_or_taken_for_used_up(content: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "budget.json"
        path.write_text(json.dumps(content))
        assert 0 <= budget(path).read().left <= 1_000


KILLED = """
import sys
from pathlib import Path
from agent.throughput_budget import BudgetFile
file = BudgetFile(Path(sys.argv[1]), "wan", 10**9, "2026-11")
while True:
    file.reserve(7)
    print("reserved", flush=True)
"""


def test_kill_9_at_any_moment_forgets_nothing_that_was_reserved(path: Path) -> None:
    reserved = 0
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        for _ in range(20):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        reserved += 20 + len(process.stdout.read().splitlines())
        process.wait()
        process.stdout.close()
        used = budget(path, of=10**9).read().used
        assert reserved * 7 <= used <= (reserved + 1) * 7
        reserved = used // 7
