"""What the live page costs in the server at a thousand devices in a hundred rooms."""

import tempfile
import time
from pathlib import Path

from api.pages import Pages
from api.routes_pages import site_page
from api.settings import ApiSettings
from api.sites import Sites
from api.sources import Sources
from api.text import Language
from collector.present import Present
from collector.store.protocol import SLICE_MS, RoomReason, RoomSlice, RoomState, StoredMeasurement
from collector.store.settings import StoreSettings
from collector.store.sqlite import SqliteStore
from collector.store.state import State
from collector.store.state_protocol import AgentNow, Presence
from collector.watch import Watch
from contract.messages import Outcome
from inventory.school import School
from inventory.schools import Schools
from scripts.benchmarks.measured import Measured, Options, Rounds, Tell
from sonca.simulate.school import school_text
from sonca.simulate.school_day import school_file
from tests.waiting import now_ms

ROOMS, DEVICES, ROUNDS = 100, 1_000, 7


def measure(_options: Options, tell: Tell) -> list[Measured]:
    school = school_file(ROOMS, devices=DEVICES, site="sim-benchmark")
    cold, warm = Rounds(), Rounds()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tell(f"page: a school of {DEVICES} devices in {ROOMS} rooms")
        settings = _fill(folder, school)
        pages, sources = Pages(), Sources(settings)
        for _ in range(ROUNDS):
            sites, now = Sites(sources), now_ms()
            for rounds in (cold, warm):
                began = time.process_time()
                page = site_page(sites, pages, school.site, Language.VI, now)
                rounds.add(1000 * (time.process_time() - began))
        sources.close()
    compared = f"the same again {warm.median:.1f} ms; {len(page) // 1000} kB; {cold.spread}"
    return [Measured("live page, processor time", cold.median, "ms", compared, 150, 0)]


def _fill(folder: Path, school: School) -> ApiSettings:
    now = now_ms()
    file = folder / "school.yaml"
    file.write_text(school_text(school), encoding="utf-8")
    schools = Schools([file])
    schools.load()
    store, state = SqliteStore(folder / "series.db").open(), State(f"sqlite:///{folder}/state.db").open()
    store.write([entry for device in school.devices for entry in _measured(school, device, now)])
    state.put_agents([AgentNow(school.site, device, Presence.ONLINE, now, now) for device in school.devices])
    for back in range(1, 49):
        start = now - now % SLICE_MS - back * SLICE_MS
        kept = (RoomState.CONNECTED, RoomReason.REACHED, True, 10, 10)
        store.write_rooms([RoomSlice(school.site, room.id, start, *kept) for room in school.rooms])
    Watch(store, state, schools, Present(state, now)).look(now)
    store.close()
    state.close()
    return ApiSettings(folder, (file,), StoreSettings(), f"sqlite:///{folder}/state.db")


def _measured(school: School, device: str, now: int) -> list[StoredMeasurement]:
    targets = [("ping", "gateway/default"), ("ping", "internet/a"), ("web", "internet/b"), ("dns", "dns/system")]
    targets += [("web", f"services/{entry.name}") for entry in school.services]
    told = [("host", ""), *targets]
    return [
        StoredMeasurement(school.site, device, probe, target, now - 1_000, Outcome.OK, 12.0) for probe, target in told
    ]
