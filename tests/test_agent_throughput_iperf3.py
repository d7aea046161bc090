"""What iperf3 tells, as recorded, and what becomes of answers that are none."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.probes import throughput_iperf3
from agent.probes.deadline import Deadline
from agent.probes.outcomes import BadAnswer, Unsupported, outcome_of
from agent.probes.throughput_iperf3 import note, run, whole_rate
from agent.probes.throughput_samples import Transfer
from contract.messages import Outcome
from tests.peers import need
from tests.ports import free_port

RECORDED = Path(__file__).parent / "recorded"


def recorded(name: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads((RECORDED / f"debian12-iperf3-{name}.json").read_text())
    return answer


@pytest.mark.parametrize(("name", "mbps"), [("download", 48), ("upload", 29)])  # of lines of 50 and 30 Mbit/s
def test_a_run_becomes_samples(name: str, mbps: float) -> None:
    transfer = Transfer(10_000_000)
    note(recorded(name), transfer)
    assert transfer.mbps == pytest.approx(mbps, rel=0.1)
    assert whole_rate(recorded(name)) == pytest.approx(mbps * 1e6, rel=0.15)
    assert 0 < transfer.cpu_percent < 85
    assert transfer.local_address == "10.78.1.2"


@settings(max_examples=40)
@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner)))
def test_an_answer_that_is_none_is_a_bad_answer(answer: Any) -> None:
    with pytest.raises(BadAnswer):
        note({"intervals": [], "end": answer} if isinstance(answer, dict) else {"intervals": answer}, Transfer(1))


def test_without_the_program_it_is_unsupported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    with pytest.raises(Unsupported, match="install it"):
        run("127.0.0.1", Transfer(1), down=True, deadline=Deadline(60), step=lambda _sentence: None)


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("unable to connect to server: Connection refused", Outcome.REFUSED),
        ("unable to connect to server: No route to host", Outcome.UNREACHABLE),
        ("unable to connect to server: Connection timed out", Outcome.TIMEOUT),
        ("the server is busy running a test. try again later", Outcome.BAD_ANSWER),
    ],
)
def test_what_it_complains_about_has_its_word(words: str, outcome: Outcome) -> None:
    assert outcome_of(throughput_iperf3._error(words)) is outcome


def test_a_server_that_is_not_there_costs_no_bytes() -> None:
    need("iperf3")
    transfer = Transfer(10_000_000)
    with pytest.raises(ConnectionRefusedError):
        run(f"127.0.0.1:{free_port()}", transfer, down=True, deadline=Deadline(60), step=lambda _sentence: None)
    assert transfer.total_bytes == 0
    assert "Connection refused" in recorded("refused")["error"]


def test_a_server_that_never_answers_counts_in_full() -> None:
    """Nobody knows what went over the line before the program was ended."""
    need("iperf3")
    transfer = Transfer(10_000_000)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(TimeoutError):
            run(address, transfer, down=True, deadline=Deadline(0.5), step=lambda _sentence: None)
    assert transfer.total_bytes == throughput_iperf3.FIRST_BYTES
