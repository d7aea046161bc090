"""What SonCa's series are called in InfluxDB: for boards, and for people with a query prompt.

| measurement | one point is | tags | fields |
|---|---|---|---|
| `host`, `ping`, `web` ... (each probe) | one measurement | site, device, target, group | ok (1 or 0), outcome, duration_ms, blind (only where true), and the catalogue's fields |
| `ping_5m`, `ping_1h` ... (each probe) | five minutes, an hour of one target | site, device, target, group | count, ok_count, blind_count, ok (share), and of each number and yes/no field X: X (mean), X_min, X_max |
| `device_5m` | five minutes in which a device measured | site, device | was_on (1) |
| `room_5m` | the judgement of a room over five minutes | site, room | connected, degraded, disconnected, dark (one is 1, the others 0), state, reason, lesson, devices_on, devices_reaching |
| `ping_uncertain` ... (each probe) | a measurement whose time is uncertain | as `ping` | as `ping` |
| `latest` | the newest measurement of a target, for SonCa itself | site, device, probe, target | newest (JSON) |
| `room_service_5m` | how a room reached a service over five minutes | site, room, target | tried, reached, blind (counts), answer_ms (mean) |
| `service_5m` | the same of the whole school | site, target | as `room_service_5m` |
| `school_ping_5m`, `school_dns_5m`, `school_web_5m`, `school_tcp_5m` | five minutes of all devices of a school | site, target, group | as `ping_5m`, means of the devices' means |
| `school_rooms_5m` | how many rooms were in each state over five minutes | site | connected, degraded, disconnected, dark |
| `room_now` | a room as it is, every half minute | site, room | name, classroom, reached, connected, degraded, disconnected, dark, unknown (1 or 0), state, reason, cause, since (ms), devices, devices_on, devices_reaching |
| `device_now` | a device as it is, every half minute | site, room, device | name, kind, and of its agent: online, late, offline, lost (1 or 0), presence, reason, since and last_seen (ms), silent_seconds, software |
| `change` | a change of an agent or a room | site, device or room | name, old, new, reason |
| `place` | a room, or a device in its room; every hour | site, room, device | classroom, room_choice, device_choice (name · id), agent (it has one) |
| `asset` | an asset of the register on a day (at its midnight) | site, asset | name, kind, room, room_name, status, condition, funding_source, age_years, years_left, past_life, warranty_ends (ms), warranty_ending, purchase_cost, reasons (count), main_reason, need_percent, needy, plan_year, and 1 or 0: counted, in_plan, planned, ordered, arrived |
| `equipment` | the assets of a kind on a day | site, kind | devices, age_years (mean), past_life, warranty_ending, purchase_cost (sum), needy, good, worn, damaged, unusable |
| `upgrade_reason` | how many assets have a reason on a day | site, reason | devices |
| `detail` | which rollup is enough for how long a range | none | suffix (`_5m`, `_1h`), longest_ms |
| `witness` | a harmless line, written when the server refused others | none | ok |

A field keeps its name from raw points to rollups, so a board changes only the measurement when it looks back further.
Numbers are always floats, also where they are whole; counts and bytes are integers. Points of rollups and rooms stand
at the start of their stretch. Tags without a value (`target` of `host`) are absent, which InfluxQL reads as `''`.
Share of classrooms connected: `SELECT 100 * (sum("connected") + sum("degraded")) / count("lesson") FROM "room_5m"
WHERE "lesson" = true AND ...`.
"""  # noqa: E501 - a table

from urllib.parse import unquote

FIVE_MINUTES, HOURS = "_5m", "_1h"
UNCERTAIN = "_uncertain"
# All tags there are. Their values are slugs, words of enumerations, the targets of settings and the tags on labels:
# nothing else that a person or a machine tells.
TAGS = ("site", "room", "device", "target", "group", "probe", "asset", "kind", "reason")
DEVICES, ROOMS, LATEST, WITNESS = "device_5m", "room_5m", "latest", "witness"
ROOM_SERVICES, ROOMS_NOW, DEVICES_NOW = "room_service_5m", "room_now", "device_now"
SCHOOL_SERVICES, SCHOOL_ROOMS = "service_5m", "school_rooms_5m"
OF_SCHOOL, SUMMED = "school_", ("ping", "dns", "web", "tcp")
SCHOOLS = tuple(f"{OF_SCHOOL}{probe}{FIVE_MINUTES}" for probe in SUMMED)
CHANGES, PLACES, DETAIL = "change", "place", "detail"
ASSETS, EQUIPMENT, REASONS = "asset", "equipment", "upgrade_reason"
_REGISTER = (ASSETS, EQUIPMENT, REASONS)
_PRESENT = (ROOMS_NOW, DEVICES_NOW, CHANGES, PLACES, DETAIL)
_OF_SCHOOL = (SCHOOL_SERVICES, SCHOOL_ROOMS, *SCHOOLS)
OWN = (DEVICES, ROOMS, ROOM_SERVICES, *_OF_SCHOOL, *_PRESENT, *_REGISTER, LATEST, WITNESS)

# `latest` keeps one point of each series at this one time, which no retention ever reaches: each write replaces it.
LATEST_AT = 4_102_444_800_000  # the first of January 2100

_LOOKALIKE = "∖"  # U+2216


def as_tag(value: str) -> str:
    r"""A target as it stands in a tag: without backslashes, because line protocol cannot end a tag with one (`C:\`).

    They become a character that looks the same on a board; `from_tag` gives back any printable text exactly.
    """
    if "\\" not in value and "%" not in value and _LOOKALIKE not in value:
        return value
    return value.replace("%", "%25").replace(_LOOKALIKE, "%E2%88%96").replace("\\", _LOOKALIKE)


def from_tag(tag: str) -> str:
    """What `as_tag` was given."""
    return unquote(tag.replace(_LOOKALIKE, "\\")) if "%" in tag or _LOOKALIKE in tag else tag


def quoted(value: str) -> str:
    """A tag's value as an InfluxQL literal."""
    return "'" + as_tag(value).replace("'", "\\'") + "'"
