"""`sonca up`: everything on this machine."""

import argparse
import threading
from collections.abc import Sequence
from pathlib import Path

from contract.trouble import Trouble
from sonca.process import on_signal

TEACHING = """\
examples:
  sonca up                         this machine, measured for real, on a live page
  sonca up --simulate 12           beside it a simulated school of twelve rooms
  sonca up --port 9000 --data D:\\sonca
  sonca up --listen 192.168.1.10   classroom PCs may connect; `sonca agent-account` gives each its settings

`sonca service install up` starts it with this machine.
Run it again at any time: it goes on with the same data. What the processes write is in the folder logs/ of the data.
"""


def main(arguments: Sequence[str]) -> int:
    from sonca.up import UpOptions, up

    options = _parser().parse_args(arguments)
    if not 1 <= options.port <= 65535:
        raise Trouble(f"--port {options.port} is not a port", "use 1024 to 65535")
    stop = threading.Event()
    on_signal(stop.set)
    wanted = UpOptions(options.data, options.port, options.simulate, options.broker, options.listen)
    up(wanted, stop, lambda line: print(line, flush=True))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "sonca up",
        description="Starts the broker, the collector, the pages and this machine's own agent, and keeps them running.",
        epilog=TEACHING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_lasting_options(parser)
    parser.add_argument("--simulate", type=int, default=0, metavar="ROOMS", help="adds a simulated school")
    return parser


def add_lasting_options(parser: argparse.ArgumentParser) -> None:
    """What `sonca service install up` takes too: a service goes without the simulator."""
    parser.add_argument("--port", type=int, default=8480, help="of the pages (default 8480)")
    parser.add_argument(
        "--data", type=Path, default=Path("data"), help="the folder that keeps everything (default ./data)"
    )
    parser.add_argument(
        "--broker",
        choices=("auto", "mosquitto", "nats"),
        default="auto",
        help="default: mosquitto where it is installed, else the nats-server that came with SonCa",
    )
    parser.add_argument(
        "--listen",
        default="",
        metavar="ADDRESS",
        help="an address of this machine at which other PCs reach the broker, with TLS (default: none)",
    )
