"""The equipment report of a projector, asked by PJLink, in the sections and names of GLPI's inventory format.

GLPI has no section for what only projectors have (lamp and filter models, resolution): it is `projector`, ours.
"""

from typing import Any

from agent.equipment_junk import junk_paths
from agent.equipment_names import without_empty
from agent.polled import PolledDevice
from agent.probes.deadline import Deadline
from agent.probes.outcomes import BadAnswer
from agent.probes.pjlink_answers import plain_text
from agent.probes.pjlink_projector import NOT_NOW, Said, ask_projector
from contract.defaults import DEADLINE_SECONDS
from contract.messages import EquipmentReport

QUESTIONS = ("POWR", "CLSS", "INF1", "INF2", "SNUM", "NAME", "SVER", "INFO", "RLMP", "RFIL", "RRES")


def report(agent: str, device: PolledDevice, now_ms: int) -> EquipmentReport:
    """What the projector says it is, at `now_ms` (UTC milliseconds). Takes seconds.

    Raises OSError or BadAnswer when it does not tell, or tells only a part of it, as some do in standby: a report with
    less in it would look like a change of the equipment.
    """
    deadline = Deadline(DEADLINE_SECONDS["projector"])
    projector, said = ask_projector(device, QUESTIONS, deadline, lambda _sentence: None)
    if said.trouble is not None:
        raise said.trouble
    if NOT_NOW in said.errors.values():
        raise BadAnswer("the projector tells what it is only while it is on")
    content = _content(said, projector.pjlink_class)
    return EquipmentReport(agent, device.id, now_ms, "projector", content, junk_paths(content))


def _content(said: Said, pjlink_class: int | None) -> dict[str, Any]:
    told = {question: plain_text(answer) for question, answer in said.answers.items()}
    version = told.get("SVER")
    return without_empty(
        {
            "bios": without_empty(
                {"smanufacturer": told.get("INF1"), "smodel": told.get("INF2"), "ssn": told.get("SNUM")}
            ),
            "hardware": without_empty({"name": told.get("NAME"), "description": told.get("INFO")}),
            "firmwares": [{"name": "projector", "type": "device", "version": version}] if version else [],
            "projector": without_empty(
                {
                    "lamp_models": told.get("RLMP", "").split(),
                    "filter_models": told.get("RFIL", "").split(),
                    "recommended_resolution": told.get("RRES"),
                    "pjlink_class": pjlink_class,
                }
            ),
        }
    )
