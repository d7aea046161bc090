"""What the PC says of itself, and that every probe's findings fit the catalogue."""

import errno
import json
import time
from collections import namedtuple
from pathlib import Path
from typing import Any

import psutil
import pytest

from agent.network_settings import SEGMENT_PROBES, TRACEROUTE
from agent.polled import DEVICE_PROBES
from agent.probes import network_card, temperature
from agent.probes.disk import Volume, own_volumes
from agent.probes.finding import Finding, Task
from agent.probes.host import ProcessorUse, uptime_seconds
from agent.probes.outcomes import outcome_of
from agent.probes.program import output_of
from agent.probes.registry import PROBES
from contract import metrics
from contract.messages import Measurement, Outcome, Target, encode
from tests.dns_server import dnsmasq
from tests.waiting import patiently, wait_until
from tests.web_server import site

OWN_PROBES = {"agent", "collector"}  # SonCa measures these of itself, without a probe function
BROUGHT_ALONG = {"lamp", "neighbour", "snmp_storage", "supply"}  # by another probe, from the same session


def findings_of(probe: str, address: str = "", server: str = "") -> tuple[list[Finding], list[str]]:
    steps: list[str] = []
    task = Task(Target("services", "test", probe, address, server), 30.0, steps.append)
    try:
        return PROBES[probe](task), steps
    except Exception as error:  # noqa: BLE001 - as the runner does: whatever a probe raises becomes a word
        return [Finding(outcome_of(error))], [*steps, str(error)]


def test_every_probe_of_the_catalogue_can_be_run() -> None:
    assert set(PROBES) == set(metrics.PROBES) - OWN_PROBES - BROUGHT_ALONG


@pytest.mark.parametrize("probe", sorted(PROBES.keys() - DEVICE_PROBES - {*SEGMENT_PROBES, TRACEROUTE}))
def test_every_finding_on_this_machine_fits_the_catalogue(probe: str) -> None:
    with site() as web, dnsmasq("--address=/school.test/10.9.9.9") as name_server:
        addresses = {"ping": "127.0.0.1", "tcp": web, "web": f"http://{web}/", "dns": "www.school.test"}
        found, steps = findings_of(probe, addresses.get(probe, ""), server=name_server if probe == "dns" else "")
    assert steps, "a probe must tell its steps"
    assert all(step and step[0] != " " and "\n" not in step for step in steps)
    assert found
    for finding in found:
        taken = metrics.fitted(metrics.PROBES[probe], finding.fields)
        assert not isinstance(taken, metrics.Misfit), taken
        assert taken[1] == 0, f"fields that the catalogue does not know: {sorted(finding.fields)}"
        assert finding.outcome in (Outcome.OK, Outcome.UNSUPPORTED)
        assert bool(finding.fields) == (finding.outcome is Outcome.OK)
        json.loads(encode(Measurement(probe, 0, finding.outcome, finding.target or "", 0.0, finding.fields)))
    targets = [finding.target for finding in found]
    assert len(set(targets)) == len(targets)


def test_the_host_agrees_with_the_system() -> None:
    before = system_uptime()
    ((found,), _) = findings_of("host")
    assert found.fields["memory_total_bytes"] == psutil.virtual_memory().total
    assert before - 1 <= int(found.fields["uptime_seconds"]) <= system_uptime() + 1
    assert uptime_seconds() > 0
    assert 0 <= float(found.fields["cpu_percent"]) <= 100


def system_uptime() -> float:
    return float(Path("/proc/uptime").read_text().split()[0])


def test_processor_use_is_measured_since_the_previous_call(monkeypatch: pytest.MonkeyPatch) -> None:
    use = ProcessorUse()
    first = use.percent()
    end = time.monotonic() + 0.4
    while time.monotonic() < end:
        pass
    monkeypatch.setattr("time.sleep", lambda _: pytest.fail("only the first call may wait"))
    busy = use.percent()
    assert first is not None
    assert busy is not None
    assert busy >= 100 / (psutil.cpu_count() or 1) * 0.5


def test_the_first_disk_is_the_one_below_root() -> None:
    found, _ = findings_of("disk")
    root = next(finding for finding in found if finding.target == "/")
    assert root.fields["disk_total_bytes"] == psutil.disk_usage("/").total


def test_only_the_pcs_own_volumes_are_watched() -> None:
    listed = [
        Volume("/dev/sda2", "/var/lib/docker/btrfs", "btrfs", "rw"),
        Volume("/dev/sda2", "/", "ext4", "rw"),
        Volume("/dev/sda1", "/boot/efi", "vfat", "rw"),
        Volume("/dev/sda3", "/home", "ext4", "rw"),
        Volume("/dev/sdb1", "/media/lan/KINGSTON", "vfat", "rw"),
        Volume("/dev/loop3", "/snap/core/1", "squashfs", "ro"),
        Volume("overlay", "/", "overlay", "rw"),
        Volume("C:\\", "C:\\", "NTFS", "rw,fixed"),
        Volume("D:\\", "D:\\", "", "cdrom"),
        Volume("E:\\", "E:\\", "FAT32", "rw,removable"),
    ]
    assert [volume.mount_point for volume in own_volumes(listed)] == ["/", "C:\\", "/home"]


def test_real_cards_are_told_from_virtual_ones(tmp_path: Path) -> None:
    for name in ("eth0", "wlan0", "docker0", "lo"):
        (tmp_path / name).mkdir()
    (tmp_path / "eth0" / "device").mkdir()
    assert network_card.own_cards(["lo", "eth0", "wlan0", "docker0"], tmp_path) == ["eth0"]
    names = ["lo", "eth0", "veth12", "br-34", "Wi-Fi", "vEthernet (WSL)", "Loopback Pseudo-Interface 1", "en0", "utun3"]
    assert network_card.own_cards(names, tmp_path / "missing") == ["eth0", "Wi-Fi", "en0"]


def test_sensors_of_one_name_are_told_apart_and_broken_ones_left_out() -> None:
    Reading = namedtuple("Reading", "label current")
    chips = {
        "nvme": [Reading("Composite", 41.85), Reading("Composite", 38.0), Reading("Sensor 2", -273.1)],
        "acpitz": [Reading("", 27.8), Reading("", None)],
    }
    assert list(temperature.named(chips)) == [
        ("acpitz", 27.8),
        ("nvme/Composite", 41.9),
        ("nvme/Composite 2", 38.0),
    ]


def test_a_broken_disk_does_not_hide_the_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real, broken = psutil.disk_usage, str(tmp_path)
    parts = [("/dev/sda1", "/", "ext4", "rw"), ("/dev/sdb1", broken, "ext4", "rw")]

    def usage(path: str) -> Any:
        if path == broken:
            raise OSError(errno.EIO, "Input/output error")
        return real(path)

    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: parts)
    monkeypatch.setattr(psutil, "disk_usage", usage)
    found, steps = findings_of("disk")
    assert [(finding.target, finding.outcome) for finding in found] == [("/", Outcome.OK), (broken, Outcome.ERROR)]
    assert any("Input/output error" in step for step in steps)


def test_a_battery_is_part_of_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    Battery = namedtuple("Battery", "percent secsleft power_plugged")
    monkeypatch.setattr(psutil, "sensors_battery", lambda: Battery(100.4, 60, False))
    ((found,), _) = findings_of("host")
    assert (found.fields["battery_percent"], found.fields["battery_plugged"]) == (100.0, False)


def test_a_speed_that_drivers_answer_for_unknown_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    State = namedtuple("State", "isup speed")
    states = {
        "eth0": State(True, 1000),
        "eth1": State(True, 65535),
        "eth2": State(False, 0),
        "eth3": State(True, 2**32 - 1),
    }
    counters = psutil.net_io_counters()
    monkeypatch.setattr(psutil, "net_io_counters", lambda **_: dict.fromkeys(states, counters))
    monkeypatch.setattr(psutil, "net_if_stats", lambda: states)
    monkeypatch.setattr(network_card, "own_cards", list)
    found, _ = findings_of("network_card")
    assert [finding.fields.get("link_speed_mbps") for finding in found] == [1000, None, None, None]
    assert [finding.fields["link_up"] for finding in found] == [True, True, False, True]


@pytest.mark.parametrize("probe", ["temperature", "network_card", "disk"])
def test_a_machine_that_has_none_is_unsupported(monkeypatch: pytest.MonkeyPatch, probe: str) -> None:
    monkeypatch.delattr(psutil, "sensors_temperatures", raising=False)
    monkeypatch.setattr(psutil, "net_io_counters", lambda **_: {})
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: [])
    monkeypatch.setattr(Path, "is_dir", lambda *_: False)
    ((found,), _) = findings_of(probe)
    assert (found.outcome, found.fields) == (Outcome.UNSUPPORTED, {})


def test_a_program_speaks_english_and_ends_in_time() -> None:
    assert output_of(["sh", "-c", "echo $LC_ALL; echo trouble >&2; exit 3"], 60) == ("C\ntrouble\n", 3)
    with pytest.raises(TimeoutError, match="sleep"):
        output_of(["sleep", "60"], 0.1)
    with pytest.raises(FileNotFoundError):
        output_of(["no-such-program-here"], 1)


def test_a_folder_of_the_path_that_nobody_may_look_into_hides_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Told as for any user: root may look everywhere."""
    here, forbidden = tmp_path / "here", tmp_path / "forbidden"
    here.mkdir()
    (here / "not-mine").write_text("")
    monkeypatch.setenv("PATH", f"{forbidden}:{here}")
    monkeypatch.setattr("subprocess.Popen", refused)
    with pytest.raises(FileNotFoundError, match="there is no program smartctl"):
        output_of(["smartctl"], 1)
    with pytest.raises(PermissionError):
        output_of(["not-mine"], 1)


def refused(*_command: object, **_how: object) -> None:
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize("ending", ["wait", "exit"])
def test_what_a_program_started_ends_with_it(tmp_path: Path, ending: str) -> None:
    """Whether the program itself waits for it or leaves it alone with the pipe."""
    number = tmp_path / "number"

    def has_begun(seconds: float) -> bool:
        with pytest.raises(TimeoutError, match="sh did not end"):
            output_of(["sh", "-c", f"sleep 300 & echo $! >{number}; {ending}"], seconds)
        return number.exists() and number.read_text().endswith("\n")

    patiently(0.3, has_begun)
    wait_until(lambda: is_over(int(number.read_text())), seconds=30)


def is_over(pid: int) -> bool:
    """Nobody may be there to collect it."""
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
