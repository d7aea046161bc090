"""What a projector says it is, and when that is told."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from agent.equipment_projector import QUESTIONS, report
from agent.equipment_watch import EVERY_SECONDS, POLLED_AGAIN_SECONDS, EquipmentWatch
from agent.polled import PjlinkSettings, PolledDevice
from agent.probes.outcomes import BadAnswer
from agent.settings import read_agent_settings
from contract.messages import EquipmentReport, decode, encode
from tests.pjlink_projector import CLASS_1, CLASS_2, RunningProjector, in_standby
from tests.waiting import wait_until


@pytest.fixture(autouse=True)
def new_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.probes.pjlink_projector._PROJECTORS", {})


@pytest.fixture
def projector() -> Iterator[RunningProjector]:
    with RunningProjector(CLASS_2) as running:
        yield running


def device_of(projector: RunningProjector) -> PolledDevice:
    return PolledDevice("projector-1", "127.0.0.1", PjlinkSettings(projector.port))


def test_it_reports_a_class_2_projector_by_glpis_names(projector: RunningProjector) -> None:
    found = report("pc-1", device_of(projector), 7)
    assert (found.agent, found.device, found.taken_at, found.kind) == ("pc-1", "projector-1", 7, "projector")
    assert found.content == {
        "bios": {"smanufacturer": "EPSON", "smodel": "EB-X49", "ssn": "X4GH5901234"},
        "hardware": {"name": "Lớp Chồi 1", "description": "1.07"},
        "firmwares": [{"name": "projector", "type": "device", "version": "2.10"}],
        "projector": {
            "lamp_models": ["ELPLP96", "ELPLP97"],
            "filter_models": ["ELPAF32"],
            "recommended_resolution": "1024x768",
            "pjlink_class": 2,
        },
    }
    assert found.junk == ()
    assert projector.sessions == 1
    assert decode(encode(found), EquipmentReport) == found


def test_a_class_1_projector_has_no_serial_number_to_tell() -> None:
    with RunningProjector(CLASS_1) as projector:
        content = report("pc-1", device_of(projector), 7).content
    assert content["bios"] == {"smanufacturer": "EPSON", "smodel": "EB-X49"}
    assert content["projector"] == {"pjlink_class": 1}
    assert "firmwares" not in content


def test_a_serial_number_that_proves_nothing_is_marked() -> None:
    with RunningProjector({**CLASS_2, "SNUM": "0000000000"}) as projector:
        assert report("pc-1", device_of(projector), 7).junk == ("bios.ssn",)


def test_a_projector_in_standby_reports_nothing_rather_than_less() -> None:
    with RunningProjector(in_standby(CLASS_2)) as projector, pytest.raises(BadAnswer, match="while it is on"):
        report("pc-1", device_of(projector), 7)


def test_a_session_that_breaks_off_reports_nothing_rather_than_less() -> None:
    with RunningProjector(CLASS_2, hangs_up_at="SVER") as projector, pytest.raises(ConnectionError):
        report("pc-1", device_of(projector), 7)


class Watching:
    """A watch of pc-1 and its devices whose results are taken one by one, as the agent's working thread does."""

    def __init__(self, *devices: PolledDevice) -> None:
        self.results: list[tuple[str, EquipmentReport | None]] = []
        self.watch = EquipmentWatch("pc-1", devices, lambda: 7, lambda *result: self.results.append(result))

    def look(self, now: float, count: int) -> None:
        """All that is due at `now`, which must be `count` subjects."""
        self.watch.start_due(now)
        wait_until(lambda: len(self.results) == count)
        for device, found in self.results:
            self.watch.finish(device, found, now, Random(1))
        self.results.clear()


def test_the_watch_tells_of_this_machine_and_of_what_it_polls(projector: RunningProjector) -> None:
    watching = Watching(device_of(projector))
    now = watching.watch.next_at() + 10
    watching.look(now, 2)
    assert set(watching.watch.unsent) == {"pc-1", "projector-1"}
    assert watching.watch.unsent["projector-1"].kind == "projector"
    assert now + 0.9 * EVERY_SECONDS <= watching.watch.next_at() <= now + 1.1 * EVERY_SECONDS


def test_a_report_is_sent_again_only_when_the_projector_is_another(projector: RunningProjector) -> None:
    watching = Watching(device_of(projector))
    now = watching.watch.next_at() + 10
    watching.look(now, 2)
    watching.watch.unsent.clear()
    watching.look(now + 2 * EVERY_SECONDS, 2)
    assert watching.watch.unsent == {}
    projector.answers["SNUM"] = "X4GH5999999"
    watching.look(now + 4 * EVERY_SECONDS, 2)
    assert [found.content["bios"]["ssn"] for found in watching.watch.unsent.values()] == ["X4GH5999999"]


def test_a_sleeping_projector_is_asked_again_soon_and_told_of_once(
    projector: RunningProjector, caplog: pytest.LogCaptureFixture
) -> None:
    awake = dict(projector.answers)
    projector.answers = in_standby(awake)
    watching = Watching(device_of(projector))
    now = watching.watch.next_at() + 10
    watching.look(now, 2)
    assert set(watching.watch.unsent) == {"pc-1"}
    assert watching.watch.next_at() <= now + 1.1 * POLLED_AGAIN_SECONDS
    watching.look(now + 2 * POLLED_AGAIN_SECONDS, 1)
    assert caplog.text.count("the equipment of projector-1 could not be read") == 1
    projector.answers = awake
    watching.look(now + 4 * POLLED_AGAIN_SECONDS, 1)
    assert set(watching.watch.unsent) == {"pc-1", "projector-1"}


def test_the_password_file_stands_beside_the_settings(tmp_path: Path) -> None:
    path = tmp_path / "agent.yaml"
    path.write_text(
        "site: hoa-mai\nagent: pc-1\nbroker: {host: 127.0.0.1, username: a, password_file: b}\n"
        "devices: [{id: projector-1, address: 192.0.2.7, pjlink: {password_file: secret}}]\n"
    )
    (device,) = read_agent_settings(path).devices
    assert device.pjlink == PjlinkSettings(4352, str(tmp_path / "secret"))
    assert list(device.probes()) == ["projector"]


def test_what_changes_by_itself_is_not_asked_for() -> None:
    assert not set(QUESTIONS) & {"LAMP", "FILT", "ERST", "INPT", "AVMT", "IRES"}
