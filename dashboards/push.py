"""Brings data source, folders and boards into a running Grafana. Doing it again changes nothing.

What people made of a board is kept: a copy under another name is theirs, and never touched; and where somebody saved
changes into SonCa's own board, that version is first kept beside it as a copy. Whose a version is, its message tells,
and which board it holds: what a Grafana gives back may have been brought up to its own schema, and proves nothing.
"""

import dataclasses
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from typing import Any

from contract import VERSION
from contract.trouble import Trouble
from dashboards.board import Board, Setting
from dashboards.boards import BOARDS
from dashboards.grafana_http import Answer, Grafana
from dashboards.provisioning import FOLDERS, Source, data_source, folder_uid
from dashboards.text import LANGUAGES, Language, Text

OURS = "written by SonCa"
_COPY = Text("bản của trường", "the school's copy")


def push(
    grafana: Grafana, source: Source, setting: Setting, languages: Iterable[Language] = LANGUAGES
) -> Iterator[str]:
    """Creates or updates everything; what was done, one sentence each. Raises Trouble."""
    yield f"{grafana.name}, version {grafana.check()}"
    yield _source(grafana, source)
    for language in languages:
        yield _folder(grafana, language)
        for board in BOARDS:
            yield from _board(grafana, board, dataclasses.replace(setting, language=language))


def _source(grafana: Grafana, source: Source) -> str:
    """The data source is made once: its address and login may have been set right by a person since."""
    made = data_source(source)
    if grafana.ask("GET", f"/api/datasources/uid/{made['uid']}").status == 200:
        return "the data source SonCa is there, and was left as it is"
    if source.secret:
        secret = os.environ.get(source.secret)
        if not secret:
            hint = f"set the environment variable {source.secret} to the secret of a login that may only read"
            raise Trouble("the data source is missing, and there is no secret to make it with", hint)
        secrets = made["secureJsonData"].items()
        made["secureJsonData"] = {name: text.replace(f"${source.secret}", secret) for name, text in secrets}
    _accepted(grafana, grafana.ask("POST", "/api/datasources", made), "the data source")
    return "made the data source SonCa"


def _folder(grafana: Grafana, language: Language) -> str:
    uid, title = folder_uid(language), FOLDERS[language]
    if grafana.ask("GET", f"/api/folders/{uid}").status == 200:
        return f"the folder {title} is there"
    answer = grafana.ask("POST", "/api/folders", {"uid": uid, "title": title})
    if answer.status in (409, 412):  # by its documentation either, from version to version
        told = f"{grafana.name} did not make the folder {title} ({answer.status}: {answer.message})"
        raise Trouble(told, "somebody made a folder of that name: rename it, SonCa needs one of its own")
    _accepted(grafana, answer, f"the folder {title}")
    return f"made the folder {title}"


def _board(grafana: Grafana, board: Board, setting: Setting) -> Iterator[str]:
    wanted = board.as_json(setting)
    uid, title, message = wanted["uid"], wanted["title"], _message(wanted)
    for last_try in (False, True):
        found = grafana.ask("GET", f"/api/dashboards/uid/{uid}")
        if found.status == 404:
            answer, done = _save(grafana, wanted, setting.language, message, None), f"made {title}"
        else:
            stored, newest = found.content["dashboard"], _newest_message(grafana, uid)
            if newest == message:
                yield f"{title} is as it should be"
                return
            if not newest.startswith(OURS):
                yield _keep_copy(grafana, stored, setting.language)
            answer = _save(grafana, wanted, setting.language, message, stored["version"])
            done = f"updated {title}"
        if answer.word == "version-mismatch" and not last_try:
            continue  # somebody saved it while we looked: look again
        _accepted(grafana, answer, title)
        yield done
        return


def _message(board: dict[str, Any]) -> str:
    digest = hashlib.sha256(json.dumps(board, sort_keys=True).encode()).hexdigest()[:12]
    return f"{OURS} {VERSION}, {digest}"


def _save(grafana: Grafana, board: dict[str, Any], language: Language, message: str, version: int | None) -> Answer:
    """`version` is the one to replace: Grafana answers 412 where there is another by now."""
    told = {name: value for name, value in board.items() if name != "version"} | {"id": None}
    if version is not None:
        told["version"] = version
    body = {"dashboard": told, "folderUid": folder_uid(language), "message": message, "overwrite": False}
    return grafana.ask("POST", "/api/dashboards/db", body)


def _newest_message(grafana: Grafana, uid: str) -> str:
    """What its newest version was saved with. Grafana 11 wraps the list that earlier ones answer."""
    answer = grafana.ask("GET", f"/api/dashboards/uid/{uid}/versions", limit="1")
    _accepted(grafana, answer, "the question for a board's versions")
    versions = answer.content["versions"] if isinstance(answer.content, dict) else answer.content
    return str(versions[0].get("message", "")) if versions else ""


def _keep_copy(grafana: Grafana, stored: dict[str, Any], language: Language) -> str:
    name = f"{stored['title']} ({_COPY.says(language)} {stored['version']})"
    copy = {**stored, "uid": f"{stored['uid']}-v{stored['version']}", "title": name, "tags": []}
    answer = _save(grafana, copy, language, "", None)
    if answer.word != "name-exists":  # kept by an earlier try
        _accepted(grafana, answer, name)
    return f"kept what people changed as {name}"


def _accepted(grafana: Grafana, answer: Answer, what: str) -> None:
    if answer.status < 300:
        return
    hints = {
        "name-exists": "another board of that name stands in the folder: rename it",
        "version-mismatch": "somebody is changing it now: try again",
    }
    hint = hints.get(answer.word, "")
    if "provisioned" in answer.message:
        hint = "this Grafana reads its boards from files: use `sonca dashboards write` for it"
    raise Trouble(f"{grafana.name} did not take {what} ({answer.status}: {answer.message})", hint)
