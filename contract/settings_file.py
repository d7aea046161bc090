"""Reads a YAML settings file into a dataclass, and refuses what a person most likely did not mean.

The one place outside the standard library in contract/: both ends read such files, by the same rules. Unknown keys,
duplicate keys, and names that YAML turned into numbers are refused with file, line, key and a hint.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import yaml

from contract.shapes import BadShape, build, describe
from contract.trouble import Trouble

Shape = TypeVar("Shape")

MAX_DEPTH = 20  # three times what any file needs; the YAML library goes down by recursion


class SettingsError(Trouble):
    """A settings file that must not be used."""


def read_settings(path: Path, shape: type[Shape], check: Callable[[Shape], None] | None = None) -> Shape:
    """The file at `path` as a `shape`. Raises SettingsError.

    `check` looks at the whole (two rooms of one id) and raises BadShape with the path of the key that is wrong.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise SettingsError(f"{path}: there is no such file", "check the path, or make the file first") from error
    except OSError as error:
        raise SettingsError(
            f"{path}: cannot be read: {error.strerror}", "it must be a file that this user may read"
        ) from error
    return _parse(_text(content, str(path)), shape, check, str(path))


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        hint = "save it again with the encoding UTF-8 (Notepad: Save as, Encoding)"
        raise SettingsError(f"{name} line {line}: is not UTF-8 text", hint) from error


def _parse(content: str, shape: type[Shape], check: Callable[[Shape], None] | None, name: str) -> Shape:
    loader, data = _load(content, name)
    if data is None:
        raise SettingsError(f"{name}: says nothing", "start from the file of its kind in examples/")
    try:
        settings = build(shape, data, refuse_unknown=True)
        if check is not None:
            check(settings)
    except BadShape as error:
        raise _misfit(name, error, loader) from error
    return settings


def _load(content: str, name: str) -> tuple["_Loader", Any]:
    try:
        loader = _Loader(content)
        return loader, loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(name, error) from error
    except yaml.reader.ReaderError as error:
        line = content.count("\n", 0, error.position) + 1
        sentence = f"{name} line {line}: holds the invisible character U+{error.character:04X}"
        raise SettingsError(sentence, "delete it, or type the line again") from error


class _Refused(yaml.MarkedYAMLError):
    """YAML that is fine by its rules, but that we do not take."""

    def __init__(self, problem: str, mark: Any, hint: str) -> None:
        super().__init__(None, None, problem, mark)
        self.hint = hint


class _Loader(yaml.SafeLoader):
    """Safe YAML that refuses what surprises people, and remembers per path the line and what was written there.

    Dates stay text: nothing here wants more of them, and a 30 February is then named as what it is.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012 - the base class declares it without ClassVar
        first: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:timestamp"]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.depth = 0
        self.lines: dict[str, int] = {}
        self.written: dict[str, str] = {}

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        # References make a small file unfold into gigabytes, and tags make any value into any other.
        event: yaml.NodeEvent = self.peek_event()  # type: ignore[no-untyped-call]
        if event.anchor or getattr(event, "tag", None):
            hint = "write it out; text that starts with & * or ! needs quotes"
            raise _Refused("references and tags (& * !) are not taken here", event.start_mark, hint)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _Refused(
                "too many levels stand inside each other", event.start_mark, "see examples/ for how it looks"
            )
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, OverflowError) as error:
            written = describe(node.value)
            hint = "correct it, or put it in quotes where text is meant"
            raise _Refused(f"{written} looks like a number but is none", node.start_mark, hint) from error

    def get_single_data(self) -> Any:
        node = self.get_single_node()
        if node is None:
            return None
        self._remember(node, "")
        return self.construct_document(node)

    def _remember(self, node: yaml.Node, path: str) -> None:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            self.written[path] = node.value
        elif isinstance(node, yaml.SequenceNode):
            for index, entry in enumerate(node.value):
                self._remember(entry, f"{path}[{index}]")
        elif isinstance(node, yaml.MappingNode):
            self._remember_keys(node, path)

    def _remember_keys(self, node: yaml.MappingNode, path: str) -> None:
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise _Refused("a key must be one word", key.start_mark, "write `key: value`")
            if key.tag != "tag:yaml.org,2002:str":
                hint = f'put it in quotes: "{key.value}"'
                raise _Refused(f"the key {key.value} is not read as text", key.start_mark, hint)
            if key.value in seen:
                problem = f"the key {key.value} stands twice, first in line {seen[key.value]}"
                raise _Refused(problem, key.start_mark, "keep one of the two")
            seen[key.value] = line
            below = f"{path}.{key.value}" if path else key.value
            self.lines[below] = line
            self._remember(value, below)


# What the YAML library says -> what a person can do about it. The first part that is found counts.
_YAML_PROBLEMS = (
    ("'\\t'", "a tab stands where only spaces may", "indent with spaces, two for each level"),
    ("mapping values", "a colon where none may stand", "align the line, and put text that holds a colon in quotes"),
    ("expected ',' or", "a bracket is opened and not closed", "close it, or put the text in quotes"),
    ("unexpected end of stream", "a quote is opened here and never closed", "close it, or take it away"),
    ("expected <block end>", "the line does not fit those above it", "align it with its neighbours, by spaces"),
    ("could not find expected ':'", "a key without its colon", "write `key: value`, with a space after the colon"),
    ("another document", "a second document begins", "take the line `---` away"),
    ("cannot start any token", "the text starts with a sign that YAML keeps for itself", "put the text in quotes"),
)


def _not_yaml(name: str, error: yaml.MarkedYAMLError) -> SettingsError:
    mark = error.problem_mark or error.context_mark
    sentence, hint = str(error.problem), getattr(error, "hint", "")
    if not hint:
        hint = "check the indentation, the colons and the quotes in this line and the one above"
        for part, meaning, advice in _YAML_PROBLEMS:
            if part in sentence:
                sentence, hint = f"{meaning} (not YAML: {sentence})", advice
                break
    if "unexpected end of stream" in sentence:
        mark = error.context_mark or mark  # where the quote was opened, not where the file ends
    return SettingsError(f"{name} line {mark.line + 1}: {sentence}" if mark else f"{name}: {sentence}", hint)


def _misfit(name: str, error: BadShape, loader: _Loader) -> SettingsError:
    above = error.path.rpartition(".")[0]
    line = loader.lines.get(error.path) or (loader.lines.get(above) if above else None)
    where = [name if line is None else f"{name} line {line}", *([error.path] if error.path else [])]
    problem, written = error.problem, loader.written.get(error.path, "")
    if problem.startswith("expected text") and written:
        number = "the number " if type(error.got) in (int, float) else ""
        problem = f"{written} is read by YAML as {number}{describe(error.got)}, not as text"
    return SettingsError(": ".join([*where, problem]), error.hint or _advice(error.problem, written))


def _advice(problem: str, written: str) -> str:
    if problem == "is missing":
        return "add it; docs/settings.md says what it means"
    if problem.startswith("expected text"):
        return f'put it in quotes: "{written}"' if written else "write its value after the colon, on the same line"
    if written.isdigit() and "number" in problem:
        return f"take the quotes away: {written}"
    if problem.startswith("expected a list") and written:
        return f"write it as a list: [{written}]"
    if problem.startswith("expected a group of keys"):
        return "write `key: value` lines, with a space after the colon; examples/ shows how"
    return "correct it; docs/settings.md shows every key with its type and default"
