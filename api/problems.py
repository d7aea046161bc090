"""What the API answers when it cannot do what was asked: one shape, with a sentence and what to do."""

from collections.abc import Iterable, Mapping
from typing import Any

from api.text import Text

NOT_FOUND = Text("Không có trang này.", "There is no such page.")
NOT_FOUND_HINT = Text("Bắt đầu lại từ trang chính: /", "Start again from the main page: /")
WRONG_METHOD = Text("Địa chỉ này không nhận kiểu yêu cầu đó.", "This address does not take that kind of request.")
WRONG_METHOD_HINT = Text("/docs kể mỗi địa chỉ nhận GET, POST hay PATCH.", "/docs says which takes GET, POST or PATCH.")
BAD_FORM = Text("Không đọc được biểu mẫu gửi lên.", "The form that was sent cannot be read.")
BAD_FORM_HINT = Text("Tải lại trang rồi gửi lại.", "Load the page again, then send it once more.")
STORE_AWAY = Text("Chưa đọc được kho dữ liệu.", "The data store cannot be read now.")
STORE_AWAY_HINT = Text(
    "Bộ thu thập (sonca collector) tạo kho này khi khởi động: xem nó có đang chạy không. Trang tự thử lại.",
    "The collector (sonca collector) makes it when it starts: see whether it runs. This page tries again by itself.",
)
BROKEN = Text("Máy chủ SonCa gặp lỗi khi trả lời.", "The SonCa server failed while answering.")
BROKEN_HINT = Text("Xem nhật ký của sonca api.", "The log of sonca api says more.")
UNKNOWN_SITE = Text("Không có điểm trường «{name}».", "There is no site “{name}”.")
UNKNOWN_ROOM = Text("Không có phòng «{name}».", "There is no room “{name}”.")
UNKNOWN_DEVICE = Text("Không có thiết bị «{name}».", "There is no device “{name}”.")
KNOWN_NAMES = Text("Có: {names}.", "There are: {names}.")
NO_NAMES = Text("Chưa có mục nào.", "There are none yet.")

_UNKNOWN = {"site": UNKNOWN_SITE, "room": UNKNOWN_ROOM, "device": UNKNOWN_DEVICE}
_NAMES_SHOWN = 12


class Problem(Exception):
    """Becomes an answer with this HTTP status: `word` is for programs, `sentence` and `hint` are for people."""

    def __init__(self, status: int, word: str, sentence: Text, hint: Text, **values: Any) -> None:
        super().__init__(word)
        self.status = status
        self.word = word
        self.sentence = sentence
        self.hint = hint
        self.values: Mapping[str, Any] = values


def no_such(kind: str, name: str, known: Iterable[str]) -> Problem:
    """404 for a site, room or device; the hint names those that exist."""
    names = list(known)
    listed = ", ".join(names[:_NAMES_SHOWN]) + (", …" if len(names) > _NAMES_SHOWN else "")
    hint = KNOWN_NAMES if names else NO_NAMES
    return Problem(404, f"unknown_{kind}", _UNKNOWN[kind], hint, name=name[:60], names=listed)
