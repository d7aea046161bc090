"""`sonca inventory books`, `stocktake` and `labels`: what is printed and signed."""

from argparse import Namespace
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from collector.store.equipment_seen import last_heard
from collector.store.open import open_store
from contract.trouble import StoreUnavailable, Trouble
from inventory.asset import Asset
from inventory.books import year_books
from inventory.exporting.workbook import write_workbook
from inventory.forms import Unit, read_forms
from inventory.labels import label_sheet
from inventory.register_stocktakes import Sighting, Stocktake
from inventory.report.settings import ReportSettings, read_report_settings, unit_of, wear_rules_of
from inventory.saying import Said, name_of
from inventory.stocktake import Heard, findings, sightings_by_agents
from inventory.stocktake_sheet import difference_sheet
from inventory.wear import Books, NoBook, books_of, check_year
from inventory.wear_rules import WearRules, read_wear_rules
from sonca.inventory_door import Door, now_ms
from sonca.table import as_table


def books(door: Door, options: Namespace) -> int:
    """S24-H and C55-HD of a year, in one workbook."""
    assets, settings = door.register.assets(door.site), _report_settings(door)
    year, unit = _year(door, options, assets), _unit(door, options, settings)
    found = books_of(assets, _rules(options, settings), year)
    write_workbook(options.file, year_books(found, unit))
    print(f"{options.file}: {len(found.fixed)} TSCĐ, {len(found.tools)} CCDC")
    if found.incomplete:
        tags = ", ".join(asset.tag for asset in found.incomplete)
        print(Said("books_incomplete", tags=tags).sentence(door.language))
    return 0


def stocktake(door: Door, options: Namespace) -> int:
    """One step of a stocktake."""
    return _STEPS[options.step](door, options)


def _start(door: Door, _options: Namespace) -> int:
    now = now_ms()
    seen = sightings_by_agents(door.register.links.of(door.site), _heard(door), now)
    session = door.register.stocktakes.start(door.site, door.who, now, seen)
    print(Said("stocktake_started", number=session.id, seen=len(seen)).sentence(door.language))
    return _show(door, _options)


def _scan(door: Door, options: Namespace) -> int:
    if not options.tags:
        raise Trouble("no tag was scanned", "sonca inventory stocktake scan TS-001 TS-002 --room mam-1")
    if options.room and options.room not in door.rooms:
        raise Trouble(f"there is no room {options.room!r}", f"the rooms are {', '.join(door.rooms)}")
    seen = [Sighting(tag, options.room, now_ms(), door.who, options.note) for tag in options.tags]
    door.register.stocktakes.add(_running(door), seen)
    return _show(door, options)


def _show(door: Door, _options: Namespace) -> int:
    lines = findings(door.register.assets(door.site), door.register.stocktakes.sightings(_newest(door)))
    rows = [
        [
            line.tag,
            name_of(line.finding, door.language),
            line.asset.name if line.asset else "",
            door.rooms.get(line.asset.room, line.asset.room) if line.asset else "",
            door.rooms.get(line.sighting.room, line.sighting.room) if line.sighting else "",
        ]
        for line in lines
        if line.finding != "found"
    ]
    heads = ("tag", "finding", "name", "room", "seen_in")
    if rows:
        print(as_table([name_of(head, door.language) for head in heads], rows))
    sums = Counter(line.finding for line in lines)
    print(", ".join(f"{name_of(finding, door.language)}: {number}" for finding, number in sorted(sums.items())))
    return 0


def _sheet(door: Door, options: Namespace) -> int:
    if not options.tags:
        raise Trouble("the sheet needs the name of a file", "sonca inventory stocktake sheet kiem-ke.xlsx")
    assets, session = door.register.assets(door.site), _newest(door)
    lines = findings(assets, door.register.stocktakes.sightings(session))
    day = door.school.day_at(session.started_at)
    settings = _report_settings(door)
    values: Books = books_of(assets, _rules(options, settings), day.year)
    path = Path(options.tags[0])
    unit = _unit(door, options, settings)
    write_workbook(path, [difference_sheet(lines, values, door.rooms, unit, day.strftime("%d/%m/%Y"))])
    print(f"{path}: {len(lines)}")
    return 0


def _close(door: Door, _options: Namespace) -> int:
    door.register.stocktakes.close(_running(door), now_ms())
    return _show(door, _options)


_STEPS = {"start": _start, "scan": _scan, "show": _show, "sheet": _sheet, "close": _close}


def labels(door: Door, options: Namespace) -> int:
    """Labels of all assets that are there, of one room, or of some tags."""
    assets = [
        asset
        for asset in door.register.assets(door.site)
        if (asset.tag in options.tags if options.tags else asset.owned) and options.room in ("", asset.room)
    ]
    if not assets:
        raise Trouble("there is no such asset", "sonca inventory list shows all")
    try:
        options.file.write_bytes(label_sheet(assets, door.rooms, door.school.name))
    except OSError as error:
        raise Trouble(f"{options.file} cannot be written: {error.strerror}", "choose another folder") from error
    print(f"{options.file}: {len(assets)}")
    return 0


def _newest(door: Door) -> Stocktake:
    sessions = door.register.stocktakes.all(door.site)
    if not sessions:
        raise Trouble("there was no stocktake yet", "sonca inventory stocktake start")
    return sessions[0]


def _running(door: Door) -> Stocktake:
    session = _newest(door)
    if session.closed_at is not None:
        raise Trouble(f"stocktake {session.id} is closed", "sonca inventory stocktake start")
    return session


def _heard(door: Door) -> Mapping[str, Heard]:
    agents = door.state.agents(door.site)
    try:
        store = open_store(door.settings.store, Path(door.settings.data), read_only=True)
        try:
            return last_heard(agents, store.latest(door.site), door.school)
        finally:
            store.close()
    except StoreUnavailable as error:
        print(f"{error.sentence}: devices that are polled are not filled in")
        return last_heard(agents, (), door.school)


def _year(door: Door, options: Namespace, assets: Sequence[Asset]) -> int:
    year: int = door.school.day_at(now_ms()).year if options.year is None else options.year
    try:
        check_year(assets, year)
    except NoBook as error:
        raise Trouble(error.said.sentence(door.language), error.said.hint(door.language)) from error
    return year


def _report_settings(door: Door) -> ReportSettings | None:
    """report.yaml of the school, as the pages find it; None where it has none."""
    file = door.schools.settings_file(door.site, "report")
    return read_report_settings(file) if file and file.exists() else None


def _unit(door: Door, options: Namespace, settings: ReportSettings | None) -> Unit:
    unit = unit_of(settings, door.school.name, options.unit, options.budget_code, options.superior)
    if not unit.budget_code:
        file = door.schools.settings_file(door.site, "report")
        raise Trouble(
            "the form needs the school's code in the state budget (Mã QHNS)",
            f"give it by --budget-code, or write it into {file}: budget_code",
        )
    return replace(unit, forms=read_forms(options.forms)) if options.forms else unit


def _rules(options: Namespace, settings: ReportSettings | None) -> WearRules:
    return read_wear_rules(options.wear_rules) if options.wear_rules else wear_rules_of(settings)
