"""What was measured gives reasons on boards: judged once a day, beside the messages, by what the plan goes by too."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from collector import measured
from collector.equipment import Equipment
from collector.measured import Measured
from collector.store.evidence import Sources
from collector.store.influx import InfluxStore
from collector.store.protocol import DAY_MS, SLICE_MS, Rollup
from collector.store.school_plan import school_candidates
from collector.store.state import State
from inventory.lesson_time import lesson_spans
from inventory.plan.settings import Budget, PlanSettings
from inventory.register import Register
from inventory.register_links import Link
from inventory.schools import Schools
from tests.influxd import Influxd, running_influxd
from tests.registered import NOW, PC, PROJECTOR, SITE, saved
from tests.waiting import PATIENCE_SECONDS, wait_until

SCHOOL = """\
site: hoa-mai
name: Trường Mầm non Hoa Mai
rooms: [{id: mam-1, devices: [{id: pc-1}]}, {id: choi-1}]
lesson_hours: [{days: [mon, tue, wed, thu, fri], start: "07:30", end: "11:30"}]
"""


class Bench:
    """A school whose PC has had its memory full in every lesson of a month."""

    def __init__(self, folder: Path, influxd: Influxd, stack: ExitStack) -> None:
        (folder / "school.yaml").write_text(SCHOOL, encoding="utf-8")
        self.schools = Schools([folder / "school.yaml"])
        self.schools.load()
        self.school = self.schools.all()[0]
        self.influxd, self.settings = influxd, influxd.settings(folder)
        self.store = InfluxStore(self.settings, folder).open()
        self.state = State(f"sqlite:///{folder}/state.db").open()
        self.register = saved(Register(f"sqlite:///{folder}/state.db").open(), [PC, PROJECTOR])
        self.measured = Measured(self.store, self.state, self.register)
        for part in (self.register, self.state, self.store, self.measured):
            stack.callback(part.close)
        self.register.links.put(SITE, [Link("pc-1", PC.tag, 60, ())], NOW)
        self.store.write_rollups(
            [
                Rollup(SITE, "pc-1", "host", "", SLICE_MS, at, 10, 10, 0, {"memory_used_percent": (97.0, 95.0, 99.0)})
                for since, until in lesson_spans(self.school, NOW - 30 * DAY_MS, NOW)
                for at in range(since, until, SLICE_MS)
            ]
        )

    def reasons(self) -> set[str]:
        query = 'SELECT "devices", "reason" FROM "upgrade_reason" WHERE "devices" > 0'
        return {row[2] for one in self.influxd.ask(query, self.settings.database) for row in one["values"]}


@pytest.fixture
def bench(influxd: Influxd, tmp_path: Path) -> Iterator[Bench]:
    with ExitStack() as stack:
        yield Bench(tmp_path, influxd, stack)


def test_a_board_follows_what_was_measured_and_has_the_reasons_of_the_plan(bench: Bench) -> None:
    assert bench.store.boards is not None
    equipment = Equipment(bench.store.boards, bench.state, bench.register, bench.schools, bench.measured)
    equipment.tell(NOW)
    before = bench.reasons()

    def follows() -> bool:
        equipment.tell(NOW + 5_000)
        return bench.reasons() != before

    wait_until(follows)
    assert bench.reasons() - before == {"memory"}
    sources = Sources(bench.school, bench.store, bench.state, bench.register)
    request = PlanSettings((Budget(0),)).request(bench.school.day_at(NOW))
    held = {
        reason.code
        for candidate in school_candidates(sources, request, NOW)
        for reason in candidate.reasons
        if reason.begins <= request.today
    }
    assert bench.reasons() == held


def test_a_day_is_judged_once_and_the_next_anew(bench: Bench) -> None:
    wait_until(lambda: bench.measured.of(bench.school, 1, NOW) is not None)
    first = bench.measured.of(bench.school, 1, NOW)
    assert first is not None
    assert first is bench.measured.of(bench.school, 1, NOW + DAY_MS)
    assert bench.measured.of(bench.school, 2, NOW + DAY_MS) is not first
    wait_until(lambda: bench.measured.of(bench.school, 2, NOW + DAY_MS) is not None)


def test_an_engine_that_is_away_is_asked_again_and_a_stop_waits_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(measured, "PAUSES", [0.2] * 1_000)
    with running_influxd(tmp_path / "influxd") as influxd, ExitStack() as stack:
        bench = Bench(tmp_path, influxd, stack)
        influxd.kill()
        assert bench.measured.of(bench.school, 1, NOW) is None
        influxd.start()
        wait_until(lambda: bool(bench.measured.of(bench.school, 1, NOW)))
        influxd.kill()
        caplog.clear()
        monkeypatch.setattr(measured, "PAUSES", [1_000 * PATIENCE_SECONDS])
        assert bench.measured.of(bench.school, 2, NOW) is None
        wait_until(lambda: "cannot be judged" in caplog.text)
        stopping = threading.Thread(target=bench.measured.close, daemon=True)
        stopping.start()
        stopping.join(PATIENCE_SECONDS)
        assert not stopping.is_alive()
