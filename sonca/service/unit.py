"""The unit file that makes systemd start a service of SonCa, and its rules of quoting."""

import pwd
import re
from collections.abc import Iterable, Iterator, Sequence

from contract.trouble import Trouble
from sonca.service.wanted import Wanted

OURS = "# Written by `sonca service install"
FIRST_PAUSE, LONGEST_PAUSE = "5s", "2min"
_PLAIN_WORD = re.compile(r"[A-Za-z0-9/._=:,-]+")
_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_-]*")

# What the probes need stays open: raw and packet sockets (ping, the watch of the network), netlink (Wi-Fi, cards),
# disks, /proc and /sys to read. /home is not hidden but read-only: hidden, it would be an empty file system of memory,
# and the disk probe would measure that one where /home is a volume of its own.
_SHUT = """\
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectHostname=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK AF_PACKET
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
UMask=0077"""


def unit_text(wanted: Wanted, user: str | None) -> str:
    """The unit file. `user` is whom it runs as (a name or a number); None: a unit of the user's own, without root.

    Raises Trouble for a path that a unit file cannot hold.
    """
    return "\n".join((*_head(wanted), "", *_unit(wanted, user), "", *_service(wanted, user), "", *_install(user), ""))


def _head(wanted: Wanted) -> Iterator[str]:
    yield f"{OURS} {wanted.kind}`, which writes it anew. Changes of your own: systemctl edit {wanted.name}"


def _unit(wanted: Wanted, user: str | None) -> Iterator[str]:
    yield "[Unit]"
    yield f"Description={wanted.meaning}"
    if user is not None:
        yield from _order(wanted)
    yield f"RequiresMountsFor={_words(dict.fromkeys(map(str, (wanted.home, *wanted.writes))))}"
    yield "# It is started again for as long as it takes: what is wrong at boot may be right in an hour."
    yield "StartLimitIntervalSec=0"


def _order(wanted: Wanted) -> Iterator[str]:
    if wanted.waits_for_network:
        yield "# The address at which other PCs reach it must be there."
        yield "Wants=network-online.target"
        yield "After=network.target network-online.target time-set.target"
    else:
        yield "# Not network-online: a cut line is what it measures. And at shutdown it goes before the network does."
        yield "After=network.target time-set.target"


def _service(wanted: Wanted, user: str | None) -> Iterator[str]:
    yield "[Service]"
    yield "Type=exec"
    if user is not None:
        yield f"User={user}"
    yield f"ExecStart={_command(wanted.command)}"
    for name, value in wanted.environment.items():
        yield f"Environment={_words([f'{name}={value}'])}"
    yield "Restart=always"
    yield f"RestartSec={FIRST_PAUSE}"
    yield "# The pause grows from systemd 254 on; earlier ones say that they do not know these two, and keep it."
    yield "RestartSteps=5"
    yield f"RestartMaxDelaySec={LONGEST_PAUSE}"
    yield "# The main process ends the others itself, in order."
    yield "KillMode=mixed"
    yield f"TimeoutStopSec={wanted.stop_seconds}s"
    if user is not None:
        yield from _rights(wanted)
        yield _SHUT
        yield f"ReadWritePaths={_words(map(str, wanted.writes))}"


def _rights(wanted: Wanted) -> Iterator[str]:
    rights = "CAP_NET_RAW"
    if wanted.disk_health:
        rights += " CAP_SYS_RAWIO CAP_SYS_ADMIN"
        yield "SupplementaryGroups=disk"
    yield f"CapabilityBoundingSet={rights}"
    yield f"AmbientCapabilities={rights}"


def _install(user: str | None) -> Iterator[str]:
    yield "[Install]"
    yield f"WantedBy={'default.target' if user is None else 'multi-user.target'}"


def _words(words: Iterable[str]) -> str:
    return " ".join(map(quoted, words))


def _command(words: Sequence[str]) -> str:
    """A command line, without variables (the colon), so that a dollar sign is one."""
    program = words[0]
    if set(program) & set("\"'\\"):
        raise Trouble(f"systemd starts no program whose path has a quotation mark: {program}", "rename that folder")
    return f":{_words(words)}"


def quoted(word: str) -> str:
    """One word as systemd reads it back, whether it unescapes C sequences there (ExecStart) or not (lists of paths).

    Raises Trouble for a word with a line break or another character that no unit file can hold in both places.
    """
    if _PLAIN_WORD.fullmatch(word):
        return word
    if not word.isprintable():
        raise Trouble(f"the path {word!r} has a character that systemd cannot read", "rename that file or folder")
    for character, escaped in (("\\", r"\\"), ('"', r"\""), ("%", "%%")):
        word = word.replace(character, escaped)
    return f'"{word}"'


def user_word(number: int) -> str:
    """Whom `User=` names: by name where that is a plain one, else by number, which systemd always takes."""
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError as error:
        raise Trouble(f"this machine does not know the user {number}", "give the files to one of its users") from error
    return name if _PLAIN_NAME.fullmatch(name) else str(number)
