"""What a document must say about a dataclass: a row of key, type and default for each field."""

import dataclasses
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Annotated, Any

from agent import network_settings, polled
from contract import mac, targets, week
from contract.shapes import Between, Known
from contract.topics import check_slug
from inventory import end_of_support, school
from inventory.report import settings as report_settings

WORDS = {str: "text", int: "whole number", float: "number", bool: "true or false", Any: "anything"}
RULES: Mapping[Callable[..., object], str] = {
    check_slug: "id",
    polled.check_own_address: "IPv4 address",
    targets.check_host: "host",
    targets.check_host_port: "host:port",
    targets.check_url: "web address",
    mac.check_mac: "hardware address",
    network_settings.check_server: "IPv4 or hardware address",
    week.check_clock: "time of day",
    school.check_date: "date",
    school.check_time_zone: "time zone",
    report_settings.check_written: "text",
    end_of_support.check_filled: "text",
}

Links = Mapping[type, str]


def rows_of(shape: type, links: Links) -> list[tuple[str, str, str]]:
    """Key, type and default of each field. `links` has the words for nested dataclasses and linked enumerations."""
    hints = typing.get_type_hints(shape, include_extras=True)
    return [
        (f"`{field.name}`", type_words(hints[field.name], links), _default_words(field))
        for field in dataclasses.fields(shape)
    ]


def type_words(hint: Any, links: Links) -> str:
    """A type hint in the words of the documents."""
    kind, args = typing.get_origin(hint), typing.get_args(hint)
    if hint in links:
        return links[hint]
    if kind is Annotated:
        return _rule_words(args[1], type_words(args[0], links))
    if kind is tuple:
        return f"list of {type_words(args[0], links)}"
    if kind in (dict, Mapping):
        return f"group of {type_words(args[0], links)}: {type_words(args[1], links)}"
    if kind in (typing.Union, types.UnionType):
        *rest, last = [type_words(arg, links) for arg in args if arg is not type(None)]
        return f"{', '.join(rest)} or {last}" if rest else last
    if kind is typing.Literal:
        return f"one of {', '.join(map(str, args))}"
    if issubclass(hint, Enum):
        return f"one of {', '.join(member.value for member in hint)}"
    return WORDS[hint]


def shapes_below(shape: type) -> Iterator[type]:
    """The dataclass and all that its fields hold, at any depth."""
    yield shape
    for hint in typing.get_type_hints(shape, include_extras=True).values():
        for part in _parts(hint):
            if isinstance(part, type) and dataclasses.is_dataclass(part):
                yield from shapes_below(part)


def _parts(hint: Any) -> Iterator[Any]:
    yield hint
    for arg in typing.get_args(hint):
        yield from _parts(arg)


def _rule_words(rule: Any, base: str) -> str:
    if isinstance(rule, Between):
        return f"{base}, {rule}"
    return rule.what if isinstance(rule, Known) else RULES[rule]


def _default_words(field: "dataclasses.Field[Any]") -> str:
    if field.default is not dataclasses.MISSING:
        return _value_words(field.default)
    if field.default_factory is not dataclasses.MISSING:
        return "none given" if field.default_factory() == {} else "see there"
    return "required"


def _value_words(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "empty list"
    return str(value).removesuffix(".0") or "empty"
