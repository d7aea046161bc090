"""Which processes `sonca up` has started, kept on disk: after a kill -9 of it, its next start ends them first."""

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path

import psutil

from agent.clock import BOOT_ID
from contract.trouble import Trouble

END_SECONDS = 5.0
_CLOCK_SLACK_SECONDS = 2.0  # the wall clock may have been set since; process ids do not come again that quickly


class ProcessList:
    """A file of names, process ids and the times at which those processes began, in one run of the machine.

    After a power cut others have these ids, and where the clock starts from the same date each time, these times too.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, pids: Mapping[str, int]) -> None:
        """Notes these processes; those that are gone already are left out."""
        rows = {}
        for name, pid in pids.items():
            with contextlib.suppress(psutil.NoSuchProcess):
                rows[name] = [pid, psutil.Process(pid).create_time()]
        # Replaced as a whole: a kill in the middle must not leave half a list.
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps({"boot": _boot(), "processes": rows}), encoding="utf-8")
        fresh.replace(self._path)

    def running(self) -> dict[str, psutil.Process]:
        """Those of the noted processes that still run: same id and same beginning."""
        found = {}
        for name, (pid, began) in self._read().items():
            with contextlib.suppress(psutil.NoSuchProcess):
                process = psutil.Process(pid)
                if abs(process.create_time() - began) < _CLOCK_SLACK_SECONDS:
                    found[name] = process
        return found

    def clear(self) -> None:
        self._path.unlink(missing_ok=True)

    def _read(self) -> dict[str, tuple[int, float]]:
        try:
            noted = json.loads(self._path.read_text())
            if noted.get("boot") != _boot():
                return {}
            return {name: (int(pid), float(began)) for name, (pid, began) in noted["processes"].items()}
        except FileNotFoundError:
            return {}
        except (ValueError, AttributeError, TypeError, KeyError) as error:
            raise Trouble(
                f"{self._path} cannot be read: {error}", "end SonCa's processes by hand and delete it"
            ) from error


def _boot() -> str:
    """This run of the machine; empty where the system has no name for it."""
    return BOOT_ID.read_text().strip() if BOOT_ID.exists() else ""


def end_all(processes: Mapping[str, psutil.Process]) -> None:
    """Ends processes in reverse order, by force after some seconds."""
    for process in reversed(list(processes.values())):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, alive = psutil.wait_procs(list(processes.values()), END_SECONDS)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, END_SECONDS)  # until then they hold their ports
