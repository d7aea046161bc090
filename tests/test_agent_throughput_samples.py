"""From samples to a rate: when they are enough, what they stand for, what held them back."""

import statistics
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.throughput_samples import (
    AGREE_WITHIN,
    MOST_SAMPLES,
    SAMPLE_SECONDS,
    Transfer,
    agree,
    as_text,
    limited_by,
    median,
    steady_rate,
)
from contract.metrics import MAX_TEXT

RATES = st.floats(0, 100_000, allow_nan=False)


@pytest.mark.parametrize(
    ("samples", "enough"),
    [
        ([], False),
        ([20.0] * 7, False),
        ([1.0, 90.0, *[20.0] * 6], True),  # the first two are of the slow start
        ([20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 22.0], False),
        ([5.0] * 9 + [20.0, 20.1, 20.2, 19.9, 20.0, 20.3], True),
        ([0.0] * 20, True),  # a line on which nothing moves need not be watched for longer
    ],
)
def test_samples_are_enough_when_the_last_six_agree(samples: list[float], enough: bool) -> None:
    assert agree(samples) == enough


@pytest.mark.parametrize(
    ("samples", "rate"),
    [
        ([7.0], 7.0),
        ([7.0, 9.0], 8.0),
        ([900.0, 800.0, 1.0], 567.0),  # its bytes were spent: one stall must not stand for all
        ([60.0, 40.0, 20.0, 21.0, 19.0], 20.0),
        ([1.0, 5.0, *[20.0] * 5, 20.4], 20.0),
        ([5.0] * 9 + [20.0, 20.1, 20.2, 19.9, 20.0, 20.3], 20.05),
        ([54.0, 31.0, 26.0, 32.0, 26.0, 32.0, 26.0, 32.0, 26.0, 32.0], 29.0),  # a sender's buffer, not its line
        ([9.0, 9.0, 20.0, 21.0, 0.0, 20.0, 22.0, 90.0, 20.5, 21.5], 20.75),  # one stall, one burst
    ],
)
def test_the_rate_is_that_of_what_is_steady(samples: list[float], rate: float) -> None:
    assert steady_rate(samples) == pytest.approx(rate)


@given(st.lists(st.floats(0, 1e9), min_size=1))
def test_the_median_is_the_librarys(samples: list[float]) -> None:
    assert median(samples) == pytest.approx(statistics.median(samples))


@given(st.lists(RATES, min_size=1, max_size=MOST_SAMPLES))
def test_the_rate_lies_among_the_samples_and_all_of_them_fit_a_text(samples: list[float]) -> None:
    rate = steady_rate(samples)
    assert min(samples) - 1e-6 <= rate <= max(samples) + 1e-6
    text = as_text(samples)
    assert len(text) <= MAX_TEXT
    for sample, word in zip(samples, text.split(), strict=True):
        assert float(word) == pytest.approx(sample, rel=0.006, abs=0.006)


@given(st.floats(0.1, 10_000), st.lists(st.floats(0.25, 3.0), min_size=1, max_size=MOST_SAMPLES))
def test_an_even_flow_is_measured_as_what_it_is_however_late_the_samples_end(mbps: float, lengths: list[float]) -> None:
    transfer, now, through = Transfer(10**12), 100.0, 0.0
    transfer.begin(now)
    for number, seconds in enumerate(lengths, 1):
        assert not transfer.is_due(now + SAMPLE_SECONDS / 2)
        now, through = now + seconds, through + mbps * 125_000 * seconds
        assert transfer.is_due(now + 1e-9)
        if transfer.take(int(through), now):
            assert number == 8 or number == MOST_SAMPLES
            break
    assert transfer.mbps == pytest.approx(mbps, rel=AGREE_WITHIN, abs=0.01)


def test_a_flow_that_never_agrees_ends_at_the_most_samples() -> None:
    transfer = Transfer(10**12)
    transfer.begin(0.0)
    takes = [transfer.take(number * 100_000 * (1 + number % 2), float(number)) for number in range(1, MOST_SAMPLES + 1)]
    assert takes == [False] * (MOST_SAMPLES - 1) + [True]


def test_bytes_that_were_taken_back_make_no_negative_sample() -> None:
    transfer = Transfer(10**9)
    transfer.begin(0.0)
    for number, through in enumerate((100_000, 90_000, 200_000), 1):
        transfer.take(through, number * 0.25)
    assert all(sample >= 0 for sample in transfer.samples)
    assert all(earlier != later for earlier, later in pairwise(transfer.samples))


@pytest.mark.parametrize(
    ("mbps", "cpu_percent", "card_mbps", "limit"),
    [
        (20.0, 3.0, 1000, "line"),
        (20.0, 3.0, 0, "line"),  # a card that does not tell its speed
        (94.0, 12.0, 100, "pc_network_card"),
        (94.0, 12.0, 1000, "line"),
        (400.0, 97.0, 1000, "pc_processor"),
        (941.0, 97.0, 1000, "pc_processor"),
    ],
)
def test_what_held_it_back(mbps: float, cpu_percent: float, card_mbps: int, limit: str) -> None:
    assert limited_by(Transfer(1, 1, [mbps], cpu_percent), card_mbps) == limit
