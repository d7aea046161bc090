"""Signs of network gear: the line of the provider, ports that are up and ports that lose packets, who is on the air."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from api.say import Say
from api.text import Text
from api.view.known import NO_ANSWER, Known, number
from api.view.sign import PortMark, Sign, Tone, tone_above
from api.words import OUTCOMES
from collector.store.protocol import StoredMeasurement
from contract.messages import Outcome

MOST_ERRORS_A_MINUTE = 1.0
NAMED_PORTS = 4
_BUSY_AIR, _FULL_AIR = 70, 90
_ERRORS = ("receive_errors_per_minute", "send_errors_per_minute")

LINE_LABEL = Text("Đường truyền", "Internet line")
LINE_UP = Text("đã nối {length}", "up for {length}")
LINE_UP_PLAIN = Text("đang nối", "up")
LINE_DOWN = Text("mất kết nối với nhà mạng", "no connection to the provider")
PORTS_LABEL = Text("Cổng mạng", "Ports")
PORTS_UP = Text("{up}/{whole} cổng đang nối", "{up} of {whole} ports up")
ERRORS_LABEL = Text("Cổng {port}", "Port {port}")
ERRORS = Text("{count} gói lỗi mỗi phút: xem dây mạng", "{count} broken packets a minute: check the cable")
CLIENTS_LABEL = Text("Thiết bị đang dùng Wi-Fi", "Devices on Wi-Fi")
AIR_LABEL = Text("Sóng {band}", "Band {band}")
AIR_USED = Text("kênh {channel}, bận {percent} %", "channel {channel}, {percent}% in use")
OFF_AIR = Text("không phát sóng", "off the air")
ANSWERS_LABEL = Text("Trả lời", "Answers")
PORT_STATES: Mapping[str, Text] = {
    "up": Text("{count} đang nối", "{count} up"),
    "down": Text("{count} trống", "{count} free"),
    "off": Text("{count} đã tắt", "{count} switched off"),
    "errors": Text("{count} có lỗi: {names}", "{count} with errors: {names}"),
}


def network_signs(known: Known, say: Say) -> Iterator[Sign]:
    yield from _no_answer(known, say)
    yield from (_line(entry, say) for entry in known.present("wan"))
    marks = list(port_marks(known))
    if marks:
        up = sum(mark.state in ("up", "errors") for mark in marks)
        yield Sign("ports", Tone.GOOD, say(PORTS_LABEL), say(PORTS_UP, up=up, whole=len(marks)))
    yield from (
        Sign("errors", Tone.WATCH, say(ERRORS_LABEL, port=entry.target), say(ERRORS, count=round(errors_of(entry))))
        for entry in known.present("interface")
        if errors_of(entry) > MOST_ERRORS_A_MINUTE
    )
    yield from _air(known.present("wifi_network"), say)


def port_marks(known: Known) -> Iterator[PortMark]:
    """Of every port that tells of the present, in the order of the device."""
    for entry in known.present("interface"):
        if "link_up" in entry.fields:
            yield PortMark(entry.target, _state(entry))


def ports_label(marks: Iterable[PortMark], say: Say) -> str:
    """The strip for those who cannot see it: how many are up, free, off, and which have errors."""
    marks = list(marks)
    counts, bad = Counter(mark.state for mark in marks), [mark.name for mark in marks if mark.state == "errors"]
    names = ", ".join(bad[:NAMED_PORTS]) + ("…" if len(bad) > NAMED_PORTS else "")
    return "; ".join(
        say(text, count=counts[state], names=names) for state, text in PORT_STATES.items() if counts[state]
    )


def errors_of(entry: StoredMeasurement) -> float:
    """Broken packets a minute, in both directions."""
    return sum(number(entry.fields.get(name)) or 0.0 for name in _ERRORS)


def _state(entry: StoredMeasurement) -> str:
    if entry.fields.get("enabled") is False:
        return "off"
    if entry.fields["link_up"] is not True:
        return "down"
    return "errors" if errors_of(entry) > MOST_ERRORS_A_MINUTE else "up"


def _no_answer(known: Known, say: Say) -> Iterator[Sign]:
    """One line for a device that answers none of its sentinel's questions."""
    asked = list(chain.from_iterable(known.all(probe) for probe in ("snmp_system", "wan", "wifi_network")))
    if asked and not any(known.is_current(entry) and entry.outcome is Outcome.OK for entry in asked):
        newest = max(asked, key=lambda entry: entry.taken_at)
        outcome = Outcome.TIMEOUT if newest.outcome is Outcome.OK else newest.outcome
        yield Sign("answers", Tone.BAD, say(ANSWERS_LABEL), say(NO_ANSWER, outcome=say(OUTCOMES[outcome])))


def _line(entry: StoredMeasurement, say: Say) -> Sign:
    if entry.fields.get("connected") is not True:
        return Sign("line", Tone.BAD, say(LINE_LABEL), say(LINE_DOWN))
    seconds, protocol = number(entry.fields.get("connected_seconds")), str(entry.fields.get("protocol", ""))
    word = say(LINE_UP_PLAIN) if seconds is None else say(LINE_UP, length=say.duration(1000 * seconds))
    return Sign("line", Tone.GOOD, say(LINE_LABEL), f"{word} ({protocol})" if protocol else word)


def _air(networks: list[StoredMeasurement], say: Say) -> Iterator[Sign]:
    counted = [found for entry in networks if (found := number(entry.fields.get("clients"))) is not None]
    if counted:
        yield Sign("clients", Tone.PLAIN, say(CLIENTS_LABEL), say.number(int(sum(counted))))
    for entry in networks:
        label = say(AIR_LABEL, band=_band(entry))
        if entry.fields.get("on_air") is False:
            yield Sign("air", Tone.WATCH, label, say(OFF_AIR))
            continue
        used, channel = (number(entry.fields.get(name)) for name in ("channel_used_percent", "channel"))
        if used is not None and channel is not None:
            word = say(AIR_USED, channel=int(channel), percent=round(used))
            yield Sign("air", tone_above(used, _BUSY_AIR, _FULL_AIR), label, word, used)


def _band(entry: StoredMeasurement) -> str:
    """`2.4 GHz`, or the radio's own name."""
    frequency = number(entry.fields.get("frequency_mhz"))
    if frequency is None:
        return entry.target.partition("/")[0]
    return "2.4 GHz" if frequency < 3_000 else "5 GHz" if frequency < 5_925 else "6 GHz"
