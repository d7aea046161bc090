"""What the PC says of itself, and that every probe's findings fit the catalogue."""

import json
import time
from collections import namedtuple
from pathlib import Path

import psutil
import pytest

from agent.probes import network_card, temperature
from agent.probes.disk import Volume, own_volumes
from agent.probes.finding import Finding, Task
from agent.probes.host import ProcessorUse, uptime_seconds
from agent.probes.outcomes import outcome_of
from agent.probes.registry import PROBES
from contract import metrics
from contract.messages import Measurement, Outcome, Target, encode
from tests.dns_server import dnsmasq
from tests.web_server import site

OWN_PROBES = {"agent", "collector"}  # SonCa measures these of itself, without a probe function


def findings_of(probe: str, address: str = "", server: str = "") -> tuple[list[Finding], list[str]]:
    steps: list[str] = []
    task = Task(Target("services", "test", probe, address, server), 5.0, steps.append)
    try:
        return PROBES[probe](task), steps
    except Exception as error:  # noqa: BLE001 - as the runner does: whatever a probe raises becomes a word
        return [Finding(outcome_of(error))], [*steps, str(error)]


def test_every_probe_of_the_catalogue_can_be_run() -> None:
    assert set(PROBES) == set(metrics.PROBES) - OWN_PROBES


@pytest.mark.parametrize("probe", PROBES)
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
    ((found,), _) = findings_of("host")
    assert found.fields["memory_total_bytes"] == psutil.virtual_memory().total
    assert abs(int(found.fields["uptime_seconds"]) - float(Path("/proc/uptime").read_text().split()[0])) < 3
    assert uptime_seconds() > 0
    assert 0 <= float(found.fields["cpu_percent"]) <= 100


def test_processor_use_is_measured_since_the_previous_call() -> None:
    use = ProcessorUse()
    first = use.percent()
    end = time.monotonic() + 0.4
    while time.monotonic() < end:
        pass
    start = time.monotonic()
    busy = use.percent()
    assert time.monotonic() - start < 0.1, "only the first call may wait"
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
