"""Tells open pages when to look again: server-sent events, one look at the database for all pages of a site.

A page follows `/events?site=...`. What is sent is only a mark; the page then asks for itself again and renews what
differs, so that every page is live in the same way and the server keeps nothing about it.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncGenerator

from api.problems import Problem
from api.sites import Sites
from api.sources import now_ms
from collector.store.protocol import StoreUnavailable

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
RETRY_MS = 2_000
AWAY = "away"  # the mark while the store cannot be read: the page finds out by asking


class Live:
    """Belongs to one event loop. `watch` runs as a task; `close` ends all streams, so that the server can stop."""

    def __init__(self, sites: Sites) -> None:
        self._sites = sites
        self._following: Counter[str] = Counter()
        self._marks: dict[str, str] = {}
        self._changed = asyncio.Condition()
        self._closing = False

    def clients(self) -> int:
        """How many pages follow now."""
        return self._following.total()

    async def watch(self) -> None:
        """Looks at the followed sites until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            marks = {site: await asyncio.to_thread(self._mark, site) for site in list(+self._following)}
            if marks != self._marks:
                self._marks = marks
                await self._wake()

    async def close(self) -> None:
        self._closing = True
        await self._wake()

    async def follow(self, site: str, seen: str) -> AsyncGenerator[str, None]:
        """The stream of one page, which shows the site as it was at the mark `seen`."""
        self._following[site] += 1
        try:
            yield f"retry: {RETRY_MS}\n\n"
            while not self._closing:
                mark = self._marks.get(site, seen)
                if mark != seen:
                    seen = mark
                    yield f"event: changed\nid: {mark}\ndata: {mark}\n\n"
                elif not await self._wait(site, seen):
                    yield ": still here\n\n"
        finally:
            self._following[site] -= 1

    async def _wait(self, site: str, seen: str) -> bool:
        """Until there is something to do for a page that has seen `seen`; False when a heartbeat is due."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HEARTBEAT_SECONDS), self._changed:
                await self._changed.wait_for(lambda: self._closing or self._marks.get(site, seen) != seen)
                return True
        return False

    async def _wake(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _mark(self, site: str) -> str:
        try:
            return self._sites.now(site, now_ms()).mark
        except (StoreUnavailable, Problem):  # a site may leave its settings while somebody looks at it
            return AWAY
