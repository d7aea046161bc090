"""`sonca inventory export --glpi` and `--open-data`: folders that other systems read."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from contract.trouble import Trouble
from inventory.asset import Asset
from inventory.exporting.glpi import glpi_inventory
from inventory.exporting.open_data import Publisher, open_data
from sonca.inventory_door import Door, now_ms


def export_glpi(door: Door, folder: Path) -> int:
    """A file for each asset that is linked with a device."""
    files = {}
    for device, link in sorted(door.register.links.of(door.site).items()):
        asset, report = door.register.asset(door.site, link.tag), door.state.equipment(door.site, device)
        if asset is not None and report is not None:
            text = json.dumps(glpi_inventory(asset, report), ensure_ascii=False, indent=1)
            files[f"{device}.json"] = text + "\n"
    return _write(folder, files)


def export_open_data(door: Door, folder: Path, assets: Sequence[Asset]) -> int:
    today = door.school.day_at(now_ms())
    return _write(folder, open_data(assets, Publisher(door.site, door.school.name, today)))


def _write(folder: Path, files: Mapping[str, str]) -> int:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise Trouble(f"{folder} cannot be written: {error.strerror}", "choose another folder") from error
    print(f"{folder}: {', '.join(files)}")
    return 0
