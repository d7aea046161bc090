"""One small interface over two SNMP libraries: the same tests over both, against Debian's snmpd."""

import dataclasses
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes import snmp_session
from agent.probes.deadline import Deadline
from agent.probes.outcomes import BadAnswer, Unsupported
from agent.probes.snmp_session import LIBRARIES, MOST_ROWS, Row, SnmpSession, SnmpValue, index_of
from agent.probes.snmp_session import snmp_session as session_with
from agent.snmp_settings import SnmpSettings
from contract.messages import Outcome
from tests.ports import free_port
from tests.snmp_peers import Spoil, running_snmpd, snmp_2c, snmp_3, snmp_task, spoiled_line
from tests.waiting import at_most, patiently

OBJECT_ID, UP_TIME, ABSENT = "1.3.6.1.2.1.1.2.0", "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.99.1.0"
PORT_NAMES = "1.3.6.1.2.1.2.2.1.2"
PORT_TABLE = "1.3.6.1.2.1.2.2.1"
NET_SNMP = "1.3.6.1.4.1.8072.3.2.10"


@pytest.fixture(scope="module")
def snmpd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with running_snmpd(tmp_path_factory.mktemp("snmpd")) as port:
        yield port


@pytest.fixture(params=LIBRARIES, autouse=True)
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snmp_session, "LIBRARIES", (request.param,))


def asked(settings: SnmpSettings, *oids: str, deadline: float = 30.0) -> tuple[dict[str, SnmpValue], Outcome]:
    with session_with(snmp_task(settings, deadline)) as session:
        return session.get(*oids), session.outcome


def walked(settings: SnmpSettings, root: str, deadline: float = 30.0) -> tuple[dict[str, SnmpValue], Outcome]:
    with session_with(snmp_task(settings, deadline)) as session:
        return session.column(root), session.outcome


@pytest.fixture(params=["2c", "3", "3 without privacy"])
def settings(request: pytest.FixtureRequest, snmpd: int, tmp_path: Path) -> SnmpSettings:
    if request.param == "2c":
        return snmp_2c(tmp_path, snmpd)
    return snmp_3(tmp_path, snmpd) if request.param == "3" else snmp_3(tmp_path, snmpd, "signer", privacy=None)


def test_it_gets_what_the_device_has_and_leaves_out_the_rest(settings: SnmpSettings) -> None:
    found, outcome = asked(settings, OBJECT_ID, UP_TIME, ABSENT)
    assert outcome is Outcome.OK
    assert found.keys() == {OBJECT_ID, UP_TIME}
    assert found[OBJECT_ID] == NET_SNMP
    assert type(found[UP_TIME]) is int


def test_it_walks_a_column_and_no_further(settings: SnmpSettings) -> None:
    found, outcome = walked(settings, PORT_NAMES)
    assert outcome is Outcome.OK
    assert found["1"] == b"lo"
    assert all(type(name) is bytes and index.isdigit() for index, name in found.items())


def test_a_whole_table_of_many_answers_and_types_comes_in_order(settings: SnmpSettings) -> None:
    found, outcome = walked(settings, "1.3.6.1.2.1.1")
    assert outcome is Outcome.OK
    assert list(found) == sorted(found, key=lambda index: tuple(map(int, index.split("."))))
    assert {type(value) for value in found.values()} == {bytes, str, int}
    assert len(found) > 30


def test_what_a_device_does_not_have_is_an_empty_column(settings: SnmpSettings) -> None:
    assert walked(settings, "1.3.6.1.2.1.43") == ({}, Outcome.OK)
    assert walked(settings, "2.1") == ({}, Outcome.OK)


def test_addresses_are_text(settings: SnmpSettings) -> None:
    found, _ = walked(settings, "1.3.6.1.2.1.4.20.1.1")
    assert found["127.0.0.1"] == "127.0.0.1"


@pytest.mark.parametrize("wrong", ["password", "user", "level"])
def test_wrong_credentials_of_version_3_are_no_permission(snmpd: int, tmp_path: Path, wrong: str) -> None:
    settings = {
        "password": snmp_3(tmp_path, snmpd, authentication="not-the-password"),
        "user": snmp_3(tmp_path, snmpd, user="nobody"),
        "level": snmp_3(tmp_path, snmpd, privacy=None),  # this user must encrypt
    }[wrong]
    assert asked(settings, UP_TIME) == ({}, Outcome.NO_PERMISSION)


@pytest.mark.parametrize("wrong", ["community", "privacy"])
def test_what_a_device_answers_with_silence_is_a_timeout(snmpd: int, tmp_path: Path, wrong: str) -> None:
    settings = snmp_2c(tmp_path, snmpd, "wrong")
    if wrong == "privacy":  # the device cannot read the question, and so does not know whom to tell
        settings = snmp_3(tmp_path, snmpd, privacy="not-the-password")
    assert at_most(3, lambda: asked(settings, UP_TIME, deadline=1.0)) == ({}, Outcome.TIMEOUT)


def test_after_a_timeout_nothing_more_is_asked(snmpd: int, tmp_path: Path) -> None:
    with session_with(snmp_task(snmp_2c(tmp_path, snmpd, "wrong"), 1.0)) as session:
        session.get(UP_TIME)
        assert at_most(0.1, lambda: (session.get(OBJECT_ID), session.column(PORT_NAMES))) == ({}, {})


def test_nobody_at_the_port_is_refused_or_silence(tmp_path: Path) -> None:
    # pysnmp does not hear that the port is closed.
    found, outcome = asked(snmp_2c(tmp_path, free_port()), UP_TIME, deadline=1.0)
    assert (found, outcome in (Outcome.REFUSED, Outcome.TIMEOUT)) == ({}, True)


@pytest.mark.parametrize("version", ["2c", "3"])
def test_a_lost_answer_is_asked_for_again(snmpd: int, tmp_path: Path, version: str) -> None:
    with spoiled_line(snmpd, lambda number, answer: [] if number == 1 else [answer]) as port:
        settings = snmp_2c(tmp_path, port) if version == "2c" else snmp_3(tmp_path, port)
        found, outcome = walked(settings, PORT_TABLE)
        whole, _ = walked(dataclasses.replace(settings, port=snmpd), PORT_TABLE)
    assert outcome is Outcome.OK
    assert found.keys() == whole.keys()


def test_a_wait_that_is_interrupted_is_begun_again(snmpd: int, tmp_path: Path) -> None:
    """As by a PC that sleeps in the middle of it."""
    before = signal.signal(signal.SIGALRM, lambda *_: None)
    try:
        with spoiled_line(snmpd, lambda number, answer: [] if number == 0 else [answer]) as port:
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            found, outcome = asked(snmp_2c(tmp_path, port), OBJECT_ID)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert (found, outcome) == ({OBJECT_ID: NET_SNMP}, Outcome.OK)


def test_an_answer_that_comes_twice_counts_once(snmpd: int, tmp_path: Path) -> None:
    with spoiled_line(snmpd, lambda _, answer: [answer, answer]) as port:
        found, outcome = walked(snmp_2c(tmp_path, port), PORT_TABLE)
    assert outcome is Outcome.OK
    assert found.keys() == walked(snmp_2c(tmp_path, snmpd), PORT_TABLE)[0].keys()


def test_half_an_answer_is_kept_with_the_word_for_the_other_half(snmpd: int, tmp_path: Path) -> None:
    def is_half(seconds: float) -> bool:
        with spoiled_line(snmpd, lambda number, answer: [answer] if number < 1 else []) as port:
            found, outcome = walked(snmp_2c(tmp_path, port), PORT_TABLE, deadline=seconds)
        assert outcome is Outcome.TIMEOUT
        return len(found) == 20

    patiently(2.0, is_half)


GARBAGE: dict[str, Spoil] = {
    "not SNMP": lambda _, __: [b"HTTP/1.0 400 Bad Request\r\n\r\n"],
    "cut": lambda _, answer: [answer[:-5]],
    "empty": lambda _, __: [b""],
    "zeroes at its end": lambda _, answer: [answer[:-30] + bytes(30)],
}


@pytest.mark.parametrize("spoil", GARBAGE.values(), ids=GARBAGE.keys())
def test_garbage_is_a_bad_answer(snmpd: int, tmp_path: Path, spoil: Spoil) -> None:
    with spoiled_line(snmpd, spoil) as port:
        settings = snmp_2c(tmp_path, port)
        patiently(2.0, lambda seconds: asked(settings, UP_TIME, deadline=seconds) == ({}, Outcome.BAD_ANSWER))
        patiently(2.0, lambda seconds: walked(settings, PORT_NAMES, deadline=seconds) == ({}, Outcome.BAD_ANSWER))


def test_after_one_bad_answer_others_still_count(snmpd: int, tmp_path: Path) -> None:
    with (
        spoiled_line(snmpd, lambda number, answer: [answer[:9]] if number == 0 else [answer]) as port,
        session_with(snmp_task(snmp_2c(tmp_path, port))) as session,
    ):
        assert session.column("1.3.6.1.2.1.1.2") == {}
        assert session.get(OBJECT_ID) == {OBJECT_ID: NET_SNMP}
        assert session.outcome is Outcome.BAD_ANSWER


def test_a_secret_that_cannot_be_read_is_no_permission(snmpd: int, tmp_path: Path) -> None:
    settings = dataclasses.replace(snmp_2c(tmp_path, snmpd), community_file=str(tmp_path / "no-such-file"))
    with pytest.raises(PermissionError, match="no-such-file cannot be read"), session_with(snmp_task(settings)):
        pass


def test_without_a_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(snmp_session, "LIBRARIES", ("agent.probes.no_such_library",))
    with pytest.raises(Unsupported, match=r"pip install .sonca\[snmp\]"), session_with(snmp_task(snmp_2c(tmp_path, 9))):
        pass


class EndlessPeer:
    """A device that no honest program is: its table never ends, or goes round in circles."""

    def __init__(self, place: Callable[[int], int]) -> None:
        self._place = place

    def get(self, oids: Sequence[str]) -> dict[str, SnmpValue]:
        if len(oids) > 1:
            raise BadAnswer("too much at once")
        return {oids[0]: 1}

    def walk(self, root: str) -> Callable[[], Row | None]:
        places = iter(range(10**6))
        return lambda: (f"{root}.{self._place(next(places))}", 1)

    def close(self) -> None:
        raise AssertionError("nobody opened it")


def session_over(place: Callable[[int], int]) -> SnmpSession:
    return SnmpSession(EndlessPeer(place), Deadline(30.0), lambda _: None)


def test_a_table_without_end_is_cut() -> None:
    session = session_over(lambda number: number)
    assert (len(session.column("1.3")), session.outcome) == (MOST_ROWS, Outcome.OK)


def test_a_table_that_goes_round_in_circles_is_a_bad_answer() -> None:
    session = session_over(lambda number: number % 3)
    assert (session.column("1.3"), session.outcome) == ({"0": 1, "1": 1, "2": 1}, Outcome.BAD_ANSWER)


def test_a_question_that_is_refused_as_a_whole_is_asked_in_parts() -> None:
    session = session_over(lambda number: number)
    assert session.get("1.1", "1.2") == {"1.1": 1, "1.2": 1}


@given(
    st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=6), st.lists(st.integers(0, 99), min_size=1, max_size=6)
)
def test_an_index_is_what_stands_behind_the_root(root: list[int], index: list[int]) -> None:
    prefix = ".".join(map(str, root))
    assert index_of(f"{prefix}.{'.'.join(map(str, index))}", prefix) == tuple(index)


@pytest.mark.parametrize("oid", ["1.3.6.10.1", "1.3.6.1", "1.3", "", "1.3.6.1x.1"])
def test_what_does_not_stand_below_the_root_was_not_asked_for(oid: str) -> None:
    with pytest.raises(BadAnswer):
        index_of(oid, "1.3.6.1")
