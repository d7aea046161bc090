"""Server-sent events: who follows is told when to look again, and the database is looked at once for all."""

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from api import events
from api.events import AWAY, Live
from api.sites import Sites
from api.sources import Sources
from collector.store.state_protocol import Presence
from tests.api_server import settings_for
from tests.school_day import SchoolDay, make_school_day
from tests.waiting import PATIENCE_SECONDS


@pytest.fixture
def day(tmp_path: Path) -> Iterator[SchoolDay]:
    made = make_school_day(tmp_path, hours=0.1)
    yield made
    made.close()


@pytest.fixture
def sites(day: SchoolDay) -> Iterator[Sites]:
    sources = Sources(settings_for(day.folder, "hoa-mai"))
    sources.schools.load()
    yield Sites(sources)
    sources.close()


@pytest.fixture(autouse=True)
def _quicker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.1)


def change(day: SchoolDay, presence: Presence) -> None:
    [agent] = [agent for agent in day.state.agents("hoa-mai") if agent.agent == "la-1-pc-1"]
    day.state.put_agents([dataclasses.replace(agent, presence=presence)])


async def following(live: Live, seen: str) -> AsyncGenerator[str, None]:
    """What a page is sent, without heartbeats."""
    async with contextlib.aclosing(live.follow("hoa-mai", seen)) as stream:
        async for part in stream:
            if not part.startswith(":"):
                yield part


def test_a_page_that_is_up_to_date_hears_of_the_next_change_only(day: SchoolDay, sites: Sites) -> None:
    async def scene() -> None:
        live = Live(sites)
        mark = sites.now("hoa-mai", day.now).mark
        stream = following(live, mark)
        assert await anext(stream) == "retry: 2000\n\n"
        watching = asyncio.create_task(live.watch())
        told = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0.2)
        assert not told.done()
        change(day, Presence.LOST)
        message = await asyncio.wait_for(told, PATIENCE_SECONDS)
        assert message.startswith("event: changed\nid: ")
        assert mark not in message
        watching.cancel()

    asyncio.run(scene())


def test_a_page_that_missed_a_change_is_told_at_once(sites: Sites) -> None:
    async def scene() -> None:
        live = Live(sites)
        stream = following(live, "an old mark")
        await anext(stream)
        watching = asyncio.create_task(live.watch())
        assert "changed" in await asyncio.wait_for(anext(stream), PATIENCE_SECONDS)
        watching.cancel()

    asyncio.run(scene())


def test_a_quiet_line_is_kept_open_by_heartbeats(day: SchoolDay, sites: Sites) -> None:
    async def scene() -> None:
        stream = Live(sites).follow("hoa-mai", "seen")
        assert [await anext(stream) for _ in range(3)] == ["retry: 2000\n\n", ": still here\n\n", ": still here\n\n"]

    asyncio.run(scene())


def test_the_database_is_looked_at_once_for_all_pages_of_a_site(sites: Sites, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0

    def mark(live: Live, site: str) -> str:
        nonlocal looks
        looks += 1
        return "moved"

    monkeypatch.setattr(Live, "_mark", mark)

    async def scene() -> None:
        live = Live(sites)
        streams = [following(live, "seen") for _ in range(50)]
        for stream in streams:
            await anext(stream)
        assert live.clients() == 50
        watching = asyncio.create_task(live.watch())
        told = await asyncio.gather(*(anext(stream) for stream in streams))
        assert all("moved" in message for message in told)
        assert looks < 10
        watching.cancel()
        for stream in streams:
            await stream.aclose()
        assert live.clients() == 0

    asyncio.run(scene())


def test_nobody_following_means_nobody_looks(sites: Sites, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Live, "_mark", lambda *_: pytest.fail("it looked"))

    async def scene() -> None:
        watching = asyncio.create_task(Live(sites).watch())
        await asyncio.sleep(0.1)
        assert not watching.done()
        watching.cancel()

    asyncio.run(scene())


def spoil(database: Path) -> None:
    """In one step: the watch looks at it all the time, and would make a new one where there is none."""
    spoiled = database.with_suffix(".spoiled")
    spoiled.write_bytes(b"not a database" * 500)
    spoiled.replace(database)
    for path in database.parent.glob(f"{database.name}-*"):
        path.unlink()


def test_a_store_that_goes_away_is_a_change_and_does_not_end_the_watch(day: SchoolDay, sites: Sites) -> None:
    async def scene() -> None:
        live = Live(sites)
        stream = following(live, "seen")
        await anext(stream)
        watching = asyncio.create_task(live.watch())
        await anext(stream)
        day.close()
        spoil(day.folder / "state.db")
        sites.sources.close()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while f"data: {AWAY}" not in await anext(stream):
                pass
        assert not watching.done()
        watching.cancel()

    asyncio.run(scene())
