"""What a polled OpenWrt router is made of, in the sections and names of GLPI's inventory format."""

from typing import Any

from agent.equipment_names import megabytes, without_empty
from agent.polled import PolledDevice
from agent.probes.deadline import Deadline
from agent.probes.finding import Task
from agent.probes.outcomes import BadAnswer
from agent.probes.ubus_session import Question, ask, at, settings_of, told, whole
from contract.defaults import DEADLINE_SECONDS
from contract.messages import EquipmentReport, Target

KIND = "router"


def report(agent: str, device: PolledDevice, now_ms: int) -> EquipmentReport:
    """The report of the router at `now_ms` (UTC milliseconds). Raises OSError or BadAnswer when it does not tell."""
    kind, content = ubus_equipment(Task(Target("", "", "wan", device.address), DEADLINE_SECONDS["wan"], device=device))
    return EquipmentReport(agent, device.id, now_ms, kind, content)


def ubus_equipment(task: Task) -> tuple[str, dict[str, Any]]:
    """Its kind and the content of its report. Raises what `ask` raises, and BadAnswer without a model."""
    device, _ = settings_of(task.device)
    questions = [Question("system", "board"), Question("system", "info")]
    board, info = ask(device, questions, Deadline(task.deadline_seconds), task.step)
    told(board)
    if not _text(board, "model"):
        raise BadAnswer("system board does not name the model")
    total = whole(info, "memory", "total")
    content = {
        "bios": without_empty({"smodel": _text(board, "model")}),
        "hardware": without_empty({"name": _text(board, "board_name"), "memory": megabytes(total) if total else None}),
        "cpus": [{"name": chip}] if (chip := _text(board, "system")) else [],
        "operatingsystem": without_empty(
            {
                "name": _text(board, "release", "distribution"),
                "version": _text(board, "release", "version"),
                "full_name": _text(board, "release", "description"),
                "kernel_name": "linux",
                "kernel_version": _text(board, "kernel"),
                "arch": _text(board, "release", "target"),
            }
        ),
    }
    return KIND, without_empty(content)


def _text(answer: object, *keys: str) -> str:
    value = at(answer, *keys)
    return "".join(letter for letter in value if letter.isprintable())[:200] if isinstance(value, str) else ""
