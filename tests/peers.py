"""The real programs that tests talk to: a missing one is a failure in CI, and a skip with a sentence elsewhere."""

import os
import shutil
from pathlib import Path

import pytest

# Debian keeps servers in /usr/sbin, which is not on every user's PATH.
SERVER_FOLDERS = (
    *("/usr/sbin", "/sbin", "/usr/local/sbin"),
    *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"))),
)


def need(program: str) -> str:
    """The path of `program`. Where it is missing the test fails under CI=true, and is skipped elsewhere."""
    found = shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", ""), *SERVER_FOLDERS]))
    if found is None:
        missing(f"{program} is not installed: run scripts/test as root on Debian, or install it yourself")
    return str(found)


def need_root(what: str) -> None:
    """For tests of `what`, which only root may do; without root as for a missing program."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        missing(f"{what} needs root: run scripts/test as root")


def missing(sentence: str) -> None:
    """Fails the test under CI, skips it elsewhere."""
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)
