"""How long a batch takes from its sending to the answer of the API, while ten thousand devices speak as they do.

333 messages a second are what ten thousand devices send by the default schedule; each is a whole batch of a simulated
school of a thousand devices. What they say is made beforehand, so that the machine is left to the server.
"""

import itertools
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import httpx

from contract.messages import encode
from contract.trouble import Trouble
from scripts.benchmarks.big_school import SITE, batches_of
from scripts.benchmarks.measured import Measured, Options, Tell, percentile
from scripts.benchmarks.reports import Devices
from scripts.benchmarks.sender import Message, Sender
from scripts.benchmarks.server import COLLECTOR_OF_THE_PAST, Server, running_server
from sonca.simulate.clock import LESSONS, SimulatedClock, start_of
from sonca.simulate.school_day import SchoolDay, school_day
from sonca.simulate.voice import Voice
from sonca.up import sonca
from tests.waiting import now_ms, wait_until

A_SECOND = 333
SAMPLES = 120
MOST_SECONDS = 75.0  # in which all samples are taken
ROOMS, DEVICES, REPORT_MS = 100, 1_000, 30_000
WATCHED = "watched"


def measure(_options: Options, tell: Tell) -> list[Measured]:
    day = school_day(SITE, 1, ROOMS, DEVICES)
    needed = int(A_SECOND * MOST_SECONDS)
    tell(f"visible: what {DEVICES} devices will say in {needed} batches")
    crowd = list(itertools.islice(_crowd(day, needed), needed))
    with tempfile.TemporaryDirectory() as name, running_server(Path(name), day.school) as server:
        server.start_collector(COLLECTOR_OF_THE_PAST)
        server.start("api", sonca("api", "--settings", str(server.settings)))
        server.wait_for("api", "the pages are at")
        tell(f"visible: {SAMPLES} batches are watched, while {A_SECOND} others a second are sent")
        taken = sorted(_watched(server, crowd))
    half, most = percentile(taken, 0.5), percentile(taken, 0.99)
    size = sum(len(message.payload) for message in crowd) / len(crowd) / 1000
    compared = f"median {half:.0f} ms; messages are gathered for 100 ms; {size:.1f} kB each"
    return [Measured(f"visible in the API at {A_SECOND} messages/s, p99", most, "ms", compared, 500, 0)]


def _crowd(day: SchoolDay, needed: int) -> Iterator[Message]:
    """Batches of all devices in turn, dated into the last hours."""
    start, span = start_of(LESSONS, now_ms()), (2 + 2 * needed // DEVICES) * REPORT_MS
    voice = Voice(day, SimulatedClock(start, now_ms() - span), REPORT_MS, start, start + span)
    for at_once in itertools.zip_longest(*(batches_of(pc, voice) for pc in day.pcs.values())):
        yield from (Message(batch.agent, encode(batch)) for batch in at_once if batch is not None)


def _watched(server: Server, crowd: Sequence[Message]) -> list[float]:
    stop = threading.Event()
    with Sender(server.broker, SITE) as sender, Sender(server.broker, SITE, WATCHED) as watched:
        noise = threading.Thread(target=_speak, args=(sender, crowd, stop))
        noise.start()
        try:
            return _samples(server, watched, WATCHED)
        finally:
            stop.set()
            noise.join()


def _speak(sender: Sender, crowd: Sequence[Message], stop: threading.Event) -> None:
    began = time.monotonic()
    for sent, message in enumerate(crowd, 1):
        if stop.is_set():
            return
        sender.send(message)
        time.sleep(max(0.0, began + sent / A_SECOND - time.monotonic()))
    raise Trouble("the crowd fell silent before the last sample", "is this machine very busy?")


def _samples(server: Server, sender: Sender, name: str) -> list[float]:
    devices = Devices([name], now_ms() - SAMPLES * 30_000)
    address = f"http://127.0.0.1:{server.port}/api/v1/sites/{SITE}/devices/{name}/latest"
    pause = Random(7)  # noqa: S311 - in step with the collector's rounds every sample would be lucky, or none
    taken = []
    with httpx.Client() as client:
        for message in devices.reports(SAMPLES, 1):
            time.sleep(pause.uniform(0, 0.3))
            before = _newest(client, address)
            began = time.perf_counter()
            sender.send(message)
            wait_until(lambda before=before: _newest(client, address) > before, every=0.005)  # type: ignore[misc]
            taken.append(1000 * (time.perf_counter() - began))
    return taken


def _newest(client: httpx.Client, address: str) -> int:
    answer = client.get(address)
    found = answer.json().get("measurements", []) if answer.status_code == 200 else []
    return max((int(entry["taken_at"]) for entry in found), default=0)
