"""wan: the line to the internet, as a polled OpenWrt router sees it."""

import re

from agent.probes.deadline import Deadline
from agent.probes.finding import Finding, Task
from agent.probes.outcomes import BadAnswer
from agent.probes.ubus_session import Question, ask_one, at, settings_of, whole
from contract.messages import Outcome, Value

_PROTOCOL = re.compile(r"[A-Za-z0-9_-]{1,40}")


def probe(task: Task) -> list[Finding]:
    """One finding, its target the interface of the router's settings. Raises what ask_one raises."""
    device, settings = settings_of(task.device)
    question = Question(f"network.interface.{settings.wan}", "status")
    answer = ask_one(device, question, Deadline(task.deadline_seconds), task.step)
    connected, protocol, since = at(answer, "up"), at(answer, "proto"), whole(answer, "uptime")
    if not isinstance(connected, bool):
        raise BadAnswer(f"the interface {settings.wan} does not say whether it is up")
    fields: dict[str, Value] = {"connected": connected}
    if isinstance(protocol, str) and _PROTOCOL.fullmatch(protocol):
        fields["protocol"] = protocol
    if connected and since is not None:
        fields["connected_seconds"] = since
    return [Finding(Outcome.OK, fields, settings.wan)]
