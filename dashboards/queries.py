"""InfluxQL as boards ask it. `$names` are Grafana's: variables of the board, and $timeFilter and $__interval.

`FROM "school_ping_5m"` reads what all devices of a school came to, one series a target. `FROM "ping$detail"` reads
five-minute rollups of a short range and hourly ones of a long one: the hidden variable `detail` knows which. Names of
probes and fields come from the catalogue: a wrong one raises KeyError here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from contract.metrics import Kind
from dashboards.text import Text
from dashboards.units import SCHOOL, field_of

AT_SITE = "\"site\" = '$site'"
IN_ROOM = "\"room\" = '$room'"
OF_DEVICE = "\"device\" = '$device'"
OF_ROOMS_DEVICES = '"device" =~ /^$devices$/'
INTERNET = "\"group\" = 'internet'"
GATEWAY = "\"group\" = 'gateway'"
SERVICES = "\"group\" = 'services'"
INTERNET_OR_GATEWAY = '"group" =~ /^(internet|gateway)$/'
CLASSROOMS = '"room" =~ /^$classrooms$/'
LESSONS = '"lesson" = true'
STEP = "GROUP BY time($__interval)"
TODAY = "time > now() - 1d"  # the collector tells the register once for each day, at its midnight
NOW = "time > now() - 5m"  # the collector tells the present every half minute


@dataclass(frozen=True, slots=True)
class Query:
    """One question of a panel; `alias` names its lines and may hold `$tag_room`. A table keeps all its columns."""

    text: str
    alias: Text | None = None
    table: bool = False


def over_time(
    probe: str,
    field: str,
    where: str,
    *,
    by: Sequence[str] = (),
    how: str = "mean",
    part: str = "",
    alias: Text | None = None,
) -> Query:
    """A field over time, a line for each value of the tags `by`; `part` is `_min` or `_max` of the rollup."""
    share = "100 * " if field_of(probe, field).kind is Kind.BOOLEAN else ""
    text = f'SELECT {share}{how}("{field}{part}") FROM "{_source(probe)}" WHERE {AT_SITE} AND {where} AND $timeFilter'
    return Query(f"{text} {STEP}{_tags(by)} fill(none)", alias)


def best_of_each(probe: str, field: str, where: str, *, alias: Text) -> Query:
    """A yes/no field of whichever target of a device is best, in percent of the devices: one of its cards suffices."""
    field_of(probe, field)
    best = (
        f'SELECT max("{field}_max") AS "best" FROM "{_source(probe)}" WHERE {AT_SITE} AND {where} AND $timeFilter '
        f'{STEP}, "device" fill(none)'
    )
    return Query(f'SELECT 100 * mean("best") FROM ({best}) WHERE $timeFilter {STEP} fill(none)', alias)


def success(probe: str, where: str, *, by: Sequence[str] = (), alias: Text | None = None) -> Query:
    """The share of measurements that worked, in percent."""
    text = f'SELECT 100 * mean("ok") FROM "{_source(probe)}" WHERE {AT_SITE} AND {where} AND $timeFilter'
    return Query(f"{text} {STEP}{_tags(by)} fill(none)", alias)


def whole(
    probe: str, field: str, where: str, *, by: Sequence[str] = (), how: str = "mean", alias: Text | None = None
) -> Query:
    """One number over the whole range for each value of the tags `by`."""
    share = "100 * " if field_of(probe, field).kind is Kind.BOOLEAN else ""
    text = f'SELECT {share}{how}("{field}") FROM "{_source(probe)}" WHERE {AT_SITE} AND {where} AND $timeFilter'
    return Query(f"{text}{_group_by(by)}", alias)


def lesson_share(where: str = CLASSROOMS) -> Query:
    """Slices of lesson time in which rooms reached the internet, in percent of all: the design's share of classrooms.

    Every slice has `lesson`, and one of the four states is 1.
    """
    sums = '100 * (sum("connected") + sum("degraded")) / count("lesson")'
    return Query(f'SELECT {sums} FROM "room_5m" WHERE {AT_SITE} AND {where} AND {LESSONS} AND $timeFilter')


def sum_now(measurement: str, columns: Sequence[tuple[str, Text]], where: str = "") -> list[Query]:
    """How many rooms or devices are so now, a query for each of the columns, which are 1 or 0."""
    tag = "room" if measurement == "room_now" else "device"
    among = f" AND {where}" if where else ""
    return [
        Query(
            f'SELECT sum("{column}") FROM (SELECT last("{column}") AS "{column}" FROM "{measurement}" '
            f'WHERE {AT_SITE}{among} AND {NOW} GROUP BY "{tag}")',
            alias,
        )
        for column, alias in columns
    ]


def newest(measurement: str, columns: Sequence[str], where: str, by: Sequence[str]) -> Query:
    """The newest row of each value of the tags `by`, as a table."""
    # last() of several fields at once: each is the field's own newest value, which the collector writes together.
    picked = ", ".join(f'last("{column}") AS "{column}"' for column in columns)
    return Query(f'SELECT {picked} FROM "{measurement}" WHERE {AT_SITE} AND {where}{_group_by(by)}', table=True)


def _source(probe: str) -> str:
    """A school is one series, which is quick at any range; of devices a long range reads hourly rollups."""
    return f"{probe}_5m" if probe.startswith(SCHOOL) else f"{probe}$detail"


def _tags(by: Sequence[str]) -> str:
    return "".join(f', "{tag}"' for tag in by)


def _group_by(by: Sequence[str]) -> str:
    return f" GROUP BY {_tags(by).removeprefix(', ')}" if by else ""
