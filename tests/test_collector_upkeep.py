"""Upkeep comes in bits between messages, and takes its share of the time however much there is to do."""

from collector.upkeep import Turn


class Time:
    """A clock that goes on when something takes time."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def bits_in(seconds: float, takes: float, left: int, every: float = 10, rest: float = 1) -> list[float]:
    """When the bits began, of work that needs `left` more bits after the first."""
    clock, began = Time(), list[float]()

    def bit(_now: int) -> bool:
        began.append(clock.now - 100)
        clock.now += takes
        return len(began) <= left

    turn = Turn(every, rest, bit)
    while clock.now < 100 + seconds:
        turn.take(0, clock)
        clock.now += 0.125
    return began


def test_what_is_done_in_one_bit_is_due_every_so_often() -> None:
    assert bits_in(31, takes=0.0, left=0) == [0, 10.0, 20.0, 30.0]


def test_what_is_left_goes_on_after_a_rest_as_long_as_the_bit() -> None:
    assert bits_in(12, takes=0.5, left=3) == [0, 1.0, 2.0, 3.0]


def test_a_longer_rest_leaves_others_more_of_the_time() -> None:
    assert bits_in(9, takes=0.5, left=99, rest=4) == [0, 2.5, 5.0, 7.5]
