"""The register over SQLite and PostgreSQL: assets, the rooms they stood in, and the log of what happened."""

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from collector.store.state import State
from contract.trouble import StoreUnavailable, Trouble
from inventory import register_tables
from inventory.asset import Asset
from inventory.register import Act, NotAllowed, Register, Stay
from tests.registered import ACT, NOW, PC, PROJECTOR, SITE, saved


@pytest.fixture
def register(state_url: str) -> Iterator[Register]:
    opened = Register(state_url).open()
    yield opened
    opened.close()


def test_it_gives_back_what_was_saved(register: Register) -> None:
    saved(register)
    assert register.assets(SITE) == [PC, PROJECTOR]
    assert register.asset(SITE, "TS-001") == PC
    assert register.asset(SITE, "TS-003") is None
    assert register.assets("other") == []


def test_saving_again_changes_nothing_and_logs_nothing(register: Register) -> None:
    saved(register)
    assert register.save(SITE, [PC, PROJECTOR], ACT) == []
    assert len(register.events(SITE)) == 2


def test_the_log_says_who_when_what_before_after_and_by_which_document(register: Register) -> None:
    saved(register)
    register.save(SITE, [replace(PC, note="cũ", purchase_date=date(2023, 8, 16))], Act("hiệu trưởng", NOW + 5, "QĐ 12"))
    newest, first = register.events(SITE, "TS-001")
    assert dataclasses.astuple(newest) == (
        NOW + 5,
        "TS-001",
        "hiệu trưởng",
        "changed",
        {"note": "", "purchase_date": "2023-08-15"},
        {"note": "cũ", "purchase_date": "2023-08-16"},
        "QĐ 12",
    )
    assert (first.what, first.before, first.after["purchase_cost"]) == ("registered", {}, 13_500_000)


def test_it_remembers_every_room(register: Register) -> None:
    saved(register)
    register.save(SITE, [replace(PC, room="choi-1")], Act("kế toán", NOW + 10))
    register.save(SITE, [replace(PC, room="")], Act("kế toán", NOW + 20))
    assert register.stays(SITE, "TS-001") == [Stay("mam-1", NOW, NOW + 10), Stay("choi-1", NOW + 10, NOW + 20)]
    assert [event.what for event in register.events(SITE, "TS-001")] == ["moved", "moved", "registered"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"status": "disposed"}, "TS-001: the status cannot go from in use to disposed"),
        ({"tag": "TS 001"}, "TS 001: “TS 001” is no asset tag"),
        ({"name": " "}, "TS-001: has no name"),
        ({"purchase_cost": -1}, "TS-001: -1 is not within 0 to 1,000,000,000,000"),
        ({"in_use_since": date(2023, 8, 1)}, "TS-001: in use since 2023-08-01, before it was bought on 2023-08-15"),
        ({"purchase_date": date(2030, 1, 1)}, "TS-001: the day 2030-01-01 is not within 1975-01-01 to 2026-11-19"),
        ({"note": "x" * 301}, "TS-001: is 301 characters long, at most 300 are taken"),
    ],
)
def test_it_refuses_what_cannot_be_and_then_writes_nothing(
    register: Register, wrong: dict[str, object], sentence: str
) -> None:
    saved(register, [PC])
    bad: Asset = replace(PC, **wrong)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed) as refused:
        register.save(SITE, [PROJECTOR, bad], ACT)
    assert refused.value.sentence == sentence
    assert refused.value.hint
    assert register.assets(SITE) == [PC]
    assert len(register.events(SITE)) == 1


def test_disposal_wants_document_day_and_reason(register: Register) -> None:
    saved(register, [replace(PC, status="proposed_disposal")])
    with pytest.raises(NotAllowed, match="needs document, date and reason"):
        register.save(SITE, [replace(PC, status="disposed")], ACT)
    gone = replace(
        PC,
        status="disposed",
        disposal_document="QĐ 07",
        disposal_date=date(2026, 11, 1),
        disposal_reason="hỏng bo mạch",
    )
    [event] = register.save(SITE, [gone], ACT)
    assert (event.what, event.before["status"], event.after["status"]) == ("status", "proposed_disposal", "disposed")


def test_it_does_not_write_over_what_another_changed_meanwhile(register: Register) -> None:
    saved(register)
    register.save(SITE, [replace(PC, note="theirs")], ACT)
    with pytest.raises(NotAllowed, match="TS-001 was changed meanwhile"):
        register.save(SITE, [replace(PC, note="mine")], ACT, as_read={"TS-001": PC})
    with pytest.raises(NotAllowed, match="TS-001 was changed meanwhile"):  # I thought that it was new
        register.save(SITE, [replace(PC, note="mine")], ACT, as_read={})


def test_several_may_open_it_and_write_at_once(state_url: str) -> None:
    def write(number: int) -> None:
        register = Register(state_url).open()
        for step in range(5):
            register.save(SITE, [Asset(f"TS-{number}", "tv", f"Tivi {step}")], ACT)
        register.close()

    with ThreadPoolExecutor(3) as writers:
        for done in [writers.submit(write, number) for number in range(3)]:
            done.result(20)
    register = Register(state_url).open()
    assert len(register.events(SITE)) == 15
    register.close()


def test_the_migrations_make_the_tables_of_the_code_beside_those_of_the_state(state_url: str) -> None:
    State(state_url).open().close()
    Register(state_url).open().close()
    Register(state_url).open().close()
    ours = set(register_tables.METADATA.tables)

    def of_ours(thing: object, name: str | None, kind: str, reflected: bool, _to: object) -> bool:
        return kind != "table" or name in ours

    engine = create_engine(state_url, poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": of_ours, "compare_type": True})
        assert compare_metadata(context, register_tables.METADATA) == []


def test_it_says_what_to_do_about_a_bad_address() -> None:
    with pytest.raises(Trouble, match="state_url is no address") as refused:
        Register("mysql-of-sorts://x").open()
    assert "postgresql+psycopg://" in refused.value.hint
    with pytest.raises(StoreUnavailable):
        Register("postgresql+psycopg://nobody@127.0.0.1:1/none").open()
    with pytest.raises(StoreUnavailable, match="not open"):
        Register("sqlite://").assets(SITE)


def test_it_tells_which_sites_changed_since_an_entry_of_the_log(register: Register) -> None:
    assert register.changed_since(0) == (0, set())
    saved(register)
    newest, sites = register.changed_since(0)
    assert sites == {SITE}
    assert register.changed_since(newest) == (newest, set())
    register.save("other", [PC], ACT)
    assert register.changed_since(newest) == (newest + 1, {"other"})


def test_it_remembers_what_was_planned_or_ordered_before_it_came(register: Register) -> None:
    liar = replace(PROJECTOR, note='"status": "planned"')
    saved(register, [replace(PC, status="planned", purchase_date=None, in_use_since=None), PROJECTOR])
    assert register.once_planned(SITE) == set()
    register.save(SITE, [replace(PC, status="ordered"), liar], ACT)
    register.save(SITE, [PC, replace(liar, note="")], ACT)
    assert register.once_planned(SITE) == {PC.tag}
    assert register.once_planned("other") == set()
