"""Writes what a Grafana reads from its own disk at start: the data source, the folders, and the boards as files.

DIR/provisioning/datasources/sonca.yaml   where the InfluxDB is; secrets come from environment variables
DIR/provisioning/dashboards/sonca.yaml    a folder for each language
DIR/dashboards/vi/*.json, en/*.json       the boards
"""

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from contract.trouble import Trouble
from dashboards.board import Setting
from dashboards.boards import BOARDS
from dashboards.panel import DATA_SOURCE
from dashboards.text import LANGUAGES, Language

FOLDERS: Mapping[Language, str] = {"vi": "SonCa", "en": "SonCa (English)"}
TOKEN, PASSWORD = "SONCA_INFLUX_TOKEN", "SONCA_INFLUX_PASSWORD"


@dataclass(frozen=True, slots=True)
class Source:
    """The InfluxDB as Grafana reaches it: by a token, or as `username`; with neither it needs no login."""

    url: str
    database: str
    username: str = ""
    by_token: bool = False

    @property
    def secret(self) -> str:
        """The environment variable that Grafana must be started with, empty for none."""
        return TOKEN if self.by_token else PASSWORD if self.username else ""


def folder_uid(language: Language) -> str:
    return f"sonca-{language}"


def data_source(source: Source) -> dict[str, Any]:
    """The data source as Grafana's file and its HTTP API spell it; `$NAME` stands for the secret."""
    made: dict[str, Any] = {
        "name": "SonCa",
        "uid": DATA_SOURCE["uid"],
        "type": DATA_SOURCE["type"],
        "access": "proxy",
        "url": source.url,
        "jsonData": {"version": "InfluxQL", "dbName": source.database, "httpMode": "POST"},
    }
    if source.by_token:
        made["jsonData"]["httpHeaderName1"] = "Authorization"
        made["secureJsonData"] = {"httpHeaderValue1": f"Token ${TOKEN}"}
    elif source.username:
        made["user"] = source.username
        made["secureJsonData"] = {"password": f"${PASSWORD}"}
    return made


def write(
    folder: Path, source: Source, setting: Setting, seen_at: str = "", languages: Iterable[Language] = LANGUAGES
) -> list[Path]:
    """Writes all files, in place of older ones; their paths. Raises Trouble.

    `seen_at` is `folder` as Grafana sees it, where that is another path (a container's).
    """
    files = {Path("provisioning/datasources/sonca.yaml"): _yaml({"datasources": [data_source(source)]})}
    providers = [_provider(language, f"{seen_at or folder.resolve()}/dashboards/{language}") for language in languages]
    files[Path("provisioning/dashboards/sonca.yaml")] = _yaml({"providers": providers})
    for language in languages:
        for board in BOARDS:
            made = board.as_json(dataclasses.replace(setting, language=language))
            text = json.dumps(made, ensure_ascii=False, indent=1) + "\n"
            files[Path(f"dashboards/{language}/{board.name}.json")] = text
    return [_written(folder / path, text) for path, text in files.items()]


def _provider(language: Language, path: str) -> dict[str, Any]:
    return {
        "name": f"sonca-{language}",
        "folder": FOLDERS[language],
        "folderUid": folder_uid(language),
        "type": "file",
        "disableDeletion": False,
        "allowUiUpdates": False,  # people keep a copy of their own under another name
        "updateIntervalSeconds": 30,
        "options": {"path": path},
    }


def _yaml(content: Mapping[str, Any]) -> str:
    head = "# Written by `sonca dashboards write`: change its options, not this file.\n"
    return head + yaml.safe_dump({"apiVersion": 1, **content}, allow_unicode=True, sort_keys=False)


def _written(path: Path, text: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Trouble(f"{path} cannot be written: {error}", "choose a folder that you may write to") from error
    return path
