"""Sentences about rooms and devices, with the numbers that a person needs to act."""

from api.say import Say
from api.text import Text
from api.view.freshness import Freshness, Hearing
from api.view.services import Cell, ServiceReach
from api.view.site import DeviceNow, RoomView
from api.words import (
    NEVER_SEEN,
    OUTCOMES,
    PRESENCE_REASONS,
    PRESENCES,
    ROOM_STATES,
    ROOM_WAITING,
    WATCHED,
    WATCHED_SILENT,
)
from collector.store.protocol import RoomReason
from inventory.school import Limits

_NAMED = 3  # a sentence names so many devices, and counts the others

REASONS: dict[RoomReason, Text] = {
    RoomReason.REACHED: Text(
        "{reaching}/{on} máy đang bật ra được internet",
        "{reaching} of {on} powered-on devices reach the internet",
        "The one powered-on device reaches the internet",
    ),
    RoomReason.LOSS_HIGH: Text("Mất gói {loss} % (giới hạn {limit} %)", "{loss}% of packets lost (limit {limit}%)"),
    RoomReason.SLOW: Text("Độ trễ {trip} ms (giới hạn {limit} ms)", "Round trip {trip} ms (limit {limit} ms)"),
    RoomReason.INTERNET_UNREACHABLE: Text(
        "Cổng mạng trả lời nhưng không ra được internet ({on} máy đang bật)",
        "The gateway answers, but the internet cannot be reached ({on} devices on)",
        "The gateway answers, but the internet cannot be reached (1 device on)",
    ),
    RoomReason.GATEWAY_UNREACHABLE: Text(
        "Không tới được cổng mạng của trường ({on} máy đang bật): xem dây mạng, Wi-Fi, bộ chuyển mạch",
        "The gateway cannot be reached ({on} devices on): check the cable, the Wi-Fi, the switch",
        "The gateway cannot be reached (1 device on): check the cable, the Wi-Fi, the switch",
    ),
    RoomReason.NOT_TRIED: Text(
        "{on} máy đang bật nhưng chưa máy nào thử ra internet",
        "{on} devices are on, but none has tried the internet",
        "1 device is on, but has not tried the internet",
    ),
    RoomReason.ALL_OFF: Text("Mọi máy trong phòng đang tắt", "Every device in the room is off"),
    RoomReason.SILENT: Text("Im lặng không báo trước: {names}", "Gone silent without a goodbye: {names}"),
    RoomReason.NO_DEVICES: Text(
        "Chưa có thiết bị nào của phòng trong tệp của trường", "The school file lists no device in this room"
    ),
}
NOT_JUDGED = Text("Bộ thu thập chưa xét phòng này", "The collector has not judged this room yet")
AND_OTHERS = Text("{names} và {count} máy khác", "{names} and {count} others", "{names} and 1 other")
SERVICE_REACHES: dict[ServiceReach, Text] = {
    ServiceReach.OK: Text("vào được", "reached"),
    ServiceReach.DOWN: Text("không vào được", "down"),
    ServiceReach.BLIND: Text("không rõ: mất mạng", "unknown: offline"),
    ServiceReach.NOT_TRIED: Text("chưa thử", "not tried"),
}
CAPTIVE = Text("trang đăng nhập chặn", "login page in the way")
LATENCY = Text("độ trễ {trip} ms", "round trip {trip} ms")

HEARINGS: dict[Freshness, tuple[Text, Text]] = {
    Freshness.FRESH: (Text("Số liệu đang về đều.", "Data is coming in."), Text("", "")),
    Freshness.WAITING: (
        Text("Chưa có số liệu: bộ thu thập chưa báo lần nào.", "No data yet: the collector has never been heard."),
        Text(
            "Chờ nửa phút; nếu vẫn vậy, xem sonca collector.", "Wait half a minute; if it stays, see sonca collector."
        ),
    ),
    Freshness.COLLECTOR_AWAY: (
        Text(
            "Bộ thu thập đã dừng từ {when} ({ago} trước): mọi thứ bên dưới là của lúc đó.",
            "The collector stopped at {when} ({ago} ago): everything below is from then.",
        ),
        Text(
            "Khởi động lại sonca collector trên máy chủ. Các máy giữ số liệu và sẽ gửi bù.",
            "Start sonca collector on the server again. The PCs keep their data and will send it later.",
        ),
    ),
    Freshness.STALE: (
        Text(
            "Không có số liệu mới từ {when} ({ago} trước): bộ thu thập không nghe được máy nào.",
            "No new data since {when} ({ago} ago): the collector hears no PC at all.",
        ),
        Text(
            "Xem máy chủ MQTT và mạng của máy chủ. Các máy giữ số liệu và sẽ gửi bù.",
            "Look at the MQTT broker and the server's network. The PCs keep their data and will send it later.",
        ),
    ),
}


def state_word(view: RoomView, say: Say) -> str:
    return say(ROOM_WAITING if view.state is None else ROOM_STATES[view.state])


def why(view: RoomView, limits: Limits, say: Say) -> str:
    """Why the room is in its state."""
    room = view.now
    if room is None:
        return say(NOT_JUDGED)
    loss, trip = (room.evidence.get(name, 0.0) for name in ("loss_percent", "round_trip_ms"))
    limit = limits.loss_percent if room.reason is RoomReason.LOSS_HIGH else limits.round_trip_ms
    sentence = say(
        REASONS[room.reason],
        reaching=room.devices_reaching,
        on=room.devices_on,
        count=room.devices_on,
        loss=loss,
        trip=trip,
        limit=limit,
        names=_silent_names(view, say),
    )
    if room.reason is RoomReason.REACHED and "round_trip_ms" in room.evidence:
        return f"{sentence}, {say(LATENCY, trip=trip)}"
    return sentence


def _silent_names(view: RoomView, say: Say) -> str:
    silent = [] if view.now is None else view.now.evidence.get("silent", [])
    names = {device.device.id: device.name for device in view.devices}
    shown = ", ".join(names.get(device, str(device)) for device in silent[:_NAMED])
    rest = len(silent) - _NAMED
    return say(AND_OTHERS, names=shown, count=rest) if rest > 0 else shown


def presence_tone(device: DeviceNow) -> str:
    """One word for style sheets and icons: online, late, offline, lost or never."""
    if device.agent is not None:
        return device.agent.presence.value
    return "online" if device.measuring else "never"


def presence_word(device: DeviceNow, say: Say) -> str:
    """How the device is there, with the reason where one is known: "đã tắt (máy ngủ)"."""
    if device.agent is None:
        if not device.watched:
            return say(NEVER_SEEN)
        return say(WATCHED if device.measuring else WATCHED_SILENT)
    word = say(PRESENCES[device.agent.presence])
    reason = PRESENCE_REASONS.get(device.agent.reason)
    return word if reason is None else f"{word} ({say(reason)})"


def cell_word(cell: Cell, say: Say) -> str:
    """What a cell of the services table says."""
    return say(SERVICE_REACHES[cell.reach])


def cell_detail(cell: Cell, say: Say) -> str:
    """How a try failed; empty unless it did."""
    if cell.reach is not ServiceReach.DOWN or cell.outcome is None:
        return ""
    return say(CAPTIVE if cell.captive else OUTCOMES[cell.outcome])


def hearing_sentence(heard: Hearing, now: int, say: Say) -> str:
    """Whether the page can be believed, with since when not."""
    at = heard.newest_data_at if heard.freshness is Freshness.STALE else heard.collector_at
    return say(HEARINGS[heard.freshness][0], when=say.moment(at, now), ago=say.duration(now - at))


def hearing_hint(heard: Hearing, say: Say) -> str:
    return say(HEARINGS[heard.freshness][1])
