"""What agents report is joined with the register by the collector, and what ends is written down."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from collector.linking import Linking
from collector.present import Present
from collector.store.state import State
from collector.store.state_protocol import AgentNow, Presence
from inventory.register import Register
from inventory.register_links import Decision
from inventory.schools import Schools
from tests.equipment_reports import pc_report
from tests.registered import NOW, PC, PROJECTOR, SITE, saved

REPORT = pc_report("pc-mam-1", 1, serial=PC.serial)


class Joined:
    """The parts of a collector that join devices and assets, over one database."""

    def __init__(self, url: str) -> None:
        self.state, self.register = State(url).open(), saved(Register(url).open())
        self.present = Present(self.state, listening_since=NOW)
        self.linking = Linking(self.state, self.register, Schools([]), self.present)

    def devices(self) -> dict[str, str]:
        self.linking.note(SITE)
        self.linking.look(NOW)
        return {device: link.tag for device, link in self.register.links.of(SITE).items()}


@pytest.fixture
def joined(state_url: str) -> Iterator[Joined]:
    found = Joined(state_url)
    yield found
    found.register.close()
    found.state.close()


def test_a_report_with_a_registered_serial_becomes_a_link_with_its_reasons(joined: Joined) -> None:
    joined.state.put_equipment(SITE, REPORT)
    assert joined.devices() == {"pc-mam-1": "TS-001"}
    link = joined.register.links.of(SITE)["pc-mam-1"]
    assert (link.score, link.since) == (80, NOW)
    assert [said.word for said in link.reasons] == [
        "because_serial",
        "because_model",
        "because_manufacturer",
        "because_kind",
    ]
    newest = joined.register.events(SITE, "TS-001")[0]
    assert (newest.what, newest.who, newest.after) == ("linked", "SonCa", {"device": "pc-mam-1"})


def test_a_city_is_joined_site_by_site_so_that_messages_need_not_wait(
    joined: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.linking.AT_ONCE_SECONDS", 0)
    joined.state.put_equipment(SITE, REPORT)
    for site in ("another-site", SITE):
        joined.linking.note(site)
    joined.linking.look(NOW)
    assert joined.register.links.of(SITE) == {}
    joined.linking.look(NOW)
    assert set(joined.register.links.of(SITE)) == {"pc-mam-1"}


def test_looking_again_writes_nothing_new(joined: Joined) -> None:
    joined.state.put_equipment(SITE, REPORT)
    joined.devices()
    before = joined.register.events(SITE)
    joined.linking.look(NOW + 1)  # nothing was noted
    assert joined.devices() == {"pc-mam-1": "TS-001"}
    assert joined.register.events(SITE) == before


def test_a_person_decides_and_the_link_moves(joined: Joined) -> None:
    joined.state.put_equipment(SITE, REPORT)
    joined.devices()
    joined.register.links.decide(SITE, Decision(NOW, "pc-mam-1", "same", "TS-002", "cô Lan"))
    assert joined.devices() == {"pc-mam-1": "TS-002"}
    log = joined.register.events(SITE)
    assert [(event.what, event.tag, event.who) for event in log[:2]] == [
        ("linked", "TS-002", "cô Lan"),
        ("unlinked", "TS-001", "SonCa"),
    ]
    assert joined.register.links.decisions(SITE) == [Decision(NOW, "pc-mam-1", "same", "TS-002", "cô Lan")]


def test_an_asset_that_left_the_books_loses_its_device(joined: Joined) -> None:
    joined.state.put_equipment(SITE, REPORT)
    joined.devices()
    saved(joined.register, [replace(PC, status="proposed_disposal"), PROJECTOR])
    assert joined.devices() == {"pc-mam-1": "TS-001"}
    gone = replace(
        PC, status="transferred", disposal_document="QĐ 1", disposal_date=PC.in_use_since, disposal_reason="điều chuyển"
    )
    saved(joined.register, [gone])
    assert joined.devices() == {}


def test_clones_are_reported(joined: Joined, caplog: pytest.LogCaptureFixture) -> None:
    for device in ("pc-mam-1", "pc-mam-2"):
        joined.present.put(AgentNow(SITE, device, Presence.ONLINE, NOW, NOW))
        joined.state.put_equipment(SITE, replace(REPORT, agent=device, device=device))
    with caplog.at_level(logging.WARNING):
        assert joined.devices() == {}
    assert "hoa-mai: pc-mam-1, pc-mam-2 show one serial: 7xk2m03" in caplog.text
