"""Reads a YAML settings file into a dataclass, and refuses what a person most likely did not mean.

The one place outside the standard library in contract/: both ends read such files, by the same rules. Unknown keys,
duplicate keys, and names that YAML turned into numbers are refused with file, line, key and a hint.
"""

from collections.abc import Hashable
from pathlib import Path
from typing import Any, TypeVar

import yaml

from contract.shapes import BadShape, build
from contract.trouble import Trouble

Shape = TypeVar("Shape")


class SettingsError(Trouble):
    """A settings file that must not be used."""


def read_settings(path: Path, shape: type[Shape]) -> Shape:
    """The file at `path` as a `shape`. Raises SettingsError."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SettingsError(f"{path}: there is no such file", "check the path, or make the file first") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}", "save it as UTF-8, readable by this user") from error
    return parse_settings(content, shape, name=str(path))


def parse_settings(content: str, shape: type[Shape], *, name: str) -> Shape:
    """The YAML text `content` as a `shape`; `name` stands for the file in errors. Raises SettingsError."""
    loader = _Loader(content)
    try:
        data = loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        hint = getattr(error, "hint", "") or "check the indentation, the colons and the quotes near this line"
        raise SettingsError(f"{name} line {line}: {error.problem}", hint) from error
    except yaml.YAMLError as error:
        raise SettingsError(f"{name}: is not YAML: {error}", "save it as plain UTF-8 text") from error
    finally:
        loader.dispose()
    try:
        return build(shape, {} if data is None else data, refuse_unknown=True)
    except BadShape as error:
        raise _sentence(name, error, loader) from error


def problem_at(name: str, key: str, problem: str, hint: str = "") -> SettingsError:
    """A SettingsError for what only a look at the whole file can find (two rooms of one name)."""
    return SettingsError(f"{name}: {key}: {problem}", hint)


class _Duplicate(yaml.MarkedYAMLError):
    hint = "keep one of the two"


class _Loader(yaml.SafeLoader):
    """Safe YAML that refuses duplicate keys and remembers, per path, the line and what was written there."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.lines: dict[str, int] = {}
        self.written: dict[str, str] = {}

    def get_single_data(self) -> Any:
        node = self.get_single_node()
        if node is None:
            return None
        self._remember(node, "")
        return self.construct_document(node)

    def _remember(self, node: yaml.Node, path: str) -> None:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            self.written.setdefault(path, node.value)
        elif isinstance(node, yaml.SequenceNode):
            for index, entry in enumerate(node.value):
                self._remember(entry, f"{path}[{index}]")
        elif isinstance(node, yaml.MappingNode):
            self._remember_keys(node, path)

    def _remember_keys(self, node: yaml.MappingNode, path: str) -> None:
        seen: set[Hashable] = set()
        for key, value in node.value:
            if key.value in seen:
                raise _Duplicate(None, None, f"the key {key.value!r} stands twice", key.start_mark)
            seen.add(key.value)
            below = f"{path}.{key.value}" if path else str(key.value)
            self.lines[below] = key.start_mark.line + 1
            self._remember(value, below)


def _sentence(name: str, error: BadShape, loader: _Loader) -> SettingsError:
    line = loader.lines.get(error.path)
    where = f"{name} line {line}" if line else name
    sentence = f"{where}: {error}"
    written = loader.written.get(error.path, "")
    if error.problem.startswith("expected text") and written:
        return SettingsError(
            f"{where}: {error.path}: {written} is read by YAML as {error.got!r}, not as text",
            f'put it in quotes: "{written}"',
        )
    return SettingsError(sentence, "see docs/settings.md for every key")
