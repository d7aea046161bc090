"""Reads a unit file as systemd does, by its manuals (systemd.syntax, systemd.service, systemd.exec), not by our code.

Known of it is what SonCa writes: sections, comments, words with quotation marks, specifiers, escapes.
"""

import subprocess
from collections import defaultdict
from pathlib import Path

from tests.peers import need

_CUNESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "s": " "}


class Unit:
    """`values("Service", "ReadWritePaths")` are the raw right sides, in order."""

    def __init__(self, text: str) -> None:
        self._sections: dict[str, list[tuple[str, str]]] = defaultdict(list)
        section = ""
        for line in text.splitlines():
            if not line.strip() or line.lstrip()[0] in "#;":
                continue
            assert not line.endswith("\\"), "a continued line: SonCa writes none"
            if line.startswith("["):
                section = line.strip("[]")
                continue
            key, equals, value = line.partition("=")
            assert equals, line
            self._sections[section].append((key.strip(), value.strip()))

    def values(self, section: str, key: str) -> list[str]:
        return [value for name, value in self._sections[section] if name == key]

    def value(self, section: str, key: str) -> str:
        [only] = self.values(section, key)
        return only

    def paths(self, section: str, key: str) -> list[str]:
        """A list of paths: quotation marks and specifiers, a backslash only takes the next character as it is."""
        return [specified(word) for word in words(self.value(section, key), c_escapes=False)]

    def command(self) -> list[str]:
        """The command line of ExecStart; its colon says that nothing in it is a variable."""
        line = self.value("Service", "ExecStart")
        assert line.startswith(":")
        return [specified(word) for word in words(line[1:], c_escapes=True)]

    def environment(self) -> dict[str, str]:
        found = [
            specified(word) for line in self.values("Service", "Environment") for word in words(line, c_escapes=True)
        ]
        return dict(entry.partition("=")[::2] for entry in found)


def words(line: str, *, c_escapes: bool) -> list[str]:
    """As extract_first_word() of systemd splits a line."""
    found: list[str] = []
    word: str | None = None
    quote = ""
    characters = iter(line)
    for character in characters:
        if character == "\\":
            following = next(characters)
            if c_escapes:
                assert following in "\\\"'" or following in _CUNESCAPES, f"\\{following} is an error in ExecStart"
                following = _CUNESCAPES.get(following, following)
            word = (word or "") + following
        elif quote:
            quote, word = ("", word or "") if character == quote else (quote, (word or "") + character)
        elif character in "\"'":
            quote, word = character, word or ""
        elif character in " \t\n\r":
            found += [] if word is None else [word]
            word = None
        else:
            word = (word or "") + character
    assert not quote, "a quotation mark that is not closed"
    return found + ([] if word is None else [word])


def specified(word: str) -> str:
    """With its specifiers: SonCa uses none but the sign itself."""
    assert word.replace("%%", "").count("%") == 0, f"a specifier: {word}"
    return word.replace("%%", "%")


def complaints(file: Path) -> list[str]:
    """What systemd itself complains of in a unit file, but for keys that are newer than it."""
    done = subprocess.run(
        [need("systemd-analyze"), "verify", "--man=no", str(file)], capture_output=True, text=True, check=False
    )
    lines = [line for line in done.stderr.splitlines() if "Unknown key 'Restart" not in line]
    return lines if lines or done.returncode == 0 else [f"exit code {done.returncode}"]


def exposure(file: Path) -> float:
    """From 0 to 10, as `systemd-analyze security` judges it."""
    command = [need("systemd-analyze"), "security", "--offline=yes", "--no-pager", str(file)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(told.rpartition("exposure level for ")[2].split(":")[1].split()[0])
