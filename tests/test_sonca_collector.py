"""`sonca collector refused`: what the collector would not take, for a person to read."""

import json
from pathlib import Path

import pytest

from collector.store.state import State
from collector.store.state_protocol import Refused
from sonca.cli import main

AT = 1_795_658_481_000
TOPIC = "sonca/v1/hoa-mai/pc-1/measurements"
NONSENSE = Refused(AT, TOPIC, "not_json", "Expecting value: line 1", b"{nonsense")
BYTES = Refused(AT + 1_000, TOPIC, "not_zlib", "the compressed payload ends too early", b"\x78\x9c\xff")
LATER = Refused(AT + 2_000, TOPIC, "not_json", "Expecting value: line 1", b'{"a":\n1}')


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "sonca.yaml"
    path.write_text("broker: {host: 127.0.0.1, username: collector, password_file: x}\n", encoding="utf-8")
    return path


def refused(settings: Path, *entries: Refused) -> None:
    state = State(f"sqlite:///{settings.parent}/state.db").open()
    state.refuse(list(entries))
    state.close()


def shown(settings: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["collector", "refused", "--settings", str(settings), *options]) == 0
    out: str = capsys.readouterr().out
    return out


def test_nothing_refused_is_said(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(settings, capsys) == "Nothing was refused.\n"


def test_each_is_shown_with_its_reason_and_what_came_the_newest_last(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(settings, NONSENSE, BYTES, LATER)
    lines = shown(settings, capsys).splitlines()
    assert lines[:3] == [f"2026-11-26 02:01:21 UTC  {TOPIC}", "  not_json: Expecting value: line 1", "  {nonsense"]
    assert lines[5] == "  base64 eJz/"
    assert lines[8] == r"""  '{"a":\n1}'"""
    assert lines[-2:] == ["         2  not_json", "         1  not_zlib"]


def test_only_the_newest_are_shown_and_all_are_counted(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused(settings, NONSENSE, BYTES, LATER)
    lines = shown(settings, capsys, "--limit", "1").splitlines()
    assert lines[0].startswith("2026-11-26 02:01:23 UTC")
    assert lines[-2:] == ["         2  not_json", "         1  not_zlib"]


def test_as_json_it_is_whole(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused(settings, NONSENSE, BYTES)
    found = json.loads(shown(settings, capsys, "--json"))
    assert found[0] == {
        "at": AT,
        "topic": TOPIC,
        "reason": "not_json",
        "detail": "Expecting value: line 1",
        "payload": "{nonsense",
    }
    assert [entry["payload"] for entry in found] == ["{nonsense", "base64 eJz/"]
