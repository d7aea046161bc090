"""A pure paho receive loop: takes what a collector takes, and does nothing with it. What the collector is compared to.

python -m scripts.benchmarks.receive_loop HOST PORT PASSWORD_FILE FILTER
"""

import sys
import threading
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from broker_config.accounts import COLLECTOR
from sonca.process import on_signal

READY = "the receive loop has its subscription"


class Counting:
    """How many messages came."""

    def __init__(self) -> None:
        self.messages = 0

    def on_message(self, _client: Client, _data: Any, _message: MQTTMessage) -> None:
        self.messages += 1


def main() -> None:
    host, port, password_file, topics = sys.argv[1:]
    counting, stop = Counting(), threading.Event()
    client = Client(CallbackAPIVersion.VERSION2, client_id="receive-loop", protocol=MQTTProtocolVersion.MQTTv5)
    client.username_pw_set(COLLECTOR, Path(password_file).read_text(encoding="utf-8").strip())
    client.max_inflight_messages_set(0)
    client.on_message = counting.on_message
    client.on_connect = lambda client, *_rest: client.subscribe(topics, 1)
    client.on_subscribe = lambda *_rest: print(READY, flush=True)
    on_signal(stop.set)
    client.connect(host, int(port))
    client.loop_start()
    stop.wait()
    client.disconnect()
    client.loop_stop()
    print(f"{counting.messages} messages", flush=True)


if __name__ == "__main__":
    main()
