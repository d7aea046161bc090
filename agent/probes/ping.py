"""ping: ICMP echoes to the gateway or a named target, by the first way that this machine allows."""

import errno
import sys

from agent.probes.deadline import Deadline
from agent.probes.echo import Echoes, Pace
from agent.probes.finding import Finding, Task
from agent.probes.gateway import default_gateway
from agent.probes.lookup import Address, addresses_of
from agent.probes.outcomes import UNREACHABLE_NUMBERS, outcome_of
from contract.messages import Outcome


def probe(task: Task) -> list[Finding]:
    """One finding: five echoes to the target's address, or to the default gateway where the target names none.

    Raises socket.gaierror, TimeoutError (the lookup), PermissionError when no way of sending echoes is allowed.
    """
    deadline = Deadline(task.deadline_seconds)
    host = task.target.address or _gateway(task)
    if host is None:
        return [Finding(Outcome.UNREACHABLE)]
    address = addresses_of(host, 0, deadline)[0]
    if address.text != host:
        task.step(f"{host} is {address.text}")
    try:
        echoes = send_echoes(address, task, deadline)
    except OSError as error:
        if error.errno not in UNREACHABLE_NUMBERS:
            raise
        task.step(f"no echo could leave this machine: {error.strerror}")
        return [Finding(outcome_of(error), {"address": address.text})]
    task.step(f"{echoes.sent} echoes sent, {len(echoes.round_trips)} answered, {echoes.unreachable} found no way")
    return [Finding(echoes.outcome, {**echoes.fields(), "address": address.text})]


def _gateway(task: Task) -> str | None:
    gateway = default_gateway()
    if gateway is None:
        task.step(
            "this machine has no default gateway: check its cable or Wi-Fi, and whether it got an address by DHCP"
        )
    else:
        task.step(f"the default gateway is {gateway}")
    return gateway


def send_echoes(address: Address, task: Task, deadline: Deadline) -> Echoes:
    """Echoes by the first rung of the ladder that works. Raises PermissionError when none is allowed, OSError."""
    pace = Pace.within(deadline.left("the preparation of the ping"))
    if sys.platform == "win32":
        from agent.probes.icmp_windows import windows_echoes

        task.step("sending echoes by IcmpSendEcho")
        return windows_echoes(address, pace)
    return _by_socket(address, task, pace) or _by_program(address, task, deadline)


def _by_socket(address: Address, task: Task, pace: Pace) -> Echoes | None:
    """None when this machine allows neither kind of ICMP socket."""
    from agent.probes.icmp_socket import Series, describe_permission, open_socket

    for raw, name in ((False, "an unprivileged ICMP socket"), (True, "a raw ICMP socket")):
        try:
            sock = open_socket(address, raw)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EPERM, errno.EPROTONOSUPPORT, errno.ESOCKTNOSUPPORT):
                raise
            task.step(f"{name} is not allowed here: {error.strerror}")
            continue
        with sock:
            task.step(f"sending echoes over {name}")
            return Series(sock, address, raw).run(pace)
    task.step(f"the agent cannot send echoes itself; {describe_permission()}")
    return None


def _by_program(address: Address, task: Task, deadline: Deadline) -> Echoes:
    from agent.probes.ping_program import program_echoes

    task.step("sending echoes with the ping program")
    left = deadline.left("the ping")
    try:
        return program_echoes(address.text, Pace.within(left), left * 0.95)
    except FileNotFoundError as error:
        raise PermissionError(errno.EPERM, "no ICMP socket is allowed and there is no ping program") from error
