"""The catalogue: every probe and every field, with type, unit, range and meaning.

Store columns, API descriptions, board units and docs/metrics.md come from it, and the collector refuses what does not
fit it. A new probe is one entry here and one file in agent/probes/.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract.fields import Field, Kind, Probe, count, milliseconds, number, percent, probe, seconds, size, text, yes_no
from contract.messages import Value
from contract.metrics_polled import POLLED

__all__ = ["MAX_TEXT", "PROBES", "Field", "Kind", "Misfit", "Probe", "fitted", "numeric_fields"]

MAX_TEXT = 200

_ROWS: tuple[Probe, ...] = (
    probe(
        "host",
        "processor, memory, load, battery and running time of the PC",
        "bộ xử lý, bộ nhớ, tải, pin và thời gian chạy của máy",
        "",
        percent("cpu_percent", "processor use since the last sample", "Sử dụng bộ xử lý"),
        number("load_1m", "", "load average over one minute (not on Windows)", "Tải trung bình 1 phút", 2, 0, 100_000),
        percent("memory_used_percent", "memory in use", "Bộ nhớ đang dùng"),
        size("memory_available_bytes", "memory that programs can still get", "Bộ nhớ còn trống"),
        size("memory_total_bytes", "memory installed", "Tổng bộ nhớ"),
        percent("swap_used_percent", "swap in use", "Bộ nhớ hoán đổi đang dùng"),
        size("swap_total_bytes", "swap set up", "Tổng bộ nhớ hoán đổi"),
        seconds("uptime_seconds", "time since the PC started", "Thời gian chạy từ khi bật máy"),
        percent("battery_percent", "battery charge", "Pin còn lại"),
        yes_no("battery_plugged", "mains power connected", "Đang cắm điện"),
    ),
    probe(
        "disk",
        "use of one disk or volume",
        "mức sử dụng của một ổ đĩa",
        "mount point or drive letter",
        percent("disk_used_percent", "space in use", "Dung lượng đã dùng"),
        size("disk_free_bytes", "space left", "Dung lượng còn trống"),
        size("disk_total_bytes", "size", "Dung lượng"),
    ),
    probe(
        "network_card",
        "traffic and errors of one network card since the PC started",
        "lưu lượng và lỗi của một cạc mạng từ khi bật máy",
        "interface name",
        size("received_bytes", "bytes received", "Đã nhận"),
        size("sent_bytes", "bytes sent", "Đã gửi"),
        count("receive_errors", "packets received with errors", "Lỗi khi nhận"),
        count("send_errors", "packets that failed to be sent", "Lỗi khi gửi"),
        count("receive_drops", "packets dropped on receipt", "Gói bị bỏ khi nhận"),
        count("send_drops", "packets dropped before sending", "Gói bị bỏ khi gửi"),
        count("link_speed_mbps", "negotiated speed of the link", "Tốc độ liên kết", "Mbit/s"),
        yes_no("link_up", "cable or radio link present", "Có liên kết"),
    ),
    probe(
        "temperature",
        "temperature at one sensor (Linux and FreeBSD)",
        "nhiệt độ tại một cảm biến (Linux và FreeBSD)",
        "sensor name",
        number("temperature_celsius", "°C", "temperature", "Nhiệt độ", 1, -100, 250),
    ),
    probe(
        "ping",
        "ICMP echo to the gateway or a named target",
        "gửi ICMP echo tới cổng mạng hoặc đích có tên",
        "group/name",
        count("sent", "echo requests sent", "Số gói gửi"),
        count("received", "echo replies received", "Số gói trả lời"),
        percent("loss_percent", "requests without a reply", "Tỷ lệ mất gói"),
        milliseconds("round_trip_min_ms", "fastest round trip", "Độ trễ nhỏ nhất"),
        milliseconds("round_trip_ms", "mean round trip", "Độ trễ trung bình"),
        milliseconds("round_trip_max_ms", "slowest round trip", "Độ trễ lớn nhất"),
        milliseconds("jitter_ms", "mean difference between consecutive round trips", "Độ biến động trễ"),
        text("address", "address that was asked", "Địa chỉ"),
    ),
    probe(
        "dns",
        "name resolution by the system's resolver or a given server",
        "phân giải tên miền bằng máy chủ của hệ thống hoặc máy chủ chỉ định",
        "group/name",
        milliseconds("lookup_ms", "time until the answer", "Thời gian phân giải"),
        count("addresses", "addresses in the answer", "Số địa chỉ trả về"),
    ),
    probe(
        "web",
        "one HTTP or HTTPS request",
        "một yêu cầu HTTP hoặc HTTPS",
        "group/name",
        Field("status", Kind.INTEGER, "", "HTTP status", "Mã trạng thái HTTP", 0, 100, 599),
        milliseconds("lookup_ms", "time to resolve the name", "Thời gian phân giải tên"),
        milliseconds("connect_ms", "time to connect", "Thời gian kết nối"),
        milliseconds("tls_ms", "time for the TLS handshake", "Thời gian bắt tay TLS"),
        milliseconds("first_byte_ms", "time from the request to the first byte", "Thời gian tới byte đầu tiên"),
        milliseconds("total_ms", "time for everything", "Tổng thời gian"),
        number(
            "certificate_days", "d", "days until the certificate ends", "Số ngày chứng chỉ còn hạn", 1, -40_000, 40_000
        ),
        yes_no("captive", "a login page answered instead of the target", "Trang đăng nhập chặn truy cập"),
    ),
    probe(
        "tcp",
        "whether a TCP port accepts connections",
        "cổng TCP có nhận kết nối hay không",
        "group/name",
        milliseconds("connect_ms", "time to connect", "Thời gian kết nối"),
    ),
    probe(
        "wifi",
        "the Wi-Fi link",
        "kết nối Wi-Fi",
        "interface name",
        number("signal_dbm", "dBm", "signal strength", "Cường độ tín hiệu", 0, -150, 0),
        percent("signal_percent", "signal quality as the driver rates it", "Chất lượng tín hiệu"),
        number("send_rate_mbps", "Mbit/s", "rate towards the access point", "Tốc độ gửi", 1, 0, 100_000),
        number("receive_rate_mbps", "Mbit/s", "rate from the access point", "Tốc độ nhận", 1, 0, 100_000),
        count("channel", "radio channel", "Kênh"),
        count("frequency_mhz", "radio frequency", "Tần số", "MHz"),
        text("network_name", "name of the Wi-Fi network", "Tên mạng Wi-Fi"),
        count("roams", "changes of the access point since the agent started", "Số lần chuyển điểm truy cập"),
        number(
            "sent_again_percent",
            "%",
            "packets repeated, of those sent since the last sample; may pass 100",
            "Tỷ lệ gói phải gửi lại",
            1,
            0,
            10_000,
        ),
        percent("send_failed_percent", "packets given up, of those sent since the last sample", "Tỷ lệ gói gửi hỏng"),
    ),
    probe(
        "throughput",
        "how many bits a second come down and go up, to the school's own server (LAN) or beyond its line (WAN)",
        "tốc độ tải xuống và tải lên, tới máy chủ của trường (LAN) hoặc ra ngoài đường truyền (WAN)",
        "group/name",
        text("leg", "lan or wan", "Chặng"),
        text("server", "the server on the other side", "Máy chủ"),
        number("download_mbps", "Mbit/s", "payload from the server, once it was steady", "Tải xuống", 2, 0, 1e6),
        number("upload_mbps", "Mbit/s", "payload to the server, once it was steady", "Tải lên", 2, 0, 1e6),
        text("download_samples_mbps", "raw samples of a quarter of a second each", "Các mẫu tải xuống"),
        text("upload_samples_mbps", "raw samples of a quarter of a second each", "Các mẫu tải lên"),
        size("transferred_bytes", "payload of the test, both ways", "Dữ liệu đã dùng để đo"),
        text("limited_by", "line, pc_processor or pc_network_card", "Bị giới hạn bởi"),
        percent("cpu_percent", "processor time of the test, of one core", "Bộ xử lý dùng để đo"),
        count("link_speed_mbps", "negotiated speed of the network card in use", "Tốc độ liên kết", "Mbit/s"),
        size("budget_used_bytes", "payload of all tests of this leg this month", "Đã dùng trong tháng"),
        size("budget_left_bytes", "payload that tests of this leg may still use this month", "Còn lại trong tháng"),
    ),
    probe(
        "smart",
        "what one disk says about its own health (SMART, by smartctl)",
        "ổ đĩa tự báo về tình trạng của nó (SMART, bằng smartctl)",
        "name of the disk",
        yes_no("asleep", "the disk rested and was not asked, so as not to wake it", "Ổ đang nghỉ, không hỏi"),
        yes_no("healthy", "the disk's own verdict", "Ổ tự báo còn tốt"),
        number("temperature_celsius", "°C", "temperature of the disk", "Nhiệt độ ổ", 1, -100, 250),
        count("power_on_hours", "hours in use since it was made", "Số giờ đã chạy", "h"),
        count("power_cycles", "times it was switched on", "Số lần bật"),
        count("reallocated_sectors", "bad sectors replaced by spare ones", "Số cung từ hỏng đã thay"),
        count("pending_sectors", "sectors that could not be read and wait for a decision", "Số cung từ chờ xử lý"),
        count("uncorrectable_sectors", "sectors found unreadable by its own tests", "Số cung từ không đọc được"),
        count("cable_errors", "transfer errors, most often of the cable", "Lỗi truyền (thường do cáp)"),
        count("media_errors", "data that an NVMe disk could not give back", "Lỗi dữ liệu (NVMe)"),
        count(
            "failed_attributes", "attributes that reached their maker's limit, now or before", "Số chỉ số chạm ngưỡng"
        ),
        number("wear_percent", "%", "rated life of an SSD used up; may pass 100", "Độ mòn SSD", 0, 0, 255),
        percent("spare_percent", "spare blocks left of an NVMe disk", "Khối dự phòng còn lại"),
        count("unsafe_shutdowns", "times the power went away without a farewell", "Số lần mất điện đột ngột"),
    ),
    probe(
        "restarts",
        "starts of the PC in the last 30 days, and stops without a shutdown",
        "số lần khởi động máy trong 30 ngày qua và số lần tắt đột ngột",
        "",
        count("starts", "times it was started", "Số lần khởi động"),
        count("unclean_stops", "times it stopped without a shutdown: power cut or crash", "Số lần tắt đột ngột"),
        count("days_known", "days that the counts reach back, 30 at most", "Số ngày có dữ liệu", "d"),
    ),
    probe(
        "agent",
        "the agent itself",
        "chính tác tử SonCa",
        "",
        percent("cpu_percent", "processor time of the agent, of one core", "Bộ xử lý tác tử dùng"),
        size("resident_bytes", "memory of the agent", "Bộ nhớ tác tử dùng"),
        size("outbox_bytes", "data waiting for a receipt", "Dữ liệu chờ gửi"),
        count("outbox_batches", "batches waiting for a receipt", "Số gói chờ gửi"),
        seconds(
            "outbox_age_seconds", "age of the oldest waiting batch, 0 when none waits", "Tuổi của gói chờ lâu nhất"
        ),
        count("lost_measurements", "measurements dropped because the outbox was full or too old", "Số phép đo bị mất"),
        count("refused_batches", "batches the collector could not accept", "Số gói bị từ chối"),
        count("resent_batches", "batches sent more than once", "Số gói gửi lại"),
    ),
    probe(
        "collector",
        "the collector itself, since it started",
        "chính bộ thu thập SonCa, từ khi khởi động",
        "",
        count("received_messages", "messages received", "Số bản tin nhận"),
        count("stored_measurements", "measurements stored", "Số phép đo đã lưu"),
        count("refused_payloads", "payloads and measurements refused", "Số dữ liệu bị từ chối"),
        count("unknown_fields", "fields of newer agents that were left out", "Số trường chưa biết"),
        count("gaps", "batch numbers that were skipped and have not come since", "Số gói còn thiếu"),
        count("broker_dropped", "messages the broker says it dropped", "Số bản tin máy chủ MQTT bỏ"),
        milliseconds("lag_ms", "time from receipt of a message to its commit, latest", "Độ trễ lưu trữ"),
        milliseconds("rollup_ms", "time of the latest rollup", "Thời gian tổng hợp"),
    ),
)

PROBES: Mapping[str, Probe] = {row.name: row for row in (*_ROWS, *POLLED)}


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a field was not taken: `reason` is one word to count by, `detail` a sentence."""

    reason: str
    detail: str


def fitted(probe: Probe, fields: Mapping[str, Value]) -> tuple[dict[str, Value], int] | Misfit:
    """The fields as the catalogue has them (numbers as floats) and how many unknown ones were left out.

    A Misfit when a known field has the wrong type, is not finite, or is out of range.
    """
    # The collector does this for every value of the school, so the common case is one flat loop without calls.
    rules = _RULES[probe.name]
    known: dict[str, Value] = {}
    for name, value in fields.items():
        if name not in rules:
            continue
        kind, low, high = rules[name]
        found = type(value)
        if kind is float and (found is float or found is int) and low <= value <= high:  # type: ignore[operator]
            known[name] = float(value)
        elif found is kind and (
            found is bool or (low <= value <= high if type(value) is int else _short_and_printable(value))
        ):
            known[name] = value
        else:
            return _misfit(probe.fields[name], value)
    return known, len(fields) - len(known)


def numeric_fields(probe: Probe) -> Iterator[Field]:
    """The fields that can be averaged."""
    return (field for field in probe.fields.values() if field.kind in (Kind.INTEGER, Kind.NUMBER))


_TYPES = {Kind.INTEGER: int, Kind.NUMBER: float, Kind.BOOLEAN: bool, Kind.TEXT: str}

# type, lowest, highest. A range is always finite, so that infinities and NaN fall outside.
_RULES: Mapping[str, Mapping[str, tuple[type, float, float]]] = {
    row.name: {
        field.name: (
            _TYPES[field.kind],
            -sys.float_info.max if field.minimum is None else field.minimum,
            sys.float_info.max if field.maximum is None else field.maximum,
        )
        for field in row.fields.values()
    }
    for row in PROBES.values()
}


def _short_and_printable(value: Value) -> bool:
    return type(value) is str and len(value) <= MAX_TEXT and value.isprintable()


def _misfit(field: Field, value: Value) -> Misfit:
    numeric = field.kind in (Kind.INTEGER, Kind.NUMBER) and type(value) in (int, float)
    if numeric and not (field.kind is Kind.INTEGER and type(value) is float):
        return Misfit("out_of_range", f"{field.name} = {str(value)[:60]} is outside {field.minimum} to {field.maximum}")
    return Misfit("wrong_type", f"{field.name} must be {field.kind.value}, got {str(value)[:60]!r}")
