"""The school files of this server: read at start, read again when they change on disk."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from contract.settings_file import SettingsError
from inventory.school import School, read_school

log = logging.getLogger(__name__)


class Schools:
    """The schools by site. A file that went bad keeps its last good content until it is mended."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files
        self._seen: dict[Path, tuple[int, int]] = {}
        self._schools: dict[Path, School] = {}

    def load(self) -> None:
        """Reads all files. Raises SettingsError for the first bad one: nothing starts with a bad file."""
        for path in self._files:
            self._schools[path] = read_school(path)
            self._seen[path] = _stamp(path)
        sites = [school.site for school in self._schools.values()]
        for site in sites:
            if sites.count(site) > 1:
                raise SettingsError(f"two school files have the site {site!r}", "give each school its own site")

    def reload(self) -> bool:
        """Reads what changed on disk since; whether anything did."""
        changed = False
        for path in self._files:
            stamp = _stamp(path)
            if stamp == self._seen.get(path):
                continue
            self._seen[path] = stamp
            try:
                self._schools[path] = read_school(path)
                changed = True
                log.info("%s was read again", path)
            except SettingsError as error:
                log.error("%s; the earlier content stays in use", error)
        return changed

    def all(self) -> list[School]:
        return list(self._schools.values())

    def of(self, site: str) -> School | None:
        """The school of a site, None when no file describes it."""
        return next((school for school in self._schools.values() if school.site == site), None)

    def file_of(self, site: str) -> Path | None:
        """Where the school of a site is described, None when nowhere."""
        return next((path for path, school in self._schools.items() if school.site == site), None)

    def settings_file(self, site: str, kind: Literal["plan", "report"]) -> Path | None:
        """`plan-<site>.yaml` beside the school file; plan.yaml where no other real school has its file in that folder,
        so that no school issues what another one wrote. None for a site without a school file."""
        school = self.file_of(site)
        if school is None:
            return None
        own = school.parent / f"{kind}-{site}.yaml"
        others = (other.site for other in self.all() if other.site != site and not other.simulated)
        shared = any(path.parent == school.parent for other in others if (path := self.file_of(other)))
        return own if shared or own.exists() else school.parent / f"{kind}.yaml"


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)  # gone for now: reading it again will say so
    return (status.st_mtime_ns, status.st_size)
