"""host, disk, network_card, temperature, restarts and agent of a simulated PC: following its age and how it is used."""

from contract import defaults
from contract.messages import Measurement, Outcome, Target, Value
from sonca.simulate.day import use_of
from sonca.simulate.faults import FaultKind, span
from sonca.simulate.machines import Machine
from sonca.simulate.school import Pc
from sonca.simulate.school_time import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, day_of
from sonca.simulate.way import Moment, Reach

BOOTING_SECONDS = 40  # the PC runs that long when its agent starts
GIGABYTE = 2**30

_SYSTEM_GB = {"6.1": 0.8, "10.": 1.6, "22.": 0.9}  # memory that the system itself takes, by its version
_SPLIT_FROM_GB = 250  # larger disks are delivered with a second volume for data
_SYSTEM_VOLUME_GB = 110


def host(moment: Moment, _target: Target) -> list[Measurement]:
    pc, at = moment.pc, moment.at
    busy = _busy_percent(moment)
    used = _memory_used(moment)
    pressure = max(0.0, used / pc.memory_bytes - 0.55)
    fields: dict[str, Value] = {
        "cpu_percent": round(busy, 1),
        "memory_used_percent": round(100 * used / pc.memory_bytes, 1),
        "memory_available_bytes": pc.memory_bytes - used,
        "memory_total_bytes": pc.memory_bytes,
        "swap_total_bytes": 2 * GIGABYTE,
        "swap_used_percent": round(100 * pressure, 1),
        "uptime_seconds": (at - moment.run.start) // SECOND_MS + BOOTING_SECONDS,
    }
    if pc.machine.is_linux:
        fields["load_1m"] = round(busy / 100 * pc.machine.processor.threads, 2)
    if pc.kind == "laptop":
        fields |= _battery(moment)
    return [Measurement("host", at, Outcome.OK, "", round(moment.chance("host").between(0.4, 3.0, at), 2), fields)]


def disk(moment: Moment, _target: Target) -> list[Measurement]:
    """A dying disk is full, answers late and sometimes not at all."""
    dying = moment.suffers(FaultKind.DYING_DISK)
    took = round(moment.chance("disk").between(700 if dying else 0.1, 6_500 if dying else 1.5, moment.at), 2)
    return [
        _volume(moment, name, gigabytes, took, dying and index == 0)
        for index, (name, gigabytes) in enumerate(volumes_of(moment.pc.machine))
    ]


def volumes_of(machine: Machine) -> list[tuple[str, float]]:
    """Name and size (2^30 bytes) of each volume."""
    whole = machine.storage.size * 1e9 / GIGABYTE - 0.6  # boot and recovery partitions
    if machine.is_linux:
        return [("/", whole)]
    if machine.storage.size < _SPLIT_FROM_GB:
        return [("C:", whole)]
    return [("C:", _SYSTEM_VOLUME_GB), ("D:", whole - _SYSTEM_VOLUME_GB)]


def network_card(moment: Moment, _target: Target) -> list[Measurement]:
    pc, at = moment.pc, moment.at
    received = _received_bytes(moment)
    name = ("wlp2s0" if pc.wifi else "enp1s0") if pc.machine.is_linux else ("Wi-Fi" if pc.wifi else "Ethernet")
    minutes = (at - moment.run.start) // MINUTE_MS
    lossy = moment.suffers(FaultKind.BAD_WIFI)
    up = moment.way().reach is not Reach.NOTHING
    fields: dict[str, Value] = {
        "received_bytes": received,
        "sent_bytes": received // 9,
        "receive_errors": 3 * minutes if lossy else 0,
        "send_errors": minutes // 2 if lossy else 0,
        "receive_drops": 11 * minutes if lossy else 0,
        "send_drops": 0,
        "link_up": up,
    }
    if up:
        fields["link_speed_mbps"] = 72 if pc.wifi else 100 if pc.machine.year < 2015 else 1000
    return [Measurement("network_card", at, Outcome.OK, name, 0.6, fields)]


def temperature(moment: Moment, _target: Target) -> list[Measurement]:
    if not moment.pc.machine.is_linux:
        return [Measurement("temperature", moment.at, Outcome.UNSUPPORTED)]
    degrees = 38 + 0.35 * _busy_percent(moment) + 3 * moment.chance("warmth").wave(moment.at, HOUR_MS)
    fields: dict[str, Value] = {"temperature_celsius": round(degrees, 1)}
    return [Measurement("temperature", moment.at, Outcome.OK, "coretemp/Package id 0", 0.3, fields)]


def restarts(moment: Moment, _target: Target) -> list[Measurement]:
    """Drawn, not counted: a month of runs would have to be made up for each answer. Old PCs are switched off hard."""
    chance, week = moment.chance("restarts"), day_of(moment.at) // 7
    old = moment.pc.machine.year < 2015
    fields: dict[str, Value] = {
        "starts": chance.named("starts").whole(19, 25, week),
        "unclean_stops": chance.named("stops").whole(0, 6 if old else 1, week),
        "days_known": 30,
    }
    return [Measurement("restarts", moment.at, Outcome.OK, "", 0.4, fields)]


def agent(moment: Moment, _target: Target) -> list[Measurement]:
    """The agent's own numbers; what it cannot send waits in its outbox."""
    chance, at = moment.chance("agent"), moment.at
    fields: dict[str, Value] = {
        "resident_bytes": int((25 + 3 * chance.wave(at, HOUR_MS)) * 2**20),
        "outbox_bytes": 0,
        "outbox_batches": 0,
        "outbox_age_seconds": 0,
        "lost_measurements": 0,
        "refused_batches": 0,
        "resent_batches": 0,
    }
    cut = moment.faults.active(FaultKind.SWITCH_UNPLUGGED, moment.pc.room, at)
    if cut:
        age = (at - max(span(cut, day_of(at))[0], moment.run.start)) // SECOND_MS
        waiting = int(age / defaults.REPORT_SECONDS) + 1
        fields |= {"outbox_bytes": 900 * waiting, "outbox_batches": waiting, "outbox_age_seconds": age}
    if at - moment.run.start > MINUTE_MS:  # the first sample has nothing to compare with
        fields["cpu_percent"] = round(chance.between(0.1, 0.4, at), 1)
    return [Measurement("agent", at, Outcome.OK, "", 0.0, fields)]


def _busy_percent(moment: Moment) -> float:
    """What the use of the PC costs its processor, and now and then a virus scan or an update."""
    chance = moment.chance("busy")
    work = use_of(moment.pc, moment.at) * (0.35 + 0.65 * chance.wave(moment.at, 45 * SECOND_MS))
    scan = 0.35 if chance.named("scan").happens(0.04, moment.at // (10 * MINUTE_MS)) else 0.0
    return min(100.0, 2 + 90 * (work + scan) / moment.pc.machine.strength)


def _memory_used(moment: Moment) -> int:
    """Bytes: the system, the programs in use, and what they do not give back until the PC is restarted."""
    total = moment.pc.memory_bytes / GIGABYTE
    hours_on = (moment.at - moment.run.start) / HOUR_MS
    programs = use_of(moment.pc, moment.at) * (0.8 + 1.6 * moment.chance("programs").wave(moment.at, 20 * MINUTE_MS))
    used = _SYSTEM_GB[moment.pc.machine.system.version[:3]] + programs + min(0.05 * hours_on, 1.0)
    most = 0.94 * total
    return int(GIGABYTE * (used if used < 0.7 * total else most - (most - 0.7 * total) * 0.7 * total / used))


def _battery(moment: Moment) -> dict[str, Value]:
    """Rising while plugged in, falling otherwise: the same wave gives both."""
    charge = moment.chance("battery")
    now, soon = (charge.wave(at, 2 * HOUR_MS) for at in (moment.at, moment.at + MINUTE_MS))
    return {"battery_percent": round(35 + 65 * now, 1), "battery_plugged": soon >= now}


def _volume(moment: Moment, name: str, gigabytes: float, took: float, dying: bool) -> Measurement:
    pc, at = moment.pc, moment.at
    chance = moment.chance("disk", name)
    if dying and chance.named("fails").happens(0.15, at):
        word = chance.named("how").one_of((Outcome.ERROR, Outcome.TIMEOUT), at)
        return Measurement("disk", at, word, name, took)
    total = int(gigabytes * GIGABYTE)
    free = int(total * (1 - _share_used(pc, name, gigabytes, at, dying)))
    fields: dict[str, Value] = {
        "disk_used_percent": round(100 * (total - free) / total, 1),
        "disk_free_bytes": free,
        "disk_total_bytes": total,
    }
    return Measurement("disk", at, Outcome.OK, name, took, fields)


def _share_used(pc: Pc, name: str, gigabytes: float, at: int, dying: bool) -> float:
    """Fills slowly and is cleaned once in a while; a dying disk fills up within two weeks, again and again."""
    chance = pc.chance.named("fill", name)
    days = 14 if dying else chance.whole(120, 400)
    grown = (at + chance.whole(0, 400) * DAY_MS) % (days * DAY_MS) / (days * DAY_MS)
    if dying:
        return 0.93 + 0.067 * grown
    usual = min(0.9, 34 / gigabytes) + chance.between(0.0, 0.3)
    return min(0.97, usual + 0.15 * grown + 0.004 * chance.wave(at, HOUR_MS))


def _received_bytes(moment: Moment) -> int:
    """Grows from the start of the PC, hour by hour, by what was used in each: never falls within a run."""
    chance = moment.chance("traffic")
    first, last = moment.run.start // HOUR_MS, moment.at // HOUR_MS
    total = 0.0
    for hour in range(first, last + 1):
        volume = (0.05 + use_of(moment.pc, hour * HOUR_MS + HOUR_MS // 2)) * chance.between(0.1, 0.9, hour) * GIGABYTE
        since, until = max(moment.run.start, hour * HOUR_MS), min(moment.at, (hour + 1) * HOUR_MS)
        total += volume * (until - since) / HOUR_MS
    return int(total)
