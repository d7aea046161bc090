"""`sonca dashboards` as a person types it."""

import json
import secrets
from pathlib import Path

import pytest
import yaml

from sonca.cli import main
from tests.grafana_stand_in import TOKEN, running_grafana
from tests.influxd import ADMIN, PASSWORD, Influxd

SETTINGS = """\
broker: {{host: 127.0.0.1, username: collector, password_file: broker.password}}
store: {{kind: influx, influx: {{url: "{url}", database: {name}, username: {user}, password_file: influx.password}}}}
"""
SCHOOL = """\
site: hoa-mai
name: Trường Mầm non Hoa Mai
time_zone: Asia/Tokyo
"""


def settings_in(folder: Path, url: str = "http://127.0.0.1:8086") -> str:
    path = folder / "sonca.yaml"
    name = f"d{secrets.token_hex(6)}"
    path.write_text(SETTINGS.format(url=url, name=name, user=ADMIN), encoding="utf-8")
    (folder / "school.yaml").write_text(SCHOOL, encoding="utf-8")
    (folder / "influx.password").write_text(PASSWORD, encoding="utf-8")
    return str(path)


def test_it_writes_files_for_the_schools_own_time_zone_and_influxdb(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "grafana"
    settings = settings_in(tmp_path)
    written = ["dashboards", "write", str(into), "--settings", settings, "--pages", "http://sonca:8480"]
    assert main([*written, "--influx-url", "http://influxdb:8086", "--language", "vi"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == (
        "start Grafana with the environment variable SONCA_INFLUX_PASSWORD"
    )
    board = json.loads((into / "dashboards/vi/school.json").read_text(encoding="utf-8"))
    assert (board["timezone"], board["links"][1]["url"]) == ("Asia/Tokyo", "http://sonca:8480/sites/${site}")
    [source] = yaml.safe_load((into / "provisioning/datasources/sonca.yaml").read_text())["datasources"]
    assert (source["url"], source["user"]) == ("http://influxdb:8086", "grafana")
    assert not (into / "dashboards/en").exists()


def test_the_token_comes_from_a_file_or_the_environment_or_an_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SONCA_INFLUX_PASSWORD", "secret")
    token = tmp_path / "token"
    token.write_text(f"{TOKEN}\n", encoding="utf-8-sig")  # as an editor of Windows saves it
    with running_grafana() as grafana:
        push = ["dashboards", "push", "--settings", settings_in(tmp_path), "--url", grafana.url, "--language", "en"]
        assert main([*push, "--token-file", str(token)]) == 0
        assert len(grafana.boards) == 7
        monkeypatch.setenv("SONCA_GRAFANA_TOKEN", TOKEN)
        assert main(push) == 0
        monkeypatch.delenv("SONCA_GRAFANA_TOKEN")
        assert main([*push, "--token", TOKEN]) == 0
        assert main(push) == 2
    told = capsys.readouterr()
    assert told.out.count("SonCa · School is as it should be") == 2
    assert "there is no token\n  hint: give --token-file, or set SONCA_GRAFANA_TOKEN" in told.err
    assert TOKEN not in told.out + told.err


def test_a_check_of_an_influxdb_without_data_names_every_empty_question(
    influxd: Influxd, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_in(tmp_path, influxd.url)
    database = yaml.safe_load(Path(settings).read_text())["store"]["influx"]["database"]
    influxd.ask(f'CREATE DATABASE "{database}"')
    assert main(["dashboards", "check", "--settings", settings, "--language", "en"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == ('sonca-school-en: variable site finds nothing: SHOW TAG VALUES FROM "place" WITH KEY = "site"')
    assert len(lines) > 60


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["write"], "there is no folder to write to"),
        (["push"], "there is no Grafana to push to"),
        (["push", "--url", "http://g", "--token-file", "/nowhere/token"], "the token cannot be read"),
        (["write", "x", "--time-zone", "Sài Gòn"], "is not a time zone"),
    ],
)
def test_what_is_missing_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert main(["dashboards", *words, "--settings", settings_in(tmp_path)]) == 2
    assert sentence in capsys.readouterr().err
