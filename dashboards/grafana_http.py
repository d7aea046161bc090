"""A Grafana over its HTTP API: the only place that speaks to one, and where its errors become ours.

Documented at grafana.com/docs, "HTTP API": health, data source, folder, dashboard, dashboard versions.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

import urllib3

from contract import VERSION
from contract.trouble import Trouble

OLDEST = (9, 0)  # knows folders by uid, and versions of a board by its uid
TIMEOUT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    """`content` is the JSON that was answered, an empty object where it was none."""

    status: int
    content: Any

    @property
    def message(self) -> str:
        told = self.content.get("message") if isinstance(self.content, dict) else None
        return str(told or f"status {self.status}")

    @property
    def word(self) -> str:
        """The one word that a 412 says: version-mismatch, name-exists, plugin-dashboard."""
        return str(self.content.get("status", "")) if isinstance(self.content, dict) else ""


class Grafana:
    """Asks with a service account's token. Raises Trouble for everything that no caller can deal with."""

    def __init__(self, url: str, token: str) -> None:
        parts = _parts(url)
        if not (token.isascii() and token.isprintable()):  # a header cannot hold it
            raise Trouble("what was given as the token is none", "it begins with glsa_, and stands alone in its file")
        self.name = f"Grafana at {parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        self._url = url.rstrip("/")
        self._token = token
        self._pool = urllib3.PoolManager(timeout=TIMEOUT_SECONDS, retries=False)

    def check(self) -> str:
        """Its version. Raises Trouble for one that is too old, and for what is no Grafana."""
        answer = self.ask("GET", "/api/health")
        told = str(answer.content.get("version", "")) if isinstance(answer.content, dict) else ""
        numbers = tuple(int(part) for part in told.split(".")[:2] if part.isdigit())
        if answer.status != 200 or len(numbers) < 2:
            raise Trouble(f"{self.name} does not answer as a Grafana does ({answer.message})", "check --url")
        if numbers < OLDEST:
            oldest = ".".join(map(str, OLDEST))
            raise Trouble(f"{self.name} is version {told}, SonCa's boards need {oldest}", "bring it up to date")
        return told

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None, **query: str) -> Answer:
        """The answer, whatever its status but 401, 403 and 5xx."""
        url = f"{self._url}{path}" + (f"?{urlencode(query)}" if query else "")
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json",
                   "User-Agent": f"sonca/{VERSION}"}  # fmt: skip
        try:
            response = self._pool.request(method, url, json=body, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise Trouble(f"{self.name} cannot be reached: {error}", "is it running, and is --url right?") from error
        return self._judged(response.status, response.data)

    def _judged(self, status: int, body: bytes) -> Answer:
        try:
            answer = Answer(status, json.loads(body or b"{}"))
        except ValueError:
            answer = Answer(status, {})
        if status == 401:
            raise Trouble(f"{self.name} does not know the token ({answer.message})", "make one for a service account")
        if status == 403:
            hint = "the service account needs the role Editor, and Admin where the data source is missing"
            raise Trouble(f"{self.name} does not allow that ({answer.message})", hint)
        if status >= 500:
            raise Trouble(f"{self.name} answered {status}: {answer.message}", "its log says more; try again later")
        return answer


def _parts(url: str) -> SplitResult:
    """Raises Trouble for what is not an address."""
    try:
        parts = urlsplit(url)
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one:
        raise Trouble(f"{url[:60]!r} is not the address of a Grafana", "write it like http://127.0.0.1:3000")
    return parts
