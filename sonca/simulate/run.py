"""`sonca simulate`, as a table of contents."""

import logging
import threading

from contract.connection import BrokerConnection
from contract.settings_file import SettingsError
from sonca.simulate.clock import SimulatedClock
from sonca.simulate.history import REPORT_MS, History
from sonca.simulate.lines import Lines
from sonca.simulate.live import Live, now_ms
from sonca.simulate.post import Post
from sonca.simulate.school_day import SchoolDay, school_day
from sonca.simulate.school_time import DAY_MS, SECOND_MS, write_time
from sonca.simulate.settings import SimulateSettings, started_at
from sonca.simulate.tally import Tally
from sonca.simulate.voice import Voice

log = logging.getLogger(__name__)


def run(settings: SimulateSettings, stop: threading.Event) -> None:
    """Simulates until `stop` is set. Raises SettingsError when it cannot start."""
    simulate(settings, stop)


def simulate(settings: SimulateSettings, stop: threading.Event) -> Tally:
    """The same; what it came to."""
    now = now_ms()
    clock = SimulatedClock(started_at(settings, now), now, settings.speed)
    day = school_day_of(settings)
    tally = Tally()
    lines = Lines(settings.broker, _password(settings.broker))
    log.info(
        "simulating %s: %d rooms, %d devices, seed %d, from %s",
        settings.site,
        settings.rooms,
        len(day.pcs),
        settings.seed,
        write_time(clock.start),
    )
    if settings.history_days:
        since = clock.start - int(settings.history_days * DAY_MS)
        past = Voice(day, clock, REPORT_MS, since, clock.start, history=True)
        History(past, Post(settings.site, past, tally), lines, tally).run(stop)
    present = Voice(day, clock, int(settings.report_seconds * SECOND_MS), clock.start)
    Live(present, Post(settings.site, present, tally), lines, tally, shared=settings.connections == "shared").run(stop)
    log.info("the simulation of %s has ended: %s", settings.site, tally)
    return tally


def school_day_of(settings: SimulateSettings) -> SchoolDay:
    """The model that these settings describe. Raises SettingsError for a fault at a place that does not exist."""
    try:
        return school_day(settings.site, settings.seed, settings.rooms, settings.device_count, settings.faults)
    except ValueError as error:
        raise SettingsError(f"--fault: {error}") from error


def _password(broker: BrokerConnection) -> str:
    try:
        return broker.password()
    except OSError as error:
        hint = f"is {broker.password_file} there?"
        raise SettingsError(f"the password of {broker.username} cannot be read: {error}", hint) from error
