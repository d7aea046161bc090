"""Decides what of a payload is stored and what is refused. Pure: the clock and the register are arguments.

msgspec decodes the dataclasses of contract/messages.py ten times faster than contract.messages.decode; a test holds
that the two agree.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

import msgspec

from collector.store.protocol import StoredMeasurement
from collector.store.state_protocol import Refused
from contract.mac import canonical_mac
from contract.messages import (
    BadMessage,
    Batch,
    EquipmentReport,
    LeaseRequest,
    Measurement,
    Status,
    check_version,
    encode,
    unpacked,
)
from contract.metrics import PROBES, Misfit, fitted
from contract.metrics_network import NEIGHBOUR
from contract.topics import SLUG, Topic

FUTURE_MS = 300_000  # clocks that were compared with ours cannot be further ahead than this
MAX_TARGET = 120
MAX_BOOT = 64
MAX_MEASUREMENTS = 10_000
_MAX_TIME = 2**53

MaySpeakFor = Callable[[Topic, str], bool]  # the speaker's topic, and the id of another device
Message = TypeVar("Message", Batch, Status, EquipmentReport, LeaseRequest)


@dataclass(slots=True)
class Accepted:
    """What a batch came to. `settled` batches get a receipt; `newest` is its latest certain time, 0 without one."""

    boot: str = ""
    sequence: int = 0
    settled: bool = False
    wholly_refused: bool = False
    measurements: list[StoredMeasurement] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    unknown_fields: int = 0
    newest: int = 0


def accept_batch(topic: Topic, payload: bytes, now: int, may_speak_for: MaySpeakFor) -> Accepted:
    """The measurements of a payload that may be stored, and what was refused and why. Never raises for any payload."""
    accepted = Accepted()
    try:
        batch = _batch(topic, payload)
    except BadMessage as error:
        accepted.refused.append(Refused(now, str(topic), error.reason, error.detail, payload))
        return accepted
    accepted.boot, accepted.sequence, accepted.settled = batch.boot, batch.sequence, True
    for measurement in batch.measurements:
        _take(accepted, topic, batch, measurement, now, may_speak_for)
    accepted.wholly_refused = not accepted.measurements and bool(accepted.refused)
    return accepted


def decode_fast(payload: bytes, shape: type[Message]) -> Message:
    """The message in a payload, as contract.messages.decode gives it. Raises BadMessage."""
    text = unpacked(payload)
    try:
        message = cast(Message, _DECODERS[shape].decode(text.decode()))  # msgspec skips bad UTF-8
    except msgspec.ValidationError as error:
        raise BadMessage("wrong_shape", str(error)) from error
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise BadMessage("not_json", str(error)) from error
    check_version(message)
    return message


_DECODERS = {shape: msgspec.json.Decoder(shape) for shape in (Batch, Status, EquipmentReport, LeaseRequest)}


def check_speaker(topic: Topic, agent: str, boot: str = "boot") -> None:
    """Raises BadMessage when a message does not come from the agent its topic names."""
    if agent != topic.agent:
        raise BadMessage("wrong_agent", f"{agent[:60]!r} speaks on the topic of {topic.agent!r}")
    if not (0 < len(boot) <= MAX_BOOT and boot.isprintable()):
        raise BadMessage("bad_boot", f"the boot id must be 1 to {MAX_BOOT} printable characters")


def _batch(topic: Topic, payload: bytes) -> Batch:
    batch = decode_fast(payload, Batch)
    check_speaker(topic, batch.agent, batch.boot)
    if not 0 <= batch.sequence < _MAX_TIME:
        raise BadMessage("bad_sequence", f"{batch.sequence} is not a sequence number")
    if batch.clock_offset_ms is not None and abs(batch.clock_offset_ms) >= _MAX_TIME:
        raise BadMessage("bad_time", f"a clock offset of {batch.clock_offset_ms} ms cannot be")
    if len(batch.measurements) > MAX_MEASUREMENTS:
        raise BadMessage("too_large", f"{len(batch.measurements)} measurements, at most {MAX_MEASUREMENTS} in a batch")
    return batch


def _take(
    accepted: Accepted, topic: Topic, batch: Batch, entry: Measurement, now: int, may_speak_for: MaySpeakFor
) -> None:
    """Adds one measurement to what is stored, or to what is refused."""
    uncertain = batch.clock_offset_ms is None
    at = entry.taken_at + (batch.clock_offset_ms or 0)
    probe = PROBES.get(entry.probe)
    device = topic.agent if entry.device is None else entry.device
    fields = Misfit("unknown_probe", f"{entry.probe[:60]!r}") if probe is None else fitted(probe, entry.fields)
    if isinstance(fields, Misfit):
        accepted.refused.append(_refusal(topic, entry, now, fields))
        return
    problem = _problem(topic, entry, device, at, now, uncertain, may_speak_for)
    if problem is not None:
        accepted.refused.append(_refusal(topic, entry, now, problem))
        return
    known, unknown = fields
    accepted.unknown_fields += unknown
    if not uncertain and at > accepted.newest:
        accepted.newest = at
    accepted.measurements.append(
        StoredMeasurement(
            topic.site,
            device,
            entry.probe,
            entry.target,
            at,
            entry.outcome,
            entry.duration_ms,
            known,
            entry.blind,
            uncertain,
        )
    )


def _problem(
    topic: Topic, entry: Measurement, device: str, at: int, now: int, uncertain: bool, may_speak_for: MaySpeakFor
) -> Misfit | None:
    if device != topic.agent and not (SLUG.fullmatch(device) and may_speak_for(topic, device)):
        return Misfit("not_its_device", f"{topic.agent} may not speak for {device[:60]!r}")
    if len(entry.target) > MAX_TARGET or not entry.target.isprintable():
        return Misfit("bad_target", f"a target has at most {MAX_TARGET} printable characters")
    if entry.probe == NEIGHBOUR and (canonical_mac(entry.target) or None) != entry.target:
        return Misfit("bad_target", "the target of a neighbour is its hardware address, like 00:1b:a9:11:22:33")
    if not 0 < at < _MAX_TIME:
        return Misfit("bad_time", f"{str(at)[:30]} is not a time in UTC milliseconds")
    if not uncertain and at > now + FUTURE_MS:
        return Misfit("time_in_future", f"taken {(at - now) // 1000} s in the future")
    if not (math.isfinite(entry.duration_ms) and 0 <= entry.duration_ms < _MAX_TIME):
        return Misfit("bad_duration", f"{entry.duration_ms} ms cannot be")
    return None


def _refusal(topic: Topic, entry: Measurement, now: int, problem: Misfit) -> Refused:
    return Refused(now, str(topic), problem.reason, problem.detail, encode(entry))
