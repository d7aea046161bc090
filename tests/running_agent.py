"""The real agent in a thread of the test, pointed at targets of the test's own."""

import dataclasses
import queue
import threading
from pathlib import Path
from types import TracebackType

from agent.run import run
from agent.settings import AgentSettings
from agent.work import Inbox, Stop
from contract.targets import TargetEntry
from tests.brokers import RunningBroker
from tests.waiting import PATIENCE_SECONDS

SITE, AGENT = "hoa-mai", "pc-1"
# Quiet: nothing of the world outside is asked, and no probe takes seconds.
WITHOUT = ("ping", "dns", "wifi", "temperature")


def agent_settings(
    folder: Path, broker: RunningBroker, port: int | None = None, internet_port: int = 9
) -> AgentSettings:
    """Reports every second; the internet and the only service are TCP ports of this machine.

    `port` is that of the line to the broker, where it does not go straight.
    """
    connection = broker.connection(f"{SITE}.{AGENT}")
    return AgentSettings(
        SITE,
        AGENT,
        dataclasses.replace(connection, port=port or broker.port),
        data=str(folder / "agent-data"),
        report_seconds=1.0,
        without=WITHOUT,
        internet=(TargetEntry("here", tcp=f"127.0.0.1:{internet_port}"),),
        dns=(),
        services=(TargetEntry("e-office", tcp="127.0.0.1:9"),),
        interval_seconds=dict.fromkeys(("host", "disk", "network_card", "tcp", "services"), 1.0),
    )


class RunningAgent:
    """Started on entry, stopped in peace on exit; `crash` is what it ended with, if it did."""

    def __init__(self, settings: AgentSettings) -> None:
        self.settings = settings
        self.crash: BaseException | None = None
        self._inbox: Inbox = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "RunningAgent":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        self._inbox.put(Stop())
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive(), "the agent did not stop"
        assert self.crash is None, f"the agent ended with {self.crash!r}"

    def _run(self) -> None:
        try:
            run(self.settings, self._inbox)
        except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
            self.crash = error
