"""The broker that tests start is a real one, with real users."""

from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from tests.mosquitto import running_mosquitto


def refusal(port: int, username: str, password: str) -> int:
    """The reason code of a connection attempt: 0 when it was accepted."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.username_pw_set(username, password)
    codes: list[int] = []
    client.on_connect = lambda _client, _data, _flags, reason, _properties: codes.append(reason.value)
    client.connect("127.0.0.1", port)
    while not codes:
        client.loop(0.1)
    client.disconnect()
    client.loop(0.1)
    return codes[0]


@pytest.mark.parametrize(("password", "code"), [("right", 0), ("wrong", 135)])
def test_it_lets_in_only_who_knows_the_password(tmp_path: Path, password: str, code: int) -> None:
    with running_mosquitto(tmp_path, users={"school.pc-1": "right", "collector": "other"}) as broker:
        assert refusal(broker.port, "school.pc-1", password) == code


def test_it_keeps_its_port_over_a_kill(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path) as broker:
        first = broker.pid
        broker.kill()
        broker.start()
        assert broker.pid != first
        assert refusal(broker.port, "anybody", "") == 0
