"""What the server told this agent to probe, kept on disk so that a start without a network knows it too."""

import logging
from pathlib import Path

from contract.messages import BadMessage, ProbeSettings, decode

log = logging.getLogger(__name__)


class ServedSettings:
    """`settings` is None as long as no server said anything."""

    def __init__(self, path: Path) -> None:
        self.settings: ProbeSettings | None = None
        self._path = path

    def load(self) -> None:
        """Reads what was told in an earlier run; a file that cannot be read counts as nothing told."""
        try:
            self.settings = decode(self._path.read_bytes(), ProbeSettings)
        except FileNotFoundError:
            return
        except (OSError, BadMessage) as error:
            log.warning("%s cannot be read (%s): the server will say it again", self._path, error)

    def take(self, payload: bytes) -> bool:
        """Takes a message of the settings topic, empty when the server took its word back; whether it is new.

        Raises BadMessage, and then what was told before stays.
        """
        told = decode(payload, ProbeSettings) if payload else None
        if told == self.settings:
            return False
        self.settings = told
        try:
            self._path.write_bytes(payload)
        except OSError as error:  # it stays in force for this run, and the broker repeats it at the next
            log.warning("%s cannot be written: %s", self._path, error)
        return True
