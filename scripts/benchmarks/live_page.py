"""What the live page costs in the server at a thousand devices in a hundred rooms of a simulated school."""

import tempfile
import time
from pathlib import Path

from api.pages import Pages
from api.routes_pages import site_page
from api.sites import Sites
from api.sources import Sources
from api.text import Language
from scripts.benchmarks.big_school import make_big_school
from scripts.benchmarks.measured import Measured, Options, Rounds, Tell
from tests.waiting import now_ms

ROOMS, DEVICES, ROUNDS = 100, 1_000, 7


def measure(_options: Options, tell: Tell) -> list[Measured]:
    """The first page after a start reads templates and catalogues too, and is told apart."""
    cold, warm = Rounds(), Rounds()
    with tempfile.TemporaryDirectory() as name:
        tell(f"page: a school of {DEVICES} devices in {ROOMS} rooms")
        big = make_big_school(Path(name), ROOMS, DEVICES, tell)
        pages, sources = Pages(), Sources(big.api_settings())
        for _ in range(1 + ROUNDS):
            sites, now = Sites(sources), now_ms()
            for rounds in (cold, warm):
                began = time.process_time()
                page = site_page(sites, pages, big.school.site, Language.VI, now)
                rounds.add(1000 * (time.process_time() - began))
        sources.close()
    first = cold.values.pop(0)
    compared = f"first of all {first:.0f}, the same again {warm.median:.1f} ms; {len(page) // 1000} kB; {cold.spread}"
    return [Measured("live page, processor time", cold.median, "ms", compared, 150, 0)]
