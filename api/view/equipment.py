"""An equipment report for people: GLPI's sections and names in words, sizes with their units."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.say import Say
from api.text import Text
from contract.messages import EquipmentReport

MEGABYTE = 2**20

SECTIONS: Mapping[str, Text] = {
    "bios": Text("Máy và bo mạch", "Machine and board"),
    "hardware": Text("Tổng quát", "Overview"),
    "operatingsystem": Text("Hệ điều hành", "Operating system"),
    "cpus": Text("Bộ xử lý", "Processors"),
    "memories": Text("Thanh bộ nhớ", "Memory modules"),
    "storages": Text("Ổ đĩa", "Disks"),
    "drives": Text("Phân vùng", "Volumes"),
    "networks": Text("Cạc mạng", "Network cards"),
    "batteries": Text("Pin", "Batteries"),
    "monitors": Text("Màn hình, máy chiếu", "Monitors and projectors"),
    "projector": Text("Máy chiếu", "Projector"),
    "network_device": Text("Thiết bị mạng", "Network device"),
    "network_ports": Text("Cổng của thiết bị", "Ports of the device"),
    "network_components": Text("Các khối", "Components"),
    "firmwares": Text("Phần mềm thiết bị", "Firmware of the device"),
}

NAMES: Mapping[str, Text] = {
    "smanufacturer": Text("Hãng", "Manufacturer"),
    "smodel": Text("Kiểu máy", "Model"),
    "ssn": Text("Số sê-ri", "Serial number"),
    "skunumber": Text("Mã hàng", "SKU"),
    "mmanufacturer": Text("Hãng bo mạch", "Board maker"),
    "mmodel": Text("Bo mạch", "Board"),
    "msn": Text("Số sê-ri bo mạch", "Board serial"),
    "enclosureserial": Text("Số sê-ri vỏ máy", "Chassis serial"),
    "assettag": Text("Mã tài sản", "Asset tag"),
    "bmanufacturer": Text("Hãng BIOS", "Firmware maker"),
    "bversion": Text("Phiên bản BIOS", "Firmware version"),
    "bdate": Text("Ngày BIOS", "Firmware date"),
    "uuid": Text("UUID", "UUID"),
    "chassis_type": Text("Dáng máy", "Chassis"),
    "memory": Text("Bộ nhớ", "Memory"),
    "vmsystem": Text("Máy thật hay ảo", "Physical or virtual"),
    "tpm_version": Text("TPM", "TPM"),
    "secure_boot": Text("Secure Boot", "Secure Boot"),
    "platform_field": Text("Trường nền tảng", "Platform field"),
    "systemdrive": Text("Ổ hệ thống", "System drive"),
    "full_name": Text("Tên đầy đủ", "Full name"),
    "name": Text("Tên", "Name"),
    "version": Text("Phiên bản", "Version"),
    "arch": Text("Kiến trúc", "Architecture"),
    "kernel_name": Text("Nhân", "Kernel"),
    "kernel_version": Text("Phiên bản nhân", "Kernel version"),
    "restart_pending": Text("Đang chờ khởi động lại", "Waits for a restart"),
    "install_date": Text("Ngày cài", "Installed on"),
    "manufacturer": Text("Hãng", "Manufacturer"),
    "model": Text("Kiểu", "Model"),
    "core": Text("Số nhân", "Cores"),
    "thread": Text("Luồng mỗi nhân", "Threads a core"),
    "speed": Text("Tốc độ", "Speed"),
    "familynumber": Text("Dòng", "Family"),
    "stepping": Text("Stepping", "Stepping"),
    "capacity": Text("Dung lượng", "Capacity"),
    "real_capacity": Text("Dung lượng thật", "Real capacity"),
    "voltage": Text("Điện áp", "Voltage"),
    "chemistry": Text("Loại pin", "Chemistry"),
    "caption": Text("Khe", "Slot"),
    "description": Text("Mô tả", "Description"),
    "type": Text("Loại", "Type"),
    "serialnumber": Text("Số sê-ri", "Serial number"),
    "serial": Text("Số sê-ri", "Serial number"),
    "numslots": Text("Khe số", "Slot number"),
    "firmware": Text("Phiên bản firmware", "Firmware"),
    "interface": Text("Giao tiếp", "Interface"),
    "disksize": Text("Dung lượng", "Size"),
    "total": Text("Dung lượng", "Size"),
    "free": Text("Còn trống", "Free"),
    "filesystem": Text("Hệ tệp", "File system"),
    "letter": Text("Ổ", "Drive"),
    "volumn": Text("Thiết bị", "Device"),
    "mac": Text("Địa chỉ MAC", "MAC address"),
    "ipaddress": Text("Địa chỉ IP", "IP address"),
    "ipmask": Text("Mặt nạ mạng", "Net mask"),
    "status": Text("Trạng thái", "Status"),
    "recommended_resolution": Text("Độ phân giải khuyên dùng", "Recommended resolution"),
    "pjlink_class": Text("Cấp PJLink", "PJLink class"),
    "lamp_models": Text("Kiểu bóng đèn", "Lamp models"),
    "filter_models": Text("Kiểu lưới lọc", "Filter models"),
    "ram": Text("Bộ nhớ", "Memory"),
}

_MEGABYTES = {"memory", "disksize", "total", "free", "capacity"}
_UNITS = {("batteries", "capacity"): "mWh", ("batteries", "real_capacity"): "mWh", ("batteries", "voltage"): "mV",
          ("cpus", "speed"): "MHz", ("networks", "speed"): "Mbit/s", ("memories", "speed"): "MHz"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class EquipmentRow:
    name: str
    value: str
    junk: bool


@dataclass(frozen=True, slots=True)
class EquipmentSection:
    """`parts` are the section's entries (each disk, each card), one where it has only one."""

    title: str
    parts: tuple[tuple[EquipmentRow, ...], ...]


@dataclass(frozen=True, slots=True)
class Equipment:
    sections: tuple[EquipmentSection, ...]
    taken_at: int


def equipment(report: EquipmentReport, say: Say) -> Equipment:
    """The report's sections, known ones first; what a newer agent adds is shown under its own name."""
    known = list(SECTIONS)
    told = (name for name in report.content if name != "simulated")  # the banner on top says so already
    order = sorted(told, key=lambda name: known.index(name) if name in SECTIONS else len(known))
    return Equipment(tuple(_section(name, report, say) for name in order), report.taken_at)


def _section(name: str, report: EquipmentReport, say: Say) -> EquipmentSection:
    content = report.content[name]
    many = content if isinstance(content, list) else [content]
    parts = []
    for number, part in enumerate(many):
        path = f"{name}[{number}]" if isinstance(content, list) else name
        rows = part if isinstance(part, dict) else {"": part}
        parts.append(tuple(_rows(name, path, rows, report.junk, say)))
    return EquipmentSection(say(SECTIONS[name]) if name in SECTIONS else name, tuple(parts))


def _rows(section: str, path: str, part: Mapping[str, Any], junk: tuple[str, ...], say: Say) -> Iterator[EquipmentRow]:
    for name, value in part.items():
        label = say(NAMES[name]) if name in NAMES else name
        yield EquipmentRow(label, _value(section, name, value, say), f"{path}.{name}" in junk)


def _value(section: str, name: str, value: Any, say: Say) -> str:
    if (section, name) in _UNITS and str(value).isdecimal():  # some makers' tools write the unit themselves
        return f"{value} {_UNITS[section, name]}"
    if name in _MEGABYTES and type(value) is int:
        return say.size(value * MEGABYTE)
    return say.yes_no(value) if isinstance(value, bool) else str(value)
