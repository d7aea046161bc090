"""What no plan can exceed: all the money in one pot, spent in the first year, on parts of things too."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from inventory.plan.greedy import Job
from inventory.plan.request import Pot


def bound_of(jobs: Sequence[Job], stages: Sequence[Pot]) -> int:
    """In points, rounded up."""
    money = float(sum(pot.amount for pot in stages))
    covered = 0.0
    for points, price in sorted((step for job in jobs for step in _steps(job)), key=lambda step: -step[0] / step[1]):
        if price > money:
            return int(covered + points * money / price) + 1
        money -= price
        covered += points
    return int(covered) + 1


def _steps(job: Job) -> Iterator[tuple[int, float]]:
    """From doing nothing to ever dearer actions, each step with more points and its price; points per VND only fall."""
    corners: list[tuple[int, int]] = [(0, 0)]
    for price, points in sorted((offer.option.price, job.worth(offer, 0)) for offer in job.offers):
        if points <= corners[-1][1]:
            continue
        while len(corners) > 1 and _rises(corners[-2], corners[-1], (price, points)):
            corners.pop()
        if price == corners[-1][0]:
            corners.pop()
        corners.append((price, points))
    base = corners[0]
    if base != (0, 0):
        yield base[1], base[0] or 1e-9
    for (price, points), (dearer, more) in pairwise(corners):
        yield more - points, dearer - price


def _rises(first: tuple[int, int], second: tuple[int, int], third: tuple[int, int]) -> bool:
    """Whether the way to the third covers more per VND than the way to the second: then the second is a detour."""
    return (third[1] - second[1]) * (second[0] - first[0]) >= (second[1] - first[1]) * (third[0] - second[0])
