"""Makes JSON answers about the health of devices from what is known of them."""

from datetime import date

from api.answers_health import (
    DeviceHealthAnswer,
    ExtensionAnswer,
    LampAnswer,
    PortAnswer,
    ShortfallAnswer,
    SignAnswer,
    SupplyAnswer,
    SupportAnswer,
    Windows11Answer,
)
from api.say import Say
from api.view.health import health
from api.view.health_printer import supplies_of
from api.view.health_projector import lamps_of
from api.view.health_upkeep import readiness_of, restart_pending, support_of, wear_of
from api.view.known import Known


def health_answer(known: Known, say: Say) -> DeviceHealthAnswer:
    judged = health(known, say)
    return DeviceHealthAnswer(
        device=known.device.id,
        kind=known.device.kind,
        tone=judged.tone,
        word=judged.word,
        signs=[
            SignAnswer(
                sign=sign.name, tone=sign.tone, label=sign.label, value=sign.value, percent=sign.share, note=sign.note
            )
            for sign in judged.signs
        ],
        lamps=[
            LampAnswer(lamp=lamp.name, hours=lamp.hours, expected_hours=lamp.expected, ends_on=lamp.ends)
            for lamp in lamps_of(known)
        ],
        supplies=[
            SupplyAnswer(
                supply=supply.name, level_percent=supply.percent, level=supply.level, description=supply.description
            )
            for supply in supplies_of(known)
        ],
        ports=[PortAnswer(port=mark.name, state=mark.state) for mark in judged.ports],
        windows_11=_windows11(known),
        end_of_support=_support(known),
        battery_wear_percent=wear_of(known),
        restart_pending=restart_pending(known),
    )


def _windows11(known: Known) -> Windows11Answer | None:
    readiness = readiness_of(known)
    if readiness is None:
        return None
    failing = [ShortfallAnswer(rule=entry.rule, found=entry.found) for entry in readiness.failing]
    return Windows11Answer(state=readiness.state, failing=failing, missing=list(readiness.missing))


def _support(known: Known) -> SupportAnswer | None:
    row = support_of(known)
    if row is None:
        return None
    return SupportAnswer(
        system=row.name,
        ends_on=date.fromisoformat(row.ends),
        verified=row.verified,
        source=row.source,
        extended=[
            ExtensionAnswer(
                name=step.name, ends_on=date.fromisoformat(step.ends), verified=step.verified, dollars=step.dollars
            )
            for step in row.extended
        ],
    )
