"""The project's own tree, for the tests that hold its structure and its documents."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.peers import need

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES: tuple[str, ...] = tuple(PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])


def product_files() -> list[Path]:
    """The Python files of the packages and of scripts/."""
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return files + [path for path in sorted((ROOT / "scripts").iterdir()) if path.is_file()]


def python_files() -> list[Path]:
    """The product's files and those of tests/."""
    return product_files() + sorted((ROOT / "tests").rglob("*.py"))


def name_of(path: Path) -> str:
    """The dotted name of a module, `scripts.test` for a script."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports_of(path: Path) -> Iterator[str]:
    """The full names of what a file imports, wherever in it: `collector.store.open.open_store`."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ("." * node.level + f"{node.module or ''}.{alias.name}" for alias in node.names)


def committed_files() -> list[Path]:
    """What git tracks, and what it would add."""
    command = [need("git"), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
