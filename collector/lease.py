"""Who may test throughput: one agent of a site at a time. Pure: the time is an argument, the server's UTC ms."""

from collector.store.state_protocol import Held
from contract.messages import Lease, LeaseRequest

LONGEST_SECONDS = 300.0


def after(held: Held | None, request: LeaseRequest, now: int) -> Held | None:
    """Who holds the site's lease once the request is answered; None: nobody.

    The same agent may ask anew at any time: it tests one thing at a time, and a run that was killed tests no more.
    """
    current = held if held is not None and is_held(held, now) else None
    if request.release:
        return None if current is not None and _is_of(current, request) else current
    if current is not None and current.agent != request.agent:
        return current
    seconds = min(max(request.seconds, 1.0), LONGEST_SECONDS)
    return Held(request.agent, request.lease, now + int(seconds * 1000))


def answer(held: Held | None, request: LeaseRequest, now: int) -> Lease | None:
    """What the agent is told, `held` being what `after` returned; a lease given back needs no answer."""
    if request.release or held is None:
        return None
    seconds = (held.until - now) / 1000
    if _is_of(held, request):
        return Lease(request.lease, True, seconds)
    return Lease(request.lease, False, seconds, held.agent)


def is_held(held: Held, now: int) -> bool:
    """One that ends later than any could was granted by a clock that has been set back since."""
    return now < held.until <= now + LONGEST_SECONDS * 1000


def _is_of(held: Held, request: LeaseRequest) -> bool:
    return (held.agent, held.lease) == (request.agent, request.lease)
