"""tcp: whether a port accepts connections."""

from agent.probes.connect import connect
from agent.probes.deadline import Deadline
from agent.probes.finding import Finding, Task
from agent.probes.lookup import split_host_port
from contract.messages import Outcome


def probe(task: Task) -> list[Finding]:
    """One finding with the time of the handshake. Raises ValueError for a target that is not host:port, OSError."""
    host, port = split_host_port(task.target.address)
    connection = connect(host, port, Deadline(task.deadline_seconds), task.step)
    connection.socket.close()
    return [Finding(Outcome.OK, {"connect_ms": connection.connect_ms})]
