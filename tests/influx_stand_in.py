"""A stand-in for the InfluxDB servers that cannot be started here (1.8, 2.x, 3.x, and proxies before them).

It keeps what it accepts, and answers by the rule of the test. What it imitates was measured on real servers; a real 1.6
answers the tests in test_collector_influx.py.
"""

import contextlib
import gzip
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.serving import Answering, serving


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    lines: list[str]
    method: str = "POST"


Reply = tuple[int, Mapping[str, str], bytes]
Rule = Callable[[Asked], Reply]

STORED: Reply = (204, {}, b"")


@dataclass
class StandIn:
    """What the server was asked, what it keeps, and the rule it answers by."""

    rule: Rule = lambda _asked: STORED
    ahead_seconds: int = 0  # of its clock
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def running_stand_in() -> Iterator[StandIn]:
    stand_in = StandIn()
    with serving(_speaking(stand_in)) as stand_in.port:
        yield stand_in


def _speaking(stand_in: StandIn) -> type[Answering]:
    class Speaking(Answering):
        def date_time_string(self, timestamp: float | None = None) -> str:
            return super().date_time_string((time.time() if timestamp is None else timestamp) + stand_in.ahead_seconds)

        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            body = self.body()
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            parts = urlsplit(self.path)
            lines = body.decode().splitlines()
            asked = Asked(parts.path, parse_qs(parts.query), dict(self.headers), lines, self.command)
            stand_in.asked.append(asked)
            status, headers, answer = stand_in.rule(asked)
            if status == 204:
                stand_in.kept += asked.lines
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    return Speaking
