"""The words that devices and their probes use, for people. A test holds that every word an agent can say is here."""

from collections.abc import Mapping

from api.say import Say
from api.text import Text
from contract.messages import Value
from inventory.windows11 import Rule

Words = Mapping[str, Text]

POWER: Words = {
    "standby": Text("chế độ chờ", "standby"),
    "on": Text("đang chiếu", "on"),
    "cooling": Text("đang làm nguội", "cooling down"),
    "warming": Text("đang khởi động đèn", "warming up"),
}
PARTS: Words = {
    "fan": Text("Quạt", "Fan"),
    "lamp": Text("Bóng đèn", "Lamp"),
    "temperature": Text("Nhiệt độ", "Temperature"),
    "cover": Text("Nắp máy", "Cover"),
    "filter": Text("Lưới lọc bụi", "Air filter"),
    "other": Text("Phần khác", "Other part"),
}
PART_STATES: Words = {
    "ok": Text("tốt", "fine"),
    "warning": Text("có cảnh báo", "warns"),
    "error": Text("hỏng", "failed"),
}
INPUTS: Words = {
    "rgb": Text("cổng VGA", "VGA"),
    "video": Text("cổng video", "video"),
    "digital": Text("cổng HDMI", "HDMI"),
    "storage": Text("bộ nhớ", "storage"),
    "network": Text("mạng", "network"),
    "internal": Text("trong máy", "internal"),
}

PRINTER_STATES: Words = {
    "idle": Text("đang rảnh", "idle"),
    "printing": Text("đang in", "printing"),
    "warming_up": Text("đang làm nóng", "warming up"),
    "other": Text("trạng thái khác", "in another state"),
    "unknown": Text("không rõ trạng thái", "in an unknown state"),
}
PRINTER_HEALTH: Words = {
    "running": Text("hoạt động", "running"),
    "warning": Text("có cảnh báo", "warns"),
    "testing": Text("đang tự kiểm tra", "testing itself"),
    "down": Text("ngừng hoạt động", "down"),
    "unknown": Text("không rõ", "unknown"),
}
NO_ALERT = "none"
ALERTS: Words = {
    "low_paper": Text("sắp hết giấy", "paper is low"),
    "no_paper": Text("hết giấy", "out of paper"),
    "low_toner": Text("sắp hết mực", "toner is low"),
    "no_toner": Text("hết mực", "out of toner"),
    "door_open": Text("nắp đang mở", "a door is open"),
    "jammed": Text("kẹt giấy", "paper jam"),
    "offline": Text("ngoại tuyến", "offline"),
    "service_requested": Text("cần bảo trì", "needs service"),
    "input_tray_missing": Text("thiếu khay giấy vào", "input tray missing"),
    "output_tray_missing": Text("thiếu khay giấy ra", "output tray missing"),
    "supply_missing": Text("thiếu hộp mực", "a supply is missing"),
    "output_near_full": Text("khay ra gần đầy", "output tray nearly full"),
    "output_full": Text("khay ra đầy", "output tray full"),
    "input_tray_empty": Text("khay vào hết giấy", "input tray empty"),
    "overdue_maintenance": Text("quá hạn bảo trì", "maintenance overdue"),
    NO_ALERT: Text("không có", "nothing"),
}
LEVELS: Words = {
    "some_remaining": Text("còn, máy không báo bao nhiêu", "some left, it does not tell how much"),
    "empty": Text("đã hết", "empty"),
    "unlimited": Text("không giới hạn", "unlimited"),
    "unknown": Text("máy không biết", "the printer does not know"),
}
SUPPLIES: Words = {
    "toner": Text("Mực", "toner"),
    "waste-toner": Text("Hộp mực thải", "waste toner box"),
    "ink": Text("Mực nước", "ink"),
    "ribbon": Text("Ruy băng", "ribbon"),
    "waste-ink": Text("Hộp mực thải", "waste ink box"),
    "drum": Text("Trống từ", "drum"),
    "developer": Text("Bột từ", "developer"),
    "fuser-oil": Text("Dầu sấy", "fuser oil"),
    "wax": Text("Sáp màu", "wax"),
    "fuser": Text("Cụm sấy", "fuser"),
    "cleaner": Text("Bộ làm sạch", "cleaner"),
    "transfer-unit": Text("Cụm chuyển mực", "transfer unit"),
    "staples": Text("Ghim bấm", "staples"),
    "supply": Text("Vật tư", "supply"),
}
COLOURS: Words = {
    "black": Text("đen", "Black"),
    "cyan": Text("xanh lơ", "Cyan"),
    "magenta": Text("đỏ tươi", "Magenta"),
    "yellow": Text("vàng", "Yellow"),
}
COLOURED = Text("{kind} {colour}", "{colour} {kind}")

SOURCES: Words = {
    "mains": Text("điện lưới", "mains"),
    "battery": Text("ắc quy", "battery"),
    "bypass": Text("nối thẳng", "bypass"),
    "booster": Text("tăng áp", "booster"),
    "reducer": Text("giảm áp", "reducer"),
    "none": Text("không có", "none"),
    "other": Text("nguồn khác", "other"),
}
BATTERY_STATES: Words = {
    "normal": Text("bình thường", "normal"),
    "low": Text("yếu", "low"),
    "depleted": Text("đã cạn", "depleted"),
    "unknown": Text("không rõ", "unknown"),
}

WINDOWS_11_RULES: Mapping[Rule, Text] = {
    Rule.PROCESSOR: Text("bộ xử lý", "processor"),
    Rule.SIXTY_FOUR_BIT: Text("64 bit", "64-bit"),
    Rule.CLOCK: Text("xung nhịp", "clock speed"),
    Rule.CORES: Text("số nhân", "cores"),
    Rule.MEMORY: Text("bộ nhớ", "memory"),
    Rule.DISK: Text("ổ hệ thống", "system disk"),
    Rule.TPM: Text("chip TPM 2.0", "TPM 2.0"),
    Rule.SECURE_BOOT: Text("khởi động an toàn", "Secure Boot"),
}

LEGS: Words = {
    "lan": Text("tới máy chủ của trường", "to the school's server"),
    "wan": Text("ra Internet", "to the internet"),
}
LIMITS: Words = {
    "line": Text("đường truyền", "the line"),
    "pc_processor": Text("bộ xử lý của máy", "the PC's processor"),
    "pc_network_card": Text("cạc mạng của máy", "the PC's network card"),
}

# (probe, field) -> its words. Where a field holds several, they are separated by a comma.
FIELD_WORDS: Mapping[tuple[str, str], Words] = {
    ("projector", "power"): POWER,
    **{("projector", f"{part}_state"): PART_STATES for part in PARTS},
    ("printer", "state"): PRINTER_STATES,
    ("printer", "health"): PRINTER_HEALTH,
    ("printer", "alerts"): ALERTS,
    ("supply", "level"): LEVELS,
    ("ups", "output_source"): SOURCES,
    ("ups", "battery_state"): BATTERY_STATES,
    ("throughput", "leg"): LEGS,
    ("throughput", "limited_by"): LIMITS,
}


def device_words(probe: str, field: str, value: Value, say: Say) -> str | None:
    """A measured text in people's words; a word that nobody knows stays as it is. None for what is no such text."""
    if not isinstance(value, str):
        return None
    if (probe, field) == ("projector", "input"):
        return input_words(value, say)
    words = FIELD_WORDS.get((probe, field))
    return None if words is None else ", ".join(word_of(words, part, say) for part in value.split(", "))


def word_of(words: Words, word: str, say: Say) -> str:
    return say(words[word]) if word in words else word


def input_words(value: str, say: Say) -> str:
    """`digital 1` as people call it."""
    kind, _, number = value.partition(" ")
    return f"{word_of(INPUTS, kind, say)} {number}".strip()


def supply_words(target: str, say: Say) -> str:
    """`black-toner` as people call it; the target itself where a printer has a name of its own for it."""
    if target in SUPPLIES:
        return _upper(say(SUPPLIES[target]))
    colour, _, kind = target.partition("-")
    if colour not in COLOURS or kind not in SUPPLIES:
        return target
    return say(COLOURED, kind=say(SUPPLIES[kind]), colour=say(COLOURS[colour]))


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
