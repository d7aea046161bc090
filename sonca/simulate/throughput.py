"""throughput of a simulated PC: one test of each leg a school day, when lessons are over and it is still on."""

from collections.abc import Iterator

from contract.messages import Measurement, Outcome, Value
from sonca.simulate.addresses import SERVER
from sonca.simulate.chance import Chance
from sonca.simulate.day import Run
from sonca.simulate.fault_plan import FaultPlan
from sonca.simulate.faults import FaultKind
from sonca.simulate.school import Pc
from sonca.simulate.school_time import LESSON_END, MINUTE_MS, at_minute, day_of, is_school_day, minutes
from sonca.simulate.way import Moment, Reach

FIRST_MINUTE, SPREAD_MINUTES = minutes(LESSON_END) + 1, 20.0
_LINE_MBPS = (148.0, 92.0)  # what the school pays for: down, up
_WIFI_MBPS = (46.0, 31.0)
_CABLE_MBPS, _CARD_MBPS = 93.6, 100
_SAMPLES, _SAMPLES_A_SECOND = 9, 4
_BUDGET_BYTES = 2_000_000_000


def tested(pc: Pc, run: Run, since: int, until: int, faults: FaultPlan) -> Iterator[Measurement]:
    """The tests of `since <= taken_at < until` within a run."""
    for day in range(day_of(since), day_of(until) + 1):
        minute = pc.chance.named("throughput").between(0, SPREAD_MINUTES, day)
        for leg, at in (
            ("lan", at_minute(day, FIRST_MINUTE + minute)),
            ("wan", at_minute(day, FIRST_MINUTE + minute) + MINUTE_MS),
        ):
            if since <= at < until and is_school_day(day):
                yield _test(Moment(pc, run, at, faults), leg)


def _test(moment: Moment, leg: str) -> Measurement:
    target, wanted = f"{leg}/server", Reach.GATEWAY if leg == "lan" else Reach.INTERNET
    if moment.way().reach < wanted:
        return Measurement("throughput", moment.at, Outcome.TIMEOUT, target, 10_000.0, _budget(moment, 0))
    most = _most(moment, leg)
    found = {
        name: [
            round(moment.chance("throughput", leg, name).between(0.93, 1.0, moment.at + number) * mbps, 1)
            for number in range(_SAMPLES)
        ]
        for name, mbps in zip(("download", "upload"), most, strict=True)
    }
    fields: dict[str, Value] = {"leg": leg, "server": str(SERVER) if leg == "lan" else "throughput.example"}
    for name, samples in found.items():
        fields[f"{name}_mbps"] = sorted(samples)[_SAMPLES // 2]
        fields[f"{name}_samples_mbps"] = " ".join(f"{sample:g}" for sample in samples)
    used = int(sum(sum(samples) for samples in found.values()) / _SAMPLES_A_SECOND * 1e6 / 8)
    fields["transferred_bytes"], fields["cpu_percent"] = used, 14.0
    fields["limited_by"] = "line"
    if not moment.pc.wifi:
        fields["link_speed_mbps"] = _CARD_MBPS
        fields["limited_by"] = "pc_network_card" if max(most) >= 0.9 * _CARD_MBPS else "line"
    fields.update(_budget(moment, used))
    took = round(1000 * 2 * _SAMPLES / _SAMPLES_A_SECOND, 2)
    return Measurement("throughput", moment.at, Outcome.OK, target, took, fields)


def _most(moment: Moment, leg: str) -> tuple[float, float]:
    """Down and up: the narrowest part of the way."""
    near = _WIFI_MBPS if moment.pc.wifi else (_CABLE_MBPS, _CABLE_MBPS)
    if moment.suffers(FaultKind.BAD_WIFI):
        near = (near[0] / 12, near[1] / 12)
    far = _LINE_MBPS if leg == "wan" else near
    return min(near[0], far[0]), min(near[1], far[1])


def _budget(moment: Moment, used: int) -> dict[str, Value]:
    """As if every test of the month had cost the same."""
    tests = int(Chance("day", moment.pc.id).between(1, 20, day_of(moment.at)))
    spent = min(_BUDGET_BYTES, used * tests)
    return {"budget_used_bytes": spent, "budget_left_bytes": _BUDGET_BYTES - spent}
