"""The state of a room from what its devices reached. Pure, so that the present and the history are judged alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from collector.store.protocol import Reach, RoomReason, RoomState
from collector.store.state_protocol import Presence
from inventory.school import Device, Limits


@dataclass(frozen=True, slots=True)
class Judgement:
    """A room's state, why, and the numbers that the sentence on the page needs."""

    state: RoomState
    reason: RoomReason
    devices_on: int = 0
    devices_reaching: int = 0
    evidence: dict[str, Any] = field(default_factory=dict)


def judge(
    devices: Sequence[Device], reaches: Mapping[str, Reach], presences: Mapping[str, Presence], limits: Limits
) -> Judgement:
    """The judgement of a room. `reaches` holds the devices that measured, `presences` what is known of agents."""
    if not devices:
        return Judgement(RoomState.DARK, RoomReason.NO_DEVICES)
    on = [reach for device in devices if (reach := reaches.get(device.id)) is not None and _tells(device, reach)]
    if not on:
        silent = [device.id for device in devices if presences.get(device.id) in (Presence.LATE, Presence.LOST)]
        reason = RoomReason.SILENT if silent else RoomReason.ALL_OFF
        return Judgement(RoomState.DARK, reason, evidence={"silent": silent} if silent else {})
    reaching = [reach for reach in on if reach.internet_reached]
    if not reaching:
        return Judgement(RoomState.DISCONNECTED, _where_it_breaks(on), len(on), 0)
    return _quality(on, reaching, limits)


def _tells(device: Device, reach: Reach) -> bool:
    """Whether what a device measured says something about its room.

    A projector or a switch that answers its sentinel at night does not: nobody is there, and the sentinel stands
    elsewhere. Where a watched device tries the internet itself, it counts as any other.
    """
    return reach.internet_tries > 0 if device.reported_by else reach.measured > 0


def _where_it_breaks(on: Sequence[Reach]) -> RoomReason:
    if not any(reach.internet_tries for reach in on):
        return RoomReason.NOT_TRIED
    gateway_silent = any(reach.gateway_tries for reach in on) and not any(reach.gateway_reached for reach in on)
    return RoomReason.GATEWAY_UNREACHABLE if gateway_silent else RoomReason.INTERNET_UNREACHABLE


def _quality(on: Sequence[Reach], reaching: Sequence[Reach], limits: Limits) -> Judgement:
    # The room is as good as its best device: one bad network card does not make a bad room.
    best = min(reaching, key=lambda reach: (_past(reach, limits) is not None, reach.loss_percent or 0.0))
    problem = _past(best, limits)
    evidence = {
        name: round(value, 1)
        for name, value in (("loss_percent", best.loss_percent), ("round_trip_ms", best.round_trip_ms))
        if value is not None
    }
    state = RoomState.CONNECTED if problem is None else RoomState.DEGRADED
    return Judgement(state, problem or RoomReason.REACHED, len(on), len(reaching), evidence)


def _past(reach: Reach, limits: Limits) -> RoomReason | None:
    if reach.loss_percent is not None and reach.loss_percent > limits.loss_percent:
        return RoomReason.LOSS_HIGH
    if reach.round_trip_ms is not None and reach.round_trip_ms > limits.round_trip_ms:
        return RoomReason.SLOW
    return None
