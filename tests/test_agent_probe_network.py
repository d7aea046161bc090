"""The watch of the network, for real: hosts, DHCP servers, a liar and a broken way in network namespaces."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from agent.probes.scan import GRANT
from tests.peers import need, need_root
from tests.probe_inside import NOBODY_WITHOUT_RIGHTS, probe_inside
from tests.tree import ROOT
from tests.waiting import best_of, wait_until
from tests.watched_segment import INTERNET, MACS, PROVIDER, ROGUE, ROUTER, WatchedSegment

WITH_NET_RAW = ("setpriv", "--securebits=+noroot", "--inh-caps=-all,+net_raw", "--ambient-caps=+net_raw")
SETTINGS = """\
site: hoa-mai
agent: pc-1
broker: {host: 127.0.0.1, username: hoa-mai.pc-1, password_file: password}
"""


@pytest.fixture(scope="module")
def segment() -> Iterator[WatchedSegment]:
    for program in ("ip", "nft", "dnsmasq", "setpriv"):
        need(program)
    need_root("a network namespace")
    with WatchedSegment() as made:
        yield made


def looked(
    segment: WatchedSegment,
    probe: str,
    address: str = "",
    *,
    deadline: float = 60.0,
    listen: float = 1.0,
    prefix: tuple[str, ...] = (),
    **network: Any,
) -> dict[str, Any]:
    """The first finding of a probe of the sentinel, with its steps and the other findings."""
    found = probe_inside([*segment.within("sentinel"), *prefix], probe, address, deadline, network, listen)
    first, *others = found["findings"]
    return {**first, "steps": found["steps"], "others": others}


def until_all_were_heard(look: Callable[[], dict[str, Any]], **fields: Any) -> dict[str, Any]:
    """The first look that found these fields among others: a busy machine may not hear all who speak."""
    return best_of(look, lambda found: fields.items() <= found["fields"].items())


def test_it_lists_who_is_there_and_only_counts_a_telephone(segment: WatchedSegment) -> None:
    found = until_all_were_heard(lambda: looked(segment, "network_neighbours", interface="eth0"), hosts=4)
    assert (found["outcome"], found["fields"]) == ("ok", {"hosts": 4, "unlisted": 1, "duplicates": 0})
    listed = {row["target"]: row["fields"] for row in found["others"]}
    assert {row["probe"] for row in found["others"]} == {"neighbour"}
    assert listed.keys() == {MACS["router"], MACS["printer"], MACS["rogue"]}
    assert listed[MACS["router"]]["known_as"] == "gateway"
    assert listed[MACS["printer"]] == {
        "address": "10.77.1.40",
        "vendor": "Brother industries, LTD.",
        "known_as": "printer-1",
    }
    assert "known_as" not in listed[MACS["rogue"]]


def test_an_address_that_two_devices_have_is_told(segment: WatchedSegment) -> None:
    segment.run("phone", "ip", "address", "add", "10.77.1.40/26", "dev", "eth0")
    segment.run("rogue", "ip", "address", "add", "10.77.1.2/26", "dev", "eth0")
    try:
        known = [MACS["phone"].upper().replace(":", "-")]
        found = until_all_were_heard(lambda: looked(segment, "network_neighbours", known=known), duplicates=2)
    finally:
        segment.run("phone", "ip", "address", "delete", "10.77.1.40/26", "dev", "eth0")
        segment.run("rogue", "ip", "address", "delete", "10.77.1.2/26", "dev", "eth0")
    assert found["fields"]["duplicate_addresses"] == "10.77.1.2, 10.77.1.40", "the sentinel's own one too"
    assert (found["fields"]["duplicates"], found["fields"]["unlisted"]) == (2, 0)
    assert MACS["phone"] in [row["target"] for row in found["others"]], "the settings name it"


def test_a_dhcp_server_that_nobody_allowed_is_rogue_and_no_lease_is_taken(
    segment: WatchedSegment, tmp_path: Path
) -> None:
    leases = tmp_path / "leases"
    leases.touch(0o666)
    with segment.dhcp("router", str(leases)), segment.dhcp("rogue"):
        found = until_all_were_heard(lambda: looked(segment, "dhcp_servers", listen=2.0), servers=2)
    fields = found["fields"]
    assert (fields["servers"], fields["offered_by"], fields["rogue_servers"]) == (2, f"{ROUTER}, {ROGUE}", 1)
    assert fields["rogue"].startswith(f"{ROGUE} {MACS['rogue']} (")
    assert leases.read_text() == ""


def test_a_device_that_says_it_is_the_gateway_is_heard_at_once(segment: WatchedSegment) -> None:
    quiet = looked(segment, "gateway_arp", gateway_mac=MACS["router"])
    assert (quiet["fields"]["mac_changed"], "claimed_by" in quiet["fields"]) == (False, False)
    with segment.lying("rogue"):
        look = partial(looked, segment, "gateway_arp", listen=15.0, gateway_mac=MACS["router"])
        lied = until_all_were_heard(look, mac_changed=True)
    assert lied["fields"]["mac_changed"] is True
    assert lied["fields"]["claimed_by"].startswith(MACS["rogue"])


@pytest.mark.parametrize("probe", ["network_neighbours", "dhcp_servers", "gateway_arp", "traceroute"])
def test_without_the_permission_the_outcome_says_so_and_how_to_give_it(segment: WatchedSegment, probe: str) -> None:
    found = looked(segment, probe, INTERNET, prefix=NOBODY_WITHOUT_RIGHTS)
    assert (found["outcome"], found["steps"][-1]) == ("no_permission", GRANT)


def test_the_permission_that_is_named_is_enough(segment: WatchedSegment) -> None:
    look = partial(looked, segment, "traceroute", INTERNET, prefix=WITH_NET_RAW)
    assert until_all_were_heard(look, reached=True)["outcome"] == "ok"


# The agent's own schedule, with one target that it cannot reach.
_FAIL_AND_FOLLOW = """
import json, queue, random, sys, time
from agent.probes import scan
from agent.probing import Probing
from agent.run_probe import Job
from contract.messages import Target
ping = Job(Target("internet", "far", "ping", sys.argv[1]), 1.0, 0.5)
way = Job(Target("internet", "far", "traceroute", sys.argv[1]), 300.0, 60.0)
finished = queue.Queue()
probing = Probing(lambda: 1, finished.put, random.Random(1))
probing.replace([ping], time.monotonic(), [way])
scan.START_SECONDS = 59.0
ended = time.monotonic() + 90
while time.monotonic() < ended:
    probing.start_due(time.monotonic())
    try:
        found = finished.get(timeout=0.05)
    except queue.Empty:
        continue
    probing.finish(found, time.monotonic())
    if found.job.probe == "traceroute":
        [entry] = found.measurements
        print(json.dumps([entry.target, entry.outcome, entry.fields]))
        break
"""


def test_when_an_internet_probe_fails_the_way_there_is_followed_to_the_last_hop_that_answers(
    segment: WatchedSegment,
) -> None:
    chain = "add table ip cut; add chain ip cut forwarded { type filter hook forward priority 0; policy drop; }"
    segment.run("provider", "nft", chain)
    try:
        command = segment.within("sentinel", sys.executable, "-c", _FAIL_AND_FOLLOW, INTERNET)
        place = {"last_hop": 2, "last_address": PROVIDER, "path": f"{ROUTER} > {PROVIDER}"}
        wanted = ["internet/far", "timeout", {"reached": False, **place}]
        said = best_of(lambda: json.loads(subprocess.check_output(command, cwd=ROOT)), wanted.__eq__)
    finally:
        segment.run("provider", "nft", "flush", "ruleset")
    assert said == wanted


_RUN_AND_LOOK = """
import psutil, sys
from agent.network_settings import Segment
from agent.probes import scan
from agent.probes.finding import Task
from agent.probes.registry import PROBES
from contract.messages import Target
scan.START_SECONDS = 59.5
probe = PROBES["gateway_arp"]
run = lambda: probe(Task(Target("", "", "gateway_arp"), 60.0, segment=Segment()))
run()
before = psutil.Process().memory_info().rss
run()
grown = psutil.Process().memory_info().rss - before
foreign = [name for name in sys.modules if name.partition(".")[0] == "scapy" or name.startswith("agent.scan")]
print(foreign, len(psutil.Process().children(recursive=True)), grown < 2**20)
"""


def test_the_agent_holds_nothing_of_scapy_when_the_child_has_gone(segment: WatchedSegment) -> None:
    command = segment.within("sentinel", sys.executable, "-c", _RUN_AND_LOOK)
    assert subprocess.check_output(command, cwd=ROOT, text=True) == "[] 0 True\n"


def test_a_child_that_takes_too_long_is_ended(segment: WatchedSegment) -> None:
    assert looked(segment, "network_neighbours", deadline=1.0)["outcome"] == "timeout"
    running = ["ip", "netns", "pids", segment.namespace["sentinel"]]
    wait_until(lambda: subprocess.check_output(running) == b"", seconds=30)


def test_explain_tells_settings_steps_and_result(segment: WatchedSegment, tmp_path: Path) -> None:
    (tmp_path / "agent.yaml").write_text(
        f"{SETTINGS}network: {{interface: eth0}}\ninternet: [{{name: far, ping: {INTERNET}}}]\n"
    )
    told = best_of(lambda: explained(segment, tmp_path, "traceroute", "far"), lambda told: "= ok after" in told)
    assert "traceroute internet/far\n" in told
    assert f"address          {INTERNET}\n" in told
    assert "interval         300 s (default)\n" in told
    assert f"the way is {ROUTER} > {PROVIDER} > {INTERNET}\n" in told
    assert "= ok after" in told


def test_nothing_is_scanned_unless_the_settings_say_so(segment: WatchedSegment, tmp_path: Path) -> None:
    (tmp_path / "agent.yaml").write_text(SETTINGS)
    told = explained(segment, tmp_path, "network_neighbours")
    assert told.startswith("sonca agent: agent.yaml has no `network`\n")


def explained(segment: WatchedSegment, folder: Path, *words: str) -> str:
    """What `sonca agent --explain` says in the sentinel's namespace."""
    program = str(Path(sys.executable).parent / "sonca")
    command = segment.within("sentinel", program, "agent", "--once", "--explain", *words)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=90, check=False)
    return done.stdout + done.stderr
