"""Makes in an InfluxDB what SonCa needs and is missing: a database, and logins that may do no more than they must.

1.x: a database that keeps all, a user who may read and write in it, one who may only read it (for boards). 2.x: a
bucket with its InfluxQL mapping, and two tokens. 3.x makes its databases by itself; its tokens are its own commands'
matter. Doing it again changes nothing.
"""

import dataclasses
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from collector.store.influx_http import Server
from collector.store.influx_query import Database
from collector.store.influx_setup_v2 import set_up_second
from collector.store.protocol import StoreUnavailable
from collector.store.settings import InfluxSettings


@dataclass(frozen=True)
class Administrator:
    """Who may make users and databases. Files are read from the folder `data` of `set_up`, where relative."""

    username: str | None = None
    password_file: str | None = None
    token_file: str | None = None


def set_up(settings: InfluxSettings, data: Path, administrator: Administrator, reader: str) -> Iterator[str]:
    """Makes what is missing and says what it did, one sentence each. Raises StoreUnavailable.

    `reader` is the user (or the name of the token) of boards; empty makes none.
    """
    as_administrator = dataclasses.replace(
        settings,
        username=administrator.username,
        password_file=administrator.password_file,
        token_file=administrator.token_file,
    )
    server = Server(as_administrator, data)
    server.open()
    try:
        version = Database(server, settings.database, may_create=True).headers().get("X-Influxdb-Version", "")
        if version.lstrip("v").startswith("2"):
            yield from set_up_second(server, settings, data, reader, keep_secret)
        else:
            yield from _set_up_first(server, settings, data, reader)
    finally:
        server.close()


def keep_secret(path: Path, text: str) -> None:
    """Writes a new file that only its owner can read. Raises StoreUnavailable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise StoreUnavailable(f"the secret cannot be written to {path}: {error}") from error


def _set_up_first(server: Server, settings: InfluxSettings, data: Path, reader: str) -> Iterator[str]:
    database = Database(server, settings.database, may_create=True)
    if settings.database in _first_column(database, "SHOW DATABASES"):
        yield f"the database {settings.database} is there"
    else:
        database.ask(f'CREATE DATABASE "{settings.database}" WITH DURATION INF')
        yield f"made the database {settings.database}; SonCa deletes what is too old itself"
    if settings.username is None:
        yield "made no user: store.influx.username names none"
    else:
        password_file = settings.password_file or f"influx-{settings.username}.password"
        yield from _user(database, settings.username, "ALL", data / password_file)
    if reader:
        yield from _user(database, reader, "READ", data / f"influx-{reader}.password")


def _user(database: Database, name: str, privilege: str, password_file: Path) -> Iterator[str]:
    """A user who may do `privilege` in this database and nothing anywhere else."""
    made = _made_password(password_file)
    if name in _first_column(database, "SHOW USERS"):
        yield f"the user {name} is there"
        if made:
            database.ask(f'SET PASSWORD FOR "{name}" = {_literal(made)}')
            yield f"gave {name} a new password, in {password_file}"
    else:
        database.ask(f'CREATE USER "{name}" WITH PASSWORD {_literal(made or _read(password_file))}')
        yield f"made the user {name}, its password is in {password_file}"
    database.ask(f'GRANT {privilege} ON "{database.name}" TO "{name}"')
    yield f"{name} may {'read and write' if privilege == 'ALL' else 'only read'} in {database.name}"


def _made_password(path: Path) -> str:
    """A password for a file that was not there; empty where one is there."""
    if path.exists():
        return ""
    password = secrets.token_urlsafe(24)
    keep_secret(path, password)
    return password


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise StoreUnavailable(f"the password cannot be read: {error}") from error


def _literal(password: str) -> str:
    return "'" + password.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _first_column(database: Database, query: str) -> set[str]:
    return {str(values[0]) for found in database.ask(query) for values in found.values}
