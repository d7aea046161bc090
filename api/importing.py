"""A list that came in, by a page or as JSON: held against the register, then written whole or not at all."""

import tempfile
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath

from api.site_register import SiteRegister
from inventory.importing.plan import ImportPlan, plan_import
from inventory.importing.read import read_table
from inventory.importing.table import BadTable, Table
from inventory.saying import Said


@dataclass
class Judged:
    """A list held against the register; `bad` where no table could be read from it."""

    plan: ImportPlan = field(default_factory=ImportPlan)
    bad: Said | None = None

    @property
    def new(self) -> int:
        return sum(change.before is None for change in self.plan.changes)

    @property
    def digest(self) -> str:
        """Of what would be written: by it a confirmation knows that it writes what the person saw."""
        return sha256(repr(self.plan.changes).encode()).hexdigest()


def carry_out(at: SiteRegister, plan: ImportPlan, document: str) -> None:
    """Writes all changes of a plan without refusals, or none. Raises Problem (409)."""
    read = {change.before.tag: change.before for change in plan.changes if change.before}
    if plan.changes:
        at.save([change.after for change in plan.changes], read, document)


def judge_file(at: SiteRegister, name: str, content: bytes) -> Judged:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"list{PurePosixPath(name).suffix.lower()[:8]}"
        path.write_bytes(content)
        try:
            return judge(at, read_table(path))
        except BadTable as error:
            return Judged(bad=error.said)


def judge(at: SiteRegister, table: Table) -> Judged:
    """Raises BadTable."""
    today = at.school.day_at(at.now)
    return Judged(plan_import(table, {asset.tag: asset for asset in at.assets}, at.rooms, today))
