"""Runs one probe in a process of its own: inside a network namespace, or as a user who may do nothing."""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

_SCRIPT = """
import json, sys, time
from agent.probes import scan
from agent.network_settings import NetworkSettings, Segment
from agent.probes.finding import Task
from agent.probes.outcomes import outcome_of
from agent.probes.registry import PROBES
from contract.messages import Target
from contract.shapes import build
probe, address, deadline, network = sys.argv[1], sys.argv[2], float(sys.argv[3]), json.loads(sys.argv[4])
scan.START_SECONDS = deadline - float(sys.argv[5])
segment = None if network is None else Segment(build(NetworkSettings, network), (("10.77.1.40", "printer-1"),))
steps, start = [], time.monotonic()
try:
    found = PROBES[probe](Task(Target("services", "test", probe, address), deadline, steps.append, segment=segment))
    rows = [
        {"outcome": row.outcome, "fields": row.fields, "target": row.target}
        | ({"probe": row.probe} if row.probe else {})
        for row in found
    ]
except Exception as error:
    rows = [{"outcome": outcome_of(error), "fields": {}, "target": None, "error": repr(error)}]
print(json.dumps({"findings": rows, "steps": steps, "seconds": time.monotonic() - start}))
"""

# Root without its rights: still the owner of its files (an interpreter below /root stays readable), but to the kernel
# as good as anybody. A program with file capabilities (ping) gets its own back, unless the bounding set is empty too.
NOBODY = ("setpriv", "--securebits=+noroot", "--inh-caps=-all")
NOBODY_WITHOUT_RIGHTS = (*NOBODY, "--bounding-set=-all", "--no-new-privs")


def probe_inside(
    prefix: Sequence[str],
    probe: str,
    address: str = "",
    deadline: float = 6.0,
    network: dict[str, Any] | None = None,
    listen: float = 1.0,
) -> dict[str, Any]:
    """{"findings": [{outcome, fields, target}], "steps": [...], "seconds": ...} of a probe under the command `prefix`.

    `network` is the part of agent.yaml; with it the agent polls printer-1 at 10.77.1.40. What listens to the network
    does so for `listen` seconds.
    """
    command = [*prefix, sys.executable, "-c", _SCRIPT, probe, address, str(deadline), json.dumps(network), str(listen)]
    done = subprocess.run(command, capture_output=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, Any] = json.loads(done.stdout)
    return found
