"""Programs that stand in for those of a system that is not at hand: they note how they were called, and answer."""

import json
import os
import sys
from pathlib import Path

import pytest

_SCRIPT = """\
#!{python} -IS
import json, sys
from pathlib import Path
folder, name = Path({folder!r}), {name!r}
with (folder / "calls").open("a") as calls:
    calls.write(json.dumps([name, *sys.argv[1:]]) + "\\n")
answers = json.loads((folder / "answers").read_text())
called = " ".join([name, *sys.argv[1:]])
for part, (answer, code, then) in answers.items():
    if part in called:
        (folder / "answers").write_text(json.dumps({{**answers, **then}}))
        print(answer)
        sys.exit(code)
"""


class StandIns:
    """On the PATH of the test. `answer("is-active", "no", 3)`: what a call that holds these words is answered."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
        self._folder = folder
        folder.mkdir()
        (folder / "answers").write_text("{}")
        for name in names:
            file = folder / name
            file.write_text(_SCRIPT.format(python=sys.executable, folder=str(folder), name=name))
            file.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def answer(self, part: str, answer: str, code: int = 0, then: dict[str, tuple[str, int]] | None = None) -> None:
        """`then`: what is answered differently from that call on."""
        answers = json.loads((self._folder / "answers").read_text())
        later = {words: [*rest, {}] for words, rest in (then or {}).items()}
        (self._folder / "answers").write_text(json.dumps({**answers, part: (answer, code, later)}))

    def calls(self) -> list[str]:
        """What was called since the last time, each with its arguments."""
        file = self._folder / "calls"
        rows = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return [" ".join(json.loads(row)) for row in rows]
