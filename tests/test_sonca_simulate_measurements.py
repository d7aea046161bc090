"""What simulated PCs measure: the same for everybody who asks, legal by the catalogue, believable."""

from collections import Counter, defaultdict
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.jobs import MACHINE_PROBES
from contract.messages import Measurement, Outcome
from contract.metrics import PROBES, Misfit, fitted
from contract.metrics_network import WATCHED
from sonca.simulate.school_day import PROBES as PROBES_OF_THE_MODEL
from sonca.simulate.school_day import school_day
from sonca.simulate.school_time import DAY_MS, HOUR_MS, MINUTE_MS
from sonca.simulate.watched_kinds import KINDS
from tests.simulated import SITE, monday, school, stored_of

DAY = school_day(SITE, 5, 10, 25)
QUIET = school()
DAY_OF_MANY = school_day(SITE, 1, 20, 60, [])
DEVICES = st.sampled_from(sorted(DAY.pcs))
MOMENTS = st.integers(monday("06:30"), monday("18:00") + 4 * DAY_MS)


@settings(deadline=None)
@given(DEVICES, MOMENTS, st.integers(1, 600_000))
def test_any_stretch_can_be_asked_for_in_any_order_and_cut_anywhere(device: str, since: int, length: int) -> None:
    whole = DAY.measurements(device, since, since + length)
    middle = since + length // 2
    later = DAY.measurements(device, middle, since + length)
    assert DAY.measurements(device, since, middle) + later == whole
    assert school_day(SITE, 5, 10, 25).measurements(device, since, since + length) == whole


@settings(deadline=None)
@given(DEVICES, MOMENTS)
def test_every_measurement_fits_the_catalogue_and_holds_its_rounding(device: str, since: int) -> None:
    for entry in DAY.measurements(device, since, since + 120_000):
        fields = fitted(PROBES[entry.probe], entry.fields)
        assert not isinstance(fields, Misfit), (entry, fields)
        assert fields == (entry.fields, 0)
        assert entry.duration_ms >= 0
        assert since <= entry.taken_at < since + 120_000


@settings(deadline=None)
@given(DEVICES, MOMENTS)
def test_a_device_measures_exactly_while_it_is_on(device: str, at: int) -> None:
    run = DAY.state(device, at).run
    assert (run is not None) == bool(DAY.measurements(device, at - 30_000, at + 30_000)) or (
        DAY.state(device, at - 30_000).run != DAY.state(device, at + 30_000).run
    )


def test_no_two_measurements_of_a_day_have_the_same_key() -> None:
    for device in [device for device in DAY.pcs if DAY.state(device, monday("09:00")).run][:3]:
        measured = DAY.measurements(device, monday("06:00"), monday("18:00"))
        keys = {(entry.device, entry.probe, entry.target, entry.taken_at) for entry in measured}
        assert len(keys) == len(measured) > 5_000


def test_the_collector_takes_all_of_it() -> None:
    stored = stored_of(DAY, monday("09:50"), monday("10:06"))
    watched = {probe for kind in KINDS.values() for probe in kind.probes} | {"lamp", "supply"}
    network = {probe.name for probe in WATCHED} - {"traceroute"}  # asked when the line is gone
    assert {entry.probe for entry in stored} - {"traceroute"} == set(PROBES_OF_THE_MODEL) | watched | network
    assert {entry.target.partition("/")[0] for entry in stored if entry.probe in ("ping", "web", "tcp", "dns")} == {
        "gateway",
        "internet",
        "dns",
        "services",
    }


def test_it_measures_what_an_agent_measures_of_its_own_pc_and_network() -> None:
    assert set(PROBES_OF_THE_MODEL) == {*MACHINE_PROBES, "agent", "ping", "dns", "web", "tcp"}


def of(probe: str, measured: list[Measurement], target: str = "") -> list[Measurement]:
    """What a PC says of itself."""
    return [
        entry
        for entry in measured
        if entry.probe == probe and entry.device is None and (not target or entry.target == target)
    ]


def number(entry: Measurement, name: str) -> float:
    value = entry.fields[name]
    assert isinstance(value, int | float)
    return value


def test_every_probe_keeps_its_interval() -> None:
    measured = DAY.measurements("mam-1-giao-vien", monday("08:30"), monday("09:30"))
    counts = Counter((entry.probe, entry.target) for entry in measured)
    assert counts["ping", "gateway/default"] == counts["ping", "internet/quad9"] == counts["host", ""] == 120
    assert counts["web", "internet/google"] == counts["dns", "dns/system"] == counts["agent", ""] == 60
    assert counts["web", "services/kho-hoc-lieu"] == counts["tcp", "services/chu-ky-so"] == 12


def test_what_a_pc_does_not_have_it_says_once_an_hour() -> None:
    device = next(pc for pc in QUIET.pcs.values() if not pc.wifi and not pc.machine.is_linux)
    measured = QUIET.measurements(device.id, monday("09:00"), monday("11:00"))
    for probe in ("wifi", "temperature"):
        assert [entry.outcome for entry in of(probe, measured)] == [Outcome.UNSUPPORTED] * 2


def test_processors_work_in_lessons_and_rest_at_noon_and_old_ones_work_harder() -> None:
    busy: dict[int, list[float]] = defaultdict(list)
    for pc in DAY_OF_MANY.pcs.values():
        for clock in ("09:00", "12:15"):
            measured = DAY_OF_MANY.measurements(pc.id, monday(clock), monday(clock) + 10 * MINUTE_MS)
            key = (pc.machine.strength < 1.3) * 2 + (clock == "09:00")
            busy[key] += [number(entry, "cpu_percent") for entry in of("host", measured)]
    rest_new, work_new, rest_old, work_old = (sum(busy[key]) / len(busy[key]) for key in range(4))
    assert work_new > 2 * rest_new
    assert work_old > 2 * rest_old
    assert work_old > 1.3 * work_new
    assert 15 < work_new < 70
    assert 35 < work_old < 95


def test_neighbours_in_time_are_alike() -> None:
    used = [
        number(entry, "memory_used_percent")
        for entry in of("host", QUIET.measurements("mam-1-giao-vien", monday("08:30"), monday("09:30")))
    ]
    steps = [abs(late - early) for early, late in pairwise(used)]
    assert max(used) - min(used) > 3 * (sum(steps) / len(steps)) > 0


def test_counters_only_grow_within_a_run() -> None:
    state = QUIET.state("mam-1-giao-vien", monday("09:00"))
    assert state.run is not None
    measured = QUIET.measurements("mam-1-giao-vien", state.run.start, min(state.run.end, state.run.start + 9 * HOUR_MS))
    for probe, name in (("network_card", "received_bytes"), ("network_card", "sent_bytes"), ("host", "uptime_seconds")):
        values = [number(entry, name) for entry in of(probe, measured)]
        assert values == sorted(values)
        assert values[-1] > values[0]
    assert number(of("network_card", measured)[-1], "received_bytes") > 200 * 2**20


def test_a_disk_only_grows_older_and_a_dying_one_says_so() -> None:
    device = "mam-1-giao-vien"
    for day, dying in ((QUIET, False), (school(f"dying-disk:{device}"), True)):
        measured = [
            entry
            for week in range(4)
            for start in [monday("08:30") + 7 * week * DAY_MS]
            for entry in of("smart", day.measurements(device, start, start + 3 * HOUR_MS))
        ]
        assert {entry.fields["healthy"] for entry in measured} == {not dying}
        hours = [number(entry, "power_on_hours") for entry in measured]
        assert hours == sorted(hours)
        assert 0 < hours[0] < hours[-1] < hours[0] + 4 * 7 * 24


def test_a_battery_rises_while_plugged_in_and_falls_otherwise() -> None:
    laptop = next(pc.id for pc in QUIET.pcs.values() if pc.kind == "laptop" and QUIET.state(pc.id, monday("09:00")).run)
    measured = of("host", QUIET.measurements(laptop, monday("08:00"), monday("11:00")))
    for early, late in pairwise(measured):
        rising = number(late, "battery_percent") - number(early, "battery_percent")
        assert rising >= -0.11 if early.fields["battery_plugged"] else rising <= 0.11


def test_a_good_line_is_good_and_fits_itself() -> None:
    measured = QUIET.measurements("mam-2-giao-vien", monday("08:30"), monday("09:30"))
    pings = of("ping", measured)
    assert sum(number(entry, "loss_percent") for entry in pings) / len(pings) < 1
    for entry in pings:
        low, mean, high = (number(entry, f"round_trip_{name}ms") for name in ("min_", "", "max_"))
        assert low <= mean <= high < entry.duration_ms
    gateway, far = (of("ping", measured, target)[0] for target in ("gateway/default", "internet/quad9"))
    assert number(gateway, "round_trip_ms") < 10 < number(far, "round_trip_ms")
    for entry in of("web", measured):
        parts = sum(number(entry, name) for name in ("lookup_ms", "connect_ms", "first_byte_ms"))
        tls = number(entry, "tls_ms") if "tls_ms" in entry.fields else 0
        assert parts + tls < number(entry, "total_ms") == entry.duration_ms
        assert ("certificate_days" in entry.fields) == ("captive" not in entry.fields)
