"""wifi of a simulated PC."""

from agent.probes.wifi import channel_of
from contract.messages import Measurement, Outcome, Target, Value
from sonca.simulate.chance import Chance
from sonca.simulate.faults import FaultKind
from sonca.simulate.machines import WIFI_CARDS
from sonca.simulate.school import Pc
from sonca.simulate.school_time import MINUTE_MS
from sonca.simulate.way import Moment, Reach

NETWORK_NAME = "Giáo viên"

_RATES = (6.5, 13.0, 26.0, 52.0, 72.2, 86.7, 144.4, 173.3, 325.0, 390.0, 433.3)
_FREQUENCIES = (2412, 2437, 2462, 5180, 5200, 5220)


def wifi(moment: Moment, _target: Target) -> list[Measurement]:
    """A PC on a cable has no Wi-Fi card here."""
    pc = moment.pc
    if not pc.wifi:
        return [Measurement("wifi", moment.at, Outcome.UNSUPPORTED, duration_ms=0.4)]
    card = card_of(pc)
    if moment.way().reach is Reach.NOTHING:  # the access point hangs on the same switch
        return [Measurement("wifi", moment.at, Outcome.UNREACHABLE, card, 3.0)]
    signal = _signal(moment)
    quality = max(1, min(100, 2 * (signal + 100)))  # as Windows computes it
    rung = max(0, quality * len(_RATES) // 100 - 1)
    frequency = Chance("access point", pc.room).one_of(_FREQUENCIES)
    fields: dict[str, Value] = {
        "signal_dbm": float(signal),
        "signal_percent": float(quality),
        "send_rate_mbps": _RATES[max(0, rung - pc.chance.named("rate").whole(0, 2, moment.at))],
        "receive_rate_mbps": _RATES[rung],
        "channel": channel_of(frequency) or 0,
        "network_name": NETWORK_NAME,
        "roams": 0,  # one access point a room
        "sent_again_percent": round((100 - quality) * moment.chance("again").between(0.2, 0.5, moment.at), 1),
        "send_failed_percent": round(max(0, 40 - quality) * moment.chance("failed").between(0.0, 0.2, moment.at), 1),
    }
    if pc.machine.is_linux:
        fields["frequency_mhz"] = frequency
    return [Measurement("wifi", moment.at, Outcome.OK, card, 4.5, fields)]


def card_of(pc: Pc) -> str:
    """The card's name as the system shows it: Windows the product, Linux the interface."""
    return "wlp2s0" if pc.machine.is_linux else pc.chance.named("wifi card").one_of(WIFI_CARDS)


def _signal(moment: Moment) -> int:
    """dBm: the place of the PC in the room, and people walking by."""
    weakest, strongest = (-87, -82) if moment.suffers(FaultKind.BAD_WIFI) else (-66, -46)
    place = moment.chance("place").between(weakest, strongest)
    return round(place + 6 * moment.chance("signal").wave(moment.at, 4 * MINUTE_MS) - 3)
