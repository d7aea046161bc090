"""The agent's times: one straight line a boot of the machine, whatever the wall clock does."""

import re
import time
from unittest import mock

from agent.clock import BOOT_ID, BootClock, boot_of_machine, monotonic_ms, new_clock


def test_a_new_clock_shows_what_the_wall_clock_shows() -> None:
    assert abs(new_clock().now_ms() - time.time_ns() // 1_000_000) < 100


def test_a_jump_of_the_wall_clock_moves_nothing() -> None:
    clock = new_clock()
    with mock.patch("time.time_ns", return_value=0):
        assert abs(clock.now_ms() - (clock.base_ms + monotonic_ms())) < 100


def test_the_era_is_the_boot_of_the_machine() -> None:
    assert re.fullmatch(r"[0-9a-f-]{36}", boot_of_machine())
    assert new_clock().era == new_clock().era == BOOT_ID.read_text().strip()


def test_without_a_boot_id_each_start_is_an_era_of_its_own(tmp_path: object) -> None:
    with mock.patch("agent.clock.BOOT_ID") as missing:
        missing.exists.return_value = False
        assert boot_of_machine() != boot_of_machine()


def test_two_lines_of_one_base_are_the_same_clock() -> None:
    clock = BootClock("era", 1_000)
    assert 0 <= BootClock("era", 1_000).now_ms() - clock.now_ms() < 100
