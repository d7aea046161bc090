"""Lines into the database, none of them lost: what cannot be stored is set aside where a person can read it.

| the server answers | this does |
|---|---|
| 204 | stored, and durable |
| 400, 422, 413, 500 twice | halves the lines until the refused one is alone, parks it, stores all others |
| 404 | takes the other write path, or makes the database |
| 401, 403, 408, 429, 502 to 504, nothing at all | StoreUnavailable: all are written again later, which is harmless |

Servers differ in what else they do with a refused request: 1.x has stored its good lines, 2.x none. Writing a line
again changes nothing, so nobody needs to know.
"""

import gzip
import time
from collections.abc import Callable, Sequence

from collector.store.influx_http import Answer
from collector.store.influx_names import WITNESS
from collector.store.influx_query import Database
from collector.store.protocol import StoreUnavailable
from collector.store.settings import InfluxSettings
from collector.store.state_protocol import Refused

MOST_LINES = 5_000
STORE_REFUSED = "store_refused"
_V2, _V1 = "/api/v2/write", "/write"
_REFUSED = (400, 413, 422, 500)

Park = Callable[[Sequence[Refused]], None]


class LineWriter:
    """Writes lines to a database; `park` takes those that the server will never store."""

    def __init__(self, database: Database, settings: InfluxSettings, park: Park) -> None:
        self._database = database
        self._park = park
        self._packs = not database.server.is_on_this_machine  # there it would only cost both sides time
        self._organization = settings.organization
        self._finding_path = settings.write_path == "auto"
        self._path = _V2 if self._finding_path else settings.write_path

    @property
    def path(self) -> str:
        """The write path in use; after a first write the one that the server has."""
        return self._path

    def probe(self) -> None:
        """Writes a harmless line. Raises StoreUnavailable where that is not possible now."""
        answer = self._witness()
        if answer.status != 204:
            raise StoreUnavailable(
                f"{self._database.server.name} refuses every write ({answer.status}: {answer.message})"
            )

    def write(self, lines: Sequence[str]) -> None:
        """Returns when every line is stored or parked. Raises StoreUnavailable, and then some may be stored."""
        for start in range(0, len(lines), MOST_LINES):
            self._store(lines[start : start + MOST_LINES])

    def _store(self, lines: Sequence[str]) -> None:
        answer = self._send(lines)
        if answer.status == 500:  # 3.x says so of a bad line on its v2 path, any server of its own trouble
            answer = self._send(lines)
        if answer.status == 204:
            return
        if answer.status not in _REFUSED:
            hint = "; check store.influx.write_path" if answer.status == 404 else ""
            told = f"{answer.status}: {answer.message}{hint}"
            raise StoreUnavailable(f"{self._database.server.name} answered a write with {told}")
        self._check_that_it_is_the_lines(answer)
        if len(lines) == 1:
            self._set_aside(lines[0], answer)
            return
        middle = len(lines) // 2
        self._store(lines[:middle])
        self._store(lines[middle:])

    def _check_that_it_is_the_lines(self, refusal: Answer) -> None:
        """Raises StoreUnavailable when the server refuses a harmless line too: then settings or server are wrong."""
        if self._witness().status != 204:
            told = f"{refusal.status}: {refusal.message}"
            raise StoreUnavailable(f"{self._database.server.name} refuses every write ({told}); check store.influx")

    def _witness(self) -> Answer:
        return self._send([f"{WITNESS} ok=1i {time.time_ns() // 1_000_000}"])

    def _set_aside(self, line: str, answer: Answer) -> None:
        now = time.time_ns() // 1_000_000
        detail = f"{answer.status}: {answer.message}"
        self._park([Refused(now, f"influx/{self._database.name}", STORE_REFUSED, detail, line.encode())])

    def _send(self, lines: Sequence[str]) -> Answer:
        """The answer to one request, after the path was found and the database made."""
        body = "\n".join(lines).encode()
        if self._packs:
            body = gzip.compress(body, 1)  # level 6 takes three times as long for a tenth less
        answer = self._post(body)
        if answer.status == 404 and not answer.is_of_influx and self._finding_path:
            self._path = _V1 if self._path == _V2 else _V2
            answer = self._post(body)
        if answer.status == 404 and answer.is_of_influx:
            self._database.create()
            answer = self._post(body)
        return answer

    def _post(self, body: bytes) -> Answer:
        name = "bucket" if self._path == _V2 else "db"
        query = {name: self._database.name, "precision": "ms"}
        if self._organization and self._path == _V2:
            query["org"] = self._organization
        headers = {"Content-Encoding": "gzip"} if self._packs else {}
        return self._database.server.post(self._path, query=query, body=body, headers=headers)
