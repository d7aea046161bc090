"""How long a batch takes from its sending to the answer of the API, while the whole school speaks."""

import tempfile
import threading
import time
from pathlib import Path

import httpx

from scripts.benchmarks.measured import Measured, Options, Tell, percentile
from scripts.benchmarks.reports import Devices
from scripts.benchmarks.sender import Sender
from scripts.benchmarks.server import COLLECTOR_OF_THE_PAST, Server, running_server
from sonca.simulate.school_day import school_file
from sonca.up import sonca
from tests.waiting import now_ms, wait_until

A_SECOND = 333
SAMPLES = 120
SCHOOL = school_file(50, devices=100, site="sim-benchmark")


def measure(_options: Options, tell: Tell) -> list[Measured]:
    names = [device.id for room in SCHOOL.rooms for device in room.devices]
    with tempfile.TemporaryDirectory() as name, running_server(Path(name), SCHOOL) as server:
        server.start_collector(COLLECTOR_OF_THE_PAST)
        server.start("api", sonca("api", "--settings", str(server.settings)))
        server.wait_for("api", "the pages are at")
        tell(f"visible: {SAMPLES} batches, while {A_SECOND} others a second are sent")
        stop = threading.Event()
        with Sender(server.broker, SCHOOL.site) as crowd, Sender(server.broker, SCHOOL.site, "watched") as sender:
            noise = threading.Thread(target=_speak, args=(crowd, names[1:], stop))
            noise.start()
            try:
                taken = sorted(_samples(server, sender, names[0]))
            finally:
                stop.set()
                noise.join()
    half, most = percentile(taken, 0.5), percentile(taken, 0.99)
    compared = f"median {half:.0f} ms; messages are gathered for 100 ms"
    return [Measured(f"visible in the API at {A_SECOND} messages/s, p99", most, "ms", compared, 500, 0)]


def _speak(sender: Sender, names: list[str], stop: threading.Event) -> None:
    devices, began, sent = Devices(names, now_ms() - 12 * 3_600_000), time.monotonic(), 0
    while not stop.is_set():
        for message in devices.reports(1, 1):
            sender.send(message)
            sent += 1
            time.sleep(max(0.0, began + sent / A_SECOND - time.monotonic()))


def _samples(server: Server, sender: Sender, name: str) -> list[float]:
    devices = Devices([name], now_ms() - SAMPLES * 30_000)
    address = f"http://127.0.0.1:{server.port}/api/v1/sites/{SCHOOL.site}/devices/{name}/latest"
    taken = []
    with httpx.Client() as client:
        for message in devices.reports(SAMPLES, 1):
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
