"""Files of the register for programs: the same as pages offer."""

from typing import Any, Literal

from fastapi import APIRouter, Response

from api.answers import ErrorAnswer
from api.asking import AskedLanguage, say_for
from api.asking_assets import AskedAssets
from api.attached import PDF, as_file
from api.register_files import TYPES, label_file, list_file
from api.routes_assets import AtSite
from api.routes_site import ERRORS

NOT_INSTALLED: dict[int | str, dict[str, Any]] = {
    501: {"model": ErrorAnswer, "description": "what prints (`sonca[reports]`) is not installed"}
}

router = APIRouter(prefix="/api/v1/sites/{site}", responses=ERRORS, tags=["register"])


@router.get(
    "/assets.{ending}",
    summary="All assets that are asked for, as a workbook or CSV",
    response_class=Response,
    responses=as_file(TYPES["xlsx"], TYPES["csv"]),
)
def download_assets(
    at: AtSite, asked: AskedAssets, ending: Literal["xlsx", "csv"], language: AskedLanguage
) -> Response:
    return list_file(at, asked, ending, say_for(at.school, language))


@router.get(
    "/labels.pdf",
    summary="Labels with tag, room and QR code for the assets that are asked for",
    response_class=Response,
    responses={**as_file(PDF), **NOT_INSTALLED},
)
def download_labels(at: AtSite, asked: AskedAssets, language: AskedLanguage) -> Response:
    return label_file(at, asked, say_for(at.school, language))
