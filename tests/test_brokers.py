"""The brokers that tests start are real ones, with real users."""

from pathlib import Path

import pytest

from broker_config.programs import Kind
from tests.brokers import BOTH_KINDS, running_broker
from tests.mosquitto import running_mosquitto
from tests.mqtt_user import REFUSED, MqttUser


@BOTH_KINDS
def test_a_broker_keeps_its_port_over_a_kill(kind: Kind, tmp_path: Path) -> None:
    with running_broker(kind, tmp_path, "collector") as broker:
        pid, port = broker.pid, broker.port
        broker.kill()
        broker.start()
        assert (broker.pid != pid, broker.port) == (True, port)
        with MqttUser(broker, "collector") as collector:
            assert collector.answer == "Success"


@pytest.mark.parametrize(("password", "answer"), [("right", "Success"), ("wrong", REFUSED)])
def test_a_mosquitto_has_the_passwords_it_was_given(tmp_path: Path, password: str, answer: str) -> None:
    with (
        running_mosquitto(tmp_path, users={"school.pc-1": "right", "collector": "other"}) as broker,
        MqttUser(broker, "school.pc-1", password) as agent,
    ):
        assert agent.answer == answer
