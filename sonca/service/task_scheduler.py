"""Services of SonCa under Windows' Task Scheduler: put in, taken away, looked at."""

import getpass
import os
from collections.abc import Iterator
from pathlib import Path

from contract.trouble import Trouble
from sonca.service.program import answered, run
from sonca.service.task import task_text
from sonca.service.wanted import MEANINGS, Wanted, check_not_by_hand, service_name

_RUNNING = "Running"
_AS_ADMINISTRATOR = "open the command prompt by a right click, 'Run as administrator'"


class TaskScheduler:
    """`install`, `remove` and `status` yield what to tell, a sentence each, and raise Trouble."""

    def __init__(self) -> None:
        self._folder = Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "SonCa"

    def text(self, wanted: Wanted) -> str:
        """The XML that `install` would register."""
        domain, user = os.environ.get("USERDOMAIN"), getpass.getuser()
        return task_text(wanted, f"{domain}\\{user}" if domain else user)

    def file(self, kind: str) -> Path:
        """What was registered last: Windows gives back its own wording of it, which cannot be compared."""
        return self._folder / f"{service_name(kind)}.xml"

    def install(self, wanted: Wanted) -> Iterator[str]:
        text, file = self.text(wanted), self.file(wanted.kind)
        known = _is_registered(wanted.name)
        runs = known and _state(wanted.name) == _RUNNING
        if runs and file.exists() and file.read_text(encoding="utf-16") == text:
            yield f"{wanted.name} is installed already, and runs"
            return
        if runs:
            _schtasks("/End", "/TN", wanted.name)
        else:
            check_not_by_hand(wanted)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-16")
        except OSError as error:
            raise Trouble(f"{file} cannot be written: {error.strerror}", _AS_ADMINISTRATOR) from error
        _schtasks("/Create", "/TN", wanted.name, "/XML", str(file), "/F")
        _schtasks("/Run", "/TN", wanted.name)
        yield f"{wanted.name} was {'changed' if known else 'registered'} and started, from {file}"
        yield "it starts with this machine from now on; `sonca service status` says whether it runs"

    def remove(self, kind: str) -> Iterator[str]:
        name = service_name(kind)
        if not _is_registered(name):
            yield f"{name} is not installed"
            return
        if _state(name) == _RUNNING:
            _schtasks("/End", "/TN", name)
        _schtasks("/Delete", "/TN", name, "/F")
        self.file(kind).unlink(missing_ok=True)
        yield f"{name} was stopped and taken away; its data and settings stay where they are"

    def status(self) -> Iterator[tuple[bool, str]]:
        """For each service whether it is as it should be, and a sentence."""
        for kind in MEANINGS:
            name = service_name(kind)
            if not _is_registered(name):
                yield True, f"{name:<12} is not installed"
                continue
            state = _state(name)
            words = "runs" if state == _RUNNING else f"does not run ({state})"
            yield state == _RUNNING, f"{name:<12} {words}; it starts with this machine"


def _is_registered(name: str) -> bool:
    return answered(("schtasks", "/Query", "/TN", name), _AS_ADMINISTRATOR).returncode == 0


def _state(name: str) -> str:
    """Running, Ready, Disabled...: schtasks says it in the language of the PC, PowerShell's word is the same in all."""
    question = f"(Get-ScheduledTask -TaskName {name}).State.ToString()"
    return run(("powershell", "-NoProfile", "-NonInteractive", "-Command", question), _AS_ADMINISTRATOR).strip()


def _schtasks(*arguments: str) -> None:
    run(("schtasks", *arguments), _AS_ADMINISTRATOR)
