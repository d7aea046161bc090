"""The plan that is always at hand: the best of many simple fillings. More money never covers less.

One filling has, for each pot, an order of devices with one action for each. The pots are spent one after the other;
each goes down its order, passes what was done already, and stops at the first thing that it cannot pay. Orders and
actions are settled without looking at the money, and what is done about a device later is never worth more than what is
done about it sooner. So with more money, whatever was done is done from the same pot or an earlier one: if this holds
for the pots before, then this pot has only some of its things left, and at least as much to pay them with, and gets at
least as far down. Hence the filling covers at least as much; and what holds for every filling holds for the best.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

from inventory.plan.candidates import Offer
from inventory.plan.request import Pot

# What is tried: how dear money is in the first year (from the dearest to free), how much of that is left in the next,
# up to which price, and orders a little different from the first, so that prices come out even.
_PRICES_OF_MONEY = 12
_FADING = (1.0, 0.5, 0.1)
_CAPS = (0.5, 0.75, 1.0)  # of all prices, from the lowest
_MOST_SHUFFLES = 4
_TRIES = 30_000  # devices times orders that are worth a shuffle: a larger school comes out even by itself
_MOST_TRIES = 300_000  # beyond these some are left out, so that nobody waits

Order = list[tuple["Job", Offer]]


@dataclass(frozen=True)
class Job:
    """A device that the plan decides about and what may be done. `boost` multiplies what it is worth."""

    tag: str
    offers: tuple[Offer, ...]
    boost: int = 1

    def worth(self, offer: Offer, year: int) -> int:
        return offer.gains[year] * self.boost

    def rate(self, offer: Offer, year: int) -> float:
        """What a VND covers; what costs nothing goes before all else."""
        return self.worth(offer, year) / offer.option.price if offer.option.price else math.inf

    def best(self, pot: Pot, year: int, price_of_money: float, cap: int, most: int | None) -> Offer | None:
        """What is worth most after paying for it, of what this pot may pay and what is worth `most` at most."""
        found, gained = None, 0.0
        for offer in self.offers:
            worth, price = offer.gains[year] * self.boost, offer.option.price
            if offer.first > year or price > cap or not worth or (most is not None and worth > most):
                continue
            gain = worth - price_of_money * price
            if (gain > gained or (found is None and gain == gained)) and pot.pays(offer.option.action):
                found, gained = offer, gain
        return found


@dataclass(frozen=True)
class Chosen:
    """An action on a device, paid from a pot."""

    job: Job
    offer: Offer
    pot: Pot

    @property
    def key(self) -> tuple[str, str, int, str]:
        return self.job.tag, self.offer.option.id, self.pot.year, self.pot.source

    def worth(self, index_of: Callable[[int], int]) -> int:
        return self.job.worth(self.offer, index_of(self.pot.year))


def greedy(jobs: Sequence[Job], stages: Sequence[Pot], index_of: Callable[[int], int]) -> list[Chosen]:
    """The best filling. `stages`: the pots as they are spent, in order; `index_of`: a year's place in gains."""
    years = [index_of(pot.year) for pot in stages]
    best: list[Chosen] = []
    most = -1
    for orders in _fillings(jobs, stages, years):
        filling = _filled(orders, stages)
        covered = sum(chosen.worth(index_of) for chosen in filling)
        if covered > most:
            best, most = filling, covered
    return best


def _filled(orders: Sequence[Order], stages: Sequence[Pot]) -> list[Chosen]:
    found: list[Chosen] = []
    done: set[str] = set()
    for pot, order in zip(stages, orders, strict=True):
        money = pot.amount
        for job, offer in order:
            if job.tag not in done:
                money -= offer.option.price
                if money < 0:
                    break
                found.append(Chosen(job, offer, pot))
                done.add(job.tag)
    return found


def _fillings(jobs: Sequence[Job], stages: Sequence[Pot], years: Sequence[int]) -> Iterator[list[Order]]:
    """The orders of each pot, made of gains and prices only, never of the money there is."""
    rates = sorted(job.rate(offer, 0) for job in jobs for offer in job.offers if offer.option.price)
    prices = sorted({offer.option.price for job in jobs for offer in job.offers})
    if not prices:
        return
    dear = sorted({0.0, *(rates[len(rates) * step // _PRICES_OF_MONEY] for step in range(_PRICES_OF_MONEY) if rates)})
    caps = sorted({prices[round((len(prices) - 1) * cap)] for cap in _CAPS})
    tried = list(itertools.product(dear, _FADING, caps))
    tries = len(jobs) * len(tried)
    for price_of_money, fading, cap in tried[:: 1 + tries // _MOST_TRIES]:
        picked = _picked(jobs, [price_of_money * fading**year for year in years], cap, stages, years)
        for shuffle in range(max(1, min(_MOST_SHUFFLES, _TRIES // tries))):
            yield [_sorted(order, year, shuffle) for order, year in zip(picked, years, strict=True)]


def _picked(
    jobs: Sequence[Job], prices_of_money: Sequence[float], cap: int, stages: Sequence[Pot], years: Sequence[int]
) -> list[Order]:
    """For each pot the devices with what is worth most after paying for it, never more than it was in a pot before."""
    orders: list[Order] = [[] for _ in stages]
    for job in jobs:
        most = None
        for pot, year, price_of_money, order in zip(stages, years, prices_of_money, orders, strict=True):
            offer = job.best(pot, year, price_of_money, cap, most)
            if offer is not None:
                order.append((job, offer))
                most = job.worth(offer, year)
    return orders


def _sorted(order: Order, year: int, shuffle: int) -> Order:
    return sorted(order, key=lambda pair: -pair[0].rate(pair[1], year) * _noise(pair[0].tag, shuffle))


def _noise(tag: str, shuffle: int) -> float:
    """1 in the first order; in others 0.8 to 1.25, by the device's tag alone."""
    return 1.0 if not shuffle else 0.8 + 0.45 * crc32(f"{shuffle} {tag}".encode()) / 2**32
