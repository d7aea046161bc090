"""The words of the register's pages, in the order in which they stand there."""

from collections.abc import Mapping

from api.text import Text

# the frame of all of them
REGISTER = Text("Sổ tài sản", "Equipment register")
REGISTER_PAGES = Text("Các trang của sổ tài sản", "Pages of the register")
ASSETS = Text("Tài sản", "Assets")
NEW_ASSET = Text("Thêm tài sản", "Add an asset")
IMPORT = Text("Nhập danh sách", "Import a list")
MATCHING = Text("Hàng chờ ghép thiết bị", "Devices waiting")
STOCKTAKE = Text("Kiểm kê", "Stocktake")
LIVE_PAGE = Text("Trang trực tiếp", "Live page")
DONE: Mapping[str, Text] = {
    "saved": Text("Đã ghi vào sổ.", "Written into the register."),
    "unchanged": Text("Không có gì thay đổi.", "Nothing was changed."),
    "imported": Text("Đã nhập toàn bộ danh sách.", "The whole list was imported."),
    "decided": Text("Đã ghi quyết định và ghép lại.", "The decision is kept, and devices were matched anew."),
    "started": Text(
        "Đã bắt đầu kiểm kê; những gì mạng đã thấy được điền sẵn.",
        "The stocktake has begun; what the network saw is filled in.",
    ),
    "marked": Text("Đã ghi nhận.", "Noted."),
    "closed": Text("Đã đóng đợt kiểm kê.", "The stocktake is closed."),
    "role": Text("Đã ghi nhớ vai trò.", "The role is remembered."),
}
SIGNED = Text("Nhật ký sẽ ghi: {who}", "The log will say: {who}")
ROLE = Text("Vai trò của bạn (không ghi tên)", "Your role (no name)")
ROLE_HINT = Text(
    "Chưa có tài khoản: Sơn Ca không kiểm tra được ai đang ngồi máy, nhật ký chỉ ghi «web» và vai trò tự khai này.",
    "There are no accounts yet: SonCa cannot know who sits here, the log only says “web” and the role given here.",
)
REMEMBER = Text("Ghi nhớ", "Remember")

# the list
SEARCH = Text("Tìm", "Search")
SEARCH_HINT = Text("mã, tên, hãng, kiểu, số sê-ri, ghi chú; không cần dấu", "tag, name, maker, model, serial, note")
ANY = Text("tất cả", "any")
ON_THE_BOOKS = Text("còn trong sổ", "on the books")
EVEN_GONE = Text("kể cả đã ghi giảm", "even those that left")
NO_ROOM = Text("không ghi phòng", "no room")
SHOW = Text("Lọc", "Show")
CLEAR = Text("Bỏ lọc", "Show all")
FOUND = Text("{count} tài sản", "{count} assets", one="{count} asset")
WORTH = Text("tổng nguyên giá {money}", "{money} in all")
WITHOUT_COST = Text("{count} tài sản chưa ghi nguyên giá", "{count} without a cost", one="{count} without a cost")
NOTHING_FOUND = Text("Không có tài sản nào như vậy.", "There is no such asset.")
EMPTY_REGISTER = Text(
    "Sổ còn trống. Nhập danh sách của trường, hoặc thêm từng tài sản.",
    "The register is empty. Import the school's list, or add assets one by one.",
)
DOWNLOAD = Text("Tải về danh sách này", "Download this list")
LABELS = Text("Nhãn QR (PDF)", "QR labels (PDF)")
SORTED_UP = Text("tăng dần", "ascending")
SORTED_DOWN = Text("giảm dần", "descending")
PAGES = Text("Các trang của danh sách", "Pages of the list")
PAGE = Text("Trang {number}", "Page {number}")
NO_REPORTS = Text(
    "Máy chủ chưa cài phần in tài liệu.", "The part that prints documents is not installed on the server."
)
NO_REPORTS_HINT = Text(
    "Trên máy chủ, chạy: pip install 'sonca[reports]'", "On the server, run: pip install 'sonca[reports]'"
)

# one asset
EDIT = Text("Sửa", "Edit")
EDIT_OF = Text("Sửa {tag}", "Edit {tag}")
REGISTERED_AND_SEEN = Text("Trong sổ và đã thấy", "Registered and seen")
IN_REGISTER = Text("Trong sổ", "Registered")
SEEN = Text("Đã thấy", "Seen")
AGREES = Text("So sánh", "Agreement")
IS_DEVICE = Text("Là thiết bị", "Is the device")
SCORE = Text("{score} điểm", "{score} points")
LINKED_SINCE = Text("nối từ {time}", "linked since {time}")
WHY = Text("Vì sao", "Why")
NOT_LINKED = Text("Chưa nối với thiết bị nào mà mạng thấy.", "Not linked with any device that is seen on the network.")
NOT_LINKED_YET = Text("chưa ghép với tài sản nào", "no asset yet")
NO_REPORT = Text("Thiết bị chưa gửi bản kê.", "The device sent no equipment report yet.")
REGISTERED_FIELDS = Text("Đã ghi trong sổ", "In the register")
LIFE = Text("Thời gian sử dụng", "Useful life")
LIFE_ENDS = Text("đến {day}, hao mòn {percent} % mỗi năm", "until {day}, {percent}% wears each year")
LIFE_OPEN = Text("hao mòn {percent} % mỗi năm", "{percent}% wears each year")
LIFE_UNKNOWN = Text("chưa tính được: xem sổ kế toán", "cannot be told: see the asset books")
NOT_WRITTEN = Text("chưa ghi", "not written down")
GROUPS: Mapping[str, Text] = {
    "what": Text("Tài sản", "The asset"),
    "where": Text("Nơi dùng và tình trạng", "Where and how it is"),
    "bought": Text("Mua sắm", "Purchase"),
    "gone": Text("Ghi giảm", "Disposal"),
}
MOVE_STATUS = Text("Đổi trạng thái", "Change the status")
MOVE = Text("Đổi", "Change")
MOVE_NOWHERE = Text("Trạng thái này là cuối cùng.", "This status is final.")
NEEDS_DOCUMENT = Text("{status} (cần chứng từ)", "{status} (needs a document)")
HISTORY = Text("Lịch sử", "History")
STAYS = Text("Các phòng đã ở", "Rooms it stood in")
STAY = Text("{room}: từ {since} đến {until}", "{room}: from {since} until {until}")
STAY_NOW = Text("{room}: từ {since} tới nay", "{room}: since {since}")
EMPTIED = Text("(trống)", "(empty)")
DOCUMENT_OF = Text("chứng từ {document}", "document {document}")

# the form
FORM_NEEDS = Text(
    "Chưa ghi được: sửa {count} ô dưới đây.",
    "Not written: correct {count} fields.",
    one="Not written: correct {count} field.",
)
YOU_HAD = Text("trong biểu mẫu của bạn: {value}", "in your form: {value}")
NOTHING_TYPED = Text("để trống", "empty")
BY_DOCUMENT = Text("Theo chứng từ (ghi vào nhật ký)", "By which document (for the log)")
SAVE = Text("Ghi vào sổ", "Save")
CANCEL = Text("Thôi", "Cancel")
MONEY_HINT = Text("số đồng, ví dụ 13.500.000", "in đồng, like 13500000")
DAY_HINT = Text("ngày/tháng/năm, ví dụ 05/09/2023", "like 2023-09-05")
GONE_HINT = Text("Chỉ điền khi ghi giảm hoặc điều chuyển.", "Only for what is disposed of or transferred.")
FROM_DEVICE = Text("Điền sẵn từ thiết bị {device}.", "Filled in from the device {device}.")

# import
IMPORT_NOTE = Text(
    "Excel (.xlsx), CSV hoặc YAML, tiêu đề tiếng Việt hoặc tiếng Anh. Xem trước từng dòng; "
    "chỉ ghi khi bạn xác nhận, và ghi cả danh sách hoặc không ghi gì.",
    "Excel (.xlsx), CSV or YAML, with Vietnamese or English headers. See row by row first; "
    "it is written only when you confirm, the whole list or nothing.",
)
FILE = Text("Tệp danh sách", "The list's file")
NO_FILE = Text("Chưa chọn tệp nào.", "No file was chosen.")
NO_FILE_HINT = Text("Chọn tệp .xlsx, .csv hoặc .yaml.", "Choose an .xlsx, .csv or .yaml file.")
DRY_RUN = Text("Xem trước", "Dry run")
DRY_RUN_OF = Text("Xem trước {file}", "Dry run of {file}")
NOTHING_WRITTEN_YET = Text("Chưa ghi gì vào sổ.", "Nothing is written yet.")
REFUSED_ROWS = Text(
    "{count} dòng bị từ chối nên không nhận dòng nào.",
    "{count} rows are refused, so none is taken.",
    one="{count} row is refused, so none is taken.",
)
WOULD_CHANGE = Text(
    "{new} tài sản mới, {changed} thay đổi, {unchanged} giữ nguyên.",
    "{new} new, {changed} changed, {unchanged} as they were.",
)
ROW = Text("Dòng", "Row")
COLUMN = Text("Cột", "Column")
FOUND_VALUE = Text("Giá trị", "Value")
WRONG = Text("Sai ở đâu, sửa thế nào", "What is wrong, what to do")
WHAT_HAPPENS = Text("Sẽ ghi", "Will be written")
NEW = Text("mới", "new")
CHANGED = Text("sửa", "changed")
CONFIRM = Text("Xác nhận: ghi tất cả {count} dòng", "Confirm: write all {count} rows", one="Confirm: write {count} row")
REGISTER_MOVED = Text(
    "Sổ đã thay đổi từ lúc xem trước; đây là bản xem trước mới.",
    "The register has changed since; this is a new dry run.",
)
NOTHING_TO_CHANGE = Text("Sổ đã giống hệt danh sách này.", "The register is the same as this list already.")

# the matching queue
QUEUE_NOTE = Text(
    "Thiết bị mà mạng thấy nhưng bằng chứng chưa đủ hoặc trái ngược. Quyết định của bạn đứng trên mọi bằng chứng.",
    "Devices that are seen, with evidence that is weak or speaks against itself. Your word goes before all evidence.",
)
QUEUE_EMPTY = Text("Không có thiết bị nào chờ quyết định.", "No device waits for a decision.")
UNREGISTERED = Text("Đã thấy nhưng chưa có trong sổ", "Seen, but not registered")
UNREGISTERED_NOTE = Text("Không tài sản nào giống các thiết bị này.", "No asset looks like these.")
COULD_BE = Text("Có thể là {tag}", "Could be {tag}")
ACCEPT = Text("Đúng là {tag}", "It is {tag}")
REFUSE = Text("Không phải {tag}", "It is not {tag}")
IS_ANOTHER = Text("Là tài sản khác: mã", "Is another asset: tag")
DECIDE = Text("Quyết định", "Decide")
NOT_OURS = Text("Không phải của trường", "Not the school's")
CLONES = Text("Trùng danh tính", "One identity, several devices")
LINKED = Text("Đã ghép", "Linked")
DECISIONS = Text("Đã quyết định", "Decided")
NO_DECISIONS = Text("Chưa ai quyết định gì.", "Nobody decided anything yet.")
VERDICTS: Mapping[str, Text] = {
    "same": Text("là {tag}", "is {tag}"),
    "different": Text("không phải {tag}", "is not {tag}"),
    "not_ours": Text("không phải của trường", "is not the school's"),
}

# stocktakes
STOCKTAKE_NOTE = Text(
    "Bắt đầu một đợt: những gì mạng thấy trong 14 ngày qua được điền sẵn, "
    "phần còn lại đi tìm và đánh dấu, trên điện thoại cũng được.",
    "Begin one: what the network saw in the last 14 days is filled in; find the rest and mark it, on a telephone too.",
)
START = Text("Bắt đầu kiểm kê", "Begin a stocktake")
STOCKTAKES = Text("Các đợt kiểm kê", "Stocktakes")
NO_STOCKTAKES = Text("Chưa có đợt kiểm kê nào.", "There was no stocktake yet.")
STOCKTAKE_NUMBER = Text("Kiểm kê đợt {number}", "Stocktake {number}")
STARTED = Text("bắt đầu {time} bởi {who}", "begun at {time} by {who}")
ENDED = Text("đóng lúc {time}", "closed at {time}")
STILL_GOING = Text("đang mở", "open")
MARK_SEEN = Text("Ghi nhận một nhãn", "Note a label")
TAG_SEEN = Text("Mã trên nhãn", "Tag on the label")
IN_ROOM = Text("Ở phòng", "In room")
REMARK = Text("Ghi chú", "Remark")
MARK = Text("Ghi nhận", "Note it")
ONLY_ROOM = Text("Chỉ xem phòng", "Only this room")
IS_HERE = Text("Có, ở {room}", "It is in {room}")
IS_HERE_ROOMLESS = Text("Có", "It is here")
IS_ELSEWHERE = Text("Ở phòng này", "It is there")
ELSEWHERE = Text("{tag} đang ở phòng khác", "{tag} is in another room")
IS_MISSING = Text("Không tìm thấy", "Not found")
REGISTERED_IN = Text("sổ: {room}", "registered: {room}")
SEEN_IN = Text("thấy ở {room}, {time}, {by}", "seen in {room}, {time}, {by}")
SEEN_SOMEWHERE = Text("thấy lúc {time}, {by}", "seen at {time}, {by}")
LOOKED_FOR = Text("đã tìm lúc {time}, {by}", "looked for at {time}, {by}")
BY_AGENT = Text("mạng thấy", "by the network")
NO_SUCH_ASSET = Text("không có trong sổ", "not registered")
CLOSE = Text("Đóng đợt kiểm kê", "Close the stocktake")
CLOSE_NOTE = Text("Sau khi đóng không ghi thêm được nữa.", "Nothing can be added afterwards.")
SHEET = Text("Biên bản C53-HD (.xlsx)", "Difference sheet C53-HD (.xlsx)")
NONE_OF_THESE = Text("Không có.", "None.")
OF_ROOM = Text("Tài sản của phòng này", "Assets of this room")

# the lines of accounting forms
BUDGET_CODE = Text("Mã QHNS của trường", "The school's code in the state budget (Mã QHNS)")
UNIT = Text("Tên đơn vị", "Name of the school")
SUPERIOR = Text("Cơ quan cấp trên (nếu ghi)", "The body above it (may be left out)")
NO_BUDGET_CODE = Text("Biểu mẫu kế toán cần mã QHNS của trường.", "Accounting forms need the school's Mã QHNS.")
NO_BUDGET_CODE_HINT = Text(
    "Điền mã vào ô cạnh nút tải về (tham số `budget_code`), hoặc ghi khóa `budget_code` vào tệp {file}.",
    "Write it into the field beside the download button (the parameter `budget_code`), "
    "or as the key `budget_code` into the file {file}.",
)
FROM_REPORT_FILE = Text(
    "Điền sẵn theo tệp {file}: khóa `budget_code` và `vietnamese`.",
    "Filled in by the file {file}: its keys `budget_code` and `vietnamese`.",
)
INTO_REPORT_FILE = Text(
    "Ghi mã vào khóa `budget_code` của tệp {file} thì lần sau khỏi phải điền.",
    "Written as the key `budget_code` into the file {file} it need not be filled in again.",
)

# the asset books
BOOKS = Text("Sổ kế toán", "Asset books")
BOOKS_OF = Text("Sổ tài sản cố định năm {year}", "Books of fixed assets of {year}")
BOOKS_NOTE = Text(
    "Tính đến hết ngày 31/12/{year}, theo nguyên giá và ngày đưa vào sử dụng ghi trong sổ. Xem được mọi năm, đã qua "
    "hay sắp tới.",
    "As of 31 December {year}, by cost and day of use as they are registered. Any year can be seen, past or future.",
)
YEAR = Text("Năm", "Year")
CATEGORY = Text("Loại tài sản", "Category")
COUNT = Text("Số lượng", "Number")
WORN_THIS_YEAR = Text("Hao mòn trong năm", "Wear of the year")
WORN = Text("Hao mòn lũy kế", "Worn in all")
LEFT = Text("Giá trị còn lại", "Value left")
TOTAL = Text("Tổng cộng", "Total")
NO_FIXED_ASSETS = Text("Năm này chưa có tài sản cố định nào.", "There is no fixed asset in this year.")
GONE_IN_YEAR = Text(
    "{count} tài sản ghi giảm trong năm: có trong S24-H, không có trong C55-HD và bảng này.",
    "{count} assets left the books in this year: they are in S24-H, not in C55-HD and this table.",
    one="{count} asset left the books in this year: it is in S24-H, not in C55-HD and this table.",
)
TOOLS = Text(
    "{count} công cụ dụng cụ có nguyên giá dưới {money}: không tính hao mòn.",
    "{count} items cost less than {money}: they are no fixed assets and do not wear.",
    one="{count} item costs less than {money}: it is no fixed asset and does not wear.",
)
INCOMPLETE = Text(
    "{count} tài sản chưa vào sổ vì thiếu nguyên giá hoặc ngày đưa vào sử dụng, sửa tại đây:",
    "{count} assets are not in the books, as their cost or day of use is missing. Write it down here:",
    one="{count} asset is not in the books, as its cost or day of use is missing. Write it down here:",
)
UNVERIFIED = Text(
    "Thời gian sử dụng của từng loại chưa được đối chiếu với văn bản gốc: kế toán xem lại trước khi ký.",
    "How long each category lasts was not held against the circular itself: an accountant should look before signing.",
)
PRINT_AND_SIGN = Text("Tải về để in và ký", "To print and sign")
BOTH_BOOKS = Text("Sổ S24-H và bảng C55-HD (.xlsx)", "S24-H and C55-HD (.xlsx)")
