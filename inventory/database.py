"""A relational database over SQLAlchemy: SQLite by default, PostgreSQL by its URL, brought up to date when opened.

Several processes open one at once. The collector's state and the register are two sets of tables in it, each with a
history of its own. Foreign errors become StoreUnavailable here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from contract.trouble import StoreUnavailable, Trouble
from inventory.write_ahead import write_ahead

MIGRATING, LINKING = 5_072_402, 5_072_403  # any numbers: who names one takes turns with others who do


class Database:
    """One set of tables. `open()` connects and runs the migrations in the folder `migrations`."""

    def __init__(self, url: str, migrations: Path) -> None:
        self.url = url
        self._migrations = migrations
        self._engine: Engine | None = None

    def open(self) -> None:
        """Connects and migrates; safe when several processes do it at once. Raises StoreUnavailable and Trouble."""
        self._engine = _engine_of(self.url)
        with self.writing() as connection:
            take_turns(connection, MIGRATING)
            config = Config()
            config.set_main_option("script_location", str(self._migrations).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads. Raises StoreUnavailable."""
        with _our_errors(), self._connected().connect().execution_options(reading=True) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction, committed at the end, rolled back by an exception. Raises StoreUnavailable."""
        with _our_errors(), self._connected().begin() as connection:
            yield connection

    def _connected(self) -> Engine:
        if self._engine is None:
            raise StoreUnavailable("the relational state is not open")
        return self._engine


def take_turns(connection: Connection, what: int) -> None:
    """Waits until nobody else is at `what`, until the end of the transaction. SQLite's writers take turns anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({what})"))


def _engine_of(url: str) -> Engine:
    try:
        engine = create_engine(url)
    except ModuleNotFoundError as error:
        raise Trouble(f"the driver {error.name} is not installed", "pip install 'sonca[postgresql]'") from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise Trouble(
            "state_url is no address of a database that SonCa knows",
            "sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME",
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_writing)
    return engine


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreUnavailable(f"the relational state cannot be used now: {error}") from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction handling is off: _begin_writing says BEGIN, as SQLAlchemy's documentation advises.
    connection.isolation_level = None
    for pragma in ("busy_timeout=5000", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}").close()
    write_ahead(connection)


def _begin_writing(connection: Connection) -> None:
    # A writer takes its lock at once: a read that turns into a write fails without waiting when another was quicker.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
