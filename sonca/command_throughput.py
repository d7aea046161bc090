"""`sonca throughput`: the down / up endpoint that agents test the school's own network with."""

import argparse
import threading
from collections.abc import Sequence
from pathlib import Path

from contract.trouble import Trouble
from sonca.process import on_signal, start_logging
from sonca.settings import read_server_settings, transfer_settings


def main(arguments: Sequence[str]) -> int:
    from api.transfer_endpoint import run

    options = _parser().parse_args(arguments)
    settings = read_server_settings(options.settings)
    if settings.throughput is None:
        raise Trouble(f"{options.settings} has no `throughput`", "add it: docs/settings.md says what it means")
    start_logging()
    stop = threading.Event()
    on_signal(stop.set)
    run(transfer_settings(settings.throughput), stop)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "sonca throughput",
        description="Sends and takes made-up bytes, for agents that have an account at the broker and nobody else.",
        epilog="example: sonca throughput --settings sonca.yaml",
    )
    parser.add_argument("--settings", type=Path, default=Path("sonca.yaml"), help="default: ./sonca.yaml")
    return parser
