"""A real PostgreSQL on a free port of loopback, run by a user without rights, for tests: it starts in about a second.

with running_postgres() as postgres:
    url = postgres.url()  # of a place that nobody used before
"""

import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests.peers import need
from tests.ports import free_port
from tests.waiting import PATIENCE_SECONDS

USER = "sonca"
NOBODY = 65_534  # PostgreSQL refuses to run as root
# Nothing of a test has to survive a power cut.
HURRIED = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=16MB", "max_connections=40")


class Postgres:
    """One server with one database. Each test has a schema of its own in it: a database would be 7 MB of files."""

    def __init__(self, port: int) -> None:
        self._address = f"postgresql+psycopg://{USER}@127.0.0.1:{port}/postgres"

    def url(self) -> str:
        """The SQLAlchemy URL of a place that nobody used before."""
        name = f"t{secrets.token_hex(6)}"
        engine = create_engine(self._address, poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
        return f"{self._address}?options=-csearch_path%3D{name}"


@contextlib.contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A server that keeps its files in a folder of its own. Raises CalledProcessError when it does not start."""
    # An installation brings its own programs along; initdb does not find its files through a link.
    programs = Path(need("postgres")).resolve().parent
    # Not in a folder of pytest's: those are closed to others, again with each start of another pytest.
    home = Path(tempfile.mkdtemp(prefix="sonca-postgres-"))
    rights = _rights(home)
    start = [str(programs / "initdb"), "-D", f"{home}/data", "-U", USER, "-A", "trust", "-N", "-E", "UTF8"]
    subprocess.run([*start, "--locale=C", "--no-instructions"], check=True, capture_output=True, cwd=home, **rights)
    port = free_port()
    options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 " + " ".join(f"-c {entry}" for entry in HURRIED)
    control = [str(programs / "pg_ctl"), "-D", f"{home}/data", "-w", "-s", "-t", f"{PATIENCE_SECONDS:.0f}"]
    log = ["-l", f"{home}/log"]
    subprocess.run([*control, *log, "-o", options, "start"], check=True, cwd=home, **rights)
    try:
        yield Postgres(port)
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, cwd=home, **rights)
        shutil.rmtree(home)


def _rights(home: Path) -> dict[str, Any]:
    """What subprocess needs to run it as nobody, where the tests run as root."""
    if os.geteuid() != 0:
        return {}
    os.chown(home, NOBODY, NOBODY)
    return {"user": NOBODY, "group": NOBODY}
