"""`sonca api`: the JSON API and the pages."""

import argparse
import threading
from collections.abc import Sequence
from pathlib import Path

from sonca.process import look_for_cycles_seldom, on_signal, start_logging
from sonca.settings import api_settings, read_server_settings


def main(arguments: Sequence[str]) -> int:
    from api.run import run

    options = _parser().parse_args(arguments)
    settings = api_settings(read_server_settings(options.settings))
    start_logging()
    look_for_cycles_seldom()
    stop = threading.Event()
    on_signal(stop.set)
    run(settings, stop)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "sonca api",
        description="Serves the live page of rooms and the JSON API; it describes itself at /docs.",
        epilog="example: sonca api --settings sonca.yaml",
    )
    parser.add_argument("--settings", type=Path, default=Path("sonca.yaml"), help="default: ./sonca.yaml")
    return parser
