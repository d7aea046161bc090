"""Builds dataclasses from plain data (parsed JSON or YAML), guided by their type hints.

Messages and settings files share it, so a wrong value is refused by the same rules and named by the same kind of path
(`measurements[3].taken_at`) wherever it comes from.
"""

import dataclasses
import functools
import types
import typing
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, TypeVar, Union, cast

Shape = TypeVar("Shape")

_WORDS: Mapping[object, str] = types.MappingProxyType(
    {str: "text", int: "a whole number", float: "a number", bool: "true or false", type(None): "nothing"}
)


class BadShape(Exception):
    """Data that does not fit its dataclass: `path` says where, `problem` what is wrong, `got` holds the value."""

    def __init__(self, path: str, problem: str, got: object = None, hint: str = "") -> None:
        super().__init__(f"{path or 'top level'}: {problem}")
        self.path = path
        self.problem = problem
        self.got = got
        self.hint = hint


class BadValue(ValueError):
    """What a rule, or a shape's own __post_init__, raises when it also knows what to do about it."""

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.hint = hint


@dataclass(frozen=True)
class Between:
    """A rule for `Annotated[int, Between(1, 65_535)]`. A rule is called with the value and raises ValueError."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.low} to {self.high}"

    def __call__(self, value: float) -> None:
        if not self.low <= value <= self.high:  # NaN is not, either
            raise ValueError(f"expected {self}, got {describe(value)}")


@dataclass(frozen=True)
class Known:
    """A rule for a text that must be one of `names`; `what` says what they are."""

    what: str
    names: frozenset[str]

    def __call__(self, value: str) -> None:
        if value not in self.names:
            known = ", ".join(sorted(self.names))
            problem = f"{describe(value)} is not a {self.what}; known are {known}"
            raise BadValue(problem, did_you_mean(value, self.names))


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
        raise BadShape(path, str(error), data, getattr(error, "hint", "")) from error


def join(path: str, name: object) -> str:
    """The path of a key below `path`."""
    return f"{path}.{name}" if path else str(name)


def describe(value: object) -> str:
    """A value as a person reads it in an error, shortened."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, Mapping):
        return "a group of keys"
    if isinstance(value, int) and abs(value) > 10**60:
        return "a number of more than 60 digits"  # Python refuses to print those of more than 4,300
    text = repr(value).removesuffix(".0")
    return text if len(text) <= 60 else text[:57] + "..."


def check_distinct(ids: Iterable[tuple[str, str]]) -> None:
    """Raises BadShape for the first of these (path, id) pairs whose id an earlier path has."""
    owners: dict[str, str] = {}
    for path, entry in ids:
        owner = owners.setdefault(entry, path)
        if owner != path:
            raise BadShape(path, f"{entry} is already taken by {owner}", entry, "give each its own")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that names the known word most like this one, empty when none is."""
    import difflib  # only when something is wrong: an agent's memory is counted

    close = difflib.get_close_matches(word[:60], list(known), 1)
    return f"did you mean {close[0]}?" if close else ""


@functools.cache
def _hints(shape: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(shape, include_extras=True)
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
            problem = f"is not a known key; allowed here: {', '.join(sorted(hints))}"
            raise BadShape(join(path, key), problem, key, did_you_mean(str(key), hints))


def _value(hint: Any, value: object, path: str, strict: bool) -> Any:
    origin = typing.get_origin(hint)
    if origin is Annotated:
        return _ruled(hint, value, path, strict)
    if origin in (Union, types.UnionType):
        return _one_of(hint, value, path, strict)
    if origin is tuple:
        return _list(typing.get_args(hint)[0], value, path, strict)
    if origin is dict or origin is Mapping or getattr(origin, "__name__", "") == "Mapping":
        return _mapping(typing.get_args(hint), value, path, strict)
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


def _mapping(hints: tuple[Any, Any], value: object, path: str, strict: bool) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise BadShape(path, f"expected a group of keys, got {describe(value)}", value)
    name, item = hints
    return {
        _value(name, key, join(path, key), strict): _value(item, entry, join(path, key), strict)
        for key, entry in value.items()
    }


def _word(words: tuple[Any, ...], value: object, path: str) -> Any:
    if value not in words:
        expected = f"one of {', '.join(map(str, words))}"
        if not isinstance(value, str):
            raise BadShape(path, f"expected text, {expected}, got {describe(value)}", value)
        raise BadShape(path, f"expected {expected}, got {describe(value)}", value, did_you_mean(value, words))
    return value


def _ruled(hint: Any, value: object, path: str, strict: bool) -> Any:
    kind, *rules = typing.get_args(hint)
    found = _value(kind, value, path, strict)
    for rule in rules:
        try:
            rule(found)
        except ValueError as error:
            raise BadShape(path, str(error), value, getattr(error, "hint", "")) from error
    return found


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
