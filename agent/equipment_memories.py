"""Memory modules on Linux, by dmidecode: for root only, where the program is installed."""

import os
import re
import shutil
from typing import Any

from agent.equipment_names import without_empty
from agent.probes.program import output_of

DMIDECODE_SECONDS = 5.0
_UNITS = {"MB": 1, "MiB": 1, "GB": 1024, "GiB": 1024}


def memories() -> list[dict[str, Any]]:
    """The modules, or nothing where they cannot be read. Raises TimeoutError, OSError."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("dmidecode") is None:
        return []
    return read_dmidecode(output_of(["dmidecode", "-t", "17"], DMIDECODE_SECONDS)[0])


def read_dmidecode(output: str) -> list[dict[str, Any]]:
    """The filled slots in what `dmidecode -t 17` prints."""
    blocks = [block for block in re.split(r"\n\s*\n", output) if re.search(r"^Memory Device$", block, re.MULTILINE)]
    modules = (_module(block, number) for number, block in enumerate(blocks, 1))
    return [module for module in modules if module]


def _module(block: str, slot: int) -> dict[str, Any] | None:
    rows = (line.partition(":") for line in block.splitlines())
    told = {name.strip(): value.strip() for name, separator, value in rows if separator}
    size = re.fullmatch(r"(\d{1,9}) (MB|MiB|GB|GiB)", told.get("Size", ""))
    if size is None:  # "No Module Installed", "Unknown"
        return None
    speed = told.get("Configured Memory Speed") or told.get("Speed", "")
    return without_empty(
        {
            "capacity": int(size[1]) * _UNITS[size[2]],
            "caption": told.get("Locator"),
            "description": told.get("Form Factor"),
            "type": told.get("Type"),
            "speed": speed if speed[:1].isdigit() else None,
            "manufacturer": told.get("Manufacturer"),
            "model": told.get("Part Number"),
            "serialnumber": told.get("Serial Number"),
            "numslots": slot,
        }
    )
