"""The configuration of the embedded nats-server, which speaks MQTT 3.1.1: users, and who may do what on which topic.

Of its own protocol nothing is offered: that listener is on a random port of loopback, and no user may use it. What it
acknowledged is on disk (`sync_interval: always`), so that a power cut takes nothing either.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from broker_config.accounts import KEEPER, Login
from broker_config.listener import LOOPBACK
from contract.messages import MAX_PAYLOAD_BYTES

CONFIGURATION = "nats-server.conf"

_MAX_PAYLOAD_BYTES = MAX_PAYLOAD_BYTES + 65_536  # a topic and headers on top
_QUEUE_BYTES = 256 * 1024 * 1024
_QUEUE_NANOSECONDS = 7 * 24 * 3600 * 1_000_000_000
_STORE_BYTES = 2 * _QUEUE_BYTES
_UPDATE_QUEUE = "$JS/API/STREAM/UPDATE/$MQTT_msgs"

# Where an MQTT client asks the server to bound the queue of QoS 1 messages, and with what. The server makes the queue
# without a bound of its own, and once the whole store is full nobody can connect any more, not even the collector that
# would empty it. With the bound the oldest messages go, and the agents send them again.
BOUND_QUEUE = (
    _UPDATE_QUEUE,
    json.dumps(
        {
            "name": "$MQTT_msgs",
            "subjects": ["$MQTT.msgs.>"],
            "storage": "file",
            "retention": "interest",
            "discard": "old",
            "num_replicas": 1,
            "max_bytes": _QUEUE_BYTES,
            "max_age": _QUEUE_NANOSECONDS,
        }
    ).encode(),
)


def files(folder: Path, port: int, logins: Iterable[Login]) -> Mapping[str, str]:
    """File name -> content, to be written into `folder`. The same accounts give the same text."""
    users = "\n".join(f"    {_user(login)}" for login in logins)
    text = f"""\
server_name: sonca
host: "{LOOPBACK}"
port: -1
max_payload: {_MAX_PAYLOAD_BYTES}
jetstream {{
  store_dir: {json.dumps(folder.as_posix())}
  max_file_store: {_STORE_BYTES}
  max_memory_store: {64 * 1024 * 1024}
  sync_interval: always
}}
mqtt {{
  host: "{LOOPBACK}"
  port: {port}
  ack_wait: "5s"
}}
authorization {{
  users: [
{users}
  ]
}}
"""
    return {CONFIGURATION: text}


def subject(topic_filter: str) -> str:
    """What a topic filter of ours is called in NATS; our topics hold neither dots nor spaces."""
    return topic_filter.replace("/", ".").replace("+", "*")


def _user(login: Login) -> str:
    account = login.account
    may_write = [subject(topic) for topic in account.writable()]
    # The server delivers QoS 1 messages by a subscription of the client's own below $MQTT.sub; a client cannot ask for
    # a subscription there.
    may_read = [*map(subject, account.readable()), "$MQTT.sub.>"]
    if account.name == KEEPER:
        may_write = [subject(_UPDATE_QUEUE)]
    return json.dumps(
        {
            "user": account.name,
            "password": login.password,
            "allowed_connection_types": ["MQTT"],
            "permissions": {"publish": {"allow": may_write}, "subscribe": {"allow": may_read}},
        }
    )
