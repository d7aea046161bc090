"""The words of the register's enumerations, for people. A test holds that every member has its word."""

from collections.abc import Mapping

from inventory.asset import AssetKind
from inventory.text import Text

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
