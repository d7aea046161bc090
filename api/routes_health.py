"""JSON about the health of devices: signs, lamps and their forecast, supplies, Windows 11, end of support."""

from fastapi import APIRouter

from api.answering import head
from api.answering_health import health_answer
from api.answers_health import OneDeviceHealthAnswer, RoomHealthAnswer
from api.asking import AllSites, AskedLanguage, say_for
from api.knowing import known_of
from api.routes_site import ERRORS, device_of, room_of
from api.sources import now_ms

router = APIRouter(prefix="/api/v1", responses=ERRORS)


@router.get("/sites/{site}/devices/{device}/health", tags=["devices"], summary="How one device is, and for how long")
def read_device_health(site: str, device: str, sites: AllSites, language: AskedLanguage) -> OneDeviceHealthAnswer:
    now = now_ms()
    found = sites.now(site, now)
    known = known_of(sites.sources, found, device_of(found, device), now)
    answer = health_answer(known, say_for(found.school, language))
    return OneDeviceHealthAnswer(**head(found.school, now), **dict(answer))


@router.get("/sites/{site}/rooms/{room}/health", tags=["rooms"], summary="How the devices of one room are")
def read_room_health(site: str, room: str, sites: AllSites, language: AskedLanguage) -> RoomHealthAnswer:
    now = now_ms()
    found = sites.now(site, now)
    say = say_for(found.school, language)
    devices = [health_answer(known_of(sites.sources, found, entry, now), say) for entry in room_of(found, room).devices]
    return RoomHealthAnswer(**head(found.school, now), room=room, devices=devices)
