"""Sealing changes no answer: whatever was measured, in whatever order it came, and whenever it is sealed."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import event, given, settings
from hypothesis import strategies as st

from collector.store.protocol import DAY_MS, HOUR_MS, SLICE_MS, Part, Retention, SeriesStore, StoredMeasurement
from collector.store.sqlite import SqliteStore
from contract.messages import Outcome, Value
from tests.measurements import SITE, START, measured
from tests.raw_rows import raw_rows, sealed_windows

FAR = 2**53  # the highest of what the catalogue lets through
DEVICES = ["pc-1", "pc-2"]
_FIELDS: dict[str, dict[str, st.SearchStrategy[Value]]] = {
    "host": {
        "cpu_percent": st.floats(0, 100).map(lambda value: round(value, 1)),
        "memory_available_bytes": st.integers(0, FAR),
        "uptime_seconds": st.integers(0, 100_000),
        "battery_plugged": st.booleans(),
    },
    "ping": {
        "round_trip_ms": st.floats(0, 10_000_000).map(lambda value: round(value, 2)),
        "loss_percent": st.floats(0, 100).map(lambda value: round(value, 1)),
        "received": st.integers(0, 5),
        "address": st.sampled_from(["1.1.1.1", "2606:4700::1111"]),
    },
    "web": {
        "captive": st.booleans(),
        "certificate_days": st.floats(-40_000, 40_000).map(lambda value: round(value, 1)),
    },
    "wifi": {
        "signal_dbm": st.integers(-150, 0).map(float),
        "network_name": st.sampled_from(["", "Lớp Chồi"]),
    },
}
_TARGETS = {"host": [""], "wifi": ["wlan0"]}
_GROUPED = ["internet/a", "internet/b", "gateway/default", "services/e-office"]
_CHARTS = [
    ("host", "", "cpu_percent"),
    ("host", "", "memory_available_bytes"),
    ("host", "", "battery_plugged"),
    ("ping", "internet/a", "round_trip_ms"),
    ("web", "internet/a", "certificate_days"),
    ("wifi", "wlan0", "signal_dbm"),
]
_OUTCOMES = [Outcome.OK, Outcome.OK, Outcome.TIMEOUT, Outcome.REFUSED]

# Windows of three hours next to each other in a few days of two months, with some rows each.
times = st.builds(
    lambda day, window, minute, ms: day * DAY_MS + window * 3 * HOUR_MS + minute * 60_000 + ms,
    st.sampled_from([0, 1, 30, 31]),
    st.integers(0, 4),
    st.sampled_from([0, 1, 4, 5, 59, 60, 179]),
    st.integers(0, 2),
)
SERIES = [
    (device, probe, target) for device in DEVICES for probe in _FIELDS for target in _TARGETS.get(probe, _GROUPED)
]


@st.composite
def entries(draw: st.DrawFn, series: list[tuple[str, str, str]]) -> StoredMeasurement:
    device, probe, target = draw(st.sampled_from(series))
    return measured(
        device,
        probe,
        draw(times),
        draw(st.fixed_dictionaries({}, optional=_FIELDS[probe])),
        target=target,
        outcome=draw(st.sampled_from(_OUTCOMES)),
        blind=draw(st.booleans()),
        uncertain=draw(st.integers(0, 9)) == 9,
    )


def key(entry: StoredMeasurement) -> tuple[object, ...]:
    return entry.device, entry.probe, entry.target, entry.taken_at


@st.composite
def batches(draw: st.DrawFn) -> list[list[StoredMeasurement]]:
    """Of a few series everything at least once, in any order, some of it again; four batches at most."""
    series = draw(st.lists(st.sampled_from(SERIES), min_size=1, max_size=3, unique=True))
    written = draw(st.lists(entries(series), min_size=30, max_size=60, unique_by=key))
    again = draw(st.lists(st.sampled_from(written), max_size=20))
    order = draw(st.permutations([*written, *again]))
    first, second, third = sorted(draw(st.tuples(*[st.integers(0, len(order))] * 3)))
    return [order[:first], order[first:second], order[second:third], order[third:]]


@settings(max_examples=25, deadline=None)
@given(batches=batches(), kept=st.integers(1, 70))
def test_a_sealed_store_answers_as_an_unsealed_one(batches: list[list[StoredMeasurement]], kept: int) -> None:
    now, blocks = START + 62 * DAY_MS, 0
    with ExitStack() as stack:
        folders = [Path(stack.enter_context(TemporaryDirectory())) for _ in range(2)]
        plain, sealing = stores = [SqliteStore(folder / "series.db").open() for folder in folders]
        for store in stores:
            stack.callback(store.close)
        for batch in batches:
            alike(stores, lambda store: store.write(batch))  # noqa: B023 - called at once
            alike(stores, lambda store: raw_rows(store.path))
            alike(stores, lambda store: list(store.roll_up(now)))
            assert not sealing.seal(60)
            blocks = max(blocks, len(sealed_windows(sealing.path)))
        answers_are_alike(stores)
        alike(stores, lambda store: store.write(batches[0]))  # some windows are open again
        answers_are_alike(stores)
        assert sealed_windows(plain.path) == []
        alike(stores, lambda store: store.forget(now, Retention(raw_days=kept, five_minute_days=kept + 10)))
        answers_are_alike(stores)
    event(f"{min(blocks, 10)} blocks")


def answers_are_alike(stores: Sequence[SqliteStore]) -> None:
    alike(stores, lambda store: raw_rows(store.path))
    alike(stores, lambda store: store.latest(SITE))
    alike(stores, lambda store: store.gaps(SITE, START, START + 61 * DAY_MS))
    alike(stores, lambda store: store.reach(SITE, START + 1, START + 3 * HOUR_MS))
    alike(stores, lambda store: store.reach(SITE, START, START + 61 * DAY_MS))
    alike(stores, p95)
    alike(stores, charts)
    alike(stores, evidence)


def evidence(store: SeriesStore) -> object:
    spans = [(START + day * DAY_MS + HOUR_MS, START + day * DAY_MS + 5 * HOUR_MS) for day in (0, 1, 30, 31)]
    return [
        store.beyond(SITE, "host", "cpu_percent", 50, spans),
        store.beyond(SITE, "wifi", "signal_dbm", -75, spans[1:3], below=True),
        store.daily(SITE, "ping", {"round_trip_ms": Part.MEAN, "sent": Part.HIGHEST}, START, START + 31 * DAY_MS),
        store.daily(SITE, "host", {"battery_plugged": Part.LOWEST}, START + HOUR_MS, START + 61 * DAY_MS),
    ]


def alike(stores: Sequence[SqliteStore], ask: Callable[[SqliteStore], object]) -> None:
    first, second = (ask(store) for store in stores)
    assert first == second


def p95(store: SeriesStore) -> object:
    rooms = {"lop-1": DEVICES, "lop-2": ["pc-2"]}
    return [
        store.p95_by_room(SITE, "ping", "round_trip_ms", rooms, START, START + 9 * DAY_MS),
        store.p95_by_room(SITE, "host", "cpu_percent", rooms, START + HOUR_MS, START + 40 * DAY_MS),
    ]


def charts(store: SeriesStore) -> object:
    return [
        store.series(SITE, "pc-1", *chart, START + since, START + since + length, step)
        for chart in _CHARTS
        for since, length, step in (
            (0, HOUR_MS, 1),
            (7, DAY_MS, SLICE_MS),
            (30 * DAY_MS, DAY_MS, 7 * HOUR_MS),
            (HOUR_MS, 31 * DAY_MS, SLICE_MS),
            (0, 61 * DAY_MS, DAY_MS),
        )
    ]
