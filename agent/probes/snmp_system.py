"""snmp_system: whether a device answers by SNMP, how quickly, since when it runs, and what it calls itself.

Its name, place and contact are left out: they hold the names and telephone numbers of people.
"""

import time

from agent.probes.finding import Finding, Task
from agent.probes.lookup import milliseconds_since
from agent.probes.snmp_session import snmp_session
from agent.probes.snmp_values import count_of, text
from contract.messages import Value

DESCRIPTION, UP_TIME = "1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.3.0"
ENGINE_TIME = "1.3.6.1.6.3.10.2.1.3.0"  # seconds, and does not wrap after 497 days


def probe(task: Task) -> list[Finding]:
    """One finding without a target. Raises Unsupported for a device that speaks SNMP but has no system group."""
    with snmp_session(task) as session:
        start = time.perf_counter()
        found = session.get(UP_TIME, DESCRIPTION)
        answer_ms = milliseconds_since(start)
        fields: dict[str, Value] = {}
        ticks = count_of(found.get(UP_TIME))
        if ticks is not None:
            seconds = count_of(session.get(ENGINE_TIME).get(ENGINE_TIME)) or 0
            fields["uptime_seconds"] = max(ticks // 100, seconds)
        if description := text(found.get(DESCRIPTION)):
            fields["description"] = description
        if fields:
            fields["answer_ms"] = answer_ms
        return session.one(fields, "this device has no system group")
