"""Projectors by PJLink: our client against a projector of ours that behaves well, slowly, badly or not at all."""

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.polled import PjlinkSettings, PolledDevice
from agent.probes.deadline import Deadline
from agent.probes.finding import Finding, Task
from agent.probes.outcomes import BadAnswer, outcome_of
from agent.probes.pjlink import QUESTIONS, probe
from agent.probes.pjlink_projector import CLASS_2 as CLASS_2_QUESTIONS
from agent.probes.pjlink_session import PjlinkSession
from agent.probes.registry import PROBES
from agent.run_probe import Job, run_probe
from contract.messages import Measurement, Outcome, Target
from contract.metrics import PROBES as CATALOGUE
from contract.metrics import Misfit, fitted
from tests.pjlink_projector import CHALLENGE, CLASS_1, CLASS_2, ONLY_CLASS_2, RunningProjector, in_standby
from tests.waiting import at_most, patiently, wait_until

CLASS_2_ASKED = [question for question in QUESTIONS if question in CLASS_2_QUESTIONS]


def device_of(projector: RunningProjector, password_file: Path | None = None) -> PolledDevice:
    settings = PjlinkSettings(projector.port, str(password_file) if password_file else None)
    return PolledDevice("projector-1", "127.0.0.1", settings)


def asked(projector: RunningProjector, deadline: float = 60.0, password_file: Path | None = None) -> list[Finding]:
    device = device_of(projector, password_file)
    return probe(Task(Target("", "", "projector", device.address), deadline, device=device))


def fields_of(projector: RunningProjector) -> Mapping[str, object]:
    return asked(projector)[0].fields


@pytest.fixture(autouse=True)
def new_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that has learned nothing: a port may have been another projector's in an earlier test."""
    monkeypatch.setattr("agent.probes.pjlink_projector._PROJECTORS", {})


@pytest.fixture
def class_2() -> Iterator[RunningProjector]:
    with RunningProjector(CLASS_2) as projector:
        yield projector


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    path = tmp_path / "projector-password"
    path.write_text("JBMIAProjectorLink\n")
    return path


def test_a_class_1_projector_tells_what_it_knows_in_one_session() -> None:
    with RunningProjector() as projector:
        found, lamp = asked(projector)
    assert (found.outcome, found.target, found.probe) == (Outcome.OK, None, None)
    assert found.fields == {
        "power": "on",
        "input": "digital 1",
        "picture_muted": False,
        "sound_muted": False,
        "fan_state": "ok",
        "lamp_state": "ok",
        "temperature_state": "ok",
        "cover_state": "ok",
        "filter_state": "ok",
        "other_state": "ok",
        "has_warning": False,
        "has_error": False,
        "pjlink_class": 1,
    }
    assert lamp == Finding(Outcome.OK, {"hours": 1234, "lit": True}, "lamp-1", "lamp")
    assert projector.sessions == 1


def test_a_class_2_projector_tells_more(class_2: RunningProjector) -> None:
    fields = fields_of(class_2)
    more = {name: fields[name] for name in ("filter_hours", "has_signal", "resolution", "picture_frozen")}
    assert more == {"filter_hours": 321, "has_signal": True, "resolution": "1920x1080", "picture_frozen": False}
    assert fields["pjlink_class"] == 2


def test_each_lamp_is_a_measurement_of_its_own() -> None:
    with RunningProjector({**CLASS_1, "LAMP": "3021 1 87 0"}) as projector:
        device = device_of(projector)
        job = Job(Target("", "", "projector", device.address), 300, 60, device)
        found = run_probe(PROBES["projector"], job, lambda: 7)
    assert [(entry.probe, entry.target, entry.device) for entry in found] == [
        ("projector", "", "projector-1"),
        ("lamp", "lamp-1", "projector-1"),
        ("lamp", "lamp-2", "projector-1"),
    ]
    assert [entry.fields for entry in found[1:]] == [{"hours": 3021, "lit": True}, {"hours": 87, "lit": False}]
    assert all_fit(found)


def all_fit(found: list[Measurement]) -> bool:
    """Whether the catalogue has every field that was measured, as it was measured."""
    fits = [fitted(CATALOGUE[entry.probe], entry.fields) for entry in found]
    return not any(isinstance(fit, Misfit) or fit[1] for fit in fits)


def test_all_that_a_class_2_projector_tells_fits_the_catalogue(class_2: RunningProjector) -> None:
    device = device_of(class_2)
    found = run_probe(probe, Job(Target("", "", "projector", device.address), 300, 60, device), lambda: 7)
    assert all_fit(found)
    assert set(found[0].fields) == set(CATALOGUE["projector"].fields)


def test_troubled_parts_are_named() -> None:
    with RunningProjector({**CLASS_1, "ERST": "021010"}) as projector:
        fields = fields_of(projector)
    assert (fields["lamp_state"], fields["temperature_state"], fields["filter_state"]) == (
        "error",
        "warning",
        "warning",
    )
    assert (fields["fan_state"], fields["has_error"], fields["has_warning"]) == ("ok", True, True)


def test_standby_is_no_fault() -> None:
    with RunningProjector(in_standby(CLASS_2)) as projector:
        (found,) = asked(projector)
    assert (found.outcome, found.fields) == (Outcome.OK, {"power": "standby", "pjlink_class": 2})


def test_what_a_projector_has_no_parameter_for_is_left_out() -> None:
    with RunningProjector({**CLASS_1, "AVMT": "ERR2"}) as projector:
        (found, _) = asked(projector)
    assert found.outcome is Outcome.OK
    assert "sound_muted" not in found.fields


def test_a_projector_that_reports_its_failure_has_an_error() -> None:
    with RunningProjector({**CLASS_1, "ERST": "ERR4", "LAMP": "ERR4"}) as projector:
        (found,) = asked(projector)
    assert (found.outcome, found.fields["has_error"], found.fields["power"]) == (Outcome.OK, True, "on")


def test_a_class_1_projector_is_never_asked_for_more() -> None:
    with RunningProjector() as projector:
        asked(projector)
        asked(projector)
    assert not [question for question in projector.asked if question.startswith("%2")]
    assert projector.asked.count("%1CLSS") == 1
    assert projector.asked.count("%1POWR") == 2


def test_a_projector_that_does_not_tell_its_class_is_known_by_its_first_error() -> None:
    with RunningProjector({**CLASS_1, "CLSS": "ERR3"}) as projector:
        first, _ = asked(projector)
        asked(projector)
    assert first.outcome is Outcome.OK
    assert [question for question in projector.asked if question.startswith("%2")] == [f"%2{CLASS_2_ASKED[0]}"]


def test_what_a_class_2_projector_does_not_know_is_asked_once() -> None:
    without = {name: answer for name, answer in CLASS_2.items() if name not in ("FILT", "LAMP")}
    with RunningProjector(without) as projector:
        first, second = asked(projector), asked(projector)
    assert (projector.asked.count("%2FILT"), projector.asked.count("%1LAMP")) == (1, 1)
    assert projector.asked.count("%2IRES") == 2
    assert first == second
    assert "filter_hours" not in first[0].fields


def test_the_password_opens_the_session(password_file: Path) -> None:
    with RunningProjector(password="JBMIAProjectorLink") as projector:
        found, _ = asked(projector, password_file=password_file)
    assert found.fields["power"] == "on"


def test_a_password_that_nobody_wants_does_no_harm(password_file: Path) -> None:
    with RunningProjector() as projector:
        assert asked(projector, password_file=password_file)[0].outcome is Outcome.OK


def test_the_digest_is_the_one_of_the_standard() -> None:
    """The example of the PJLink specification: challenge 498e4a67, password JBMIAProjectorLink."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(f"PJLINK 1 {CHALLENGE}\r%1POWR=1\r".encode())
        session = PjlinkSession(ours, Deadline(30.0), lambda _: None)
        session.take_greeting("JBMIAProjectorLink")
        assert session.ask("POWR", 1) == "1"
        assert theirs.recv(100) == b"5d8409bc1c3fa39749434aa3a5c38682%1POWR ?\r"


@pytest.mark.parametrize("written", ["wrong", None])
def test_a_wrong_password_is_no_permission(tmp_path: Path, written: str | None) -> None:
    path = tmp_path / "projector-password"
    if written is not None:
        path.write_text(written)
    with RunningProjector(password="right") as projector, pytest.raises(PermissionError) as caught:
        asked(projector, password_file=path)
    assert outcome_of(caught.value) is Outcome.NO_PERMISSION
    assert "right" not in str(caught.value)


def test_a_projector_that_wants_a_password_nobody_gave_is_no_permission() -> None:
    with RunningProjector(password="right") as projector, pytest.raises(PermissionError, match="password_file"):
        asked(projector)


@contextmanager
def quick_patience(monkeypatch: pytest.MonkeyPatch, seconds: float = 0.2) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr("agent.probes.pjlink_session.ANSWER_SECONDS", seconds)
        yield


def test_silence_is_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    def says_so(seconds: float) -> bool:
        with (
            RunningProjector(silent=frozenset(CLASS_1)) as projector,
            quick_patience(monkeypatch, seconds),
            pytest.raises(TimeoutError) as caught,
        ):
            at_most(10 * seconds, lambda: asked(projector))
        return "POWR" in str(caught.value)

    patiently(0.2, says_so)


def test_a_greeting_that_never_comes_is_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        RunningProjector(greeting=b"") as projector,
        quick_patience(monkeypatch),
        pytest.raises(TimeoutError, match="greeting"),
    ):
        asked(projector)


def test_one_mute_question_costs_the_rest_of_a_round_and_comes_last_in_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def is_so(seconds: float) -> bool:
        with (
            RunningProjector(CLASS_2, silent=frozenset({"ERST"})) as projector,
            quick_patience(monkeypatch, seconds),
        ):
            (first, *_), (second, *lamps) = asked(projector), asked(projector)
        assert first.outcome is second.outcome is Outcome.TIMEOUT
        told = [first.fields, second.fields.get("resolution"), *(lamp.fields["hours"] for lamp in lamps)]
        wanted = [{"power": "on", "pjlink_class": 2}, "1920x1080", 1234]
        return (told, projector.asked[-1]) == (wanted, "%1ERST")

    patiently(0.2, is_so)


def test_slow_answers_are_waited_for_as_long_as_the_deadline_allows() -> None:
    with RunningProjector(seconds=0.15) as projector:
        assert asked(projector)[0].outcome is Outcome.OK
        patiently(0.5, lambda seconds: is_cut(projector, seconds))


def is_cut(projector: RunningProjector, seconds: float) -> bool:
    """Whether some of its 13 answers came, each of which takes it 0.15 s."""
    try:
        cut = at_most(seconds + 1, lambda: asked(projector, min(seconds, 1.2))[0])
    except TimeoutError:
        return False
    return (cut.outcome, cut.fields["power"]) == (Outcome.TIMEOUT, "on")


class Listening(socket.socket):
    """Notes how long it is waited for."""

    waits: list[float | None]

    def settimeout(self, seconds: float | None) -> None:
        self.waits = [*getattr(self, "waits", []), seconds]
        super().settimeout(0.01)


@pytest.mark.parametrize(("deadline", "longest"), [(300.0, 10.0), (3.0, 3.0)])
def test_an_answer_has_ten_seconds_as_far_as_the_deadline_allows(deadline: float, longest: float) -> None:
    start = time.monotonic()
    with Listening(socket.AF_INET, socket.SOCK_DGRAM) as ours:
        ours.bind(("127.0.0.1", 0))
        ours.connect(ours.getsockname())
        session = PjlinkSession(ours, Deadline(deadline), lambda _: None)
        with pytest.raises(TimeoutError, match="greeting"):
            session.take_greeting(None)
    [waited] = ours.waits
    assert waited is not None
    assert longest - (time.monotonic() - start) <= waited <= longest


def test_a_session_that_drops_in_the_middle_keeps_what_was_answered() -> None:
    with RunningProjector(hangs_up_at="INPT") as projector:
        found, lamp = asked(projector)
    assert found.outcome is Outcome.REFUSED
    assert (found.fields["power"], found.fields["fan_state"]) == ("on", "ok")
    assert "input" not in found.fields
    assert lamp.outcome is Outcome.OK


def test_a_session_that_drops_at_once_is_refused() -> None:
    with RunningProjector(hangs_up_at="POWR") as projector, pytest.raises(ConnectionResetError):
        asked(projector)


def test_nobody_at_the_port_is_refused() -> None:
    with RunningProjector() as gone:
        pass
    with pytest.raises(ConnectionRefusedError):
        asked(gone)


@pytest.mark.parametrize(
    "greeting",
    [b"SSH-2.0-OpenSSH_9.2\r\n", b"PJLINK 7\r", b"PJLINK 1\r", b"\xff\xfe\r", b"x" * 600, b"\r"],
    ids=["ssh", "kind", "no-challenge", "bytes", "endless", "empty"],
)
def test_a_greeting_that_is_none_is_a_bad_answer(greeting: bytes) -> None:
    with RunningProjector(greeting=greeting) as projector, pytest.raises(BadAnswer):
        asked(projector)


def test_a_projector_that_refuses_in_its_greeting_is_no_permission() -> None:
    with RunningProjector(greeting=b"PJLINK ERRA\r") as projector, pytest.raises(PermissionError):
        asked(projector)


@pytest.mark.parametrize("raw", [b"garbage\r", b"\x00\xff\x80\r", b"%1PO=1\r", b"y" * 2000], ids=repr)
def test_garbage_is_a_bad_answer(raw: bytes) -> None:
    with RunningProjector(raw={"POWR": raw}) as projector, pytest.raises(BadAnswer):
        asked(projector)
    with RunningProjector(raw={"LAMP": raw}) as projector:
        (found,) = asked(projector)
    assert (found.outcome, found.fields["power"]) == (Outcome.BAD_ANSWER, "on")


def test_one_answer_without_meaning_is_told_and_the_others_kept() -> None:
    with RunningProjector({**CLASS_1, "POWR": "9", "LAMP": "12"}) as projector:
        (found,) = asked(projector)
    assert found.outcome is Outcome.BAD_ANSWER
    assert "power" not in found.fields
    assert found.fields["input"] == "digital 1"


def test_line_feeds_small_letters_and_late_answers_are_taken() -> None:
    raw = {"POWR": b"%1powr=1\r\n", "ERST": b"%1POWR=0\r%1ERST=000000\r"}
    with RunningProjector(raw=raw) as projector:
        found, _ = asked(projector)
    assert (found.outcome, found.fields["power"], found.fields["fan_state"]) == (Outcome.OK, "on", "ok")


def test_only_late_answers_are_a_bad_answer() -> None:
    with RunningProjector(raw={"ERST": b"%1POWR=1\r" * 9}) as projector:
        (found,) = asked(projector)
    assert found.outcome is Outcome.BAD_ANSWER


def test_a_projector_never_has_two_sessions_at_once() -> None:
    with RunningProjector(seconds=0.02) as projector:
        threads = [threading.Thread(target=asked, args=(projector,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (projector.sessions, projector.together) == (4, 1)


def test_a_turn_that_does_not_come_is_a_timeout() -> None:
    with RunningProjector(seconds=0.2) as projector:
        thread = threading.Thread(target=asked, args=(projector,))
        thread.start()
        wait_until(lambda: bool(projector.asked))
        with pytest.raises(TimeoutError, match="before this one"):
            asked(projector, deadline=0.1)
        thread.join()
    assert projector.sessions == 1


def test_only_a_device_of_the_settings_can_be_asked() -> None:
    found = run_probe(probe, Job(Target("asked", "here", "projector", "127.0.0.1"), 300, 5), lambda: 1)
    assert [entry.outcome for entry in found] == [Outcome.UNSUPPORTED]


def test_every_question_of_class_2_is_known_as_one() -> None:
    assert CLASS_2_QUESTIONS == ONLY_CLASS_2
