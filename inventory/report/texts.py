"""The words of the documents, in the order in which they stand there."""

from collections.abc import Mapping

from inventory.plan.options import Action
from inventory.text import Text

# head and foot, by Decree 30/2020
NATION = Text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SOCIALIST REPUBLIC OF VIET NAM")
MOTTO = Text("Độc lập - Tự do - Hạnh phúc", "Independence - Freedom - Happiness")
NUMBER = Text("Số: {number}/{kind}-{code}", "No.: {number}/{kind}-{code}")
PLACE_AND_DAY = Text("{place}, {day}", "{place}, on {day}")
TO = Text("Kính gửi:", "To:")
RECIPIENTS = Text("Nơi nhận:", "Recipients:")
AS_ABOVE = Text("Như trên;", "As above;")
ARCHIVE = Text("Lưu: {archive}.", "File: {archive}.")
SIMULATED = Text("SỐ LIỆU MÔ PHỎNG - KHÔNG CÓ GIÁ TRỊ", "SIMULATED DATA - NOT A REAL DOCUMENT")

# the report
REPORT = Text("BÁO CÁO", "REPORT")
REPORT_SUBJECT = Text("Tình hình thiết bị và kết nối mạng {period}", "Equipment and connectivity, {period}")
REPORT_OPENING = Text(
    "{school} báo cáo tình hình thiết bị công nghệ thông tin và kết nối mạng {period} "
    "(từ ngày {first} đến ngày {last}) như sau:",
    "{school} reports on its information technology equipment and its connectivity in {period} ({first} to {last}):",
)
SUMMARY = Text("I. KẾT QUẢ CHUNG", "I. SUMMARY")
SUM_CONNECTED = Text(
    "Tỷ lệ phòng học có kết nối Internet trong giờ học: {percent} %.",
    "Share of classrooms connected to the internet during lessons: {percent} %.",
)
SUM_NOT_MEASURED = Text(
    "Tỷ lệ phòng học có kết nối Internet: chưa có số liệu đo.",
    "Share of classrooms connected to the internet: nothing was measured.",
)
SUM_ROOMS = Text(
    "Số phòng học đạt từ {goal} % thời gian học có kết nối: {good}/{whole} phòng có bật máy.",
    "Classrooms connected in at least {goal} % of lesson time: {good} of {whole} that had a device on.",
)
SUM_ASSETS = Text(
    "Số thiết bị đang quản lý: {whole}; trong đó {bad} thiết bị hư hỏng hoặc không dùng được.",
    "Devices in the register: {whole}, of which {bad} are damaged or unusable.",
)
SUM_NEED = Text(
    "Số thiết bị có lý do cần sửa chữa hoặc thay thế: {count}.",
    "Devices with a reason to be repaired or replaced: {count}.",
)
SUM_PLAN = Text(
    "Kế hoạch {years} năm học tới đáp ứng {percent} % nhu cầu với tổng kinh phí {money}.",
    "The plan of the next {years} school years covers {percent} % of the need and costs {money}.",
)
CONNECTIVITY = Text("II. KẾT NỐI MẠNG", "II. CONNECTIVITY")
DAYS_CHART = Text(
    "Biểu đồ 1. Tỷ lệ phòng học có kết nối trong giờ học (%)", "Chart 1. Share of classrooms connected in lessons (%)"
)
ROOMS_TABLE = Text("Bảng 1. Kết nối của các phòng trong giờ học", "Table 1. Connectivity of rooms during lessons")
ROOMS_NOTE = Text(
    "Thời gian phòng không bật máy được tính riêng, không tính là có kết nối.",
    "Time in which nothing in a room was on is shown apart and not counted as connected.",
)
ALL_ROOMS_GOOD = Text(
    "Tất cả các phòng học có bật máy đạt từ {goal} % thời gian học có kết nối.",
    "All classrooms that had a device on were connected in at least {goal} % of lesson time.",
)
NO_ROOMS = Text("Chưa có phòng nào được đo trong kỳ này.", "No room was measured in this period.")
EQUIPMENT = Text("III. THIẾT BỊ", "III. EQUIPMENT")
KINDS_TABLE = Text("Bảng 2. Thiết bị theo loại và tình trạng", "Table 2. Equipment by kind and condition")
KINDS_CHART = Text(
    "Biểu đồ 2. Số thiết bị cần sửa chữa hoặc thay thế", "Chart 2. Devices that need repair or replacement"
)
WORN = Text("IV. THIẾT BỊ CẦN SỬA CHỮA HOẶC THAY THẾ", "IV. DEVICES THAT NEED REPAIR OR REPLACEMENT")
WORN_TABLE = Text(
    "Bảng 3. Thiết bị và lý do, theo số liệu đo được", "Table 3. Devices and reasons, by what was measured"
)
NOTHING_WORN = Text(
    "Không có thiết bị nào có lý do cần sửa chữa hoặc thay thế.", "No device has a reason to be repaired or replaced."
)
OLD_BUT_FINE = Text(
    "Cũ nhưng còn tốt, đề nghị tiếp tục sử dụng ({count} thiết bị): {tags}.",
    "Old but fine, to be kept in use ({count} devices): {tags}.",
    "Old but fine, to be kept in use ({count} device): {tags}.",
)
NEW_BUT_FAILING = Text(
    "Mới nhưng có dấu hiệu hỏng, cần xử lý sớm ({count} thiết bị): {tags}.",
    "New but failing, to be dealt with soon ({count} devices): {tags}.",
    "New but failing, to be dealt with soon ({count} device): {tags}.",
)
PLAN = Text("V. KẾ HOẠCH", "V. PLAN")
PLAN_TABLE = Text("Bảng 4. Kinh phí theo năm học", "Table 4. Money by school year")
PLAN_NEXT = Text(
    "Nếu năm học {year} có thêm {money}, kế hoạch sẽ làm thêm: {actions}.",
    "With {money} more in {year} the plan would also do: {actions}.",
)
PLAN_GAP = Text(
    "Cách phân bổ này kém phương án tốt nhất có thể không quá {percent} %.",
    "No other way to spend this money covers more than {percent} % beyond this plan.",
)
CLOSING = Text(
    "Trên đây là báo cáo tình hình thiết bị và kết nối mạng {period} của {school}./.",
    "This is the report of {school} on its equipment and connectivity in {period}.",
)

# columns
PLACE = Text("STT", "No.")
ROOM = Text("Phòng", "Room")
CONNECTED = Text("Có kết nối (%)", "Connected (%)")
DARK = Text("Không bật (%)", "Nothing on (%)")
CAUSE = Text("Nguyên nhân chính", "Main cause")
KIND = Text("Loại thiết bị", "Kind")
COUNT = Text("Số lượng", "Quantity")
TAG = Text("Mã tài sản", "Asset tag")
DEVICE = Text("Thiết bị", "Device")
REASONS = Text("Lý do", "Reasons")
YEAR = Text("Năm học", "School year")
SOURCE = Text("Nguồn kinh phí", "Source")
BUDGET = Text("Kinh phí (đồng)", "Budget (VND)")
SPENT = Text("Sử dụng (đồng)", "Spent (VND)")
LEFT = Text("Còn lại (đồng)", "Left (VND)")
ACTIONS = Text("Số việc", "Actions")
WORK = Text("Nội dung", "Item")
PRICE = Text("Đơn giá (đồng)", "Unit price (VND)")
AMOUNT = Text("Thành tiền (đồng)", "Amount (VND)")
TAGS = Text("Áp dụng cho", "For")
CONDITION = Text("Tình trạng", "Condition")
IN_USE_SINCE = Text("Sử dụng từ", "In use since")
COST = Text("Nguyên giá (đồng)", "Cost (VND)")
ACTION = Text("Việc", "Action")
POINTS = Text("Điểm nhu cầu đáp ứng", "Points of need covered")
MANUFACTURER = Text("Hãng", "Manufacturer")
MODEL = Text("Kiểu máy", "Model")
SERIAL = Text("Số máy", "Serial")
TOTAL = Text("Tổng cộng", "Total")

# the proposal
PROPOSAL = Text("TỜ TRÌNH", "PROPOSAL")
PROPOSAL_SUBJECT = Text(
    "Về việc mua sắm, sửa chữa thiết bị năm học {year}", "Purchase and repair of equipment, school year {year}"
)
PROPOSAL_OPENING = Text(
    "Qua theo dõi bằng phần mềm và kiểm tra thực tế, {school} có {count} thiết bị cần sửa chữa hoặc thay thế. "
    "Để bảo đảm phục vụ dạy học trong năm học {year}, nhà trường kính trình phương án như sau:",
    "By what was measured and seen, {school} has {count} devices that need repair or replacement. To serve teaching in "
    "the school year {year}, the school proposes:",
)
NEEDS = Text("1. Nội dung và kinh phí đề nghị", "1. Items and money")
ITEMS_TABLE = Text("Bảng 1. Danh mục đề nghị", "Table 1. Items")
IN_WORDS = Text("Bằng chữ: {words}.", "In words: {words}.")
SOURCES = Text("2. Nguồn kinh phí", "2. Sources of money")
SOURCES_TABLE = Text("Bảng 2. Kinh phí theo nguồn", "Table 2. Money by source")
ONE_SOURCE = Text("kinh phí của trường", "the school's budget")
EFFECT = Text("3. Hiệu quả", "3. Effect")
EFFECT_SAID = Text(
    "Phương án giải quyết {count} thiết bị, đáp ứng {percent} % nhu cầu của {years} năm học, ưu tiên thiết bị được "
    "dùng nhiều và cách rẻ nhất đủ đáp ứng trước khi thay mới.",
    "It deals with {count} devices and covers {percent} % of the need of {years} school years; what is used most and "
    "the cheapest fix that suffices go first.",
)
CHECKS = Text("4. Kiểm tra định mức", "4. Checks")
ALL_WITHIN = Text(
    "Các mục đề nghị không vượt mức giá tối đa đang khai báo.", "No item is dearer than the ceilings that are set."
)
OVER = Text("{tag}: vượt mức giá tối đa {money}.", "{tag}: {money} above its ceiling.")
FIXED_ASSETS = Text(
    "{count} mục có đơn giá đạt tiêu chuẩn tài sản cố định.", "{count} items reach the price of a fixed asset."
)
UNVERIFIED_PRICES = Text(
    "Giá tham khảo, chưa đối chiếu với báo giá: {names}.", "Prices that nobody has checked with a quote yet: {names}."
)
UNVERIFIED_CEILINGS = Text(
    "Mức giá tối đa chưa đối chiếu với văn bản: {names}.",
    "Ceilings that nobody has checked with the regulation yet: {names}.",
)
FREE_TABLE = Text("Việc không tốn kinh phí", "What costs nothing")
ASK = Text(
    "{school} kính đề nghị cấp có thẩm quyền xem xét, phê duyệt để nhà trường tổ chức thực hiện./.",
    "{school} asks for approval, so that it may carry this out.",
)
NOTHING_TO_BUY = Text("Không có mục nào cần kinh phí trong năm học này.", "Nothing needs money in this school year.")

WORK_OF: Mapping[Action, Text] = {
    "keep": Text("Giữ nguyên {kind}", "Keep {kind}"),
    "repair": Text("{kind}: {parts}", "{kind}: {parts}"),
    "move": Text("Điều chuyển {kind}", "Move {kind}"),
    "replace": Text("Mua mới {kind}", "New {kind}"),
    "dispose": Text("Thanh lý {kind}", "Dispose of {kind}"),
}
