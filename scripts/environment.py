"""Shared by the scripts: the project's own .venv, made and brought up to date when pyproject.toml changed."""

from __future__ import annotations  # so that an older Python gets as far as the sentence below

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "sonca-installed"


def ensure(*extras: str) -> None:
    """Makes .venv hold this project with the named extras; does nothing when it already does."""
    if sys.version_info < (3, 11):  # noqa: UP036 - people start this script with whatever Python they have
        sys.exit(f"SonCa needs Python 3.11 or newer, this is {sys.version.split()[0]}: install it from python.org.")
    wanted = _wanted(extras)
    if PYTHON.exists() and wanted <= _installed():
        return
    print(f"Installing SonCa into {VENV.name} (the first time takes a minute or two) ...", flush=True)
    try:
        if not PYTHON.exists():
            venv.create(VENV, with_pip=True, clear=VENV.exists())
        pip("install", "--editable", f"{ROOT}[{','.join(sorted(extras))}]")
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"Installing failed: {error}\n  hint: is the network reachable, and {ROOT} writable?")
    STAMP.write_text("\n".join(sorted(wanted | _installed())))


def pip(*arguments: str) -> None:
    """Runs pip of .venv; of what it has to say only errors are of use here. Raises CalledProcessError."""
    subprocess.run([str(PYTHON), "-m", "pip", "--disable-pip-version-check", "-qq", *arguments], check=True)


def run(*command: str) -> int:
    """Runs a command in the project's folder with .venv's programs first on PATH; its exit code."""
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", "")])
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "PATH": path}, check=False).returncode


def become(*command: str) -> int:
    """Lets a program of .venv take this one's place, so that Ctrl-C and signals are its own business."""
    program = str(BIN / command[0])
    if os.name != "nt":
        os.execv(program, [program, *command[1:]])  # noqa: S606 - no shell is wanted
    # Windows has no exec that keeps the console: wait, and leave Ctrl-C to the program, which gets it too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.run([program, *command[1:]], check=False).returncode


def found(program: str) -> str | None:
    """Where a program is; also looks where Debian keeps servers, which is not always on a user's PATH."""
    servers = ["/usr/sbin", "/sbin", *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin")))]
    return shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", ""), *servers]))


def _wanted(extras: tuple[str, ...]) -> set[str]:
    fingerprint = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()[:16]
    return {f"{extra} {fingerprint}" for extra in extras}


def _installed() -> set[str]:
    return set(STAMP.read_text().splitlines()) if STAMP.exists() else set()
