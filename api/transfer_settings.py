"""What the down / up endpoint of throughput tests needs to know; sonca/settings.py fills it from sonca.yaml."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class TransferSettings:
    """`password_of` gives the password of an agent's account at the broker, None where there is no such account."""

    host: str
    port: int
    password_of: Callable[[str], str | None]
