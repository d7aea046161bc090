"""What the simulated school owns, as its register has it: its devices, what has no agent, the past and a plan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast

from inventory.asset import GONE, Asset, AssetKind
from inventory.asset_rules import EARLIEST
from inventory.identity import Identity, identity_of
from inventory.school import Room, School
from sonca.simulate.equipment import equipment_of
from sonca.simulate.school_day import SchoolDay
from sonca.simulate.sentinel import reports_of

_DAYS = ("purchase_date", "in_use_since", "disposal_date")
BUDGET, PARENTS, GIFT = "Ngân sách nhà nước", "Xã hội hóa", "Tài trợ"


def assets_of(day: SchoolDay) -> list[Asset]:
    """All assets, with the serials that the simulator will report, where their devices tell one. All is made up."""
    watched = {report.device: identity_of(report) for pc in day.pcs.values() for report in reports_of(pc, taken_at=0)}
    in_rooms = (*_in_classrooms(day.school, watched), *_network_and_printers(day.school, watched))
    found = [*_pcs(day), *in_rooms, *_past_and_planned(day.school)]
    return [replace(asset, tag=f"TS-{number:03}") for number, asset in enumerate(found, 1)]


def as_of(assets: Sequence[Asset], today: date) -> list[Asset]:
    """The same where `today`, by a clock that is behind, lies before their days: older by as few years as it takes.

    Before EARLIEST the register takes no day at all: then none is written down, and nothing has left the books yet.
    """
    if today < EARLIEST:
        return [replace(asset, purchase_date=None, in_use_since=None) for asset in assets if asset.status not in GONE]
    newest = max(day for asset in assets for day in _days(asset).values())
    years = max(0, newest.year - today.year)
    years += newest.replace(year=newest.year - years) > today
    return [_older(asset, years) for asset in assets]


def _days(asset: Asset) -> dict[str, date]:
    """Those that are written down."""
    return {name: day for name in _DAYS if (day := getattr(asset, name))}


def _older(asset: Asset, years: int) -> Asset:
    days: dict[str, Any] = {
        name: max(EARLIEST, day.replace(year=day.year - years)) for name, day in _days(asset).items()
    }
    return replace(asset, **days)


def _pcs(day: SchoolDay) -> Iterator[Asset]:
    names = {room.id: room.name for room in day.school.rooms}
    for number, pc in enumerate(day.pcs.values()):
        identity, machine = identity_of(equipment_of(pc, 0)), pc.machine
        bought = date(machine.year, 8, 1 + number % 28)
        yield Asset(
            "",
            pc.kind,
            f"{pc.name} {names[pc.room]}",
            room=pc.room,
            condition="worn" if machine.year < 2018 else "good",
            manufacturer=machine.maker,
            model=machine.model,
            serial=identity.serial.upper(),
            country="Trung Quốc",
            purchase_date=bought,
            in_use_since=bought.replace(month=9, day=5),
            purchase_cost=9_500_000 + 450_000 * (machine.year - 2012) + 100_000 * (number % 7),
            funding_source=(BUDGET, PARENTS)[number % 3 == 2],
            supplier="Công ty Máy tính Ví Dụ",
            invoice=f"HD-{machine.year}-{number + 1:02}",
            warranty_months=24,
        )


def _in_classrooms(school: School, watched: Mapping[str, Identity]) -> Iterator[Asset]:
    classrooms = [room for room in school.rooms if room.classroom]
    for number, room in enumerate(classrooms):
        year = 2017 + number % 7
        television = _bought("tv", f"Tivi 55 inch {room.name}", "Samsung", "UA55AU7002", year, 11_900_000, number)
        yield replace(television, room=room.id)
        yield _watched(f"{room.id}-projector", "Máy chiếu", room, year, 13_200_000, watched)
        if number % 2 and number < 8:
            speaker = _bought("other", f"Loa kéo {room.name}", "JBZ", "NE-108", year, 2_100_000, number)
            yield replace(speaker, room=room.id, funding_source=PARENTS)


def _network_and_printers(school: School, watched: Mapping[str, Identity]) -> Iterator[Asset]:
    rooms = {room.id: room for room in school.rooms}
    here = (
        ("van-phong-router", "Bộ định tuyến", 2021, 3_400_000),
        ("van-phong-switch", "Bộ chuyển mạch 24 cổng", 2020, 5_100_000),
        ("van-phong-ups", "Bộ lưu điện tủ mạng", 2020, 9_300_000),
        ("van-phong-may-in", "Máy in", 2019, 6_700_000),
        ("hieu-truong-may-in", "Máy in màu", 2023, 9_900_000),
        ("y-te-may-in", "Máy in", 2018, 4_700_000),
        ("mam-1-wifi", "Bộ phát Wi-Fi", 2018, 2_950_000),
        ("choi-1-wifi", "Bộ phát Wi-Fi", 2021, 2_950_000),
        ("la-1-wifi", "Bộ phát Wi-Fi", 2021, 2_950_000),
        ("van-phong-wifi", "Bộ phát Wi-Fi", 2024, 2_950_000),
    )
    for device, name, year, cost in here:
        room = next((room for room in rooms.values() if device.startswith(f"{room.id}-")), None)
        if room and device in watched:
            yield _watched(device, name, room, year, cost, watched)


def _watched(device: str, name: str, room: Room, year: int, cost: int, watched: Mapping[str, Identity]) -> Asset:
    """What a sentinel polls, with the serial that it tells where it tells any."""
    seen = watched[device]
    kind = cast(AssetKind, seen.kind)
    asset = _bought(kind, f"{name} {room.name}", seen.manufacturer.upper(), seen.model.upper(), year, cost, len(device))
    return replace(asset, room=room.id, serial=seen.serial.upper())


def _past_and_planned(school: School) -> Iterator[Asset]:
    old = _bought("computer", "Máy tính cũ phòng y tế", "FPT Elead", "E220", 2012, 10_200_000, 1)
    yield replace(old, status="proposed_disposal", condition="unusable", note="không khởi động được")
    gone = _bought("projector", "Máy chiếu cũ", "Panasonic", "PT-LB1", 2013, 16_500_000, 2)
    yield replace(
        gone,
        status="disposed",
        condition="unusable",
        disposal_document="QĐ 07/QĐ-MNHM",
        disposal_date=date(2025, 6, 30),
        disposal_reason="hỏng nguồn, không còn phụ tùng",
    )
    lent = _bought("laptop", "Máy xách tay cho mượn", "Asus", "X515", 2021, 12_400_000, 3)
    store = next((room for room in school.rooms if not room.classroom), school.rooms[0])
    yield replace(lent, status="idle", room=store.id, funding_source=GIFT)
    yield Asset("", "tv", "Tivi cho lớp Lá 4", status="planned", purchase_cost=12_500_000, funding_source=BUDGET)


def _bought(kind: AssetKind, name: str, maker: str, model: str, year: int, cost: int, number: int) -> Asset:
    bought = date(year, 7, 1 + number % 28)
    return Asset(
        "",
        kind,
        name,
        manufacturer=maker,
        model=model,
        country="Việt Nam",
        purchase_date=bought,
        in_use_since=bought.replace(month=8),
        purchase_cost=cost,
        funding_source=BUDGET,
        invoice=f"HD-{year}-{100 + number}",
        warranty_months=12,
    )
