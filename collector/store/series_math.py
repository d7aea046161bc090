"""What both stores compute the same way, outside their engines."""

import itertools
import math
from collections.abc import Iterable, Sequence

from collector.store.protocol import DAY_MS, HOUR_MS, SLICE_MS, Gap

LONGEST_RAW_MS = DAY_MS
LONGEST_FIVE_MINUTES_MS = 31 * DAY_MS


def rollup_step(length_ms: int) -> tuple[str | None, int]:
    """Which rollup answers a range of this length (None: raw rows), and its shortest step."""
    if length_ms <= LONGEST_RAW_MS:
        return None, 1
    return ("five_minutes", SLICE_MS) if length_ms <= LONGEST_FIVE_MINUTES_MS else ("hours", HOUR_MS)


def nearest_rank(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all values do not exceed; `values` must not be empty."""
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1]


def gaps_between(device: str, starts: Iterable[int]) -> list[Gap]:
    """The stretches of whole slices that are missing between the first and the last of `starts`."""
    ordered = sorted(starts)
    return [
        Gap(device, before + SLICE_MS, after)
        for before, after in itertools.pairwise(ordered)
        if after - before > SLICE_MS
    ]
