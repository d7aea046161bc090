"""The words and colours of states, as the live page has them, and the limits that the words stand for.

Colours are told apart by people who are colour-blind (Okabe and Ito's palette with a darker grey, which a test looks at
through their eyes), and none stands without its word.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contract.defaults import LOSS_PERCENT, ROUND_TRIP_MS
from dashboards.text import Language, Text

GREEN, ORANGE, RED, GREY, BLUE = "#009E73", "#E69F00", "#D55E00", "#5A5A5A", "#0072B2"
# Lines that are always there, in their order. What a school has many of (devices, targets) takes Grafana's palette,
# and is told apart by the table beside the chart.
LINES = (BLUE, ORANGE, GREEN, "#F0E442", RED, "#56B4E9")


@dataclass(frozen=True, slots=True)
class Word:
    """How a value is said and coloured."""

    text: Text
    color: str


ROOM_STATES: Mapping[str, Word] = {
    "connected": Word(Text("Kết nối tốt", "Connected"), GREEN),
    "degraded": Word(Text("Chập chờn", "Degraded"), ORANGE),
    "disconnected": Word(Text("Mất kết nối", "Disconnected"), RED),
    "dark": Word(Text("Đang tắt", "Dark"), GREY),
}
ROOM_REASONS: Mapping[str, Word] = {
    "reached": Word(Text("Ra được Internet", "Reaches the internet"), GREEN),
    "loss_high": Word(Text("Mất nhiều gói tin", "Loses packets"), ORANGE),
    "slow": Word(Text("Phản hồi chậm", "Slow"), ORANGE),
    "internet_unreachable": Word(Text("Không ra được Internet", "No internet"), RED),
    "gateway_unreachable": Word(Text("Không tới được bộ định tuyến", "Router unreachable"), RED),
    "not_tried": Word(Text("Chưa thử ra Internet", "Nobody tried"), RED),
    "all_off": Word(Text("Các máy đã tắt", "All is off"), GREY),
    "silent": Word(Text("Im lặng bất thường", "Went silent"), RED),
    "no_devices": Word(Text("Chưa có thiết bị", "No devices"), GREY),
}
# Where the fault of a room most likely lies, from the device outwards.
CAUSES: Mapping[str, Word] = {
    "device": Word(Text("riêng một máy", "one device alone"), ORANGE),
    "power": Word(Text("điện hoặc bộ chuyển mạch", "power or a switch"), RED),
    "link": Word(Text("mạng trong phòng", "the room's network"), RED),
    "gateway": Word(Text("bộ định tuyến của trường", "the school's router"), RED),
    "line": Word(Text("đường ra Internet", "the way to the internet"), RED),
    "portal": Word(Text("trang đăng nhập chặn", "a login page bars it"), RED),
    "dns": Word(Text("máy chủ tên miền", "the name server"), RED),
}
PRESENCES: Mapping[str, Word] = {
    "online": Word(Text("đang bật", "online"), GREEN),
    "late": Word(Text("trễ báo cáo", "late"), ORANGE),
    "offline": Word(Text("đã tắt", "offline"), GREY),
    "lost": Word(Text("mất liên lạc", "lost"), RED),
}
PRESENCE_REASONS: Mapping[str, Word] = {
    "shutdown": Word(Text("tắt máy", "shut down"), GREY),
    "sleep": Word(Text("máy ngủ", "asleep"), GREY),
    "update": Word(Text("đang cập nhật", "updating"), GREY),
    "silence": Word(Text("im lặng", "silent"), RED),
}
KINDS: Mapping[str, Word] = {
    "computer": Word(Text("máy tính để bàn", "computer"), BLUE),
    "laptop": Word(Text("máy tính xách tay", "laptop"), BLUE),
    "projector": Word(Text("máy chiếu", "projector"), BLUE),
    "printer": Word(Text("máy in", "printer"), BLUE),
    "router": Word(Text("bộ định tuyến", "router"), BLUE),
    "switch": Word(Text("bộ chuyển mạch", "switch"), BLUE),
    "access_point": Word(Text("bộ phát Wi-Fi", "access point"), BLUE),
    "ups": Word(Text("bộ lưu điện", "UPS"), BLUE),
    "tv": Word(Text("tivi", "TV"), BLUE),
    "other": Word(Text("thiết bị khác", "other device"), BLUE),
}
CONDITIONS: Mapping[str, Word] = {
    "good": Word(Text("tốt", "good"), GREEN),
    "worn": Word(Text("đã cũ", "worn"), ORANGE),
    "damaged": Word(Text("hư hỏng", "damaged"), RED),
    "unusable": Word(Text("không dùng được", "unusable"), GREY),
}
UPGRADE_REASONS: Mapping[str, Word] = {
    "age": Word(Text("quá thời gian sử dụng", "past its useful life"), ORANGE),
    "warranty": Word(Text("hết bảo hành", "out of warranty"), GREY),
    "condition": Word(Text("tình trạng trong sổ", "condition in the register"), ORANGE),
    "no_successor": Word(Text("không lên được Windows 11", "cannot run Windows 11"), RED),
    "support": Word(Text("hết cập nhật bảo mật", "no security updates"), RED),
    "memory": Word(Text("thiếu bộ nhớ", "too little memory"), ORANGE),
    "disk_space": Word(Text("ổ đĩa gần đầy", "disk nearly full"), ORANGE),
    "disk_full": Word(Text("ổ đĩa đã đầy", "disk full"), RED),
    "disk_errors": Word(Text("ổ đĩa có cung hỏng", "bad sectors on its disk"), RED),
    "disk_failing": Word(Text("ổ đĩa sắp hỏng", "disk failing"), RED),
    "disk_worn": Word(Text("ổ SSD đã mòn", "SSD worn"), ORANGE),
    "battery": Word(Text("pin chai", "battery worn"), ORANGE),
    "lamp": Word(Text("bóng đèn sắp hết", "lamp at its end"), ORANGE),
    "crashes": Word(Text("hay tắt đột ngột", "crashes"), RED),
    "restarts": Word(Text("hay khởi động lại", "restarts often"), ORANGE),
    "room": Word(Text("làm phòng mất kết nối", "cuts its room off"), RED),
    "wifi": Word(Text("sóng Wi-Fi yếu", "weak Wi-Fi"), ORANGE),
    "-": Word(Text("không có", "none"), GREEN),
}
ALL_WORDS: Mapping[str, Word] = {**ROOM_STATES, **PRESENCES, **ROOM_REASONS, **PRESENCE_REASONS}


NO_DATA = Text("Chưa có số liệu", "No data yet")


@dataclass(frozen=True, slots=True)
class Steps:
    """Thresholds: `first` is the colour below all; each further one holds from its value on."""

    first: str
    further: tuple[tuple[float, str], ...] = ()


# The plan's goal is 100 %. Below it some lesson minutes were lost; below 90 % one in ten.
GOAL = Steps(RED, ((90.0, ORANGE), (100.0, GREEN)))
LOSS = Steps(GREEN, ((LOSS_PERCENT, RED),))
ROUND_TRIP = Steps(GREEN, ((ROUND_TRIP_MS, RED),))
REACHED = Steps(RED, ((50.0, ORANGE), (99.0, GREEN)))
FULL = Steps(GREEN, ((90.0, ORANGE), (97.0, RED)))
CERTIFICATE = Steps(RED, ((7.0, ORANGE), (30.0, GREEN)))
NONE_IS_GOOD = Steps(GREEN, ((1.0, RED),))
PLAIN = Steps(BLUE)


def mapping(words: Mapping[str, Word], language: Language) -> list[dict[str, object]]:
    """Grafana's value mappings that say these words."""
    options = {
        value: {"text": word.text.says(language), "color": word.color, "index": index}
        for index, (value, word) in enumerate(words.items())
    }
    return [{"type": "value", "options": options}] if options else []


def in_place_of_nothing(word: Word, language: Language) -> list[dict[str, object]]:
    """Grafana's mappings of what was not measured or not told: without them it takes the colour of the lowest value."""
    said = {"text": word.text.says(language), "color": word.color}
    return [{"type": "special", "options": {"match": match, "result": said}} for match in ("null+nan", "empty")]


def thresholds(steps: Steps) -> dict[str, object]:
    """Grafana's thresholds."""
    rows: Iterable[tuple[float | None, str]] = ((None, steps.first), *steps.further)
    return {"mode": "absolute", "steps": [{"value": value, "color": color} for value, color in rows]}
