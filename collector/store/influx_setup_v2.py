"""What `influx_setup` makes in an InfluxDB 2.x, by its own HTTP API."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from collector.store.influx_http import Answer, Server
from collector.store.protocol import StoreUnavailable
from collector.store.settings import InfluxSettings

KeepSecret = Callable[[Path, str], None]


def set_up_second(
    server: Server, settings: InfluxSettings, data: Path, reader: str, keep_secret: KeepSecret
) -> Iterator[str]:
    """A bucket, its InfluxQL mapping, and tokens in files; what was done. Raises StoreUnavailable."""
    organization = _found(server, "/api/v2/orgs", {"org": settings.organization}, "orgs")
    if organization is None:
        raise StoreUnavailable(f"{server.name} has no organization {settings.organization!r}: see store.influx")
    owner = {"orgID": organization["id"]}
    bucket = _found(server, "/api/v2/buckets", {**owner, "name": settings.database}, "buckets")
    if bucket is None:
        keep_all = {**owner, "name": settings.database, "retentionRules": []}
        bucket = _made(server, "/api/v2/buckets", keep_all)
        yield f"made the bucket {settings.database}; set its retention to what the law and the disk allow"
    else:
        yield f"the bucket {settings.database} is there"
    yield from _mapping(server, settings, owner, bucket["id"])
    tokens: list[tuple[str | None, tuple[str, ...]]] = [(settings.token_file, ("read", "write"))]
    tokens += [(f"influx-{reader}.token", ("read",))] if reader else []
    for file, actions in tokens:
        if file is None:
            yield "made no token: store.influx.token_file names no file for it"
        elif (data / file).exists():
            yield f"the token in {data / file} is there"
        else:
            keep_secret(data / file, _token(server, owner["orgID"], bucket["id"], actions))
            yield f"made a token that may {' and '.join(actions)} {settings.database}, in {data / file}"


def _mapping(server: Server, settings: InfluxSettings, owner: Mapping[str, str], bucket: str) -> Iterator[str]:
    """Since 2.4 a bucket is a database by itself, which `/api/v2/dbrps` lists as virtual."""
    if _found(server, "/api/v2/dbrps", {**owner, "db": settings.database}, "content") is not None:
        yield f"InfluxQL finds the bucket as the database {settings.database}"
        return
    told = {**owner, "bucketID": bucket, "database": settings.database, "retention_policy": "autogen", "default": True}
    _made(server, "/api/v2/dbrps", told)
    yield f"mapped the database {settings.database} to the bucket, for InfluxQL"


def _token(server: Server, organization: str, bucket: str, actions: tuple[str, ...]) -> str:
    resource = {"type": "buckets", "id": bucket, "orgID": organization}
    permissions = [{"action": action, "resource": resource} for action in actions]
    told = {"orgID": organization, "description": f"SonCa: {' and '.join(actions)}", "permissions": permissions}
    return str(_made(server, "/api/v2/authorizations", told)["token"])


def _found(server: Server, path: str, query: Mapping[str, str], key: str) -> dict[str, Any] | None:
    """The first of a list; None where it is empty, which 2.x may also say by a 404."""
    answer = server.get(path, query)
    rows = [] if answer.status == 404 else _content(server, answer).get(key, [])
    return rows[0] if rows else None


def _made(server: Server, path: str, told: Mapping[str, Any]) -> dict[str, Any]:
    return _content(server, server.post(path, body=told))


def _content(server: Server, answer: Answer) -> dict[str, Any]:
    if answer.status >= 300:
        raise StoreUnavailable(f"{server.name} refused to be set up ({answer.status}: {answer.message})")
    try:
        return msgspec.json.decode(answer.body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise StoreUnavailable(f"{server.name} answered what cannot be read ({error})") from error
