"""`sonca service`: lets the machine start SonCa by itself, as after a power cut."""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sonca.command_up import add_lasting_options
from sonca.service.wanted import AGENT, UP, Wanted, wanted_agent, wanted_up

if TYPE_CHECKING:
    from sonca.service.systemd import Systemd
    from sonca.service.task_scheduler import TaskScheduler

TEACHING = """\
examples:
  sudo .venv/bin/sonca service install up        this machine's SonCa, at each start of the machine
  sudo .venv/bin/sonca service install agent /opt/sonca/lop-la-1/agent.yaml
                                                 the agent of a classroom PC
  sonca service show up                          what would be installed; nothing is touched
  sonca service status                           whether they run
  sudo .venv/bin/sonca service remove up         no longer; data and settings stay

It runs as the user who owns the data or the settings. Without sudo it becomes a service of your own user.
On Windows the same, in a command prompt of the administrator. docs/service.md tells the rest.
"""


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    if options.action == "status":
        return _tell_status()
    if options.action == "remove":
        return _tell(_starter().remove(options.kind))
    wanted = _wanted(options)
    if options.action == "show":
        print(_starter().text(wanted), end="")
        return 0
    return _tell(_starter().install(wanted))


def _starter() -> "Systemd | TaskScheduler":
    if sys.platform == "win32":
        from sonca.service.task_scheduler import TaskScheduler

        return TaskScheduler()
    from sonca.service.systemd import Systemd

    return Systemd(as_root=os.geteuid() == 0)


def _wanted(options: argparse.Namespace) -> Wanted:
    if options.kind == AGENT:
        return wanted_agent(options.settings, disk_health=options.disk_health)
    words = [f"--port={options.port}"]
    if options.broker != "auto":
        words.append(f"--broker={options.broker}")
    if options.listen:
        words.append(f"--listen={options.listen}")
    return wanted_up(options.data, words, listens=bool(options.listen))


def _tell(lines: Iterable[str]) -> int:
    for line in lines:
        print(line, flush=True)
    return 0


def _tell_status() -> int:
    """0 when all that is installed runs."""
    told = list(_starter().status())
    _tell(line for _, line in told)
    return 0 if all(good for good, _ in told) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "sonca service",
        description="Lets this machine start SonCa by itself, and start it again whenever it ends.",
        epilog=TEACHING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for action, meaning in (("install", "put it in, or change it"), ("show", "print what install would write")):
        kinds = actions.add_parser(action, help=meaning).add_subparsers(dest="kind", required=True, metavar="up|agent")
        add_lasting_options(kinds.add_parser(UP, help="what `sonca up` starts"))
        _add_agent(kinds.add_parser(AGENT, help="the agent of a classroom PC"))
    remove = actions.add_parser("remove", help="take it away; data and settings stay")
    remove.add_argument("kind", choices=(UP, AGENT))
    actions.add_parser("status", help="whether what is installed runs")
    return parser


def _add_agent(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("settings", type=Path, help="its agent.yaml")
    parser.add_argument(
        "--disk-health",
        action="store_true",
        help="Linux: let it ask disks how they are (smartctl), which takes more rights than all the rest",
    )
