"""The health of one device of any kind, as signs. A kind of signs is one file beside this one and one line here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from api.say import Say
from api.text import Text
from api.view.health_computer import computer_signs
from api.view.health_network import network_signs, port_marks, ports_label
from api.view.health_printer import printer_signs
from api.view.health_projector import projector_signs
from api.view.health_upkeep import upkeep_signs
from api.view.health_ups import ups_signs
from api.view.known import Known
from api.view.sign import PortMark, Sign, Tone, worst

HEALTHS: Mapping[Tone, Text] = {
    Tone.PLAIN: Text("Chưa đánh giá", "Not judged"),
    Tone.GOOD: Text("Tốt", "Fine"),
    Tone.WATCH: Text("Cần để ý", "Needs a look"),
    Tone.BAD: Text("Có lỗi", "Faulty"),
}

# Each yields nothing for a device of which it knows nothing.
_SIGNS: tuple[Callable[[Known, Say], Iterable[Sign]], ...] = (
    projector_signs,
    printer_signs,
    ups_signs,
    network_signs,
    computer_signs,
    upkeep_signs,
)


@dataclass(frozen=True, slots=True)
class Health:
    """`tone` is that of the worst sign. `ports` is the strip of a switch, `ports_label` the same for ears."""

    tone: Tone
    word: str
    signs: tuple[Sign, ...]
    ports: tuple[PortMark, ...] = ()
    ports_label: str = ""


def health(known: Known, say: Say) -> Health:
    """What is known of a device, judged at `known.now`."""
    signs = tuple(sign for find in _SIGNS for sign in find(known, say))
    tone, ports = worst([sign.tone for sign in signs]), tuple(port_marks(known))
    return Health(tone, say(HEALTHS[tone]), signs, ports, ports_label(ports, say))
