"""The catalogue's units in Grafana's names: those that it writes the same in every language.

Its own seconds and days become "2.3 hours" and "12.7 weeks", and its dong "1.8Tđ", which is not 1.8 tỷ.
"""

from collections.abc import Mapping

from contract.metrics import PROBES, Field, Kind

GRAFANA_UNITS: Mapping[str, str] = {
    "": "none",
    "%": "percent",
    "ms": "ms",
    "s": "dtdhms",  # 1 d 02:03:04
    "min": "suffix:min",
    "h": "suffix:h",
    "d": "suffix:d",
    "B": "bytes",
    "bit/s": "bps",
    "Mbit/s": "Mbits",
    "MHz": "suffix:MHz",
    "°C": "celsius",
    "dBm": "dBm",
    "V": "volt",
    "1/min": "cpm",
}
SECONDS = GRAFANA_UNITS["s"]
MONEY = "locale"  # whole numbers with separators
SHARE = "percent"  # of a yes/no field, times 100


SCHOOL = "school_"  # in front of a probe: all devices of the school taken together


def field_of(probe: str, name: str) -> Field:
    """A field of the catalogue, also of a `school_` probe. Raises KeyError for one that is not there."""
    return PROBES[probe.removeprefix(SCHOOL)].fields[name]


def unit_of(field: Field) -> str:
    return SHARE if field.kind is Kind.BOOLEAN else GRAFANA_UNITS[field.unit]
