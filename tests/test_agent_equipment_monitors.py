"""Monitors: EDID blocks built here by the standard's layout (no monitor was at hand), in the kernel's folders."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.equipment_linux import linux_content
from agent.equipment_monitors import BLOCK_BYTES, linux_monitors, made, read_edid

LETTERS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3)
TEXTS = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=13)


def edid(
    maker: str = "DEL", name: str = "", serial: str = "", number: int = 0, week: int = 32, year: int = 2019
) -> bytes:
    """A base block with a right checksum; product code 0xD0FA."""
    block = bytearray(BLOCK_BYTES)
    block[:8] = b"\x00\xff\xff\xff\xff\xff\xff\x00"
    word = 0
    for letter in maker:
        word = word << 5 | (ord(letter) - 64)
    block[8:10] = word.to_bytes(2, "big")
    block[10:16] = b"\xfa\xd0" + number.to_bytes(4, "little")
    block[16:18] = bytes((week, year - 1990))
    block[54:72] = b"\x01\x1d" + bytes(range(16))  # a timing, which is no text
    for start, kind, text in ((72, 0xFF, serial), (90, 0xFC, name)):
        block[start : start + 18] = bytes((0, 0, 0, kind, 0)) + (text.encode() + b"\n").ljust(13)[:13]
    block[-1] = -sum(block) % 256
    return bytes(block)


def test_it_reads_maker_name_serial_and_age() -> None:
    assert read_edid(edid("DEL", "DELL P2419H", "7HXT2W2")) == {
        "manufacturer": "DEL",
        "caption": "DELL P2419H",
        "serial": "7HXT2W2",
        "description": "32/2019",
    }


def test_without_texts_numbers_stand_for_them() -> None:
    monitor = read_edid(edid("BNQ", number=16_843_009, week=0xFF, year=2021))
    assert monitor == {"manufacturer": "BNQ", "caption": "D0FA", "serial": "16843009", "description": "2021"}
    assert "serial" not in (read_edid(edid("BNQ")) or {})


def test_what_is_broken_is_no_monitor() -> None:
    good = edid("DEL", "DELL P2419H")
    assert read_edid(good + bytes(128)) is not None, "what follows the base block is not looked at"
    assert read_edid(good[:-1]) is None
    assert read_edid(good[:60] + b"\x99" + good[61:]) is None
    assert read_edid(b"") is None


@pytest.mark.parametrize(("week", "year", "text"), [(0, 1990, None), (0, 2015, "2015"), (53, 2015, "53/2015")])
def test_when_it_was_made(week: int, year: int, text: str | None) -> None:
    assert made(week, year) == text


def test_each_socket_with_a_monitor_is_listed(tmp_path: Path) -> None:
    sockets = {
        "card0-HDMI-A-1": edid("EPS", "EPSON PJ"),
        "card0-eDP-1": edid("AUO"),
        "card0-DP-1": b"",
        "version": b"x",
    }
    for name, block in sockets.items():
        folder = tmp_path / "sys/class/drm" / name
        folder.mkdir(parents=True)
        (folder / "edid").write_bytes(block)
    assert [monitor["manufacturer"] for monitor in linux_monitors(tmp_path)] == ["EPS", "AUO"]
    assert linux_content(tmp_path)["monitors"] == linux_monitors(tmp_path)


@given(LETTERS, TEXTS, TEXTS, st.integers(0, 2**32 - 1), st.integers(0, 255), st.integers(1990, 2245))
def test_whatever_a_monitor_says_of_itself_is_read(
    maker: str, name: str, serial: str, number: int, week: int, year: int
) -> None:
    monitor = read_edid(edid(maker, name, serial, number, week, year))
    assert monitor is not None
    assert monitor["manufacturer"] == maker
    assert monitor["caption"] == (name or "D0FA")
    assert monitor.get("serial") == (serial or (str(number) if number else None))


@given(st.binary(max_size=300) | st.binary(min_size=120, max_size=120).map(lambda rest: edid()[:8] + rest))
def test_no_bytes_break_it(block: bytes) -> None:
    good = block[:127] + bytes((-sum(block[:127]) % 256,))
    for monitor in (read_edid(block), read_edid(good)):
        assert monitor is None or all(isinstance(value, str) and value.isprintable() for value in monitor.values())
