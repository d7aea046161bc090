"""A kindergarten's morning in real stores, for tests and pictures of the pages: written as the collector writes it.

Room `choi-1` loses its internet, `la-2` loses packets, a PC of `mam-2` goes silent, the payment gateway is down, and
a PC nobody wrote down reports. Judged by the collector's own code.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from collector.present import Present
from collector.store.protocol import HOUR_MS, SLICE_MS, StoredMeasurement
from collector.store.sqlite import SqliteStore
from collector.store.state import State
from collector.store.state_protocol import AgentNow, Presence, Refused
from collector.watch import Watch
from contract.messages import EquipmentReport, Outcome, Value
from contract.topics import OWN_SITE
from inventory.school import Device, Room, School, read_school
from inventory.schools import Schools
from tests.waiting import now_ms

MINUTE_MS = 60_000
INTERNET_GONE, SILENT = "choi-1", "mam-2-pc-2"
BROKEN_FOR_MS, LOSSY_FOR_MS = 25 * MINUTE_MS, 70 * MINUTE_MS
LOST: dict[str, Value] = {"sent": 5, "received": 0, "loss_percent": 100.0}
SERVICES = ("kho-hoc-lieu", "van-phong-so", "csdl-nganh", "thanh-toan", "chu-ky-so")

HEAD = """\
site: {site}
name: {name}
time_zone: {zone}
lesson_hours:
  - {{days: [mon, tue, wed, thu, fri, sat, sun], start: "06:30", end: "16:30"}}
services:
  - {{name: kho-hoc-lieu, label: Kho học liệu số, web: "https://hoclieu.example.edu.vn/"}}
  - {{name: van-phong-so, label: Văn phòng số, web: "https://vanphong.example.gov.vn/"}}
  - {{name: csdl-nganh, label: CSDL ngành, web: "https://csdl.example.edu.vn/"}}
  - {{name: thanh-toan, label: Cổng thanh toán, tcp: "pay.example.vn:443"}}
  - {{name: chu-ky-so, label: Chữ ký số, tcp: "ca.example.vn:443"}}
rooms:
"""
ROOMS = (
    ("mam-1", "Lớp Mầm 1", 2),
    ("mam-2", "Lớp Mầm 2", 2),
    ("choi-1", "Lớp Chồi 1", 2),
    ("choi-2", "Lớp Chồi 2", 2),
    ("la-1", "Lớp Lá 1", 2),
    ("la-2", "Lớp Lá 2", 3),
    ("nha-tre-1", "Nhà trẻ 1", 1),
    ("nha-tre-2", "Nhà trẻ 2", 1),
    ("the-chat", "Phòng thể chất", 1),
    ("am-nhac", "Phòng âm nhạc", 1),
    ("lam-quen-may-tinh", "Phòng làm quen máy tính", 6),
    ("van-phong", "Văn phòng", 3),
)
OFFICES = ("van-phong",)


@dataclass
class SchoolDay:
    """The folder holds school.yaml and series.db; stores are open for writing, as the collector's are."""

    folder: Path
    state_url: str
    school: School
    store: SqliteStore
    state: State
    watch: Watch
    now: int

    def close(self) -> None:
        self.store.close()
        self.state.close()

    def measure_collector(self) -> None:
        """As the running collector does each half minute: 90 s later pages would say that it is away."""
        self.store.write([_collector(now_ms())])


def make_school_day(
    folder: Path,
    *,
    hours: float = 1.0,
    site: str = "hoa-mai",
    name: str = "Trường Mầm non Hoa Mai",
    zone: str = "",
    state_url: str = "",
) -> SchoolDay:
    """Writes the last `hours` before now. Without `zone` one is taken in which it is lesson time now.

    Without `state_url` the state is state.db in the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{site}.yaml"
    path.write_text(HEAD.format(site=site, name=name, zone=zone or zone_in_the_morning()) + _rooms(), encoding="utf-8")
    schools = Schools([path])
    schools.load()
    state_url = state_url or f"sqlite:///{folder}/state.db"
    store, state = SqliteStore(folder / "series.db").open(), State(state_url).open()
    now = now_ms()
    day = SchoolDay(
        folder, state_url, read_school(path), store, state, Watch(store, state, schools, Present(state, 0)), now
    )
    since = now - int(hours * HOUR_MS)
    for at in [*range(since - since % SLICE_MS + MINUTE_MS, now - MINUTE_MS, SLICE_MS), now - 1_000]:
        _write(day, schools, at)
    day.watch.mark(store.roll_up(now))
    day.watch.judge_slices(now, most=2_000)
    day.measure_collector()
    state.refuse([Refused(now, f"sonca/v1/{site}/pc-9/measurements", "not_json", "Expecting value", b"\xff\x00")])
    state.put_equipment(site, equipment("choi-1-pc-1"))
    return day


def zone_in_the_morning(hour: int = 10) -> str:
    """A time zone in which it is that hour now."""
    offset = (hour - datetime.now(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-offset:+d}"  # its sign is the other way round, by POSIX's rule


def _rooms() -> str:
    rows = []
    for room, name, number in ROOMS:
        devices = ", ".join(f"{{id: {room}-pc-{n}, name: Máy {n}}}" for n in range(1, number + 1))
        classroom = "" if room not in OFFICES else "classroom: false, "
        rows.append(f"  - {{id: {room}, name: {name}, {classroom}devices: [{devices}]}}\n")
    return "".join(rows)


def _write(day: SchoolDay, schools: Schools, at: int) -> None:
    agents = [_agent(day, device, at) for device in day.school.devices]
    day.state.put_agents([*agents, AgentNow(day.school.site, "may-moi", Presence.ONLINE, day.now - HOUR_MS, at)])
    day.store.write(
        [
            entry
            for room in day.school.rooms
            for device, agent in zip(room.devices, agents_of(room, agents), strict=True)
            if agent.presence is Presence.ONLINE
            for entry in measurements(day, room, device, at)
        ]
    )
    present = Present(day.state, at)
    present.load()
    Watch(day.store, day.state, schools, present).look(at)


def agents_of(room: Room, agents: list[AgentNow]) -> list[AgentNow]:
    by_name = {agent.agent: agent for agent in agents}
    return [by_name[device.id] for device in room.devices]


def _agent(day: SchoolDay, device: str, at: int) -> AgentNow:
    since, ago = day.now - 3 * HOUR_MS, day.now - at
    if device.startswith("mam-2") and ago < 40 * MINUTE_MS:
        return AgentNow(day.school.site, device, Presence.LOST, day.now - 40 * MINUTE_MS, day.now - 50 * MINUTE_MS,
                        "b", "silence", "0.1.0")  # fmt: skip
    if device.startswith("am-nhac"):
        return AgentNow(day.school.site, device, Presence.OFFLINE, since, since, "b", "shutdown", "0.1.0")
    return AgentNow(day.school.site, device, Presence.ONLINE, since, at, "b", "", "0.1.0")


def measurements(day: SchoolDay, room: Room, device: Device, at: int) -> Iterator[StoredMeasurement]:
    """What one device measures at one time."""
    dice, ago = random.Random(f"{device.id}{at // SLICE_MS}"), day.now - at
    gone = room.id == INTERNET_GONE and ago < BROKEN_FOR_MS
    lossy = room.id == "la-2" and ago < LOSSY_FOR_MS

    def made(
        probe: str, fields: dict[str, Value], target: str = "", outcome: Outcome = Outcome.OK
    ) -> StoredMeasurement:
        blind = gone and target.startswith("services/")
        return StoredMeasurement(day.school.site, device.id, probe, target, at, outcome, 3.0, fields, blind)

    yield made("host", {"cpu_percent": _about(dice, 3, 45), "memory_used_percent": _about(dice, 48, 63),
                        "memory_total_bytes": 8_589_934_592, "uptime_seconds": 14_000})  # fmt: skip
    yield made("disk", {"disk_used_percent": 71.3, "disk_free_bytes": 68_400_000_000}, "C:")
    yield made("wifi", {"signal_dbm": float(dice.randint(-68, -52)), "send_rate_mbps": 144.4, "channel": 6,
                        "network_name": "HoaMai-LopHoc"}, "Wi-Fi")  # fmt: skip
    yield made("ping", _echo(_about(dice, 0.6, 2.5), 0.0), "gateway/default")
    outcome = Outcome.TIMEOUT if gone else Outcome.OK
    for target in ("cloudflare", "quad9", "google-dns"):
        loss = dice.choice([8.0, 12.0, 16.0]) if lossy else 0.0
        trip = _about(dice, 60, 160) if lossy else _about(dice, 18, 34)
        yield made("ping", LOST if gone else _echo(trip, loss), f"internet/{target}", outcome)
    yield made("dns", {} if gone else {"lookup_ms": _about(dice, 4, 30)}, "dns/system", outcome)
    for service in SERVICES:
        probe, field = ("tcp", "connect_ms") if service in ("thanh-toan", "chu-ky-so") else ("web", "total_ms")
        failed = gone or service == "thanh-toan"
        fields: dict[str, Value] = {} if failed else {field: _about(dice, 40, 220)}
        yield made(probe, fields, f"services/{service}", Outcome.TIMEOUT if failed else Outcome.OK)


def _about(dice: random.Random, low: float, high: float) -> float:
    return round(dice.uniform(low, high), 1)


def _echo(trip: float, loss: float) -> dict[str, Value]:
    return {"sent": 25, "received": 25 - round(loss / 4), "loss_percent": loss, "round_trip_ms": trip,
            "round_trip_min_ms": round(trip * 0.8, 2), "round_trip_max_ms": round(trip * 1.9, 2)}  # fmt: skip


def _collector(now: int) -> StoredMeasurement:
    fields: dict[str, Value] = {"received_messages": 1_234, "stored_measurements": 45_678, "gaps": 2, "lag_ms": 3.5}
    return StoredMeasurement(OWN_SITE, "collector", "collector", "", now, Outcome.OK, 0.0, fields)


def equipment(device: str) -> EquipmentReport:
    """An old classroom PC, with one identifier that proves nothing."""
    content = {
        "bios": {"smanufacturer": "Gigabyte Technology Co., Ltd.", "smodel": "H110M-DS2", "ssn": "Default string"},
        "hardware": {"chassis_type": "Desktop", "memory": 8_073, "vmsystem": "Physical"},
        "operatingsystem": {"full_name": "Microsoft Windows 10 Pro", "version": "10.0.19045", "arch": "x86_64"},
        "cpus": [{"name": "Intel(R) Core(TM) i3-7100 CPU @ 3.90GHz", "core": 2, "thread": 2, "speed": 3_912}],
        "storages": [
            {"model": "KINGSTON SA400S37240G", "serial": "50026B7782A1B2C3", "type": "SSD", "disksize": 228_936}
        ],
        "networks": [{"description": "Wi-Fi", "mac": "00:e0:4c:36:01:7a", "ipaddress": "192.168.1.57", "type": "wifi"}],
    }
    return EquipmentReport(device, device, now_ms(), "computer", content, ("bios.ssn",))
