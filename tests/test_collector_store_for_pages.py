"""What the pages need of the stores: the services of a whole site at once, one subject's changes, a harmless reader."""

from pathlib import Path

import pytest

from collector.store.protocol import StoreUnavailable
from collector.store.sqlite import SqliteStore
from collector.store.state import State
from collector.store.state_protocol import AgentNow, Presence
from tests.measurements import SITE, measured, ping
from tests.stores import ENGINES, opened


@pytest.mark.parametrize("engine", ENGINES)
def test_latest_of_a_group_is_only_its_targets(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with opened(engine, tmp_path, lambda: request.getfixturevalue("influxd")) as store:
        school_site = measured("pc-1", "web", 1, {"status": 200}, target="services/school-site")
        other = measured("pc-2", "tcp", 2, {"connect_ms": 3.0}, target="services/e-office")
        store.write([ping("pc-1", 0, "internet/a"), school_site, other, measured("pc-1", "host", 3)])
        found = store.latest(SITE, group="services")
        assert sorted(found, key=lambda entry: entry.taken_at) == [school_site, other]
        assert store.latest(SITE, "pc-2", group="services") == [other]
        assert [entry.probe for entry in store.latest(SITE, probes={"host", "tcp"})] == ["host", "tcp"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_device_is_heard_by_its_newest_measurement(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with opened(engine, tmp_path, lambda: request.getfixturevalue("influxd")) as store:
        old, new = measured("projector", "projector", 0, {"power": "on"}), measured("pc-1", "host", 5_000)
        store.write([old, new, measured("pc-1", "host", 1_000)])
        assert store.heard(SITE, old.taken_at) == {"projector", "pc-1"}
        assert store.heard(SITE, old.taken_at + 1) == store.heard(SITE, new.taken_at) == {"pc-1"}
        assert store.heard(SITE, new.taken_at + 1) == store.heard("elsewhere", 0) == set()


def test_a_reader_does_not_create_the_file_that_the_collector_has_not_made_yet(tmp_path: Path) -> None:
    path = tmp_path / "series.db"
    with pytest.raises(StoreUnavailable, match=r"series\.db"):
        SqliteStore(path, read_only=True).open()
    assert not path.exists()
    SqliteStore(path).open().close()
    SqliteStore(path, read_only=True).open().close()


def test_changes_of_one_subject_are_not_crowded_out_by_others(tmp_path: Path) -> None:
    state = State(f"sqlite:///{tmp_path}/state.db").open()
    state.put_agents([AgentNow(SITE, "pc-1", Presence.ONLINE, 1, 1)])
    state.put_agents([AgentNow(SITE, f"pc-{number}", Presence.ONLINE, 2, 2) for number in range(2, 9)])
    found = state.changes(SITE, 0, 10, subject=("agent", "pc-1"), limit=3)
    assert [(change.subject, change.new) for change in found] == [("pc-1", "online")]
    assert state.changes(SITE, 0, 10, subject=("room", "pc-1")) == []
    state.close()
