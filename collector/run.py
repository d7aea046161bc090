"""The collector process: a table of contents."""

import logging
import threading

from collector.boards import Boards
from collector.equipment import Equipment
from collector.intake import Intake
from collector.linking import Linking
from collector.measured import Measured
from collector.neighbours import Strangers
from collector.present import Present
from collector.settings import CollectorSettings
from collector.settings_publisher import SettingsPublisher
from collector.store.open import open_store
from collector.store.state import State
from collector.subscribe import Subscription
from collector.watch import Watch
from collector.work import Work, now_ms
from inventory.register import Register
from inventory.schools import Schools

log = logging.getLogger(__name__)


def run(settings: CollectorSettings, stop: threading.Event) -> None:
    """Runs the collector until `stop` is set. Raises SettingsError or StoreUnavailable when it cannot start."""
    schools = Schools(settings.schools)
    schools.load()
    state = State(settings.state_url).open()
    store = open_store(settings.store, settings.data, park=state.refuse)
    subscription = Subscription(settings.broker, settings.data, settings.name, settings.share)
    present = Present(state, listening_since=now_ms())
    present.load()
    register = Register(settings.state_url).open()
    linking = Linking(state, register, schools, present)
    for school in schools.all():
        linking.note(school.site)
    intake = Intake(store, state, subscription, schools, present, linking.note)
    measured = Measured(store, state, register)  # begins nothing before a board asks
    boards = None
    if store.boards is not None:
        boards = Boards(store.boards, state, schools, Equipment(store.boards, state, register, schools, measured))
    watch = Watch(store, state, schools, present, boards)
    strangers = Strangers(state, schools)
    publisher = SettingsPublisher(subscription, schools, present)
    retention = settings.store.retention
    work = Work(
        settings.name,
        store,
        subscription,
        intake,
        present,
        schools,
        watch,
        strangers,
        linking,
        publisher,
        retention,
    )
    try:
        subscription.start()
        log.info("the collector is running")
        work.run(stop)
    finally:
        subscription.stop()
        measured.close()
        store.close()
        register.close()
        state.close()
        log.info("the collector has stopped")
