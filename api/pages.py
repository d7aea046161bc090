"""Renders pages: Jinja templates, everything escaped, with the words of one language."""

import re
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from api import texts, texts_plan, texts_register, words
from api.problems import Problem
from api.say import Say
from api.text import Language
from api.view import cause, sentences
from api.view.asset import value_in_words, word
from api.view.freshness import Freshness
from api.view.health import HEALTHS
from api.view.site import SiteNow

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
        self._templates.globals.update(t=texts, w=words, sentences=sentences, cause=cause, Freshness=Freshness)
        self._templates.globals.update(tones=HEALTHS, p=texts_plan, r=texts_register)
        self._templates.globals.update(word=word, value_in_words=value_in_words)
        self._templates.filters["segment"] = partial(quote, safe="")
        self._kept: dict[tuple[str, Language], tuple[SiteNow, str]] = {}
        self._keeping = threading.Lock()

    def say(self, language: Language, zone: ZoneInfo = DEFAULT_ZONE) -> Say:
        return Say(language, zone)

    def render(self, template: str, say: Say, **context: Any) -> str:
        return self._templates.get_template(template).render(say=say, **context)

    def once(self, site: SiteNow, language: Language, render: Callable[[], str]) -> str:
        """The page of a site, rendered once for all who ask while its SiteNow is the same."""
        key = (site.school.site, language)
        with self._keeping:  # fifty pages ask in the same moment, as all are told of a change at once
            known = self._kept.get(key)
            if known is None or known[0] is not site:
                known = self._kept[key] = (site, render())
            return known[1]

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
