"""Blind is not down: a verdict about a service needs fresh news of the internet group."""

from agent.run_probe import Job
from agent.uplink import Uplink, is_remote
from contract.messages import Measurement, Outcome, Target

ONE, TWO = (Job(Target("internet", name, "ping", name), 30, 5) for name in ("one", "two"))
GATEWAY = Job(Target("gateway", "default", "ping"), 30, 5)
SERVICE = Job(Target("services", "e-office", "web", "https://e-office.example/"), 300, 10)


def uplink() -> Uplink:
    found = Uplink()
    found.replace([GATEWAY, ONE, TWO, SERVICE])
    return found


def said(job: Job, outcome: Outcome) -> list[Measurement]:
    return [Measurement(job.probe, 0, outcome, job.target_id)]


def test_only_the_internet_group_counts_and_only_services_depend_on_it() -> None:
    assert uplink().jobs == [ONE, TWO]
    assert [is_remote(job) for job in (SERVICE, GATEWAY, ONE, Job(Target("", "", "host"), 1, 1))] == [
        True,
        False,
        False,
        False,
    ]


def test_one_target_reached_is_enough_for_a_verdict() -> None:
    found = uplink()
    found.note(ONE, 11.0, said(ONE, Outcome.OK))
    assert found.is_gone(since=10.0) is False


def test_all_must_have_failed_since() -> None:
    found = uplink()
    found.note(ONE, 11.0, said(ONE, Outcome.TIMEOUT))
    assert found.is_gone(since=10.0) is None
    assert found.unheard(since=10.0) == [TWO]
    found.note(TWO, 12.0, said(TWO, Outcome.UNREACHABLE))
    assert found.is_gone(since=10.0) is True


def test_what_was_true_before_the_failure_proves_nothing() -> None:
    found = uplink()
    found.note(ONE, 9.0, said(ONE, Outcome.OK))
    assert found.is_gone(since=10.0) is None
    assert found.unheard(since=10.0) == [ONE, TWO]


def test_no_permission_tells_nothing_about_the_uplink() -> None:
    found = uplink()
    for job in (ONE, TWO):
        found.note(job, 11.0, said(job, Outcome.NO_PERMISSION))
    assert found.is_gone(since=10.0) is False
    found.note(TWO, 12.0, said(TWO, Outcome.TIMEOUT))
    assert found.is_gone(since=10.0) is True


def test_without_an_internet_group_nothing_is_blind() -> None:
    assert Uplink().is_gone(since=0.0) is False


def test_when_time_is_up_it_takes_what_it_has() -> None:
    found = uplink()
    assert found.guess(since=10.0) is False
    found.note(ONE, 11.0, said(ONE, Outcome.TIMEOUT))
    assert found.guess(since=10.0) is True
    found.note(TWO, 11.0, said(TWO, Outcome.OK))
    assert found.guess(since=10.0) is False


def test_new_settings_forget_what_is_gone() -> None:
    found = uplink()
    found.note(ONE, 11.0, said(ONE, Outcome.OK))
    found.note(SERVICE, 11.0, said(SERVICE, Outcome.OK))
    found.replace([TWO])
    assert found.is_gone(since=10.0) is None
