"""Asks the network by scapy, in a child process: its 60 MiB are gone when it has answered."""

import errno
import json
import sys
import threading
from typing import Any

from agent.probes.deadline import Deadline
from agent.probes.finding import Task
from agent.probes.outcomes import BadAnswer, Unsupported
from agent.probes.program import json_in, output_of

GRANT = (
    "the agent may not listen to the network: give its service AmbientCapabilities=CAP_NET_RAW (systemctl edit), or "
    "try once: sudo setpriv --reuid=$USER --init-groups --inh-caps=+net_raw --ambient-caps=+net_raw sonca agent ..."
)
INSTALL = 'scapy is not installed: pip install "sonca[scan]"'
START_SECONDS = 3.0  # Python and scapy on an old PC
ELSEWHERE = "the network is watched by sentinels that run Linux"

_one_at_a_time = threading.Lock()  # several children would need several times the memory


def listening_seconds(task: Task, most: float) -> float:
    """How long a child may listen within the probe's deadline."""
    return max(0.5, min(most, task.deadline_seconds - START_SECONDS))


def scan(task: Task, question: str, **asked: Any) -> Any:
    """What the child found, a list of objects as agent/scan/ describes them.

    Raises PermissionError, Unsupported (no scapy, not Linux), TimeoutError (the child is ended), BadAnswer, OSError.
    """
    if sys.platform != "linux":
        raise Unsupported(ELSEWHERE)
    deadline = Deadline(task.deadline_seconds)
    if not _one_at_a_time.acquire(timeout=task.deadline_seconds):
        raise TimeoutError("another look at the network took all the time")
    try:
        answer = _answer(question, asked, deadline.left("the scan before"))
    finally:
        _one_at_a_time.release()
    return found_in(answer, task)


def found_in(answer: dict[str, Any], task: Task) -> Any:
    """What the child found, or the exception that it met. Raises as `scan` does."""
    if "found" in answer:
        return answer["found"]
    if "missing" in answer:
        raise Unsupported(INSTALL)
    if answer.get("errno") in (errno.EPERM, errno.EACCES):
        task.step(GRANT)
    raise OSError(answer.get("errno"), str(answer.get("sentence")))


def _answer(question: str, asked: dict[str, Any], seconds: float) -> dict[str, Any]:
    # -P: a folder `agent` where the service happens to stand is not ours.
    arguments = json.dumps({**asked, "seconds_to_live": int(seconds) + 2})
    output, status = output_of([sys.executable, "-P", "-m", "agent.scan", question, arguments], seconds)
    if status != 0:
        last = output.strip().rpartition("\n")[2]
        raise BadAnswer(f"the scan ended with {status}: {last[:200]}")
    return json_in(output, "the scan")
