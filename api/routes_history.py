"""JSON about what was: measurements, series, changes, shares, gaps; and what was refused."""

import base64
from typing import Annotated

from fastapi import APIRouter, Query

from api.answering import change_answer, counts_answer, head, measurement_answer, rounded
from api.answers import (
    ChangesAnswer,
    EquipmentAnswer,
    GapAnswer,
    GapsAnswer,
    PointAnswer,
    RefusedAnswer,
    RefusedEntry,
    SeriesAnswer,
    ShareAnswer,
)
from api.answers_measured import LatestAnswer
from api.asking import AllSites, AskedRange, step_of
from api.problems import Problem, no_such
from api.routes_site import ERRORS, device_of
from api.sources import now_ms
from api.text import Text
from collector.store.protocol import RoomState
from collector.store.state_protocol import Refused
from contract.metrics import PROBES, Field, Kind

LONGEST_GAPS_DAYS = 31

NO_SUCH_FIELD = Text("Danh mục không có số đo «{probe}.{field}».", "The catalogue has no number “{probe}.{field}”.")
SEE_CATALOGUE = Text("Xem /api/v1/catalogue.", "See /api/v1/catalogue.")
NO_EQUIPMENT = Text("«{device}» chưa gửi bản kê thiết bị.", "“{device}” has sent no equipment report yet.")
EQUIPMENT_HINT = Text(
    "Máy gửi bản kê khi khởi động; máy được theo dõi thì chưa có.", "An agent sends it when it starts."
)

router = APIRouter(prefix="/api/v1", responses=ERRORS)


@router.get(
    "/sites/{site}/devices/{device}/latest",
    tags=["devices"],
    summary="The newest measurement of every probe and target",
    response_model=LatestAnswer,
    response_model_exclude_unset=True,
)
def read_latest(site: str, device: str, sites: AllSites) -> dict[str, object]:
    now, school = now_ms(), sites.school(site)
    latest = sites.sources.store().latest(site, device)
    if not latest:
        device_of(sites.now(site, now), device)  # 404, unless it is known and only has not measured yet
    return {**head(school, now), "device": device, "measurements": [measurement_answer(entry) for entry in latest]}


@router.get("/sites/{site}/devices/{device}/series", tags=["devices"], summary="One field over time")
def read_series(
    site: str,
    device: str,
    probe: Annotated[str, Query(description="a probe of /api/v1/catalogue", examples=["ping"])],
    field: Annotated[str, Query(description="a number of that probe", examples=["round_trip_ms"])],
    sites: AllSites,
    asked: AskedRange,
    target: Annotated[str, Query(description="as in `latest`; empty where the probe has none")] = "",
    step_seconds: Annotated[int | None, Query(ge=1, description="length of a step; a few hundred points")] = None,
) -> SeriesAnswer:
    school, measured, step = sites.school(site), _field(probe, field), step_of(asked, step_seconds)
    points = sites.sources.store().series(site, device, probe, target, field, asked.since, asked.until, step)
    return SeriesAnswer(
        **head(school, asked.at),
        device=device,
        probe=probe,
        target=target,
        field=field,
        unit=measured.unit,
        english=measured.english,
        vietnamese=measured.vietnamese,
        since=asked.since,
        until=asked.until,
        step_seconds=step // 1000,
        points=[PointAnswer(at=p.at, mean=p.mean, minimum=p.minimum, maximum=p.maximum, count=p.count) for p in points],
    )


@router.get("/sites/{site}/devices/{device}/equipment", tags=["devices"], summary="What the device is made of")
def read_equipment(site: str, device: str, sites: AllSites) -> EquipmentAnswer:
    school, report = sites.school(site), sites.sources.state().equipment(site, device)
    if report is None:
        raise Problem(404, "no_equipment_report", NO_EQUIPMENT, EQUIPMENT_HINT, device=device[:60])
    return EquipmentAnswer(
        **head(school, now_ms()),
        device=device,
        agent=report.agent,
        taken_at=report.taken_at,
        kind=report.kind,
        content=report.content,
        junk=list(report.junk),
    )


@router.get("/sites/{site}/changes", tags=["history"], summary="Changes of state, the newest first")
def read_changes(
    site: str, sites: AllSites, asked: AskedRange, limit: Annotated[int, Query(ge=1, le=5_000)] = 200
) -> ChangesAnswer:
    school = sites.school(site)
    changes = sites.sources.state().changes(site, asked.since, asked.until, limit=limit)
    return ChangesAnswer(**head(school, asked.at), changes=[change_answer(change) for change in changes])


@router.get("/sites/{site}/share", tags=["history"], summary="Share of classrooms connected in lesson time")
def read_share(
    site: str,
    sites: AllSites,
    asked: AskedRange,
    room: Annotated[list[str] | None, Query(description="only these rooms; all classrooms unless given")] = None,
) -> ShareAnswer:
    school = sites.school(site)
    known = [entry.id for entry in school.rooms]
    for name in room or ():
        if name not in known:
            raise no_such("room", name, known)
    rooms = room or [entry.id for entry in school.rooms if entry.classroom]
    share = sites.sources.store().share_connected(site, asked.since, asked.until, rooms)
    slices = counts_answer({state: getattr(share, state.value) for state in RoomState})
    return ShareAnswer(
        **head(school, asked.at),
        since=asked.since,
        until=asked.until,
        rooms=rooms,
        slices=slices,
        connected_percent=rounded(share.connected_percent),
    )


@router.get("/sites/{site}/gaps", tags=["history"], summary="Stretches in which a device measured nothing")
def read_gaps(site: str, sites: AllSites, asked: AskedRange) -> GapsAnswer:
    school, asked = sites.school(site), asked.at_most(LONGEST_GAPS_DAYS)
    gaps = sites.sources.store().gaps(site, asked.since, asked.until)
    found = [GapAnswer(device=gap.device, since=gap.since, until=gap.until) for gap in gaps]
    return GapsAnswer(**head(school, asked.at), since=asked.since, until=asked.until, gaps=found)


@router.get("/refused", tags=["history"], summary="Payloads that were not accepted, the newest first")
def read_refused(sites: AllSites, limit: Annotated[int, Query(ge=1, le=1_000)] = 100) -> RefusedAnswer:
    state = sites.sources.state()
    newest = [_refused(entry) for entry in state.refused(limit=limit)]
    return RefusedAnswer(counts=state.refused_counts(), newest=newest)


def _refused(entry: Refused) -> RefusedEntry:
    try:
        payload, encoded = entry.payload.decode(), False
    except UnicodeDecodeError:
        payload, encoded = base64.b64encode(entry.payload).decode(), True
    return RefusedEntry(
        at=entry.at, topic=entry.topic, reason=entry.reason, detail=entry.detail, payload=payload, base64=encoded
    )


def _field(probe: str, name: str) -> Field:
    found = PROBES[probe].fields.get(name) if probe in PROBES else None
    if found is None or found.kind is Kind.TEXT:
        raise Problem(404, "unknown_field", NO_SUCH_FIELD, SEE_CATALOGUE, probe=probe[:60], field=name[:60])
    return found
