"""The variables of boards: what people choose, and two hidden ones that queries need."""

from dataclasses import dataclass
from typing import Any

from dashboards.queries import AT_SITE, IN_ROOM
from dashboards.text import Language, Text

PLACED = "time > now() - 1d"  # places are told every hour
_NAME_AND_ID = "/^(?<text>.*) · (?<value>[^ ]+)$/"
_ALL = {"text": "All", "value": "$__all"}


@dataclass(frozen=True, slots=True)
class Variable:
    """A list that a query fills. `every`: hidden, and always all of its values."""

    name: str
    label: Text
    query: str
    regex: str = ""
    every: bool = False
    hidden: bool = False
    by_range: bool = False  # asked again when the time range changes

    def as_json(self, language: Language, data_source: dict[str, str]) -> dict[str, Any]:
        return {
            "type": "query",
            "name": self.name,
            "label": self.label.says(language),
            "datasource": data_source,
            "query": self.query,
            "definition": self.query,
            "regex": self.regex,
            "refresh": 2 if self.by_range else 1,
            "sort": 0 if self.by_range else 7,
            "multi": self.every,
            "includeAll": self.every,
            "hide": 2 if self.hidden else 0,
            "current": _ALL if self.every else {},
            "options": [],
        }


SITE = Variable("site", Text("Trường", "School"), 'SHOW TAG VALUES FROM "place" WITH KEY = "site"')
ROOM = Variable(
    "room",
    Text("Phòng", "Room"),
    f'SELECT distinct("room_choice") FROM "place" WHERE {AT_SITE} AND {PLACED}',
    _NAME_AND_ID,
)
DEVICE = Variable(
    "device",
    Text("Thiết bị", "Device"),
    # What has no agent of its own measures nothing about itself: its board would be empty.
    f'SELECT distinct("device_choice") FROM "place" WHERE {AT_SITE} AND {IN_ROOM} AND "agent" = true AND {PLACED}',
    _NAME_AND_ID,
)
CLASSROOMS = Variable(
    "classrooms",
    Text("Các lớp học", "Classrooms"),
    f'SELECT distinct("room_choice") FROM "place" WHERE {AT_SITE} AND "classroom" = true AND {PLACED}',
    _NAME_AND_ID,
    every=True,
    hidden=True,
)
DEVICES = Variable(
    "devices",
    Text("Thiết bị của phòng", "Devices of the room"),
    f'SELECT distinct("device_choice") FROM "place" WHERE {AT_SITE} AND {IN_ROOM} AND {PLACED}',
    _NAME_AND_ID,
    every=True,
    hidden=True,
)
# InfluxDB works out the length of the range; the first rollup that is long enough stands first.
DETAIL = Variable(
    "detail",
    Text("Độ mịn", "Detail"),
    'SELECT "suffix" FROM "detail" WHERE "longest_ms" >= $__to - $__from LIMIT 1',
    hidden=True,
    by_range=True,
)
