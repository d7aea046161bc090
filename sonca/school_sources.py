"""What `sonca plan` and `sonca report` read: one school's register, stores, opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from collector.store.evidence import Sources
from collector.store.open import open_store
from contract.trouble import Trouble
from inventory.saying import Language
from inventory.school import School
from sonca.inventory_door import opened


@contextmanager
def opened_sources(settings: Path, site: str, language: Language) -> Iterator[Sources]:
    """The school's sources, for reading. Raises Trouble."""
    with opened(settings, site, "", language) as door:
        store = open_store(door.settings.store, Path(door.settings.data), read_only=True)
        try:
            yield Sources(door.school, store, door.state, door.register)
        finally:
            store.close()


def day_of(written: str, school: School, now: int) -> date:
    """A day as YYYY-MM-DD, the school's today where none is given. Raises Trouble."""
    if not written:
        return school.day_at(now)
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise Trouble(f"{written!r} is not a day of the calendar", "write year-month-day, like 2026-12-01") from error
