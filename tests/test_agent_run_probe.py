"""From a probe to a measurement: time, duration, and the word for what went wrong."""

import time

import pytest

from agent.polled import PolledDevice
from agent.probes.finding import Finding, Task
from agent.run_probe import Job, overdue, run_probe
from contract.messages import Measurement, Outcome, Target

JOB = Job(Target("services", "e-office", "web", "https://e-office.example/"), 300, 10)
MACHINE = Job(Target("", "", "disk"), 30, 10)


def test_a_finding_becomes_a_measurement_of_the_jobs_target() -> None:
    def probe(task: Task) -> list[Finding]:
        assert task.target == JOB.target
        time.sleep(0.01)
        return [Finding(Outcome.OK, {"status": 200})]

    start = time.perf_counter()
    [found] = run_probe(probe, JOB, lambda: 42)
    took = (time.perf_counter() - start) * 1000
    assert found == Measurement("web", 42, Outcome.OK, "services/e-office", found.duration_ms, {"status": 200})
    assert 10 <= found.duration_ms <= took + 0.01


def test_probes_that_find_their_own_targets_name_them() -> None:
    found = run_probe(lambda _task: [Finding(Outcome.OK, target="/"), Finding(Outcome.OK)], MACHINE, lambda: 1)
    assert [entry.target for entry in found] == ["/", ""]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(TimeoutError(), "timeout"), (ConnectionRefusedError(), "refused"), (PermissionError(), "no_permission")],
)
def test_an_exception_becomes_its_word(error: Exception, outcome: str) -> None:
    def probe(_task: Task) -> list[Finding]:
        raise error

    steps: list[str] = []
    [found] = run_probe(probe, JOB, lambda: 1, steps.append)
    assert (found.outcome, found.fields) == (outcome, {})
    assert type(error).__name__ in steps[0]


def test_a_mistake_in_a_probe_is_an_error_and_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def probe(_task: Task) -> list[Finding]:
        raise ZeroDivisionError("a mistake of ours")

    assert run_probe(probe, JOB, lambda: 1)[0].outcome is Outcome.ERROR
    assert "a mistake of ours" in caplog.text


def test_a_stuck_run_is_a_timeout() -> None:
    assert overdue(JOB, 7, 13_000) == Measurement("web", 7, Outcome.TIMEOUT, "services/e-office", 13_000)


def test_what_is_asked_of_another_device_is_reported_under_its_name() -> None:
    device = PolledDevice("projector-1", "192.0.2.7")
    job = Job(Target("", "", "tcp", device.address), 300, 10, device)

    def probe(task: Task) -> list[Finding]:
        assert task.device == device
        return [Finding(Outcome.OK)]

    assert run_probe(probe, job, lambda: 1)[0].device == overdue(job, 1, 1.0).device == "projector-1"
    assert run_probe(lambda _task: [Finding(Outcome.OK)], JOB, lambda: 1)[0].device is None


def test_one_round_may_bring_what_the_catalogue_has_under_another_name() -> None:
    findings = [Finding(Outcome.OK), Finding(Outcome.OK, {"hours": 3}, "lamp-1", "lamp")]
    found = run_probe(lambda _task: findings, JOB, lambda: 1)
    assert [(entry.probe, entry.target) for entry in found] == [("web", "services/e-office"), ("lamp", "lamp-1")]
