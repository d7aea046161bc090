"""Renders the tables of docs/ that come from code: the catalogue of metrics and the table of topics.

They stand in the documents between `<!-- rendered: NAME -->` and `<!-- end -->`; `scripts/check --fix` renews them, and
a test holds that they are what the code says.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from contract.defaults import DEADLINE_SECONDS, INTERVAL_SECONDS
from contract.metrics import PROBES, Field, Kind, Probe
from contract.topics import ACCESS, Access, pattern

UNBOUNDED = 2**53  # counters may go as far as JSON numbers are exact

_MARKED = re.compile(r"(<!-- rendered: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def renewed(text: str) -> str:
    """A document with its rendered parts as the code has them now. Raises KeyError for a name nobody renders."""
    return _MARKED.sub(lambda match: f"{match[1]}{RENDERED[match[2]]()}{match[3]}", text)


def probe_tables() -> str:
    """A section with a table of fields for every probe of the catalogue."""
    return "\n".join(_probe_section(probe) for probe in PROBES.values())


def access_table() -> str:
    """Who writes and reads which topic."""
    head = ("topic", "writer", "reader", "QoS", "retained", "payload", "meaning")
    return _table(head, (_access_row(row) for row in ACCESS))


def interval_table() -> str:
    """How often what is probed, and for how long at most, where no settings say otherwise."""
    names = [*DEADLINE_SECONDS, *(name for name in INTERVAL_SECONDS if name not in DEADLINE_SECONDS)]
    rows = ((name, _seconds(INTERVAL_SECONDS, name), _seconds(DEADLINE_SECONDS, name)) for name in names)
    return _table(("probe or group", "interval", "deadline"), rows)


def renew_documents(folder: Path) -> list[str]:
    """Renews the documents of a folder; the names of those that changed."""
    changed = []
    for path in sorted(folder.glob("*.md")):
        before = path.read_text(encoding="utf-8")
        after = renewed(before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed.append(path.name)
    return changed


RENDERED: Mapping[str, Callable[[], str]] = {
    "probes": probe_tables,
    "access": access_table,
    "intervals": interval_table,
}


def _probe_section(probe: Probe) -> str:
    facts = [f"Target: {probe.targets}." if probe.targets else "No target."]
    if probe.name in INTERVAL_SECONDS:
        every, within = INTERVAL_SECONDS[probe.name], DEADLINE_SECONDS[probe.name]
        facts.append(f"By default every {every:g} s, within {within:g} s.")
    head = ("field", "type", "unit", "decimals", "range", "meaning", "ý nghĩa")
    rows = _table(head, map(_field_row, probe.fields.values()))
    names = f"{_sentence(probe.english)} / *{_sentence(probe.vietnamese)}*"
    return f"### {probe.name}\n\n{names}\n{' '.join(facts)}\n\n{rows}"


def _field_row(field: Field) -> tuple[str, ...]:
    decimals = str(field.decimals) if field.kind is Kind.NUMBER else ""
    return f"`{field.name}`", field.kind, field.unit, decimals, _range(field), field.english, field.vietnamese


def _range(field: Field) -> str:
    if field.kind is Kind.BOOLEAN or field.minimum is None:
        return ""
    if field.maximum == UNBOUNDED:
        return f"{field.minimum} or more"
    return f"{field.minimum} to {field.maximum}"


def _access_row(row: Access) -> tuple[str, ...]:
    topic = pattern(row, "<site>", "<agent>").replace("/+", "/<device>")
    who = [", ".join(sorted(roles)) for roles in (row.writers, row.readers)]
    retained = "yes" if row.retained else "no"
    return f"`{topic}`", *who, str(row.quality_of_service), retained, f"[{row.payload}](#{row.channel})", row.meaning


def _seconds(defaults: Mapping[str, float], name: str) -> str:
    return f"{defaults[name]:g} s" if name in defaults else "as its probe"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    for name in renew_documents(Path(__file__).resolve().parent.parent / "docs"):
        print(f"renewed docs/{name}")
