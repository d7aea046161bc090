"""The words of SonCa's enumerations, for people. A test holds that every member has its word."""

from collections.abc import Mapping

from api.text import Text
from collector.store.protocol import RoomState
from collector.store.state_protocol import Presence
from contract.messages import Outcome
from inventory.words import KINDS

ROOM_STATES: Mapping[RoomState, Text] = {
    RoomState.CONNECTED: Text("Kết nối tốt", "Connected"),
    RoomState.DEGRADED: Text("Chập chờn", "Degraded"),
    RoomState.DISCONNECTED: Text("Mất kết nối", "Disconnected"),
    RoomState.DARK: Text("Đang tắt", "Dark"),
}
ROOM_WAITING = Text("Chờ số liệu", "Waiting")

PRESENCES: Mapping[Presence, Text] = {
    Presence.ONLINE: Text("đang bật", "online"),
    Presence.LATE: Text("trễ báo cáo", "late"),
    Presence.OFFLINE: Text("đã tắt", "offline"),
    Presence.LOST: Text("mất liên lạc", "lost"),
}
NEVER_SEEN = Text("chưa từng báo", "never seen")
WATCHED = Text("được theo dõi", "watched")
WATCHED_SILENT = Text("không có số liệu", "no data")

# Why an agent is where it is: its own words (shutdown, sleep, update) and the collector's (silence).
PRESENCE_REASONS: Mapping[str, Text] = {
    "shutdown": Text("tắt máy", "shut down"),
    "sleep": Text("máy ngủ", "asleep"),
    "update": Text("đang cập nhật", "updating"),
    "silence": Text("im lặng", "silent"),
}

OUTCOMES: Mapping[Outcome, Text] = {
    Outcome.OK: Text("được", "ok"),
    Outcome.TIMEOUT: Text("quá thời gian chờ", "timed out"),
    Outcome.REFUSED: Text("bị từ chối", "refused"),
    Outcome.UNREACHABLE: Text("không tới được", "unreachable"),
    Outcome.NAME_NOT_FOUND: Text("không tìm thấy tên miền", "name not found"),
    Outcome.BAD_ANSWER: Text("trả lời sai", "bad answer"),
    Outcome.NO_PERMISSION: Text("không có quyền đo", "no permission"),
    Outcome.UNSUPPORTED: Text("máy không hỗ trợ", "unsupported"),
    Outcome.ERROR: Text("lỗi", "error"),
}

DEVICE_KINDS = KINDS

PROBES: Mapping[str, Text] = {
    "host": Text("Máy", "PC"),
    "disk": Text("Ổ đĩa", "Disk"),
    "network_card": Text("Cạc mạng", "Network card"),
    "temperature": Text("Nhiệt độ", "Temperature"),
    "smart": Text("Sức khỏe ổ đĩa", "Disk health"),
    "ping": Text("Ping", "Ping"),
    "dns": Text("Tên miền", "Name"),
    "web": Text("Trang web", "Web site"),
    "tcp": Text("Cổng", "Port"),
    "wifi": Text("Wi-Fi", "Wi-Fi"),
    "restarts": Text("Khởi động và tắt máy", "Starts and stops"),
    "throughput": Text("Tốc độ đường truyền", "Throughput"),
    "projector": Text("Máy chiếu", "Projector"),
    "lamp": Text("Bóng đèn máy chiếu", "Projector lamp"),
    "snmp_system": Text("Thiết bị (SNMP)", "Device (SNMP)"),
    "interface": Text("Cổng của thiết bị", "Port of the device"),
    "snmp_host": Text("Bộ xử lý và bộ nhớ", "Processor and memory"),
    "snmp_storage": Text("Vùng lưu trữ", "Storage"),
    "printer": Text("Máy in", "Printer"),
    "supply": Text("Vật tư máy in", "Printer supply"),
    "ups": Text("Bộ lưu điện", "UPS"),
    "wan": Text("Đường truyền", "Internet line"),
    "wifi_network": Text("Mạng Wi-Fi", "Wi-Fi network"),
    "network_neighbours": Text("Thiết bị trong mạng", "Devices on the network"),
    "neighbour": Text("Thiết bị lân cận", "Neighbour"),
    "dhcp_servers": Text("Máy chủ DHCP", "DHCP servers"),
    "gateway_arp": Text("Mạo nhận cổng mạng", "Claims to be the gateway"),
    "traceroute": Text("Đường đi Internet", "Way to the internet"),
    "agent": Text("Tác tử SonCa", "SonCa agent"),
    "collector": Text("Bộ thu thập", "Collector"),
}

TARGET_GROUPS: Mapping[str, Text] = {
    "gateway": Text("Cổng mạng", "Gateway"),
    "internet": Text("Internet", "Internet"),
    "dns": Text("Tên miền", "Names"),
    "services": Text("Dịch vụ", "Services"),
    "lan": Text("Tới máy chủ của trường", "To the school's server"),
    "wan": Text("Ra Internet", "To the internet"),
}
