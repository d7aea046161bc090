"""What of an equipment report is equipment, and what only moves: both ends judge by it whether anything changed."""

from collections.abc import Mapping
from typing import Any

# Section -> names in its entries that change by themselves.
_MOVING = {"drives": ("free",), "networks": ("status", "speed"), "batteries": ("real_capacity",)}


def lasting(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content without free space, link speeds and other values that change by themselves."""
    kept = dict(content)
    for section, names in _MOVING.items():
        if isinstance(entries := kept.get(section), list):  # whoever sent it may have put anything there
            kept[section] = [_without(entry, names) for entry in entries]
    return kept


def _without(entry: Any, names: tuple[str, ...]) -> Any:
    if not isinstance(entry, Mapping):
        return entry
    return {name: value for name, value in entry.items() if name not in names}
