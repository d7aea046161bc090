"""What the page of one device shows of its measurements: which charts, and the newest values as a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from api.say import Say
from api.text import Text
from api.texts import BLIND, NO_LOSS
from api.view.charts import Chart, Span, chart, is_current
from api.view.targets import natural, target_label
from api.words import OUTCOMES
from api.words import PROBES as PROBE_WORDS
from api.words_devices import device_words, supply_words
from collector.store.protocol import Point, StoredMeasurement
from contract.messages import Outcome
from contract.metrics import PROBES, Field
from inventory.school import Limits, School

MOST_PORTS = 4
Key = tuple[str, str, str]  # probe, target, field

LINK = Text("Đường mạng", "The line")
ANSWERS = Text("Trang web, tên miền, cổng", "Web sites, names, ports")
MACHINE = Text("Máy", "The PC")
WATCHED = Text("Thiết bị", "The device")

_SECTIONS: tuple[tuple[str, Text, tuple[tuple[str, str], ...]], ...] = (
    ("line", LINK, (("ping", "round_trip_ms"), ("ping", "loss_percent"), ("wifi", "signal_dbm"))),
    ("web", ANSWERS, (("web", "total_ms"), ("dns", "lookup_ms"), ("tcp", "connect_ms"))),
    (
        "watched",
        WATCHED,
        (
            ("wifi_network", "clients"),
            ("wifi_network", "channel_used_percent"),
            ("ups", "charge_percent"),
            ("ups", "load_percent"),
            ("snmp_host", "cpu_percent"),
            ("snmp_host", "memory_used_percent"),
            ("interface", "receive_bits_per_second"),
        ),
    ),
    (
        "pc",
        MACHINE,
        (
            ("host", "cpu_percent"),
            ("host", "memory_used_percent"),
            ("disk", "disk_used_percent"),
            ("temperature", "temperature_celsius"),
        ),
    ),
)
_GROUPS = ("gateway", "internet", "services", "dns")  # the order in which one looks for what broke


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: str
    charts: tuple[Chart, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class LatestRow:
    """One line of the table of newest measurements; `values` pairs what was measured with its value and unit.

    `tone` (ok, down or blind) names a style and an icon.
    """

    probe: str
    target: str
    tone: str
    outcome: str
    values: tuple[tuple[str, str], ...]
    at: int


def charted(latest: Iterable[StoredMeasurement]) -> list[Key]:
    """The series worth a chart, by section and target."""
    targets: dict[str, list[str]] = {}
    for entry in _busiest_ports(latest):
        targets.setdefault(entry.probe, []).append(entry.target)
    return [
        (probe, target, field)
        for _, _, fields in _SECTIONS
        for probe, field in fields
        for target in sorted(targets.get(probe, ()), key=_target_order)
    ]


def _busiest_ports(latest: Iterable[StoredMeasurement]) -> list[StoredMeasurement]:
    """Everything, but of a switch's ports only those with the most traffic: two dozen charts nobody reads."""
    entries = list(latest)
    ports = [entry for entry in entries if entry.probe == "interface"]
    busiest = sorted(ports, key=lambda entry: -float(entry.fields.get("receive_bits_per_second", 0)))[:MOST_PORTS]
    return [entry for entry in entries if entry.probe != "interface"] + busiest


def sections(series: Mapping[Key, Sequence[Point]], span: Span, school: School, say: Say) -> list[Section]:
    """Charts of the measured series; targets that lost no packet share one sentence instead."""
    found = []
    for id_, title, fields in _SECTIONS:
        of_section = {key: points for key, points in series.items() if (key[0], key[2]) in fields and points}
        lossless = [key for key, points in of_section.items() if _is_lossless(key, points, span)]
        charts = (_chart(key, of_section[key], span, school, say) for key in of_section if key not in lossless)
        drawn = tuple(figure for figure in charts if figure is not None)
        names = ", ".join(target_label(target, school, say) for _, target, _ in lossless)
        if drawn or names:
            found.append(Section(id_, say(title), drawn, say(NO_LOSS, names=names) if names else ""))
    return found


def _is_lossless(key: Key, points: Sequence[Point], span: Span) -> bool:
    return key[2] == "loss_percent" and is_current(points[-1], span) and not any(point.maximum for point in points)


def _chart(key: Key, points: Sequence[Point], span: Span, school: School, say: Say) -> Chart | None:
    probe, target, field = key
    title = title_of(probe, field, target_label(target, school, say), say)
    limit = _limit(field, target, school.limits)
    return chart(title, PROBES[probe].fields[field], points, span, say, limit=limit)


def latest_rows(latest: Iterable[StoredMeasurement], school: School, say: Say) -> list[LatestRow]:
    """The newest measurements in the order of the catalogue."""
    order = {name: number for number, name in enumerate(PROBES)}
    return [
        LatestRow(
            say(PROBE_WORDS[entry.probe]),
            target_of(entry.probe, entry.target, school, say),
            _tone(entry),
            say(BLIND if _tone(entry) == "blind" else OUTCOMES[entry.outcome]),
            tuple(
                (_upper(say(Text(field.vietnamese, field.english))), _said(entry, field, say))
                for field in PROBES[entry.probe].fields.values()
                if field.name in entry.fields
            ),
            entry.taken_at,
        )
        for entry in sorted(latest, key=lambda entry: (order[entry.probe], _target_order(entry.target)))
    ]


def target_of(probe: str, target: str, school: School, say: Say) -> str:
    """What a probe looks at, as people say it."""
    return supply_words(target, say) if probe == "supply" else target_label(target, school, say)


def _said(entry: StoredMeasurement, field: Field, say: Say) -> str:
    value = entry.fields[field.name]
    return device_words(entry.probe, field.name, value, say) or say.value(field, value)


def _tone(entry: StoredMeasurement) -> str:
    if entry.outcome is Outcome.OK:
        return "ok"
    if entry.outcome is Outcome.UNSUPPORTED:
        return "not_tried"  # the machine has no such thing: nothing is wrong
    return "blind" if entry.blind else "down"


def title_of(probe: str, field: str, label: str, say: Say) -> str:
    """Of a chart of this field; `label` says of what, where it is of one of several."""
    measured = PROBES[probe].fields[field]
    name = _upper(say(Text(measured.vietnamese, measured.english)))
    return f"{label} · {name}" if label else name


def _limit(field: str, target: str, limits: Limits) -> float | None:
    if not target.startswith("internet/"):
        return None
    return {"round_trip_ms": limits.round_trip_ms, "loss_percent": limits.loss_percent}.get(field)


def _target_order(target: str) -> tuple[int, tuple[tuple[str, int], ...]]:
    group = target.partition("/")[0]
    return (_GROUPS.index(group) if group in _GROUPS else len(_GROUPS), natural(target))


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
