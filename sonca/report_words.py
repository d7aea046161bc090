"""What writing, signing and checking a document say to a person, in both languages."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from inventory.phrase import Phrase
from inventory.text import Text

if TYPE_CHECKING:
    from inventory.report.verify import Signature

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

READING = Text("đang đọc số liệu {period} ...", "reading {period} ...")
SIGNED = Text("{file}: đã ký bởi {name}", "{file}: signed by {name}")
SELF_SIGNED = Text(
    "Khóa này tự ký: nó cho thấy tệp không bị sửa, nhưng không ai bảo đảm người ký là ai.",
    "The key is self-signed: it shows that the file did not change, but nobody vouches for who signed it.",
)
PASSWORD = Text("Mật khẩu của khóa: ", "Password of the key: ")
NOT_SIGNED = Text("{file}: chưa được ký", "{file}: is not signed")
SIGNATURE = Text(
    "{name} ký lúc {at} (theo đồng hồ của người ký): {state}; {trust}",
    "signed by {name} at {at} (the signer's clock): {state}; {trust}",
)
NO_TIME = Text("không rõ lúc nào", "an unknown time")
INTACT = Text("còn nguyên vẹn", "intact")
CHANGED = Text("ĐÃ BỊ SỬA sau khi ký", "CHANGED since it was signed")
ADDED = Text("ĐÃ BỊ SỬA: có phần được thêm sau khi ký", "CHANGED: something was added after it was signed")
TRUSTED = Text("tin cậy", "trusted")
BY_ITSELF = Text(
    "chưa tin cậy: khóa tự ký, không ai bảo đảm người ký là ai",
    "not trusted: the key is self-signed, nobody vouches for the signer",
)
BY_NOBODY = Text(
    "chưa tin cậy: không tổ chức nào trong --trust bảo đảm người ký",
    "not trusted: no authority given with --trust vouches for the signer",
)


def said(signature: "Signature", phrase: Phrase) -> str:
    """A signature as a person reads it: who, when, changed or not, trusted or not."""
    at = signature.at.astimezone(ZONE).isoformat(sep=" ", timespec="seconds") if signature.at else phrase(NO_TIME)
    state = INTACT if signature.good else ADDED if signature.intact else CHANGED
    trust = TRUSTED if signature.trusted else BY_ITSELF if signature.self_signed else BY_NOBODY
    return phrase(SIGNATURE, name=signature.signer, at=at, state=state, trust=trust)
