"""The unit file: read back by a reader of systemd's own rules, and judged by systemd itself."""

import pwd
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.trouble import Trouble
from sonca.cli import main
from sonca.service.systemd import SETTLE_SECONDS
from sonca.service.task import LOOK_AGAIN
from sonca.service.unit import FIRST_PAUSE, LONGEST_PAUSE, OURS, quoted, unit_text, user_word
from sonca.service.wanted import AGENT, UP, Wanted
from sonca.supervise import STOP_SECONDS
from tests import markdown
from tests.peers import need
from tests.systemd_unit import Unit, complaints, exposure, specified, words
from tests.tree import ROOT

DOCUMENT = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
PRINTABLE = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "))
ODD = 'Trường "Sơn Ca" 100% \\ $HOME; it\'s'


def wanted(folder: Path, kind: str = AGENT, **more: object) -> Wanted:
    settings = folder / "agent.yaml"
    command = ("/usr/bin/env", kind, "--settings", str(settings))
    return Wanted(kind, command, settings, (folder / "agent-data",), **more)  # type: ignore[arg-type]


@given(PRINTABLE)
def test_a_word_is_read_back_as_it_was_wherever_systemd_reads_one(word: str) -> None:
    for c_escapes in (True, False):
        assert [specified(entry) for entry in words(f"{quoted(word)} next", c_escapes=c_escapes)] == [word, "next"]


@given(st.lists(PRINTABLE, min_size=1))
def test_command_and_paths_are_read_back(arguments: list[str]) -> None:
    folder = Path("/srv") / "".join(arguments).replace("/", "-")[:60]
    asked = Wanted(AGENT, ("/usr/bin/env", *arguments), folder, (folder, folder / "x"), environment={"A": arguments[0]})
    unit = Unit(unit_text(asked, "co-lan"))
    assert unit.command() == ["/usr/bin/env", *arguments]
    assert unit.paths("Service", "ReadWritePaths") == [str(folder), str(folder / "x")]
    assert unit.paths("Unit", "RequiresMountsFor") == [str(folder), str(folder / "x")]
    assert unit.environment() == {"A": arguments[0]}


@pytest.mark.parametrize("word", ["line\nbreak", "tab\t", "\x7f", "\udcff", "\x00"])
def test_what_no_unit_file_can_hold_is_refused_with_a_sentence(word: str) -> None:
    with pytest.raises(Trouble, match="has a character that systemd cannot read"):
        quoted(word)


@pytest.mark.parametrize("folder", ["Cô Lan's", 'the "new" one', "back\\slash"])
def test_a_program_that_systemd_would_not_start_is_refused(folder: str) -> None:
    with pytest.raises(Trouble, match="starts no program whose path"):
        unit_text(Wanted(AGENT, (f"/srv/{folder}/sonca",), Path("/srv"), ()), "root")


@pytest.mark.parametrize("kind", [UP, AGENT])
@pytest.mark.parametrize("user", ["root", None])
def test_systemd_finds_nothing_wrong_with_it(tmp_path: Path, kind: str, user: str | None) -> None:
    home = tmp_path / ODD
    home.mkdir()
    program = home.parent / "Trường 100% $HOME" / "sonca"
    program.parent.mkdir()
    asked = Wanted(kind, (str(program), kind, str(home)), home, (home,), waits_for_network=True, disk_health=True)
    file = tmp_path / f"{asked.name}.service"
    file.write_text(unit_text(asked, user), encoding="utf-8")
    assert [line for line in complaints(file) if f"{program} is not executable" in line], (
        "it reads the path as we mean it"
    )
    shutil.copy(need("true"), program)
    assert complaints(file) == []


def test_systemd_puts_it_among_what_starts_with_the_machine(tmp_path: Path) -> None:
    units = tmp_path / "etc" / "systemd" / "system"
    units.mkdir(parents=True)
    (units / "sonca-agent.service").write_text(unit_text(wanted(tmp_path), "root"), encoding="utf-8")
    subprocess.run([need("systemctl"), f"--root={tmp_path}", "enable", "sonca-agent"], check=True, capture_output=True)
    assert (units / "multi-user.target.wants" / "sonca-agent.service").is_symlink()


def test_a_service_is_shut_as_far_as_its_probes_allow(tmp_path: Path) -> None:
    file = tmp_path / "sonca-agent.service"
    file.write_text(unit_text(wanted(tmp_path), "nobody"), encoding="utf-8")
    assert exposure(file) < 4, "3.1 with systemd 252; a service that says nothing has 9.6"


def test_rights_are_one_and_for_disks_three(tmp_path: Path) -> None:
    narrow, wide = (Unit(unit_text(wanted(tmp_path, disk_health=disks), "root")) for disks in (False, True))
    for key in ("CapabilityBoundingSet", "AmbientCapabilities"):
        assert narrow.value("Service", key) == "CAP_NET_RAW"
        assert wide.value("Service", key) == "CAP_NET_RAW CAP_SYS_RAWIO CAP_SYS_ADMIN"
    assert narrow.values("Service", "SupplementaryGroups") == []
    assert wide.value("Service", "SupplementaryGroups") == "disk"


def test_only_what_listens_at_an_address_waits_for_the_network(tmp_path: Path) -> None:
    alone, listening = (
        Unit(unit_text(wanted(tmp_path, UP, waits_for_network=waits), "root")) for waits in (False, True)
    )
    assert "network-online.target" not in alone.value("Unit", "After")
    for unit in (alone, listening):
        assert "network.target" in unit.value("Unit", "After").split(), "at shutdown it goes before the network does"
    assert "network-online.target" in listening.value("Unit", "After").split()
    assert listening.value("Unit", "Wants") == "network-online.target"


def test_it_never_gives_up_and_ends_in_peace(tmp_path: Path) -> None:
    for kind, seconds in ((UP, 7 * STOP_SECONDS), (AGENT, 20)):
        unit = Unit(unit_text(wanted(tmp_path, kind), "root"))
        assert unit.value("Service", "Restart") == "always"
        assert unit.value("Unit", "StartLimitIntervalSec") == "0"
        assert unit.value("Service", "KillMode") == "mixed"
        assert unit.value("Service", "TimeoutStopSec") == f"{seconds:.0f}s"


def test_a_unit_of_a_users_own_asks_for_nothing_that_only_root_can_give(tmp_path: Path) -> None:
    unit = Unit(unit_text(wanted(tmp_path), None))
    for key in ("User", "AmbientCapabilities", "ProtectSystem", "NoNewPrivileges", "ReadWritePaths"):
        assert unit.values("Service", key) == []
    assert unit.value("Install", "WantedBy") == "default.target"


def test_the_user_is_named_or_numbered() -> None:
    assert user_word(0) == "root"
    assert user_word(pwd.getpwnam("nobody").pw_uid) == "nobody"
    with pytest.raises(Trouble, match="does not know the user 61234"):
        user_word(61234)


@pytest.mark.parametrize("name", ["SCHOOL\\co-lan", "Cô.Lan", "co lan"])
def test_a_name_that_systemd_might_not_take_goes_by_its_number(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = pwd.getpwuid(0)
    monkeypatch.setattr("pwd.getpwuid", lambda _: pwd.struct_passwd((name, *tuple(entry)[1:])))
    assert user_word(1234) == "1234"


def test_its_first_line_says_whose_it_is(tmp_path: Path) -> None:
    assert unit_text(wanted(tmp_path), "root").startswith(f"{OURS} agent`")


@pytest.mark.parametrize(
    "sentence",
    [
        f"after {FIRST_PAUSE.removesuffix('s')} seconds, later up to {LONGEST_PAUSE.removesuffix('min')} minutes",
        f"watched for {['four', 'five', 'six'][int(SETTLE_SECONDS) - 4]} seconds",
        f"again within {['four', 'five', 'six'][int(LOOK_AGAIN[2:-1]) - 4]} minutes",
    ],
)
def test_the_numbers_of_the_document_are_those_of_the_code(sentence: str) -> None:
    assert sentence in " ".join(DOCUMENT.split())


def test_the_commands_of_the_document_are_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [line for block in markdown.code_blocks(DOCUMENT) for line in block.splitlines() if line]
    assert len(lines) == 2
    for line in lines:
        words = line.removeprefix("sudo .venv/bin/sonca service install ").split()
        assert main(["service", "show", *words]) == 2, "there is no such data and no such file here"
        told = capsys.readouterr().err
        assert "holds no SonCa data" in told or "agent.yaml" in told
