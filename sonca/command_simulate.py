"""`sonca simulate`: a simulated school, for demos, load and tests."""

import argparse
import threading
from collections.abc import Sequence
from pathlib import Path

from contract.connection import BrokerConnection
from sonca.process import on_signal, start_logging
from sonca.simulate.settings import add_arguments, settings_from

TEACHING = """\
examples:
  sonca simulate --rooms 12 --password-file data/accounts/sim-hoa-mai.simulator --broker-port 41883
  sonca simulate --rooms 12 --history 30 --fault line-outage@09:30+20m ...

Its devices speak as real agents do, on topics of a site whose name begins with sim-, so the two never mix.
`sonca up --simulate ROOMS` makes the account and starts it for you.
"""


def main(arguments: Sequence[str]) -> int:
    from sonca.simulate.run import run

    options = _parser().parse_args(arguments)
    broker = BrokerConnection(
        options.host,
        options.username or f"{options.site}.simulator",
        str(options.password_file.resolve()),
        port=options.broker_port,
        mqtt_version=options.mqtt_version,
    )
    settings = settings_from(options, broker)
    start_logging()
    stop = threading.Event()
    on_signal(stop.set)
    run(settings, stop)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "sonca simulate",
        description="Simulates the devices of a school through a real broker.",
        epilog=TEACHING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_arguments(parser)
    parser.add_argument("--host", default="127.0.0.1", help="of the broker (default %(default)s)")
    parser.add_argument("--broker-port", type=int, default=1883, help="default %(default)s")
    parser.add_argument("--mqtt-version", choices=("5", "3.1.1"), default="5", help="default %(default)s")
    parser.add_argument("--username", help="default: <site>.simulator")
    parser.add_argument("--password-file", type=Path, required=True, help="the file that holds its password")
    return parser
