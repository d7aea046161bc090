"""Filling a small disk, so that a test can see what happens on a full one."""

import contextlib
from pathlib import Path


def fill(folder: Path) -> Path:
    """Writes until the disk of `folder` is full; the file to delete afterwards."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    return filler
