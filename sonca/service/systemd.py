"""Services of SonCa under systemd: put in, taken away, looked at.

Root installs for the whole machine; anybody else for themselves (`systemctl --user`).
"""

import os
import pwd
import shlex
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contract.trouble import Trouble
from sonca.service.program import run
from sonca.service.unit import OURS, unit_text, user_word
from sonca.service.wanted import MEANINGS, Wanted, check_not_by_hand, owner_of, service_name

BOOTED = Path("/run/systemd/system")  # is there where systemd runs the machine, as sd_booted(3) has it
SYSTEM_UNITS = Path("/etc/systemd/system")
LINGERING = Path("/var/lib/systemd/linger")  # a file for each user whose units start with the machine
_SEE = "`systemctl status` and `journalctl -e` tell more"
SETTLE_SECONDS = 5.0  # what cannot work has ended by then, even on an old PC


def units_of_user() -> Path:
    """Where systemd looks for a user's own units."""
    configured = os.environ.get("XDG_CONFIG_HOME")
    return (Path(configured) if configured else Path.home() / ".config") / "systemd" / "user"


@dataclass(frozen=True)
class _State:
    """How systemd finds a unit."""

    active: str
    sub: str
    enabled: str
    since: str

    @property
    def is_good(self) -> bool:
        return self.active == "active" and self.enabled == "enabled"


class Systemd:
    """`install`, `remove` and `status` yield what to tell, a sentence each, and raise Trouble."""

    def __init__(self, *, as_root: bool) -> None:
        self._as_root = as_root
        self._folder = SYSTEM_UNITS if as_root else units_of_user()

    def text(self, wanted: Wanted) -> str:
        """The unit file that `install` would write."""
        if self._as_root:
            return unit_text(wanted, user_word(owner_of(wanted).st_uid))
        if wanted.disk_health:
            raise Trouble("--disk-health gives rights that only root can give", "put sudo before the command")
        return unit_text(wanted, None)

    def file(self, kind: str) -> Path:
        return self._folder / f"{service_name(kind)}.service"

    def install(self, wanted: Wanted) -> Iterator[str]:
        _need_systemd(f"let what starts programs on this machine run: {shlex.join(wanted.command)}")
        text, file = self.text(wanted), self.file(wanted.kind)
        earlier = self._earlier(wanted.kind)
        self._check_not_for_all(wanted.kind)
        state = self._state(wanted.name)
        if earlier == text and state.is_good:
            yield f"{wanted.name} is installed already, and runs: {file}"
            return
        if state.active != "active":
            check_not_by_hand(wanted)
        if self._as_root:
            _make_folders(wanted)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        yield f"{'written' if earlier is None else 'changed' if earlier != text else 'as it was'}: {file}"
        self._systemctl("daemon-reload")
        self._systemctl("enable", wanted.name)
        self._systemctl("restart", wanted.name)
        yield f"{wanted.name} was started; looking for {SETTLE_SECONDS:.0f} seconds whether it stays up ..."
        yield self._settled(wanted)
        yield from self._hint_of_lingering()

    def remove(self, kind: str) -> Iterator[str]:
        _need_systemd()
        name, file = service_name(kind), self.file(kind)
        self._check_not_for_all(kind)
        if self._earlier(kind) is None:
            yield f"{name} is not installed: there is no {file}"
            return
        self._systemctl("disable", "--now", name)
        file.unlink()
        self._systemctl("daemon-reload")
        yield f"{name} was stopped and taken away; its data and settings stay where they are"

    def status(self) -> Iterator[tuple[bool, str]]:
        """For each service whether it is as it should be, and a sentence. A user hears of the whole machine's too."""
        _need_systemd()
        for kind in MEANINGS:
            places = (self, Systemd(as_root=True)) if not self._as_root else (self,)
            found = [place for place in places if place.file(kind).exists()]
            for place in found:
                yield place._status(kind)
            if not found:
                yield True, f"{service_name(kind):<12} is not installed"

    def _status(self, kind: str) -> tuple[bool, str]:
        name = service_name(kind)
        state = self._state(name)
        starts = "starts" if state.enabled == "enabled" else "does not start"
        with_what = "with this machine" if self._as_root or _lingers() else "when its user logs in"
        return state.is_good, f"{name:<12} {self._in_words(name, state)}; it {starts} {with_what}"

    def _in_words(self, name: str, state: _State) -> str:
        if state.active == "active":
            return f"runs since {state.since}"
        why = f"`journalctl {'' if self._as_root else '--user '}-u {name} -n 20` says why"
        if state.sub == "auto-restart":
            return f"ends again and again, {why}"
        return f"does not run ({state.active}), {why}"

    def _settled(self, wanted: Wanted) -> str:
        time.sleep(SETTLE_SECONDS)
        state = self._state(wanted.name)
        if state.active != "active":
            raise Trouble(
                f"{wanted.name} is installed, but {self._in_words(wanted.name, state)}",
                f"it starts by itself once that is mended; or take it away: sonca service remove {wanted.kind}",
            )
        return f"{wanted.name} runs, and starts by itself from now on"

    def _earlier(self, kind: str) -> str | None:
        """What an earlier install wrote; None without one. Raises Trouble for a file of somebody else."""
        file = self.file(kind)
        if not file.exists():
            return None
        text = file.read_text(encoding="utf-8", errors="replace")
        if not text.startswith(OURS):
            raise Trouble(f"{file} was not written by SonCa", "move it away first, if it may go")
        return text

    def _check_not_for_all(self, kind: str) -> None:
        for_all = Systemd(as_root=True).file(kind)
        if not self._as_root and for_all.exists():
            raise Trouble(
                f"{service_name(kind)} is installed for the whole machine: {for_all}", "put sudo before the command"
            )

    def _hint_of_lingering(self) -> Iterator[str]:
        if not self._as_root and not _lingers():
            yield f"but only when you log in; so that it starts with the machine: sudo loginctl enable-linger {_me()}"

    def _state(self, name: str) -> _State:
        names = ("ActiveState", "SubState", "UnitFileState", "ActiveEnterTimestamp")
        told = self._systemctl("show", name, f"--property={','.join(names)}")
        values = dict(line.partition("=")[::2] for line in told.splitlines())
        return _State(*(values.get(name, "") for name in names))

    def _systemctl(self, *arguments: str) -> str:
        return run(("systemctl", *([] if self._as_root else ["--user"]), *arguments), _SEE)


def _need_systemd(hint: str = "") -> None:
    if not BOOTED.is_dir():
        raise Trouble("this is made for systemd and for Windows, and neither runs this machine", hint)


def _me() -> str:
    return pwd.getpwuid(os.getuid()).pw_name


def _lingers() -> bool:
    return (LINGERING / _me()).exists()


def _make_folders(wanted: Wanted) -> None:
    """What the service may write has to be there, and to belong to whom it runs as: it cannot make it itself."""
    owner = wanted.home.stat()
    for path in wanted.writes:
        if path.is_dir():
            continue
        try:
            path.mkdir(mode=0o700)
            # By the opened folder: its user, who owns the one above, could have put a link in its place meanwhile.
            folder = os.open(path, os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                os.fchown(folder, owner.st_uid, owner.st_gid)
            finally:
                os.close(folder)
        except OSError as error:
            raise Trouble(f"the folder {path} cannot be made: {error.strerror}", "make it by hand first") from error
