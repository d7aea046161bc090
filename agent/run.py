"""The agent process: a table of contents."""

import contextlib
import logging
import secrets
from pathlib import Path
from random import Random, SystemRandom
from typing import TYPE_CHECKING

from agent.clock import BootClock, new_clock
from agent.equipment_watch import EquipmentWatch
from agent.greeting import Greeting
from agent.outbox import Outbox
from agent.post import Post
from agent.probing import Probing
from agent.publish import Line
from agent.served import ServedSettings
from agent.settings import AgentSettings
from agent.starts import FILE as STARTS
from agent.starts import note_farewell, note_start
from agent.work import Equipped, Inbox, Noticed, Work
from contract import VERSION

if TYPE_CHECKING:
    from agent.throughput import Throughput

log = logging.getLogger(__name__)


def run(settings: AgentSettings, inbox: Inbox) -> None:
    """Runs until a Stop is in the inbox. Raises OutboxUnavailable or OSError when it cannot start or go on."""
    data, boot, random = Path(settings.data), secrets.token_hex(8), SystemRandom()
    outbox = Outbox(data / "outbox.db", settings.agent, settings.outbox)
    clock = outbox.open(new_clock())
    note_start(data / STARTS, clock.era, clock.now_ms())
    served = ServedSettings(data / "served-settings.json")
    served.load()
    line = Line(settings.broker, settings.site, settings.agent, boot, inbox.put)
    greeting = Greeting(settings.agent, boot, f"sonca {VERSION}", clock, line, random)
    post = Post(boot, outbox, clock, line, random)
    probing = Probing(clock.now_ms, inbox.put, random)
    throughput = _throughput(settings, clock, line, inbox, random)
    equipment = EquipmentWatch(
        settings.agent, settings.devices, clock.now_ms, lambda device, report: inbox.put(Equipped(device, report))
    )
    try:
        log.info("the agent %s of %s is running", settings.agent, settings.site)
        with _projectors_heard(settings, inbox):
            Work(settings, served, inbox, line, greeting, post, probing, throughput, equipment, random).run()
        note_farewell(data / STARTS)
    finally:
        outbox.close()
        log.info("the agent has stopped")


def _projectors_heard(settings: AgentSettings, inbox: Inbox) -> contextlib.AbstractContextManager[object]:
    """Imported where it is set up: it weighs nothing on the many agents that poll no projector."""
    if settings.projector_notices is None:
        return contextlib.nullcontext()
    from agent.projector_notices import hearing_notices

    return hearing_notices(settings.projector_notices, settings.devices, lambda device: inbox.put(Noticed(device)))


def _throughput(
    settings: AgentSettings, clock: BootClock, line: Line, inbox: Inbox, random: Random
) -> "Throughput | None":
    """Imported where a leg is set up: it weighs nothing on all other agents."""
    if settings.throughput.lan is None and settings.throughput.wan is None:
        return None
    from agent.throughput import Throughput

    return Throughput(settings, clock.now_ms, line, inbox.put, random)
