"""`sonca collector`: runs the collector, or shows what it refused."""

import argparse
import threading
from collections.abc import Sequence
from pathlib import Path

from sonca.process import look_for_cycles_seldom, on_signal, start_logging
from sonca.settings import ServerSettings, collector_settings, read_server_settings

TEACHING = """\
examples:
  sonca collector                  run with ./sonca.yaml until Ctrl-C
  sonca collector refused          what could not be accepted, and why
  sonca collector refused --json --limit 100
"""


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    settings = read_server_settings(options.settings)
    if options.action == "refused":
        return _refused(settings, options.limit, as_json=options.json)
    return _run(settings)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "sonca collector",
        description="Takes what agents send, checks it, stores it, and knows who is present.",
        epilog=TEACHING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("action", nargs="?", choices=("refused",), help="show what was refused")
    parser.add_argument("--settings", type=Path, default=Path("sonca.yaml"), help="default: ./sonca.yaml")
    parser.add_argument("--limit", type=int, default=20, help="refused: how many of the newest (default 20)")
    parser.add_argument("--json", action="store_true", help="refused: as JSON")
    return parser


def _run(settings: ServerSettings) -> int:
    from collector.run import run

    start_logging()
    look_for_cycles_seldom()
    stop = threading.Event()
    on_signal(stop.set)
    run(collector_settings(settings), stop)
    return 0


def _refused(settings: ServerSettings, limit: int, *, as_json: bool) -> int:
    from collector.refused import show_refused
    from collector.store.state import State

    state = State(settings.state_url).open()
    try:
        print(show_refused(state, limit=limit, as_json=as_json))
    finally:
        state.close()
    return 0
