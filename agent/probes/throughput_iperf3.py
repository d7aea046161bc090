"""Bytes down and up to an iperf3 server, by the program `iperf3`.

The program tells nothing before it ends, so it cannot be stopped when its samples agree: a first short run says how
many bytes a second of the line are, and the second one takes as many as are needed.
"""

import errno
import shutil
from collections.abc import Callable
from typing import Any

from agent.probes.deadline import Deadline
from agent.probes.lookup import split_host_port
from agent.probes.outcomes import BadAnswer, Unsupported
from agent.probes.program import json_in, output_of
from agent.probes.throughput_samples import AGREEING_SAMPLES, SAMPLE_SECONDS, SLOW_START_SAMPLES, Transfer

PORT = 5201
FIRST_BYTES = 1_000_000
WANTED_SECONDS = (SLOW_START_SAMPLES + AGREEING_SAMPLES + 4) * SAMPLE_SECONDS
BLOCK = "16K"  # larger ones leave too few in a sample of a slow line
CONNECT_MILLISECONDS = 3_000
INSTALL = "iperf3 is not installed: install it (apt install iperf3), or set another protocol"

# What the program says -> the number of the system's error that it means.
_ERRORS = {
    "Connection refused": errno.ECONNREFUSED,
    "No route to host": errno.EHOSTUNREACH,
    "Network is unreachable": errno.ENETUNREACH,
    "timed out": errno.ETIMEDOUT,
}

Step = Callable[[str], None]


def run(address: str, transfer: Transfer, *, down: bool, deadline: Deadline, step: Step) -> None:
    """One direction. Raises Unsupported without the program, BadAnswer, TimeoutError, OSError."""
    if shutil.which("iperf3") is None:
        raise Unsupported(INSTALL)
    answer = _once(address, transfer, min(FIRST_BYTES, transfer.most_bytes), down=down, deadline=deadline)
    rate = whole_rate(answer)
    size = min(transfer.most_bytes - transfer.total_bytes, int(rate * WANTED_SECONDS / 8))
    step(f"{transfer.total_bytes} bytes went with {rate / 1_000_000:.1f} Mbit/s; {max(size, 0)} more follow")
    if size > 0:
        answer = _once(address, transfer, size, down=down, deadline=deadline)
    note(answer, transfer)


def note(answer: dict[str, Any], transfer: Transfer) -> None:
    """What a run told, taken into `transfer`. Raises BadAnswer when it is not where iperf3 3.x puts it."""
    try:
        sums = [entry["sum"] for entry in answer["intervals"]]
        whole = [entry for entry in sums if entry["seconds"] >= SAMPLE_SECONDS / 2]  # the last one may be a mere rest
        transfer.samples = [entry["bits_per_second"] / 1_000_000 for entry in whole or sums[:1]]
        transfer.cpu_percent = float(answer["end"]["cpu_utilization_percent"]["host_total"])
        transfer.local_address = str(answer["start"]["connected"][0]["local_host"])
    except (LookupError, TypeError, ValueError) as error:
        raise BadAnswer(f"iperf3 did not tell what 3.x tells: {error!r}") from error
    if not transfer.samples:
        raise BadAnswer("iperf3 told no samples")


def whole_rate(answer: dict[str, Any]) -> float:
    """Bits a second that came through, over the whole run."""
    return float(_end(answer, "sum_received", "bits_per_second"))


def _once(address: str, transfer: Transfer, size: int, *, down: bool, deadline: Deadline) -> dict[str, Any]:
    host, port = split_host_port(address, PORT)
    command = ["iperf3", "-c", host, "-p", str(port), "-J", "-i", str(SAMPLE_SECONDS), "-l", BLOCK, "-n", str(size)]
    command += ["--connect-timeout", str(CONNECT_MILLISECONDS), *(["-R"] if down else [])]
    transfer.total_bytes += size  # counted also when the program does not end in time
    output, _ = output_of(command, deadline.left("iperf3"))
    answer = json_in(output, "iperf3")
    transfer.total_bytes += _bytes_of(answer) - size
    if error := answer.get("error"):
        raise _error(str(error))
    return answer


def _error(words: str) -> Exception:
    """Python makes of a known number the exception that its own sockets would have raised."""
    number = next((number for part, number in _ERRORS.items() if part in words), None)
    return BadAnswer(f"iperf3: {words}") if number is None else OSError(number, f"iperf3: {words}")


def _bytes_of(answer: dict[str, Any]) -> int:
    """What was sent; nothing where no connection came about."""
    return int(_end(answer, "sum_sent", "bytes")) if answer.get("end") else 0


def _end(answer: dict[str, Any], part: str, name: str) -> float:
    """A number of the summary. Raises BadAnswer."""
    try:
        return float(answer["end"][part][name])
    except (LookupError, TypeError, ValueError) as error:
        raise BadAnswer(f"iperf3 did not tell {part}.{name}: {error!r}") from error
