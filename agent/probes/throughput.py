"""throughput: how many bits a second come down and go up on one leg, within the month's budget of bytes.

LAN fast and WAN slow is the line; LAN slow is the room.
"""

import time
from pathlib import Path

import psutil

from agent.probes import throughput_http, throughput_iperf3
from agent.probes.deadline import Deadline
from agent.probes.finding import Finding, Task
from agent.probes.outcomes import BadAnswer, Unsupported, outcome_of
from agent.probes.throughput_samples import Transfer, as_text, limited_by
from agent.throughput_budget import Budget, BudgetFile, NoBudget
from agent.throughput_settings import Leg
from contract.messages import Outcome, Value

DOWNLOAD, UPLOAD = "download", "upload"


def probe(task: Task) -> list[Finding]:
    """One finding; when the way up failed it still holds what the way down told.

    Without budget nothing is sent, and the outcome is `no_permission`. Raises Unsupported when no leg is set up.
    """
    leg = task.leg
    if leg is None:
        raise Unsupported("agent.yaml sets up no throughput")
    month = leg.month or time.strftime("%Y-%m")
    file = BudgetFile(Path(leg.budget_file), leg.name, leg.monthly_bytes, month)
    transfers = {name: Transfer(leg.max_bytes) for name in _directions(leg)}
    reserved = leg.max_bytes * len(transfers)
    fields: dict[str, Value] = {"leg": leg.name, "server": server_of(leg)}
    try:
        budget = file.reserve(reserved)
    except NoBudget as error:
        task.step(f"no throughput is tested: {error}")
        return [Finding(Outcome.NO_PERMISSION, fields | _left(file))]
    task.step(f"budget of {month}: {budget.used - reserved} of {budget.of} bytes used before, {reserved} reserved")
    outcome = _measure(task, leg, transfers)
    try:
        budget = file.settle(reserved, sum(transfer.total_bytes for transfer in transfers.values()))
    except NoBudget as error:  # what was reserved stays counted, and that is more than was taken
        task.step(str(error))
    task.step(f"budget of {month}: {budget.used} of {budget.of} bytes used, {budget.left} left")
    return [Finding(outcome, fields | _measured(transfers) | _numbers(budget))]


def server_of(leg: Leg) -> str:
    """The server without the rest of its address."""
    return (leg.address.partition("://")[2].partition("/")[0] or leg.address)[:200]


def _directions(leg: Leg) -> tuple[str, ...]:
    return (DOWNLOAD,) if leg.protocol == "http" and leg.upload is None else (DOWNLOAD, UPLOAD)


def _measure(task: Task, leg: Leg, transfers: dict[str, Transfer]) -> Outcome:
    deadline = Deadline(task.deadline_seconds)
    for name, transfer in transfers.items():
        try:
            _transfer(task, leg, name, transfer, deadline)
        except (OSError, BadAnswer, Unsupported, ValueError) as error:
            transfer.samples.clear()  # those of a transfer that broke off would be taken for the line's
            task.step(f"{name} failed: {error}")
            return outcome_of(error)
        task.step(f"{name}: {transfer.mbps:.2f} Mbit/s, from {as_text(transfer.samples)}")
    return Outcome.OK


def _transfer(task: Task, leg: Leg, name: str, transfer: Transfer, deadline: Deadline) -> None:
    if leg.protocol == "iperf3":
        throughput_iperf3.run(leg.address, transfer, down=name == DOWNLOAD, deadline=deadline, step=task.step)
    elif name == DOWNLOAD:
        request = throughput_http.download_request(leg, deadline, task.step)
        throughput_http.download(request, transfer, deadline, task.step)
    else:
        request = throughput_http.upload_request(leg, deadline, task.step)
        throughput_http.upload(request, transfer, deadline, task.step)


def _measured(transfers: dict[str, Transfer]) -> dict[str, Value]:
    """The fields of the directions that were measured, and what held back the one that was held back most."""
    fields: dict[str, Value] = {"transferred_bytes": sum(transfer.total_bytes for transfer in transfers.values())}
    known = {name: transfer for name, transfer in transfers.items() if transfer.samples}
    for name, transfer in known.items():
        fields[f"{name}_mbps"] = round(transfer.mbps, 2)
        fields[f"{name}_samples_mbps"] = as_text(transfer.samples)
    if known:
        card = card_mbps(next(iter(known.values())).local_address)
        limits = [limited_by(transfer, card) for transfer in known.values()]
        fields["limited_by"] = next((limit for limit in limits if limit != "line"), "line")
        fields["cpu_percent"] = round(min(100.0, max(transfer.cpu_percent for transfer in known.values())), 1)
        if card:
            fields["link_speed_mbps"] = card
    return fields


def card_mbps(address: str) -> int:
    """The speed of the network card that has this address; 0 where the system does not tell."""
    for name, addresses in psutil.net_if_addrs().items():
        if any(entry.address == address for entry in addresses):
            return int(psutil.net_if_stats()[name].speed)
    return 0


def _left(file: BudgetFile) -> dict[str, Value]:
    """The budget, where it can be read."""
    try:
        return _numbers(file.read())
    except NoBudget:
        return {}


def _numbers(budget: Budget) -> dict[str, Value]:
    return {"budget_used_bytes": budget.used, "budget_left_bytes": budget.left}
