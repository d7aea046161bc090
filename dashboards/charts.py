"""Panels of one field of the catalogue: its name is the title, its unit the axis."""

from collections.abc import Mapping

from dashboards.panel import Panel
from dashboards.queries import Query, over_time, success, whole
from dashboards.text import Text, same
from dashboards.units import SCHOOL, SHARE, field_of, unit_of
from dashboards.words import PLAIN, REACHED, Steps

# Where the catalogue explains more than a title has room for.
TITLES: Mapping[tuple[str, str], Text] = {
    ("ping", "round_trip_ms"): Text("Độ trễ", "Round trip"),
    ("ping", "loss_percent"): Text("Mất gói", "Loss"),
    ("ping", "jitter_ms"): Text("Độ biến động trễ", "Jitter"),
    ("dns", "lookup_ms"): Text("Phân giải tên miền", "Name lookup"),
    ("web", "total_ms"): Text("Trang web: tổng thời gian", "Web: time in all"),
    ("tcp", "connect_ms"): Text("Cổng: thời gian kết nối", "Port: time to connect"),
    ("host", "cpu_percent"): Text("Bộ xử lý", "Processor"),
    ("host", "memory_used_percent"): Text("Bộ nhớ", "Memory"),
    ("host", "memory_total_bytes"): Text("Bộ nhớ đã lắp", "Memory installed"),
    ("disk", "disk_used_percent"): Text("Ổ đĩa: đã dùng", "Disk: space in use"),
    ("disk", "disk_total_bytes"): Text("Ổ đĩa: dung lượng", "Disk: size"),
    ("network_card", "link_speed_mbps"): Text("Tốc độ liên kết", "Speed of the link"),
    ("network_card", "receive_errors"): Text("Lỗi khi nhận", "Errors on receipt"),
    ("agent", "outbox_age_seconds"): Text("Tuổi của dữ liệu chờ gửi", "Age of waiting data"),
    ("collector", "gaps"): Text("Số gói còn thiếu", "Batches missing"),
    ("collector", "refused_payloads"): Text("Số dữ liệu bị từ chối", "Payloads refused"),
    ("collector", "unknown_fields"): Text("Số trường chưa biết", "Unknown fields"),
    ("collector", "broker_dropped"): Text("Số bản tin máy chủ MQTT bỏ", "Dropped by the broker"),
    ("collector", "lag_ms"): Text("Độ trễ lưu trữ", "Store lag"),
}


def title_of(probe: str, field: str) -> Text:
    """The field's name as a title: the catalogue's, or a shorter one."""
    found = field_of(probe, field)
    named = Text(found.vietnamese, f"{found.english[0].upper()}{found.english[1:]}")
    return TITLES.get((probe.removeprefix(SCHOOL), field), named)


def chart(
    probe: str,
    field: str,
    where: str,
    about: Text,
    *,
    by: str = "device",
    width: int = 12,
    height: int = 8,
    steps: Steps = PLAIN,
    how: str = "mean",
    part: str = "",
    title: Text | None = None,
    since: str = "",
    least: float | None = 0,
) -> Panel:
    """One field over time, a line for each value of the tag `by`."""
    query = over_time(probe, field, where, by=[by], how=how, part=part, alias=same(f"$tag_{by}"))
    return Panel(
        "timeseries",
        title or title_of(probe, field),
        [query],
        width,
        height,
        about,
        unit=unit_of(field_of(probe, field)),
        least=least,
        steps=steps,
        since=since,
    )


def success_chart(title: Text, queries: list[Query], about: Text, *, width: int = 12, height: int = 8) -> Panel:
    """Shares of measurements that worked, over time, in percent."""
    return Panel(
        "timeseries", title, queries, width, height, about, unit=SHARE, least=0, most=100, steps=REACHED, decimals=1,
        told=("mean", "min"),
    )  # fmt: skip


def worked(probe: str, where: str, name: Text) -> Query:
    """One line of a success_chart."""
    return success(probe, where, alias=name)


def bars(
    probe: str,
    field: str,
    where: str,
    about: Text,
    *,
    by: str = "device",
    how: str = "last",
    width: int = 8,
    height: int = 8,
    steps: Steps = PLAIN,
    title: Text | None = None,
    most: float | None = None,
    decimals: int | None = None,
) -> Panel:
    """One number for each value of the tag `by`, as bars."""
    return Panel(
        "bargauge",
        title or title_of(probe, field),
        [whole(probe, field, where, by=[by], how=how, alias=same(f"$tag_{by}"))],
        width,
        height,
        about,
        unit=unit_of(field_of(probe, field)),
        least=0,
        most=most,
        steps=steps,
        decimals=decimals,
    )
