"""Which batches go when: live before history, a few at a time, each again after a growing wait."""

import itertools
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from agent.delivery import (
    FIRST_WAIT_SECONDS,
    HISTORY_ON_THE_WAY,
    HISTORY_SPREAD_SECONDS,
    LIVE_SECONDS,
    LONGEST_WAIT_SECONDS,
    SILENT_SECONDS,
    Delivery,
    Sending,
)
from agent.outbox import Waiting

OLD = [Waiting("old-run", number) for number in range(1, 101)]
NEW = [Waiting("run", number) for number in range(1, 11)]


def connected(at: float = 0.0) -> Delivery:
    delivery = Delivery(Random(1))
    delivery.connect(at)
    return delivery


def sent(sendings: list[Sending]) -> list[Waiting]:
    return [sending.batch for sending in sendings]


def test_live_batches_go_at_once_in_their_order() -> None:
    delivery = connected()
    delivery.add(NEW[:2], 0.0)
    assert delivery.due(0.0, OLD) == [Sending(NEW[0], True, False), Sending(NEW[1], True, False)]
    assert delivery.due(0.1, OLD) == []


def test_history_waits_a_random_while_and_then_only_a_few_are_on_their_way() -> None:
    delivery = connected()
    assert 0 < delivery.next_at(0.0) <= HISTORY_SPREAD_SECONDS
    assert sent(delivery.due(HISTORY_SPREAD_SECONDS, OLD)) == OLD[:HISTORY_ON_THE_WAY]
    assert delivery.due(HISTORY_SPREAD_SECONDS + 1, OLD) == []


def test_each_receipt_brings_the_next_of_the_history() -> None:
    delivery = connected(-100.0)
    delivery.due(0.0, OLD)
    delivery.settle(OLD[:1], 1.0)
    assert sent(delivery.due(1.0, OLD[1:])) == [OLD[HISTORY_ON_THE_WAY]]


def test_live_data_goes_before_history() -> None:
    delivery = connected(-100.0)
    delivery.add(NEW[:1], 0.0)
    assert sent(delivery.due(0.0, OLD))[0] == NEW[0]


def test_without_a_receipt_it_is_sent_again_after_a_growing_wait() -> None:
    delivery, now, times = connected(-100.0), 0.0, []
    while now < 5_000:
        if delivery.due(now, OLD[:1]):
            times.append(now)
        now += 0.5
    waits = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert 0.7 * FIRST_WAIT_SECONDS <= waits[0] <= 1.3 * FIRST_WAIT_SECONDS + 0.5
    assert waits[1] > waits[0]
    assert 0.7 * LONGEST_WAIT_SECONDS <= waits[-1] <= 1.3 * LONGEST_WAIT_SECONDS + 0.5


def test_the_waits_of_two_agents_differ() -> None:
    first, second = Delivery(Random(1)), Delivery(Random(2))
    for delivery in (first, second):
        delivery.due(0.0, OLD[:1])
    assert first.next_at(0.0) != second.next_at(0.0)


def test_a_receipt_after_a_long_silence_hurries_what_waits() -> None:
    delivery = connected(-100.0)
    delivery.settle([], 0.0)
    for now in range(0, 2_000, 5):
        delivery.due(float(now), OLD[:3])
    assert delivery.next_at(2_000.0) > 2_000.0 + FIRST_WAIT_SECONDS
    delivery.settle([], 2_000.0)
    assert delivery.next_at(2_000.0) <= 2_000.0 + FIRST_WAIT_SECONDS
    assert SILENT_SECONDS < 2_000


def test_a_live_batch_that_stays_becomes_history() -> None:
    delivery = connected(-100.0)
    delivery.add(NEW[:1], 0.0)
    delivery.due(0.0, NEW[:1])
    later = LIVE_SECONDS + 60
    [sending] = delivery.due(later, NEW[:1])
    assert (sending.live, sending.again) == (False, True)


@given(st.lists(st.tuples(st.floats(0, 100), st.integers(0, 7)), max_size=60))
def test_never_more_than_a_few_of_the_history_are_on_their_way(steps: list[tuple[float, int]]) -> None:
    delivery, now, waiting, on_the_way = connected(-100.0), 0.0, list(OLD), set()
    for pause, settled in steps:
        now += pause
        on_the_way |= set(sent(delivery.due(now, waiting[:HISTORY_ON_THE_WAY])))
        assert len(on_the_way) <= HISTORY_ON_THE_WAY
        for batch in waiting[:settled]:
            on_the_way.discard(batch)
        delivery.settle(waiting[:settled], now)
        waiting = waiting[settled:]
