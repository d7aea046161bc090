"""A real mosquitto with given passwords, on our own configuration; tests/brokers.py has both brokers.

with running_mosquitto(tmp_path, users={"school.pc-1": "secret", "collector": "other"}) as broker:
    connect(broker.host, broker.port)
"""

import contextlib
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
