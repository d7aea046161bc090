"""What changes something comes from our own pages, or from a program of this machine: never from a page elsewhere.

Three walls, each of which would hold alone: the browser's word about where a request comes from, for every request
that is no reading, whichever route it is for; a token in each form; and JSON only, which no foreign form can send.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from secrets import compare_digest

from fastapi import Request
from starlette.datastructures import Headers, UploadFile
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import Problem
from api.text import Text

READING = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_BYTES = 12 * 2**20
MOST_FILE_BYTES = 8 * 2**20  # a list comes back with its confirmation, a third longer
TOKEN = "token"  # noqa: S105 - the name of a field

FOREIGN = Text(
    "Yêu cầu thay đổi này đến từ một trang khác nên bị từ chối.",
    "This change was asked for by a page from elsewhere, and is refused.",
)
FOREIGN_HINT = Text(
    "Mở Sơn Ca trong trình duyệt rồi làm lại từ chính trang đó.",
    "Open SonCa in the browser and do it from its own pages.",
)
OLD_FORM = Text(
    "Trang này đã mở từ trước khi máy chủ khởi động lại.", "This page was opened before the server started."
)
OLD_FORM_HINT = Text("Quay lại, tải lại trang, rồi làm lại.", "Go back, load the page again, then repeat it.")
JSON_ONLY = Text("Thay đổi qua API phải gửi bằng JSON.", "Changes through the API are sent as JSON.")
JSON_ONLY_HINT = Text("Thêm tiêu đề Content-Type: application/json.", "Add the header Content-Type: application/json.")
TOO_LARGE = Text("Tệp hay yêu cầu lớn quá {most} megabyte.", "File or request is larger than {most} megabytes.")
TOO_LARGE_HINT = Text("Chia danh sách thành nhiều tệp.", "Split the list into several files.")
NO_LENGTH = Text("Yêu cầu không nói trước nó dài bao nhiêu.", "The request does not say how long it is.")
NO_LENGTH_HINT = Text("Gửi kèm tiêu đề Content-Length.", "Send the header Content-Length.")


class OwnRequests:
    """ASGI middleware before all routes, so that none can forget it. `refuse` makes the answer of a Problem."""

    def __init__(self, app: ASGIApp, refuse: Callable[[Problem], ASGIApp]) -> None:
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        changing = scope["type"] == "http" and scope["method"] not in READING
        problem = why_not(Headers(scope=scope)) if changing else None
        await (self._app if problem is None else self._refuse(problem))(scope, receive, send)


def why_not(headers: Headers) -> Problem | None:
    """Why a request that is no reading is not taken; None where it may go on.

    Browsers say where it comes from, and no page can forge that. Programs say nothing: their forms lack our token.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    own = f"http://{headers.get('host', '')}".lower()
    if (origin is not None and origin.lower() != own) or site not in (None, "same-origin"):
        return Problem(403, "foreign_origin", FOREIGN, FOREIGN_HINT)
    if "transfer-encoding" in headers:
        return Problem(411, "no_length", NO_LENGTH, NO_LENGTH_HINT)
    if int(headers.get("content-length") or 0) > MOST_BYTES:
        return too_large(MOST_BYTES)
    return None


def too_large(most: int) -> Problem:
    return Problem(413, "too_large", TOO_LARGE, TOO_LARGE_HINT, most=most // 2**20)


@dataclass(frozen=True)
class OwnForm:
    """A form of one of our pages. `files`: field -> (name, content)."""

    texts: Mapping[str, str]
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """What stands in a field, without spaces around it; empty where there is none."""
        return self.texts.get(name, "").strip()


async def own_form(request: Request) -> OwnForm:
    """The form. Raises Problem: 403 where it has no token of ours, 413 where its file is too large."""
    texts: dict[str, str] = {}
    files: dict[str, tuple[str, bytes]] = {}
    async with request.form(max_files=1, max_fields=100, max_part_size=MOST_BYTES) as form:
        for name, value in form.items():
            if isinstance(value, UploadFile):
                files[name] = (value.filename or "", await value.read())
                if len(files[name][1]) > MOST_FILE_BYTES:
                    raise too_large(MOST_FILE_BYTES)
            else:
                texts[name] = value
    if not compare_digest(texts.get(TOKEN, "").encode(), request.app.state.token.encode()):
        raise Problem(403, "old_form", OLD_FORM, OLD_FORM_HINT)
    return OwnForm(texts, files)


def json_only(request: Request) -> None:
    """A foreign page cannot send this type without asking first, which is never allowed. Raises Problem (415)."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Problem(415, "json_only", JSON_ONLY, JSON_ONLY_HINT)
