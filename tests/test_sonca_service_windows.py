"""The task of Windows: its XML by the documented schema, and what schtasks is told. No Windows was at hand."""

import os
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.trouble import Trouble
from sonca.leftovers import ProcessList
from sonca.service.task import LOCAL_SYSTEM, NAMESPACE, task_text
from sonca.service.task_scheduler import TaskScheduler
from sonca.service.wanted import AGENT, UP, Wanted
from tests.standing_in import StandIns

# What [MS-TSCH] 2.5 allows in the elements that we write: a sequence has an order, the others (xs:all) have none.
SEQUENCES = {
    "BootTrigger": ("Enabled", "StartBoundary", "EndBoundary", "Repetition", "ExecutionTimeLimit", "Delay"),
}
SETS = {
    "Task": {"RegistrationInfo", "Triggers", "Settings", "Data", "Principals", "Actions"},
    "RegistrationInfo": {"URI", "Source", "Author", "Description", "Version", "Date", "Documentation"},
    "Triggers": {"BootTrigger", "TimeTrigger", "LogonTrigger", "CalendarTrigger", "EventTrigger"},
    "Repetition": {"Interval", "Duration", "StopAtDurationEnd"},
    "Principals": {"Principal"},
    "Principal": {"UserId", "LogonType", "GroupId", "DisplayName", "RunLevel"},
    "Settings": {
        *("AllowStartOnDemand", "RestartOnFailure", "MultipleInstancesPolicy", "DisallowStartIfOnBatteries"),
        *("StopIfGoingOnBatteries", "AllowHardTerminate", "StartWhenAvailable", "NetworkProfileName"),
        *("RunOnlyIfNetworkAvailable", "WakeToRun", "Enabled", "Hidden", "DeleteExpiredTaskAfter", "IdleSettings"),
        *("NetworkSettings", "ExecutionTimeLimit", "Priority", "RunOnlyIfIdle"),
    },
    "RestartOnFailure": {"Interval", "Count"},
    "IdleSettings": {"Duration", "WaitTimeout", "StopOnIdleEnd", "RestartOnIdle"},
    "Actions": {"Exec"},
    "Exec": {"Command", "Arguments", "WorkingDirectory"},
}
# Characters that XML 1.0 and Windows' own file names know.
TEXT = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), max_size=40)


def wanted(kind: str = AGENT, *arguments: str) -> Wanted:
    home = Path(r"C:\Trường học\lop-la-1")
    return Wanted(kind, (r"C:\Program Files\SonCa\sonca.exe", kind, *arguments), home, (home,))


def tree(text: str) -> ElementTree.Element:
    """The XML as it stands in the file: UTF-16 with its mark."""
    return ElementTree.fromstring(text.encode("utf-16"))


def plain(element: ElementTree.Element) -> str:
    assert element.tag.startswith(f"{{{NAMESPACE}}}")
    return element.tag.rpartition("}")[2]


def found(root: ElementTree.Element, path: str) -> str | None:
    element = root.find("/".join(f"{{{NAMESPACE}}}{name}" for name in path.split("/")))
    return None if element is None else element.text


def words_of_windows(line: str) -> list[str]:
    """As a program of Microsoft's C runtime splits its command line: quotation marks, and backslashes before them."""
    found, word, quoted, begun, at = [], "", False, False, 0
    while at < len(line):
        slashes = len(line[at:]) - len(line[at:].lstrip("\\"))
        at += slashes
        is_quote = line[at : at + 1] == '"'
        word += "\\" * (slashes // 2 if is_quote else slashes)
        begun = begun or slashes > 0
        if is_quote and slashes % 2:
            word += '"'
        elif is_quote:
            quoted, begun = not quoted, True
        elif line[at : at + 1] in (" ", "\t") and not quoted:
            found += [word] if begun else []
            word, begun = "", False
        else:
            word, begun = word + line[at : at + 1], begun or at < len(line)
        at += 1
    return [*found, word] if begun else found


@pytest.mark.parametrize("kind", [UP, AGENT])
def test_every_element_is_one_of_the_schema_and_in_its_order(kind: str) -> None:
    root = tree(task_text(wanted(kind), r"TRUONG\co-lan"))
    assert (plain(root), root.get("version")) == ("Task", "1.2")
    for element in root.iter():
        children = [plain(child) for child in element]
        assert len(set(children)) == len(children)
        if plain(element) in SEQUENCES:
            order = SEQUENCES[plain(element)]
            assert children == sorted(children, key=order.index)
        elif children:
            assert set(children) <= SETS[plain(element)], plain(element)


@given(st.lists(TEXT, max_size=5))
def test_the_command_is_read_back_as_it_was(arguments: list[str]) -> None:
    root = tree(task_text(wanted(AGENT, *arguments), "co-lan"))
    assert found(root, "Actions/Exec/Command") == r"C:\Program Files\SonCa\sonca.exe"
    assert words_of_windows(found(root, "Actions/Exec/Arguments") or "") == ["agent", *arguments]


def test_it_starts_with_the_machine_and_again_and_has_no_end() -> None:
    root = tree(task_text(wanted(), "co-lan"))
    assert found(root, "Triggers/BootTrigger/Enabled") == "true"
    assert found(root, "Triggers/BootTrigger/Repetition/Interval") == "PT5M", "one that ended is started again"
    assert found(root, "Settings/MultipleInstancesPolicy") == "IgnoreNew", "and one that runs is left alone"
    assert found(root, "Settings/RestartOnFailure/Interval") == "PT1M"
    assert 1 <= int(found(root, "Settings/RestartOnFailure/Count") or 0) <= 255
    assert found(root, "Settings/ExecutionTimeLimit") == "PT0S"
    for name in ("DisallowStartIfOnBatteries", "StopIfGoingOnBatteries", "RunOnlyIfNetworkAvailable", "RunOnlyIfIdle"):
        assert found(root, f"Settings/{name}") == "false"


def test_the_agent_is_the_system_and_up_is_whoever_installs_it() -> None:
    agent, up = (tree(task_text(wanted(kind), r"TRUONG\co-lan")) for kind in (AGENT, UP))
    principal = "Principals/Principal"
    assert (found(agent, f"{principal}/UserId"), found(agent, f"{principal}/LogonType")) == (LOCAL_SYSTEM, None)
    assert (found(up, f"{principal}/UserId"), found(up, f"{principal}/LogonType")) == (r"TRUONG\co-lan", "S4U")
    assert found(up, f"{principal}/RunLevel") == "LeastPrivilege"
    for root in (agent, up):
        [one] = root.iter(f"{{{NAMESPACE}}}Principal")
        [actions] = root.iter(f"{{{NAMESPACE}}}Actions")
        assert one.get("id") == actions.get("Context") is not None


@pytest.fixture
def windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIns:
    monkeypatch.setenv("PROGRAMDATA", str(tmp_path / "ProgramData"))
    monkeypatch.setenv("USERDOMAIN", "TRUONG")
    monkeypatch.setattr("getpass.getuser", lambda: "co-lan")
    made = StandIns(tmp_path / "bin", monkeypatch, "schtasks", "powershell")
    made.answer("/Query", "ERROR: The system cannot find the file specified.", 1)
    made.answer("/Create", "SUCCESS", then={"/Query": ("", 0), "powershell": ("Running", 0)})
    return made


def told_by_schtasks(windows: StandIns) -> list[str]:
    return [re.sub(r"/XML \S+", "/XML FILE", call) for call in windows.calls() if "/Query" not in call]


def test_a_task_is_registered_and_started_once(windows: StandIns, tmp_path: Path) -> None:
    file = tmp_path / "ProgramData" / "SonCa" / "sonca-agent.xml"
    first = list(TaskScheduler().install(wanted()))
    assert first[0] == f"sonca-agent was registered and started, from {file}"
    assert told_by_schtasks(windows) == [
        "schtasks /Create /TN sonca-agent /XML FILE /F",
        "schtasks /Run /TN sonca-agent",
    ]
    assert file.read_bytes().decode("utf-16") == TaskScheduler().text(wanted())
    assert list(TaskScheduler().install(wanted())) == ["sonca-agent is installed already, and runs"]
    assert [call for call in told_by_schtasks(windows) if "schtasks" in call] == []


def test_a_changed_task_is_ended_first(windows: StandIns) -> None:
    list(TaskScheduler().install(wanted()))
    windows.calls()
    assert "sonca-agent was changed and started" in next(iter(TaskScheduler().install(wanted(AGENT, "--once"))))
    assert [call.split()[1] for call in told_by_schtasks(windows) if "schtasks" in call] == ["/End", "/Create", "/Run"]


def test_a_task_is_removed_and_status_says_what_is_there(windows: StandIns) -> None:
    assert [line for _, line in TaskScheduler().status()] == [
        "sonca-up     is not installed",
        "sonca-agent  is not installed",
    ]
    list(TaskScheduler().install(wanted()))
    assert list(TaskScheduler().status())[1] == (True, "sonca-agent  runs; it starts with this machine")
    windows.calls()
    assert list(TaskScheduler().remove(AGENT)) == [
        "sonca-agent was stopped and taken away; its data and settings stay where they are"
    ]
    assert [call for call in windows.calls() if "/End" in call or "/Delete" in call] == [
        "schtasks /End /TN sonca-agent",
        "schtasks /Delete /TN sonca-agent /F",
    ]
    windows.answer("powershell", "Ready")
    assert list(TaskScheduler().status())[1] == (
        False,
        "sonca-agent  does not run (Ready); it starts with this machine",
    )
    windows.answer("/Query", "", 1)
    assert list(TaskScheduler().remove(AGENT)) == ["sonca-agent is not installed"]


def test_without_the_rights_it_says_how_to_get_them(windows: StandIns) -> None:
    windows.answer("/Create", "ERROR: Access is denied.", 1)
    with pytest.raises(Trouble, match=r"did not work: ERROR: Access is denied[\s\S]*Run as administrator"):
        list(TaskScheduler().install(wanted()))


def test_up_that_runs_in_a_window_has_to_end_first(windows: StandIns, tmp_path: Path) -> None:
    ProcessList(tmp_path / "processes.json").write({"up": os.getpid()})
    asked = Wanted(UP, ("sonca.exe", "up"), tmp_path, (tmp_path,))
    with pytest.raises(Trouble, match="SonCa runs on this data already"):
        list(TaskScheduler().install(asked))
    assert [call for call in windows.calls() if "/Query" not in call] == []
