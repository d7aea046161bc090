"""A board: its variables and its panels, laid out from left to right, and its JSON in each language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.panel import DATA_SOURCE, Panel
from dashboards.text import Language, Text
from dashboards.variables import Variable

COLUMNS = 24
SCHEMA_VERSION = 39  # Grafana 11's; later versions bring a board up to theirs when they load it
TAG = "sonca"


@dataclass(frozen=True, slots=True)
class Setting:
    """What differs from school to school."""

    language: Language = "vi"
    time_zone: str = "Asia/Ho_Chi_Minh"  # in which "today" begins
    pages: str = ""  # address of SonCa's own pages, empty where boards shall not lead there


@dataclass(frozen=True, slots=True)
class Section:
    """A row of Grafana's with the panels under it."""

    title: Text
    panels: Sequence[Panel]


@dataclass(frozen=True, slots=True)
class Board:
    """`name` is a slug: the board's uid is `sonca-<name>-<language>`. `page` is the path of SonCa's page about it."""

    name: str
    title: Text
    about: Text
    variables: Sequence[Variable]
    sections: Sequence[Section]
    since: str = "now-24h"
    refresh: str = "1m"
    page: str = "/sites/${site}"

    def uid(self, language: Language) -> str:
        return f"sonca-{self.name}-{language}"

    def as_json(self, setting: Setting) -> dict[str, Any]:
        """The board as Grafana reads it."""
        language = setting.language
        return {
            "uid": self.uid(language),
            "title": self.title.says(language),
            "description": self.about.says(language),
            "tags": [TAG, f"{TAG}-{language}"],
            "timezone": setting.time_zone,
            "schemaVersion": SCHEMA_VERSION,
            "version": 1,
            "editable": True,
            "graphTooltip": 1,
            "refresh": self.refresh,
            "time": {"from": self.since, "to": "now"},
            "templating": {"list": [variable.as_json(language, DATA_SOURCE) for variable in self.variables]},
            "links": [*_links(setting, self.page)],
            "panels": [*self._panels(language, setting.pages.rstrip("/"))],
        }

    def _panels(self, language: Language, pages: str) -> Iterator[dict[str, Any]]:
        number = y = 0
        for section in self.sections:
            number += 1
            place = {"h": 1, "w": COLUMNS, "x": 0, "y": y}
            title = section.title.says(language)
            yield {"id": number, "type": "row", "title": title, "collapsed": False, "gridPos": place, "panels": []}
            y, x, height = y + 1, 0, 0
            for panel in section.panels:
                if x + panel.width > COLUMNS:
                    y, x, height = y + height, 0, 0
                number += 1
                place = {"h": panel.height, "w": panel.width, "x": x, "y": y}
                yield panel.as_json(number, place, language, pages)
                x, height = x + panel.width, max(height, panel.height)
            y += height


def _links(setting: Setting, page: str) -> Iterator[dict[str, Any]]:
    language = setting.language
    every = {"icon": "external link", "tooltip": "", "asDropdown": False, "includeVars": False, "keepTime": False}
    boards = {"type": "dashboards", "title": "", "tags": [f"{TAG}-{language}"], "targetBlank": False}
    yield {**every, **boards, "includeVars": True, "keepTime": True}
    if setting.pages:
        url = f"{setting.pages.rstrip('/')}{page}"
        yield {**every, "type": "link", "title": "SonCa", "url": url, "tags": [], "targetBlank": True}
