"""`sonca service` as root and as anybody, with a systemctl that notes what it is told."""

import os
import sys
from pathlib import Path

import pytest

from sonca.cli import main
from sonca.leftovers import ProcessList
from sonca.service import systemd
from tests.peers import need_root
from tests.standing_in import StandIns
from tests.systemd_unit import Unit

AGENT_YAML = "site: hoa-mai\nagent: pc-1\nbroker: {host: 127.0.0.1, username: hoa-mai.pc-1, password_file: password}\n"
SCHOOL_YAML = "site: hoa-mai\nname: Hoa Mai\nrooms: []\n"
NOBODY = 65_534
RUNS = "ActiveState=active\nSubState=running\nUnitFileState=enabled\nActiveEnterTimestamp=Thu 2026-11-26 07:00:00 +07"
NOT_THERE = "ActiveState=inactive\nSubState=dead\nUnitFileState=\nActiveEnterTimestamp="
FAILS = "ActiveState=activating\nSubState=auto-restart\nUnitFileState=enabled\nActiveEnterTimestamp="
DONE = ["daemon-reload", "enable sonca-agent", "restart sonca-agent"]


class Machine:
    """A machine with systemd, whose units are in a folder of the test."""

    def __init__(self, folder: Path, stand_ins: StandIns, capsys: pytest.CaptureFixture[str]) -> None:
        self.units = folder / "units"
        self.settings = folder / "Lớp lá 1" / "agent.yaml"
        self.settings.parent.mkdir()
        self.settings.write_text(AGENT_YAML)
        self.data = folder / "data"
        self.data.mkdir()
        (self.data / "school.yaml").write_text(SCHOOL_YAML)
        self.stand_ins = stand_ins
        self._capsys = capsys

    @property
    def file(self) -> Path:
        return self.units / "sonca-agent.service"

    def service(self, *words: str | Path, code: int = 0) -> str:
        """What the command told, on both streams."""
        assert main(["service", *map(str, words)]) == code
        told = self._capsys.readouterr()
        return told.out + told.err

    def asked(self) -> list[str]:
        """What systemctl was told, without questions."""
        calls = [call.removeprefix("systemctl ") for call in self.stand_ins.calls()]
        return [call for call in calls if "show " not in call]

    def will(self, state: str, after: str | None = None) -> None:
        """How systemd finds every unit, and how from the next restart on."""
        self.stand_ins.answer("show ", state)
        self.stand_ins.answer("restart ", "", then={"show ": (after or state, 0)})


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Machine:
    stand_ins = StandIns(tmp_path / "bin", monkeypatch, "systemctl")
    made = Machine(tmp_path, stand_ins, capsys)
    made.units.mkdir()
    monkeypatch.setattr(systemd, "SYSTEM_UNITS", made.units)
    monkeypatch.setattr(systemd, "BOOTED", tmp_path)
    monkeypatch.setattr(systemd, "LINGERING", tmp_path / "linger")
    monkeypatch.setattr(systemd, "SETTLE_SECONDS", 0.0)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    made.will(NOT_THERE, after=RUNS)
    return made


@pytest.fixture
def of_a_user(machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setattr("os.geteuid", lambda: NOBODY)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return machine


def test_an_agent_is_installed_started_and_looked_at(machine: Machine) -> None:
    told = machine.service("install", "agent", machine.settings)
    assert told.splitlines() == [
        f"written: {machine.file}",
        "sonca-agent was started; looking for 0 seconds whether it stays up ...",
        "sonca-agent runs, and starts by itself from now on",
    ]
    assert machine.asked() == DONE
    unit = Unit(machine.file.read_text())
    program = str(Path(sys.executable).with_name("sonca"))
    assert unit.command() == [program, "agent", "--settings", str(machine.settings)]
    assert unit.paths("Service", "ReadWritePaths") == [str(machine.settings.parent / "agent-data")]
    assert (machine.settings.parent / "agent-data").stat().st_mode & 0o777 == 0o700


def test_installed_again_it_says_already_and_touches_nothing(machine: Machine) -> None:
    machine.service("install", "agent", machine.settings)
    before = machine.file.stat().st_mtime_ns
    machine.asked()
    assert machine.service("install", "agent", machine.settings) == (
        f"sonca-agent is installed already, and runs: {machine.file}\n"
    )
    assert machine.asked() == []
    assert machine.file.stat().st_mtime_ns == before


def test_one_that_was_stopped_by_hand_is_started_again(machine: Machine) -> None:
    machine.service("install", "agent", machine.settings)
    machine.asked()
    machine.will(NOT_THERE, after=RUNS)
    assert "as it was: " in machine.service("install", "agent", machine.settings)
    assert machine.asked() == DONE


def test_a_changed_one_is_written_anew_and_restarted(machine: Machine) -> None:
    machine.service("install", "agent", machine.settings)
    machine.asked()
    assert f"changed: {machine.file}" in machine.service("install", "agent", machine.settings, "--disk-health")
    assert machine.asked() == DONE
    assert "CAP_SYS_RAWIO" in machine.file.read_text()


def test_one_that_does_not_stay_up_is_told_with_the_way_to_its_log(machine: Machine) -> None:
    machine.will(NOT_THERE, after=FAILS)
    told = machine.service("install", "agent", machine.settings, code=2)
    assert "sonca-agent is installed, but ends again and again, `journalctl -u sonca-agent -n 20` says why" in told
    assert "hint: it starts by itself once that is mended" in told


def test_what_systemctl_complains_of_is_told(machine: Machine) -> None:
    machine.stand_ins.answer("enable", "Unit is masked.", code=1)
    told = machine.service("install", "agent", machine.settings, code=2)
    assert "`systemctl enable sonca-agent` did not work: Unit is masked." in told


def test_removed_it_is_gone_and_data_stays(machine: Machine) -> None:
    machine.service("install", "agent", machine.settings)
    machine.asked()
    told = machine.service("remove", "agent")
    assert told == "sonca-agent was stopped and taken away; its data and settings stay where they are\n"
    assert machine.asked() == ["disable --now sonca-agent", "daemon-reload"]
    assert not machine.file.exists()
    assert (machine.settings.parent / "agent-data").is_dir()
    assert "sonca-agent is not installed" in machine.service("remove", "agent")
    assert machine.asked() == []


def test_a_file_of_somebody_else_is_left_alone(machine: Machine) -> None:
    machine.file.write_text("[Service]\nExecStart=/bin/true\n")
    for words in (("install", "agent", machine.settings), ("remove", "agent")):
        assert f"{machine.file} was not written by SonCa" in machine.service(*words, code=2)
    assert machine.asked() == []
    assert machine.file.read_text() == "[Service]\nExecStart=/bin/true\n"


@pytest.mark.parametrize(
    ("state", "words", "code"),
    [
        (RUNS, "runs since Thu 2026-11-26 07:00:00 +07; it starts with this machine", 0),
        (FAILS, "ends again and again, `journalctl -u sonca-agent -n 20` says why; it starts with this machine", 1),
        (NOT_THERE, "does not run (inactive), `journalctl -u sonca-agent -n 20` says why; it does not start with", 1),
        (RUNS.replace("=enabled", "=disabled"), "runs since Thu 2026-11-26 07:00:00 +07; it does not start with", 1),
    ],
)
def test_status_says_it_in_words_and_by_its_exit_code(machine: Machine, state: str, words: str, code: int) -> None:
    machine.service("install", "agent", machine.settings)
    machine.will(state)
    first, second = machine.service("status", code=code).splitlines()
    assert first == "sonca-up     is not installed"
    assert second.startswith(f"sonca-agent  {words}")


def test_show_touches_nothing_and_prints_what_install_writes(machine: Machine) -> None:
    shown = machine.service("show", "agent", machine.settings)
    assert machine.asked() == []
    assert list(machine.units.iterdir()) == []
    assert not (machine.settings.parent / "agent-data").exists()
    machine.service("install", "agent", machine.settings)
    assert machine.file.read_text() == shown


def test_up_runs_with_the_options_that_last(machine: Machine, tmp_path: Path) -> None:
    shown = machine.service("show", "up", "--data", machine.data, "--port", "9000", "--listen", "192.168.1.10")
    assert Unit(shown).command()[1:] == ["up", "--data", str(machine.data), "--port=9000", "--listen=192.168.1.10"]
    assert Unit(shown).value("Unit", "Wants") == "network-online.target"
    shown = machine.service("show", "up", "--data", machine.data, "--broker", "nats")
    assert Unit(shown).command()[1:] == ["up", "--data", str(machine.data), "--port=8480", "--broker=nats"]
    assert Unit(shown).paths("Service", "ReadWritePaths") == [str(machine.data)]


def test_up_may_write_where_its_settings_keep_the_databases(machine: Machine, tmp_path: Path) -> None:
    (machine.data / "sonca.yaml").write_text(
        "broker: {host: 127.0.0.1, username: collector, password_file: p}\n"
        f"store: {{path: '{tmp_path}/disk 2/series.db'}}\nstate_url: 'sqlite:///{tmp_path}/disk 3/state.db'\n"
    )
    writes = Unit(machine.service("show", "up", "--data", machine.data)).paths("Service", "ReadWritePaths")
    assert writes == [str(machine.data), f"{tmp_path}/disk 2", f"{tmp_path}/disk 3"]


def test_up_without_data_is_one_sentence(machine: Machine, tmp_path: Path) -> None:
    told = machine.service("install", "up", "--data", tmp_path / "none", code=2)
    assert told == (
        f"sonca service: {tmp_path}/none holds no SonCa data\n"
        "  hint: start `sonca up` once, or name its folder with --data\n"
    )


def test_up_that_runs_in_a_window_has_to_end_first(machine: Machine) -> None:
    ProcessList(machine.data / "processes.json").write({"up": os.getpid()})
    told = machine.service("install", "up", "--data", machine.data, code=2)
    assert f"SonCa runs on this data already (process {os.getpid()})" in told
    assert machine.asked() == []
    machine.will(RUNS)
    assert "sonca-up runs, and starts by itself" in machine.service("install", "up", "--data", machine.data)


def test_a_bad_settings_file_is_refused_before_anything_is_written(machine: Machine) -> None:
    machine.settings.write_text("site: hoa-mai\n")
    assert "agent.yaml" in machine.service("install", "agent", machine.settings, code=2)
    assert list(machine.units.iterdir()) == []


def test_it_runs_as_the_owner_of_its_settings_who_gets_the_data_folder(machine: Machine) -> None:
    need_root("a file of another user")
    for path in (machine.settings, machine.settings.parent):
        os.chown(path, NOBODY, NOBODY)
    machine.service("install", "agent", machine.settings)
    assert Unit(machine.file.read_text()).value("Service", "User") == "nobody"
    made = (machine.settings.parent / "agent-data").stat()
    assert (made.st_uid, made.st_gid) == (NOBODY, NOBODY)


def test_nobody_runs_a_program_that_another_user_may_change(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_root("a file of another user")
    code = tmp_path / "venv"
    code.mkdir()
    os.chown(code, NOBODY, NOBODY)
    monkeypatch.setattr("sys.prefix", str(code))
    told = machine.service("install", "agent", machine.settings, code=2)
    assert f"{machine.settings.parent} and the program in {code} belong to two users" in told
    assert list(machine.units.iterdir()) == []


def test_without_root_it_is_a_unit_of_the_users_own(of_a_user: Machine, tmp_path: Path) -> None:
    told = of_a_user.service("install", "agent", of_a_user.settings)
    file = tmp_path / "config" / "systemd" / "user" / "sonca-agent.service"
    assert f"written: {file}" in told
    assert "but only when you log in; so that it starts with the machine: sudo loginctl enable-linger " in told
    assert of_a_user.asked() == [f"--user {call}" for call in DONE]
    assert Unit(file.read_text()).values("Service", "User") == []
    assert "it starts when its user logs in" in of_a_user.service("status")


def test_a_user_who_lingers_hears_no_hint(of_a_user: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(systemd, "_lingers", lambda: True)
    assert "enable-linger" not in of_a_user.service("install", "agent", of_a_user.settings)
    assert "it starts with this machine" in of_a_user.service("status")


def test_a_user_hears_of_the_whole_machines_service_and_does_not_double_it(of_a_user: Machine) -> None:
    of_a_user.file.write_text("# anything")
    of_a_user.will(RUNS)
    assert "sonca-agent  runs since" in of_a_user.service("status")
    assert "--user" not in " ".join(of_a_user.stand_ins.calls())
    for words in (("install", "agent", of_a_user.settings), ("remove", "agent")):
        assert "is installed for the whole machine" in of_a_user.service(*words, code=2)


def test_rights_for_disks_need_root(of_a_user: Machine) -> None:
    told = of_a_user.service("install", "agent", of_a_user.settings, "--disk-health", code=2)
    assert "--disk-health gives rights that only root can give\n  hint: put sudo before the command" in told


def test_without_systemd_it_says_so_and_what_to_run(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(systemd, "BOOTED", machine.units / "none")
    told = machine.service("install", "agent", machine.settings, code=2)
    assert "this is made for systemd and for Windows, and neither runs this machine" in told
    assert f"agent --settings '{machine.settings}'" in told
    for words in (("status",), ("remove", "up")):
        assert "neither runs this machine" in machine.service(*words, code=2)
    assert machine.asked() == []
