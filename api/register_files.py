"""The list of assets and their labels as files to take home, for the pages and for programs."""

from collections.abc import Mapping, Sequence
from typing import Literal

from fastapi import Response

from api.attached import PDF, XLSX, attached, file_of
from api.problems import Problem
from api.say import Say
from api.site_register import SiteRegister
from api.texts_register import NO_REPORTS, NO_REPORTS_HINT, NOTHING_FOUND, SEARCH_HINT
from api.view.asset import speech
from api.view.assets import Asked, chosen
from contract.trouble import Trouble
from inventory.asset import Asset
from inventory.exporting.tables import as_csv, as_json, export_xlsx
from inventory.labels import label_sheet

Ending = Literal["xlsx", "csv", "json"]
TYPES: Mapping[Ending, str] = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8", "json": "application/json"}


def list_file(at: SiteRegister, asked: Asked, ending: Ending, say: Say) -> Response:
    """All assets that were asked for, not a page of them."""
    assets = chosen(at.assets, asked, at.rooms, speech(say))
    return attached(_written(at, assets, ending, say), TYPES[ending], f"{at.site}-assets.{ending}")


def label_file(at: SiteRegister, asked: Asked, say: Say) -> Response:
    """Labels of the owned ones among them. Raises Problem: 404 where there is none, 501 without the extra."""
    assets = [asset for asset in chosen(at.assets, asked, at.rooms, speech(say)) if asset.owned]
    if not assets:
        raise Problem(404, "nothing_found", NOTHING_FOUND, SEARCH_HINT)
    try:
        content = label_sheet(assets, at.rooms, at.school.name)
    except Trouble as error:
        raise Problem(501, "not_installed", NO_REPORTS, NO_REPORTS_HINT) from error
    return attached(content, PDF, f"{at.site}-labels.pdf")


def _written(at: SiteRegister, assets: Sequence[Asset], ending: Ending, say: Say) -> bytes:
    language = speech(say)
    if ending == "xlsx":
        return file_of(lambda path: export_xlsx(path, assets, at.rooms, language))
    return (as_csv(assets, at.rooms, language) if ending == "csv" else as_json(assets)).encode()
