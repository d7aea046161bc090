"""The rendered rules and contract.topics.ACCESS say the same, for every account, channel and direction."""

import itertools
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from broker_config import mosquitto, nats
from broker_config.accounts import Account, Login, account_named
from broker_config.errors import BrokerError
from broker_config.listener import Listener, Tls
from contract.topics import ACCESS, DROPPED_TOPIC, Access, Role, build

SITES, AGENTS = ("hoa-mai", "binh-minh", "sim-hoa-mai"), ("pc-1", "pc-2")
NAMES = ["collector", "keeper", "hoa-mai.pc-1", "binh-minh.pc-2", "sim-hoa-mai.simulator", "sim-hoa-mai.pc-1"]
LOGINS = [Login(account_named(name), f"password-of-{name}") for name in NAMES]
FOLDER = Path("/srv/sonca/broker")
TLS = Tls(Path("/tls/authority.crt"), Path("/tls/broker.crt"), Path("/tls/broker.key"))

# account -> (topic filters it may write, those it may read), as MQTT topics
Rules = Mapping[str, tuple[list[str], list[str]]]


def mosquitto_rules() -> Rules:
    text = mosquitto.files(mosquitto.Runtime(FOLDER), [Listener(1883)], LOGINS)[mosquitto.ACL]
    rules: dict[str, tuple[list[str], list[str]]] = {}
    for line in filter(None, text.splitlines()):
        word, rest = line.split(" ", 1)
        if word == "user":
            user = rules[rest] = ([], [])
        else:
            assert word == "topic"
            user[["write", "read"].index(rest.split(" ")[0])].append(rest.split(" ")[1])
    return rules


def nats_users() -> list[dict[str, Any]]:
    text = nats.files(FOLDER, 1883, LOGINS)[nats.CONFIGURATION]
    return [json.loads(line) for line in text.splitlines() if line.strip().startswith('{"user"')]


def nats_rules() -> Rules:
    def topics(subjects: list[str]) -> list[str]:
        return [subject.replace(".", "/").replace("*", "+") for subject in subjects]

    return {
        user["user"]: (
            topics(user["permissions"]["publish"]["allow"]),
            topics(user["permissions"]["subscribe"]["allow"]),
        )
        for user in nats_users()
    }


def may(filters: list[str], topic: str) -> bool:
    return any(re.fullmatch(one.replace("$", r"\$").replace("+", "[^/]+"), topic) for one in filters)


def is_allowed(account: Account, roles: frozenset[Role], site: str, agent: str) -> bool:
    """Read off the table of the design, not through the functions that the renderers use."""
    everywhere = account.site == "+" or account.site == site
    return bool(account.roles & roles) and everywhere and account.agent in ("+", agent)


@pytest.mark.parametrize("rendered", [mosquitto_rules, nats_rules])
@pytest.mark.parametrize("row", ACCESS, ids=lambda row: row.channel)
@pytest.mark.parametrize("login", LOGINS, ids=lambda login: login.name)
def test_a_rule_allows_exactly_what_the_table_says(login: Login, row: Access, rendered: Callable[[], Rules]) -> None:
    write, read = rendered()[login.name]
    for site, agent in itertools.product(SITES, AGENTS):
        topic = build(site, agent, row.channel, "printer-1" if row.per_device else None)
        assert may(write, topic) == is_allowed(login.account, row.writers, site, agent), topic
        assert may(read, topic) == is_allowed(login.account, row.readers, site, agent), topic


@pytest.mark.parametrize("rendered", [mosquitto_rules, nats_rules])
def test_nothing_beside_the_table_is_allowed(rendered: Callable[[], Rules]) -> None:
    extra = {
        name: {topic for topic in [*write, *read] if not topic.startswith("sonca/v1/")}
        for name, (write, read) in rendered().items()
    }
    if rendered is mosquitto_rules:
        assert extra == {name: ({DROPPED_TOPIC} if name == "collector" else set()) for name in NAMES}
    else:
        own = "$MQTT/sub/>"
        bound = nats.BOUND_QUEUE[0]
        assert extra == {name: ({own, bound} if name == "keeper" else {own}) for name in NAMES}
    assert not any("#" in topic for write, read in rendered().values() for topic in [*write, *read])


def test_nats_users_speak_mqtt_only() -> None:
    assert [user["user"] for user in nats_users()] == NAMES
    assert {kind for user in nats_users() for kind in user["allowed_connection_types"]} == {"MQTT"}


def test_no_password_stands_in_mosquittos_files() -> None:
    for text in mosquitto.files(mosquitto.Runtime(FOLDER), [Listener(1883)], LOGINS).values():
        assert "password-of" not in text


def test_the_same_accounts_give_the_same_files() -> None:
    render = [mosquitto.files(mosquitto.Runtime(FOLDER), [Listener(1883)], LOGINS) for _ in range(2)]
    assert render[0] == render[1]


def test_mosquitto_2_1_gets_its_plugins() -> None:
    runtime = mosquitto.Runtime(FOLDER, plugins=Path("/usr/lib/mosquitto"))
    lines = mosquitto.files(runtime, [Listener(1883)], LOGINS)[mosquitto.CONFIGURATION].splitlines()
    plugins = [PurePosixPath(line.split(" ")[1]).stem for line in lines if line.startswith("global_plugin")]
    assert plugins == ["mosquitto_password_file", "mosquitto_acl_file"]
    assert "plugin_opt_password_file /srv/sonca/broker/users" in lines
    assert "plugin_opt_acl_file /srv/sonca/broker/acl" in lines
    assert not {line.split(" ")[0] for line in lines} & {"password_file", "acl_file", "per_listener_settings"}


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "::", "broker.school.vn", "localhost", ""])
def test_nobody_listens_elsewhere_without_tls(host: str) -> None:
    with pytest.raises(BrokerError, match="without TLS"):
        Listener(1883, host)
    assert Listener(8883, host, TLS).tls == TLS


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1"])
def test_loopback_needs_no_tls(host: str) -> None:
    assert Listener(1883, host).tls is None
