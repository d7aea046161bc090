"""A stand-in for a Grafana, which cannot be installed here: as much of its documented HTTP API as SonCa uses.

It checks requests as the documentation says a Grafana does (login, JSON, folder, version, name) and keeps what it took.
grafana.com/docs/grafana/latest/developers/http_api: dashboard, dashboard_versions, folder, data_source, other.
"""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.serving import Answering, serving

TOKEN = "glsa_right"
Reply = tuple[int, Any]


@dataclass
class Stored:
    """A board, its folder, and the messages of its versions, newest last."""

    board: dict[str, Any]
    folder: str
    messages: list[str]


@dataclass
class GrafanaStandIn:
    """`interfere`: somebody saves this board each time before the next request to save it."""

    version: str = "11.4.0"
    role: str = "Admin"
    folder_conflict: int = 409  # 412 in older versions
    port: int = 0
    data_sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    boards: dict[str, Stored] = field(default_factory=dict)
    provisioned: set[str] = field(default_factory=set)
    interfere: list[str] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def save_by_hand(self, uid: str, **changes: Any) -> None:
        """What a person's click on "Save" does."""
        stored = self.boards[uid]
        stored.board = {**stored.board, **changes, "version": stored.board["version"] + 1}
        stored.messages.append("")

    def answer(self, method: str, path: str, login: str, body: dict[str, Any]) -> Reply:
        self.asked.append((method, path))
        if path == "/api/health":
            return 200, {"database": "ok", "version": self.version, "commit": "abc"}
        if login != f"Bearer {TOKEN}":
            return 401, {"message": "Invalid API key"}
        if method == "POST" and self.role == "Viewer":
            return 403, {"message": "You'll need additional permissions to perform this action."}
        kind, _, rest = path.removeprefix("/api/").partition("/")
        answer = {"datasources": self._data_source, "folders": self._folder, "dashboards": self._dashboard}[kind]
        return answer(method, rest, body)

    def _data_source(self, method: str, rest: str, body: dict[str, Any]) -> Reply:
        if method == "GET":
            found = self.data_sources.get(rest.removeprefix("uid/"))
            return (200, found) if found else (404, {"message": "Data source not found"})
        missing = {"name", "type", "access"} - set(body)
        if missing:
            return 400, {"message": f"bad request data: {sorted(missing)}"}
        self.data_sources[body["uid"]] = body
        return 200, {"id": 1, "message": "Datasource added"}

    def _folder(self, method: str, rest: str, body: dict[str, Any]) -> Reply:
        if method == "GET":
            return (200, {"uid": rest}) if rest in self.folders else (404, {"message": "folder not found"})
        if body["uid"] in self.folders or body["title"] in self.folders.values():
            return self.folder_conflict, {"message": "a folder with that name already exists"}
        self.folders[body["uid"]] = body["title"]
        return 200, {"uid": body["uid"], "title": body["title"]}

    def _dashboard(self, method: str, rest: str, body: dict[str, Any]) -> Reply:
        if rest == "db" and method == "POST":
            return self._save(body)
        uid, _, versions = rest.removeprefix("uid/").partition("/")
        stored = self.boards.get(uid)
        if stored is None:
            return 404, {"message": "Dashboard not found"}
        if versions:
            rows = [{"version": number, "message": said} for number, said in enumerate(stored.messages, 1)][::-1]
            return 200, {"versions": rows[:1]} if self.version >= "11" else rows[:1]
        return 200, {"dashboard": stored.board, "meta": {"folderUid": stored.folder}}

    def _save(self, body: dict[str, Any]) -> Reply:
        board, folder = body["dashboard"], body.get("folderUid", "")
        uid = board["uid"]
        if not board.get("title"):
            return 400, {"message": "Dashboard title cannot be empty"}
        if folder and folder not in self.folders:
            return 400, {"message": "folder not found"}
        if uid in self.provisioned:
            return 400, {"message": "Cannot save provisioned dashboard"}
        if uid in self.interfere:
            self.interfere.remove(uid)
            self.save_by_hand(uid, description="saved meanwhile")
        stored = self.boards.get(uid)
        if stored and not body.get("overwrite") and board.get("version") != stored.board["version"]:
            return 412, {"message": "The dashboard has been changed by someone else", "status": "version-mismatch"}
        if self._name_is_taken(uid, board["title"], folder):
            return 412, {"message": "A dashboard with the same name already exists", "status": "name-exists"}
        version = stored.board["version"] + 1 if stored else 1
        kept = {**board, "id": len(self.boards) + 1, "version": version}
        self.boards[uid] = Stored(kept, folder, [*(stored.messages if stored else []), body.get("message", "")])
        return 200, {"uid": uid, "status": "success", "version": version}

    def _name_is_taken(self, uid: str, title: str, folder: str) -> bool:
        return any(
            other != uid and stored.board["title"] == title and stored.folder == folder
            for other, stored in self.boards.items()
        )


@contextlib.contextmanager
def running_grafana() -> Iterator[GrafanaStandIn]:
    stand_in = GrafanaStandIn()
    with serving(_speaking(stand_in)) as stand_in.port:
        yield stand_in


def _speaking(stand_in: GrafanaStandIn) -> type[Answering]:
    class Speaking(Answering):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            body = self.body()
            if body and self.headers.get("Content-Type") != "application/json":
                status, told = 400, {"message": "bad request data"}
            else:
                login = self.headers.get("Authorization", "")
                path = urlsplit(self.path).path
                status, told = stand_in.answer(self.command, path, login, json.loads(body or b"{}"))
            answer = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    return Speaking
