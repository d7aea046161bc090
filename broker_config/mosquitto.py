"""The configuration of mosquitto 2.0 and later: its settings, its users, and who may do what on which topic."""

import base64
import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from broker_config.accounts import Login
from broker_config.listener import Listener, Tls
from contract.messages import MAX_PAYLOAD_BYTES
from contract.topics import DROPPED_TOPIC, Role

CONFIGURATION = "mosquitto.conf"
USERS = "users"
ACL = "acl"

# What the options password_file and acl_file became in 2.1; the options themselves go in 3.0.
_LIBRARY = ".dll" if os.name == "nt" else ".so"
PASSWORD_PLUGIN = f"mosquitto_password_file{_LIBRARY}"
ACL_PLUGIN = f"mosquitto_acl_file{_LIBRARY}"

AUTOSAVE_SECONDS = 5  # kill -9 loses what came since; the agents send that again, since no receipt named it
MAX_PACKET_BYTES = MAX_PAYLOAD_BYTES + 65_536  # a topic and MQTT 5 properties on top
_MAX_QUEUED_MESSAGES = 100_000
_MAX_QUEUED_BYTES = 32 * 1024 * 1024  # kept in memory and written whole at each save, so it must not grow for ever
_MAX_INFLIGHT = 2_000  # what a collector that says no other number (MQTT 3.1.1) may leave unacknowledged
_ROUNDS = 101  # PBKDF2 rounds, mosquitto's own number: our passwords are random, nobody can guess through a list


@dataclass(frozen=True)
class Runtime:
    """What the text depends on beside accounts. `plugins`: the folder of mosquitto 2.1's password and ACL plugins."""

    folder: Path
    plugins: Path | None = None
    as_root: bool = False


def files(runtime: Runtime, listeners: Sequence[Listener], logins: Iterable[Login]) -> Mapping[str, str]:
    """File name -> content, to be written into `runtime.folder`. The same accounts give the same text."""
    known = list(logins)
    return {
        USERS: "".join(map(_user, known)),
        ACL: "\n".join(map(_rules, known)),
        CONFIGURATION: "\n".join([*_settings(runtime), *_security(runtime), *map(_listener, listeners)]) + "\n",
    }


def _settings(runtime: Runtime) -> list[str]:
    return [
        "log_dest stderr",  # written at once; what it says on stdout waits in a buffer
        # Not "information": it would say every few seconds that the database was saved.
        *(f"log_type {kind}" for kind in ("error", "warning", "notice")),
        "log_timestamp_format %Y-%m-%dT%H:%M:%S",
        "persistence true",
        f"persistence_location {runtime.folder.as_posix()}/",
        f"autosave_interval {AUTOSAVE_SECONDS}",
        "persistent_client_expiration 14d",
        f"max_queued_messages {_MAX_QUEUED_MESSAGES}",
        f"max_queued_bytes {_MAX_QUEUED_BYTES}",
        f"max_inflight_messages {_MAX_INFLIGHT}",
        f"max_packet_size {MAX_PACKET_BYTES}",
        "set_tcp_nodelay true",
        # Started by root it would become the user mosquitto, who cannot read files of 0600.
        *(["user root"] if runtime.as_root else []),
    ]


def _security(runtime: Runtime) -> list[str]:
    users, acl = (runtime.folder / name for name in (USERS, ACL))
    if runtime.plugins is None:
        return ["allow_anonymous false", f"password_file {users.as_posix()}", f"acl_file {acl.as_posix()}"]
    return [
        "allow_anonymous false",
        f"global_plugin {(runtime.plugins / PASSWORD_PLUGIN).as_posix()}",
        f"plugin_opt_password_file {users.as_posix()}",
        f"global_plugin {(runtime.plugins / ACL_PLUGIN).as_posix()}",
        f"plugin_opt_acl_file {acl.as_posix()}",
    ]


def _listener(listener: Listener) -> str:
    return "\n".join([f"listener {listener.port} {listener.host}", *(_tls(listener.tls) if listener.tls else [])])


def _tls(tls: Tls) -> list[str]:
    identity = ["require_certificate true", "use_identity_as_username true"] if tls.client_certificates else []
    return [
        f"cafile {tls.authority_file.as_posix()}",
        f"certfile {tls.certificate_file.as_posix()}",
        f"keyfile {tls.key_file.as_posix()}",
        "tls_version tlsv1.2",
        # One connection per device: nobody can throw another out, or take its queue, by naming its client id. On
        # loopback, where the simulator connects once per simulated device, the names are unguessable instead.
        "use_username_as_clientid true",
        *identity,
    ]


def _rules(login: Login) -> str:
    account = login.account
    own = [DROPPED_TOPIC] if Role.COLLECTOR in account.roles else []
    lines = [
        f"user {account.name}",
        *(f"topic write {topic}" for topic in account.writable()),
        *(f"topic read {topic}" for topic in [*account.readable(), *own]),
    ]
    return "\n".join(lines) + "\n"


def _user(login: Login) -> str:
    # A salt has to differ between accounts, not to be secret; made from the name it leaves the file as it was when
    # nothing changed.
    salt = hashlib.sha256(login.name.encode()).digest()[:12]
    key = hashlib.pbkdf2_hmac("sha512", login.password.encode(), salt, _ROUNDS)
    return f"{login.name}:$7${_ROUNDS}${_base64(salt)}${_base64(key)}\n"


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
