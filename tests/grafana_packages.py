"""Grafana's own packages (its types, its code that shows a board) and a TypeScript compiler, for tests."""

import contextlib
import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.peers import missing, need
from tests.tree import ROOT

FOLDER = ROOT / "tests" / "grafana_schema"


def installed() -> Path:
    """A folder with the packages, from the package registry: installed once, and again when package.json changes."""
    npm, wanted = need("npm"), FOLDER / "package.json"
    kept = ROOT / ".venv" / f"grafana-{hashlib.sha256(wanted.read_bytes()).hexdigest()[:12]}"
    if not kept.exists():
        folder = Path(tempfile.mkdtemp(prefix="grafana-", dir=ROOT / ".venv"))
        shutil.copy(wanted, folder)
        command = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
        command.append("--fetch-retries=5")  # a registry may be away for a moment
        try:
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=600)
        except (subprocess.SubprocessError, OSError) as error:
            missing(f"Grafana's packages cannot be installed: {error}")
        with contextlib.suppress(OSError):  # tests that ran beside this one were quicker
            folder.rename(kept)
        shutil.rmtree(folder, ignore_errors=True)
    return kept


def node(*arguments: str | Path, told: str = "", folder: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """What node does with a program and its arguments, where the program finds the packages."""
    places = {"NODE_PATH": str(installed() / "node_modules"), "TZ": "UTC"}
    return subprocess.run(
        [need("node"), *map(str, arguments)], input=told, env=places, cwd=folder, capture_output=True, text=True,
        timeout=600, check=False,
    )  # fmt: skip
