"""What a request asks for: language, range of time, step. Bad values become a Problem that names the right ones."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.exceptions import RequestValidationError

from api.problems import Problem
from api.say import Say
from api.sites import Sites
from api.sources import now_ms
from api.text import Language, Text
from collector.store.protocol import DAY_MS, HOUR_MS
from collector.store.series_math import rollup_step
from inventory.school import School

LANGUAGE_COOKIE = "lang"
LONGEST_DAYS = 5 * 366
MOST_POINTS = 5_000
_USUAL_POINTS = 300
_STEPS_SECONDS = (30, 60, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 604_800)

BAD_PARAMETER = Text(
    "Tham số «{name}» không dùng được: {problem}.", "The parameter “{name}” cannot be used: {problem}."
)
SEE_DOCS = Text("/docs kể mọi tham số.", "/docs tells about every parameter.")
NOT_A_TIME = Text("«{got}» không phải là thời điểm", "“{got}” is no time")
TIME_HINT = Text(
    "Viết mili giây UTC (1795651200000) hoặc ISO 8601 có múi giờ (2026-11-25T07:00:00+07:00).",
    "Write UTC milliseconds (1795651200000) or ISO 8601 with an offset (2026-11-25T07:00:00+07:00).",
)
WRONG_ORDER = Text("phải trước «until»", "must be before “until”")
TOO_LONG = Text("khoảng thời gian dài quá {days} ngày", "the range is longer than {days} days")
SHORTER_RANGE = Text("Hỏi từng đoạn ngắn hơn.", "Ask for shorter stretches.")
TOO_MANY_POINTS = Text("sẽ cho hơn {most} điểm", "would give more than {most} points")
LONGER_STEP = Text("Dùng step_seconds từ {least} trở lên.", "Use step_seconds of {least} or more.")

# pydantic's words for what is wrong, where our parameters can be wrong.
_VALIDATION = {
    "missing": Text("không được thiếu", "it is required"),
    "int_parsing": Text("phải là số nguyên", "it must be a whole number"),
    "greater_than_equal": Text("nhỏ nhất là {ge}", "it must be at least {ge}"),
    "less_than_equal": Text("lớn nhất là {le}", "it must be at most {le}"),
    "enum": Text("phải là một trong {expected}", "it must be one of {expected}"),
    "literal_error": Text("phải là một trong {expected}", "it must be one of {expected}"),
    "string_pattern_mismatch": Text("phải có dạng {pattern}", "it must look like {pattern}"),
    "string_too_long": Text("dài nhất {max_length} ký tự", "it may have at most {max_length} characters"),
    "string_too_short": Text("không được để trống", "it must not be empty"),
    "extra_forbidden": Text("không có tham số tên này", "there is none of this name"),
    "json_invalid": Text("không phải là JSON", "it is not JSON"),
}
_OTHER_VALIDATION = Text("sai dạng", "it has the wrong form")


def language_of(request: Request) -> Language:
    """`?lang=` first, then the cookie that it left, else Vietnamese."""
    for word in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if word in list(Language):
            return Language(word)
    return Language.VI


def _language(
    request: Request,
    lang: Annotated[Language | None, Query(description="language of sentences; vi unless asked")] = None,
) -> Language:
    return lang or language_of(request)


def _sites(request: Request) -> Sites:
    sites: Sites = request.app.state.sites
    return sites


AskedLanguage = Annotated[Language, Depends(_language)]
AllSites = Annotated[Sites, Depends(_sites)]


@dataclass(frozen=True, slots=True)
class Range:
    """`since <= t < until`, UTC ms; `at` is when it was asked."""

    since: int
    until: int
    at: int

    @property
    def length(self) -> int:
        return self.until - self.since

    def at_most(self, days: int) -> "Range":
        """The range itself. Raises Problem where it is longer."""
        if self.length > days * DAY_MS:
            raise bad("since", TOO_LONG, SHORTER_RANGE, days=days)
        return self


def _range(
    since: Annotated[str | None, Query(description="UTC milliseconds or ISO 8601; a day before `until`")] = None,
    until: Annotated[str | None, Query(description="UTC milliseconds or ISO 8601; now")] = None,
) -> Range:
    at = now_ms()
    end = at + 1 if until is None else _time("until", until)
    start = end - 24 * HOUR_MS if since is None else _time("since", since)
    if start >= end:
        raise bad("since", WRONG_ORDER, TIME_HINT)
    return Range(start, end, at).at_most(LONGEST_DAYS)


AskedRange = Annotated[Range, Depends(_range)]


def step_of(asked: Range, step_seconds: int | None) -> int:
    """The step in ms: what was asked, else one that gives a few hundred points; never finer than what is stored."""
    shortest = rollup_step(asked.length)[1]
    if step_seconds is None:
        rough = asked.length / _USUAL_POINTS / 1000
        step_seconds = next((step for step in _STEPS_SECONDS if step >= rough), _STEPS_SECONDS[-1])
    step = max(step_seconds * 1000, shortest)
    if asked.length / step > MOST_POINTS:
        least = asked.length // MOST_POINTS // 1000 + 1
        raise bad("step_seconds", TOO_MANY_POINTS, LONGER_STEP, most=MOST_POINTS, least=least)
    return step


def say_for(school: School, language: Language) -> Say:
    return Say(language, school.zone)


def bad(name: str, problem: Text, hint: Text, **values: str | int | float) -> Problem:
    """422 for the parameter `name`."""
    sentence = Text(
        BAD_PARAMETER.vi.replace("{problem}", problem.vi), BAD_PARAMETER.en.replace("{problem}", problem.en)
    )
    return Problem(422, "bad_parameter", sentence, hint, name=name, **values)


def unfit(error: RequestValidationError) -> Problem:
    """What FastAPI found wrong first, in our words."""
    first = error.errors()[0]
    context = {key: value for key, value in first.get("ctx", {}).items() if isinstance(value, str | int | float)}
    if "expected" in context:
        context["expected"] = str(context["expected"]).replace(" or ", ", ")
    name = first["loc"][0] if first["type"] == "json_invalid" else first["loc"][-1]  # else it is a place in the text
    return bad(str(name), _VALIDATION.get(first["type"], _OTHER_VALIDATION), SEE_DOCS, **context)


def _time(name: str, text: str) -> int:
    try:
        if text.lstrip("-").isdecimal():
            at = int(text)
        else:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise ValueError("no offset")
            at = round(moment.timestamp() * 1000)
    except (ValueError, OverflowError) as error:
        raise bad(name, NOT_A_TIME, TIME_HINT, got=text[:40]) from error
    if not 0 <= at < 2**53:
        raise bad(name, NOT_A_TIME, TIME_HINT, got=text[:40])
    return at
