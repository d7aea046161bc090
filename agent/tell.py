"""Says each trouble once, and once more that it is over: a night of it must not fill the disk with log lines."""

import logging


class Told:
    """Remembers the last trouble that was logged."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._trouble = ""

    def trouble(self, sentence: str) -> None:
        if sentence != self._trouble:
            self._log.warning("%s", sentence)
            self._trouble = sentence

    def over(self, sentence: str) -> None:
        """Logs `sentence` if there was trouble."""
        if self._trouble:
            self._log.info("%s", sentence)
            self._trouble = ""
