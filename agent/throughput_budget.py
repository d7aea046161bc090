"""How many bytes tests of throughput may still send and receive this month, in a file that outlives the agent.

A test reserves the most it may take before it starts and settles what it took afterwards, so that one that was killed
counts in full.
"""

import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


class NoBudget(Exception):
    """Another test would, or might, take more than the month's bytes."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The bytes of one leg in one month (`2026-11`)."""

    used: int
    of: int

    @property
    def left(self) -> int:
        return max(0, self.of - self.used)


class BudgetFile:
    """One leg's part of the file, which all legs share."""

    def __init__(self, path: Path, leg: str, monthly_bytes: int, month: str) -> None:
        self._path, self._leg, self._of, self._month = path, leg, monthly_bytes, month

    def read(self) -> Budget:
        """Raises NoBudget when the file cannot be read now."""
        return Budget(self._used(self._content()), self._of)

    def reserve(self, size: int) -> Budget:
        """Counts `size` bytes as used. Raises NoBudget, and then nothing may be sent."""
        budget = self._add(size, refuse_above=self._of)
        if budget.used > budget.of:
            raise NoBudget(f"{size} bytes are more than the {Budget(budget.used - size, self._of).left} left")
        return budget

    def settle(self, reserved: int, taken: int) -> Budget:
        """Puts what was taken in the place of what was reserved. Raises NoBudget when it cannot be written."""
        return self._add(taken - reserved)

    def _add(self, size: int, refuse_above: float = float("inf")) -> Budget:
        """The budget with `size` more; written unless that is too much."""
        content = self._content()
        used = max(0, self._used(content) + size)
        if used <= refuse_above:
            content["used"][self._leg] = used
            self._write(content)
        return Budget(used, self._of)

    def _used(self, content: dict[str, Any]) -> int:
        return self._of if content.get("unknown") else int(content["used"].get(self._leg, 0))

    def _content(self) -> dict[str, Any]:
        """`{"month": ..., "used": {leg: bytes}}` of this month, with `"unknown": true` after the file was broken."""
        try:
            content = _checked(json.loads(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return {"month": self._month, "used": {}}
        except OSError as error:
            raise NoBudget(f"{self._path} cannot be read: {error}") from error
        except ValueError as error:
            return self._spent(error)
        if content["month"] < self._month:
            return {"month": self._month, "used": {}}
        if content["month"] > self._month:
            log.warning("%s counts for %s, a later month: delete it if a clock was wrong", self._path, content["month"])
        return content

    def _spent(self, error: ValueError) -> dict[str, Any]:
        """A broken file says nothing of what was used: until the next month nothing is left of any leg."""
        aside = self._path.with_name(f"{self._path.name}.broken")
        log.warning("%s is broken (%s): kept as %s, and no throughput is tested this month", self._path, error, aside)
        content = {"month": self._month, "used": {}, "unknown": True}
        try:
            self._path.replace(aside)
        except OSError as failed:
            raise NoBudget(f"{self._path} is broken and cannot be put aside: {failed}") from failed
        self._write(content)
        return content

    def _write(self, content: dict[str, Any]) -> None:
        """A power cut leaves the old file or the new one. Raises NoBudget."""
        new = self._path.with_name(f"{self._path.name}.new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with new.open("w", encoding="utf-8") as file:
                json.dump(content, file)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError as error:
            raise NoBudget(f"{self._path} cannot be written: {error}") from error


def _checked(content: Any) -> dict[str, Any]:
    """Raises ValueError unless it is what `_write` wrote."""
    used = content.get("used") if isinstance(content, dict) else None
    if not isinstance(used, dict) or not isinstance(content.get("month"), str):
        raise ValueError("it is not what was written")
    if not all(type(size) is int and size >= 0 for size in used.values()):
        raise ValueError("it holds numbers that cannot be")
    return {"month": content["month"], "used": used, **({"unknown": True} if content.get("unknown") else {})}
