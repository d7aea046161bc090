"""What no plan can exceed: all the money in one pot, spent in the first year, on parts of things too."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from inventory.plan.greedy import Job
from inventory.plan.request import Pot


class Corner(NamedTuple):
    """An action's price in VND and what it is worth in points when it is done at once."""

    price: int
    points: int


def bound_of(jobs: Sequence[Job], stages: Sequence[Pot]) -> int:
    """In points, rounded up."""
    money = sum(pot.amount for pot in stages)
    ways = [_corners(job) for job in jobs]
    covered = float(sum(corners[0].points for corners in ways))  # what is free
    steps = [
        (better.points - worse.points, better.price - worse.price)
        for corners in ways
        for worse, better in pairwise(corners)
    ]
    for points, price in sorted(steps, key=lambda step: -step[0] / step[1]):
        if price > money:
            return int(covered + points * money / price) + 1
        money -= price
        covered += points
    return int(covered) + 1


def _corners(job: Job) -> list[Corner]:
    """From what is free to ever dearer actions, each with more points; points per VND only fall from step to step."""
    corners = [Corner(0, 0)]
    for corner in sorted(Corner(offer.option.price, job.worth(offer, 0)) for offer in job.offers):
        if corner.points <= corners[-1].points:
            continue
        while len(corners) > 1 and _rises(corners[-2], corners[-1], corner):
            corners.pop()
        if corner.price == corners[-1].price:
            corners.pop()
        corners.append(corner)
    return corners


def _rises(first: Corner, second: Corner, third: Corner) -> bool:
    """Whether the way to the third covers more per VND than the way to the second: then the second is a detour."""
    on, before = (third.points - second.points) * (second.price - first.price), second.points - first.points
    return on >= before * (third.price - second.price)
