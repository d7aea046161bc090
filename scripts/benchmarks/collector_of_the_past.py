"""The real collector as a process, for which reports of the last days are as live as those of now.

With a time before its settings, its clock begins there and stands at the newest report that it took: a school's hours
pass as fast as they are told, and what closes in them is rolled up and judged as often as on a real day, no oftener.

python -m scripts.benchmarks.collector_of_the_past [MILLISECONDS] --settings sonca.yaml
"""

import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from collector import presence, work
from collector.store.protocol import DAY_MS
from collector.subscribe import Received, Subscription
from contract.messages import Batch, decode
from contract.topics import Channel, parse
from sonca.process import look_for_cycles_seldom, on_signal, start_logging
from sonca.settings import collector_settings, read_server_settings


class ToldClock:
    """Stands at the newest report of what was taken last; one message of each flush is looked at."""

    def __init__(self, since: int) -> None:
        self._now = since
        self._take = Subscription.take

    def now(self) -> int:
        return self._now

    def take(self, subscription: Subscription, most: int, within_seconds: float) -> list[Received]:
        messages = self._take(subscription, most, within_seconds)
        self._follow(messages)
        return messages

    def _follow(self, messages: Sequence[Received]) -> None:
        for message in reversed(messages):
            if parse(message.topic).channel is Channel.MEASUREMENTS:
                newest = decode(message.payload, Batch).measurements[-1].taken_at
                self._now = max(self._now, newest)
                return


def main() -> None:
    start_logging()
    look_for_cycles_seldom()
    *since, _option, settings = sys.argv[1:]
    presence.LIVE_MS = 7 * DAY_MS
    if since:
        clock = ToldClock(int(since[0]))
        Subscription.take = lambda *arguments: clock.take(*arguments)  # type: ignore[method-assign]
        work.now_ms = clock.now
    from collector.run import run  # it keeps the clock that it finds

    stop = threading.Event()
    on_signal(stop.set)
    run(collector_settings(read_server_settings(Path(settings))), stop)


if __name__ == "__main__":
    main()
