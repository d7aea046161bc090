"""JSON of the register: assets, lists that come in, and which device is which asset."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from api.answering import head
from api.answering_register import asset_answer, import_answer, matching_answer, one_asset_answer
from api.answers import ErrorAnswer
from api.answers_register import (
    AssetsAnswer,
    ChangeOfAsset,
    ImportAnswer,
    ImportOfAssets,
    MatchingAnswer,
    NewAsset,
    NewDecision,
    OneAssetAnswer,
    RefusedAnswer,
    RefusedField,
    RefusedImport,
    RefusedRow,
)
from api.asking import AskedLanguage, say_for
from api.asking_assets import AskedAssets
from api.importing import carry_out, judge
from api.own_requests import json_only
from api.register_pages import register_of, tidy_role, who_of
from api.routes_site import ERRORS
from api.say import Say
from api.site_register import SiteRegister, refused_by
from api.view.asset import speech
from api.view.assets import PAGE, chosen, sums_of
from inventory.importing.read_text import table_of_entries
from inventory.importing.table import BadTable
from inventory.saying import Said

CHANGING: dict[int | str, dict[str, type[ErrorAnswer] | str]] = {
    403: {"model": ErrorAnswer, "description": "asked for by a page from elsewhere"},
    409: {"model": ErrorAnswer, "description": "somebody changed it meanwhile"},
    415: {"model": ErrorAnswer, "description": "not sent as application/json"},
    422: {"model": RefusedAnswer, "description": "a value cannot be written; `fields` says which, and what to do"},
}

router = APIRouter(prefix="/api/v1/sites/{site}", responses=ERRORS, tags=["register"])
changing = [Depends(json_only)]


def _by_api(request: Request, site: str) -> SiteRegister:
    return register_of(request, site, "api")


AtSite = Annotated[SiteRegister, Depends(_by_api)]


def signed(at: SiteRegister, role: str) -> SiteRegister:
    """The same, with what the program says of itself for the log."""
    return SiteRegister(at.sources, at.school, at.now, who_of(tidy_role(role), "api"))


@router.get("/assets", summary="Assets, searched, filtered and sorted, with their sums")
def read_assets(at: AtSite, asked: AskedAssets, language: AskedLanguage) -> AssetsAnswer:
    found = chosen(at.assets, asked, at.rooms, speech(say_for(at.school, language)))
    sums, first = sums_of(found), (asked.page - 1) * PAGE
    return AssetsAnswer(
        **head(at.school, at.now),
        count=sums.count,
        value=sums.value,
        without_cost=sums.without_cost,
        page=asked.page,
        pages=max(1, -(-len(found) // PAGE)),
        assets=[asset_answer(asset) for asset in found[first : first + PAGE]],
    )


@router.post("/assets", summary="Register an asset", status_code=201, dependencies=changing, responses=CHANGING)
def create_asset(at: AtSite, new: NewAsset, language: AskedLanguage) -> OneAssetAnswer:
    at, say = signed(at, new.role), say_for(at.school, language)
    result = at.edit(None, {"tag": new.tag, **new.fields.model_dump(exclude_unset=True)})
    if result.asset is None:
        raise Refused(refusal(result.refused, say))
    at.register_new(result.asset, new.document, new.device)
    return one_asset_answer(at, result.asset, say)


@router.post("/assets-import", summary="Import a list", dependencies=changing, responses=CHANGING)
def import_assets(at: AtSite, asked: ImportOfAssets, language: AskedLanguage) -> ImportAnswer:
    at, say = signed(at, asked.role), say_for(at.school, language)
    try:
        plan = judge(at, table_of_entries(asked.rows)).plan
    except BadTable as error:
        raise refused_by(error.said) from error
    if plan.refused:
        rows = [
            RefusedRow(
                row=entry.row,
                column=entry.column,
                value=entry.value,
                sentence=entry.said.sentence(speech(say)),
                hint=entry.said.hint(speech(say)),
            )
            for entry in plan.refused
        ]
        first = plan.refused[0].said
        words = {"sentence": first.sentence(speech(say)), "hint": first.hint(speech(say))}
        raise Refused(RefusedImport(error="refused", **words, rows=rows))
    if not asked.dry_run:
        carry_out(at, plan, asked.document)
    return import_answer(at, plan, written=bool(plan.changes) and not asked.dry_run)


@router.get("/assets/{tag:path}", summary="One asset: registered, seen, and what happened to it")
def read_asset(at: AtSite, tag: str, language: AskedLanguage) -> OneAssetAnswer:
    return one_asset_answer(at, at.asset(tag), say_for(at.school, language))


@router.patch("/assets/{tag:path}", summary="Change an asset", dependencies=changing, responses=CHANGING)
def change_asset(at: AtSite, tag: str, change: ChangeOfAsset, language: AskedLanguage) -> OneAssetAnswer:
    at, say = signed(at, change.role), say_for(at.school, language)
    before = at.asset(tag)
    at.check_stamp(before, change.stamp)
    result = at.edit(before, change.fields.model_dump(exclude_unset=True))
    if result.asset is None:
        raise Refused(refusal(result.refused, say))
    if result.asset != before:
        at.save([result.asset], {tag: before}, change.document)
    return one_asset_answer(at, result.asset, say)


@router.get("/matching", summary="Which device is which asset, why, and what waits for a person")
def read_matching(at: AtSite, language: AskedLanguage) -> MatchingAnswer:
    return matching_answer(at, say_for(at.school, language))


@router.post("/matching", summary="Say what a device is", dependencies=changing, responses=CHANGING)
def decide(at: AtSite, decision: NewDecision, language: AskedLanguage) -> MatchingAnswer:
    at = signed(at, decision.role)
    at.decide(decision.device, decision.verdict, decision.tag if decision.verdict != "not_ours" else "")
    return matching_answer(at, say_for(at.school, language))


class Refused(Exception):
    """422 with more to say than sentence and hint."""

    def __init__(self, answer: ErrorAnswer) -> None:
        super().__init__(answer.sentence)
        self.answer = answer


def answer_refused(_request: Request, refused: Refused) -> JSONResponse:
    return JSONResponse(refused.answer.model_dump(mode="json"), 422)


def refusal(refused: Mapping[str, Said], say: Say) -> RefusedAnswer:
    language = speech(say)
    fields = [
        RefusedField(field=name, sentence=said.sentence(language), hint=said.hint(language))
        for name, said in refused.items()
    ]
    first = fields[0]
    return RefusedAnswer(error="refused", sentence=f"{first.field}: {first.sentence}", hint=first.hint, fields=fields)
