"""Devices that speak SNMP, for tests: Debian's snmpd, snmpsim with recordings, and a line that spoils answers."""

import bz2
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from agent.polled import PolledDevice
from agent.probes.finding import Task
from agent.snmp_settings import SnmpSettings
from contract.messages import Target
from tests.peers import need
from tests.ports import free_port
from tests.waiting import PATIENCE_SECONDS, wait_until

COMMUNITY, USER, AUTHENTICATION, PRIVACY = "mat-khau-cua-truong", "reader", "auth-pass-1234", "priv-pass-1234"
Spoil = Callable[[int, bytes], list[bytes]]  # number of the answer, answer -> what arrives instead


def snmp_2c(folder: Path, port: int, community: str = COMMUNITY) -> SnmpSettings:
    return SnmpSettings(
        port=port, community_file=written(folder, f"community-{community.replace('/', '-')}", community)
    )


def snmp_3(
    folder: Path, port: int, user: str = USER, authentication: str = AUTHENTICATION, privacy: str | None = PRIVACY
) -> SnmpSettings:
    """SHA-256, and AES-128 where a privacy password is given."""
    signed = written(folder, f"authentication-{authentication}", authentication)
    hidden = None if privacy is None else written(folder, f"privacy-{privacy}", privacy)
    return SnmpSettings("3", port, user=user, authentication_file=signed, privacy_file=hidden)


def written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text + "\n", encoding="utf-8")
    return str(folder / name)


def snmp_task(settings: SnmpSettings, deadline: float = 30.0, device: str = "switch-1") -> Task:
    return Task(Target("", "", "snmp", "127.0.0.1"), deadline, device=PolledDevice(device, "127.0.0.1", snmp=settings))


@contextlib.contextmanager
def running_snmpd(folder: Path) -> Iterator[int]:
    """The port of an snmpd that knows COMMUNITY, USER (must encrypt) and the user `signer` (need not)."""
    port = free_port()
    (folder / "snmpd.conf").write_text(
        f"agentAddress udp:127.0.0.1:{port}\n"
        f"rocommunity {COMMUNITY} 127.0.0.1\n"
        f'createUser {USER} SHA-256 "{AUTHENTICATION}" AES "{PRIVACY}"\nrouser {USER} priv\n'
        f'createUser signer SHA-256 "{AUTHENTICATION}"\nrouser signer auth\n'
    )
    command = [need("snmpd"), "-f", "-Lf", str(folder / "snmpd.log"), "-C", "-c", str(folder / "snmpd.conf")]
    command += ["-p", str(folder / "snmpd.pid")]
    environment = {"SNMP_PERSISTENT_FILE": str(folder / "snmpd.kept"), "MIBS": ""}
    with _running(command, environment, folder / "snmpd.out", lambda: answers(port, COMMUNITY)):
        yield port


@contextlib.contextmanager
def running_snmpsim(folder: Path, *recordings: Path) -> Iterator[int]:
    """The port of an snmpsim where the community is the name of a recording without its ending."""
    port, data = free_port(), folder / "recordings"
    data.mkdir()
    for path in recordings:
        place(path, data)
    command = [str(Path(sys.executable).parent / "snmpsim-command-responder")]
    if os.geteuid() == 0:  # it asks for a user then, and refuses one otherwise
        command += ["--process-user=root", "--process-group=root"]
    command += [f"--cache-dir={folder / 'index'}"]
    command += ["--logging-method=null", f"--data-dir={data}", f"--agent-udpv4-endpoint=127.0.0.1:{port}"]
    first = recordings[0].name.partition(".")[0]
    with _running(command, {"HOME": str(folder)}, folder / "snmpsim.out", lambda: answers(port, first)):
        yield port


def place(recording: Path, folder: Path) -> None:
    if recording.suffix == ".bz2":
        (folder / recording.stem).write_bytes(bz2.decompress(recording.read_bytes()))
    else:
        shutil.copy(recording, folder)


def recorded(name: str) -> Path:
    """A recording of the package snmpsim-data, `network/switch/dlink-des3200`."""
    import snmpsim_data

    folder = Path(snmpsim_data.__path__[0]) / "data"
    return next(folder.glob(f"{name}.snmprec*"))


@contextlib.contextmanager
def spoiled_line(port: int, spoil: Spoil) -> Iterator[int]:
    """The port of a line to the device at `port` whose answers arrive as `spoil` says."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as near,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as far,
    ):
        near.bind(("127.0.0.1", 0))
        far.connect(("127.0.0.1", port))
        near.settimeout(0.05)
        far.settimeout(PATIENCE_SECONDS)
        stop = threading.Event()
        thread = threading.Thread(target=_carry, args=(near, far, spoil, stop), daemon=True)
        thread.start()
        try:
            yield near.getsockname()[1]
        finally:
            stop.set()
            thread.join()


def _carry(near: socket.socket, far: socket.socket, spoil: Spoil, stop: threading.Event) -> None:
    number = 0
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            question, asker = near.recvfrom(65_536)
            far.send(question)
            for answer in spoil(number, far.recv(65_536)):
                near.sendto(answer, asker)
            number += 1


@contextlib.contextmanager
def _running(
    command: list[str], environment: dict[str, str], output: Path, ready: Callable[[], bool]
) -> Iterator[None]:
    with (
        output.open("wb") as out,
        subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environment) as process,
    ):
        try:
            wait_until(lambda: _is_running(process, output) and ready())
            yield
        finally:
            process.terminate()


def _is_running(process: "subprocess.Popen[bytes]", output: Path) -> bool:
    assert process.poll() is None, f"it ended: {output.read_text(errors='replace')[-2000:]}"
    return True


def answers(port: int, community: str) -> bool:
    """Whether a GET of sysObjectID, spelled out byte by byte, has any answer."""
    name = community.encode()
    bindings = bytes.fromhex("300e300c06082b060102010102000500")
    request = bytes.fromhex("020101020100020100") + bindings
    message = bytes.fromhex("020101") + bytes((0x04, len(name))) + name + bytes((0xA0, len(request))) + request
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(0.2)
        sock.connect(("127.0.0.1", port))
        with contextlib.suppress(OSError):
            sock.send(bytes((0x30, len(message))) + message)
            return bool(sock.recv(4096))
    return False
