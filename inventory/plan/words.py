"""The sentences of reasons, actions and answers, in both languages."""

from collections.abc import Iterable, Mapping
from datetime import date

from inventory.phrase import Phrase
from inventory.plan.options import Action, Option
from inventory.plan.reasons import Reason
from inventory.plan.rules import ReasonCode
from inventory.text import Text

REASONS: Mapping[ReasonCode, Text] = {
    "memory": Text(
        "bộ nhớ đầy trên {full} % trong {percent} % thời gian học của {days} qua",
        "memory above {full} % in {percent} % of lesson minutes over {days}",
    ),
    "disk_space": Text("ổ đĩa chỉ còn trống {percent} %", "only {percent} % of the disk is free"),
    "disk_errors": Text(
        "ổ đĩa có {count} cung hỏng", "{count} bad sectors on the disk", "{count} bad sector on the disk"
    ),
    "disk_failing": Text("ổ đĩa tự báo sắp hỏng (SMART)", "the disk says that it is failing (SMART)"),
    "disk_worn": Text("ổ SSD đã mòn {percent} %", "{percent} % of the SSD is worn"),
    "crashes": Text("{count} lần tắt đột ngột trong {days}", "{count} crashes in {days}", "{count} crash in {days}"),
    "restarts": Text(
        "{count} lần khởi động lại trong {days}",
        "{count} restarts in {days}",
        "{count} restart in {days}",
    ),
    "battery": Text("pin đã chai {percent} %", "{percent} % of the battery's capacity is gone"),
    "room": Text(
        "làm phòng mất kết nối tốt trong {percent} % thời gian học của {days} qua",
        "left its room without a good connection in {percent} % of lesson minutes over {days}",
    ),
    "wifi": Text(
        "sóng Wi-Fi yếu hơn -{weak} dBm trong {percent} % thời gian học của {days} qua",
        "Wi-Fi below -{weak} dBm in {percent} % of lesson minutes over {days}",
    ),
    "condition": Text("tình trạng trong sổ: {condition}", "condition in the register: {condition}"),
    "age": Text(
        "đã dùng {served} năm, quá thời gian sử dụng {years} năm",
        "in use for {served} years, past its useful life of {years}",
    ),
    "support": Text("{system} hết cập nhật bảo mật từ {ends}", "{system} has no security updates since {ends}"),
    "no_successor": Text(
        "{system} hết cập nhật bảo mật từ {ends}, máy không lên được Windows 11: {lacks}",
        "{system} has no security updates since {ends}, and the PC cannot run Windows 11: {lacks}",
    ),
    "disk_full": Text("ổ đĩa đã đầy", "the disk is full"),
    "lamp": Text(
        "bóng đèn đã cháy {hours} trên {expected} giờ dự kiến",
        "the lamp has burned {hours} of {expected} expected hours",
    ),
    "warranty": Text("hết bảo hành từ {ends}", "out of warranty since {ends}"),
}
# How a dated reason is said before its day has come.
AHEAD: Mapping[ReasonCode, Text] = {
    "age": Text(
        "dùng từ {since}, sẽ hết thời gian sử dụng {years} năm vào {begins}",
        "in use since {since}, reaches its useful life of {years} years on {begins}",
    ),
    "support": Text("{system} sẽ hết cập nhật bảo mật vào {ends}", "{system} gets security updates until {ends}"),
    "no_successor": Text(
        "{system} sẽ hết cập nhật bảo mật vào {ends}, máy không lên được Windows 11: {lacks}",
        "{system} gets security updates until {ends}, and the PC cannot run Windows 11: {lacks}",
    ),
    "disk_full": Text("ổ đĩa sẽ đầy vào {ends}, còn {days}", "the disk will be full on {ends}, in {days}"),
    "lamp": Text(
        "bóng đèn đã cháy {hours} trên {expected} giờ, sẽ hết vào khoảng {ends}",
        "the lamp has burned {hours} of {expected} hours and will end about {ends}",
    ),
    "warranty": Text("bảo hành đến {ends}", "under warranty until {ends}"),
}
_DAYS = Text("{count} ngày", "{count} days", "{count} day")

ACTIONS: Mapping[Action, Text] = {
    "keep": Text("giữ nguyên", "keep"),
    "repair": Text("sửa chữa, nâng cấp", "repair or upgrade"),
    "move": Text("điều chuyển", "move here"),
    "replace": Text("thay mới", "replace"),
    "dispose": Text("đề nghị thanh lý", "propose disposal"),
}
_MOVE = Text("điều chuyển {donor} đang để không tới đây", "bring {donor}, which stands idle")

# Answers of the plan.
PINNED = Text("do nhà trường chọn", "chosen by the school")
FREE = Text("giải quyết {percent} % nhu cầu mà không tốn tiền", "covers {percent} % of its need and costs nothing")
COVERS = Text(
    "giải quyết {percent} % nhu cầu, mỗi triệu đồng được {points} điểm",
    "covers {percent} % of its need, {points} points for each million",
)
PLANNED_ALREADY = Text("đã có trong kế hoạch năm học {year}", "is in the plan for {year}")
EXCLUDED = Text("nhà trường đã loại khỏi kế hoạch", "the school took it out of the plan")
NO_NEED = Text("không có lý do nào để nâng cấp", "there is no reason to upgrade it")
TOO_LITTLE_NEED = Text("nhu cầu quá nhỏ để mua mới", "its need is too small to buy anything new")
NO_OPTION = Text("chưa có cách nào trong bảng giá", "the price list has nothing for it")
OVER_CEILING = Text(
    "giá cao hơn mức tối đa {amount} đồng nên không tự đưa vào kế hoạch",
    "costs {amount} VND more than may be paid, so it is not planned by itself",
)
PINNED_OVER_CEILING = Text(
    "do nhà trường chọn dù giá cao hơn mức tối đa {amount} đồng",
    "chosen by the school although it costs {amount} VND more than may be paid",
)
BEYOND_EVERY_POT = Text(
    "cần {amount} đồng, nhiều hơn kinh phí của bất kỳ năm nào", "needs {amount} VND, more than any year has"
)
NO_MONEY_LEFT = Text(
    "cần {amount} đồng, kinh phí của năm còn nhiều nhất là {left} đồng",
    "needs {amount} VND, and the most that a year has left is {left}",
)
LESS_FOR_MONEY = Text(
    "mỗi triệu đồng chỉ được {points} điểm, các mục đã chọn được ít nhất {others} điểm",
    "a million covers {points} points here, and at least {others} where it is spent",
)


def sentence(reason: Reason, phrase: Phrase, today: date) -> str:
    """A reason as people read it, with its evidence: "bộ nhớ đầy trên 90 % trong 62 % thời gian học ..."."""
    ahead = AHEAD.get(reason.code) if reason.begins > today else None
    values = {**reason.values, "begins": reason.begins}
    if "days" in values:
        values["days"] = phrase(_DAYS, count=values["days"])
    return phrase(ahead or REASONS[reason.code], **values)


def because(reasons: Iterable[Reason], phrase: Phrase, today: date) -> str:
    """All of them in one line."""
    return "; ".join(sentence(reason, phrase, today) for reason in reasons)


def said(option: Option, phrase: Phrase) -> str:
    """An action as people read it: "thêm bộ nhớ, thay ổ SSD"."""
    if option.parts:
        return ", ".join(phrase(part.name) for part in option.parts)
    if option.donor:
        return phrase(_MOVE, donor=option.donor)
    return phrase(ACTIONS[option.action])
