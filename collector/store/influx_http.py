"""One InfluxDB server over HTTP: the only place that touches urllib3 here, and where its errors become ours."""

import base64
import ipaddress
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import msgspec

from collector.store.protocol import StoreUnavailable
from collector.store.settings import InfluxSettings

if TYPE_CHECKING:  # only who opens an InfluxDB pays for importing it
    from urllib3 import HTTPConnectionPool

CONNECTIONS = 40  # that are kept: as many pages as the API answers at once; beyond, each is made for one request
LONGEST_PAUSE_SECONDS = 300.0
_LATER = (408, 429, 502, 503, 504)
_LOGIN = (401, 403)
_OTHERS = (400, 404, 413, 422, 500)  # the caller knows what these mean for what it sent


class LoginRefused(StoreUnavailable):
    """The server does not know who asks, or does not let them ask this."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered: any 2xx, or one of 400, 404, 413, 422 and 500."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The server's own sentence."""
        told = self._json()
        sentence = told.get("error") or told.get("message") if isinstance(told, dict) else None
        return str(sentence or self.body.decode(errors="replace").strip() or f"status {self.status}")[:500]

    @property
    def is_of_influx(self) -> bool:
        """Whether InfluxDB itself said it: a path that nobody serves is answered in plain text."""
        return isinstance(self._json(), dict)

    def _json(self) -> object:
        try:
            return msgspec.json.decode(self.body)
        except msgspec.DecodeError:
            return None


class Server:
    """Sends requests. `open` reads the secrets; nothing is connected before the first request."""

    def __init__(self, settings: InfluxSettings, secrets: Path) -> None:
        parts = urlsplit(settings.url)
        self.name = f"InfluxDB at {parts.scheme}://{parts.netloc.rpartition('@')[2]}"  # never a password in a log
        self.is_on_this_machine = _is_loopback(parts.hostname or "")
        self._settings = settings
        self._secrets = secrets
        self._path = parts.path.rstrip("/")
        self._pool: HTTPConnectionPool | None = None
        self._headers: dict[str, str] = {}
        self._pause_until = 0.0

    def open(self) -> None:
        """Raises StoreUnavailable when a file of the settings cannot be read, or its address is none."""
        import urllib3

        try:
            self._headers = self._login()
        except (OSError, UnicodeDecodeError) as error:
            raise StoreUnavailable(f"{self.name}: its secret cannot be read: {error}") from error
        url, authority = self._settings.url, self._settings.tls_ca_file
        # Without TLS there is nothing to check with it, and urllib3 knows no such setting there.
        secure = {"ca_certs": str(self._secrets / authority)} if authority and url.startswith("https") else {}
        try:
            self._pool = urllib3.connection_from_url(url, maxsize=CONNECTIONS, **secure)
        except urllib3.exceptions.LocationParseError as error:
            raise StoreUnavailable(f"{self.name}: {error}; check store.influx.url") from error

    def close(self) -> None:
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def post(
        self,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        body: bytes | Mapping[str, Any] | None = None,  # a mapping: as JSON
        headers: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> Answer:
        """The answer to a form or a body. Raises StoreUnavailable for everything that may be better later."""
        if (wait := self._pause_until - time.monotonic()) > 0:
            raise StoreUnavailable(f"{self.name} asked for a pause, {wait:.0f} s are left")
        if form is not None:
            kind, content = "application/x-www-form-urlencoded", urlencode(form).encode()
        elif isinstance(body, Mapping):
            kind, content = "application/json", msgspec.json.encode(body)
        else:
            kind, content = "text/plain; charset=utf-8", body or b""
        told = {"Content-Type": kind, **self._headers, **(headers or {})}
        return self._judged(*self._call("POST", path, query, told, content, seconds))

    def get(self, path: str, query: Mapping[str, str]) -> Answer:
        """The answer to a question of the second API. Raises StoreUnavailable as `post` does."""
        return self._judged(*self._call("GET", path, query, self._headers))

    def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        headers: Mapping[str, str],
        body: bytes | None = None,
        seconds: float | None = None,
    ) -> tuple[int, bytes, Mapping[str, str]]:
        from urllib3.exceptions import HTTPError, SSLError

        if self._pool is None:
            raise StoreUnavailable(f"{self.name} is not open")
        asked = f"{self._path}{path}" + (f"?{urlencode(query)}" if query else "")
        wait = self._settings.timeout_seconds if seconds is None else seconds
        try:
            answer = self._pool.urlopen(method, asked, body, headers, retries=False, redirect=False, timeout=wait)
        except SSLError as error:
            problem = " ".join(str(error).split())
            raise StoreUnavailable(f"{self.name}: {problem}; check store.influx.tls_ca_file") from error
        except (HTTPError, OSError) as error:
            raise StoreUnavailable(f"{self.name} cannot be reached: {error}") from error
        return answer.status, answer.data, answer.headers

    def _judged(self, status: int, body: bytes, headers: Mapping[str, str]) -> Answer:
        answer = Answer(status, body, headers)
        if 200 <= status < 300 or status in _OTHERS:
            return answer
        if status in _LATER:
            self._pause_until = time.monotonic() + _pause_seconds(headers.get("Retry-After"))
        if status in _LOGIN:
            hint = "check store.influx: token_file, or username and password_file, and the user's rights"
            raise LoginRefused(f"{self.name} refuses the login ({status}: {answer.message}); {hint}")
        raise StoreUnavailable(f"{self.name} answered {status}: {answer.message}")

    def _login(self) -> dict[str, str]:
        settings = self._settings
        if settings.token_file is not None:
            token = self._secret(settings.token_file)
            if not (token.isascii() and token.isprintable()):  # a header cannot hold it
                raise StoreUnavailable(f"{self.name}: what is in {settings.token_file} is not a token")
            return {"Authorization": f"Token {token}"}
        if settings.username is None:
            return {}
        password = "" if settings.password_file is None else self._secret(settings.password_file)
        pair = f"{settings.username}:{password}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}

    def _secret(self, file: str) -> str:
        # Windows puts a mark in front of what its editor saves as UTF-8.
        return (self._secrets / file).read_text(encoding="utf-8-sig").strip()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _pause_seconds(retry_after: str | None) -> float:
    """Retry-After in seconds or as a date, bounded: a proxy must not silence a school for a day."""
    if not retry_after:
        return 0.0
    try:
        seconds = float(retry_after)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return 0.0
    return min(max(seconds, 0.0), LONGEST_PAUSE_SECONDS)
