"""The stream that open pages follow."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from api.asking import AllSites
from api.routes_site import ERRORS

router = APIRouter()


@router.get(
    "/events",
    tags=["live"],
    summary="Says when a site's pages should look again (server-sent events)",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}},
        404: ERRORS[404],
        422: ERRORS[422],
    },
)
def follow(
    request: Request,
    sites: AllSites,
    site: Annotated[str, Query(description="the site to follow")],
    seen: Annotated[str, Query(description="the mark of what the page shows; a newer one is sent at once")] = "",
) -> StreamingResponse:
    sites.school(site)
    mark = request.headers.get("last-event-id", seen)
    stream = request.app.state.live.follow(site, mark[:100])
    return StreamingResponse(stream, media_type="text/event-stream", headers={"x-accel-buffering": "no"})
