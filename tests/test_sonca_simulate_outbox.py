"""What has no receipt yet: nothing is forgotten, little is remembered."""

from hypothesis import given
from hypothesis import strategies as st

from sonca.simulate.chance import Chance
from sonca.simulate.day import Ending, Run
from sonca.simulate.outbox import FIRST_WAIT_MS, LONGEST_WAIT_MS, Kept, OnTheWay, Parcel
from tests.simulated import school

PC = next(iter(school().pcs.values()))
RUNS = [Run(start, start + 10, Ending.SHUTDOWN, f"boot-{start}") for start in (100, 200, 300)]


def parcel(sequence: int, run: Run = RUNS[0]) -> Parcel:
    return Parcel(PC, run, sequence)


def test_the_newest_and_the_oldest_can_be_taken() -> None:
    kept = Kept(PC)
    for sequence in range(5):
        kept.add(RUNS[0], sequence)
    assert kept.newest() == parcel(4) == kept.take_newest()
    assert [kept.take_oldest() for _ in range(len(kept))] == [parcel(n) for n in range(4)]
    assert kept.newest() is None


@given(st.lists(st.sampled_from(["add", "next run", "newest", "oldest"]), max_size=60))
def test_everything_that_was_kept_comes_out_once_and_in_order(steps: list[str]) -> None:
    kept, expected, run, sequence = Kept(PC), list[Parcel](), 0, 0
    for step in steps:
        if step == "next run":
            run, sequence = min(run + 1, 2), 0 if run < 2 else sequence
        elif step == "add":
            kept.add(RUNS[run], sequence)
            expected.append(parcel(sequence, RUNS[run]))
            sequence += 1
        elif expected and step == "newest":
            assert kept.take_newest() == expected.pop()
        elif expected:
            assert kept.take_oldest() == expected.pop(0)
        assert len(kept) == len(expected)
        assert kept.newest() == (expected[-1] if expected else None)


def test_a_week_without_a_broker_costs_no_memory() -> None:
    kept = Kept(PC)
    for sequence in range(20_160):
        kept.add(RUNS[0], sequence)
    assert len(kept) == 20_160
    assert len(kept._stretches) == 1


def test_a_parcel_is_sent_again_later_and_later_until_its_receipt() -> None:
    on_the_way, now = OnTheWay(Chance("test")), 1_000_000
    on_the_way.add("boot", parcel(1), now)
    assert on_the_way.due(now) == []
    waits = []
    for _ in range(8):
        at = on_the_way.next_at()
        assert at is not None
        assert on_the_way.due(at - 1) == []
        assert on_the_way.due(at) == [parcel(1)]
        waits.append(at - now)
        now = at
    assert 0.7 * FIRST_WAIT_MS <= waits[0] <= 1.3 * FIRST_WAIT_MS
    assert 0.7 * LONGEST_WAIT_MS <= waits[-1] <= 1.3 * LONGEST_WAIT_MS
    assert waits[1] > waits[0]
    assert on_the_way.settle("boot", 1)
    assert not on_the_way.settle("boot", 1)
    assert len(on_the_way) == 0
    assert on_the_way.next_at() is None


def test_a_receipt_of_another_boot_settles_nothing() -> None:
    on_the_way = OnTheWay(Chance("test"))
    on_the_way.add("boot", parcel(1), 0)
    assert not on_the_way.settle("other", 1)
    assert not on_the_way.settle("boot", 2)
    assert len(on_the_way) == 1
