"""SMART: what smartctl answers about disks. The virtual disk, the missing right and the empty list were recorded here;
this machine has no disk with SMART, so the others are written after smartctl's manual and the answers that people
published: facts of each kind of disk, no one's file."""

import functools
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes.finding import Finding, Task
from agent.probes.outcomes import BadAnswer, Unsupported, outcome_of
from agent.probes.smart import probe
from agent.probes.smart_answer import Disk, read_answer, read_scan
from contract.messages import Outcome, Target
from contract.metrics import PROBES, fitted
from tests.waiting import patiently

RECORDED = Path(__file__).parent / "recorded"


def written(name: str) -> str:
    return (RECORDED / f"written-from-documentation-smartctl-{name}.json").read_text(encoding="utf-8")


def recorded(name: str) -> str:
    return (RECORDED / f"debian12-vm-smartctl-{name}.json").read_text(encoding="utf-8")


def test_a_sata_disk_tells_its_age_its_wear_and_its_bad_cable() -> None:
    assert read_answer(written("sata")) == {
        "asleep": False,
        "healthy": True,
        "temperature_celsius": 33.0,
        "power_on_hours": 7312,
        "power_cycles": 1904,
        "failed_attributes": 0,
        "reallocated_sectors": 0,
        "pending_sectors": 0,
        "cable_errors": 2,
        "unsafe_shutdowns": 231,
        "wear_percent": 8.0,
    }


def test_a_failing_disk_is_told_by_itself_and_by_its_sectors() -> None:
    assert read_answer(written("sata-failing")) == {
        "asleep": False,
        "healthy": False,
        "temperature_celsius": 51.0,
        "power_on_hours": 51_877,
        "power_cycles": 2417,
        "failed_attributes": 2,  # one below its limit now, one in the past
        "reallocated_sectors": 1976,  # not 460,728: the upper half of the raw value counts something else
        "pending_sectors": 168,
        "uncorrectable_sectors": 166,
        "cable_errors": 0,
    }


def test_an_nvme_disk_tells_its_log() -> None:
    assert read_answer(written("nvme")) == {
        "asleep": False,
        "healthy": True,
        "temperature_celsius": 41.0,
        "power_on_hours": 3120,
        "power_cycles": 822,
        "media_errors": 0,
        "unsafe_shutdowns": 64,
        "wear_percent": 4.0,
        "spare_percent": 100.0,
    }


def test_an_nvme_disk_counts_its_wear_beyond_a_hundred() -> None:
    fields = read_answer(written("nvme-worn"))
    assert (fields["healthy"], fields["wear_percent"], fields["spare_percent"], fields["media_errors"]) == (
        False,
        131.0,
        6.0,
        7,
    )


def test_a_disk_behind_a_usb_bridge_tells_what_the_bridge_lets_through() -> None:
    fields = read_answer(written("usb-bridge"))
    assert (fields["power_on_hours"], fields["reallocated_sectors"]) == (412, 8)
    assert "temperature_celsius" not in fields, "what was not told is absent"


def test_the_life_used_as_smartctl_7_5_words_it_is_taken() -> None:
    answer = json.loads(written("sata"))
    answer["endurance_used"] = {"current_percent": 11}
    assert read_answer(json.dumps(answer))["wear_percent"] == 11.0


def test_a_resting_disk_is_asleep_and_nothing_else() -> None:
    assert read_answer(written("asleep")) == {"asleep": True}


@pytest.mark.parametrize(
    ("output", "outcome"),
    [
        (recorded("virtio"), Outcome.UNSUPPORTED),
        (written("usb-bridge-unknown"), Outcome.UNSUPPORTED),
        (recorded("no-permission"), Outcome.NO_PERMISSION),
        (written("windows-no-permission"), Outcome.NO_PERMISSION),
        ("=======> UNRECOGNIZED OPTION: json=c\n", Outcome.UNSUPPORTED),
        ('{"smartctl": {"exit_status": 2}}', Outcome.BAD_ANSWER),
        ('{"smartctl": {"exit_status": 4}}', Outcome.UNSUPPORTED),  # SMART is switched off
        ("Segmentation fault", Outcome.BAD_ANSWER),
        ("", Outcome.BAD_ANSWER),
        ("[]", Outcome.BAD_ANSWER),
    ],
)
def test_a_disk_that_tells_nothing_has_its_word(output: str, outcome: Outcome) -> None:
    with pytest.raises((OSError, BadAnswer, Unsupported)) as caught:
        read_answer(output)
    assert outcome_of(caught.value) is outcome


def test_the_list_of_disks_is_read() -> None:
    assert read_scan(recorded("scan")) == []
    assert [(disk.target, disk.kind) for disk in read_scan(written("scan"))] == [
        ("sda", "scsi"),
        ("sdb", "scsi"),
        ("sdc", "scsi"),
        ("nvme0", "nvme"),
    ]
    assert Disk("/dev/bus/0", "megaraid,1").target == "bus/0 megaraid,1"


# A smartctl that answers from files, and whose SATA disk would be woken by any question without these options.
PROGRAM = """#!/bin/sh
cd {folder}
echo "$*" >> asked
case "$*" in
"--json=c --scan") exec cat scan.json;;
"--json=c -n standby,3 -H -A -d sat /dev/sda") exec cat sda.json;;
"--json=c -n standby,3 -H -A /dev/sdb") exec cat sdb.json;;
"--json=c -n standby,3 -H -A -d nvme /dev/nvme0") exec cat nvme0.json;;
*) echo "woken: $*" >> woken;;
esac
"""
Answers = Callable[..., Path]


@pytest.fixture
def smartctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Puts a smartctl first in PATH that gives the named answers, and the kernel's folders of its disks."""

    def install(**answers: str) -> Path:
        for name, text in answers.items():
            (tmp_path / f"{name}.json").write_text(text)
        for disk, removable, vendor in (("sda", 0, "ATA     "), ("sdb", 0, "WD      "), ("sdc", 1, "SanDisk ")):
            (tmp_path / "block" / disk / "device").mkdir(parents=True)
            (tmp_path / "block" / disk / "removable").write_text(f"{removable}\n")
            (tmp_path / "block" / disk / "device/vendor").write_text(f"{vendor}\n")
        program = tmp_path / "smartctl"
        program.write_text(PROGRAM.format(folder=tmp_path))
        program.chmod(0o755)
        return tmp_path

    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr("agent.probes.smart.SYS_BLOCK", tmp_path / "block")
    return install


def run() -> tuple[dict[str, Finding], str]:
    steps: list[str] = []
    found = probe(Task(Target("", "", "smart"), 60.0, steps.append))
    return {finding.target or "": finding for finding in found}, "\n".join(steps)


def test_every_built_in_disk_is_asked_by_its_own_name_and_none_is_woken(smartctl: Answers) -> None:
    folder = smartctl(
        scan=written("scan"), sda=written("asleep"), sdb=written("usb-bridge-unknown"), nvme0=written("nvme")
    )
    found, _ = run()
    assert {name: finding.outcome for name, finding in found.items()} == {
        "sda": Outcome.OK,
        "sdb": Outcome.UNSUPPORTED,
        "nvme0": Outcome.OK,
    }, "the memory stick sdc is left out"
    assert found["sda"].fields == {"asleep": True}
    assert found["nvme0"].fields["healthy"] is True
    assert not (folder / "woken").exists()


def test_without_the_right_it_says_how_to_grant_it(smartctl: Answers) -> None:
    smartctl(scan=written("scan"), sda=recorded("no-permission"), sdb=written("usb-bridge"), nvme0=written("nvme"))
    found, steps = run()
    assert (found["sda"].outcome, found["sdb"].outcome) == (Outcome.NO_PERMISSION, Outcome.OK)
    assert "CAP_SYS_RAWIO" in steps


def test_a_machine_without_disks_that_it_knows_is_unsupported(smartctl: Answers) -> None:
    smartctl(scan=recorded("scan"))
    with pytest.raises(Unsupported, match="no disk"):
        run()


def test_a_machine_without_smartctl_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}")
    monkeypatch.setattr("agent.probes.smart._FOLDERS", ())
    with pytest.raises(Unsupported, match="install smartmontools"):
        run()


def test_one_slow_disk_does_not_hide_the_others(smartctl: Answers) -> None:
    folder = smartctl(scan=written("scan"), nvme0=written("nvme"))
    os.mkfifo(folder / "sda.json")  # nobody will ever write into it
    (folder / "sdb.json").write_text(written("usb-bridge"))

    def others_are_told(seconds: float) -> bool:
        steps: list[str] = []
        try:
            found = probe(Task(Target("", "", "smart"), seconds, steps.append))
        except TimeoutError:  # before it knew of any disk
            return False
        left_of_the_deadline = [finding.outcome for finding in found] == [Outcome.TIMEOUT] * 3
        return left_of_the_deadline and "sda tells nothing" in "\n".join(steps)

    patiently(0.5, others_are_told)


JUNK = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.just([0]) | st.just({"": 0})
Way = tuple[str | int, ...]


def paths_below(value: Any, path: Way = ()) -> Iterator[Way]:
    yield path
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in rows:
        yield from paths_below(entry, (*path, key))


def places_of(name: str) -> list[tuple[str, Way]]:
    return [(name, way) for way in paths_below(json.loads(written(name))) if way]


PLACES = [place for name in ("sata-failing", "nvme", "asleep") for place in places_of(name)]


def damaged(answer: Any, way: Way, junk: Any) -> str:
    """The answer as JSON, with junk in place of the value at `way`."""
    *above, last = way
    functools.reduce(lambda part, key: part[key], above, answer)[last] = junk
    return json.dumps(answer)


@given(st.sampled_from(PLACES), JUNK)
def test_whatever_one_value_is_what_is_read_still_fits_the_catalogue(place: tuple[str, Way], junk: Any) -> None:
    output = damaged(json.loads(written(place[0])), place[1], junk)
    try:
        fields = read_answer(output)
    except (PermissionError, BadAnswer, Unsupported):
        fields = {}
    assert fitted(PROBES["smart"], fields) == (fields, 0)


@given(st.sampled_from(places_of("scan")), JUNK)
def test_whatever_one_value_is_the_list_of_disks_has_names_that_fit(place: tuple[str, Way], junk: Any) -> None:
    disks = read_scan(damaged(json.loads(written("scan")), place[1], junk))
    assert all(0 < len(disk.target) <= 120 for disk in disks)
