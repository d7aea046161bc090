"""The real collector as a process, for which reports of the last days are as live as those of now.

Reports of a benchmark are dated so that their slices are closed and rolled up within the measurement; they shall move
presence like live ones, since that costs something too.

python -m scripts.benchmarks.collector_of_the_past --settings sonca.yaml
"""

import sys
import threading
from pathlib import Path

from collector import presence
from collector.run import run
from collector.store.protocol import DAY_MS
from sonca.process import look_for_cycles_seldom, on_signal, start_logging
from sonca.settings import collector_settings, read_server_settings


def main() -> None:
    start_logging()
    look_for_cycles_seldom()
    presence.LIVE_MS = 7 * DAY_MS
    stop = threading.Event()
    on_signal(stop.set)
    run(collector_settings(read_server_settings(Path(sys.argv[2]))), stop)


if __name__ == "__main__":
    main()
