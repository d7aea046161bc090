"""What the machine shall start by itself: the command, as whom it runs and what it writes, alike on every system."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import sonca
from contract.trouble import Trouble
from sonca.supervise import STOP_SECONDS

UP, AGENT = "up", "agent"
MEANINGS = {
    UP: "SonCa: broker, collector, pages and this machine's own agent",
    AGENT: "SonCa agent: measures this classroom PC",
}
# `sonca up` ends at most six processes one after the other, by force after STOP_SECONDS each; the agent says goodbye.
_STOP_SECONDS = {UP: int(7 * STOP_SECONDS), AGENT: 20}


@dataclass(frozen=True)
class Wanted:
    """One service. Paths are absolute; `home` is what it cannot do without, and whose owner it runs as."""

    kind: str
    command: Sequence[str]
    home: Path
    writes: Sequence[Path]
    waits_for_network: bool = False
    disk_health: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return service_name(self.kind)

    @property
    def meaning(self) -> str:
        return MEANINGS[self.kind]

    @property
    def stop_seconds(self) -> int:
        return _STOP_SECONDS[self.kind]


def service_name(kind: str) -> str:
    """As the system lists it: `sonca-up`, `sonca-agent`."""
    return f"sonca-{kind}"


def wanted_up(data: Path, options: Sequence[str], *, listens: bool) -> Wanted:
    """`sonca up` on the folder `data`, with further options as its command line has them. Raises Trouble."""
    from sonca.data_folder import DataFolder

    folder = DataFolder(data.resolve())
    if not folder.school_file.exists():
        raise Trouble(f"{folder.path} holds no SonCa data", "start `sonca up` once, or name its folder with --data")
    command = (_program(), UP, "--data", str(folder.path), *options)
    return Wanted(UP, command, folder.path, _written_by_server(folder.path, folder.server_settings), listens)


def wanted_agent(settings_file: Path, *, disk_health: bool = False) -> Wanted:
    """`sonca agent` with a settings file, which is judged first. Raises SettingsError, a Trouble."""
    from agent.settings import read_agent_settings

    path = settings_file.resolve()
    data = Path(read_agent_settings(path).data)
    command = (_program(), AGENT, "--settings", str(path))
    # glibc would give each of the agent's short-lived threads a memory pool of its own.
    environment = {"MALLOC_ARENA_MAX": "1"}
    return Wanted(AGENT, command, path, (data,), disk_health=disk_health, environment=environment)


def _written_by_server(data: Path, settings_file: Path) -> tuple[Path, ...]:
    """The data folder, and where a sonca.yaml of the reader's own keeps databases elsewhere."""
    if not settings_file.exists():
        return (data,)
    from sonca.settings import read_server_settings

    settings = read_server_settings(settings_file)
    folders = [data, Path(settings.data), (Path(settings.data) / settings.store.path).parent]
    if settings.state_url.startswith("sqlite:///"):
        folders.append(Path(settings.state_url.removeprefix("sqlite:///")).parent)
    return tuple(dict.fromkeys(folder for folder in folders if folder == data or data not in folder.parents))


def _program() -> str:
    """The `sonca` command beside this Python."""
    return str(Path(sys.executable).with_name("sonca.exe" if os.name == "nt" else "sonca"))


def owner_of(wanted: Wanted) -> os.stat_result:
    """Whose data or settings it is: as them it runs, so that it may read what only they may read.

    Raises Trouble when somebody else could change the program that would run with this owner's rights.
    """
    owner = wanted.home.stat()
    for code in {Path(sys.prefix), Path(sonca.__file__).parent}:
        if code.stat().st_uid not in (0, owner.st_uid):
            home = wanted.home if wanted.home.is_dir() else wanted.home.parent
            raise Trouble(
                f"{home} and the program in {code} belong to two users: the one would run what the other may change",
                f"give both to one user, for example: sudo chown -R --reference={code} {home}",
            )
    return owner


def check_not_by_hand(wanted: Wanted) -> None:
    """Raises Trouble when somebody runs `sonca up` on the same data in a window: the service could not start."""
    if wanted.kind != UP:
        return
    from sonca.data_folder import DataFolder
    from sonca.leftovers import ProcessList

    up = ProcessList(DataFolder(wanted.home).processes_file).running().get("up")
    if up is not None:
        raise Trouble(f"SonCa runs on this data already (process {up.pid})", "end it with Ctrl-C, then install again")
