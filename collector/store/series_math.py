"""What both stores compute the same way, outside their engines."""

import itertools
import math
from collections.abc import Iterable, Sequence

from collector.store.protocol import DAY_MS, HOUR_MS, SLICE_MS, Gap
from contract.metrics import PROBES, Field, Kind, Probe

LONGEST_RAW_MS = DAY_MS
LONGEST_FIVE_MINUTES_MS = 31 * DAY_MS
MEAN_DIGITS = 1  # a mean keeps one digit more than its field
DURATION_DIGITS = 2
SHARE_DIGITS = 3  # a share of yes answers


def averaged(probe: Probe) -> list[Field]:
    """The fields that rollups hold."""
    return [field for field in probe.fields.values() if field.kind is not Kind.TEXT]


def mean_digits(field: Field) -> int:
    """The decimals that a stored mean of the field keeps."""
    return SHARE_DIGITS if field.kind is Kind.BOOLEAN else field.decimals + MEAN_DIGITS


def numeric_field(probe: str, name: str) -> Field:
    """The catalogue's field, when it can be averaged. Raises KeyError with a sentence."""
    field = PROBES[probe].fields.get(name) if probe in PROBES else None
    if field is None or field.kind is Kind.TEXT:
        raise KeyError(f"{probe}.{name} is not a number or yes/no field of the catalogue")
    return field


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
