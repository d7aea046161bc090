"""The words of the register's enumerations, for people. A test holds that every member has its word."""

from collections.abc import Mapping

from inventory.asset import AssetKind, Condition
from inventory.text import Text
from inventory.windows11 import Rule

KINDS: Mapping[AssetKind, Text] = {
    "computer": Text("máy tính", "computer"),
    "laptop": Text("máy tính xách tay", "laptop"),
    "projector": Text("máy chiếu", "projector"),
    "printer": Text("máy in", "printer"),
    "router": Text("bộ định tuyến", "router"),
    "switch": Text("bộ chuyển mạch", "switch"),
    "access_point": Text("bộ phát Wi-Fi", "access point"),
    "ups": Text("bộ lưu điện", "UPS"),
    "tv": Text("ti vi", "TV"),
    "other": Text("thiết bị khác", "other device"),
}

CONDITIONS: Mapping[Condition, Text] = {
    "good": Text("tốt", "good"),
    "worn": Text("đã cũ", "worn"),
    "damaged": Text("hư hỏng", "damaged"),
    "unusable": Text("không dùng được", "unusable"),
}

# What Windows 11 asks of a PC.
WINDOWS11_RULES: Mapping[Rule, Text] = {
    Rule.PROCESSOR: Text("bộ xử lý", "processor"),
    Rule.SIXTY_FOUR_BIT: Text("64 bit", "64 bits"),
    Rule.CLOCK: Text("tốc độ bộ xử lý", "processor clock"),
    Rule.CORES: Text("số nhân", "cores"),
    Rule.MEMORY: Text("bộ nhớ", "memory"),
    Rule.DISK: Text("ổ đĩa", "disk"),
    Rule.TPM: Text("chip bảo mật TPM", "security chip TPM"),
    Rule.SECURE_BOOT: Text("khởi động an toàn", "secure boot"),
}
