"""What is said of a network: duplicates, telephones, rogue servers, liars and broken ways, by pure rules."""

import dataclasses
import errno
import socket
import sys
from ipaddress import IPv4Interface, IPv4Network
from types import SimpleNamespace

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.jobs import jobs, traces
from agent.network_settings import NetworkSettings, Segment
from agent.polled import PjlinkSettings, PolledDevice
from agent.probes import dhcp_servers, gateway_arp
from agent.probes.dhcp_servers import Offer, is_rogue
from agent.probes.finding import Task
from agent.probes.network_neighbours import (
    ANSWERS_FOR_OTHERS,
    Heard,
    names_by_address,
    names_by_mac,
    neighbours,
    summary,
)
from agent.probes.outcomes import BadAnswer, Unsupported, outcome_of
from agent.probes.own_subnet import OwnSubnet, hardware_address, own_subnet
from agent.probes.registry import PROBES
from agent.probes.scan import GRANT, found_in, listening_seconds, scan
from agent.probes.traceroute import Hop, finding_of
from agent.run_probe import Job
from agent.scan.__main__ import told
from agent.settings import AgentSettings
from agent.tracing import Tracing
from contract.connection import BrokerConnection
from contract.mac import canonical_mac, is_software_chosen
from contract.messages import Outcome, ProbeSettings, Target, Value
from contract.metrics import PROBES as CATALOGUE
from contract.metrics import fitted
from contract.targets import TargetEntry, host_of

ROUTER, PRINTER, PHONE = "50:c7:bf:00:00:01", "00:1b:a9:00:00:40", "da:a1:19:00:00:30"
SEGMENT = Segment(NetworkSettings(known=(PRINTER,)))
OWN = AgentSettings("hoa-mai", "pc-1", BrokerConnection("127.0.0.1", "hoa-mai.pc-1", "password"))
WATCHING = dataclasses.replace(
    OWN,
    network=SEGMENT.settings,
    internet=(TargetEntry("far", ping="192.0.2.1", web="https://far.example:8443/x"), TargetEntry("t", tcp="h.vn:443")),
    devices=(PolledDevice("projector-1", "10.0.0.9", PjlinkSettings()),),
)

macs = st.binary(min_size=6, max_size=6).map(lambda raw: raw.hex(":"))
addresses = st.sampled_from([f"10.0.0.{last}" for last in range(1, 9)])
answers = st.lists(st.builds(Heard, addresses, macs | st.sampled_from([ROUTER, PHONE])), max_size=30, unique=True)


@given(answers)
def test_every_device_is_either_listed_or_only_counted(heard: list[Heard]) -> None:
    listed = neighbours(heard, {"10.0.0.1": "gateway"}, {PHONE: "listed"})
    fields = summary(heard, "10.0.0.7", len(listed))
    assert fitted(CATALOGUE["network_neighbours"], fields) == (fields, 0)
    assert fields["hosts"] == len({entry.mac for entry in heard})
    names = [finding.target for finding in listed]
    assert len(set(names)) == len(names)
    for finding in listed:
        assert fitted(CATALOGUE["neighbour"], finding.fields) == (finding.fields, 0)
        assert finding.target is not None
        assert "known_as" in finding.fields or not is_software_chosen(finding.target)


def test_a_telephone_is_not_listed_unless_the_settings_name_it() -> None:
    heard = [Heard("10.0.0.1", ROUTER), Heard("10.0.0.30", PHONE)]
    assert [finding.target for finding in neighbours(heard, {}, {})] == [ROUTER]
    assert [finding.fields.get("known_as") for finding in neighbours(heard, {}, {PHONE: "listed"})] == [None, "listed"]


def test_who_claims_to_be_the_gateway_does_not_become_known_by_that() -> None:
    heard = [Heard("10.0.0.1", ROUTER), Heard("10.0.0.1", PRINTER), Heard("10.0.0.9", PRINTER)]

    def known(settings: NetworkSettings, heard: list[Heard]) -> dict[str | None, Value | None]:
        segment = Segment(settings, (("10.0.0.9", "printer-1"),))
        found = neighbours(heard, names_by_address(segment, "10.0.0.1"), names_by_mac(settings))
        return {finding.target: finding.fields.get("known_as") for finding in found}

    assert known(NetworkSettings(), heard[:1]) == {ROUTER: "gateway"}
    assert known(NetworkSettings(), heard[:2]) == {ROUTER: None, PRINTER: None}
    assert known(NetworkSettings(), heard) == {ROUTER: None, PRINTER: "printer-1"}
    told = NetworkSettings(gateway_mac=ROUTER.upper())
    assert known(told, heard[:2]) == {ROUTER: "gateway", PRINTER: None}
    assert known(told, heard[1:2]) == {PRINTER: None}, "the true one is silent"


def test_an_address_is_a_duplicate_where_two_have_it_or_another_has_ours() -> None:
    heard = [Heard("10.0.0.5", ROUTER), Heard("10.0.0.5", PRINTER), Heard("10.0.0.7", PHONE)]
    assert summary(heard, "10.0.0.7", 2)["duplicate_addresses"] == "10.0.0.5, 10.0.0.7"
    assert "duplicate_addresses" not in summary(heard[:1], "10.0.0.7", 1)


def test_a_router_that_answers_for_others_makes_no_duplicates() -> None:
    proxied = [Heard(f"10.0.0.{last}", ROUTER) for last in range(1, ANSWERS_FOR_OTHERS + 2)]
    fields = summary([*proxied, Heard("10.0.0.5", PRINTER)], "10.0.0.99", 2)
    assert (fields["hosts"], fields["duplicates"]) == (2, 0)


SCHOOLS, HOMES = Offer("192.168.1.1", ROUTER), Offer("192.168.1.1", PRINTER)
OTHER = Offer("192.168.0.1", PHONE)


@pytest.mark.parametrize(
    ("offers", "allowed", "rogue"),
    [
        ([SCHOOLS, OTHER], ["192.168.1.1"], [OTHER]),
        ([SCHOOLS, HOMES], ["192.168.1.1"], [SCHOOLS, HOMES]),  # nobody can tell which one is the school's
        ([SCHOOLS, HOMES], ["192.168.1.1", ROUTER.upper()], [HOMES]),
        ([SCHOOLS, OTHER], [ROUTER], [OTHER]),
        ([SCHOOLS, OTHER], ["192.168.1.1", "192.168.0.1"], []),
    ],
)
def test_a_server_is_rogue_unless_its_address_or_hardware_is_allowed(
    offers: list[Offer], allowed: list[str], rogue: list[Offer]
) -> None:
    assert [offer for offer in offers if is_rogue(offer, offers, allowed)] == rogue
    assert dhcp_servers.fields_of(offers, allowed)["rogue_servers"] == len(rogue)


def test_nothing_is_rogue_where_nobody_said_what_is_allowed() -> None:
    assert dhcp_servers.fields_of([SCHOOLS], []) == {"servers": 1, "offered_by": "192.168.1.1"}


@pytest.mark.parametrize(
    ("expected", "in_table", "heard", "fields"),
    [
        ("", "", {}, {"gateway_macs": 0, "mac_changed": False}),
        ("", ROUTER, {}, {"gateway_macs": 1, "mac_changed": False, "gateway_mac": ROUTER}),
        (
            "",
            ROUTER,
            {PHONE: "Nobody"},
            {"gateway_macs": 2, "mac_changed": False, "claimed_by": f"{PHONE} (Nobody)", "gateway_mac": ROUTER},
        ),
        (  # the lie is in the system's table already: only what was known before gives it away
            ROUTER,
            PHONE,
            {},
            {"gateway_macs": 1, "mac_changed": True, "claimed_by": PHONE, "gateway_mac": PHONE},
        ),
    ],
)
def test_a_claim_of_the_gateway_is_compared_with_what_is_known(
    expected: str, in_table: str, heard: dict[str, str], fields: dict[str, object]
) -> None:
    assert gateway_arp.fields_of(expected, in_table, heard) == fields


hops = st.lists(st.builds(Hop, st.integers(1, 24), addresses, st.sampled_from([0, 3, 11])), max_size=24)


@given(hops.map(lambda found: sorted(found, key=lambda hop: hop.hop)))
def test_every_way_has_a_last_hop_and_fits_the_catalogue(found: list[Hop]) -> None:
    finding = finding_of(found)
    assert fitted(CATALOGUE["traceroute"], finding.fields) == (finding.fields, 0)
    assert (finding.outcome is Outcome.OK) == finding.fields["reached"]
    assert ("last_address" in finding.fields) == bool(found)


def test_a_silent_hop_is_a_star_and_a_router_that_knows_no_way_ends_it() -> None:
    found = finding_of([Hop(1, "10.0.0.1", 11), Hop(3, "10.0.0.3", 11), Hop(4, "10.0.0.3", 3), Hop(5, "10.0.0.3", 3)])
    assert (found.outcome, found.fields["path"]) == (Outcome.UNREACHABLE, "10.0.0.1 > * > 10.0.0.3")
    assert (found.fields["last_hop"], found.fields["last_address"]) == (3, "10.0.0.3")


def test_a_large_subnet_is_swept_in_part() -> None:
    large = OwnSubnet("eth0", ROUTER, IPv4Interface("10.1.7.9/16"), None)
    assert large.swept() == IPv4Network("10.1.4.0/22")
    assert OwnSubnet("eth0", ROUTER, IPv4Interface("10.1.7.9/24"), None).swept() == IPv4Network("10.1.7.0/24")


def test_the_subnet_is_that_of_the_gateway_or_of_the_named_interface(monkeypatch: pytest.MonkeyPatch) -> None:
    def card(address: str, mac: str) -> list[SimpleNamespace]:
        link = SimpleNamespace(family=psutil.AF_LINK, address=mac, netmask=None)
        return [SimpleNamespace(family=socket.AF_INET, address=address, netmask="255.255.255.0"), link]

    cards = {"eth0": card("10.1.7.9", ROUTER), "eth1": card("10.2.7.9", PRINTER), "ppp0": card("8.8.8.7", PHONE)}
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: cards)
    assert own_subnet(None, "10.2.7.1") == OwnSubnet("eth1", PRINTER, IPv4Interface("10.2.7.9/24"), "10.2.7.1")
    assert own_subnet("eth0", "10.2.7.1") == OwnSubnet("eth0", ROUTER, IPv4Interface("10.1.7.9/24"), None)
    for interface, gateway in ((None, "fe80::1%eth0"), (None, None), ("eth7", "10.1.7.1"), ("ppp0", None)):
        with pytest.raises(Unsupported):
            own_subnet(interface, gateway)


def test_the_system_s_table_of_neighbours_is_read() -> None:
    table = (
        "IP address       HW type     Flags       HW address            Mask     Device\n"
        "10.77.1.1        0x1         0x2         50:C7:BF:00:00:01     *        eth0\n"
        "10.77.1.9        0x1         0x0         00:00:00:00:00:00     *        eth0\n"
    )
    assert hardware_address("10.77.1.1", "eth0", table) == ROUTER
    assert hardware_address("10.77.1.1", "wlan0", table) == hardware_address("10.77.1.9", "eth0", table) == ""


@given(macs)
def test_hardware_addresses_are_read_in_every_usual_spelling(mac: str) -> None:
    plain = mac.replace(":", "")
    spellings = [mac, mac.upper(), mac.replace(":", "-"), plain, ".".join(plain[at : at + 4] for at in (0, 4, 8))]
    assert {canonical_mac(spelling) for spelling in spellings} == {mac}
    assert canonical_mac(mac[:-1]) == canonical_mac(f"{mac}:00") == canonical_mac("eth0") == ""


@pytest.mark.parametrize(
    ("probe", "address", "host"),
    [
        ("ping", "2001:db8::1", "2001:db8::1"),
        ("tcp", "h.vn:443", "h.vn"),
        ("tcp", "[2001:db8::1]:443", "2001:db8::1"),
        ("web", "https://h.vn/a:b", "h.vn"),
        ("web", "http://me@h.vn:8080?x", "h.vn"),
        ("web", "https://[2001:db8::1]/", "2001:db8::1"),
    ],
)
def test_the_host_of_a_target_is_what_a_way_leads_to(probe: str, address: str, host: str) -> None:
    assert host_of(Target("internet", "t", probe, address)) == host


def test_the_network_is_watched_only_where_the_settings_say_so() -> None:
    watching = {job.probe for job in jobs(WATCHING)} - {job.probe for job in jobs(OWN)} - {"projector", "tcp"}
    assert watching == {"network_neighbours", "dhcp_servers", "gateway_arp"}
    assert traces(OWN) == []
    segment = next(job.segment for job in jobs(WATCHING) if job.probe == "gateway_arp")
    assert segment == Segment(SEGMENT.settings, (("10.0.0.9", "projector-1"),))
    with pytest.raises(Unsupported):
        PROBES["network_neighbours"](Task(Target("", "", "network_neighbours"), 5.0))


def test_each_internet_target_has_one_way_that_is_followed() -> None:
    assert [(job.target.id, job.target.address) for job in traces(WATCHING)] == [
        ("internet/far", "192.0.2.1"),
        ("internet/t", "h.vn"),
    ]
    served = ProbeSettings((Target("internet", "new", "ping", "192.0.2.9"), Target("dns", "d", "dns", "x.vn")))
    hurried = dataclasses.replace(WATCHING, interval_seconds={"internet": 5.0, "traceroute": 600.0})
    [job] = traces(hurried, served)
    assert (job.target.id, job.interval_seconds) == ("internet/new", 600.0)
    assert traces(dataclasses.replace(WATCHING, without=("traceroute",))) == []


PING = Job(Target("internet", "a", "ping", "192.0.2.1"), 30.0, 5.0)
WEB = Job(Target("internet", "b", "web", "http://192.0.2.2/"), 30.0, 5.0)
WAY, OTHER_WAY = (Job(Target("internet", name, "traceroute", "192.0.2.1"), 300.0, 60.0) for name in "ab")


def test_a_way_is_followed_when_a_probe_there_fails_once_in_its_interval() -> None:
    tracing = Tracing()
    tracing.replace([WAY, OTHER_WAY])
    assert tracing.finish(PING, 0.0, failed=False) is None
    assert tracing.finish(PING, 10.0, failed=True) == WAY
    assert tracing.finish(WEB, 11.0, failed=True) is None, "one at a time"
    tracing.finish(WAY, 15.0, failed=True)
    assert tracing.finish(WEB, 40.0, failed=True) == OTHER_WAY
    tracing.finish(OTHER_WAY, 45.0, failed=False)
    assert tracing.finish(PING, 309.0, failed=True) is None
    assert tracing.finish(PING, 310.0, failed=True) == WAY


def test_other_targets_have_no_way() -> None:
    tracing = Tracing()
    tracing.replace([])
    assert tracing.finish(PING, 0.0, failed=True) is None


def test_a_child_listens_no_longer_than_the_deadline_leaves() -> None:
    times = [listening_seconds(Task(Target("", "", "x"), deadline), 8.0) for deadline in (60.0, 5.0, 1.0)]
    assert times == [8.0, 2.0, 0.5]


def test_without_scapy_the_agent_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scapy", None)
    answer = told("sweep", {})
    assert str(answer["missing"]).startswith("scapy")
    with pytest.raises(Unsupported, match="pip install"):
        found_in(answer, Task(Target("", "", "x"), 1.0))


@pytest.mark.parametrize(
    ("number", "outcome", "steps"),
    [
        (errno.EPERM, Outcome.NO_PERMISSION, [GRANT]),
        (errno.ENODEV, Outcome.UNSUPPORTED, []),
        (errno.ENETDOWN, Outcome.UNREACHABLE, []),
        (None, Outcome.ERROR, []),
    ],
)
def test_what_the_child_met_is_what_the_agent_says(number: int | None, outcome: Outcome, steps: list[str]) -> None:
    said: list[str] = []
    with pytest.raises(OSError) as caught:
        found_in({"errno": number, "sentence": "no"}, Task(Target("", "", "x"), 1.0, said.append))
    assert (outcome_of(caught.value), said) == (outcome, steps)


def test_a_child_that_breaks_is_a_bad_answer_with_its_last_words() -> None:
    with pytest.raises(BadAnswer, match="ValueError"):
        scan(Task(Target("", "", "x"), 10.0), "no_such_question")
