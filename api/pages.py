"""Renders pages: Jinja templates, everything escaped, with the words of one language."""

import hashlib
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from api import texts, words
from api.problems import Problem
from api.say import Say
from api.text import Language
from api.view import sentences
from api.view.freshness import Freshness

HERE = Path(__file__).parent
DEFAULT_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")  # where no school says otherwise


class Pages:
    """The templates, read once."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["code"] = _code
        self._templates.globals.update(
            t=texts, w=words, sentences=sentences, Freshness=Freshness, assets=_fingerprint(HERE / "static")
        )

    def say(self, language: Language, zone: ZoneInfo = DEFAULT_ZONE) -> Say:
        return Say(language, zone)

    def render(self, template: str, say: Say, **context: Any) -> str:
        return self._templates.get_template(template).render(say=say, **context)

    def problem(self, language: Language, problem: Problem) -> HTMLResponse:
        say = self.say(language)
        page = self.render("problem.html", say, problem=problem, path="/")
        return HTMLResponse(page, problem.status)


def pages_of(request: Request) -> Pages:
    """The application's pages."""
    pages: Pages = request.app.state.pages
    return pages


def _code(text: str) -> Markup:
    """What stands between backticks as <code>; everything is escaped."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def _fingerprint(folder: Path) -> str:
    """Changes with the files, so that browsers may keep them until then."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
