"""Questions to one database, in InfluxQL on `/query`: what 1.x, 2.x, 3.x and Grafana have in common.

One statement a request, since 3.x takes no more.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from collector.store.influx_http import Server
from collector.store.influx_names import from_tag, quoted
from collector.store.protocol import StoreUnavailable


class QueryRefused(StoreUnavailable):
    """The server is there but does not answer this question."""


class Series(msgspec.Struct):
    """The rows of one measurement and one set of tags; times are UTC milliseconds."""

    name: str = ""
    columns: list[str] = []
    values: list[list[Any]] = []
    tags: dict[str, str] = {}
    partial: bool = False

    def tag(self, name: str) -> str:
        """A tag as it was before it became one; empty where absent."""
        return from_tag(self.tags.get(name, ""))

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each row by column; `time` is one of them."""
        for values in self.values:
            yield dict(zip(self.columns, values, strict=True))


class _Result(msgspec.Struct):
    series: list[Series] = []
    error: str = ""


class _Response(msgspec.Struct):
    results: list[_Result] = []
    error: str = ""

    def problem(self) -> str:
        """What went wrong, empty when nothing did."""
        if any(series.partial for result in self.results for series in result.series):
            return "the answer was cut short: raise max-row-limit in the server's [http] settings"
        return self.error or next((result.error for result in self.results if result.error), "")


class Database:
    """One database (bucket, in the words of 2.x) of a server. `may_create`: makes it when it is missing."""

    def __init__(self, server: Server, name: str, *, may_create: bool) -> None:
        self.server = server
        self.name = name
        self._may_create = may_create

    def ask(self, query: str, *, seconds: float | None = None) -> list[Series]:
        """The series that a query answers. Raises StoreUnavailable, as QueryRefused when asking again is in vain."""
        response = self._response(query, seconds)
        if "database not found" in response.problem().lower():
            self.create()
            response = self._response(query, seconds)
        if problem := response.problem():
            raise QueryRefused(f"{self.server.name} refused a query: {problem}")
        return [series for result in response.results for series in result.series]

    def create(self) -> None:
        """Makes the database where it is missing. Raises StoreUnavailable with what to do where that is not allowed."""
        missing = f"{self.server.name} has no database or bucket {self.name!r}"
        if not self._may_create:
            raise StoreUnavailable(f"{missing}: the collector makes it when it starts")
        if problem := self._response(f'CREATE DATABASE "{self.name}"', None).problem():
            raise StoreUnavailable(f"{missing}: make it, or name another in store.influx.database ({problem})")

    def headers(self) -> Mapping[str, str]:
        """What the server says of itself with an answer. Raises StoreUnavailable."""
        return self.server.post("/query", form={"q": "SHOW DATABASES"}).headers

    def _response(self, query: str, seconds: float | None) -> _Response:
        form = {"db": self.name, "epoch": "ms", "q": query}
        answer = self.server.post("/query", form=form, seconds=seconds)
        if answer.status != 200:
            return _Response(error=answer.message)
        try:
            return _DECODER.decode(answer.body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            hint = "is there an InfluxDB at store.influx.url?"
            raise StoreUnavailable(f"{self.server.name} answered what cannot be read ({error}); {hint}") from error


_DECODER = msgspec.json.Decoder(_Response)


def between(since: int, until: int) -> str:
    """The half-open stretch of time as a condition."""
    return f"time >= {since}ms AND time < {until}ms"


def where(**tags: str | None) -> str:
    """Conditions on tags, to start a WHERE with; None leaves one out, empty asks for points without the tag."""
    return " AND ".join(f'"{name}" = {quoted(value)}' for name, value in tags.items() if value is not None)


def one_of(tag: str, values: Sequence[str]) -> str:
    """The tag has one of these values."""
    return "(" + " OR ".join(f'"{tag}" = {quoted(value)}' for value in values) + ")"
