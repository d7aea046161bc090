"""Asks every polled device of a settings file once, all at the same time, and prints what that took as JSON.

python -m scripts.benchmarks.one_round AGENT.YAML     a second round is measured: the first loads what is needed
"""

import json
import sys
import time
from pathlib import Path

from agent.settings import read_agent_settings
from agent.show import one_round
from contract.messages import Outcome


def main() -> None:
    settings = read_agent_settings(Path(sys.argv[1]))
    one_round(settings)
    time.sleep(1)  # rates need some time between
    processor, clock = time.process_time(), time.perf_counter()
    found = one_round(settings)
    processor, clock = time.process_time() - processor, time.perf_counter() - clock
    answered = {entry.device for entry in found if entry.outcome is Outcome.OK and entry.device}
    values = sum(len(entry.fields) for entry in found)
    told = {"processor_ms": 1000 * processor, "wall_ms": 1000 * clock, "values": values, "answered": len(answered)}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
