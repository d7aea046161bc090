"""Boards against Grafana's own types: @grafana/schema, compiled with tsc."""

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from dashboards.board import Setting
from dashboards.boards import BOARDS
from dashboards.text import LANGUAGES
from tests.grafana_packages import FOLDER, installed, node


@pytest.fixture(scope="module")
def types() -> Path:
    return installed()


def compiled(types: Path, folder: Path, boards: list[dict[str, Any]]) -> list[str]:
    """What the compiler says about the boards, a line each."""
    shutil.copy(FOLDER / "board.ts", folder)
    (folder / "node_modules").symlink_to(types / "node_modules")
    rows = [f"export const b{number}: Board = {json.dumps(board)};" for number, board in enumerate(boards)]
    (folder / "all.ts").write_text("\n".join(["import type { Board } from './board';", *rows]), encoding="utf-8")
    compiler = types / "node_modules" / "typescript" / "bin" / "tsc"
    options = [
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "--module",
        "nodenext",
        "--target",
        "es2022",
        "--pretty",
        "false",
    ]
    return node(compiler, *options, "all.ts", folder=folder).stdout.splitlines()


# Where in a board something wrong is put, and what.
MISTAKES: dict[str, tuple[str, object]] = {
    "a word that is none": ("panels.1.options.orientation", "sideways"),
    "an option that is none": ("panels.1.options.colour", "red"),
    "a number as text": ("panels.1.gridPos.w", "6"),
    "a threshold without a colour": ("panels.1.fieldConfig.defaults.thresholds.steps.0", {"value": 1}),
    "a variable of no kind": ("templating.list.0.type", "question"),
    "a key that is none": ("refreshes", "1m"),
    "a mapping of no kind": ("panels.5.fieldConfig.defaults.mappings", [{"type": "word", "options": {}}]),
    "a line style that is none": ("panels.-4.fieldConfig.defaults.custom.drawStyle", "curly"),
    "a result of no kind": ("panels.1.targets.0.resultFormat", "rows"),
}


def spoiled(board: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """A copy with a wrong value at a path like `panels.1.title`."""
    made: dict[str, Any] = copy.deepcopy(board)
    *steps, last = path.split(".")
    place: Any = made
    for step in steps:
        place = place[int(step) if isinstance(place, list) else step]
    place[int(last) if isinstance(place, list) else last] = value
    return made


def test_every_board_has_grafanas_types_and_every_mistake_is_found(types: Path, tmp_path: Path) -> None:
    boards = [board.as_json(Setting(language, pages="http://x")) for language in LANGUAGES for board in BOARDS]
    broken = [spoiled(boards[0], path, value) for path, value in MISTAKES.values()]
    told = compiled(types, tmp_path, [*boards, *broken])
    # One line of all.ts is one board, behind the line that imports.
    wrong = {int(line.partition("(")[2].partition(",")[0]) - 2 for line in told if line.startswith("all.ts(")}
    assert [line for line in told if line and not line.startswith(("all.ts(", " "))] == []
    assert wrong == set(range(len(boards), len(boards) + len(MISTAKES))), "\n".join(told)[:3_000]
