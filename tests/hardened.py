"""Runs the command of a unit file as systemd would confine it, without systemd: the same calls of the kernel.

Its capabilities, no new rights, what is read-only, and the system calls: all as read from the unit. What stays out:
PrivateTmp, where the tests themselves live; RestrictAddressFamilies, RestrictNamespaces and their like, which refuse
arguments of system calls and are one filter more.

The user is root without root's rights (as in tests/probe_inside.py), since the interpreter may lie below root's home.
"""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.peers import need
from tests.systemd_unit import Unit

# What systemd gives a system service, and nothing of the test's own environment.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_KERNEL = ("/proc", "/sys", "/dev")

# Inside, last of all, as systemd has it: the filter of system calls, then the command itself.
_FILTERED = """
import ctypes, json, os, sys
names, command = json.loads(sys.argv[1]), sys.argv[2:]
seccomp = ctypes.CDLL("libseccomp.so.2", use_errno=True)
seccomp.seccomp_init.restype = ctypes.c_void_p
context = ctypes.c_void_p(seccomp.seccomp_init(0x00050000 | 1))  # anything else: EPERM
for name in names:
    number = seccomp.seccomp_syscall_resolve_name(name.encode())
    if number >= 0:
        assert seccomp.seccomp_rule_add(context, 0x7FFF0000, number, 0) == 0, name
assert seccomp.seccomp_load(context) == 0
os.execv(command[0], command)
"""


def hardened(unit: Unit, *arguments: str, inside: Sequence[str] = ()) -> list[str]:
    """The command line that runs ExecStart of the unit so, with further `arguments`; `inside`: a network namespace."""
    rights = [name.lower().removeprefix("cap_") for name in unit.value("Service", "CapabilityBoundingSet").split()]
    assert unit.value("Service", "AmbientCapabilities") == unit.value("Service", "CapabilityBoundingSet")
    assert unit.value("Service", "NoNewPrivileges") == "yes"
    only = ",".join(["-all", *(f"+{right}" for right in rights)])
    confined = [
        *(need("setpriv"), "--securebits=+noroot", f"--bounding-set={only}", f"--inh-caps={only}"),
        *(f"--ambient-caps={only}", "--no-new-privs"),
        *(sys.executable, "-c", _FILTERED, json.dumps(_system_calls(unit.value("Service", "SystemCallFilter")))),
        *(*unit.command(), *arguments),
    ]
    environment = [
        f"PATH={PATH}",
        "HOME=/nonexistent",
        *(f"{key}={value}" for key, value in unit.environment().items()),
    ]
    return [*inside, need("unshare"), "--mount", "sh", "-ec", _mounts(unit), "sh", "env", "-i", *environment, *confined]


def _mounts(unit: Unit) -> str:
    """A script: all of the file system read-only, but for what the unit lets it write."""
    assert unit.value("Service", "ProtectSystem") == "strict"
    writable = [shlex.quote(path) for path in unit.paths("Service", "ReadWritePaths")]
    points = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
    shut = [point for point in points if not point.startswith(_KERNEL) and "\\" not in point]
    return "\n".join(
        [
            *(f"mount --bind {path} {path}" for path in writable),
            *(f"mount -o remount,bind,ro {point}" for point in shut),
            "mount --bind /proc/sys /proc/sys",
            "mount -o remount,bind,ro /proc/sys",
            'exec "$@"',
        ]
    )


def _system_calls(group: str) -> list[str]:
    """All names of a group and of the groups in it, as this machine's systemd has them."""
    if not group.startswith("@"):
        return [group]
    command = [need("systemd-analyze"), "--no-pager", "syscall-filter", group]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C"}).stdout
    rows = [line.strip() for line in told.splitlines()[1:]]
    return sorted({name for row in rows if row and not row.startswith("#") for name in _system_calls(row)})


def rights_of(process: int) -> dict[str, str]:
    """What the kernel says of a process: its capabilities, whether it may gain rights, whether calls are filtered."""
    rows = (line.partition(":") for line in Path(f"/proc/{process}/status").read_text().splitlines())
    return {key: value.strip() for key, _, value in rows if key in ("CapEff", "CapBnd", "NoNewPrivs", "Seccomp")}
