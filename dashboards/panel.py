"""One panel of a board, and its JSON as Grafana reads it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from dashboards.queries import Query
from dashboards.text import Language, Text, same
from dashboards.words import GREY, LINES, NO_DATA, PLAIN, Steps, Word, in_place_of_nothing, mapping, thresholds

Kind = Literal["stat", "gauge", "bargauge", "timeseries", "table", "state-timeline"]

DATA_SOURCE = {"type": "influxdb", "uid": "sonca-influxdb"}
# A line breaks where nothing was measured for longer than the coarsest rollup: an hour, and some.
BREAK_MS = 3_900_000
MOMENT = "time:HH:mm DD/MM"  # Grafana says "3 hours ago" in English


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: how it is called, its unit, words for its values, and where a click leads.

    `link` leads to another board, `page` is the path of one of SonCa's pages. `hidden`: only links need it.
    """

    name: str
    title: Text
    unit: str = ""
    words: Mapping[str, Word] = field(default_factory=dict)
    steps: Steps | None = None
    link: str = ""
    page: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """`width` of 24, `height` in Grafana's rows. `since` replaces the board's range: `1h`, `now/d`, `now/M`.

    Tables show `columns` in this order; the others show the newest value (`calculation`) or all over time.
    """

    kind: Kind
    title: Text
    queries: Sequence[Query]
    width: int
    height: int
    about: Text
    unit: str = "none"
    decimals: int | None = None
    least: float | None = None
    most: float | None = None
    steps: Steps = PLAIN
    words: Mapping[str, Word] = field(default_factory=dict)
    named: Mapping[str, Word] = field(default_factory=dict)  # lines and bars that have a colour of their own
    series: Mapping[str, Word] = field(default_factory=dict)  # how lines and bars are called that bear a tag's value
    columns: Sequence[Column] = ()
    matrix: tuple[str, str, str] | None = None  # tag of the columns, tag of the rows, field
    sums: tuple[str, Sequence[str]] | None = None  # a table with one row for each value of a column, and sums of others
    sorted_by: str = ""  # a column of the table, its greatest values first
    least_first: bool = False
    since: str = ""
    interval: str = "5m"
    nothing: Text = NO_DATA  # what an empty answer means
    nothing_color: str = GREY
    told: Sequence[str] = ("mean", "max")  # of each line of a chart, beside it
    calculation: str = "lastNotNull"

    def as_json(self, number: int, place: Mapping[str, int], language: Language, pages: str = "") -> dict[str, Any]:
        """`pages`: the address of SonCa's pages, empty where nothing shall lead there."""
        made: dict[str, Any] = {
            "id": number,
            "type": self.kind,
            "title": self.title.says(language),
            "description": self.about.says(language),
            "datasource": DATA_SOURCE,
            "gridPos": dict(place),
            "interval": self.interval,
            "targets": [self._target(index, query, language) for index, query in enumerate(self.queries)],
            "fieldConfig": {"defaults": self._defaults(language), "overrides": self._overrides(language, pages)},
            "options": self._options(language),
        }
        if self.since:
            made["timeFrom"] = self.since
        if transformations := self._transformations():
            made["transformations"] = transformations
        return made

    def _target(self, index: int, query: Query, language: Language) -> dict[str, Any]:
        target: dict[str, Any] = {
            "refId": "ABCDEFGHIJ"[index],
            "datasource": DATA_SOURCE,
            "rawQuery": True,
            "query": query.text,
            "resultFormat": "table" if query.table else "time_series",
        }
        if query.alias is not None:
            target["alias"] = query.alias.says(language)
        return target

    def _defaults(self, language: Language) -> dict[str, Any]:
        shown = self.kind in ("stat", "gauge") or self.matrix is not None
        absent = in_place_of_nothing(_NO_CELL if self.matrix else Word(self.nothing, self.nothing_color), language)
        made: dict[str, Any] = {
            "unit": self.unit,
            "noValue": self.nothing.says(language),
            "mappings": [*mapping(self.words, language), *(absent if shown else [])],
            "thresholds": thresholds(self.steps),
            "color": {"mode": "palette-classic" if self.kind == "timeseries" else "thresholds"},
            "custom": _CUSTOM.get(self.kind, {}),
        }
        if self.kind == "timeseries" and self.steps.further:
            made["custom"] = {**made["custom"], "thresholdsStyle": {"mode": "dashed"}}
        if self.matrix is not None:
            made["custom"] = {**made["custom"], "cellOptions": {"type": "color-background"}}
        told = {"decimals": self.decimals, "min": self.least, "max": self.most}
        return made | {name: value for name, value in told.items() if value is not None}

    def _overrides(self, language: Language, pages: str) -> list[dict[str, Any]]:
        colours = [_colour(word, language) for word in (*self.named.values(), *self._lines())]
        called = [_named(value, [_called(word.text, language)]) for value, word in self.series.items()]
        return [*(_override(column, language, pages) for column in self.columns), *colours, *called]

    def _lines(self) -> list[Word]:
        """The lines of a chart that are always there, each with its colour."""
        names = [query.alias for query in self.queries if query.alias is not None and "$" not in query.alias.en]
        fixed = self.kind == "timeseries" and len(names) == len(self.queries)
        return [Word(name, color) for name, color in zip(names, LINES, strict=False)] if fixed else []

    def _options(self, language: Language) -> dict[str, Any]:
        # By itself Grafana reduces numbers only: a field of words has to be named.
        alias = self.queries[0].alias if self.words else None
        fields = f"/^{re.escape(alias.says(language))}$/" if alias else ""
        reduced = {"reduceOptions": {"calcs": [self.calculation], "fields": fields, "values": False}}
        made = {**(reduced if self.kind in ("stat", "gauge", "bargauge") else {}), **_OPTIONS[self.kind]}
        if self.sorted_by:
            [title] = [column.title.says(language) for column in self.columns if column.name == self.sorted_by]
            made["sortBy"] = [{"displayName": title, "desc": not self.least_first}]
        if self.kind == "timeseries":
            made["legend"] = {**_LEGEND, "calcs": [*self.told]}
        return made

    def _transformations(self) -> list[dict[str, Any]]:
        if self.matrix is not None:
            column, row, value = self.matrix
            options = {"columnField": column, "rowField": row, "valueField": value, "emptyValue": "null"}
            return [{"id": "groupingToMatrix", "options": options}]
        if not self.columns:
            return []
        order = {column.name: index for index, column in enumerate(self.columns)}
        hidden = {} if "Time" in order else {"Time": True}
        organized = {"excludeByName": hidden, "indexByName": order, "renameByName": {}}
        return [*self._grouped(), {"id": "organize", "options": organized}]

    def _grouped(self) -> list[dict[str, Any]]:
        if self.sums is None:
            return []
        column, summed = self.sums
        fields: dict[str, Any] = {column: {"operation": "groupby", "aggregations": []}}
        fields |= {name: {"operation": "aggregate", "aggregations": ["sum"]} for name in summed}
        return [{"id": "groupBy", "options": {"fields": fields}}]


def head_of(columns: str, rows: str) -> str:
    """What Grafana calls the first column of a matrix."""
    return f"{rows}\\{columns}"


def sum_of(name: str) -> str:
    """What Grafana calls the sum of a column."""
    return f"{name} (sum)"


def _colour(word: Word, language: Language) -> dict[str, Any]:
    colour = {"mode": "fixed", "fixedColor": word.color}
    return _named(word.text.says(language), [{"id": "color", "value": colour}])


def _called(text: Text, language: Language) -> dict[str, Any]:
    return {"id": "displayName", "value": text.says(language)}


def _named(name: str, properties: list[dict[str, Any]]) -> dict[str, Any]:
    return {"matcher": {"id": "byName", "options": name}, "properties": properties}


def _override(column: Column, language: Language, pages: str = "") -> dict[str, Any]:
    # Otherwise an empty cell would say what an empty table says.
    properties = [_called(column.title, language), {"id": "noValue", "value": NO_CELL}]
    if column.hidden:
        properties.append({"id": "custom.hidden", "value": True})
    if column.unit:
        properties.append({"id": "unit", "value": column.unit})
    if column.words:
        properties.append({"id": "mappings", "value": mapping(column.words, language)})
    if column.steps is not None:
        properties.append({"id": "thresholds", "value": thresholds(column.steps)})
    coloured = bool(column.words) or column.steps is not None
    properties.append({"id": "custom.cellOptions", "value": {"type": "color-text" if coloured else "auto"}})
    url = column.link.replace("LANGUAGE", language) or (f"{pages}{column.page}" if pages and column.page else "")
    if url:
        properties.append({"id": "links", "value": [{"title": column.title.says(language), "url": url}]})
    return _named(column.name, properties)


NO_CELL = "–"
_NO_CELL = Word(same(NO_CELL), GREY)
_LEGEND = {"showLegend": True, "displayMode": "table", "placement": "right"}
_TOOLTIP = {"mode": "multi", "sort": "desc"}
_CUSTOM: Mapping[str, Mapping[str, Any]] = {
    "timeseries": {"drawStyle": "line", "lineWidth": 2, "fillOpacity": 8, "showPoints": "auto", "spanNulls": False,
                   "insertNulls": BREAK_MS},
    "state-timeline": {"fillOpacity": 85, "lineWidth": 0},
    "table": {"align": "auto", "cellOptions": {"type": "auto"}, "inspect": False},
}  # fmt: skip
_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "stat": {"colorMode": "background_solid", "graphMode": "none", "justifyMode": "center", "orientation": "auto",
             "textMode": "auto", "wideLayout": True, "showPercentChange": False},
    "gauge": {"orientation": "auto", "showThresholdLabels": False, "showThresholdMarkers": True, "sizing": "auto"},
    "bargauge": {"displayMode": "basic", "orientation": "horizontal", "showUnfilled": True, "valueMode": "text",
                 "namePlacement": "left", "sizing": "auto", "minVizHeight": 16, "minVizWidth": 8},
    "timeseries": {"tooltip": _TOOLTIP},
    "table": {"showHeader": True, "cellHeight": "sm"},
    "state-timeline": {"alignValue": "left", "mergeValues": True, "rowHeight": 0.85, "showValue": "auto",
                       "legend": {"showLegend": True, "displayMode": "list", "placement": "bottom", "calcs": []},
                       "tooltip": {"mode": "single", "sort": "none"}},
}  # fmt: skip
