"""`sonca inventory import`, `set`, `export`, `list` and `history`."""

import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TextIO

from contract.trouble import Trouble
from inventory.asset import Asset
from inventory.exporting.tables import as_csv, as_json, export_xlsx
from inventory.importing.plan import Change, ImportPlan, Refused, plan_import
from inventory.importing.read import read_table
from inventory.importing.table import BadTable, Progress, Row, Table
from inventory.register import Event
from inventory.saying import Language, Said, name_of
from sonca.inventory_door import Door
from sonca.table import as_table

REFUSED = 1  # the exit code of a list that was not taken
LONG = 500  # rows


def import_file(door: Door, options: Namespace) -> int:
    """Shows row by row what the file changes, and changes it unless it is a dry run or a row is refused."""
    if sys.stderr.isatty():
        print(Said("import_reading", file=options.file.name).sentence(door.language), file=sys.stderr)
    return _take(door, options, options.file.name, lambda: read_table(options.file))


def set_fields(door: Door, options: Namespace) -> int:
    """Changes one asset, by the same rules and words as a row of a list."""
    cells = [word.partition("=") for word in options.fields]
    if not cells or not all(sign for _, sign, _ in cells):
        raise Trouble(
            "nothing is said to be set", "for example: sonca inventory set TS-014 room=mam-2 status=in_repair"
        )
    if door.register.asset(door.site, options.tag) is None:
        raise Trouble(f"there is no asset {options.tag!r}", "sonca inventory list shows all")
    columns = dict(enumerate([("", "tag"), *((header, header) for header, _, _ in cells)]))
    row = Row(1, dict(enumerate([options.tag, *(value for _, _, value in cells)])))
    return _take(door, options, options.tag, lambda: Table(columns, [row]))


def _take(door: Door, options: Namespace, name: str, read: Callable[[], Table]) -> int:
    known = {asset.tag: asset for asset in door.register.assets(door.site)}
    act = door.act(options.document)
    try:
        today = door.school.day_at(act.at)
        plan = plan_import(read(), known, door.rooms, today, progress_on(sys.stderr))
    except BadTable as error:
        said = error.said
        print(f"{name}: {said.sentence(door.language)}\n  → {said.hint(door.language)}")
        return REFUSED
    print(shown(plan, door.language))
    if plan.refused:
        return REFUSED
    if plan.changes and not options.dry_run:
        door.register.save(door.site, [change.after for change in plan.changes], act, as_read=known)
        door.match()
    return 0


def shown(plan: ImportPlan, language: Language) -> str:
    """What a plan would change, or why it is refused, and the sums."""
    if plan.refused:
        rows = len({refused.row for refused in plan.refused})
        lines = [_refused_line(refused, language) for refused in plan.refused]
        return "\n".join([*lines, Said("import_refused", rows=rows).sentence(language)])
    new = sum(change.before is None for change in plan.changes)
    sums = Said("import_sums", new=new, changed=len(plan.changes) - new, unchanged=plan.unchanged)
    return "\n".join([*(_change_line(change, language) for change in plan.changes), sums.sentence(language)])


def _refused_line(refused: Refused, language: Language) -> str:
    row = Said("import_row", row=refused.row).sentence(language)
    where = ", ".join(filter(None, [row, name_of(refused.column, language)]))
    return f"{where}: {refused.said.sentence(language)}\n  → {refused.said.hint(language)}"


def _change_line(change: Change, language: Language) -> str:
    after, before = change.after, change.before
    row = Said("import_row", row=change.row).sentence(language)
    if before is None:
        return f"{row}: {Said('import_new', tag=after.tag, kind=after.kind, name=after.name).sentence(language)}"
    names = [name for name, value in vars(after).items() if value != getattr(before, name)]
    told = [f"{name_of(name, language)}: {getattr(before, name)} → {getattr(after, name)}" for name in names]
    return f"{row}: {after.tag} {'; '.join(told)}"


def progress_on(out: TextIO) -> Progress:
    """Shows how far a long list is, on a screen only."""

    def show(done: int, rows: int) -> None:
        if out.isatty() and rows >= LONG and (done % 100 == 0 or done == rows):
            print(f"\r{done} / {rows}", end="\n" if done == rows else "", file=out, flush=True)

    return show


def export_file(door: Door, options: Namespace) -> int:
    """Writes what the ending of the file says."""
    from sonca.inventory_open import export_glpi, export_open_data  # only these need more of the server

    path: Path = options.file
    assets = door.register.assets(door.site)
    if options.glpi:
        return export_glpi(door, path)
    if options.open_data:
        return export_open_data(door, path, assets)
    if path.suffix == ".xlsx":
        export_xlsx(path, assets, door.rooms, door.language)
    elif path.suffix in (".csv", ".json"):
        text = as_csv(assets, door.rooms, door.language) if path.suffix == ".csv" else as_json(assets)
        path.write_text(text, encoding="utf-8", newline="")
    else:
        raise Trouble(f"{path}: nothing is written with this ending", "name it .xlsx, .csv or .json")
    print(f"{path}: {len(assets)}")
    return 0


def list_assets(door: Door, _options: Namespace) -> int:
    """A table of what is registered."""
    heads = ("tag", "kind", "name", "room", "status", "condition")
    print(as_table([name_of(head, door.language) for head in heads], _rows(door, door.register.assets(door.site))))
    return 0


def _rows(door: Door, assets: Sequence[Asset]) -> list[list[str]]:
    language = door.language
    return [
        [
            asset.tag,
            name_of(asset.kind, language),
            asset.name,
            door.rooms.get(asset.room, asset.room),
            name_of(asset.status, language),
            name_of(asset.condition, language),
        ]
        for asset in assets
    ]


def history(door: Door, options: Namespace) -> int:
    """What happened to one asset, the newest first."""
    if door.register.asset(door.site, options.tag) is None:
        raise Trouble(f"there is no asset {options.tag!r}", "sonca inventory list shows all")
    for event in door.register.events(door.site, options.tag):
        print(_event_line(door, event))
    return 0


def _event_line(door: Door, event: Event) -> str:
    at = datetime.fromtimestamp(event.at / 1000, door.school.zone).strftime("%Y-%m-%d %H:%M")
    names = sorted({*event.before, *event.after})
    told = "; ".join(f"{name}: {event.before.get(name, '')} → {event.after.get(name, '')}" for name in names)
    document = f" [{event.document}]" if event.document else ""
    return f"{at} {event.who}: {event.what}{document} {told}"
