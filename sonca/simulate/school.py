"""The simulated kindergarten: its rooms as people know them, its PCs, and the school file that describes both."""

import dataclasses
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Interface

import yaml

from contract.messages import encode
from contract.targets import TargetEntry
from contract.topics import SIMULATED_PREFIX
from contract.week import LessonHours
from inventory.asset import AssetKind
from inventory.school import Device, Room, School
from sonca.simulate import school_time
from sonca.simulate.addresses import NO_ADDRESS
from sonca.simulate.chance import Chance
from sonca.simulate.machines import Machine, machine_of
from sonca.simulate.watched import Watched, mac_of
from sonca.simulate.watched_kinds import KINDS

MOST_OFFICES = 3
WIFI_ROOMS = 0.25  # share of classrooms without a cable to their PCs

_AGES = (("mam", "Mầm"), ("choi", "Chồi"), ("la", "Lá"))  # three to six years old
_OFFICES = (("van-phong", "Văn phòng"), ("hieu-truong", "Phòng Hiệu trưởng"), ("y-te", "Phòng Y tế"))
_PRETTY = {
    "hoa-mai": "Hoa Mai",
    "son-ca": "Sơn Ca",
    "hoa-sen": "Hoa Sen",
    "anh-duong": "Ánh Dương",
    "be-ngoan": "Bé Ngoan",
}

# Names under .example belong to nobody (RFC 2606), so no real service is ever asked on behalf of a simulated school.
SERVICES = (
    TargetEntry("kho-hoc-lieu", "Kho học liệu số", web="https://hoclieu.example/"),
    TargetEntry("van-phong-dien-tu", "Văn phòng điện tử", web="https://eoffice.example/"),
    TargetEntry("csdl-nganh", "Cơ sở dữ liệu ngành", web="https://csdl.example/"),
    TargetEntry("thu-hoc-phi", "Cổng thu học phí", web="https://hocphi.example/"),
    TargetEntry("chu-ky-so", "Dịch vụ chữ ký số", tcp="kyso.example:443"),
    TargetEntry("trang-truong", "Trang thông tin của trường", web="https://truong.example/"),
)


class Role(StrEnum):
    """What a PC is there for; the last part of its id."""

    TEACHER = "giao-vien"
    PROJECTOR = "may-chieu"
    LAPTOP = "laptop"
    CHILDREN = "may-tre"
    OFFICE = "may-tinh"


_ROLE_NAMES = {
    Role.TEACHER: "Máy giáo viên",
    Role.PROJECTOR: "Máy tính của máy chiếu",
    Role.LAPTOP: "Máy xách tay",
    Role.CHILDREN: "Máy của trẻ",
    Role.OFFICE: "Máy tính",
}


@dataclass(frozen=True, eq=False, slots=True)
class Pc:
    """One simulated PC. `chance` is its own source of numbers; `wifi` says that its only link is Wi-Fi.

    One that `watches` others is a sentinel. Its `address` is given to it by its school.
    """

    id: str
    name: str
    room: str
    role: Role
    machine: Machine
    memory_bytes: int
    wifi: bool
    chance: Chance
    watches: tuple[Watched, ...] = ()
    address: IPv4Interface = NO_ADDRESS

    @property
    def kind(self) -> AssetKind:
        return "laptop" if self.role is Role.LAPTOP else "computer"

    @property
    def mac(self) -> str:
        return mac_of(self.chance, self.address.ip)


def rooms_of(rooms: int) -> list[Room]:
    """`rooms` rooms without devices: classes by age, and up to three offices from four rooms on."""
    offices = min(MOST_OFFICES, rooms // 4)
    classes = rooms - offices
    found = [
        Room(f"{slug}-{number}", f"Lớp {word} {number}")
        for age, (slug, word) in enumerate(_AGES)
        for number in range(1, (classes + 2 - age) // 3 + 1)
    ]
    return found + [Room(slug, name, classroom=False) for slug, name in _OFFICES[:offices]]


def pcs_of(rooms: Sequence[Room], devices: int, chance: Chance, bad_wifi: Iterable[str] = ()) -> list[Pc]:
    """`devices` PCs shared out evenly, the first rooms getting one more; those of `bad_wifi` rooms use Wi-Fi."""
    pcs = []
    for index, room in enumerate(rooms):
        cableless = room.id in bad_wifi or (room.classroom and chance.named("cables", room.id).happens(WIFI_ROOMS))
        count = devices // len(rooms) + (index < devices % len(rooms))
        pcs += [_pc(room, role, number, cableless, chance) for role, number in _roles(room.classroom, index, count)]
    return pcs


def _roles(classroom: bool, index: int, count: int) -> list[tuple[Role, int]]:
    """The roles of a room's PCs; a number where a role may stand in a room several times, else 0."""
    if not classroom:
        return [(Role.OFFICE, 1), (Role.LAPTOP, 0), *((Role.OFFICE, number) for number in range(2, count))][:count]
    second = [(Role.PROJECTOR, 0), (Role.LAPTOP, 0)]
    if index % 2:
        second.reverse()
    return [(Role.TEACHER, 0), *second, *((Role.CHILDREN, number) for number in range(1, count))][:count]


def _pc(room: Room, role: Role, number: int, cableless: bool, chance: Chance) -> Pc:
    name = f"{room.id}-{role}" + (f"-{number}" if number else "")
    own = chance.named("pc", name)
    machine = machine_of(role, own)
    gigabytes = machine.memory_gb + (4 if own.named("more memory").happens(0.2) else 0)
    label = _ROLE_NAMES[role] + (f" {number}" if number else "")
    firmware = own.named("firmware memory").whole(60, 140) * 2**20  # never seen by the system
    wifi = cableless or role is Role.LAPTOP
    return Pc(name, label, room.id, role, machine, gigabytes * 2**30 - firmware, wifi, own)


def school_of(site: str, rooms: Sequence[Room], pcs: Sequence[Pc]) -> School:
    """The school file's content: what a register would know of these rooms and PCs."""
    slug = site.removeprefix(SIMULATED_PREFIX)
    pretty = _PRETTY.get(slug, slug.replace("-", " ").title())
    hours = LessonHours(school_time.LESSON_DAYS, school_time.LESSON_START, school_time.LESSON_END)
    placed = tuple(
        Room(
            room.id,
            room.name,
            (
                *(Device(pc.id, pc.name, pc.kind) for pc in pcs if pc.room == room.id),
                *(_watched(pc, device) for pc in pcs for device in pc.watches if device.room == room.id),
            ),
            room.classroom,
        )
        for room in rooms
    )
    name = f"Trường Mầm non {pretty} (mô phỏng)"
    return School(site, name, placed, school_time.TIME_ZONE, (hours,), services=SERVICES)


def _watched(sentinel: Pc, device: Watched) -> Device:
    lamp_hours = KINDS[device.kind].lamp_hours
    told = Device(device.id, device.name, device.kind, (sentinel.id,))
    return told if lamp_hours is None else dataclasses.replace(told, lamp_hours=lamp_hours(device))


def school_text(school: School) -> str:
    """The school as YAML that inventory.school.read_school reads back as the same School."""
    content = json.loads(encode(school))  # leaves out what has its default, as people do
    head = f"# A simulated school. Its site begins with {SIMULATED_PREFIX}, as that of no real school may.\n"
    return head + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)
