"""Shows a person what was refused, and why."""

import base64
import json
from collections.abc import Iterable
from datetime import UTC, datetime

from collector.store.state_protocol import Refused, RelationalState


def show_refused(state: RelationalState, *, limit: int = 20, as_json: bool = False) -> str:
    """The newest refused payloads, the newest last, with the counts of all. Raises StoreUnavailable."""
    entries = list(reversed(state.refused(limit=limit)))
    if as_json:
        return json.dumps([_plain(entry) for entry in entries], ensure_ascii=False, indent=2)
    counts = state.refused_counts()
    if not counts:
        return "Nothing was refused."
    lines = [line for entry in entries for line in _lines(entry)]
    return "\n".join([*lines, "", "Refused since the beginning, by reason:", *_table(counts.items())])


def _lines(entry: Refused) -> Iterable[str]:
    when = datetime.fromtimestamp(entry.at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    yield f"{when}  {entry.topic}"
    yield f"  {entry.reason}: {entry.detail}"
    yield f"  {_readable(entry.payload)[:400]}"


def _table(counts: Iterable[tuple[str, int]]) -> list[str]:
    return [f"  {number:>8}  {reason}" for reason, number in sorted(counts, key=lambda row: -row[1])]


def _readable(payload: bytes) -> str:
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        return f"base64 {base64.b64encode(payload).decode()}"
    return text if text.isprintable() else repr(text)


def _plain(entry: Refused) -> dict[str, object]:
    return {
        "at": entry.at,
        "topic": entry.topic,
        "reason": entry.reason,
        "detail": entry.detail,
        "payload": _readable(entry.payload),
    }
