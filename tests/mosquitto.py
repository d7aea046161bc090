"""A real mosquitto with given passwords, on our own configuration; tests/brokers.py has both brokers.

with running_mosquitto(tmp_path, users={"school.pc-1": "secret", "collector": "other"}) as broker:
    connect(broker.host, broker.port)
"""

import contextlib
import random
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.brokers import RunningBroker, running_broker


@contextlib.contextmanager
def running_mosquitto(folder: Path, *, users: Mapping[str, str]) -> Iterator[RunningBroker]:
    """A broker that keeps its files in `folder`; `users`: names of broker_config/accounts.py and their passwords."""
    accounts = folder / "accounts"
    accounts.mkdir(parents=True)
    for name, password in users.items():
        (accounts / name).write_text(password, encoding="utf-8")
    with running_broker("mosquitto", folder) as broker:
        yield broker


def free_port() -> int:
    """A port of loopback that nobody listens on now, below those that outgoing connections get.

    A server that is killed and started again must find its port free, and clients that try to reach it meanwhile must
    not be given that very port as their own.
    """
    while True:
        port = random.randint(10_000, 32_000)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
