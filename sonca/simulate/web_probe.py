"""web of a simulated PC: a service may be down, a login page may stand in the way."""

from contract.messages import Measurement, Outcome, Target, Value
from sonca.simulate.chance import Chance
from sonca.simulate.school_time import DAY_MS
from sonca.simulate.way import Moment, Reach, Way, distance, trip

CERTIFICATE_DAYS, RENEWED_BEFORE_DAYS = 90, 20


def web(moment: Moment, target: Target) -> list[Measurement]:
    """One request. A service that is down refuses the connection, or answers with an error of its own."""
    way, chance = moment.way(), moment.chance("web", target.id)
    if way.reach <= Reach.GATEWAY or chance.named("lost").happens(way.gives_up, moment.at):
        return [moment.timeout("web", target)]
    if way.reach is Reach.LOGIN_PAGE:
        return [_login_page(moment, target, way, chance)]
    down = moment.is_down(target)
    if down and chance.named("refuses").happens(0.5):
        return [Measurement("web", moment.at, Outcome.REFUSED, target.id, round(distance(target), 2))]
    status = 503 if down else target.expect_status or 200
    return [_answer(moment, target, way, chance, status)]


def _answer(moment: Moment, target: Target, way: Way, chance: Chance, status: int) -> Measurement:
    far = distance(target)
    lookup, connect, first = (
        least + trip(way, chance.named(part), moment.at)
        for part, least in (("lookup", 0.8), ("connect", far), ("first byte", far + 15))
    )
    fields: dict[str, Value] = {"lookup_ms": round(lookup, 2), "connect_ms": round(connect, 2)}
    tls = 0.0
    if target.address.startswith("https:"):
        tls = 6 + 1.1 * far + trip(way, chance.named("tls"), moment.at)
        fields |= {"tls_ms": round(tls, 2), "certificate_days": _certificate_days(target, moment.at)}
    total = round(lookup + connect + tls + first + 0.4, 2)
    fields |= {"first_byte_ms": round(first, 2), "total_ms": total, "status": status}
    if _tells_login_pages(target):
        fields["captive"] = False
    outcome = Outcome.OK if status < 400 else Outcome.BAD_ANSWER
    return Measurement("web", moment.at, outcome, target.id, total, fields)


def _login_page(moment: Moment, target: Target, way: Way, chance: Chance) -> Measurement:
    """The router answers for everybody: with a redirect, or over TLS with a certificate that nobody trusts."""
    lookup, connect = (trip(way, chance.named(part), moment.at) for part in ("lookup", "connect"))
    fields: dict[str, Value] = {"lookup_ms": round(lookup, 2), "connect_ms": round(connect, 2)}
    took = round(lookup + 2 * connect + 4, 2)
    if target.address.startswith("http:"):
        fields |= {"first_byte_ms": round(connect + 3, 2), "total_ms": took, "status": 302}
    if _tells_login_pages(target):
        fields["captive"] = True
    return Measurement("web", moment.at, Outcome.BAD_ANSWER, target.id, took, fields)


def _tells_login_pages(target: Target) -> bool:
    """Whether its answer is known so well that another one must be a login page."""
    return target.expect_status is not None or target.expect_text is not None


def _certificate_days(target: Target, at: int) -> float:
    """Renewed in time, over and over."""
    period = (CERTIFICATE_DAYS - RENEWED_BEFORE_DAYS) * DAY_MS
    age = (at + Chance("certificate", target.name).whole(0, period)) % period
    return round(CERTIFICATE_DAYS - age / DAY_MS, 1)
