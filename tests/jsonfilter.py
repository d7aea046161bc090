"""A stand-in for OpenWrt's `jsonfilter`, which no package of Debian or PyPI brings: the part that our agent uses.

Written after its own source (openwrt/jsonpath, main.c and matcher.c): `-e NAME=PATH` prints `export NAME=values; `
quoted for `eval`, `-e PATH` one value a line. A PATH is `@` with `.name`, `["name"]`, `[0]`, `[*]` and
`[@.name="text"]`. Exit code 1: a path found nothing; 126: the input is no JSON. It runs with Python's standard library.
"""

import json
import re
import sys
from typing import Any

_STEP = re.compile(r"""\.(\w+)|\["([^"]+)"\]|\[(\d+)\]|\[(\*)\]|\[@\.(\w+)="([^"]*)"\]""")


def main(arguments: list[str], text: str) -> int:
    try:
        data = json.JSONDecoder().raw_decode(text.lstrip())[0]
    except ValueError as error:
        print(f"Failed to parse json data: {error}", file=sys.stderr)
        return 126
    missing = False
    for option, pattern in zip(arguments[::2], arguments[1::2], strict=True):
        assert option == "-e", f"the stand-in does not know {option}"
        label, path = re.fullmatch(r"(?:(\w+)=)?(@.*)", pattern, re.DOTALL).groups()  # type: ignore[union-attr]
        found = matches(data, path)
        missing = missing or not found
        if found:
            sys.stdout.write(exported(label, found) if label else printed(found))
    return 1 if missing else 0


def matches(data: Any, path: str) -> list[Any]:
    """What a path leads to."""
    found, at = [data], 1
    while at < len(path):
        step = _STEP.match(path, at)
        assert step is not None, f"the stand-in does not know the path {path}"
        found = [entry for value in found for entry in _next(value, step)]
        at = step.end()
    return found


def _next(value: Any, step: "re.Match[str]") -> list[Any]:
    name, quoted, index, every, field, wanted = step.groups()
    key = name or quoted
    if key is not None:
        return [value[key]] if isinstance(value, dict) and key in value else []
    entries = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    if every:
        return list(entries)
    if field:
        return [entry for entry in entries if isinstance(entry, dict) and entry.get(field) == wanted]
    return entries[int(index) : int(index) + 1] if isinstance(value, list) else []


def exported(label: str, found: list[Any]) -> str:
    """`export NAME=...; ` with the words joined by escaped spaces: keys of objects, indexes of lists."""
    words = [word for value in found for word in _words(value)]
    return f"export {label}=" + "\\ ".join(words) + "; "


def _words(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [quoted(key) for key, entry in value.items() if entry is not None]
    if isinstance(value, list):
        return [str(index) for index in range(len(value))]
    if isinstance(value, bool):
        return [str(int(value))]
    if isinstance(value, float):
        return [f"{value:f}"]
    return [] if value is None else [quoted(value) if isinstance(value, str) else str(value)]


def quoted(text: str) -> str:
    return "'" + text.replace("'", "'\"'\"'") + "'"


def printed(found: list[Any]) -> str:
    return "".join(f"{value if isinstance(value, str) else json.dumps(value)}\n" for value in found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdin.buffer.read().decode("utf-8", "surrogateescape")))
