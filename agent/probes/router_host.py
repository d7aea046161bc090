"""host of a polled OpenWrt router: load, memory and running time, by ubus."""

from agent.probes.deadline import Deadline
from agent.probes.finding import Finding, Task
from agent.probes.outcomes import BadAnswer
from agent.probes.ubus_session import Question, ask_one, settings_of, whole
from contract.messages import Outcome, Value

LOAD_STEPS = 65_536  # the kernel counts load in these


def probe(task: Task) -> list[Finding]:
    """One finding without a target. Raises what ask_one raises."""
    device, _ = settings_of(task.device)
    answer = ask_one(device, Question("system", "info"), Deadline(task.deadline_seconds), task.step)
    uptime, load = whole(answer, "uptime"), whole(answer, "load", 0)
    if uptime is None:
        raise BadAnswer("system info has no uptime")
    fields: dict[str, Value] = {"uptime_seconds": uptime}
    if load is not None and load < LOAD_STEPS * 100_000:
        fields["load_1m"] = round(load / LOAD_STEPS, 2)
    fields.update(_memory(answer))
    return [Finding(Outcome.OK, fields)]


def _memory(answer: dict[str, object]) -> dict[str, Value]:
    total, available = whole(answer, "memory", "total"), whole(answer, "memory", "available")
    fields: dict[str, Value] = {}
    if available is None:  # before OpenWrt 19.07
        available = sum(whole(answer, "memory", name) or 0 for name in ("free", "buffered", "cached"))
    if total:
        fields["memory_total_bytes"], fields["memory_available_bytes"] = total, available
        fields["memory_used_percent"] = round(100 * max(0, total - available) / total, 1)
    swap = whole(answer, "swap", "total")
    if swap is not None:
        fields["swap_total_bytes"] = swap
    return fields
