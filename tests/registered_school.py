"""A served school with a register and devices that fit it, more or less, for tests of the register's pages."""

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import create_engine, delete

from inventory.register import Register
from inventory.register_tables import METADATA
from tests.api_server import client_of, running_api, settings_for
from tests.equipment_reports import pc_report
from tests.registered import PC, saved
from tests.school_day import SchoolDay, make_school_day

SITE = "/register/hoa-mai"
API = "/api/v1/sites/hoa-mai"
LINKED, WAITING, UNREGISTERED = "mam-1-pc-1", "choi-2-pc-1", "choi-1-pc-1"


@dataclass
class RegisteredSchool:
    """`register` is open beside the API, as a command's is. `read` and `write` go through the pages."""

    day: SchoolDay
    register: Register
    client: httpx.Client

    def read(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        return answer.text

    @cached_property
    def token(self) -> str:
        """As it stands in the forms of this server's pages."""
        return str(re.findall(r'name="token" value="([^"]+)"', self.read(f"{SITE}/new"))[0])

    def write(
        self, path: str, fields: Mapping[str, str], status: int = 303, files: Mapping[str, Any] | None = None
    ) -> httpx.Response:
        """Sends a form with its token."""
        answer = self.client.post(path, data={"token": self.token, **fields}, files=files)
        assert answer.status_code == status, answer.text
        return answer

    def begin_anew(self) -> None:
        """The register as it was at first: cheaper than another server."""
        engine = create_engine(self.day.state_url)
        with engine.begin() as connection:
            for table in reversed(METADATA.sorted_tables):
                connection.execute(delete(table))
        engine.dispose()
        saved(self.register)
        self.client.cookies.clear()

    def json(self, method: str, path: str, body: Mapping[str, Any] | None = None, status: int = 200) -> Any:
        answer = self.client.request(method, path, json=body) if body is not None else self.client.get(path)
        assert answer.status_code == status, answer.text
        return answer.json()


@contextlib.contextmanager
def registered_school(folder: Path, state_url: str = "") -> Iterator[RegisteredSchool]:
    """Two assets; one device with the serial of the first, one that is only alike, one that fits nothing.

    `state_url` as of `make_school_day`.
    """
    day = make_school_day(folder, hours=0.1, state_url=state_url)
    day.state.put_equipment("hoa-mai", pc_report(LINKED, day.now, serial=PC.serial))
    day.state.put_equipment("hoa-mai", pc_report(WAITING, day.now, serial="7XK2MO3", model="ProDesk"))  # O for 0
    register = saved(Register(day.state_url).open())
    settings = settings_for(folder, "hoa-mai", state_url=day.state_url)
    with running_api(settings) as address, client_of(address) as client:
        yield RegisteredSchool(day, register, client)
    register.close()
    day.close()
