"""ping, dns and tcp of a simulated PC: targets, fields and outcomes as agent/probes/ would give them."""

from agent.probes.echo import COUNT, PATIENCE_SECONDS, SPACING_SECONDS, Echoes
from contract.messages import Measurement, Outcome, Target, Value
from contract.targets import GATEWAY
from sonca.simulate import addresses
from sonca.simulate.way import Moment, Reach, distance, trip


def ping(moment: Moment, target: Target) -> list[Measurement]:
    """Five echoes, summed up as the agent does."""
    way, chance = moment.way(), moment.chance("ping", target.id)
    address: dict[str, Value] = {"address": target.address or str(addresses.GATEWAY)}
    if way.reach is Reach.NOTHING:
        known = {} if target.group == GATEWAY else address  # without a link there is no gateway to ask
        return [Measurement("ping", moment.at, Outcome.UNREACHABLE, target.id, 1.2, known)]
    echoes = Echoes(COUNT)
    if target.group == GATEWAY or way.reach is Reach.INTERNET:
        lost, first = chance.named("lost"), moment.at * COUNT
        arrived = (number for number in range(first, first + COUNT) if not lost.happens(way.loss, number))
        echoes.round_trips = [distance(target) + trip(way, chance, number) for number in arrived]
    waited = max(echoes.round_trips) if len(echoes.round_trips) == COUNT else PATIENCE_SECONDS * 1000
    took = (COUNT - 1) * SPACING_SECONDS * 1000 + waited
    fields = {**echoes.fields(), **address}
    return [Measurement("ping", moment.at, echoes.outcome, target.id, round(took, 2), fields)]


def dns(moment: Moment, target: Target) -> list[Measurement]:
    """The system's resolver is the router, which often knows the answer; another server is as far as the internet."""
    way, chance = moment.way(), moment.chance("dns", target.id)
    if way.reach is Reach.NOTHING and target.server:
        return [Measurement("dns", moment.at, Outcome.UNREACHABLE, target.id, 0.9)]
    cut = way.reach <= Reach.GATEWAY or (target.server and way.blind)
    if cut or chance.named("lost").happens(way.gives_up, moment.at):
        return [moment.timeout("dns", target)]
    known = not target.server and chance.named("known").happens(0.7, moment.at)
    lookup = round(0.6 + trip(way, chance, moment.at) + (0 if known else distance(target) + 4), 2)
    fields: dict[str, Value] = {"lookup_ms": lookup, "addresses": 2}
    return [Measurement("dns", moment.at, Outcome.OK, target.id, lookup, fields)]


def tcp(moment: Moment, target: Target) -> list[Measurement]:
    way, chance = moment.way(), moment.chance("tcp", target.id)
    if way.blind or chance.named("lost").happens(way.gives_up, moment.at):
        return [moment.timeout("tcp", target)]
    took = round(distance(target) + trip(way, chance, moment.at), 2)
    if moment.is_down(target):
        return [Measurement("tcp", moment.at, Outcome.REFUSED, target.id, took)]
    return [Measurement("tcp", moment.at, Outcome.OK, target.id, took, {"connect_ms": took})]
