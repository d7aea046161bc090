"""What `sonca agent --once` and `--explain` show a person."""

import dataclasses
import json
import socket

import pytest

from agent.polled import PjlinkSettings, PolledDevice
from agent.settings import AgentSettings
from agent.show import as_json, as_table, explain, one_round
from contract.connection import BrokerConnection
from contract.messages import Measurement, Outcome
from contract.targets import TargetEntry
from contract.trouble import Trouble
from tests.pjlink_projector import RunningProjector

SETTINGS = AgentSettings(
    "hoa-mai",
    "pc-1",
    BrokerConnection("127.0.0.1", "hoa-mai.pc-1", "password"),
    without=("ping", "wifi", "dns"),
    internet=(TargetEntry("here", tcp="127.0.0.1:9"),),
    dns=(),
    interval_seconds={"tcp": 7.0},
)


def explained(probe: str, target: str = "", settings: AgentSettings = SETTINGS) -> tuple[bool, str]:
    lines: list[str] = []
    went_well = explain(settings, probe, target, lines.append)
    return went_well, "\n".join(lines)


def test_one_round_measures_everything_at_once() -> None:
    found = one_round(SETTINGS)
    assert {entry.probe for entry in found} == {
        "host",
        "disk",
        "network_card",
        "temperature",
        "smart",
        "restarts",
        "tcp",
    }
    assert next(entry for entry in found if entry.probe == "tcp").outcome is Outcome.REFUSED


def test_the_table_lines_up_and_names_units() -> None:
    rows = [
        Measurement("ping", 0, Outcome.OK, "internet/a", 810.2, {"sent": 5, "round_trip_ms": 12.5}),
        Measurement("disk", 0, Outcome.OK, "/", 1.0, {"disk_free_bytes": 82_300_000_000}),
        Measurement("web", 0, Outcome.TIMEOUT, "internet/b", 10_000.0),
        Measurement("lamp", 0, Outcome.OK, "lamp-1", 7.0, {"hours": 12}, device="projector-1"),
    ]
    assert as_table(rows).splitlines() == [
        "probe  target              outcome  took      measured",
        "ping   internet/a          ok       810 ms    sent 5, round_trip_ms 12.5 ms",
        "disk   /                   ok       1 ms      disk_free_bytes 82.3 GB",
        "web    internet/b          timeout  10000 ms",
        "lamp   projector-1 lamp-1  ok       7 ms      hours 12 h",
        "",
        "4 measurements, 1 failed",
    ]


def test_json_is_what_would_travel() -> None:
    rows = [Measurement("ping", 5, Outcome.OK, "internet/a", 1.0, {"sent": 5})]
    assert json.loads(as_json(rows)) == [
        {
            "probe": "ping",
            "taken_at": 5,
            "outcome": "ok",
            "target": "internet/a",
            "duration_ms": 1.0,
            "fields": {"sent": 5},
        }
    ]


def test_an_explanation_shows_settings_steps_and_result() -> None:
    went_well, told = explained("tcp", "here")
    assert not went_well
    assert "tcp internet/here" in told
    assert "7 s (agent.yaml)" in told
    assert "5 s (default)" in told
    assert "did not take the connection" in told
    assert "= refused" in told


def test_any_address_can_be_asked() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        went_well, told = explained("tcp", f"127.0.0.1:{server.getsockname()[1]}")
    assert went_well
    assert "connect_ms" in told


@pytest.mark.parametrize(("probe", "hint"), [("telepathy", "known are host"), ("web", "--explain web TARGET")])
def test_what_cannot_be_explained_is_said_with_a_hint(probe: str, hint: str) -> None:
    with pytest.raises(Trouble) as caught:
        explained(probe)
    assert hint in caught.value.hint


def test_a_polled_device_is_explained_by_its_id() -> None:
    with RunningProjector() as projector:
        device = PolledDevice("projector-1", "127.0.0.1", PjlinkSettings(projector.port))
        settings = dataclasses.replace(SETTINGS, devices=(device,))
        went_well, told = explained("projector", "projector-1", settings)
    assert went_well
    assert "projector projector-1" in told
    assert "%1POWR ? -> 1" in told
    assert "[lamp-1]" in told
    with pytest.raises(Trouble, match="no device 'projector-2'"):
        explained("projector", "projector-2", settings)


def test_a_machine_probe_needs_no_target() -> None:
    went_well, told = explained("host")
    assert went_well
    assert "(this machine)" in told
