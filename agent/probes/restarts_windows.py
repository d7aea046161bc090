"""Starts and unexpected stops of Windows, from its event log by wevtutil (as XML, which is not translated)."""

import datetime
import re

from agent.probes.deadline import Deadline
from agent.probes.outcomes import BadAnswer
from agent.probes.program import output_of
from contract.messages import Value

DAYS = 30
ACCESS_DENIED = 5
# EventLog writes 6005 when it starts and 6008 when the stop before was unexpected; the kernel writes 41 for the same.
_STARTED, _UNEXPECTED, _KERNEL_UNEXPECTED = (
    ("EventLog", 6005),
    ("EventLog", 6008),
    ("Microsoft-Windows-Kernel-Power", 41),
)
_WANTED = (
    "*[System[Provider[@Name='EventLog' or @Name='Microsoft-Windows-Kernel-Power'] and "
    "(EventID=6005 or EventID=6008 or EventID=41) and "
    f"TimeCreated[timediff(@SystemTime) <= {DAYS * 86_400_000}]]]"
)
_NEWEST = 2_000
_EVENT = re.compile(r"<Event[ >].*?</Event>", re.DOTALL)
_PROVIDER = re.compile(r"<Provider\s+Name=['\"]([^'\"]{1,100})['\"]")
_ID = re.compile(r"<EventID(?:\s[^>]{0,60})?>(\d{1,5})</EventID>")
_TIME = re.compile(r"<TimeCreated\s+SystemTime=['\"](\d{4}-\d\d-\d\d)T")


def windows_restarts(deadline: Deadline, now: float) -> dict[str, Value]:
    """The fields at `now` (UTC seconds). Raises PermissionError, BadAnswer, TimeoutError, OSError."""
    events = _asked(deadline, f"/q:{_WANTED}", f"/c:{_NEWEST}", "/rd:true")
    oldest = _asked(deadline, "/c:1", "/rd:false")
    return {**read_events(events), **days_known(oldest, now)}


def read_events(output: str) -> dict[str, Value]:
    """Starts and unexpected stops among the events that wevtutil wrote."""
    found = [_identity(event) for event in _EVENT.findall(output)]
    unexpected = max(found.count(_UNEXPECTED), found.count(_KERNEL_UNEXPECTED))
    return {"starts": found.count(_STARTED), "unclean_stops": unexpected}


def days_known(oldest: str, now: float) -> dict[str, Value]:
    """How far back the log goes, by its oldest event; nothing where that cannot be read."""
    written = _TIME.search(oldest)
    if written is None:
        return {}
    try:
        first = datetime.datetime.fromisoformat(f"{written[1]}T00:00:00+00:00").timestamp()
    except ValueError:
        return {}
    return {"days_known": max(0, min(DAYS, int((now - first) // 86_400)))}


def _identity(event: str) -> tuple[str, int]:
    provider, number = _PROVIDER.search(event), _ID.search(event)
    return (provider[1] if provider else "", int(number[1]) if number else 0)


def _asked(deadline: Deadline, *options: str) -> str:
    output, code = output_of(["wevtutil.exe", "qe", "System", *options, "/f:xml"], deadline.left("wevtutil"))
    if code == ACCESS_DENIED:
        raise PermissionError("Windows does not let this user read its event log System")
    if code:
        raise BadAnswer(f"wevtutil ended with {code}: {output[:100]!r}")
    return output
