"""Windows 11 readiness: known processors, each rule by itself, and what holds for any report."""

import copy
import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.windows11 import Readiness, Rule, Shortfall, State, windows11_readiness
from sonca.simulate.equipment import equipment_of
from tests.simulated import school

READY: dict[str, Any] = {
    "hardware": {"memory": 7900, "tpm_version": "2.0", "secure_boot": "off"},
    "cpus": [
        {
            "name": "Intel(R) Core(TM) i3-10100 CPU @ 3.60GHz",
            "manufacturer": "Intel",
            "core": 4,
            "thread": 2,
            "speed": 3600,
            "arch": "x86_64",
            "familynumber": "6",
            "model": "165",
            "stepping": 3,
        }
    ],
    "memories": [{"capacity": 4096}, {"capacity": 4096}],
    "drives": [{"letter": "C:", "total": 121_000, "systemdrive": True}, {"letter": "D:", "total": 20_000}],
    "operatingsystem": {"kernel_name": "windows"},
}


def with_changes(*changes: tuple[str, Any]) -> dict[str, Any]:
    """READY with `section.key` set (of the first row, where the section is a list); None takes it away."""
    content = copy.deepcopy(READY)
    for path, value in changes:
        section, _, key = path.partition(".")
        row = content[section][0] if isinstance(content.get(section), list) and key else content.setdefault(section, {})
        if not key:
            content[section] = value
        elif value is None:
            row.pop(key)
        else:
            row[key] = value
    return content


def chip(maker: str, family: int, model: int, stepping: int = 0, field: int | None = None) -> dict[str, Any]:
    changes = [("manufacturer", maker), ("familynumber", str(family)), ("model", str(model)), ("stepping", stepping)]
    if field is not None:
        changes.append(("platform_field", field))
    return with_changes(*((f"cpus.{name}", value) for name, value in changes))


def test_a_pc_that_meets_every_rule_is_capable() -> None:
    assert windows11_readiness(READY) == Readiness(State.CAPABLE)


# Real processors by maker, family, model and stepping as /proc/cpuinfo and Windows number them.
PROCESSORS: dict[str, tuple[tuple[Any, ...], bool]] = {
    "Pentium G2030, Core i3-3220": (("Intel", 6, 58, 9), False),
    "Core i3-4150": (("Intel", 6, 60, 3), False),
    "Core i3-6006U": (("Intel", 6, 78, 3), False),
    "Pentium G4400": (("Intel", 6, 94, 3), False),
    "Celeron N3350": (("Intel", 6, 92, 9), False),
    "Xeon Scalable, Core i9-7900X": (("Intel", 6, 85, 4), True),
    "Celeron N4000": (("Intel", 6, 122, 1), True),
    "Core i5-7200U": (("Intel", 6, 142, 9, 128), False),
    "model 142 stepping 9 with field 16": (("Intel", 6, 142, 9, 16), True),
    "Core i5-8250U": (("Intel", 6, 142, 10, 192), True),
    "Core i5-8265U": (("Intel", 6, 142, 12), True),
    "Core i3-7100": (("Intel", 6, 158, 9, 2), False),
    "model 158 stepping 9 with field 8": (("Intel", 6, 158, 9, 8), True),
    "Core i3-9100": (("Intel", 6, 158, 11), True),
    "Core i3-10100": (("Intel", 6, 165, 3), True),
    "Core i3-12100": (("Intel", 6, 151, 5), True),
    "N100": (("Intel", 6, 190, 0), True),
    "AMD A8-7600": (("AMD", 21, 48, 1), False),
    "Ryzen 3 1200": (("AMD", 23, 1, 1), False),
    "Ryzen 3 2200G": (("AMD", 23, 17, 0), False),
    "Ryzen 5 2600": (("AMD", 23, 8, 2), True),
    "Ryzen 5 3600": (("AMD", 23, 113, 0), True),
    "Ryzen 5 5600": (("AMD", 25, 33, 0), True),
    "Zhaoxin KX-6640": (("CentaurHauls", 7, 59, 0), False),
}


@pytest.mark.parametrize("name", PROCESSORS)
def test_a_known_processor_is_judged_as_microsoft_does(name: str) -> None:
    numbers, good = PROCESSORS[name]
    found = windows11_readiness(chip(*numbers))
    assert found.state is (State.CAPABLE if good else State.NOT_CAPABLE)
    assert [shortfall.rule for shortfall in found.failing] == ([] if good else [Rule.PROCESSOR])


@pytest.mark.parametrize("model", [142, 158])
def test_a_seventh_generation_whose_field_is_not_known_is_undetermined(model: int) -> None:
    assert windows11_readiness(chip("Intel", 6, model, 9)) == Readiness(State.UNDETERMINED, (), (Rule.PROCESSOR,))


@pytest.mark.parametrize(
    ("path", "value", "rule", "found"),
    [
        ("cpus.arch", "i386", Rule.SIXTY_FOUR_BIT, "i386"),
        ("memories", [{"capacity": 2048}], Rule.MEMORY, "2 GB"),
        ("drives.total", 59_000, Rule.DISK, "58 GB"),
        ("hardware.tpm_version", "1.2", Rule.TPM, "1.2"),
        ("hardware.tpm_version", "none", Rule.TPM, "none"),
        ("hardware.secure_boot", "legacy", Rule.SECURE_BOOT, "legacy"),
        ("hardware.secure_boot", "unsupported", Rule.SECURE_BOOT, "unsupported"),
    ],
)
def test_a_pc_that_fails_one_rule_is_told_which_and_what_was_found(
    path: str, value: Any, rule: Rule, found: str
) -> None:
    content = with_changes((path, value))
    assert windows11_readiness(content) == Readiness(State.NOT_CAPABLE, (Shortfall(rule, found),))


def test_a_slow_clock_counts_against_an_old_processor_only() -> None:
    slow = ("cpus.speed", 999)
    assert windows11_readiness(with_changes(slow)).missing == (Rule.CLOCK,)
    old = windows11_readiness(with_changes(slow, ("cpus.model", "23"), ("cpus.name", "Core 2 Duo")))
    assert old.failing == (Shortfall(Rule.PROCESSOR, "Core 2 Duo"), Shortfall(Rule.CLOCK, "999 MHz"))


def test_one_core_with_one_thread_is_too_few() -> None:
    content = with_changes(("cpus.core", 1), ("cpus.thread", 1))
    assert windows11_readiness(content).failing == (Shortfall(Rule.CORES, "1"),)
    assert windows11_readiness(with_changes(("cpus.core", 1))).state is State.CAPABLE


@pytest.mark.parametrize(
    ("path", "rules"),
    [
        ("cpus.model", [Rule.PROCESSOR]),
        ("cpus.arch", [Rule.SIXTY_FOUR_BIT]),
        ("cpus.speed", [Rule.CLOCK]),
        ("cpus.thread", [Rule.CORES]),
        ("drives.systemdrive", [Rule.DISK]),
        ("hardware.tpm_version", [Rule.TPM]),
        ("hardware.secure_boot", [Rule.SECURE_BOOT]),
    ],
)
def test_what_the_report_does_not_say_is_undetermined_and_named(path: str, rules: list[Rule]) -> None:
    assert windows11_readiness(with_changes((path, None))) == Readiness(State.UNDETERMINED, (), tuple(rules))


def test_a_shortfall_counts_more_than_what_is_missing() -> None:
    content = with_changes(("hardware.tpm_version", "1.2"), ("cpus.speed", None))
    assert windows11_readiness(content) == Readiness(State.NOT_CAPABLE, (Shortfall(Rule.TPM, "1.2"),), (Rule.CLOCK,))


@pytest.mark.parametrize(
    ("seen", "answer"), [(1900, State.NOT_CAPABLE), (3300, State.UNDETERMINED), (3700, State.CAPABLE)]
)
def test_without_modules_memory_is_judged_by_what_the_system_sees(seen: int, answer: State) -> None:
    """3300 MB may be 4 GB of which the graphics hold some back."""
    assert windows11_readiness(with_changes(("memories", []), ("hardware.memory", seen))).state is answer


def test_a_pc_without_windows_is_judged_by_its_largest_disk() -> None:
    changes = (("operatingsystem.kernel_name", "linux"), ("drives", [{"type": "/", "total": 30_000}]))
    disks = [{"disksize": 30_000}, {"disksize": 228_000}]
    assert windows11_readiness(with_changes(*changes, ("storages", disks))).state is State.CAPABLE
    assert windows11_readiness(with_changes(*changes, ("storages", disks[:1]))).failing == (
        Shortfall(Rule.DISK, "29 GB"),
    )
    assert windows11_readiness(with_changes(*changes)).missing == (Rule.DISK,)


def test_an_arm_processor_is_undetermined() -> None:
    assert windows11_readiness(with_changes(("cpus.arch", "aarch64"))).missing == (Rule.PROCESSOR,)


def test_nothing_is_known_of_an_empty_report() -> None:
    assert windows11_readiness({}) == Readiness(State.UNDETERMINED, (), tuple(Rule))


def test_machines_of_a_simulated_school_are_of_every_verdict() -> None:
    verdicts = {pc.machine.model: windows11_readiness(equipment_of(pc, 0).content) for pc in school().pcs.values()}
    assert {verdict.state for verdict in verdicts.values()} == set(State)
    open_questions = {model: verdict.missing for model, verdict in verdicts.items() if verdict.missing}
    # Windows names the clock at rest of the N100 in a MINI S; some agents may not ask for the TPM.
    assert set(open_questions.values()) == {(Rule.TPM,), (Rule.CLOCK,)}
    assert {model for model, missing in open_questions.items() if Rule.CLOCK in missing} == {"MINI S"}


NUMBERS = st.integers(0, 300)
CHIPS = st.builds(chip, st.sampled_from(["Intel", "AMD"]), NUMBERS, NUMBERS, st.integers(0, 15), st.none() | NUMBERS)


@given(CHIPS)
def test_more_memory_disk_and_clock_never_make_a_pc_worse(content: dict[str, Any]) -> None:
    better = copy.deepcopy(content)
    better["memories"].append({"capacity": 8192})
    better["drives"][0]["total"] *= 2
    better["cpus"][0]["speed"] += 1000
    assert windows11_readiness(better) == windows11_readiness(content)


@given(NUMBERS, st.integers(0, 15), NUMBERS)
def test_the_rules_for_intel_are_those_of_the_script(model: int, stepping: int, field: int) -> None:
    """The script's own words, as one condition."""
    bad = (model <= 95 and model != 85) or (
        stepping == 9 and ((model == 142 and field != 16) or (model == 158 and field != 8))
    )
    assert (windows11_readiness(chip("Intel", 6, model, stepping, field)).state is State.NOT_CAPABLE) == bad


@given(st.integers(0, 60), NUMBERS)
def test_the_rules_for_amd_are_those_of_the_script(family: int, model: int) -> None:
    bad = family < 23 or (family == 23 and model in (1, 17))
    assert (windows11_readiness(chip("AMD", family, model)).state is State.NOT_CAPABLE) == bad


JUNK: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just([]) | st.just([{}])
)
SECTIONS = st.dictionaries(
    st.sampled_from(
        [*READY["hardware"], *READY["cpus"][0], "platform_field", "capacity", "total", "systemdrive", "disksize"]
    ),
    JUNK,
)


@given(st.dictionaries(st.sampled_from([*READY, "storages"]), SECTIONS | st.lists(SECTIONS | JUNK, max_size=2) | JUNK))
def test_no_report_breaks_the_judge(content: dict[str, Any]) -> None:
    found = windows11_readiness(content)
    assert (found.state is State.NOT_CAPABLE) == bool(found.failing)
    assert found.state is not State.CAPABLE or not found.missing
    assert not {shortfall.rule for shortfall in found.failing} & set(found.missing)
    assert all(dataclasses.astuple(shortfall)[1] for shortfall in found.failing)
