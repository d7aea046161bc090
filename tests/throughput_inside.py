"""Tests throughput once, by the settings of an agent.yaml, and prints the measurements as they would travel.

python -m tests.throughput_inside agent.yaml
"""

import sys
from pathlib import Path

from agent.jobs import throughput_jobs
from agent.probes.registry import PROBES
from agent.run_probe import run_probe
from agent.settings import read_agent_settings
from agent.show import as_json
from tests.waiting import now_ms

if __name__ == "__main__":
    print(
        as_json(
            [
                measurement
                for job in throughput_jobs(read_agent_settings(Path(sys.argv[1])))
                for measurement in run_probe(
                    PROBES[job.probe], job, now_ms, lambda sentence: print(sentence, file=sys.stderr)
                )
            ]
        )
    )
