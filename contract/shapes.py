"""Builds dataclasses from plain data (parsed JSON or YAML), guided by their type hints.

Messages and settings files share it, so a wrong value is refused by the same rules and named by the same kind of path
(`measurements[3].taken_at`) wherever it comes from.
"""

import dataclasses
import functools
import types
import typing
from collections.abc import Hashable, Mapping
from enum import Enum
from typing import Any, TypeVar, Union, cast

Shape = TypeVar("Shape")

_WORDS: Mapping[object, str] = types.MappingProxyType(
    {str: "text", int: "a whole number", float: "a number", bool: "true or false", type(None): "nothing"}
)


class BadShape(Exception):
    """Data that does not fit its dataclass: `path` says where, `problem` what is wrong, `got` holds the value."""

    def __init__(self, path: str, problem: str, got: object = None) -> None:
        super().__init__(f"{path or 'top level'}: {problem}")
        self.path = path
        self.problem = problem
        self.got = got


def build(shape: type[Shape], data: object, *, path: str = "", refuse_unknown: bool = False) -> Shape:
    """An instance of the dataclass `shape` from a mapping of its field names.

    Unknown keys are ignored (a newer peer may say more) unless `refuse_unknown`. Raises BadShape.
    """
    if not isinstance(data, Mapping):
        raise BadShape(path, f"expected a group of keys, got {describe(data)}", data)
    hints = _hints(cast(Hashable, shape))
    if refuse_unknown:
        _refuse_unknown(hints, data, path)
    values = {
        name: _value(hint, data[name], join(path, name), refuse_unknown) for name, hint in hints.items() if name in data
    }
    for name in _required(cast(Hashable, shape)):
        if name not in values:
            raise BadShape(join(path, name), "is missing")
    try:
        return shape(**values)
    except ValueError as error:  # raised by a shape's own __post_init__
        raise BadShape(path, str(error), data) from error


def join(path: str, name: object) -> str:
    """The path of a key below `path`."""
    return f"{path}.{name}" if path else str(name)


def describe(value: object) -> str:
    """A value as a person reads it in an error, shortened."""
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


@functools.cache
def _hints(shape: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(shape)
    return {field.name: hints[field.name] for field in dataclasses.fields(shape) if field.init}


@functools.cache
def _required(shape: Any) -> tuple[str, ...]:
    missing = dataclasses.MISSING
    return tuple(
        field.name
        for field in dataclasses.fields(shape)
        if field.init and field.default is missing and field.default_factory is missing
    )


def _refuse_unknown(hints: Mapping[str, Any], data: Mapping[Any, Any], path: str) -> None:
    for key in data:
        if key not in hints:
            raise BadShape(join(path, key), f"is not a known key; allowed here: {', '.join(sorted(hints))}", key)


def _value(hint: Any, value: object, path: str, strict: bool) -> Any:
    origin = typing.get_origin(hint)
    if origin in (Union, types.UnionType):
        return _one_of(hint, value, path, strict)
    if origin is tuple:
        return _list(typing.get_args(hint)[0], value, path, strict)
    if origin is dict or origin is Mapping or getattr(origin, "__name__", "") == "Mapping":
        return _mapping(typing.get_args(hint)[1], value, path, strict)
    if origin is typing.Literal:
        return _word(typing.get_args(hint), value, path)
    if dataclasses.is_dataclass(hint):
        return build(cast(type, hint), value, path=path, refuse_unknown=strict)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(_word(tuple(member.value for member in hint), value, path))
    return _scalar(hint, value, path)


def _one_of(hint: Any, value: object, path: str, strict: bool) -> Any:
    options = typing.get_args(hint)
    if value is None and type(None) in options:
        return None
    # An exact type wins, so that `float | int` keeps 3 an int and True a bool.
    for option in options:
        if type(value) is option:
            return _value(option, value, path, strict)
    chosen = [option for option in options if option is not type(None)]
    if len(chosen) == 1:
        return _value(chosen[0], value, path, strict)
    words = " or ".join(_WORDS.get(option, getattr(option, "__name__", str(option))) for option in chosen)
    raise BadShape(path, f"expected {words}, got {describe(value)}", value)


def _list(item: Any, value: object, path: str, strict: bool) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise BadShape(path, f"expected a list, got {describe(value)}", value)
    return tuple(_value(item, entry, f"{path}[{index}]", strict) for index, entry in enumerate(value))


def _mapping(item: Any, value: object, path: str, strict: bool) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise BadShape(path, f"expected a group of keys, got {describe(value)}", value)
    for key in value:
        if not isinstance(key, str):
            raise BadShape(join(path, key), f"expected a name, got {describe(key)}", key)
    return {key: _value(item, entry, join(path, key), strict) for key, entry in value.items()}


def _word(words: tuple[Any, ...], value: object, path: str) -> Any:
    if value not in words:
        raise BadShape(path, f"expected one of {', '.join(map(str, words))}, got {describe(value)}", value)
    return value


def _scalar(hint: Any, value: object, path: str) -> Any:
    if hint is Any or hint is object:
        return value
    if hint is float and type(value) is int:
        try:
            return float(value)
        except OverflowError:
            raise BadShape(path, "is too large a number", value) from None
    if type(value) is not hint:
        raise BadShape(path, f"expected {_WORDS.get(hint, hint)}, got {describe(value)}", value)
    return value
