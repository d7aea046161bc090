"""`sonca agent`: runs the agent, or shows what it would measure."""

import queue
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agent.settings import AgentSettings, read_agent_settings
from contract.connection import BrokerConnection
from sonca.process import on_signal, start_logging

if TYPE_CHECKING:
    import argparse

TEACHING = """\
examples:
  sonca agent                           run with ./agent.yaml until Ctrl-C
  sonca agent --once                    probe everything once and print a table; nothing is sent
  sonca agent --explain ping gateway    one probe of one target: settings used, steps, result
  sonca agent --explain web https://example.org/
  sonca agent --explain throughput wan  test the line now: what it uses counts in the month's budget
  sonca agent check agent.yaml          judge a settings file without a network
  sonca agent discover 192.168.1.0/24 --community-file community
                                        find devices that can be polled, and print settings for them
  sonca service install agent agent.yaml
                                        let it start with this machine

Without agent.yaml, --once and --explain use the default targets.
"""
DEFAULT_FILE = Path("agent.yaml")


def main(arguments: Sequence[str]) -> int:
    # What a classroom PC runs for years goes without argparse: it would hold 1.4 MiB that is never used again.
    if not arguments:
        return _run(read_agent_settings(DEFAULT_FILE))
    if len(arguments) == 2 and arguments[0] == "--settings":
        return _run(read_agent_settings(Path(arguments[1])))
    options = _parser().parse_args(arguments)
    if options.action == "check":
        return _check(Path(options.what) if options.what else options.settings)
    if options.action == "discover":
        from sonca import command_discover

        return command_discover.run(
            options.what, options.settings, options.community_file, large=options.large, agreed=options.yes
        )
    if options.explain:
        return _explain(_settings_or_defaults(options.settings), options.explain)
    if options.once or options.json:
        return _once(_settings_or_defaults(options.settings), as_json=options.json)
    return _run(read_agent_settings(options.settings))


def _parser() -> "argparse.ArgumentParser":
    import argparse

    parser = argparse.ArgumentParser(
        "sonca agent",
        description="Measures this classroom PC and its network, and keeps each measurement until it is stored.",
        epilog=TEACHING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("action", nargs="?", choices=("check", "discover"), help="see the examples")
    parser.add_argument("what", nargs="?", default="", help="the settings file to judge, or the subnet to search")
    parser.add_argument("--settings", type=Path, default=DEFAULT_FILE, help="default: ./agent.yaml")
    parser.add_argument("--once", action="store_true", help="probe everything once, print it, send nothing")
    parser.add_argument("--json", action="store_true", help="the same as JSON")
    parser.add_argument("--explain", nargs="+", metavar=("PROBE", "TARGET"), help="run one probe and tell all about it")
    parser.add_argument("--community-file", type=Path, help="discover: also ask by SNMP 2c, with the community in it")
    parser.add_argument("--large", action="store_true", help="discover: take a subnet larger than /22")
    parser.add_argument("--yes", action="store_true", help="discover: do not ask before the search")
    return parser


def _run(settings: AgentSettings) -> int:
    from agent.run import run
    from agent.work import Inbox, Stop

    start_logging()
    inbox: Inbox = queue.SimpleQueue()
    on_signal(lambda: inbox.put(Stop()))
    run(settings, inbox)
    return 0


def _check(path: Path) -> int:
    from agent.jobs import jobs

    settings = read_agent_settings(path)
    count = len(jobs(settings))
    print(f"{path}: good. {settings.agent} of {settings.site}, {count} probes, broker {settings.broker.host}")
    return 0


def _once(settings: AgentSettings, *, as_json: bool) -> int:
    from agent import show

    measurements = show.one_round(settings)
    print(show.as_json(measurements) if as_json else show.as_table(measurements))
    return 0


def _explain(settings: AgentSettings, words: Sequence[str]) -> int:
    from agent.show import explain

    return 0 if explain(settings, words[0], " ".join(words[1:]), print) else 1


def _settings_or_defaults(path: Path) -> AgentSettings:
    """The file, or where nobody has written one yet, the defaults."""
    if path.exists() or path != DEFAULT_FILE:
        return read_agent_settings(path)
    print("there is no agent.yaml here: these are the default targets", file=sys.stderr)
    return AgentSettings("nowhere", "this-machine", BrokerConnection("127.0.0.1", "nobody", "nowhere"))
