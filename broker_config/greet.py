"""Logs in to a broker once: the proof that it is ours, that it knows its users, and that it answers."""

import time

from paho.mqtt.client import Client, ConnectFlags
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from broker_config.accounts import Login
from broker_config.errors import BrokerError

_STEP_SECONDS = 0.05


def greet(host: str, port: int, login: Login, say: tuple[str, bytes] | None, within_seconds: float) -> None:
    """Connects as `login`, publishes `say` (topic and payload, QoS 0) and leaves. Raises BrokerError."""
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv311)
    client.username_pw_set(login.name, login.password)
    answers: list[ReasonCode] = []

    def note(
        _client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _more: Properties | None
    ) -> None:
        answers.append(reason)

    client.on_connect = note
    client.connect_timeout = max(within_seconds, _STEP_SECONDS)
    try:
        client.connect(host, port)
        deadline = time.monotonic() + within_seconds
        while not answers and time.monotonic() < deadline:
            client.loop(_STEP_SECONDS)
    except OSError as error:
        raise BrokerError(f"nothing answers at {host}:{port}: {error}") from error
    if not answers or answers[0].is_failure:
        raise BrokerError(f"the broker at {host}:{port} did not let {login.name} in: {answers or 'no answer'}")
    if say is not None:
        client.publish(*say)
        client.loop(_STEP_SECONDS)
    client.disconnect()
