"""`sonca influx` as a person types it, at a real InfluxDB."""

import secrets
from pathlib import Path

import pytest

from sonca.cli import main
from tests.influxd import ADMIN, PASSWORD, Influxd, may_be_slow

SETTINGS = """\
broker: {{host: 127.0.0.1, username: collector, password_file: broker.password}}
store:
  kind: influx
  influx: {{url: "{url}", database: {name}, username: {name}, password_file: influx.password}}
"""


def test_it_sets_up_and_then_finds_all_good(
    influxd: Influxd, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    may_be_slow(monkeypatch)
    name = f"c{secrets.token_hex(6)}"
    settings, password = tmp_path / "sonca.yaml", tmp_path / "admin.password"
    settings.write_text(SETTINGS.format(url=influxd.url, name=name), encoding="utf-8")
    password.write_text(PASSWORD, encoding="utf-8")
    setup = ["influx", "setup", "--settings", str(settings), "--admin", ADMIN, "--admin-password-file", str(password)]
    assert main(setup) == 0
    assert f"made the database {name}" in capsys.readouterr().out
    assert main(["influx", "check", "--settings", str(settings)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"InfluxDB at {influxd.url}, version 1.6")
    assert [line.split("  ")[0] for line in lines[1:-1]] == [
        "database", "write path", "a write", "a question", "its clock", "series"
    ]  # fmt: skip
    assert lines[-1] == "all good"


def test_problems_are_printed_with_hints_and_make_the_command_fail(
    influxd: Influxd, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, name = tmp_path / "sonca.yaml", f"c{secrets.token_hex(6)}"
    influxd.ask(f'CREATE DATABASE "{name}"')
    text = SETTINGS.format(url=influxd.url, name=name).replace(f"username: {name}", f"username: {ADMIN}")
    settings.write_text(text, encoding="utf-8")
    (tmp_path / "influx.password").write_text(PASSWORD, encoding="utf-8")
    assert main(["influx", "check", "--settings", str(settings)]) == 1
    told = capsys.readouterr().out
    assert f"problem: the user {ADMIN} may do everything on this server\n  hint: run `sonca influx setup`" in told


def test_settings_without_an_influxdb_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "sonca.yaml"
    settings.write_text(SETTINGS.partition("store:")[0].replace("{{", "{").replace("}}", "}"), encoding="utf-8")
    assert main(["influx", "check", "--settings", str(settings)]) == 2
    assert "store.influx is missing" in capsys.readouterr().err
