"""How long boards wait for their answers: every question of every board, at 100 devices and 30 days of rollups."""

import itertools
import tempfile
import time
import urllib.parse
import urllib.request
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

from collector.boards import Boards
from collector.equipment import Equipment
from collector.store.evidence import Sources, StoredEvidence
from collector.store.influx import InfluxStore
from collector.store.influx_names import SUMMED
from collector.store.protocol import DAY_MS, HOUR_MS, SLICE_MS, RoomReason, RoomState
from collector.store.state import State
from collector.store.state_protocol import AgentNow, Presence, RoomNow
from dashboards.board import Setting
from dashboards.boards import BOARDS
from dashboards.expand import panel_questions, variables
from inventory.register import Act, Register
from inventory.register_links import Link
from inventory.school import School
from inventory.schools import Schools
from scripts.benchmarks.measured import Measured, Options, Tell
from sonca.simulate.school import school_text
from sonca.simulate.school_day import school_file
from tests.equipped_school import equipped
from tests.influxd import ADMIN, PASSWORD, Influxd, running_influxd
from tests.waiting import now_ms

DAYS, ROOMS, DEVICES = 30, 20, 100
HOURS_A_DAY = 11  # PCs of a school are on from half past six to half past five
LINES_AT_ONCE = 20_000
LIMIT_MS = 1_000.0
REPORT_MS = 30_000
MAY_BE_EMPTY = ("Without internet", "What was planned")  # this school has no outage and plans nothing
INTERNET = ("cloudflare", "quad9", "google-dns")

# What a classroom PC measures: probe, target, group, and the fields of its rollup with a low and a high value.
PING = {"round_trip_ms": (5, 90), "loss_percent": (0, 3), "jitter_ms": (0, 9)}
SERIES: tuple[tuple[str, str, str, Mapping[str, tuple[int, int]]], ...] = (
    ("host", "", "", {"cpu_percent": (2, 70), "memory_used_percent": (40, 90), "uptime_seconds": (60, 40_000),
                      "memory_total_bytes": (4 << 30, 8 << 30)}),
    ("disk", "C:", "", {"disk_used_percent": (40, 80), "disk_free_bytes": (1 << 30, 99 << 30),
                        "disk_total_bytes": (120 << 30, 121 << 30)}),
    ("network_card", "Ethernet", "", {"link_up": (1, 1), "link_speed_mbps": (100, 1000), "receive_errors": (0, 9)}),
    ("wifi", "wlan0", "", {"send_rate_mbps": (6, 300)}),
    ("agent", "", "", {"outbox_age_seconds": (0, 60)}),
    ("ping", "gateway/default", "gateway", PING),
    *(("ping", f"internet/{name}", "internet", PING) for name in INTERNET),
    ("web", "internet/google", "internet", {"total_ms": (20, 300), "captive": (0, 0)}),
    ("dns", "dns/system", "dns", {"lookup_ms": (1, 60)}),
    *(("web", f"services/s-{n}", "services", {"total_ms": (20, 900), "certificate_days": (9, 90)}) for n in range(2)),
    ("tcp", "services/s-5", "services", {"connect_ms": (5, 200)}),
)  # fmt: skip


def measure(_options: Options, tell: Tell) -> list[Measured]:
    with tempfile.TemporaryDirectory() as name, running_influxd(Path(name) / "influxd") as influxd:
        influxd.ask("CREATE DATABASE sonca")
        folder, now = Path(name), now_ms()
        began = time.monotonic()
        points = _fill(influxd, folder, now, tell)
        tell(f"boards: {points / 1e6:.1f} million points in {time.monotonic() - began:.0f} s")
        rows = [row for since in ("", "now-30d") for row in _board_rows(influxd, since, now)]
        return [*rows, _judged(influxd, folder, now)]


def _judged(influxd: Influxd, folder: Path, now: int) -> Measured:
    """What pages and the board of equipment wait for: a month of every device, asked of InfluxDB."""
    schools = Schools([folder / "school.yaml"])
    schools.load()
    [school] = schools.all()
    url = f"sqlite:///{folder}/state.db"
    with (
        closing(InfluxStore(influxd.settings(folder, database="sonca"), folder, read_only=True).open()) as store,
        closing(State(url).open()) as state,
        closing(Register(url).open()) as register,
    ):
        pcs = [device.id for device in school.devices.values() if not device.reported_by]
        assets = register.assets(school.site)
        links = [Link(pc, asset.tag, 60, ()) for pc, asset in zip(pcs, assets, strict=True)]
        register.links.put(school.site, links, now)
        start = time.perf_counter()
        found = StoredEvidence(Sources(school, store, state, register), now).all(school.day_at(now))
        seconds = time.perf_counter() - start
    return Measured(
        f"evidence of {len(found)} assets out of InfluxDB", seconds, "s", "a month of lessons, two of disks"
    )


def _board_rows(influxd: Influxd, since: str, now: int) -> Iterator[Measured]:
    def ask(query: str) -> list[dict[str, Any]]:
        return influxd.ask(query, "sonca")

    for board in BOARDS:
        made = board.as_json(Setting("en"))
        made["time"]["from"] = since or made["time"]["from"]
        took: dict[str, float] = {}
        values, asked = variables(made, now, {}, ask)
        for question in [*asked, *panel_questions(made, now, values)]:
            start = time.perf_counter()
            found = ask(question.text)
            took[question.where] = 1000 * (time.perf_counter() - start)
            assert found or question.where.startswith(MAY_BE_EMPTY), question
        slowest = max(took, key=lambda where: took[where])
        what = f"board {board.name}, slowest of {len(took)}, {made['time']['from']}"
        yield Measured(what, took[slowest], "ms", f"{slowest}; all {sum(took.values()):.0f} ms", LIMIT_MS, 0)


def _fill(influxd: Influxd, folder: Path, now: int, tell: Tell) -> int:
    school = school_file(ROOMS, devices=DEVICES, site="sim-benchmark")
    _tell_present(influxd, folder, school, now)
    count, lines = 0, _lines(school, now)
    for part in iter(lambda: list(itertools.islice(lines, LINES_AT_ONCE)), []):
        _write(influxd, part)
        if count // 1_000_000 != (count + len(part)) // 1_000_000:
            tell(f"boards: {count / 1e6:.0f} million points are written")
        count += len(part)
    return count


def _tell_present(influxd: Influxd, folder: Path, school: School, now: int) -> None:
    """Places, the present, and each day of the register, by the collector's own code."""
    file = folder / "school.yaml"
    file.write_text(school_text(school), encoding="utf-8")
    schools = Schools([file])
    schools.load()
    store = InfluxStore(influxd.settings(folder, database="sonca"), folder).open()
    state = State(f"sqlite:///{folder}/state.db").open()
    state.put_agents([AgentNow(school.site, device, Presence.ONLINE, now, now) for device in school.devices])
    state.put_rooms(
        [RoomNow(school.site, room.id, RoomState.CONNECTED, RoomReason.REACHED, now, now) for room in school.rooms]
    )
    assert store.boards is not None
    Boards(store.boards, state, schools).tell(now)
    register = Register(f"sqlite:///{folder}/state.db").open()
    register.save(school.site, equipped(DEVICES)[0], Act("benchmark", now))
    equipment = Equipment(store.boards, state, register, schools)
    for day in range(DAYS, -1, -1):
        equipment.tell(now - day * DAY_MS)
    register.close()
    store.close()
    state.close()


def _lines(school: School, now: int) -> Iterator[str]:
    yield from _collector_lines(now)
    yield from _raw_lines(school, now)
    dice = Random(5)  # noqa: S311 - measurements, not secrets
    heads = {device: [(_head(school.site, device, row), row[3]) for row in SERIES] for device in school.devices}
    first = now - now % DAY_MS - DAYS * DAY_MS
    for day in range(first, now, DAY_MS):
        for start in range(day, min(day + HOURS_A_DAY * HOUR_MS, now), SLICE_MS):
            suffixes = ("_5m", "_1h") if start % HOUR_MS == 0 else ("_5m",)
            for rows in heads.values():
                for (probe, tags), fields in rows:
                    told = _fields(fields, dice)
                    yield from (f"{probe}{suffix},{tags} {told} {start}" for suffix in suffixes)
            yield from _room_lines(school, start)
            yield from _school_lines(school.site, start, dice)


def _raw_lines(school: School, now: int) -> Iterator[str]:
    """What boards read of the measurements themselves: a day of each PC's."""
    for at in range(now - HOURS_A_DAY * HOUR_MS, now, REPORT_MS):
        yield from (
            f"host,device={device},site={school.site} ok=1i,uptime_seconds={at // 1000 % 40_000}i {at}"
            for device in school.devices
        )


def _collector_lines(now: int) -> Iterator[str]:
    counts = "gaps=0i,refused_payloads=0i,unknown_fields=0i,broker_dropped=0i"
    for at in range(now - DAYS * DAY_MS, now, SLICE_MS):
        for name in ("collector_5m", "collector_1h") if at % HOUR_MS < SLICE_MS else ("collector_5m",):
            yield f"{name},device=collector,site=sonca count=10i,lag_ms_max=9.5,rollup_ms_max=40.5 {at}"
    yield f"collector,device=collector,site=sonca ok=1i,{counts},lag_ms=9.5,rollup_ms=40.5 {now - REPORT_MS}"


def _head(site: str, device: str, row: tuple[str, str, str, Any]) -> tuple[str, str]:
    probe, target, group, _ = row
    tags = {"device": device, "group": group, "site": site, "target": target}
    return probe, ",".join(f"{name}={value}" for name, value in tags.items() if value)


def _fields(fields: Mapping[str, tuple[int, int]], dice: Random) -> str:
    told = ["count=10i,ok_count=10i,blind_count=0i,ok=1.0"]
    for name, (low, high) in fields.items():
        mean = low + (high - low) * dice.random()
        told.append(f"{name}={mean:.2f},{name}_min={low}.0,{name}_max={high}.0")
    return ",".join(told)


def _room_lines(school: School, start: int) -> Iterator[str]:
    for room in school.rooms:
        where = f"room={room.id},site={school.site}"
        yield (
            f'room_5m,{where} connected=1i,degraded=0i,disconnected=0i,dark=0i,state="connected",'
            f'reason="reached",lesson=true,devices_on=5i,devices_reaching=5i {start}'
        )
        for number in range(6):
            told = "tried=5i,reached=5i,blind=0i,answer_ms=80.5"
            yield f"room_service_5m,{where},target=services/s-{number} {told} {start}"


def _school_lines(site: str, start: int, dice: Random) -> Iterator[str]:
    yield f"school_rooms_5m,site={site} connected=20i,degraded=0i,disconnected=0i,dark=0i {start}"
    for probe, target, group, fields in SERIES:
        if probe in SUMMED:
            tags = f"group={group},site={site},target={target}"
            yield f"school_{probe}_5m,{tags} {_fields(fields, dice)} {start}"
    for number in range(6):
        told = "tried=50i,reached=50i,blind=0i,answer_ms=80.5"
        yield f"service_5m,site={site},target=services/s-{number} {told} {start}"


def _write(influxd: Influxd, lines: Sequence[str]) -> None:
    query = urllib.parse.urlencode({"db": "sonca", "precision": "ms"})
    login = b64encode(f"{ADMIN}:{PASSWORD}".encode()).decode()
    body = "\n".join(lines).encode()
    request = urllib.request.Request(f"{influxd.url}/write?{query}", body, {"Authorization": f"Basic {login}"})  # noqa: S310
    urllib.request.urlopen(request, timeout=60).close()  # noqa: S310 - a server of our own
