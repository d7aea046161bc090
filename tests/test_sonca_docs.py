"""The documents say what the code says."""

import json
import re
from enum import Enum
from pathlib import Path

import pytest

from agent.network_settings import NetworkSettings
from agent.polled import NoticeSettings, PjlinkSettings, PolledDevice
from agent.settings import AgentSettings, OutboxSettings
from agent.snmp_settings import SnmpSettings
from agent.throughput_settings import LanSettings, ThroughputSettings, WanSettings
from agent.ubus_settings import UbusSettings
from collector import presence, watch, work
from collector.store import state, state_tables
from collector.store.protocol import DAY_MS, HOUR_MS, SLICE_MS, Retention, RoomReason, RoomState
from collector.store.settings import InfluxSettings, StoreSettings
from collector.store.sqlite_seal import FIVE_MINUTES, HOURS, QUIET_MS, RAW
from collector.store.state_protocol import Presence
from contract import messages
from contract.connection import BrokerConnection
from contract.messages import Outcome, decode, encode
from contract.targets import TargetEntry
from contract.topics import ACCESS
from contract.week import LessonHours, Slot
from inventory.plan.settings import Budget, PinEntry, PlanSettings
from inventory.report.settings import ReportSettings, Signer, Wording
from inventory.school import Device, Limits, Room, School
from sonca.docs_tables import RENDERED, renewed
from sonca.settings import ApiEntry, CollectorEntry, ServerSettings, ThroughputEntry
from tests import markdown
from tests.documented import rows_of, shapes_below
from tests.tree import PYPROJECT, ROOT

DOCUMENTS = sorted((ROOT / "docs").glob("*.md"))
READMES = (ROOT / "README.md", ROOT / "README.vi.md")


def document(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_rendered_tables_are_what_the_code_says(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text == renewed(text), "scripts/check --fix renews it"


def test_everything_that_is_rendered_stands_in_a_document() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    assert sorted(re.findall(r"<!-- rendered: (\w+) -->", text)) == sorted(RENDERED)


# dataclass -> (heading in settings.md, how other tables name it)
SETTINGS: dict[type, tuple[str, str]] = {
    AgentSettings: ("agent.yaml", ""),
    PolledDevice: ("polled devices", "[polled device](#polled-devices)"),
    NoticeSettings: ("projector_notices", "[projector_notices](#projector_notices)"),
    PjlinkSettings: ("pjlink", "[pjlink](#pjlink)"),
    SnmpSettings: ("snmp", "[snmp](#snmp)"),
    UbusSettings: ("ubus", "[ubus](#ubus)"),
    NetworkSettings: ("network", "[network](#network)"),
    OutboxSettings: ("outbox", "[outbox](#outbox)"),
    ThroughputSettings: ("throughput", "[throughput](#throughput)"),
    LanSettings: ("lan", "[lan](#lan)"),
    WanSettings: ("wan", "[wan](#wan)"),
    Slot: ("slots", "[slot](#slots)"),
    School: ("school.yaml", ""),
    Room: ("rooms", "[room](#rooms)"),
    Device: ("devices", "[device](#devices)"),
    LessonHours: ("lesson_hours", "[lesson hours](#lesson_hours)"),
    Limits: ("limits", "[limits](#limits)"),
    TargetEntry: ("targets", "[target](#targets)"),
    ServerSettings: ("sonca.yaml", ""),
    StoreSettings: ("store", "[store](#store)"),
    InfluxSettings: ("influx", "[influx](#influx)"),
    Retention: ("retention", "[retention](#retention)"),
    CollectorEntry: ("collector", "[collector](#collector)"),
    ApiEntry: ("api", "[api](#api)"),
    ThroughputEntry: ("throughput endpoint", "[endpoint](#throughput-endpoint)"),
    BrokerConnection: ("broker", "[broker](#broker)"),
    PlanSettings: ("plan.yaml", ""),
    Budget: ("budgets", "[budget](#budgets)"),
    PinEntry: ("pins", "[pin](#pins)"),
    ReportSettings: ("report.yaml", ""),
    Wording: ("wording", "[wording](#wording)"),
    Signer: ("signer", "[signer](#signer)"),
}


ROOTS = (AgentSettings, School, ServerSettings, PlanSettings, ReportSettings)


def test_every_group_of_settings_has_its_table() -> None:
    assert {shape for root in ROOTS for shape in shapes_below(root)} == set(SETTINGS)


def check_table(text: str, heading: str, shape: type, links: dict[type, str]) -> None:
    """Every key with its type and default, in the code's order, each with a meaning, and no other."""
    table = markdown.tables(markdown.section(text, heading))[0]
    assert [tuple(row[:3]) for row in table] == rows_of(shape, links)
    assert all(len(row) == 4 and row[3] for row in table)


@pytest.mark.parametrize("shape", SETTINGS, ids=lambda shape: shape.__name__)
def test_every_key_of_the_settings_stands_in_its_table(shape: type) -> None:
    check_table(
        document("settings.md"), SETTINGS[shape][0], shape, {kind: link for kind, (_, link) in SETTINGS.items()}
    )


PARTS = {"Measurement": "[Measurement](#measurement)", "Target": "[Target](#target)", "Lessons": "[Lessons](#lessons)"}


@pytest.mark.parametrize("name", [*(row.payload for row in ACCESS), *PARTS])
def test_every_key_of_a_message_stands_in_its_table(name: str) -> None:
    headings = {row.payload: row.channel.value for row in ACCESS}
    links: dict[type, str] = {getattr(messages, part): link for part, link in PARTS.items()}
    links[LessonHours] = "[lesson hours](settings.md#lesson_hours)"
    links[Outcome] = "[outcome](#outcomes)"
    check_table(document("topics.md"), headings.get(name, name), getattr(messages, name), links)


@pytest.mark.parametrize("row", ACCESS, ids=lambda row: row.payload)
def test_the_example_of_a_message_is_one(row: object) -> None:
    access = next(entry for entry in ACCESS if entry is row)
    [example] = markdown.code_blocks(markdown.section(document("topics.md"), access.channel), "json")
    message = decode(example.encode(), getattr(messages, access.payload))
    assert json.loads(encode(message)) == json.loads(example)


@pytest.mark.parametrize(
    ("heading", "table", "words"),
    [
        ("Outcomes", 0, Outcome),
        ("Presence of an agent", 0, Presence),
        ("State of a room", 0, RoomState),
        ("State of a room", 1, RoomReason),
    ],
)
def test_every_word_is_explained(heading: str, table: int, words: type[Enum]) -> None:
    found = markdown.tables(markdown.section(document("topics.md"), heading))[table]
    assert [row[0] for row in found] == [f"`{word.value}`" for word in words]
    assert all(row[-1] for row in found)


# What docs/architecture.md says in numbers, with the numbers of the code.
NUMBERS = (
    f"its newest measurement is at most {presence.LIVE_MS // 1000} seconds old",
    f"silent for {['zero', 'one', 'two', 'three', 'four'][presence.MISSED_REPORTS]} of its reports, "
    f"and for {presence.LEAST_SILENCE_MS // 1000} seconds at least",
    f"it was silent for {presence.LOST_AFTER_MS // 1000} seconds",
    f"by the last {watch.NOW_MS // 60_000} minutes",
    f"slices of {SLICE_MS // 60_000} minutes, {watch.GRACE_MS // 1000} seconds after a slice ends",
    f"at most {Limits.loss_percent:g} % loss and {Limits.round_trip_ms:g} ms mean round trip",
    f"every {work.FIRST_PAUSE:g} to {work.LONGEST_PAUSE:g} seconds",
    f"{Retention().raw_days} days, `raw_days`",
    f"{Retention().five_minute_days} days, `five_minute_days`",
    f"{Retention().neighbour_days} days from the last time, `neighbour_days`",
    f"windows of {RAW.window_ms // HOUR_MS} hours, five-minute rollups of {FIVE_MINUTES.window_ms // DAY_MS} day, "
    f"hourly ones of {HOURS.window_ms // DAY_MS} days",
    f"its series went on for {QUIET_MS // HOUR_MS} hours after it",
    f"the newest {state.KEPT_REFUSED:,}, at most {state.MAX_KEPT_PAYLOAD:,} bytes each",
    f"{OutboxSettings.max_days:g} days or {OutboxSettings.max_megabytes:g} megabytes",
    f"the tables {', '.join(f'`{name}`' for name in list(state_tables.METADATA.tables)[:-1])} and `version`",
)


@pytest.mark.parametrize("sentence", NUMBERS)
def test_the_numbers_of_the_architecture_are_those_of_the_code(sentence: str) -> None:
    assert sentence in " ".join(document("architecture.md").split())


def test_every_dependency_is_explained() -> None:
    project = PYPROJECT["project"]
    extras = [row for rows in project["optional-dependencies"].values() for row in rows]
    requirements = [*project["dependencies"], *extras, *PYPROJECT["build-system"]["requires"]]
    names = {re.split(r"[^\w.-]", requirement)[0] for requirement in requirements}
    explained = {row[0] for table in markdown.tables(document("decisions.md")) for row in table}
    assert {name for name in names if f"`{name}`" not in explained} == set()


def test_the_two_readmes_say_the_same() -> None:
    english, vietnamese = (path.read_text(encoding="utf-8") for path in READMES)
    assert [heading.count("#") for heading in markdown.headings(english)] == [
        heading.count("#") for heading in markdown.headings(vietnamese)
    ]
    swapped = {"README.vi.md": "README.md", "docs/pictures/live-page-en.png": "docs/pictures/live-page-vi.png"}
    assert [swapped.get(link, link) for link in markdown.links(english)] == markdown.links(vietnamese)
    commands = [
        [line.partition("#")[0].strip() for line in block.splitlines()] for block in markdown.code_blocks(english)
    ]
    assert commands == [
        [line.partition("#")[0].strip() for line in block.splitlines()] for block in markdown.code_blocks(vietnamese)
    ]
    assert len(english.splitlines()) == len(vietnamese.splitlines())


@pytest.mark.parametrize("path", [*READMES, *DOCUMENTS], ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    assert markdown.broken_links(path, ROOT) == []
