"""The real collector as a process, with a shorter present, so that a test need not wait two minutes for a verdict.

python -m tests.hurried_collector sonca.yaml
"""

import sys
import threading
from pathlib import Path

from collector import watch, work
from collector.run import run
from sonca.process import on_signal, start_logging
from sonca.settings import collector_settings, read_server_settings


def main() -> None:
    start_logging()
    watch.NOW_MS = 5_000
    work.LOOK_SECONDS = 0.5
    stop = threading.Event()
    on_signal(stop.set)
    run(collector_settings(read_server_settings(Path(sys.argv[1]))), stop)


if __name__ == "__main__":
    main()
