"""Rates from counters that wrap, restart, or are read for the first time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.counters import PortCounters, Sample, increase, rates, same_run

COUNTED = ("receive_octets", "send_octets", "receive_errors", "send_errors", "receive_discards", "send_discards")


def sample(at: float, ticks: int | None, bits: int = 64, discontinuity: int | None = 0, **counted: int) -> Sample:
    return Sample(at, ticks, {"1": PortCounters(bits, counted, discontinuity)})


@given(st.sampled_from([32, 64]), st.data())
def test_an_increase_is_found_over_the_end_of_the_counter(bits: int, data: st.DataObject) -> None:
    before = data.draw(st.integers(0, 2**bits - 1))
    went = data.draw(st.integers(0, 2**bits - 1))
    assert increase(before, (before + went) % 2**bits, bits) == went


@given(st.integers(0, 2**64 - 1), st.integers(0, 10**9), st.floats(1, 3600), st.integers(0, 2**32 - 1))
def test_traffic_of_a_64_bit_counter_is_what_passed_in_the_time(
    start: int, octets: int, seconds: float, ticks: int
) -> None:
    before = sample(10.0, ticks, receive_octets=start)
    after = sample(10.0 + seconds, (ticks + round(seconds * 100)) % 2**32, receive_octets=(start + octets) % 2**64)
    expected = 8 * octets / (10.0 + seconds - 10.0)
    assert rates(before, after, "1", None) == {"receive_bits_per_second": round(expected)}


@given(st.integers(0, 2**32 - 1), st.integers(0, 100), st.integers(1, 300))
def test_traffic_of_a_32_bit_counter_is_told_where_the_line_cannot_wrap_it_twice(
    start: int, load: int, seconds: int
) -> None:
    octets = 100_000_000 // 8 * seconds * load // 100
    before = sample(0.0, 0, 32, send_octets=start)
    after = sample(float(seconds), seconds * 100, 32, send_octets=(start + octets) % 2**32)
    found = rates(before, after, "1", 100)
    if 1.2 * 100e6 * seconds / 8 < 2**32:
        assert found == {"send_bits_per_second": round(8 * octets / seconds)}
    else:
        assert found == {}


@pytest.mark.parametrize(("speed", "seconds"), [(None, 30), (0, 30), (1000, 60), (100, 400)])
def test_traffic_of_a_32_bit_counter_that_may_have_wrapped_twice_is_not_told(speed: int | None, seconds: int) -> None:
    before = sample(0.0, 0, 32, receive_octets=5, receive_errors=1)
    after = sample(float(seconds), seconds * 100, 32, receive_octets=10, receive_errors=1)
    assert rates(before, after, "1", speed) == {"receive_errors_per_minute": 0.0}


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**31 - 1), st.floats(1, 3600))
def test_errors_are_told_a_minute(start: int, went: int, seconds: float) -> None:
    before = sample(0.0, None, receive_errors=start)
    after = sample(seconds, None, receive_errors=(start + went) % 2**32)
    assert rates(before, after, "1", None) == {"receive_errors_per_minute": round(60 * went / seconds, 2)}


@given(st.integers(0, 2**32 - 1), st.floats(1, 86_400))
def test_a_device_that_ran_on_is_recognised_over_the_wrap_of_its_clock(ticks: int, seconds: float) -> None:
    after = Sample(seconds, (ticks + round(100 * seconds)) % 2**32, {})
    assert same_run(Sample(0.0, ticks, {}), after)


@given(st.integers(10**6, 2**31), st.floats(30, 86_400), st.floats(0, 1))
def test_a_device_that_restarted_is_recognised(ticks: int, seconds: float, part: float) -> None:
    after = Sample(seconds, round(100 * seconds * part), {})
    assert not same_run(Sample(0.0, ticks, {}), after)


def test_a_clock_that_is_told_only_once_proves_nothing() -> None:
    assert not same_run(Sample(0.0, None, {}), Sample(60.0, 6000, {}))
    assert same_run(Sample(0.0, None, {}), Sample(60.0, None, {}))


NOW = dict.fromkeys(COUNTED, 1000)


@pytest.mark.parametrize(
    "before",
    [
        None,
        Sample(0.0, 100_000, {}),
        sample(0.0, 10**6, **NOW),
        sample(0.0, 100_000, discontinuity=7, **NOW),
        sample(0.0, 100_000, bits=32, **NOW),
        sample(60.0, 106_000, **NOW),
    ],
    ids=["first sample", "new port", "restarted", "counters began anew", "other counters", "no time passed"],
)
def test_nothing_is_told_when_nothing_can_be_compared(before: Sample | None) -> None:
    assert rates(before, sample(60.0, 106_000, **NOW), "1", 1000) == {}
    assert rates(sample(0.0, 100_000, **NOW), sample(60.0, 106_000), "2", 1000) == {}


def test_a_counter_that_was_set_back_alone_is_left_out() -> None:
    before = sample(0.0, 0, receive_octets=10**12, send_octets=0, receive_errors=500, send_errors=0)
    after = sample(60.0, 6000, receive_octets=10, send_octets=7500, receive_errors=0, send_errors=3)
    assert rates(before, after, "1", 1000) == {"send_bits_per_second": 1000, "send_errors_per_minute": 3.0}


@given(*[st.dictionaries(st.sampled_from(COUNTED), st.integers(0, 2**64 - 1)) for _ in range(2)], st.integers(0, 10**6))
def test_no_counters_make_a_rate_that_cannot_be(before: dict[str, int], after: dict[str, int], speed: int) -> None:
    found = rates(sample(0.0, 0, **before), sample(60.0, 6000, **after), "1", speed)
    assert all(0 <= rate <= 4e11 for rate in found.values())
    assert {name.rpartition("_per_")[0].removesuffix("_bits") for name in found} <= {
        name.removesuffix("_octets") for name in before.keys() & after.keys()
    }
