"""Makes the JSON answers of the register."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from api.answering import head
from api.answers_register import (
    AssetAnswer,
    BooksAnswer,
    CloneAnswer,
    ComparedAnswer,
    DecisionAnswer,
    EventAnswer,
    ImportAnswer,
    ImportedRow,
    LineAnswer,
    MatchAnswer,
    MatchingAnswer,
    OneAssetAnswer,
    OneStocktakeAnswer,
    OptionAnswer,
    ReasonedLink,
    SightingAnswer,
    StayAnswer,
    StocktakeAnswer,
    SumsAnswer,
    WorthAnswer,
)
from api.bookkeeping import books_for, life_by_books, rules_for
from api.say import Say
from api.site_register import SiteRegister
from api.view.asset import compared, moves_of, speech
from inventory.asset import Asset
from inventory.books import sums_by_category
from inventory.editing import stamp_of
from inventory.importing.plan import ImportPlan
from inventory.match import Match
from inventory.match_evidence import reason_said
from inventory.register_stocktakes import Stocktake
from inventory.saying import Said
from inventory.stocktake import Line, findings
from inventory.wear import Worth, first_year


def asset_answer(asset: Asset) -> AssetAnswer:
    return AssetAnswer(**vars(asset), stamp=stamp_of(asset))


def one_asset_answer(at: SiteRegister, asset: Asset, say: Say) -> OneAssetAnswer:
    """With its link, what was seen, its rooms and its log."""
    link = at.register.links.of_asset(at.site, asset.tag)
    report = None if link is None else at.state.equipment(at.site, link.device)
    room = "" if link is None or link.device not in at.school.room_of else at.school.room_of[link.device].id
    moves, with_document = moves_of(asset)
    life = life_by_books(at, asset)
    lines = [] if report is None else compared(asset, report, room, at.rooms, say)
    return OneAssetAnswer(
        **head(at.school, at.now),
        **dict(asset_answer(asset)),
        wear_percent=life.percent if life else None,
        eol_date=life.ends if life else None,
        may_become=[*moves, *with_document],
        link=None
        if link is None
        else ReasonedLink(
            device=link.device, score=link.score, reasons=said(link.reasons, at.rooms, say), since=link.since
        ),
        compared=[
            ComparedAnswer(field=line.field, registered=line.registered, seen=line.seen, word=line.word)
            for line in lines
        ],
        stays=[StayAnswer(**vars(stay)) for stay in at.register.stays(at.site, asset.tag)],
        events=[EventAnswer(**vars(event)) for event in at.register.events(at.site, asset.tag)],
    )


def import_answer(at: SiteRegister, plan: ImportPlan, *, written: bool) -> ImportAnswer:
    rows = [
        ImportedRow(
            row=change.row,
            tag=change.after.tag,
            new=change.before is None,
            changed=[name for name, value in vars(change.after).items() if value != getattr(change.before, name, "")],
        )
        for change in plan.changes
    ]
    return ImportAnswer(**head(at.school, at.now), written=written, unchanged=plan.unchanged, rows=rows)


def matching_answer(at: SiteRegister, say: Say) -> MatchingAnswer:
    found = at.matching()
    decisions = reversed(at.register.links.decisions(at.site))
    return MatchingAnswer(
        **head(at.school, at.now),
        devices=[match_answer(entry, at.rooms, say) for entry in found.matches],
        clones=[CloneAnswer(kind=one.kind, value=one.value, devices=list(one.devices)) for one in found.clones],
        decisions=[DecisionAnswer(**vars(entry)) for entry in decisions],
    )


def match_answer(entry: Match, rooms: Mapping[str, str], say: Say) -> MatchAnswer:
    options = [
        OptionAnswer(
            tag=option.tag, score=option.score, conflict=option.conflict, reasons=said(option.reasons, rooms, say)
        )
        for option in entry.options
    ]
    reasons = said(entry.reasons, rooms, say)
    return MatchAnswer(
        device=entry.device, state=entry.state, tag=entry.tag, score=entry.score, reasons=reasons, options=options
    )


def books_answer(at: SiteRegister, year: int | None) -> BooksAnswer:
    """Raises Problem as `books_for` says."""
    books = books_for(at, year)
    *categories, total = (SumsAnswer(**vars(sums)) for sums in sums_by_category(books))
    return BooksAnswer(
        **head(at.school, at.now),
        year=books.year,
        first_year=first_year(at.assets),
        threshold_vnd=rules_for(at).threshold.vnd,
        categories=categories,
        total=total,
        fixed=[worth_answer(worth) for worth in books.fixed],
        tools=[asset.tag for asset in books.tools],
        incomplete=[asset.tag for asset in books.incomplete],
    )


def worth_answer(worth: Worth) -> WorthAnswer:
    asset, category = worth.asset, worth.category.name
    numbers = {name: getattr(worth, name) for name in ("cost", "percent", "worn_this_year", "worn", "left", "gone")}
    return WorthAnswer(tag=asset.tag, name=asset.name, category=category, **numbers)


def stocktake_answer(session: Stocktake) -> StocktakeAnswer:
    return StocktakeAnswer(
        number=session.id, started_at=session.started_at, who=session.who, closed_at=session.closed_at
    )


def one_stocktake_answer(at: SiteRegister, session: Stocktake) -> OneStocktakeAnswer:
    lines = findings(at.assets, at.register.stocktakes.sightings(session))
    sums = Counter(line.finding for line in lines)
    return OneStocktakeAnswer(
        **head(at.school, at.now),
        **dict(stocktake_answer(session)),
        found=sums["found"],
        moved=sums["moved"],
        missing=sums["missing"],
        unexpected=sums["unexpected"],
        lines=line_answers(lines),
    )


def line_answers(lines: Iterable[Line]) -> list[LineAnswer]:
    return [
        LineAnswer(
            tag=line.tag,
            finding=line.finding,
            name=line.asset.name if line.asset else "",
            room=line.asset.room if line.asset else "",
            sighting=None
            if line.sighting is None
            else SightingAnswer(
                room=line.sighting.room, at=line.sighting.at, by=line.sighting.by, note=line.sighting.note
            ),
        )
        for line in lines
    ]


def said(reasons: Sequence[Said], rooms: Mapping[str, str], say: Say) -> list[str]:
    return [reason_said(reason, speech(say), rooms) for reason in reasons]
