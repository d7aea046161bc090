"""Which observed device is which asset."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.messages import EquipmentReport
from inventory.asset import Asset
from inventory.match import Clone, Match, Matching, match
from inventory.match_evidence import POINTS, STRONG, WEAK
from inventory.register_links import Decision
from tests.equipment_reports import JUNK, pc_report

UUIDS = [f"4c4c4544-0042-5a10-804d-b7c04f4e33{number:02x}" for number in range(4)]
MACS = [f"00:1b:21:00:00:{number:02x}" for number in range(4)]
DISKS = [f"S4EVNX0M{number:04}" for number in range(4)]
NAMED = Asset("TS-1", "computer", "Máy 1", room="mam-1", manufacturer="Dell", model="OptiPlex 3070", serial="7XK2M03")
NAMELESS = replace(NAMED, tag="TS-2", serial="")  # as most cheap PCs are registered
BEFORE = pc_report("pc-1", 10, serial="7XK2M03", uuid=UUIDS[0], mac=MACS[0], disk=DISKS[0])
JUNKY = pc_report("pc-1", 10, mac=MACS[0], disk=DISKS[0])
SAID = Decision(20, "pc-1", "same", "TS-2", "cô Lan")


def only(matching: Matching, device: str = "pc-1") -> Match:
    [found] = [entry for entry in matching.matches if entry.device == device]
    return found


def state(matching: Matching, device: str = "pc-1") -> str:
    found = only(matching, device)
    return f"{found.state} {found.tag}".strip()


# The rows of the table in docs/register.md: what happened -> (assets, reports, decisions, live) -> what each device is.
PC_2 = Asset("TS-3", "computer", "Máy 2", room="mam-1", serial="8YL3N14")
BEAMER = Asset("TS-4", "projector", "Máy chiếu", room="mam-1", manufacturer="Epson", model="EB-X06", serial="X4YZ1")
BEAMER_REPORT = pc_report("pc-1", 10, serial="", uuid="", model="EB-X06", maker="EPSON", agent="pc-9", kind="projector")
HAPPENED: dict[str, tuple[list[Asset], list[EquipmentReport], list[Decision], set[str], dict[str, str]]] = {
    "its serial is registered": ([NAMED], [BEFORE], [], set(), {"pc-1": "linked TS-1"}),
    "its serial is a maker's placeholder": ([NAMELESS], [JUNKY], [], set(), {"pc-1": "waiting"}),
    "a person decided": ([NAMELESS], [JUNKY], [SAID], set(), {"pc-1": "linked TS-2"}),
    "the network card was swapped": (
        [NAMED],
        [BEFORE, pc_report("pc-1", 30, serial="7XK2M03", uuid=UUIDS[0], mac=MACS[1], disk=DISKS[0])],
        [],
        set(),
        {"pc-1": "linked TS-1"},
    ),
    "the network card was swapped, and the serial is junk": (
        [NAMELESS],
        [JUNKY, pc_report("pc-1", 30, mac=MACS[1], disk=DISKS[0])],
        [SAID],
        set(),
        {"pc-1": "linked TS-2"},
    ),
    "card, then disk were swapped one after the other": (
        [NAMELESS],
        [JUNKY, pc_report("pc-1", 30, mac=MACS[1], disk=DISKS[0]), pc_report("pc-1", 40, mac=MACS[1], disk=DISKS[1])],
        [SAID],
        set(),
        {"pc-1": "linked TS-2"},
    ),
    "a person decided, and the serial in the register belongs to nobody seen now": (
        [NAMED],
        [replace(BEFORE, device="pc-0", agent="pc-0"), pc_report("pc-1", 10, mac=MACS[3], disk=DISKS[3])],
        [replace(SAID, tag="TS-1")],
        {"pc-1"},
        {"pc-0": "earlier", "pc-1": "linked TS-1"},
    ),
    "its network card went into another PC": (
        [NAMELESS, PC_2],
        [JUNKY, pc_report("pc-2", 30, serial="8YL3N14", mac=MACS[0], disk=DISKS[2])],
        [SAID],
        {"pc-1", "pc-2"},
        {"pc-1": "linked TS-2", "pc-2": "linked TS-3"},
    ),
    "it was re-imaged under a new name": (
        [NAMED],
        [BEFORE, pc_report("pc-9", 30, serial="7XK2M03", uuid=UUIDS[0], mac=MACS[0], disk=DISKS[0])],
        [],
        {"pc-9"},
        {"pc-1": "earlier", "pc-9": "linked TS-1"},
    ),
    "it was re-imaged under a new name, and the serial is junk": (
        [NAMELESS],
        [JUNKY, pc_report("pc-9", 30, mac=MACS[0], disk=DISKS[0])],
        [SAID],
        {"pc-9"},
        {"pc-1": "linked TS-2", "pc-9": "waiting"},
    ),
    "its disk was cloned into a second PC": (
        [NAMED],
        [BEFORE, pc_report("pc-9", 30, serial="7XK2M03", uuid=UUIDS[0], mac=MACS[2], disk=DISKS[2])],
        [],
        {"pc-1", "pc-9"},
        {"pc-1": "waiting", "pc-9": "waiting"},
    ),
    "it was replaced under the same name": (
        [NAMELESS],
        [JUNKY, pc_report("pc-1", 30, mac=MACS[3], disk=DISKS[3])],
        [SAID],
        set(),
        {"pc-1": "waiting"},
    ),
    "the serial in the register is that of another": (
        [replace(NAMED, serial="9ZZ9Z99")],
        [replace(BEFORE)],
        [],
        set(),
        {"pc-1": "unregistered"},
    ),
    "the serial was misread when it was typed": (
        [replace(NAMED, serial="7XK2MO3")],
        [BEFORE],
        [],
        set(),
        {"pc-1": "linked TS-1"},
    ),
    "two assets have its serial": (
        [NAMED, replace(NAMED, tag="TS-7")],
        [BEFORE],
        [],
        set(),
        {"pc-1": "waiting"},
    ),
    "it is registered as a projector": (
        [replace(NAMED, kind="projector")],
        [BEFORE],
        [],
        set(),
        {"pc-1": "waiting"},
    ),
    "it is nobody's of the school": (
        [NAMED],
        [BEFORE],
        [Decision(20, "pc-1", "not_ours", "", "cô Lan")],
        set(),
        {"pc-1": "not_ours"},
    ),
    "a person said that it is another": (
        [NAMED],
        [BEFORE],
        [Decision(20, "pc-1", "different", "TS-1", "cô Lan")],
        set(),
        {"pc-1": "unregistered"},
    ),
    "it is a projector that tells no serial": (
        [BEAMER],
        [BEAMER_REPORT],
        [],
        set(),
        {"pc-1": "waiting"},
    ),
    "a person decided about a projector that tells no serial": (
        [BEAMER],
        [BEAMER_REPORT, replace(BEAMER_REPORT, taken_at=40)],
        [replace(SAID, tag="TS-4")],
        set(),
        {"pc-1": "linked TS-4"},
    ),
    "the asset left the books": (
        [replace(NAMED, status="disposed")],
        [BEFORE],
        [],
        set(),
        {"pc-1": "unregistered"},
    ),
}
ROOMS = {"pc-0": "mam-1", "pc-1": "mam-1", "pc-9": "mam-1", "pc-2": "mam-1"}


@pytest.mark.parametrize("happened", HAPPENED)
def test_it_does_what_the_table_says_when(happened: str) -> None:
    assets, reports, decisions, live, expected = HAPPENED[happened]
    found = match(assets, reports, decisions, ROOMS, live)
    assert {entry.device: f"{entry.state} {entry.tag}".strip() for entry in found.matches} == expected
    assert all(entry.reasons for entry in found.matches if entry.state in ("linked", "waiting", "earlier"))


def test_moving_a_room_changes_no_link_and_shows_in_the_reasons() -> None:
    here, there = (match([NAMED], [BEFORE], (), {"pc-1": room}) for room in ("mam-1", "choi-1"))
    assert state(here) == state(there) == "linked TS-1"
    words = [[said.word for said in only(found).reasons] for found in (here, there)]
    assert "because_room" in words[0]
    assert "because_room" not in words[1]


def test_the_score_is_the_sum_of_its_reasons() -> None:
    found = only(match([NAMED], [BEFORE], (), ROOMS))
    assert found.score == min(100, sum(said.values["points"] for said in found.reasons))
    assert found.reasons[0].sentence("vi") == "cùng số sê-ri 7XK2M03 (60 điểm)"


def test_a_clone_names_the_agents_and_what_they_share() -> None:
    _, reports, _, live, _ = HAPPENED["its disk was cloned into a second PC"]
    assert match([], reports, (), {}, live).clones == (Clone("serial", "7xk2m03", ("pc-1", "pc-9")),)
    assert match([], reports, (), {}, {"pc-9"}).clones == ()


def test_an_adapter_carried_between_two_pcs_is_no_clone_and_proves_nothing() -> None:
    reports = [pc_report("pc-1", 1, serial="7XK2M03", mac=MACS[0]), pc_report("pc-2", 2, serial="8YL3N14", mac=MACS[0])]
    found = match([NAMED, PC_2], reports, (), {}, {"pc-1", "pc-2"})
    assert found.clones == ()
    assert (state(found), state(found, "pc-2")) == ("linked TS-1", "linked TS-3")
    assert "because_mac" not in [said.word for said in only(found).reasons]


def test_one_weak_key_never_links() -> None:
    weak = [kind for kind, points in POINTS.items() if 0 < points < STRONG]
    assert {"mac", "uuid", "disk", "board", "serial_alike", "model", "room"} <= set(weak)
    assert POINTS["manufacturer"] + POINTS["model"] + POINTS["kind"] < WEAK


def test_a_device_polled_by_another_is_no_clone() -> None:
    polled = pc_report("bo-dinh-tuyen", 1, serial="R1-2345", agent="pc-1", kind="router")
    own = pc_report("router-1", 1, serial="R1-2345", kind="router")
    assert match([], [polled, own], (), {}, {"router-1", "bo-dinh-tuyen"}).clones == ()


SERIALS = st.sampled_from([JUNK, "7XK2M03", "8YL3N14", "S-777"])
REPORTS = st.lists(
    st.builds(
        pc_report,
        st.sampled_from(["pc-1", "pc-2", "pc-3"]),
        st.integers(0, 50),
        serial=SERIALS,
        uuid=st.sampled_from(UUIDS),
        mac=st.lists(st.sampled_from(MACS), max_size=2).map(tuple),
        disk=st.sampled_from(["", *DISKS]),
        kind=st.sampled_from(["computer", "laptop", "projector"]),
    ),
    max_size=8,
)
DECISIONS = st.lists(
    st.builds(
        Decision,
        st.integers(0, 50),
        st.sampled_from(["pc-1", "pc-2", "pc-3"]),
        st.sampled_from(["same", "different", "not_ours"]),
        st.sampled_from(["TS-1", "TS-2", "TS-3"]),
        st.just("cô Lan"),
    ),
    max_size=4,
)
WORLD: dict[str, Any] = {
    "reports": REPORTS,
    "decisions": DECISIONS,
    "live": st.sets(st.sampled_from(["pc-1", "pc-2", "pc-3"])),
}


@settings(deadline=None)
@given(**WORLD, shuffled=st.randoms(use_true_random=False))
def test_the_order_of_reports_never_changes_the_result(
    reports: list[EquipmentReport], decisions: list[Decision], live: set[str], shuffled: Any
) -> None:
    assets = [NAMED, NAMELESS, PC_2]
    expected = match(assets, reports, decisions, ROOMS, live)
    again = [*reports, *reports[:2]]
    shuffled.shuffle(again)
    shuffled.shuffle(assets)
    assert match(assets, again, decisions, ROOMS, sorted(live)) == expected


@settings(deadline=None)
@given(**WORLD)
def test_an_asset_is_one_device_and_every_device_gets_an_answer(
    reports: list[EquipmentReport], decisions: list[Decision], live: set[str]
) -> None:
    found = match([NAMED, NAMELESS, PC_2], reports, decisions, ROOMS, live)
    linked = [entry.tag for entry in found.of("linked")]
    assert len(linked) == len(set(linked))
    assert [entry.device for entry in found.matches] == sorted({report.device for report in reports})
    assert all(bool(entry.tag) is (entry.state == "linked") for entry in found.matches)
    for entry in found.matches:
        said = [decision for decision in decisions if decision.device == entry.device]
        if said and said[-1].verdict == "not_ours":
            assert entry.state == "not_ours"
        if said and said[-1].verdict == "different":
            assert entry.tag != said[-1].tag
