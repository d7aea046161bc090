"""`sonca agent discover` in network namespaces: it finds a switch, a projector and a printer, and writes settings."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from ipaddress import IPv4Network
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from agent.discover import Found, as_settings, as_table, neighbours, subnet
from agent.discover_printers import is_printer, model_in, question
from agent.polled import PolledDevice
from contract.shapes import build
from contract.trouble import Trouble
from sonca import command_agent
from tests.announcing_devices import announcement
from tests.namespaces import PC, SERVER, SchoolNetwork, within
from tests.peers import need, need_root
from tests.snmp_peers import COMMUNITY
from tests.tree import ROOT
from tests.waiting import best_of, wait_until

PROJECTOR, PRINTER, BUSY_PROJECTOR = "10.77.1.40", "10.77.1.41", "10.77.1.42"
NETWORK = IPv4Network("10.77.1.0/24")
SWITCH = Found("10.77.1.3", "switch", "D-Link DES-3028: 28 ports", "00:22:b0:75:bb:c0", ("snmp",))


@contextlib.contextmanager
def running(command: list[str]) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()


@contextlib.contextmanager
def school_with_devices(folder: Path) -> Iterator[SchoolNetwork]:
    """The server's namespace holds an snmpd, two projectors and a printer, each at an address of its own."""
    conf, log = folder / "snmpd.conf", folder / "snmpd.log"
    conf.write_text(f"agentAddress udp:{SERVER}:161\nrocommunity {COMMUNITY}\nsysServices 2\n")
    snmpd = [need("snmpd"), "-f", "-Lf", str(log), "-C", "-c", str(conf), "-p", str(folder / "pid")]
    with SchoolNetwork() as network:
        for address in (PROJECTOR, PRINTER, BUSY_PROJECTOR):
            network.run(network.server, "ip", "address", "add", f"{address}/24", "dev", "eth0")
        devices = [sys.executable, "-m", "tests.announcing_devices", PROJECTOR, PRINTER, BUSY_PROJECTOR]
        with running(within(network.server, *snmpd)), running(within(network.server, *devices)) as announcing:
            assert announcing.stdout is not None
            assert announcing.stdout.readline() == b"ready\n"
            wait_until(lambda: log.exists() and "NET-SNMP version" in log.read_text())
            yield network


def test_it_finds_who_answers_and_writes_ready_settings(tmp_path: Path) -> None:
    need_root("a network of its own")
    community = tmp_path / "community"
    community.write_text(COMMUNITY)
    sonca = str(Path(sys.executable).parent / "sonca")
    asking = [sonca, "agent", "discover", str(NETWORK), "--community-file", str(community)]
    with school_with_devices(tmp_path) as network:
        nobody = subprocess.run(within(network.pc, *asking), capture_output=True, text=True, stdin=subprocess.DEVNULL)
        look = [*within(network.pc, *asking, "--yes")]
        # On a busy machine a device may answer when nobody listens any more.
        done = best_of(
            lambda: subprocess.run(look, capture_output=True, text=True, cwd=tmp_path),
            lambda done: len(told(done)) == 5,
        )
    assert (nobody.returncode, "add --yes" in nobody.stderr) == (2, True)
    assert done.returncode == 0, done.stderr
    rows = told(done)
    assert rows.keys() == {"10.77.1.1", SERVER, PROJECTOR, PRINTER, BUSY_PROJECTOR}
    assert "switch" in rows[SERVER]
    assert "snmp" in rows[SERVER]
    assert "Linux" in rows[SERVER]
    assert "projector  pjlink" in rows[PROJECTOR]
    assert "projector  pjlink" in rows[BUSY_PROJECTOR], "it was not found by the search (%2SRCH)"
    assert "Brother HL-L2350DW series" in rows[PRINTER]
    assert PC not in rows
    [device] = [
        entry for entry in yaml.safe_load(done.stdout[done.stdout.index("devices:") :])["devices"] if "snmp" in entry
    ]
    assert device == {"id": "switch-1", "address": SERVER, "snmp": {"community_file": str(community)}}


def told(done: "subprocess.CompletedProcess[str]") -> dict[str, str]:
    """Its line of each address where it is known what stands there, or at least who."""
    lines = done.stdout.splitlines()
    return {line.split()[0]: line for line in lines if line.startswith("10.77.1.") and is_known(line)}


def is_known(line: str) -> bool:
    words = {SERVER: "Linux", PRINTER: "Brother", PROJECTOR: "pjlink", BUSY_PROJECTOR: "pjlink"}
    return words.get(line.split()[0], "") in line


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("10.0.0.0/8", "more than a /22"),
        ("10.0.0.0/21", "more than a /22"),
        ("8.8.8.0/24", "is not a private network"),
        ("school", "is not a subnet"),
        ("", "needs a subnet"),
    ],
)
def test_it_refuses_what_must_not_be_scanned(written: str, sentence: str) -> None:
    with pytest.raises(Trouble, match=sentence):
        command_agent.main(["discover", *([written] if written else []), "--yes"])


def test_a_large_subnet_is_taken_when_it_is_meant() -> None:
    assert subnet("10.0.0.0/21", large=True) == IPv4Network("10.0.0.0/21")
    assert subnet("192.168.1.17/24") == IPv4Network("192.168.1.0/24")
    assert subnet("10.0.0.0/22") == IPv4Network("10.0.0.0/22")


def test_nothing_is_sent_when_the_person_says_no(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("builtins.input", lambda _: "n")
    monkeypatch.setattr("sonca.command_discover.discover", lambda *_: pytest.fail("it asked the network"))
    assert command_agent.main(["discover", "192.168.1.0/24"]) == 1
    assert capsys.readouterr().out == "nothing was sent\n"


def test_a_missing_community_file_is_named() -> None:
    with pytest.raises(Trouble, match="no-such-file: there is no such file"):
        command_agent.main(["discover", "192.168.1.0/24", "--yes", "--community-file", "no-such-file"])


def test_only_those_who_answered_for_themselves_are_neighbours() -> None:
    table = (
        "IP address       HW type     Flags       HW address            Mask     Device\n"
        "10.77.1.3        0x1         0x2         00:22:B0:75:bb:c0     *        eth0\n"
        "10.77.1.9        0x1         0x0         00:00:00:00:00:00     *        eth0\n"
        "192.168.9.9      0x1         0x2         00:22:b0:75:bb:c1     *        eth1\n"
    )
    assert neighbours(NETWORK, table) == {"10.77.1.3": "00:22:b0:75:bb:c0"}


def test_settings_are_written_for_what_can_be_polled_and_can_be_read() -> None:
    found = [
        SWITCH,
        Found("10.77.1.9", "", "", "00:22:b0:75:bb:c9"),
        Found("10.77.1.4", "access_point", "# evil: [\n}", "", ("snmp",)),
        Found("10.77.1.5", "access_point", "", "", ("snmp",)),
    ]
    text = as_settings(found, {"snmp": "{community_file: community}"}, "pc-1")
    devices = [build(PolledDevice, entry, refuse_unknown=True) for entry in yaml.safe_load(text)["devices"]]
    assert [(entry.id, entry.address) for entry in devices] == [
        ("switch-1", "10.77.1.3"),
        ("access-point-1", "10.77.1.4"),
        ("access-point-2", "10.77.1.5"),
    ]
    assert "#   - {id: switch-1, kind: switch, reported_by: [pc-1]}" in text
    assert as_settings([found[1]], {}, "pc-1") == ""


def test_the_table_has_a_line_for_each() -> None:
    head, line = as_table([SWITCH]).splitlines()
    assert head.split()[:3] == ["address", "kind", "speaks"]
    assert line.startswith("10.77.1.3  switch  snmp")


@given(st.binary(max_size=80))
def test_no_announcement_breaks_the_reader(packet: bytes) -> None:
    assert model_in(packet).isprintable()
    assert is_printer(packet) in (True, False)


def test_an_announcement_is_told_from_a_question() -> None:
    assert is_printer(announcement())
    assert model_in(announcement()) == "Brother HL-L2350DW series"
    assert not is_printer(question())
    assert model_in(question()) == ""
