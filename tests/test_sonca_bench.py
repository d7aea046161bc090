"""The door of the benchmarks: it teaches, refuses what it does not know, and its table says what was missed."""

import subprocess
import sys

from scripts.benchmarks.measured import Measured, percentile
from scripts.benchmarks.run import ROWS, table

BENCH = [sys.executable, "scripts/bench"]


def test_help_names_every_row() -> None:
    done = subprocess.run([*BENCH, "--help"], capture_output=True, text=True, check=True)
    assert all(name in done.stdout for name in ROWS)


def test_a_row_that_is_not_known_is_refused() -> None:
    done = subprocess.run([*BENCH, "colour"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "there is no row 'colour'; known are agent, " in done.stderr


def test_the_table_says_what_was_reached_and_what_was_missed() -> None:
    rows = [Measured("page", 120.4, "ms", "the same again 1 ms", 150), Measured("bytes", 8.04, "bytes", "", 6, 2)]
    assert table(rows).splitlines() == [
        "what   measured    goal                compared to",
        "page   120.4 ms    <= 150 ms   met     the same again 1 ms",
        "bytes  8.04 bytes  <= 6 bytes  missed",
    ]
    assert [entry.missed for entry in rows] == [False, True]


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile(list(map(float, range(100))), 0.99) == 99.0
