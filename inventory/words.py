"""The words of the register's enumerations, for people. A test holds that every member has its word."""

from collections.abc import Mapping

from inventory.asset import AssetKind, Condition, Status
from inventory.text import Text
from inventory.windows11 import Rule

# The columns of a list of assets.
FIELDS: Mapping[str, Text] = {
    "tag": Text("Mã tài sản", "Asset tag"),
    "kind": Text("Loại", "Kind"),
    "name": Text("Tên tài sản", "Name"),
    "room": Text("Phòng", "Room"),
    "status": Text("Trạng thái", "Status"),
    "condition": Text("Tình trạng", "Condition"),
    "manufacturer": Text("Hãng sản xuất", "Manufacturer"),
    "model": Text("Kiểu máy", "Model"),
    "serial": Text("Số sê-ri", "Serial"),
    "country": Text("Nước sản xuất", "Country"),
    "purchase_date": Text("Ngày mua", "Purchase date"),
    "in_use_since": Text("Ngày đưa vào sử dụng", "In use since"),
    "purchase_cost": Text("Nguyên giá", "Purchase cost"),
    "funding_source": Text("Nguồn kinh phí", "Funding source"),
    "supplier": Text("Nhà cung cấp", "Supplier"),
    "order_number": Text("Số đơn hàng", "Order number"),
    "invoice": Text("Số chứng từ", "Invoice"),
    "warranty_months": Text("Bảo hành (tháng)", "Warranty months"),
    "useful_life_years": Text("Thời gian sử dụng (năm)", "Useful life years"),
    "custodian_role": Text("Bộ phận quản lý", "Custodian role"),
    "note": Text("Ghi chú", "Note"),
    "disposal_document": Text("Chứng từ ghi giảm", "Disposal document"),
    "disposal_date": Text("Ngày ghi giảm", "Disposal date"),
    "disposal_reason": Text("Lý do ghi giảm", "Disposal reason"),
}

KINDS: Mapping[AssetKind, Text] = {
    "computer": Text("máy tính để bàn", "computer"),
    "laptop": Text("máy tính xách tay", "laptop"),
    "projector": Text("máy chiếu", "projector"),
    "printer": Text("máy in", "printer"),
    "router": Text("bộ định tuyến", "router"),
    "switch": Text("bộ chuyển mạch", "switch"),
    "access_point": Text("bộ phát Wi-Fi", "access point"),
    "ups": Text("bộ lưu điện", "UPS"),
    "tv": Text("tivi", "TV"),
    "other": Text("thiết bị khác", "other device"),
}

STATUSES: Mapping[Status, Text] = {
    "planned": Text("dự kiến", "planned"),
    "ordered": Text("đã đặt hàng", "ordered"),
    "in_stock": Text("trong kho", "in stock"),
    "in_use": Text("đang dùng", "in use"),
    "in_repair": Text("đang sửa", "in repair"),
    "loaned": Text("cho mượn", "loaned"),
    "idle": Text("không dùng", "idle"),
    "lost": Text("mất", "lost"),
    "proposed_disposal": Text("đề nghị xử lý", "proposed for disposal"),
    "disposed": Text("đã ghi giảm", "disposed"),
    "transferred": Text("đã điều chuyển", "transferred"),
}

CONDITIONS: Mapping[Condition, Text] = {
    "good": Text("tốt", "good"),
    "worn": Text("đã cũ", "worn"),
    "damaged": Text("hư hỏng", "damaged"),
    "unusable": Text("không dùng được", "unusable"),
}

# What a stocktake finds, and the columns of its list.
FINDINGS: Mapping[str, Text] = {
    "found": Text("đủ", "found"),
    "moved": Text("sai phòng", "moved"),
    "missing": Text("thiếu", "missing"),
    "unexpected": Text("thừa", "unexpected"),
    "finding": Text("Kết quả", "Finding"),
    "seen_in": Text("Thấy ở", "Seen in"),
}

# What a device is.
MATCHES: Mapping[str, Text] = {
    "linked": Text("đã nối", "linked"),
    "waiting": Text("chờ người quyết định", "waiting for a person"),
    "unregistered": Text("chưa có trong sổ", "not registered"),
    "earlier": Text("tên cũ", "earlier names"),
    "not_ours": Text("không phải của trường", "not the school's"),
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
