"""What this agent has learned of each projector since it started, and one session at a time with each.

Projectors have been seen to lock up when they were asked too much, so what one does not know is not asked again.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent.polled import PjlinkSettings, PolledDevice
from agent.probes.deadline import Deadline
from agent.probes.outcomes import BadAnswer
from agent.probes.pjlink_session import PjlinkSession, pjlink_session

UNDEFINED, NO_PARAMETER, NOT_NOW, FAILURE = "ERR1", "ERR2", "ERR3", "ERR4"
CLASS_2 = frozenset(("FILT", "FREZ", "IRES", "SNUM", "SVER", "RLMP", "RFIL", "RRES"))


@dataclass(slots=True)
class Said:
    """What one session brought: values and errors by question, and what ended it early."""

    answers: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: Exception | None = None


class Projector:
    """One projector, as long as the agent runs. `pjlink_class` is None until it is known."""

    def __init__(self, host: str, port: int) -> None:
        self.pjlink_class: int | None = None
        self._host, self._port = host, port
        self._turn = threading.Lock()
        self._undefined: set[str] = set()
        self._silent: set[str] = set()

    def ask(
        self, questions: Sequence[str], password: str | None, deadline: Deadline, step: Callable[[str], None]
    ) -> Said:
        """Asks in one session. What was answered before trouble came is kept.

        Raises OSError (TimeoutError and PermissionError among them) or BadAnswer when nothing was answered.
        """
        said = Said()
        with self._only_session(deadline), pjlink_session(self._host, self._port, password, deadline, step) as session:
            # What fell silent comes last the next time: one mute question must not hide the others for good.
            for question in sorted(questions, key=self._silent.__contains__):
                if self._is_worth_asking(question) and not self._ask_one(session, question, said, step):
                    break
        return said

    def _ask_one(self, session: PjlinkSession, question: str, said: Said, step: Callable[[str], None]) -> bool:
        """Whether the session can go on."""
        try:
            answer = session.ask(question, 2 if question in CLASS_2 else 1)
        except (OSError, BadAnswer) as error:
            if isinstance(error, TimeoutError):
                self._silent.add(question)
            if not (said.answers or said.errors):
                raise
            step(f"the session ended early: {error}")
            said.trouble = error
            return False
        self._silent.discard(question)
        is_error = answer in (UNDEFINED, NO_PARAMETER, NOT_NOW, FAILURE)
        (said.errors if is_error else said.answers)[question] = answer
        self._learn(question, answer, is_error)
        return True

    def _is_worth_asking(self, question: str) -> bool:
        if question == "CLSS":
            return self.pjlink_class is None and question not in self._undefined
        return question not in self._undefined and not (question in CLASS_2 and self.pjlink_class == 1)

    def _learn(self, question: str, answer: str, is_error: bool) -> None:
        if question == "CLSS" and answer in ("1", "2"):
            self.pjlink_class = int(answer)
        elif answer == UNDEFINED and question in CLASS_2 and self.pjlink_class is None:
            self.pjlink_class = 1
        elif answer == UNDEFINED:
            self._undefined.add(question)
        elif question in CLASS_2 and not is_error:
            self.pjlink_class = 2

    @contextlib.contextmanager
    def _only_session(self, deadline: Deadline) -> Iterator[None]:
        if not self._turn.acquire(timeout=deadline.left("the session before this one")):
            raise TimeoutError("the session before this one has not ended")
        try:
            yield
        finally:
            self._turn.release()


_PROJECTORS: dict[tuple[str, int], Projector] = {}


def ask_projector(
    device: PolledDevice, questions: Sequence[str], deadline: Deadline, step: Callable[[str], None]
) -> tuple[Projector, Said]:
    """Asks a polled device, as Projector.ask does. Raises PermissionError as well for a password that is not there."""
    settings = device.pjlink or PjlinkSettings()
    key = (device.address, settings.port)
    projector = _PROJECTORS.setdefault(key, Projector(*key))
    return projector, projector.ask(questions, _password(settings), deadline, step)


def _password(settings: PjlinkSettings) -> str | None:
    if settings.password_file is None:
        return None
    try:
        return Path(settings.password_file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise PermissionError(f"the projector's password cannot be read: {error}") from error
