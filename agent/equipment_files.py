"""Reads the small files of /sys and /proc, which may be missing, forbidden or refuse for the moment."""

import re
from pathlib import Path


def bytes_of(path: Path) -> bytes | None:
    """The file's content; None when it is missing, not for this user, or not readable now."""
    try:
        return path.read_bytes()
    except OSError:  # absent files are normal here, and drivers answer reads of a sleeping part with EIO or ENODEV
        return None


def text_of(path: Path) -> str | None:
    """The file's text without padding; None as above, and when nothing is left."""
    text = (bytes_of(path) or b"").decode("utf-8", "replace")
    return "".join(letter for letter in text.strip("\0 \n\t\r") if letter.isprintable() or letter in "\n\t") or None


def number_of(text: str | None) -> int | None:
    """A decimal number of at most 18 digits; None for anything else."""
    return int(text) if text and re.fullmatch(r"\d{1,18}", text, re.ASCII) else None
