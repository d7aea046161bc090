"""Signs of what a PC will need: Windows 11, security updates, a battery, a restart. From its equipment report."""

from collections.abc import Iterator
from datetime import date

from api.say import Say
from api.text import Text
from api.view.known import Known
from api.view.sign import Sign, Tone, tone_above
from api.words_devices import WINDOWS_11_RULES
from inventory.battery import battery_wear
from inventory.end_of_support import EndOfSupport, end_of_support
from inventory.windows11 import Readiness, Shortfall, State, windows11_readiness

SOON_DAYS, LONG_AGO_DAYS = 365, 365  # within a year after the end, one update of the system mends most PCs
_WORN, _WORN_OUT = 35, 60

WINDOWS_11 = Text("Lên Windows 11", "Windows 11")
CAPABLE = Text("máy chạy được", "this PC can run it")
NOT_CAPABLE = Text("máy không chạy được: {rules}", "this PC cannot run it: {rules}")
UNDETERMINED = Text("chưa rõ, bản kê thiếu: {rules}", "not known, the report lacks: {rules}")
FOUND = Text("{rule} ({found})", "{rule} ({found})")
SYSTEM_LABEL = Text("Hệ điều hành", "Operating system")
SUPPORTED = Text("{system}, hỗ trợ đến {day}", "{system}, supported until {day}")
ENDED = Text("{system}, hết hỗ trợ từ {day}", "{system}, out of support since {day}")
NOT_LISTED = Text("{system}, chưa có trong bảng hỗ trợ", "{system}, not in the table of support")
EXTENDED = Text("gia hạn {name} đến {day}", "extended by {name} until {day}")
UNVERIFIED = Text("ngày này chưa được đối chiếu", "this day was not cross-checked")
BATTERY_LABEL = Text("Pin máy tính", "Battery of the PC")
WORN = Text("đã chai {percent} %", "{percent}% worn")
RESTART_LABEL = Text("Cập nhật", "Updates")
RESTART = Text("chờ khởi động lại", "wait for a restart")


def upkeep_signs(known: Known, say: Say) -> Iterator[Sign]:
    readiness = readiness_of(known)
    if readiness is not None:
        yield _windows11(readiness, say)
    name = known.told("operatingsystem", "full_name")
    if isinstance(name, str) and is_computer(known):
        yield _support(name, support_of(known), say.today(known.now), say)
    for wear in wear_of(known):
        if wear is not None:
            tone = tone_above(wear, _WORN, _WORN_OUT)
            yield Sign("battery_wear", tone, say(BATTERY_LABEL), say(WORN, percent=round(wear)), wear)
    if restart_pending(known) is True:
        yield Sign("updates", Tone.WATCH, say(RESTART_LABEL), say(RESTART))


def is_computer(known: Known) -> bool:
    """Whether its report is one of a PC."""
    return known.report is not None and "cpus" in known.report.content and known.report.kind in ("computer", "laptop")


def readiness_of(known: Known) -> Readiness | None:
    """Whether it can run Windows 11; None for what is no PC, or has not reported what it is made of."""
    return windows11_readiness(known.report.content) if known.report is not None and is_computer(known) else None


def support_of(known: Known) -> EndOfSupport | None:
    """When its operating system runs out of updates; None where that is not known."""
    name, version = (known.told("operatingsystem", key) for key in ("full_name", "version"))
    return end_of_support(name, version) if isinstance(name, str) and isinstance(version, str) else None


def wear_of(known: Known) -> list[float | None]:
    """Percent of each battery's capacity that is gone."""
    return [] if known.report is None else battery_wear(known.report.content)


def restart_pending(known: Known) -> bool | None:
    pending = known.told("operatingsystem", "restart_pending")
    return pending if isinstance(pending, bool) else None


def shortfall_words(shortfall: Shortfall, say: Say) -> str:
    return say(FOUND, rule=say(WINDOWS_11_RULES[shortfall.rule]), found=shortfall.found)


def _windows11(readiness: Readiness, say: Say) -> Sign:
    failing = ", ".join(shortfall_words(shortfall, say) for shortfall in readiness.failing)
    missing = ", ".join(say(WINDOWS_11_RULES[rule]) for rule in readiness.missing)
    tone, text, rules = {
        State.CAPABLE: (Tone.GOOD, CAPABLE, ""),
        State.NOT_CAPABLE: (Tone.WATCH, NOT_CAPABLE, failing),
        State.UNDETERMINED: (Tone.PLAIN, UNDETERMINED, missing),
    }[readiness.state]
    return Sign("windows_11", tone, say(WINDOWS_11), say(text, rules=rules))


def _support(name: str, row: EndOfSupport | None, today: date, say: Say) -> Sign:
    label = say(SYSTEM_LABEL)
    if row is None:
        return Sign("support", Tone.PLAIN, label, say(NOT_LISTED, system=name))
    ends, last = date.fromisoformat(row.ends), [date.fromisoformat(step.ends) for step in row.extended][-1:]
    days = (ends - today).days
    tone = Tone.GOOD if days > SOON_DAYS else Tone.WATCH
    if days < -LONG_AGO_DAYS and not any(day >= today for day in last):
        tone = Tone.BAD
    notes = [say(EXTENDED, name=row.extended[-1].name, day=say.day(day)) for day in last if days <= SOON_DAYS]
    notes += [] if row.verified else [say(UNVERIFIED)]
    word = say(SUPPORTED if days >= 0 else ENDED, system=row.name, day=say.day(ends))
    return Sign("support", tone, label, word, note="; ".join(notes))
