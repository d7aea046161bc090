"""Who may do what, tried on both real brokers with the configuration that we render."""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker_config.programs import KINDS, Kind
from contract.topics import DROPPED_TOPIC, Role, readable
from tests.brokers import RunningBroker, running_broker
from tests.mqtt_user import REFUSED, MqttUser
from tests.waiting import PATIENCE_SECONDS, wait_until

HERE, OTHER, SIMULATED = "sonca/v1/hoa-mai/pc-1", "sonca/v1/hoa-mai/pc-2", "sonca/v1/sim-hoa-mai"
AGENT, NEIGHBOUR, SIMULATOR = "hoa-mai.pc-1", "hoa-mai.pc-2", "sim-hoa-mai.simulator"
COLLECTED = readable(Role.COLLECTOR)


@pytest.fixture(scope="module", params=KINDS)
def broker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBroker]:
    folder = tmp_path_factory.mktemp(request.param)
    with running_broker(request.param, folder, "collector", AGENT, NEIGHBOUR, SIMULATOR) as running:
        yield running


@pytest.fixture
def collector(broker: RunningBroker) -> Iterator[MqttUser]:
    with MqttUser(broker, "collector") as user:
        assert user.subscribe(*COLLECTED) == [True] * 4
        user.seen.clear()
        yield user


@pytest.fixture
def agent(broker: RunningBroker) -> Iterator[MqttUser]:
    with MqttUser(broker, AGENT) as user:
        yield user


def denied(kind: Kind) -> str:
    """mosquitto says so; nats-server drops what is denied and acknowledges it all the same."""
    return REFUSED if kind == "mosquitto" else "Success"


def settle(agent: MqttUser, collector: MqttUser) -> None:
    """Returns when the collector has seen one more message of the agent: what was allowed before has arrived too."""
    agent.publish(f"{HERE}/measurements", b"the last one")
    wait_until(lambda: (f"{HERE}/measurements", b"the last one") in collector.seen)


def test_a_user_with_its_password_comes_in_and_nobody_else(broker: RunningBroker) -> None:
    tries = {("", ""): REFUSED, (AGENT, "wrong"): REFUSED, (AGENT, broker.password(AGENT)): "Success"}
    tries |= {(AGENT, ""): REFUSED, ("nobody", "x"): REFUSED, (AGENT, broker.password(NEIGHBOUR)): REFUSED}
    for (name, password), answer in tries.items():
        with MqttUser(broker, name, password) as user:
            assert user.answer == answer, name


def test_what_an_agent_says_reaches_the_collector(agent: MqttUser, collector: MqttUser) -> None:
    said = [(f"{HERE}/measurements", b"m"), (f"{HERE}/status", b"s"), (f"{HERE}/equipment/printer-1", b"e")]
    said += [(f"{HERE}/lease-requests", b"l")]
    assert [agent.publish(topic, payload) for topic, payload in said] == ["Success"] * 4
    wait_until(lambda: sorted(collector.seen) == sorted(said))


def test_what_the_collector_says_reaches_the_agent(agent: MqttUser, collector: MqttUser) -> None:
    assert agent.subscribe(f"{HERE}/receipts", f"{HERE}/settings", f"{HERE}/leases") == [True, True, True]
    said = [(f"{HERE}/receipts", b"r"), (f"{HERE}/settings", b"s"), (f"{HERE}/leases", b"l")]
    assert [collector.publish(topic, payload) for topic, payload in said] == ["Success"] * 3
    wait_until(lambda: sorted(agent.seen) == sorted(said))


@pytest.mark.parametrize(
    "topic",
    [
        f"{OTHER}/measurements",
        f"{OTHER}/status",
        f"{OTHER}/equipment/pc-2",
        f"{HERE}/receipts",
        f"{HERE}/settings",
        f"{HERE}/leases",
        f"{OTHER}/lease-requests",
        f"{HERE}/nonsense",
        f"{HERE}/measurements/deeper",
        f"{SIMULATED}/pc-1/measurements",
        "$SYS/broker/uptime",
        "$MQTT/msgs/sonca/v1/hoa-mai/pc-2/measurements",
        "$JS/API/STREAM/DELETE/$MQTT_msgs",
    ],
)
def test_an_agent_writes_nothing_but_its_own(
    broker: RunningBroker, agent: MqttUser, collector: MqttUser, topic: str
) -> None:
    with MqttUser(broker, NEIGHBOUR) as neighbour:
        neighbour.subscribe(f"{OTHER}/receipts", f"{OTHER}/settings", f"{OTHER}/leases")
        assert agent.publish(topic, b"false", retain=True) == denied(broker.kind)
        settle(agent, collector)
        assert [payload for _, payload in collector.seen + neighbour.seen] == [b"the last one"]
    with MqttUser(broker, "collector") as later:
        later.subscribe(*COLLECTED)
        later.publish(f"{OTHER}/receipts")
        assert b"false" not in [payload for _, payload in later.retained]


@pytest.mark.parametrize(
    "topic",
    [
        "#",
        "+/+/+/+/+",
        "sonca/#",
        "sonca/v1/+/+/measurements",
        "sonca/v1/hoa-mai/+/receipts",
        f"{OTHER}/receipts",
        f"{OTHER}/settings",
        f"{OTHER}/leases",
        f"{OTHER}/equipment/pc-2",
        f"{HERE}/measurements",
        "$SYS/#",
        "$MQTT/#",
        "$JS/#",
    ],
)
def test_an_agent_reads_nothing_but_its_own(broker: RunningBroker, collector: MqttUser, topic: str) -> None:
    """mosquitto grants the subscription and delivers nothing on it; nats-server refuses it."""
    with MqttUser(broker, NEIGHBOUR) as neighbour, MqttUser(broker, AGENT) as curious:
        curious.subscribe(topic)
        curious.subscribe(f"{HERE}/receipts")
        neighbour.publish(f"{OTHER}/measurements", b"secret", retain=True)
        neighbour.publish(f"{OTHER}/equipment/pc-2", b"secret", retain=True)
        collector.publish(f"{OTHER}/receipts", b"secret")
        collector.publish(f"{OTHER}/settings", b"secret", retain=True)
        collector.publish(f"{OTHER}/leases", b"secret", retain=True)
        collector.publish(f"{HERE}/receipts", b"for me")
        wait_until(lambda: (f"{HERE}/receipts", b"for me") in curious.seen)
        assert {payload for _, payload in curious.seen + curious.retained} == {b"for me"}


def test_a_last_will_is_held_to_the_same_rules(broker: RunningBroker, agent: MqttUser, collector: MqttUser) -> None:
    for topic, payload in ((f"{HERE}/status", b"lost"), (f"{OTHER}/status", b"false"), (f"{HERE}/settings", b"false")):
        with MqttUser(broker, AGENT, will=(topic, payload)) as dying:
            dying.vanish()
            wait_until(lambda: bool(dying.thrown_out))
    wait_until(lambda: (f"{HERE}/status", b"lost") in collector.seen)
    settle(agent, collector)
    assert b"false" not in [payload for _, payload in collector.seen]


def test_the_simulator_speaks_for_its_simulated_site_and_no_other(broker: RunningBroker, collector: MqttUser) -> None:
    with MqttUser(broker, SIMULATOR) as simulator:
        assert simulator.publish(f"{SIMULATED}/pc-1/measurements", b"m") == "Success"
        assert simulator.publish(f"{SIMULATED}/pc-2/status", b"s") == "Success"
        for foreign in (f"{HERE}/measurements", "sonca/v1/sim-other/pc-1/measurements", f"{SIMULATED}/pc-1/receipts"):
            assert simulator.publish(foreign, b"false") == denied(broker.kind)
        assert simulator.publish(f"{SIMULATED}/pc-3/measurements", b"m") == "Success"
        wait_until(lambda: len(collector.seen) == 3)
        assert {payload for _, payload in collector.seen} == {b"m", b"s"}


def test_the_simulator_may_connect_once_per_simulated_device(broker: RunningBroker) -> None:
    with (
        MqttUser(broker, SIMULATOR) as first,
        MqttUser(broker, SIMULATOR) as second,
    ):
        for one in (second, first):
            assert one.publish(f"{SIMULATED}/pc-1/measurements") == "Success"


def test_nobody_takes_over_the_collectors_session(broker: RunningBroker, agent: MqttUser) -> None:
    """The name of a session holds a digest of the password; what can be guessed leads nowhere."""
    name = broker.connection("collector").client_id(broker.password("collector"))
    with MqttUser(broker, "collector", client_id=name, keeps_session=True) as collector:
        collector.subscribe(*COLLECTED)
        for guess in ("collector", "sonca-collector", name[:-1], broker.password(AGENT)):
            with MqttUser(broker, AGENT, client_id=guess, keeps_session=True) as intruder:
                assert (intruder.answer, intruder.was_known) == ("Success", False)
        settle(agent, collector)
        assert not collector.thrown_out


def test_only_the_collector_reads_the_counter_of_dropped_messages(broker: RunningBroker) -> None:
    if broker.kind == "nats":
        with MqttUser(broker, "collector") as collector:
            assert collector.subscribe(DROPPED_TOPIC) == [False]
        return
    with MqttUser(broker, "collector") as collector, MqttUser(broker, AGENT) as agent:
        agent.subscribe(DROPPED_TOPIC)
        collector.subscribe(DROPPED_TOPIC)
        wait_until(lambda: (DROPPED_TOPIC, b"0") in collector.retained)
        assert not agent.retained


def test_the_keeper_may_log_in_and_nothing_else(broker: RunningBroker, collector: MqttUser, agent: MqttUser) -> None:
    with MqttUser(broker, "keeper") as keeper:
        keeper.subscribe("#", "sonca/v1/+/+/measurements")
        assert keeper.publish(f"{HERE}/measurements", b"false") == denied(broker.kind)
        settle(agent, collector)
        assert not keeper.seen
        assert b"false" not in [payload for _, payload in collector.seen]


def test_a_message_of_the_largest_size_passes_and_a_larger_one_ends_the_connection(
    broker: RunningBroker, collector: MqttUser
) -> None:
    with MqttUser(broker, AGENT) as agent:
        assert agent.publish(f"{HERE}/measurements", b"x" * 1_000_000) == "Success"
        wait_until(lambda: len(collector.seen) == 1)
        with contextlib.suppress(AssertionError):
            agent.publish(f"{HERE}/measurements", b"x" * 1_200_000, seconds=0.5)
        wait_until(lambda: bool(agent.thrown_out))
        assert len(collector.seen) == 1


def test_nobody_comes_in_by_the_protocol_of_nats_itself(tmp_path: Path) -> None:
    with running_broker("nats", tmp_path, "collector") as broker:
        port = int(broker.log.split("Listening for client connections on 127.0.0.1:")[1].split()[0])
        for options in ("{}", f'{{"user":"collector","pass":"{broker.password("collector")}"}}'):
            with (
                socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as line,
                line.makefile("rb") as answers,
            ):
                line.sendall(f"CONNECT {options}\r\nSUB > 1\r\nPING\r\n".encode())
                assert b"Authorization Violation" in answers.read()
