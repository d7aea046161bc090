"""JSON about a site as it is now: rooms, devices, services."""

from fastapi import APIRouter

from api.answering import (
    device_answer,
    head,
    measurement_answer,
    neighbour_answer,
    room_answer,
    service_answers,
    service_rooms,
    site_answer,
)
from api.answers import (
    DevicesAnswer,
    ErrorAnswer,
    OneDeviceAnswer,
    OneRoomAnswer,
    RoomsAnswer,
    ServicesAnswer,
    SiteAnswer,
    SitesAnswer,
)
from api.answers_measured import NetworkAnswer
from api.asking import AllSites, AskedLanguage, say_for
from api.problems import no_such
from api.sources import now_ms
from api.view.site import DeviceNow, RoomView, SiteNow

ERRORS: dict[int | str, dict[str, type[ErrorAnswer] | str]] = {
    404: {"model": ErrorAnswer, "description": "no such site, room, device or field"},
    422: {"model": ErrorAnswer, "description": "a parameter cannot be used"},
    503: {"model": ErrorAnswer, "description": "the data store cannot be read now"},
}

router = APIRouter(prefix="/api/v1", responses=ERRORS)


@router.get("/sites", tags=["site"], summary="All sites, the real ones first")
def read_sites(sites: AllSites, language: AskedLanguage) -> SitesAnswer:
    now = now_ms()
    found = [(school, sites.now(school.site, now)) for school in sites.all()]
    return SitesAnswer(sites=[site_answer(site, say_for(school, language)) for school, site in found])


@router.get("/sites/{site}", tags=["site"], summary="One site in numbers")
def read_site(site: str, sites: AllSites, language: AskedLanguage) -> SiteAnswer:
    found = sites.now(site, now_ms())
    return site_answer(found, say_for(found.school, language))


@router.get("/sites/{site}/rooms", tags=["rooms"], summary="Every room with its state, why and since when")
def read_rooms(site: str, sites: AllSites, language: AskedLanguage) -> RoomsAnswer:
    found = sites.now(site, now_ms())
    say = say_for(found.school, language)
    rooms = [room_answer(view, found.school.limits, say) for view in found.rooms]
    return RoomsAnswer(**head(found.school, found.at), rooms=rooms)


@router.get("/sites/{site}/rooms/{room}", tags=["rooms"], summary="One room")
def read_room(site: str, room: str, sites: AllSites, language: AskedLanguage) -> OneRoomAnswer:
    found = sites.now(site, now_ms())
    answer = room_answer(room_of(found, room), found.school.limits, say_for(found.school, language))
    return OneRoomAnswer(**head(found.school, found.at), **dict(answer))


@router.get("/sites/{site}/devices", tags=["devices"], summary="Every device, assigned to a room or not")
def read_devices(site: str, sites: AllSites, language: AskedLanguage) -> DevicesAnswer:
    found = sites.now(site, now_ms())
    say = say_for(found.school, language)
    devices = [device_answer(device, say) for device in found.devices()]
    return DevicesAnswer(**head(found.school, found.at), devices=devices)


@router.get("/sites/{site}/devices/{device}", tags=["devices"], summary="One device")
def read_device(site: str, device: str, sites: AllSites, language: AskedLanguage) -> OneDeviceAnswer:
    found = sites.now(site, now_ms())
    answer = device_answer(device_of(found, device), say_for(found.school, language))
    return OneDeviceAnswer(**head(found.school, found.at), **dict(answer))


@router.get("/sites/{site}/services", tags=["services"], summary="Which room reaches which service")
def read_services(site: str, sites: AllSites, language: AskedLanguage) -> ServicesAnswer:
    found = sites.now(site, now_ms())
    rooms = service_rooms(found.services, say_for(found.school, language))
    return ServicesAnswer(**head(found.school, found.at), services=service_answers(found.services), rooms=rooms)


@router.get(
    "/sites/{site}/network",
    tags=["site"],
    summary="Who is on the network, unknown or rogue",
    response_model=NetworkAnswer,
    response_model_exclude_unset=True,
)
def read_network(site: str, sites: AllSites) -> dict[str, object]:
    school, now = sites.school(site), now_ms()
    found = sites.network(school, now)
    return {
        **head(school, now),
        "here": found.total("network_neighbours", "hosts"),
        "telephones": found.total("network_neighbours", "unlisted"),
        "unknown": len(found.unknown),
        "duplicates": found.total("network_neighbours", "duplicates"),
        "rogue_servers": found.total("dhcp_servers", "rogue_servers"),
        "gateway_claimed": found.gateway_claimed,
        "neighbours": [neighbour_answer(entry) for entry in found.neighbours],
        "sentinels": [
            {"device": sentinel.agent, "measurements": [measurement_answer(entry) for entry in sentinel.measured]}
            for sentinel in found.sentinels
        ],
    }


def room_of(site: SiteNow, room: str) -> RoomView:
    """The room. Raises Problem (404)."""
    found = site.room(room)
    if found is None:
        raise no_such("room", room, [view.room.id for view in site.rooms])
    return found


def device_of(site: SiteNow, device: str) -> DeviceNow:
    """The device. Raises Problem (404)."""
    found = site.device(device)
    if found is None:
        raise no_such("device", device, [entry.device.id for entry in site.devices()])
    return found
