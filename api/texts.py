"""The words of the pages, in the order in which they stand there."""

from api.text import Text

PRODUCT = Text("Sơn Ca", "SonCa")
SKIP = Text("Tới nội dung chính", "Skip to the main content")
SCHOOLS = Text("Trường trên máy chủ này", "Schools on this server")
LANGUAGE = Text("Ngôn ngữ", "Language")
SIMULATED = Text("Mô phỏng", "Simulated")
SIMULATED_BANNER = Text(
    "Trường này là MÔ PHỎNG: mọi phòng, máy và số liệu đều do chương trình tạo ra, không có thật.",
    "This school is SIMULATED: every room, device and number was made up by a program; nothing here is real.",
)
NOTICES = Text("Thông báo", "Notices")
LIVE = Text("Trực tiếp", "Live")
NOT_LIVE = Text("Tự tải lại mỗi 30 giây", "Reloads every 30 seconds")
UPDATED_AT = Text("cập nhật lúc {time}", "updated at {time}")
LINE_LOST = Text(
    "Mất liên lạc với máy chủ Sơn Ca: trang này đang đứng yên. Đang thử nối lại…",
    "Lost the SonCa server: this page stands still. Trying again…",
)

# the glance
CONNECTED_OF = Text("{part}/{whole} phòng học có kết nối", "{part} of {whole} classrooms connected")
NO_CLASSROOMS = Text("Tệp của trường chưa có phòng học nào", "The school file lists no classroom yet")
NOW = Text("Ngay lúc này", "Right now")
CONNECTED_ROOMS = Text("phòng học có kết nối", "classrooms connected")
TODAY = Text("Giờ học hôm nay", "Lessons today")
TODAY_NOTHING = Text("chưa có giờ học", "no lesson yet")
TODAY_SHARE = Text("thời gian có kết nối", "of the time connected")
LESSON_ON = Text("Đang trong giờ học", "Lessons are on")
LESSON_OFF = Text("Ngoài giờ học", "Outside lesson time")
LOOK_FIRST = Text("Cần xem trước", "Look here first")
ALL_CLEAR = Text("Không phòng nào cần xem.", "No room needs a look.")
SERVICE_DOWN = Text("Không phòng nào vào được {name}", "No room reaches {name}")
SINCE = Text("từ {time} ({length})", "since {time} ({length})")

# rooms
ROOMS = Text("Các phòng", "Rooms")
TIMELINE_KEY = Text(
    "Dải nhỏ: 4 giờ qua, mỗi vạch 5 phút, vạch cao là tốt; gạch dưới là giờ học.",
    "Small strip: the last 4 hours, one bar each 5 minutes, higher is better; underlined is lesson time.",
)
NOT_A_CLASSROOM = Text("không tính là phòng học", "not counted as a classroom")
DEVICES_OF = Text("Thiết bị của {room}", "Devices of {room}")
NO_ROOMS = Text(
    "Chưa có phòng nào. Ghi phòng và máy vào school.yaml; trang sẽ tự cập nhật.",
    "No rooms yet. Write rooms and devices into school.yaml; this page follows by itself.",
)

# services
SERVICES = Text("Dịch vụ theo phòng", "Services by room")
SERVICES_NOTE = Text(
    "Phòng nào vào được dịch vụ nào, theo lần thử gần nhất (mỗi 5 phút).",
    "Which room reaches which service, by the latest try (every 5 minutes).",
)
ROOM = Text("Phòng", "Room")

# devices outside of rooms, changes
UNASSIGNED = Text("Máy chưa xếp phòng", "Devices not assigned to a room")
UNASSIGNED_NOTE = Text(
    "Các máy này đang báo về nhưng chưa có trong school.yaml: thêm tên máy vào phòng của nó.",
    "These report but stand in no room of school.yaml: add each to its room.",
)
CHANGES = Text("Thay đổi trong 24 giờ qua", "Changes in the last 24 hours")
NO_CHANGES = Text("Không có thay đổi nào.", "Nothing changed.")
FIRST_HEARD = Text("lần đầu", "first heard")

# device and room pages
BACK = Text("Tất cả các phòng", "All rooms")
DEVICE = Text("Thiết bị", "Device")
KIND = Text("Loại", "Kind")
PRESENCE = Text("Hiện diện", "Presence")
LAST_SEEN = Text("Báo lần cuối", "Last heard")
SOFTWARE = Text("Phiên bản SonCa", "SonCa version")
REPORTED_BY = Text("Được theo dõi bởi", "Watched by")
NO_ROOM = Text("chưa xếp phòng", "not assigned")
LAST_DAY = Text("Một ngày qua", "The last day")
LAST_MONTH = Text("30 ngày qua", "The last 30 days")
NO_MEASUREMENTS = Text("Thiết bị này chưa có số đo nào.", "Nothing has been measured on this device yet.")
NOTHING_THAT_DAY = Text("Không có số đo nào trong 24 giờ qua.", "Nothing was measured in the last 24 hours.")
LIMIT = Text("giới hạn", "limit")
READ_CHART = Text("Xem theo thời điểm: {title}", "Read the chart: {title}")
NO_LOSS = Text("Không mất gói nào tới: {names}.", "No packets lost to: {names}.")
LATEST = Text("Số đo mới nhất", "Latest measurements")
MEASURED = Text("Đo", "Measured")
VALUE = Text("Giá trị", "Value")
TARGET = Text("Đích", "Target")
OUTCOME = Text("Kết quả", "Outcome")
TIME = Text("Lúc", "At")
BLIND = Text("không rõ: máy đang mất mạng", "unknown: this PC was offline")
EQUIPMENT = Text("Thiết bị gồm những gì", "What it is made of")
NO_EQUIPMENT = Text("Chưa nhận bản kê thiết bị.", "No equipment report yet.")
EQUIPMENT_TAKEN = Text("Bản kê lúc {time}", "Reported at {time}")
JUNK = Text("chữ điền sẵn của hãng, không dùng để nhận diện", "the maker's placeholder, identifies nothing")
PRESENCE_HISTORY = Text("Bật tắt trong 7 ngày qua", "Presence in the last 7 days")
ROOM_HISTORY = Text("Thay đổi trong 7 ngày qua", "Changes in the last 7 days")
ROOM_TODAY = Text("24 giờ qua", "The last 24 hours")
TIMELINE_LONG_KEY = Text(
    "Mỗi vạch 5 phút; vạch cao là tốt; gạch dưới là giờ học.",
    "One bar each 5 minutes; higher is better; underlined is lesson time.",
)

# health of devices
HEALTHS_OF = Text("Thiết bị của {room} và tình trạng", "Devices of {room} and how they are")
HEALTH_OF_DEVICE = Text("Tình trạng thiết bị", "How it is")
NO_SIGNS = Text("Chưa có gì để đánh giá tình trạng.", "Nothing is known about its health yet.")

# the network
NETWORK = Text("Mạng của trường", "The school's network")
WHO_IS_THERE = Text("Ai đang ở trong mạng của trường", "Who is on the school's network")
NO_SENTINEL = Text(
    "Chưa máy nào canh mạng: bật mục network trong agent.yaml của một máy luôn mở.",
    "Nobody watches the network yet: switch on network in the agent.yaml of a PC that is always on.",
)
UNKNOWN_DEVICES = Text("Thiết bị lạ", "Unknown devices")
UNKNOWN_NOTE = Text(
    "Thiết bị của trường thì ghi vào school.yaml (macs); thiết bị lạ thì tìm và rút ra. Máy vắng lâu được quên đi.",
    "Write the school's own into school.yaml (macs); find and unplug the others. Those that stay away are forgotten.",
)
KNOWN_DEVICES = Text("Thiết bị đã biết", "Known devices")
ADDRESS = Text("Địa chỉ IP", "IP address")
VENDOR = Text("Hãng", "Maker")
NO_VENDOR = Text("không rõ", "not known")
MAC = Text("Địa chỉ MAC", "MAC address")
FIRST_SEEN = Text("Thấy lần đầu", "First seen")
LAST_SEEN_THERE = Text("Thấy lần cuối", "Last seen")
THERE = Text("đang có mặt", "there now")

# problems, footer, API page
PROBLEM = Text("Chưa xem được", "Cannot be shown")
API_DOCS = Text("Tài liệu API", "API documentation")
HEALTH = Text("Tình trạng máy chủ", "Server health")
FOOTER = Text(
    "Sơn Ca chạy trên máy chủ của trường; không gửi gì ra ngoài.",
    "SonCa runs on the school's own server; nothing leaves it.",
)
