"""What every `sonca inventory` command needs: the register, the state with what agents saw, and the school file."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from collector.store.equipment_seen import match_anew
from collector.store.state import State
from contract.trouble import Trouble
from inventory.match import Matching
from inventory.register import Act, Register
from inventory.saying import Language
from inventory.school import School
from inventory.schools import Schools
from sonca.settings import ServerSettings, read_server_settings


@dataclass(frozen=True)
class Door:
    """One school's register, opened."""

    settings: ServerSettings
    schools: Schools
    school: School
    register: Register
    state: State
    who: str
    language: Language

    @property
    def site(self) -> str:
        return self.school.site

    @property
    def rooms(self) -> dict[str, str]:
        return self.school.room_names

    def act(self, document: str = "") -> Act:
        return Act(self.who, now_ms(), document)

    def match(self) -> Matching:
        """Matches all devices anew and writes the links."""
        return match_anew(self.state, self.register, self.school, now_ms())


@contextmanager
def opened(settings_file: Path, site: str, who: str, language: Language) -> Iterator[Door]:
    """The door to the register of `site`, which may be empty where there is one school. Raises Trouble."""
    settings = read_server_settings(settings_file)
    schools = Schools(tuple(map(Path, settings.schools)))
    schools.load()
    school = _school(schools.all(), site)
    register = Register(settings.state_url, language).open()
    state = State(settings.state_url).open()
    try:
        yield Door(settings, schools, school, register, state, who, language)
    finally:
        state.close()
        register.close()


def _school(schools: Sequence[School], site: str) -> School:
    chosen = [school for school in schools if school.site == site] if site else schools
    if len(chosen) == 1:
        return chosen[0]
    known = ", ".join(school.site for school in schools)
    sentence = f"there is no school {site!r}" if site else "there are several schools"
    raise Trouble(sentence, f"name one by --site: {known}")


def now_ms() -> int:
    """The server's time in UTC milliseconds."""
    return time.time_ns() // 1_000_000
