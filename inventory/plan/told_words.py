"""The sentences in which a plan is told at a command line, in both languages."""

from inventory.text import Text

TITLE = Text("KẾ HOẠCH NÂNG CẤP {first} đến {last}", "UPGRADE PLAN {first} to {last}")
SIMULATED = Text("SỐ LIỆU MÔ PHỎNG, không phải của trường thật", "SIMULATED DATA, of no real school")
OF_SCHOOL = Text("{school}, theo số đo đến {day}", "{school}, by what was measured up to {day}")
YEAR = Text(
    "Năm học {year}: {count} việc, {spent} trong {budget}, còn {left}",
    "School year {year}: {count} actions, {spent} of {budget}, {left} left",
    "School year {year}: {count} action, {spent} of {budget}, {left} left",
)
ACTION = Text("{done}: {money}", "{done}: {money}")
POT = Text("{source}: chi {spent} trong {budget}, còn {left}", "{source}: {spent} of {budget}, {left} left")
POT_FOR = Text("{pot} (chỉ để {actions})", "{pot} (only to {actions})")
ONE_SOURCE = Text("nguồn khác", "another source")
FROM_SOURCE = Text("{line}, từ {source}", "{line}, from {source}")
BECAUSE = Text("lý do: {reasons}", "why: {reasons}")
TOTAL = Text(
    "Tổng cộng: {count} việc, {money}, giải quyết {percent} % nhu cầu.",
    "In all: {count} actions, {money}, {percent} % of the need covered.",
    "In all: {count} action, {money}, {percent} % of the need covered.",
)
GAP = Text(
    "Không có cách chia tiền nào khác hơn được quá {percent} %.",
    "No other way to spend this money covers more than {percent}% beyond this.",
)
ROUGH_GAP = Text(
    "Không có cách chia tiền nào khác hơn được quá {percent} %, theo một ước lượng thô.",
    "No other way to spend this money covers more than {percent}% beyond this, by a rough bound.",
)
STEPS = Text(
    "Kinh phí ít đi 10 %: giải quyết {less} %. Nhiều hơn 10 %: {more} %.",
    "With 10 % less money: {less} % covered. With 10 % more: {more} %.",
)
NEXT = Text("Thêm {money} trong năm học {year} sẽ làm được: {actions}.", "{money} more in {year} would do: {actions}.")
NOTHING_MORE = Text(
    "Thêm {money} trong năm học {year} không làm được gì thêm.", "{money} more in {year} would do nothing more."
)
OLD_BUT_FINE = Text("Cũ nhưng còn tốt ({count})", "Old but fine ({count})")
NEW_BUT_FAILING = Text("Mới nhưng có dấu hiệu hỏng ({count})", "New but failing ({count})")
NOT_PLANNED = Text("Có nhu cầu mà chưa có trong kế hoạch ({count})", "In need, but not in the plan ({count})")
AND_MORE = Text("... và {count} thiết bị nữa", "... and {count} more")
WARNINGS = Text("Cần xem lại trước khi ký", "To be looked at before signing")
CHANGED = Text(
    "So với kế hoạch không có các thay đổi này: {points} điểm nhu cầu, {money}.",
    "Against the plan without these wishes: {points} points of need, {money}.",
)
ADDED = Text("thêm: {actions}", "comes: {actions}")
DROPPED = Text("bỏ: {actions}", "goes: {actions}")
MOVED = Text("đổi năm: {actions}", "another year: {actions}")
MOVE = Text("{tag}: {before} thành {after}", "{tag}: {before} to {after}")

NO_REASON = Text("Không có lý do nào để nâng cấp.", "There is no reason to upgrade it.")
REASONS = Text("Lý do, nặng nhất trước:", "Reasons, the heaviest first:")
WEIGHT = Text("{percent} %", "{percent} %")
OPTIONS = Text("Các cách xử lý:", "What can be done:")
OPTION = Text("{done}: {money}, giải quyết {percent} % nhu cầu", "{done}: {money}, covers {percent} % of its need")
IN_PLAN = Text("Kế hoạch: {done} trong năm học {year}: {why}.", "The plan: {done} in {year}: {why}.")
NOT_IN_PLAN = Text("Kế hoạch: không làm gì: {why}.", "The plan: nothing: {why}.")
