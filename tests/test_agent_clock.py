"""The agent's times: one straight line a boot of the machine, whatever the wall clock does."""

import re
from unittest import mock

from agent.clock import BOOT_ID, BootClock, boot_of_machine, monotonic_ms, new_clock
from tests.waiting import now_ms


def test_a_new_clock_shows_what_the_wall_clock_shows() -> None:
    before = now_ms()
    shown, after = new_clock().now_ms(), now_ms()
    assert abs(shown - before) <= after - before + 1


def test_a_jump_of_the_wall_clock_moves_nothing() -> None:
    clock = new_clock()
    with mock.patch("time.time_ns", return_value=0):
        assert clock.now_ms() <= clock.base_ms + monotonic_ms() <= clock.now_ms()


def test_the_era_is_the_boot_of_the_machine() -> None:
    assert re.fullmatch(r"[0-9a-f-]{36}", boot_of_machine())
    assert new_clock().era == new_clock().era == BOOT_ID.read_text().strip()


def test_without_a_boot_id_each_start_is_an_era_of_its_own(tmp_path: object) -> None:
    with mock.patch("agent.clock.BOOT_ID") as missing:
        missing.exists.return_value = False
        assert boot_of_machine() != boot_of_machine()


def test_two_lines_of_one_base_are_the_same_clock() -> None:
    one, other = BootClock("era", 1_000), BootClock("era", 1_000)
    assert one.now_ms() <= other.now_ms() <= one.now_ms()
