"""Makes JSON answers from views."""

from collections.abc import Mapping
from typing import Any

from api.answers import (
    CauseAnswer,
    CellAnswer,
    ChangeAnswer,
    Counts,
    DeviceAnswer,
    HearingAnswer,
    NeighbourAnswer,
    RoomAnswer,
    ServiceAnswer,
    ServiceRoomAnswer,
    SiteAnswer,
)
from api.say import Say
from api.view.cause import cause_of, likely
from api.view.network import NeighbourNow
from api.view.sentences import cell_detail, cell_word, hearing_hint, hearing_sentence, presence_word, state_word, why
from api.view.services import ServicesTable
from api.view.site import DeviceNow, RoomView, SiteNow, connected
from collector.store.protocol import RoomState, StoredMeasurement
from collector.store.state_protocol import Change
from inventory.school import Limits, School


def head(school: School, at: int) -> dict[str, Any]:
    """What every answer about one site carries."""
    return {"site": school.site, "simulated": school.simulated, "at": at}


def site_answer(site: SiteNow, say: Say) -> SiteAnswer:
    school, counts = site.school, site.classrooms
    total = sum(counts.values())
    return SiteAnswer(
        site=school.site,
        name=school.name,
        simulated=school.simulated,
        time_zone=school.time_zone,
        at=site.at,
        lesson=site.lesson,
        classrooms=counts_answer(counts),
        connected_now_percent=percent(connected(counts), total),
        connected_today_percent=rounded(site.today.connected_percent),
        unassigned_devices=len(site.unassigned),
        data=hearing_answer(site, say),
    )


def hearing_answer(site: SiteNow, say: Say) -> HearingAnswer:
    heard = site.hearing
    return HearingAnswer(
        freshness=heard.freshness,
        sentence=hearing_sentence(heard, site.at, say),
        hint=hearing_hint(heard, say),
        collector_at=heard.collector_at or None,
        newest_data_at=heard.newest_data_at or None,
    )


def counts_answer(counts: Mapping[RoomState | None, int]) -> Counts:
    return Counts(unknown=counts.get(None, 0), **{state.value: counts.get(state, 0) for state in RoomState})


def room_answer(view: RoomView, limits: Limits, say: Say) -> RoomAnswer:
    room = view.now
    return RoomAnswer(
        room=view.room.id,
        name=view.name,
        classroom=view.room.classroom,
        state=view.state,
        state_word=state_word(view, say),
        reason=None if room is None else room.reason,
        sentence=why(view, limits, say),
        since=None if room is None else room.since,
        checked_at=None if room is None else room.checked_at,
        devices_on=0 if room is None else room.devices_on,
        devices_reaching=0 if room is None else room.devices_reaching,
        evidence={} if room is None else {name: value for name, value in room.evidence.items() if name != "cause"},
        cause=cause_answer(view, say),
        devices=[device_answer(device, say) for device in view.devices],
    )


def cause_answer(view: RoomView, say: Say) -> CauseAnswer | None:
    cause = cause_of(view)
    if cause is None:
        return None
    return CauseAnswer(
        layer=cause.layer,
        scope=cause.scope,
        struck=cause.struck,
        compared=cause.compared,
        devices=list(cause.devices),
        sentence=likely(view, say),
    )


def device_answer(entry: DeviceNow, say: Say) -> DeviceAnswer:
    agent = entry.agent
    return DeviceAnswer(
        device=entry.device.id,
        name=entry.name,
        kind=entry.device.kind,
        room=None if entry.room is None else entry.room.id,
        presence=None if agent is None else agent.presence,
        presence_word=presence_word(entry, say),
        reason="" if agent is None else agent.reason,
        since=None if agent is None else agent.since,
        last_seen=None if agent is None else agent.last_seen,
        software="" if agent is None else agent.software,
        reported_by=list(entry.device.reported_by),
    )


def service_answers(table: ServicesTable) -> list[ServiceAnswer]:
    return [ServiceAnswer(service=entry.name, label=entry.label or entry.name) for entry in table.services]


def service_rooms(table: ServicesTable, say: Say) -> list[ServiceRoomAnswer]:
    return [
        ServiceRoomAnswer(
            room=room.id,
            name=room.name or room.id,
            services=[
                CellAnswer(
                    service=service.name,
                    reach=cell.reach,
                    word=cell_word(cell, say),
                    detail=cell_detail(cell, say),
                    at=cell.at,
                    outcome=cell.outcome,
                    captive=cell.captive,
                    device=cell.device,
                )
                for service, cell in zip(table.services, table.cells[room.id], strict=True)
            ],
        )
        for room in table.rooms
    ]


def measurement_answer(entry: StoredMeasurement) -> dict[str, Any]:
    """For the models of api/answers_measured.py."""
    names = ("probe", "target", "taken_at", "duration_ms", "outcome", "blind")
    return {**{name: getattr(entry, name) for name in names}, "fields": dict(entry.fields)}


def neighbour_answer(entry: NeighbourNow) -> NeighbourAnswer:
    row = entry.row
    return NeighbourAnswer(
        mac=row.mac,
        address=row.address,
        vendor=row.vendor,
        device=entry.device,
        here=entry.here,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        sentinel=row.agent,
    )


def change_answer(change: Change) -> ChangeAnswer:
    return ChangeAnswer(
        at=change.at,
        kind=change.kind,
        subject=change.subject,
        old=change.old,
        new=change.new,
        reason=change.reason,
    )


def percent(part: int, whole: int) -> float | None:
    """A share in percent with one decimal, None of nothing."""
    return rounded(100 * part / whole) if whole else None


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
