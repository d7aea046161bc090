"""What an agent probes: the server's word before agent.yaml before the defaults."""

import dataclasses

from agent.jobs import MACHINE_PROBES, jobs, report_seconds, throughput_jobs
from agent.network_settings import SEGMENT_PROBES
from agent.polled import DEVICE_PROBES, PjlinkSettings, PolledDevice
from agent.probes.registry import PROBES
from agent.settings import AgentSettings
from agent.throughput_settings import LanSettings, ThroughputSettings, WanSettings
from contract import defaults
from contract.connection import BrokerConnection
from contract.messages import ProbeSettings, Target
from contract.metrics import PROBES as CATALOGUE
from contract.targets import TargetEntry

OWN = AgentSettings("hoa-mai", "pc-1", BrokerConnection("127.0.0.1", "hoa-mai.pc-1", "password"))
SERVICE = TargetEntry("e-office", web="https://e-office.example/")


def intervals(settings: AgentSettings, server: ProbeSettings | None = None) -> dict[tuple[str, str], float]:
    return {(job.probe, job.target_id): job.interval_seconds for job in jobs(settings, server)}


def test_the_defaults_are_those_of_the_design() -> None:
    found = intervals(dataclasses.replace(OWN, services=(SERVICE,)))
    assert found["host", ""] == found["ping", "gateway/default"] == found["ping", "internet/quad9"] == 30
    assert found["dns", "dns/system"] == found["web", "internet/mozilla"] == found["wifi", ""] == 60
    assert found["web", "services/e-office"] == 300
    assert report_seconds(OWN, None) == 30


def test_every_probe_of_the_registry_has_an_interval_a_deadline_and_a_place_in_the_catalogue() -> None:
    assert set(PROBES) <= set(defaults.INTERVAL_SECONDS) & set(defaults.DEADLINE_SECONDS) & set(CATALOGUE)
    pointed = {name for name in PROBES if CATALOGUE[name].targets == "group/name"}
    assert set(MACHINE_PROBES) == set(PROBES) - pointed - DEVICE_PROBES - set(SEGMENT_PROBES)
    assert set(PROBES) >= DEVICE_PROBES


def test_a_polled_device_is_asked_what_its_protocols_bring() -> None:
    projector = PolledDevice("projector-1", "192.0.2.7", PjlinkSettings())
    found = jobs(dataclasses.replace(OWN, devices=(projector,)))[-1]
    assert (found.probe, found.target_id, found.device) == ("projector", "", projector)
    assert (found.interval_seconds, found.deadline_seconds) == (300, 30)
    without = dataclasses.replace(OWN, devices=(projector,), without=("projector",))
    assert not [job for job in jobs(without) if job.device]


def test_tests_of_throughput_are_no_part_of_a_round_and_have_one_rhythm() -> None:
    legs = ThroughputSettings(LanSettings("192.0.2.1:8484"), WanSettings("https://speed.example/"))
    own = dataclasses.replace(OWN, throughput=legs)
    assert not [job for job in jobs(own) if job.probe == "throughput"]
    found = [(job.target_id, job.interval_seconds, job.deadline_seconds) for job in throughput_jobs(own)]
    assert found == [("lan/server", 43_200, 60), ("wan/server", 43_200, 60)]
    often = throughput_jobs(own, ProbeSettings(interval_seconds={"throughput": 7_200.0}))
    assert {job.interval_seconds for job in often} == {7_200}


def test_agent_yaml_goes_before_the_defaults() -> None:
    own = dataclasses.replace(OWN, internet=(TargetEntry("a", ping="192.0.2.1"),), interval_seconds={"ping": 10.0})
    found = intervals(own)
    assert found["ping", "internet/a"] == 10
    assert ("ping", "internet/quad9") not in found


def test_the_server_goes_before_both() -> None:
    target = Target("services", "bank", "tcp", "192.0.2.9:443")
    server = ProbeSettings((target,), {"services": 60.0}, {"tcp": 2.0}, 15.0)
    found = jobs(dataclasses.replace(OWN, services=(SERVICE,)), server)
    assert [job for job in found if job.target.group] == [dataclasses.replace(found[-1], target=target)]
    assert (found[-1].interval_seconds, found[-1].deadline_seconds) == (60, 2)
    assert report_seconds(OWN, server) == 15


def test_a_server_that_says_only_intervals_leaves_the_targets() -> None:
    assert intervals(OWN, ProbeSettings(interval_seconds={"dns": 90.0}))["dns", "dns/quad9"] == 90


def test_a_slip_of_the_server_neither_stops_nor_races_the_agent() -> None:
    target = Target("services", "x", "telepathy", "?")
    server = ProbeSettings((target, Target("internet", "a", "ping", "192.0.2.1")), {"ping": -5.0}, {}, 0.0)
    found = intervals(OWN, server)
    assert ("telepathy", "services/x") not in found
    assert found["ping", "internet/a"] == 1
    assert report_seconds(OWN, server) == 1


def test_a_probe_can_be_left_out_and_a_target_counts_once() -> None:
    twice = (TargetEntry("a", ping="192.0.2.1"), TargetEntry("a", ping="192.0.2.2"))
    found = jobs(dataclasses.replace(OWN, without=("wifi", "dns"), internet=twice))
    assert not [job for job in found if job.probe in ("wifi", "dns")]
    assert [job.target.address for job in found if job.target.group == "internet"] == ["192.0.2.1"]
