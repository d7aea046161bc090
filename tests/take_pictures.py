"""Takes the README's pictures of the live page, of a simulated school: `.venv/bin/python -m tests.take_pictures`."""

import tempfile
from pathlib import Path

from playwright.sync_api import ViewportSize

from tests.api_server import chromium, running_api, settings_for
from tests.school_day import make_school_day

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
SITE, NAME = "sim-hoa-mai", "Trường Mầm non Hoa Mai"
VIEW = ViewportSize(width=1440, height=985)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        make_school_day(Path(folder), hours=5, site=SITE, name=NAME).close()
        with running_api(settings_for(Path(folder), SITE)) as address, chromium() as browser:
            for language in ("vi", "en"):
                page = browser.new_page(viewport=VIEW, color_scheme="light")
                page.goto(f"{address}/?lang={language}")
                page.screenshot(path=PICTURES / f"live-page-{language}.png")


if __name__ == "__main__":
    main()
