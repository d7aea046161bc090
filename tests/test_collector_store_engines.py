"""Whatever was measured, in whatever order it came: every engine answers alike."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.store.protocol import DAY_MS, HOUR_MS, SLICE_MS, Reach, SeriesStore, StoredMeasurement
from contract.messages import Outcome, Value
from tests.influxd import Influxd
from tests.measurements import SITE, START, measured
from tests.stores import ENGINES, opened

DEVICES = ["pc-1", "pc-2"]
TARGETS = ["internet/a", "internet/b", "gateway/default", "services/e-office"]
STRETCHES = {"raw": HOUR_MS, "five minutes": 2 * DAY_MS, "hours": 40 * DAY_MS}
FIELDS = [("ping", "round_trip_ms"), ("ping", "received"), ("web", "captive"), ("web", "status")]
_SOMETIMES: dict[str, dict[str, st.SearchStrategy[Value]]] = {
    "ping": {
        "round_trip_ms": st.floats(0, 500).map(lambda value: round(value, 2)),
        "loss_percent": st.floats(0, 100).map(lambda value: round(value, 1)),
        "received": st.integers(0, 5),
    },
    "web": {"captive": st.booleans(), "status": st.integers(100, 599)},
}


@st.composite
def entries(draw: st.DrawFn) -> StoredMeasurement:
    probe = draw(st.sampled_from(sorted(_SOMETIMES)))
    fields = draw(st.fixed_dictionaries({}, optional=_SOMETIMES[probe]))
    outcome = draw(st.sampled_from([Outcome.OK, Outcome.OK, Outcome.TIMEOUT, Outcome.REFUSED]))
    at, target = draw(st.integers(0, 2 * HOUR_MS)), draw(st.sampled_from(TARGETS))
    blind, uncertain = draw(st.booleans()), draw(st.integers(0, 5)) == 0
    device = draw(st.sampled_from(DEVICES))
    return measured(device, probe, at, fields, target=target, outcome=outcome, blind=blind, uncertain=uncertain)


def key(entry: StoredMeasurement) -> tuple[object, ...]:
    return entry.device, entry.probe, entry.target, entry.taken_at


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(written=st.lists(entries(), min_size=1, max_size=60, unique_by=key), late=st.integers(1, 20))
def test_all_engines_answer_alike(influxd: Influxd, written: list[StoredMeasurement], late: int) -> None:
    with ExitStack() as stack:
        stores = []
        for engine in ENGINES:
            folder = Path(stack.enter_context(TemporaryDirectory()))
            stores.append(stack.enter_context(opened(engine, folder, lambda: influxd)))
        agree(stores, lambda store: store.write(written[late:]))
        agree(stores, lambda store: list(store.roll_up(START + HOUR_MS)))
        agree(stores, lambda store: store.write([*written[:late], *written]))
        agree(stores, lambda store: list(store.roll_up(START + 3 * HOUR_MS)))
        agree(stores, lambda store: store.latest(SITE))
        agree(stores, lambda store: store.latest(SITE, "pc-2"))
        agree(stores, lambda store: store.gaps(SITE, START, START + DAY_MS))
        agree(stores, reach)
        agree(stores, p95)
        for probe, field in FIELDS:
            for length in STRETCHES.values():
                agree(stores, lambda store: points(store, probe, field, length))  # noqa: B023 - called at once


def agree(stores: Sequence[SeriesStore], ask: Callable[[SeriesStore], object]) -> None:
    first, *others = [ask(store) for store in stores]
    for other in others:
        assert other == first


def reach(store: SeriesStore) -> list[Reach]:
    found = store.reach(SITE, START + 1, START + HOUR_MS)
    return [replace(one, loss_percent=near(one.loss_percent), round_trip_ms=near(one.round_trip_ms)) for one in found]


def p95(store: SeriesStore) -> dict[str, object]:
    rooms = {"lop-1": DEVICES, "lop-2": ["pc-2"]}
    found = store.p95_by_room(SITE, "ping", "round_trip_ms", rooms, START, START + DAY_MS)
    return {room: near(value) for room, value in found.items()}


def points(store: SeriesStore, probe: str, field: str, length: int) -> list[tuple[object, ...]]:
    found = store.series(SITE, "pc-1", probe, "internet/a", field, START, START + length, SLICE_MS * 3)
    return [(one.at, near(one.mean), near(one.minimum), near(one.maximum), one.count) for one in found]


def near(value: float | None) -> Any:
    """Equal to what is as good as the same: SQLite keeps one digit more than was measured."""
    return None if value is None else pytest.approx(value, abs=0.011)
