"""The files that a Grafana reads at its start."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract.trouble import Trouble
from dashboards.board import Setting
from dashboards.boards import BOARDS
from dashboards.panel import DATA_SOURCE
from dashboards.provisioning import FOLDERS, Source, write

SOURCE = Source("http://influxdb:8086", "sonca", by_token=True)


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert content["apiVersion"] == 1
    return content


def test_it_writes_data_source_folders_and_every_board_in_both_languages(tmp_path: Path) -> None:
    paths = write(tmp_path, SOURCE, Setting(time_zone="Asia/Tokyo"))
    assert {str(path.relative_to(tmp_path)) for path in paths} == {
        "provisioning/datasources/sonca.yaml",
        "provisioning/dashboards/sonca.yaml",
        *(f"dashboards/{language}/{board.name}.json" for language in FOLDERS for board in BOARDS),
    }
    board = json.loads((tmp_path / "dashboards/en/school.json").read_text(encoding="utf-8"))
    assert (board["uid"], board["title"], board["timezone"]) == ("sonca-school-en", "SonCa · School", "Asia/Tokyo")
    providers = read(tmp_path / "provisioning/dashboards/sonca.yaml")["providers"]
    assert [(one["folder"], one["options"]) for one in providers] == [
        ("SonCa", {"path": f"{tmp_path}/dashboards/vi"}),
        ("SonCa (English)", {"path": f"{tmp_path}/dashboards/en"}),
    ]


def test_secrets_come_from_environment_variables_and_stand_in_no_file(tmp_path: Path) -> None:
    write(tmp_path / "token", SOURCE, Setting())
    [source] = read(tmp_path / "token/provisioning/datasources/sonca.yaml")["datasources"]
    assert source["uid"] == DATA_SOURCE["uid"]
    assert source["jsonData"] == {
        "version": "InfluxQL",
        "dbName": "sonca",
        "httpMode": "POST",
        "httpHeaderName1": "Authorization",
    }
    assert source["secureJsonData"] == {"httpHeaderValue1": "Token $SONCA_INFLUX_TOKEN"}
    write(tmp_path / "user", Source("http://influxdb:8086", "sonca", "grafana"), Setting())
    [source] = read(tmp_path / "user/provisioning/datasources/sonca.yaml")["datasources"]
    assert (source["user"], source["secureJsonData"]) == ("grafana", {"password": "$SONCA_INFLUX_PASSWORD"})
    write(tmp_path / "open", Source("http://influxdb:8086", "sonca"), Setting())
    assert "secureJsonData" not in read(tmp_path / "open/provisioning/datasources/sonca.yaml")["datasources"][0]


def test_writing_again_replaces_and_a_container_sees_its_own_path(tmp_path: Path) -> None:
    write(tmp_path, SOURCE, Setting())
    paths = write(tmp_path, SOURCE, Setting(), seen_at="/etc/sonca", languages=("vi",))
    assert len(paths) == 2 + len(BOARDS)
    [provider] = read(tmp_path / "provisioning/dashboards/sonca.yaml")["providers"]
    assert provider["options"] == {"path": "/etc/sonca/dashboards/vi"}


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble, match="cannot be written"):
        write(tmp_path / "file", SOURCE, Setting())
