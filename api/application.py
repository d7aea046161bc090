"""The FastAPI application: JSON, pages and events, and what happens when something goes wrong."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from importlib.metadata import version
from pathlib import Path
from secrets import token_urlsafe

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from api import (
    routes_assets,
    routes_books,
    routes_docs,
    routes_events,
    routes_files,
    routes_health,
    routes_history,
    routes_pages,
    routes_pages_asset,
    routes_pages_books,
    routes_pages_import,
    routes_pages_matching,
    routes_pages_register,
    routes_pages_stocktake,
    routes_plan,
    routes_plan_json,
    routes_self,
    routes_site,
    routes_stocktakes,
)
from api.answers import ErrorAnswer
from api.asking import language_of, unfit
from api.events import Live
from api.guard import Guard
from api.own_requests import OwnRequests
from api.pages import Pages
from api.plans import Plans
from api.problems import (
    BAD_FORM,
    BAD_FORM_HINT,
    BROKEN,
    BROKEN_HINT,
    NOT_FOUND,
    NOT_FOUND_HINT,
    STORE_AWAY,
    STORE_AWAY_HINT,
    WRONG_METHOD,
    WRONG_METHOD_HINT,
    Problem,
)
from api.settings import ApiSettings, check_host
from api.sites import Sites
from api.sources import Sources
from collector.store.protocol import StoreUnavailable

log = logging.getLogger(__name__)

ROUTERS = (
    routes_site.router,
    routes_health.router,
    routes_history.router,
    routes_assets.router,
    routes_stocktakes.router,
    routes_books.router,
    routes_files.router,
    routes_self.router,
    routes_events.router,
    routes_pages.router,
    routes_pages_register.router,
    routes_pages_asset.router,
    routes_pages_import.router,
    routes_pages_matching.router,
    routes_pages_stocktake.router,
    routes_pages_books.router,
    routes_plan.router,
    routes_plan_json.router,
    routes_docs.router,
)
STATIC = Path(__file__).parent / "static"
DESCRIPTION = """
What SonCa knows about a school: rooms, devices, measurements, and the register of what it owns, which can be changed
here too: by JSON, from this machine. Times are UTC milliseconds; fields are named as in
the catalogue (`/api/v1/catalogue`), with their unit. Every error has the same shape: `error`, `sentence`, `hint`.
Sentences are Vietnamese, or English with `?lang=en`. Sites named `sim-...` are simulated and say so.
"""


def application(settings: ApiSettings) -> FastAPI:
    """The application, with nothing opened yet but the school files. Raises SettingsError."""
    check_host(settings.host)
    sources = Sources(settings)
    sources.schools.load()
    sites = Sites(sources)
    app = FastAPI(
        title="SonCa",
        version=version("sonca"),
        description=DESCRIPTION,
        docs_url=None,  # FastAPI's own page loads its program from the internet; routes_docs.py has one that does not
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.sites, app.state.live, app.state.pages = sites, Live(sites), Pages()
    app.state.plans = Plans(sites)
    app.state.token = token_urlsafe(24)  # of this process: a form that is older has to be loaded again
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(OwnRequests, refuse=lambda problem: _answering(app, problem))
    app.add_middleware(Guard, broken=_answering(app, Problem(500, "broken", BROKEN, BROKEN_HINT)))
    _answer_problems(app)
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    watching = asyncio.create_task(app.state.live.watch())
    try:
        yield
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        app.state.sites.sources.close()


def _answer_problems(app: FastAPI) -> None:
    """Every failure ends in one shape: JSON for programs, a page for people."""

    @app.exception_handler(Problem)
    def on_problem(request: Request, problem: Problem) -> Response:
        return answer_problem(request, problem)

    app.add_exception_handler(routes_assets.Refused, routes_assets.answer_refused)  # type: ignore[arg-type]

    @app.exception_handler(StoreUnavailable)
    def on_store(request: Request, error: StoreUnavailable) -> Response:
        log.warning("%s cannot be answered: %s", request.url.path, error)
        return answer_problem(request, Problem(503, "store_unavailable", STORE_AWAY, STORE_AWAY_HINT))

    @app.exception_handler(RequestValidationError)
    def on_validation(request: Request, error: RequestValidationError) -> Response:
        return answer_problem(request, unfit(error))

    @app.exception_handler(HTTPException)
    def on_http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 400:
            return answer_problem(request, Problem(400, "bad_form", BAD_FORM, BAD_FORM_HINT))
        if error.status_code == 405:
            return answer_problem(request, Problem(405, "wrong_method", WRONG_METHOD, WRONG_METHOD_HINT))
        return answer_problem(request, Problem(error.status_code, "not_found", NOT_FOUND, NOT_FOUND_HINT))


def _answering(app: FastAPI, problem: Problem) -> ASGIApp:
    """Answers with a problem outside of all routes."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await answer_problem(Request({**scope, "app": app}), problem)(scope, receive, send)

    return answer


def answer_problem(request: Request, problem: Problem) -> Response:
    """JSON below /api and for programs' addresses, else a page."""
    language = language_of(request)
    if request.url.path.startswith(("/api", "/health", "/metrics", "/events")):
        say = request.app.state.pages.say(language)
        sentence, hint = (say(text, **problem.values) for text in (problem.sentence, problem.hint))
        answer = ErrorAnswer(error=problem.word, sentence=sentence, hint=hint)
        return JSONResponse(answer.model_dump(), problem.status)
    page: Response = request.app.state.pages.problem(language, problem)
    return page
