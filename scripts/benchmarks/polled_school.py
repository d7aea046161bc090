"""A school of devices that a sentinel polls: one snmpd of net-snmp at fifty addresses of loopback, and projectors."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contract.trouble import Trouble
from inventory.school import Device, Room, School
from tests.peers import SERVER_FOLDERS
from tests.ports import free_port
from tests.snmp_peers import COMMUNITY, answers
from tests.waiting import wait_until

SITE, SENTINEL = "hoa-mai", "sentinel"
SNMP_DEVICES, PROJECTORS = 50, 30
START_SECONDS = 10.0


@dataclass(frozen=True)
class PolledSchool:
    """The devices as agent.yaml has them."""

    snmp: list[dict[str, object]]
    projectors: list[dict[str, object]]
    snmp_port: int

    def school(self) -> School:
        """The register, which lets the sentinel speak for all of them."""
        by = (SENTINEL,)
        rows = [Device(str(entry["id"]), kind="switch", reported_by=by) for entry in self.snmp]
        rows += [Device(str(entry["id"]), kind="projector", reported_by=by) for entry in self.projectors]
        return School(SITE, "Hoa Mai", (Room("all", devices=(Device(SENTINEL), *rows)),))


@contextlib.contextmanager
def running_polled_school(folder: Path) -> Iterator[PolledSchool]:
    """All of it runs in processes of its own, ended afterwards. Raises Trouble."""
    port = free_port()
    addresses = [f"127.0.9.{last}" for last in range(1, SNMP_DEVICES + 1)]
    with _running_snmpd(folder, addresses, port), _running_projectors() as ports:
        community = folder / "community"
        community.write_text(f"{COMMUNITY}\n")
        snmp: list[dict[str, object]] = [
            {"id": f"switch-{number}", "address": address, "snmp": {"port": port, "community_file": str(community)}}
            for number, address in enumerate(addresses, 1)
        ]
        projectors: list[dict[str, object]] = [
            {"id": f"projector-{number}", "address": "127.0.0.1", "pjlink": {"port": own}}
            for number, own in enumerate(ports, 1)
        ]
        yield PolledSchool(snmp, projectors, port)


@contextlib.contextmanager
def _running_snmpd(folder: Path, addresses: list[str], port: int) -> Iterator[None]:
    here = ",".join(f"udp:{address}:{port}" for address in (*addresses, "127.0.0.1"))
    (folder / "snmpd.conf").write_text(f"agentAddress {here}\nrocommunity {COMMUNITY} 127.0.0.0/8\n")
    program = next((path for place in SERVER_FOLDERS if (path := Path(place) / "snmpd").exists()), None)
    if program is None:
        raise Trouble("snmpd is not installed", "apt install snmpd snmp")
    command = [str(program), "-f", "-Lf", str(folder / "snmpd.log"), "-C", "-c", str(folder / "snmpd.conf")]
    command += ["-p", str(folder / "snmpd.pid")]
    environment = {"SNMP_PERSISTENT_FILE": str(folder / "snmpd.kept"), "MIBS": ""}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: answers(port, COMMUNITY), START_SECONDS)
            yield
        finally:
            process.terminate()


@contextlib.contextmanager
def _running_projectors() -> Iterator[list[int]]:
    command = [sys.executable, "-m", "scripts.benchmarks.projectors", str(PROJECTORS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield list(map(int, process.stdout.readline().split()))
        finally:
            process.stdin.close()
