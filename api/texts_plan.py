"""The words of the principal's page and of the plan page, in the order in which they stand there."""

from collections.abc import Mapping

from api.text import Text

PRINCIPAL = Text("Dành cho hiệu trưởng", "For the principal")
PLAN = Text("Kế hoạch nâng cấp", "Upgrade plan")
PAGES = Text("Các trang", "Pages")
AS_OF = Text("Theo sổ tài sản và số đo đến ngày {day}", "By the register and what was measured up to {day}")
PERIOD = Text("Kỳ báo cáo", "Period")
SHOW = Text("Xem", "Show")

# five numbers
FIVE = Text("Năm con số", "Five numbers")
CONNECTED = Text("Phòng học có kết nối", "Classrooms connected")
CONNECTED_NOTE = Text(
    "thời gian học; {good}/{whole} phòng có bật máy đạt mục tiêu {goal} %",
    "of lesson time; {good} of {whole} rooms with a device on reach the goal of {goal}%",
)
NOT_MEASURED = Text("chưa có số đo trong kỳ này", "nothing was measured in this period")
ASSETS = Text("Thiết bị đang có", "Assets owned")
ASSETS_NOTE = Text("nguyên giá {money}", "bought for {money}")
WITHOUT_PRICE = Text("{count} thiết bị chưa ghi giá", "{count} without a price", "{count} without a price")
ATTENTION = Text("Cần xử lý", "Need attention")
ATTENTION_NOTE = Text(
    "thiết bị có lý do ngay lúc này", "assets with a reason that holds now", "asset with a reason now"
)
WORN = Text("Quá thời gian sử dụng", "Past their useful life")
WORN_NOTE = Text(
    "thêm {count} thiết bị sẽ hết hạn đến hết năm học {year}",
    "{count} more reach an end until {year} is over",
    "{count} more reaches an end until {year} is over",
)
MONEY = Text("Tiền cần năm học {year}", "Money needed in {year}")
MONEY_NOTE = Text("kinh phí có {budget}, kế hoạch dùng {planned}", "there is {budget}, the plan spends {planned}")
ENOUGH = Text("Đủ kinh phí", "The money is enough")
LACKING = Text("Thiếu {money}", "{money} short")

# three lists
POOR = Text("Đang hoạt động kém", "Works poorly now")
POOR_NOTE = Text(
    "Phòng học dưới mục tiêu, rồi thiết bị cần xử lý, nặng nhất trước.", "Rooms, then assets, worst first."
)
NONE_POOR = Text("Không có phòng hay thiết bị nào.", "No room and no asset.")
NEW_FAILING = Text("mới nhưng có dấu hiệu hỏng", "new but failing")
AHEAD = Text("Sắp hỏng hoặc hết hạn", "Wears out next")
AHEAD_NOTE = Text("Từ nay đến hết năm học {year}, sớm nhất trước.", "From now until {year} is over, the soonest first.")
NONE_AHEAD = Text("Không có thiết bị nào.", "No asset.")
BUY = Text("Nên mua và sửa", "What to buy and repair")
BUY_NOTE = Text("Trong kinh phí của năm học {year}.", "Within the money of {year}.")
NONE_BUY = Text("Chưa có việc nào trong kế hoạch.", "Nothing is planned.")
TOTAL = Text("Tổng cộng", "Total")
MORE = Text("Xem thêm {count} mục", "{count} more", "{count} more")
WHOLE_PLAN = Text("Xem cả kế hoạch và thử thay đổi", "See the whole plan and try changes")

# charts
CHARTS = Text("Hai biểu đồ", "Two charts")
MONEY_CHART = Text("Kinh phí và chi của kế hoạch theo năm học", "Money and the plan's spending by school year")
SCHOOL_YEAR = Text("Năm học", "School year")
BUDGET_VND = Text("Kinh phí (đồng)", "Budget (VND)")
SPENT_VND = Text("Kế hoạch chi (đồng)", "Planned (VND)")
AS_TABLE = Text("Xem số liệu", "See the numbers")
DAY = Text("Ngày", "Day")
SHARE = Text("Có kết nối", "Connected")
GOAL = Text("mục tiêu {percent} %", "goal {percent}%")

# documents
DOCUMENTS = Text("Văn bản để ký", "The document to sign")
DOCUMENTS_NOTE = Text(
    "Về {period}. Lập mất vài giây; bản PDF để ký, bản DOCX để sửa, bảng XLSX là phụ lục.",
    "About {period}. Made in a few seconds; PDF to sign, DOCX to edit, XLSX as the annex.",
)
FILES: Mapping[str, Text] = {
    "bao-cao": Text("Báo cáo thiết bị và kết nối", "Report on equipment and connectivity"),
    "to-trinh": Text("Tờ trình mua sắm", "Proposal of purchases"),
    "phu-luc": Text("Phụ lục số liệu", "Annex with all numbers"),
}
DOWNLOAD = Text("Tải {name}, tệp {format}", "Download {name} as {format}")

# the plan
COVERED = Text("Nhu cầu được giải quyết", "Need covered")
COST = Text("Tổng chi", "Cost")
ACTIONS_COUNT = Text("Số việc", "Actions")
STEPS = Text(
    "Kinh phí ít đi 10 %: giải quyết {less} % nhu cầu. Nhiều hơn 10 %: {more} %.",
    "With 10% less money: {less}% of the need covered. With 10% more: {more}%.",
)
BY_YEAR = Text("Theo năm học", "By school year")
YEAR = Text("Năm học {year}", "School year {year}")
YEAR_MONEY = Text("chi {spent} trong {budget}, còn {left}", "{spent} of {budget}, {left} left")
NOTHING_PLANNED = Text("Không có việc nào trong năm này.", "Nothing is planned in this year.")
DEVICE = Text("Thiết bị", "Asset")
WORK = Text("Việc và giá", "What is done, and its price")
REASONS = Text("Lý do", "Why")
UPGRADE_REASONS = Text("Lý do cần xử lý", "Why something should be done")
SETTLED = Text("đã chọn trước", "settled")
WARNING = Text("Cần xem lại trước khi ký", "To be looked at before signing")
NEXT = Text("Thêm {money} trong năm học {year} sẽ mua được", "What {money} more would buy in {year}")
NOTHING_MORE = Text("Không làm được gì thêm.", "Nothing more.")
OLD_BUT_FINE = Text("Cũ nhưng còn tốt", "Old but fine")
OLD_NOTE = Text("Quá thời gian sử dụng, đo được và khỏe.", "Past their useful life, measured, healthy.")
NEW_BUT_FAILING = Text("Mới nhưng có dấu hiệu hỏng", "New but failing")
NEW_NOTE = Text("Chưa dùng hết nửa thời gian sử dụng.", "Younger than half of their useful life.")
LEFT_OUT = Text("Có nhu cầu mà chưa có trong kế hoạch", "In need, but not in the plan")
NOBODY = Text("Không có thiết bị nào.", "None.")
ALL_REASONS = Text("Từng thiết bị: lý do và các cách xử lý", "Each asset: reasons and options")
ALL_NOTE = Text(
    "Nhu cầu lớn nhất trước. Mở một thiết bị để xem, và để thử: chọn một cách xử lý, hoặc loại nó khỏi kế hoạch.",
    "The greatest need first. Open one to see it, and to try: settle an option, or leave the asset out.",
)
PLAN_SAYS = Text("Kế hoạch", "The plan")
IN_PLAN = Text("{done}: {why}", "{done}: {why}")
NO_ACTION = Text("Không làm gì: {why}", "Nothing: {why}")
TRY = Text("Thử chọn cho năm {year}", "Try in {year}")
TRY_ON = Text("Thử {done} cho {tag} năm {year}", "Try {done} for {tag} in {year}")
LEAVE_OUT = Text("Thử loại {tag} khỏi kế hoạch", "Try without {tag}")
AND_MORE = Text("Còn {count} thiết bị nữa; API có đủ.", "{count} more; the API has all.")

# what if
WHAT_IF = Text("Nếu thì sao?", "What if?")
WHAT_IF_NOTE = Text(
    "Chỉ để thử: không lưu gì; mọi điều đã chọn nằm trong địa chỉ trang, gửi địa chỉ là người khác xem được.",
    "For trying only: nothing is stored. All that is chosen stands in the page's address, which you can share.",
)
MONEY_PERCENT = Text("Kinh phí", "Money")
PERCENTS: Mapping[int, Text] = {
    90: Text("ít đi 10 %", "10% less"),
    100: Text("như đã ghi", "as written"),
    110: Text("nhiều hơn 10 %", "10% more"),
}
OTHER_PERCENT = Text("{percent} % của số đã ghi", "{percent}% of what is written")
MONEY_EACH = Text("Hoặc mỗi năm học (đồng)", "Or each school year (VND)")
ROOM_FIRST = Text("Ưu tiên phòng", "A room first")
EXCLUDE = Text("Loại thiết bị", "Leave an asset out")
PIN = Text("Chọn trước cho thiết bị", "Settle for an asset")
PIN_ACTION = Text("việc", "action")
PIN_YEAR = Text("năm học", "school year")
CHOOSE = Text("không chọn", "none")
CALCULATE = Text("Tính lại", "Calculate")
WISHED = Text("Đang thử", "Being tried")
WISHED_ROOM = Text("ưu tiên {room}", "{room} first")
WISHED_EXCLUDED = Text("loại {tag}", "without {tag}")
WISHED_PIN = Text("{tag}: {action}, năm học {year}", "{tag}: {action} in {year}")
WISHED_PERCENT = Text("kinh phí {percent} %", "{percent}% of the money")
WISHED_BUDGET = Text("mỗi năm học {money}", "{money} each school year")
TAKE_BACK = Text("Bỏ: {wish}", "Take back: {wish}")
TAKE_ALL_BACK = Text("Trở lại kế hoạch", "Back to the plan")
CHANGES = Text("So với kế hoạch không thay đổi", "Against the plan without these")
CHANGE_COVERED = Text("nhu cầu được giải quyết", "need covered")
CHANGE_COST = Text("chi phí", "cost")
NO_CHANGE = Text("Không có việc nào thay đổi.", "No action changes.")
ADDED = Text("Thêm", "Comes")
DROPPED = Text("Bỏ", "Goes")
MOVED = Text("Đổi năm", "Another year")


BAD_PERIOD = Text("không phải là một kỳ báo cáo", "it is no period")
PERIOD_HINT = Text(
    "Viết tháng 2026-11, học kỳ 2026-2027-1 hoặc năm học 2026-2027; kỳ đó phải đã bắt đầu.",
    "Write a month 2026-11, a term 2026-2027-1 or a school year 2026-2027 that has begun.",
)
NO_FILE = Text("Không có văn bản «{name}».", "There is no document “{name}”.")
NO_FILE_HINT = Text(
    "Có: bao-cao, to-trinh (.pdf, .docx) và phu-luc (.xlsx), ví dụ bao-cao-2026-11-vi.pdf.",
    "There are bao-cao and to-trinh (.pdf, .docx) and phu-luc (.xlsx), like bao-cao-2026-11-vi.pdf.",
)
NO_ASSETS = Text("Sổ tài sản của trường còn trống.", "The school's register is empty.")
NO_ASSETS_HINT = Text(
    "Nhập danh mục: `sonca inventory import assets.xlsx`. Chưa có tài sản thì chưa có kế hoạch.",
    "Import a list: `sonca inventory import assets.xlsx`. Without assets there is no plan.",
)
