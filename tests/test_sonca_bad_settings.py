"""Each bad settings file of tests/bad_settings/, and what a person is told about it.

The first word of a file's name says which kind of settings it is.
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest

from agent.polled import PjlinkSettings
from agent.settings import AgentSettings, read_agent_settings
from contract.connection import BrokerConnection
from contract.defaults import DEADLINE_SECONDS
from contract.settings_file import SettingsError
from inventory.end_of_support import read_support_table
from inventory.forms import read_forms
from inventory.plan.prices import read_prices
from inventory.plan.rules import read_rules
from inventory.plan.settings import read_plan_settings
from inventory.report.settings import read_report_settings
from inventory.school import read_school
from inventory.wear_rules import read_wear_rules
from sonca.settings import read_server_settings

FOLDER = Path(__file__).parent / "bad_settings"
READERS: Mapping[str, Callable[[Path], object]] = {
    "agent": read_agent_settings,
    "forms": read_forms,
    "plan": read_plan_settings,
    "prices": read_prices,
    "report": read_report_settings,
    "rules": read_rules,
    "school": read_school,
    "sonca": read_server_settings,
    "support": read_support_table,
    "wear": read_wear_rules,
}

ADD_IT = "add it; docs/settings.md says what it means"
KEYS = "write `key: value` lines, with a space after the colon; examples/ shows how"
OWN = "give each its own"
SEE_DOCS = "correct it; docs/settings.md shows every key with its type and default"
START = "start from the file of its kind in examples/"


def words(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def keys(shape: type) -> str:
    return words(field.name for field in dataclasses.fields(shape))


# file -> (what stands after its name, hint)
TABLE = {
    "agent-agent-turned-into-number": (
        "line 2: agent: 010 is read by YAML as the number 8, not as text",
        'put it in quotes: "010"',
    ),
    "agent-agent-without-a-value": (
        "line 2: agent: expected text, got nothing",
        "write its value after the colon, on the same line",
    ),
    "agent-broker-is-a-list": ("line 3: broker: expected a group of keys, got a list", KEYS),
    "agent-broker-without-host": ("line 3: broker.host: is missing", ADD_IT),
    "agent-colon-without-space": ("line 1: expected a group of keys, got 'site:hoa-mai agent:pc-101'", KEYS),
    "agent-deadline-not-a-number": ("line 8: deadline_seconds.ping: expected 1 to 86400, got nan", SEE_DOCS),
    "agent-device-without-a-way-to-ask": (
        "line 8: devices[0]: projector-1 names no way to ask it",
        "see docs/settings.md",
    ),
    "agent-duplicate-key": ("line 7: the key site stands twice, first in line 1", "keep one of the two"),
    "agent-empty": ("says nothing", START),
    "agent-interval-of-unknown-probe": (
        "line 8: interval_seconds.pings: 'pings' is not a probe or group; known are "
        + words({*DEADLINE_SECONDS, "gateway", "internet", "dns", "services"}),
        "did you mean ping?",
    ),
    "agent-interval-zero": ("line 8: interval_seconds.ping: expected 1 to 86400, got 0", SEE_DOCS),
    "agent-is-a-list": ("line 1: expected a group of keys, got a list", KEYS),
    "agent-key-is-a-list": ("line 1: a key must be one word", "write `key: value`"),
    "agent-key-read-as-true": ("line 8: the key on is not read as text", 'put it in quotes: "on"'),
    "agent-missing-broker": ("broker: is missing", ADD_IT),
    "agent-mqtt-version-turned-into-number": (
        "line 7: broker.mqtt_version: 5 is read by YAML as the number 5, not as text",
        'put it in quotes: "5"',
    ),
    "agent-network-address-too-short": (
        "line 5: network.known[0]: '00:1b:a9:00:00' is not a hardware address",
        'write it in quotes, like "00:1b:a9:11:22:33"',
    ),
    "agent-network-address-turned-into-number": (
        "line 5: network.known[0]: 10:20:30:40:50:56 is read by YAML as the number 8041827056, not as text",
        'put it in quotes: "10:20:30:40:50:56"',
    ),
    "agent-network-dhcp-by-name": (
        "line 5: network.allowed_dhcp[0]: 'router.lan' is neither an IPv4 address nor a hardware address",
        'write it in quotes, like "192.168.1.1" or "00:1b:a9:11:22:33"',
    ),
    "agent-network-true": ("line 4: network: expected a group of keys, got true", KEYS),
    "agent-not-utf-8": (
        "line 1: is not UTF-8 text",
        "save it again with the encoding UTF-8 (Notepad: Save as, Encoding)",
    ),
    "agent-not-yaml": (
        "line 3: a bracket is opened and not closed (not YAML: expected ',' or '}', but got ':')",
        "close it, or put the text in quotes",
    ),
    "agent-notices-everywhere": (
        "line 12: projector_notices.address: '0.0.0.0' is not an IPv4 address of one machine",
        "write this one's own: 192.168.1.20",
    ),
    "agent-notices-without-projector": (
        "line 7: projector_notices: no projector is polled that could send one",
        "name the projectors under devices, or take it out",
    ),
    "agent-number-in-quotes": ("line 7: report_seconds: expected a number, got '30'", "take the quotes away: 30"),
    "agent-only-comments": ("says nothing", START),
    "agent-outbox-too-small": ("line 8: outbox.max_megabytes: expected 1 to 100000, got 0.5", SEE_DOCS),
    "agent-own-site": ("line 1: site: sonca is kept for SonCa's own measurements", "use the school's site id"),
    "agent-port-is-text": ("line 7: broker.port: expected a whole number, got 'default'", SEE_DOCS),
    "agent-port-out-of-range": ("line 7: broker.port: expected 1 to 65535, got 99999", SEE_DOCS),
    "agent-projector-password-in-settings": (
        "line 11: devices[0].pjlink.password: is not a known key; allowed here: " + keys(PjlinkSettings),
        "did you mean password_file?",
    ),
    "agent-quote-never-closed": (
        "line 1: a quote is opened here and never closed (not YAML: found unexpected end of stream)",
        "close it, or take it away",
    ),
    "agent-reference": (
        "line 1: references and tags (& * !) are not taken here",
        "write it out; text that starts with & * or ! needs quotes",
    ),
    "agent-simulated-site": ("line 1: site: sim-hoa-mai is a simulated school", "its agents are run by sonca simulate"),
    "agent-site-with-letters-of-people": (
        "line 1: site: 'Trường Hoa Mai' is not an id: use 1 to 48 of a-z, 0-9 and '-'",
        "for example truong-hoa-mai",
    ),
    "agent-snmp-of-both-versions": (
        "line 10: devices[0].snmp: version 3 has no community_file",
        'versions 2c and 3 have nothing in common; for 3 write version: "3"',
    ),
    "agent-snmp-version-turned-into-number": (
        "line 10: devices[0].snmp.version: 3 is read by YAML as the number 3, not as text",
        'put it in quotes: "3"',
    ),
    "agent-snmp-without-community": (
        "line 10: devices[0].snmp: version 2c needs community_file",
        "2c has a community, 3 a user with passwords",
    ),
    "agent-tab": (
        "line 4: a tab stands where only spaces may (not YAML: found character '\\t' that cannot start any token)",
        "indent with spaces, two for each level",
    ),
    "agent-throughput-iperf3-of-a-web-address": (
        "line 8: throughput.wan: 'https://speed.example/' is not a host",
        "write host or host:port for iperf3",
    ),
    "agent-throughput-lan-without-port": (
        "line 8: throughput.lan.address: '192.0.2.1' is not host:port",
        "write for example example.vn:443",
    ),
    "agent-throughput-slot-past-midnight": (
        "line 9: throughput.slots[0]: a slot starts at 22:00 but ends at 06:00",
        "start must come before end, on one day; write two slots to pass midnight",
    ),
    "agent-throughput-upload-of-librespeed": (
        "line 8: throughput.wan: librespeed needs no `upload`",
        "take it away, or set protocol: http",
    ),
    "agent-throughput-wan-without-scheme": (
        "line 8: throughput.wan: 'speed.example' is not a web address",
        "start it with https:// or http://",
    ),
    "agent-two-devices-of-one-id": (
        "line 9: devices[1].id: projector-1 stands twice",
        "each device has its own id, other than the agent's",
    ),
    "agent-two-targets-of-one-name": ("line 10: services[1].name: library is already taken by services[0].name", OWN),
    "agent-unknown-key-of-broker": (
        "line 7: broker.password: is not a known key; allowed here: " + keys(BrokerConnection),
        "did you mean password_file?",
    ),
    "agent-unknown-key": (
        "line 7: raport_seconds: is not a known key; allowed here: " + keys(AgentSettings),
        "did you mean report_seconds?",
    ),
    "agent-unknown-probe-in-without": (
        "line 7: without[1]: 'pingg' is not a probe; known are " + words(DEADLINE_SECONDS),
        "did you mean ping?",
    ),
    "agent-without-is-text": ("line 7: without: expected a list, got 'wifi'", "write it as a list: [wifi]"),
    "agent-wrong-indentation": (
        "line 5: a colon where none may stand (not YAML: mapping values are not allowed here)",
        "align the line, and put text that holds a colon in quotes",
    ),
    "forms-one-is-missing": ("line 1: forms: has no stocktake, wear_table", "start from inventory/forms.yaml"),
    "plan-money-with-dots": ("line 2: budgets[0].amount: expected a whole number, got '60.000.000'", SEE_DOCS),
    "plan-pin-of-unknown-action": (
        "line 3: pins[0].action: expected one of keep, repair, move, replace, dispose, got 'buy'",
        SEE_DOCS,
    ),
    "plan-two-years": ("line 2: years: expected 3 to 5, got 2", SEE_DOCS),
    "plan-without-money": ("line 1: budgets: names no money", "write 0 as the amount where there is none yet"),
    "prices-two-parts-of-one-id": ("line 7: parts[1].id: ssd is already taken by parts[0].id", OWN),
    "prices-with-dots": (
        "line 2: fixed_asset_from.amount: expected a whole number, got '10.000.000'",
        SEE_DOCS,
    ),
    "prices-without-source": ("line 2: fixed_asset_from.source: is missing", ADD_IT),
    "report-empty-line": ("line 3: vietnamese.superior: says nothing", "write it as it shall stand in the document"),
    "report-nobody-receives-it": ("line 8: vietnamese.recipients: names nobody", "list at least one"),
    "report-number-with-a-zero": (
        "line 2: report_number: expected a whole number, got '05'",
        "take the quotes away: 05",
    ),
    "report-without-signer": ("line 2: vietnamese.signer: is missing", ADD_IT),
    "rules-unknown-reason": (
        "line 3: measured.memry: expected one of memory, disk_space, disk_errors, disk_failing, disk_worn, crashes, "
        "restarts, battery, room, wifi, condition, got 'memry'",
        "did you mean memory?",
    ),
    "rules-weight-past-one": ("line 3: measured.memory.weight: expected 0 to 1, got 50", SEE_DOCS),
    "rules-without-a-reason": ("line 2: measured.memory: is missing", "a rule that shall not count has weight: 0"),
    "school-bad-time-zone": ("line 3: time_zone: 'Saigon' is not a time zone", "write one like Asia/Ho_Chi_Minh"),
    "school-colon-in-a-name": (
        "line 2: a colon where none may stand (not YAML: mapping values are not allowed here)",
        "align the line, and put text that holds a colon in quotes",
    ),
    "school-day-that-is-none": (
        "line 4: lesson_hours[0].days[1]: expected one of mon, tue, wed, thu, fri, sat, sun, got 'tues'",
        "did you mean tue?",
    ),
    "school-device-in-two-rooms": (
        "line 9: rooms[1].devices[0].id: pc-1 is already taken by rooms[0].devices[0].id",
        OWN,
    ),
    "school-device-kind": (
        "line 7: rooms[0].devices[0].kind: expected one of computer, laptop, projector, printer, router, switch, "
        "access_point, ups, tv, other, got 'projecter'",
        "did you mean projector?",
    ),
    "school-holiday-that-is-none": (
        "line 5: holidays[1]: '2027-02-30' is not a day of the calendar",
        "write year-month-day, like 2027-02-05",
    ),
    "school-holiday-written-the-vietnamese-way": (
        "line 3: holidays[0]: '05/02/2027' is not a day of the calendar",
        "write year-month-day, like 2027-02-05",
    ),
    "school-id-turned-into-number": (
        "line 6: rooms[0].devices[0].id: 12:34 is read by YAML as the number 754, not as text",
        'put it in quotes: "12:34"',
    ),
    "school-invisible-character": ("line 2: holds the invisible character U+0007", "delete it, or type the line again"),
    "school-lesson-time-not-a-time": (
        "line 5: lesson_hours[0].start: '7h30' is not a time of day",
        'write hours and minutes in quotes, like "07:30"',
    ),
    "school-lesson-time-turned-into-number": (
        "line 6: lesson_hours[0].end: 11:00 is read by YAML as the number 660, not as text",
        'put it in quotes: "11:00"',
    ),
    "school-lessons-end-before-they-start": (
        "line 4: lesson_hours[0]: lessons start at 11:00 but end at 07:30",
        "start must come before end, on one day",
    ),
    "school-limit-out-of-range": ("line 4: limits.loss_percent: expected 0 to 100, got 500", SEE_DOCS),
    "school-missing-id": ("line 4: rooms[0].id: is missing", ADD_IT),
    "school-name-turned-into-truth": (
        "line 2: name: yes is read by YAML as true, not as text",
        'put it in quotes: "yes"',
    ),
    "school-ping-of-a-web-address": (
        "line 5: internet[0].ping: 'https://library.example/' is not a host name or an address",
        "write it alone, for example example.vn",
    ),
    "school-room-id-with-space": (
        "line 4: rooms[0].id: 'Lá 1' is not an id: use 1 to 48 of a-z, 0-9 and '-'",
        "for example la-1",
    ),
    "school-rooms-are-names": ("line 4: rooms[0]: expected a group of keys, got 'la-1'", KEYS),
    "school-service-without-a-way-to-ask": (
        "line 4: services[0]: the target library does not say how to ask it",
        "add one of ping, tcp, web or dns, for example web: https://example.vn/",
    ),
    "school-tcp-without-port": (
        "line 5: services[0].tcp: 'payment.example' is not host:port",
        "write for example example.vn:443",
    ),
    "school-time-zone-is-a-folder": ("line 3: time_zone: 'Asia' is not a time zone", "write one like Asia/Ho_Chi_Minh"),
    "school-two-documents": (
        "line 3: a second document begins (not YAML: but found another document)",
        "take the line `---` away",
    ),
    "school-two-rooms-of-one-id": ("line 6: rooms[2].id: la-1 is already taken by rooms[0].id", OWN),
    "school-web-without-scheme": (
        "line 5: services[0].web: 'library.example' is not a web address",
        "start it with https:// or http://",
    ),
    "sonca-api-port-out-of-range": ("line 6: api.port: expected 1 to 65535, got 0", SEE_DOCS),
    "sonca-broken-number": (
        "line 7: '0x_' looks like a number but is none",
        "correct it, or put it in quotes where text is meant",
    ),
    "sonca-influx-missing": ("line 5: store.influx: is missing", "kind: influx needs it, with at least its url"),
    "sonca-influx-port-too-large": (
        "line 5: store.influx.url: 'http://127.0.0.1:80866' is not a web address: Port out of range 0-65535",
        "write for example https://example.vn:8443/",
    ),
    "sonca-influx-without-url": ("line 7: store.influx.url: is missing", ADD_IT),
    "sonca-no-schools": ("line 5: schools: names no school file", "list at least one, like [school.yaml]"),
    "sonca-retention-zero": ("line 7: store.retention.raw_days: expected 1 to 36500, got 0", SEE_DOCS),
    "sonca-schools-is-text": (
        "line 5: schools: expected a list, got 'school.yaml'",
        "write it as a list: [school.yaml]",
    ),
    "sonca-store-kind": ("line 6: store.kind: expected one of sqlite, influx, got 'inflx'", "did you mean influx?"),
    "sonca-tag": (
        "line 5: references and tags (& * !) are not taken here",
        "write it out; text that starts with & * or ! needs quotes",
    ),
    "support-day-that-is-none": (
        "line 6: systems[0].ends: '2027-02-30' is not a day of the calendar",
        "write year-month-day, like 2027-02-05",
    ),
    "support-empty-name": (
        "line 4: systems[0].full_names[0]: is empty",
        "write what systems call themselves, like Windows 11",
    ),
    "support-extended-before-the-end": (
        "line 10: systems[0].extended[0].ends: 2026-10-13 does not come after 2027-10-12",
        "list them in their order",
    ),
    "support-names-no-system": ("line 4: systems[0].full_names: names no system", "for example [Windows 11]"),
    "support-source-that-is-none": (
        "line 7: systems[0].source: 'a friend' is not a source",
        "give the page that says it, like https://example.vn/",
    ),
    "support-two-rows-of-one-system": (
        "line 10: systems[1].full_names[0]: Windows 11 10.0.26200 is already taken by systems[0].full_names[0]",
        OWN,
    ),
    "support-version-turned-into-number": (
        "line 5: systems[0].version: 26.04 is read by YAML as the number 26.04, not as text",
        'put it in quotes: "26.04"',
    ),
    "support-without-verified": ("line 3: systems[0].verified: is missing", ADD_IT),
    "wear-kind-in-no-category": (
        "line 3: categories: has no category for tv, other",
        "add each kind to one of them",
    ),
    "wear-kind-in-two-categories": (
        "line 5: categories[1].kinds[1]: laptop is already taken by categories[0].kinds[1]",
        OWN,
    ),
    "wear-no-years": ("line 4: categories[0].years: expected 1 to 50, got 0", SEE_DOCS),
}


@pytest.mark.parametrize("case", TABLE)
def test_a_bad_file_is_refused_with_file_line_key_and_hint(case: str) -> None:
    path = FOLDER / f"{case}.yaml"
    with pytest.raises(SettingsError) as refusal:
        READERS[case.partition("-")[0]](path)
    place, hint = TABLE[case]
    assert refusal.value.sentence == f"{path}{' ' if place.startswith('line') else ': '}{place}"
    assert refusal.value.hint == hint


def test_every_bad_file_stands_in_the_table() -> None:
    assert sorted(TABLE) == sorted(path.stem for path in FOLDER.iterdir())
