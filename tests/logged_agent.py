"""The real agent as a process, in a hurry, that also notes each measurement once its outbox has it.

python -m tests.logged_agent agent.yaml noted.txt
"""

import queue
import sys
from collections.abc import Sequence
from pathlib import Path

from agent import delivery, greeting, publish, schedule, work
from agent.outbox import Outbox
from agent.run import run
from agent.settings import read_agent_settings
from contract.messages import Measurement
from sonca.process import on_signal, start_logging

LONGEST_ROUND_TRIP_MS = 600


class NotingOutbox(Outbox):
    """Appends a line a measurement to a file after the outbox has committed it."""

    notes = Path()

    def add(self, measurements: Sequence[Measurement]) -> None:
        super().add(measurements)
        lines = [f"{entry.probe} {entry.target or '-'} {entry.taken_at}\n" for entry in measurements]
        with self.notes.open("ab", buffering=0) as notes:
            notes.write("".join(lines).encode())


def main() -> None:
    start_logging()
    NotingOutbox.notes = Path(sys.argv[2])
    work.FIRST_REPORT_SECONDS = 0.5
    schedule.FIRST_SPREAD_SECONDS = 0.2
    delivery.HISTORY_SPREAD_SECONDS = 0.2
    delivery.FIRST_WAIT_SECONDS, delivery.LONGEST_WAIT_SECONDS = 2.0, 4.0
    publish.LONGEST_PAUSE_SECONDS = 2
    # An answer of the server tells its time to half of what it took: tests compare times, so slow ones do not count.
    greeting.LONGEST_ROUND_TRIP_MS = LONGEST_ROUND_TRIP_MS
    greeting.FIRST_WAIT_SECONDS, greeting.LONGEST_WAIT_SECONDS = 2.0, 4.0
    sys.modules["agent.run"].__dict__["Outbox"] = NotingOutbox
    inbox: work.Inbox = queue.SimpleQueue()
    on_signal(lambda: inbox.put(work.Stop()))
    run(read_agent_settings(Path(sys.argv[1])), inbox)


if __name__ == "__main__":
    main()
