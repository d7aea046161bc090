"""The relational state: presence, rooms, changes, refused payloads and equipment."""

import dataclasses
import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from collector.store.protocol import RoomReason, RoomState, StoreUnavailable
from collector.store.state import KEPT_REFUSED, State
from collector.store.state_protocol import AgentNow, Presence, Refused, RoomNow
from contract.messages import EquipmentReport
from tests.waiting import PATIENCE_SECONDS

PC = AgentNow("hoa-mai", "pc-101", Presence.ONLINE, since=1_000, last_seen=1_000, boot="b1", software="0.1.0")
ROOM = RoomNow("hoa-mai", "lop-1", RoomState.CONNECTED, RoomReason.REACHED, 1_000, 1_000, 2, 1, {"loss_percent": 0.5})


@pytest.fixture
def state(state_url: str) -> Iterator[State]:
    opened = State(state_url).open()
    yield opened
    opened.close()


def test_it_gives_back_the_agents_of_a_site(state: State) -> None:
    state.put_agents([PC])
    assert state.agents("hoa-mai") == [PC]
    assert state.agents("other") == []
    assert state.sites() == ["hoa-mai"]


def test_it_notes_a_change_only_when_presence_differs(state: State) -> None:
    state.put_agents([PC])
    state.put_agents([dataclasses.replace(PC, last_seen=2_000)])
    state.put_agents([dataclasses.replace(PC, presence=Presence.LATE, since=3_000)])
    changes = state.changes("hoa-mai", 0, 10_000)
    assert [(change.at, change.old, change.new) for change in changes] == [
        (3_000, "online", "late"),
        (1_000, "", "online"),
    ]


def test_it_keeps_since_while_a_room_stays_in_its_state(state: State) -> None:
    state.put_rooms([ROOM])
    state.put_rooms([dataclasses.replace(ROOM, since=5_000, checked_at=5_000, evidence={})])
    assert state.rooms("hoa-mai") == [dataclasses.replace(ROOM, checked_at=5_000, evidence={})]
    state.put_rooms([dataclasses.replace(ROOM, state=RoomState.DARK, reason=RoomReason.SILENT, since=6_000)])
    [room] = state.rooms("hoa-mai")
    assert (room.state, room.since) == (RoomState.DARK, 6_000)
    assert [change.new for change in state.changes("hoa-mai", 0, 10_000)] == ["dark", "connected"]


def test_its_version_grows_with_changes_and_only_with_them(state: State) -> None:
    before = state.version()
    state.put_rooms([ROOM])
    grown = state.version()
    state.put_rooms([dataclasses.replace(ROOM, checked_at=9_000)])
    assert before < grown == state.version()


def test_it_counts_all_refused_payloads_and_keeps_the_newest(state: State) -> None:
    for at in range(3):
        state.refuse([Refused(at, "t", "not_json", "bad", b"x" * 9_000)] * 600)
    state.refuse([Refused(9, "t", "wrong_shape", "worse", b"y")])
    assert state.refused_counts() == {"not_json": 1_800, "wrong_shape": 1}
    kept = state.refused(limit=5_000)
    assert len(kept) == KEPT_REFUSED
    assert (kept[0].reason, kept[-1].at) == ("wrong_shape", 1)
    assert max(len(entry.payload) for entry in kept) == 4_096


def test_it_appends_equipment_only_when_it_differs(state: State) -> None:
    report = EquipmentReport("pc-101", "pc-101", 5, "computer", {"bios": {"ssn": "A1"}}, ("hardware.uuid",))
    assert state.put_equipment("hoa-mai", report)
    assert not state.put_equipment("hoa-mai", dataclasses.replace(report, taken_at=6))
    assert state.put_equipment("hoa-mai", dataclasses.replace(report, content={"bios": {"ssn": "B2"}}))
    newest = state.equipment("hoa-mai", "pc-101")
    assert newest is not None
    assert newest.content == {"bios": {"ssn": "B2"}}
    assert state.equipment("hoa-mai", "pc-102") is None


def test_it_gives_back_every_report_that_was_kept(state: State) -> None:
    report = EquipmentReport("pc-101", "pc-101", 5, "computer", {"bios": {"ssn": "A1"}})
    state.put_equipment("hoa-mai", report)
    state.put_equipment("hoa-mai", dataclasses.replace(report, kind="laptop"), 9)
    assert [(found.kind, found.taken_at) for found in state.equipment_history("hoa-mai")] == [
        ("computer", 5),
        ("laptop", 9),
    ]


def test_what_only_moves_is_renewed_and_grows_no_history(state: State) -> None:
    """A thousand PCs that start every day would make a history of a third of a million reports a year."""
    parts = {"bios": {"ssn": "A1"}, "networks": "whatever somebody sent"}
    for day, free in enumerate((900, 800, 700)):
        report = EquipmentReport(
            "pc-101", "pc-101", day, "computer", {**parts, "drives": [{"total": 1000, "free": free}]}
        )
        assert state.put_equipment("hoa-mai", report, day) is (day == 0)
    assert [found.taken_at for found in state.equipment_history("hoa-mai")] == [0]  # since when it is as it is
    assert (newest := state.equipment("hoa-mai", "pc-101"))
    assert (newest.content["drives"], newest.taken_at) == ([{"total": 1000, "free": 700}], 2)
    grown = EquipmentReport("pc-101", "pc-101", 3, "computer", {**parts, "drives": [{"total": 2000, "free": 700}]})
    assert state.put_equipment("hoa-mai", grown, 3)
    assert len(state.equipment_history("hoa-mai")) == 2


def test_reports_from_before_a_migration_keep_their_own_time(state_url: str) -> None:
    state = State(state_url).open()
    state.put_equipment("hoa-mai", EquipmentReport("pc-101", "pc-101", 5, "computer", {}))
    state.close()
    engine = create_engine(state_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE equipment DROP COLUMN received_at"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    state = State(state_url).open()
    assert [report.taken_at for report in state.equipment_history("hoa-mai")] == [5]
    state.close()


def test_it_says_unavailable_when_the_database_is_broken(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"this is not a database, but long enough to look at" * 50)
    with pytest.raises(StoreUnavailable):
        State(f"sqlite:///{tmp_path}/state.db").open()


def _write_agents(url: str, name: str, times: int) -> None:
    state = State(url).open()
    for number in range(times):
        presence = Presence.ONLINE if number % 2 else Presence.LATE
        state.put_agents([dataclasses.replace(PC, agent=name, presence=presence, since=number)])
    state.close()


def test_several_processes_write_at_once_without_losing_a_change(state: State) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_write_agents, args=(state.url, f"pc-{n}", 20)) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(PATIENCE_SECONDS)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert len(state.changes("hoa-mai", 0, 1_000, limit=1_000)) == 60
