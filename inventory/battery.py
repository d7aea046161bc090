"""How worn the batteries of a laptop are, from its equipment report."""

from collections.abc import Mapping
from typing import Any


def battery_wear(content: Mapping[str, Any]) -> list[float | None]:
    """Of each battery, the share of its capacity by design that is gone, in percent; None where it does not tell.

    A new battery may hold more than it promises: its wear is 0.
    """
    batteries = content.get("batteries")
    rows = batteries if isinstance(batteries, list) else []
    return [_wear(row) for row in rows if isinstance(row, Mapping)]


def _wear(battery: Mapping[str, Any]) -> float | None:
    designed, real = battery.get("capacity"), battery.get("real_capacity")
    if type(designed) is not int or type(real) is not int or not 0 < designed < 10**9 or not 0 <= real < 10**9:
        return None
    return round(max(0.0, 100 * (1 - real / designed)), 1)
