"""Line protocol: what goes in comes out of a real InfluxDB, type by type and letter by letter."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.store import influx_names
from collector.store.influx import InfluxStore
from collector.store.influx_lines import as_text, raw_line, room_line, rounded, series_key
from collector.store.influx_names import as_tag, from_tag, quoted
from collector.store.protocol import RoomReason, RoomSlice, RoomState, StoredMeasurement
from contract.messages import Outcome, Value
from contract.metrics import MAX_TEXT, PROBES, Field, Kind, Misfit, fitted
from tests.influxd import Influxd
from tests.measurements import SITE, measured

AWKWARD = r"""C:\, a b,c=d "e" 'f' \\ \, \= \" %5C %25 ∖ ∖∖ 100% # Lớp Chồi 1 – tốt 💡"""
TARGETS = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" \\,='\"∖%"), max_size=40)
TARGETS = TARGETS.filter(str.isprintable)


def values_of(field: Field) -> st.SearchStrategy[Value]:
    if field.kind is Kind.TEXT:
        return TARGETS.map(lambda text: text[:MAX_TEXT])
    if field.kind is Kind.BOOLEAN:
        return st.booleans()
    if field.kind is Kind.INTEGER:
        return st.integers(int(field.minimum or 0), int(field.maximum or 2**53))
    return st.floats(field.minimum, field.maximum).map(lambda number: round(number, field.decimals))


@st.composite
def measurements(draw: st.DrawFn) -> StoredMeasurement:
    probe = PROBES[draw(st.sampled_from(sorted(PROBES)))]
    chosen = draw(st.sets(st.sampled_from(sorted(probe.fields))))
    fields = {name: draw(values_of(probe.fields[name])) for name in sorted(chosen)}
    outcome, blind, uncertain = draw(st.sampled_from(Outcome)), draw(st.booleans()), draw(st.booleans())
    at, target = draw(st.integers(0, 10**9)), draw(TARGETS)
    return measured("pc-1", probe.name, at, fields, target=target, outcome=outcome, blind=blind, uncertain=uncertain)


@pytest.fixture(scope="module")
def store(influxd: Influxd, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxStore]:
    folder = tmp_path_factory.mktemp("lines")
    opened = InfluxStore(influxd.settings(folder), folder).open()
    yield opened
    opened.close()


def points(influxd: Influxd, store: InfluxStore, measurement: str) -> list[dict[str, Any]]:
    """Every point with its tags and fields, absent ones left out."""
    return [
        {
            name: value
            for name, value in (*series.get("tags", {}).items(), *zip(series["columns"], row, strict=True))
            if value not in (None, "")
        }
        for series in influxd.ask(f'SELECT * FROM "{measurement}" GROUP BY *', store.settings.database)
        for row in series["values"]
    ]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(entries=st.lists(measurements(), min_size=1, max_size=20))
def test_every_measurement_comes_back_as_it_was(
    influxd: Influxd, store: InfluxStore, entries: list[StoredMeasurement]
) -> None:
    influxd.ask(f"DROP DATABASE {store.settings.database}")
    once = {(entry.probe, entry.target, entry.taken_at, entry.uncertain): entry for entry in entries}
    store.write(list(once.values()))
    for entry in once.values():
        name = entry.probe + influx_names.UNCERTAIN if entry.uncertain else entry.probe
        [point] = [
            point
            for point in points(influxd, store, name)
            if (from_tag(point.get("target", "")), point["time"]) == (entry.target, entry.taken_at)
        ]
        assert {name: point[name] for name in entry.fields if entry.fields[name] != ""} == {
            name: value for name, value in entry.fields.items() if value != ""
        }
        assert (point["outcome"], point["ok"]) == (entry.outcome, entry.outcome is Outcome.OK)
        assert point.get("blind", False) is entry.blind
        assert (point["site"], point["device"]) == (SITE, "pc-1")


@given(TARGETS)
def test_a_tag_gives_back_its_target_and_holds_no_backslash(target: str) -> None:
    assert from_tag(as_tag(target)) == target
    assert "\\" not in as_tag(target)


def test_two_targets_never_share_a_tag() -> None:
    alphabet = ["\\", "∖", "%", "%5C", "%25", "%E2%88%96", "a"]
    targets = {"".join(parts) for length in range(4) for parts in itertools.product(alphabet, repeat=length)}
    assert len({as_tag(target) for target in targets}) == len(targets)


def test_a_windows_drive_reads_well_on_a_board() -> None:
    assert as_tag("C:\\") == "C:∖"
    assert as_tag("internet/cloudflare") == "internet/cloudflare"


def test_awkward_targets_are_found_by_name(store: InfluxStore) -> None:
    entry = measured("pc-1", "disk", 0, {"disk_used_percent": 50.0}, target=AWKWARD)
    store.write([entry])
    at = entry.taken_at
    [point] = store.series(SITE, "pc-1", "disk", AWKWARD, "disk_used_percent", at, at + 1, 1)
    assert (point.at, point.mean) == (at, 50.0)
    assert entry in store.latest(SITE)


def test_types_come_from_the_catalogue_whatever_the_number_looks_like() -> None:
    line = raw_line(measured("pc-1", "host", 0, {"cpu_percent": 5, "uptime_seconds": 7, "battery_plugged": True}))
    assert line.startswith("host,device=pc-1,site=hoa-mai ok=1i,")
    assert re.findall(r",(\w+)=([^, ]+)", line.partition(" ")[2]) == [
        ("outcome", '"ok"'),
        ("duration_ms", "1.25"),
        ("cpu_percent", "5.0"),
        ("uptime_seconds", "7i"),
        ("battery_plugged", "true"),
    ]


@st.composite
def anything_that_fits(draw: st.DrawFn) -> StoredMeasurement:
    """As `fitted` lets it through: numbers of any resolution, -0.0 among them."""
    probe = PROBES[draw(st.sampled_from(sorted(PROBES)))]
    fields: dict[str, Value] = {}
    for field in probe.fields.values():
        free = st.floats(field.minimum, field.maximum) | st.sampled_from([-0.0, 0.005, 0.125, 2.5, 99.95])
        value = draw(free if field.kind is Kind.NUMBER else values_of(field))
        if not isinstance(value, float) or (field.minimum or 0) <= value <= (field.maximum or 0):
            fields[field.name] = value
    taken = fitted(probe, fields)
    assert not isinstance(taken, Misfit)
    return measured("pc-1", probe.name, 0, taken[0], outcome=draw(st.sampled_from(Outcome)), target=draw(TARGETS))


@given(anything_that_fits())
def test_a_line_says_what_rounding_gives_and_says_it_again_of_what_is_rounded(entry: StoredMeasurement) -> None:
    line = raw_line(entry)
    assert raw_line(rounded(entry)) == line
    told = dict(re.findall(r"[ ,](\w+)=([-\d.]+i?|true|false)(?=[ ,])", line.partition(" ")[2]))
    for name, value in rounded(entry).fields.items():
        kind = PROBES[entry.probe].fields[name].kind
        if kind is Kind.NUMBER:
            assert float(told[name]) == value
        elif kind is Kind.INTEGER:
            assert told[name] == f"{value}i"
        elif kind is Kind.BOOLEAN:
            assert told[name] == str(value).lower()
        else:
            assert f",{name}={as_text(value)}" in line


def test_tags_are_sorted_and_the_group_is_one_of_them() -> None:
    assert raw_line(measured("pc-1", "ping", 0, target="internet/a b")).startswith(
        r"ping,device=pc-1,group=internet,site=hoa-mai,target=internet/a\ b ok=1i,"
    )
    assert series_key("x", {"b": "", "a": "1,2=3"}) == r"x,a=1\,2\=3"


def test_a_room_has_a_number_for_each_state_so_that_boards_can_add() -> None:
    line = room_line(RoomSlice(SITE, "lop-1", 300_000, RoomState.DARK, RoomReason.ALL_OFF, True, 2, 0))
    assert line == (
        "room_5m,room=lop-1,site=hoa-mai connected=0i,degraded=0i,disconnected=0i,dark=1i,"
        'state="dark",reason="all_off",lesson=true,devices_on=2i,devices_reaching=0i 300000'
    )


def test_quotes_in_a_question_stay_inside_it() -> None:
    assert quoted("a' OR '1'='1") == r"'a\' OR \'1\'=\'1'"


def test_no_two_measurements_and_no_two_fields_share_a_name() -> None:
    suffixes = ("", influx_names.FIVE_MINUTES, influx_names.HOURS, influx_names.UNCERTAIN)
    names = [*(probe + suffix for probe in PROBES for suffix in suffixes), *influx_names.OWN]
    assert len(names) == len(set(names))
    for probe in PROBES.values():
        fields = [field + suffix for field in probe.fields for suffix in ("", "_min", "_max")]
        fields += ["ok", "outcome", "duration_ms", "blind", "count", "ok_count", "blind_count"]
        fields += ["time", "site", "device", "target", "group"]
        assert len(fields) == len(set(fields)), probe.name


def test_every_kind_of_measurement_is_described() -> None:
    told = influx_names.__doc__ or ""
    for name in (*influx_names.OWN, "ping", "ping_5m", "ping_1h", "ping_uncertain"):
        assert f"| `{name}`" in told or f", `{name}`" in told, name
