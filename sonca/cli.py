"""The `sonca` command: finds the subcommand and lets it do its work. Each is a module, loaded only when it is called,
so that the agent in a classroom does not pay for the server."""

import importlib
import os
import sys
from collections.abc import Mapping, Sequence

from contract import VERSION
from contract.trouble import Trouble

COMMANDS: Mapping[str, tuple[str, str]] = {
    "up": ("sonca.command_up", "everything on this machine: broker, collector, pages and this machine's agent"),
    "agent": ("sonca.command_agent", "measure this classroom PC and send what was measured"),
    "collector": ("sonca.command_collector", "take what agents send, check it and store it"),
    "influx": ("sonca.command_influx", "prepare an InfluxDB for SonCa, or look at one"),
    "dashboards": ("sonca.command_dashboards", "Grafana boards: as files, or into a running Grafana"),
    "deploy": ("sonca.command_deploy", "the files of deploy/compose.yaml: a server in containers"),
    "store": ("sonca.command_store", "take everything along from one store into the other"),
    "api": ("sonca.command_api", "the JSON API and the live page"),
    "throughput": ("sonca.command_throughput", "what classroom PCs test the school's own network with"),
    "service": ("sonca.command_service", "let this machine start SonCa by itself, as after a power cut"),
    "agent-account": ("sonca.command_agent_account", "give another classroom PC its account and settings"),
    "inventory": ("sonca.command_inventory", "the equipment register: import, export, match, stocktake, books, labels"),
    "plan": ("sonca.command_plan", "what each device needs, and what the money of the coming school years covers"),
    "report": ("sonca.command_report", "the documents that a principal signs: write, sign, verify"),
    "simulate": ("sonca.command_simulate", "a simulated school, for demos and load"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one subcommand; its exit code, 2 for trouble that a person can mend."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in ("-h", "--help", "help"):
        print(usage())
        return 0
    if words[0] in ("-V", "--version"):
        print(f"sonca {VERSION}")
        return 0
    if words[0] not in COMMANDS:
        print(f"sonca: there is no command {words[0]!r}\n\n{usage()}", file=sys.stderr)
        return 2
    try:
        code = int(importlib.import_module(COMMANDS[words[0]][0]).main(words[1:]))
        sys.stdout.flush()
    except Trouble as error:
        print(f"sonca {words[0]}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        if not _reader_left():
            raise
        return 1
    return code


def _reader_left() -> bool:
    """Whether who reads the answer (`head`, `less`) has seen enough and left; the rest then goes nowhere."""
    try:
        print(flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return True
    return False


def usage() -> str:
    """What `sonca --help` prints."""
    rows = [f"  {name:<14} {meaning}" for name, (_, meaning) in COMMANDS.items()]
    return "\n".join(
        [
            "SonCa watches the connectivity and the equipment of a school's classrooms.",
            "",
            "usage: sonca COMMAND [OPTIONS]",
            "",
            *rows,
            "",
            "`sonca COMMAND --help` teaches each of them.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
