"""The API's documentation as a page of its own: FastAPI's loads its program from the internet."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.asking import language_of
from api.pages import pages_of
from api.view.reference import models, operations

router = APIRouter(include_in_schema=False)


@router.get("/docs", response_class=HTMLResponse)
def show_docs(request: Request) -> HTMLResponse:
    pages, openapi = pages_of(request), request.app.openapi()
    say = pages.say(language_of(request))
    page = pages.render(
        "docs.html", say, path="/docs", info=openapi["info"], operations=operations(openapi), models=models(openapi)
    )
    return HTMLResponse(page)
