"""The files that go onto a router: checked by shellcheck, started from UCI settings."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from contract import VERSION
from contract.connection import BrokerConnection
from sonca.router_settings import router_settings
from tests.peers import need
from tests.router import FOLDER

SCRIPTS = [path for path in sorted(FOLDER.rglob("*")) if path.is_file() and path.parent.name in ("sonca", "init.d")]

# What rc.common and procd bring, as far as the init script uses them: options are files, what procd is told is printed.
_RC_COMMON = """\
config_load() { [ "$1" = sonca ]; }
config_foreach() { "$1" agent; }
config_get() { eval "$1="; [ ! -f "$UCI/$3" ] || read -r "$1" <"$UCI/$3"; }
config_get_bool() { config_get "$1" "$2" "$3"; eval "[ -n \\"\\$$1\\" ] || $1=$4"; }
config_list_foreach() { [ ! -f "$UCI/$2" ] || while read -r entry; do "$3" "$entry"; done <"$UCI/$2"; }
procd_open_instance() { echo "instance $1"; }
procd_close_instance() { :; }
procd_set_param() { name=$1; shift; printf '%s\\n' "$@" | sed "s/^/$name /"; }
procd_append_param() { procd_set_param "$@"; }
"""


@pytest.mark.parametrize("script", ["usr/lib/sonca/agent", "etc/init.d/sonca"])
def test_shellcheck_finds_nothing_in_it_nor_in_what_it_reads(script: str) -> None:
    options = ["--external-sources", "--check-sourced", "--severity", "style"]
    command = [need("shellcheck"), *options, str(FOLDER / script)]
    done = subprocess.run(command, cwd=FOLDER.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_script_is_longer_than_400_lines() -> None:
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in SCRIPTS}
    assert len(lengths) == 10
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_its_version_is_ours() -> None:
    assert f"\nVERSION={VERSION}\n" in (FOLDER / "usr/lib/sonca/settings.sh").read_text(encoding="utf-8")


def uci(text: str, folder: Path) -> Path:
    """The options of a UCI file, one file each."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, value in re.findall(r"^\s*(?:option|list) (\w+) '(.*)'$", text, re.MULTILINE):
        with (folder / name).open("a") as file:
            file.write(f"{value}\n")
    return folder


def told_to_procd(text: str, folder: Path) -> list[str]:
    script = f"{_RC_COMMON}\n. {FOLDER}/etc/init.d/sonca\nstart_service"
    command = [need("busybox"), "ash", "-c", script]
    environment = {"UCI": str(uci(text, folder)), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.splitlines()


def test_settings_of_agent_account_reach_the_agent(tmp_path: Path) -> None:
    connection = BrokerConnection("192.0.2.10", "hoa-mai.router-1", "password", 8883, tls_ca_file="authority.crt")
    told = told_to_procd(router_settings("hoa-mai", "router-1", connection), tmp_path / "uci")
    assert told[:2] == ["instance agent", "command /usr/lib/sonca/agent"]
    assert {line.removeprefix("env SONCA_") for line in told if line.startswith("env ")} == {
        "RUN=/tmp/sonca/agent",
        "SITE=hoa-mai",
        "AGENT=router-1",
        "HOST=192.0.2.10",
        "PORT=8883",
        "MQTT_VERSION=5",
        "PASSWORD_FILE=/etc/sonca/password",
        "SENDER_PASSWORD_FILE=/etc/sonca/sender-password",
        "CA_FILE=/etc/sonca/authority.crt",
        "WAN=wan",
    }
    assert "stderr 1" in told


def test_lists_and_switches_of_the_settings(tmp_path: Path) -> None:
    text = "\toption enabled '1'\n\tlist internet 'quad9=9.9.9.9'\n\tlist internet 'google=8.8.8.8'\n"
    assert "env SONCA_INTERNET=quad9=9.9.9.9 google=8.8.8.8" in told_to_procd(text, tmp_path / "uci")
    assert told_to_procd("\toption enabled '0'\n", tmp_path / "uci") == []


def test_every_option_of_the_example_is_one_the_agent_reads(tmp_path: Path) -> None:
    example = (FOLDER / "etc/config/sonca").read_text(encoding="utf-8")
    settings = (FOLDER / "usr/lib/sonca/settings.sh").read_text(encoding="utf-8")
    names = set(re.findall(r"(?:option|list) (\w+) ", example)) - {"enabled"}
    assert {name for name in names if f"SONCA_{name.upper()}:-" not in settings} == set()
    told = told_to_procd(example.replace("''", "'x'").replace("#list", "list"), tmp_path / "uci")
    assert {name for name in names if not any(line.startswith(f"env SONCA_{name.upper()}=") for line in told)} == set()


def test_the_files_of_the_folder_keep_the_modes_they_need() -> None:
    assert all((FOLDER / name).stat().st_mode & 0o111 for name in ("usr/lib/sonca/agent", "etc/init.d/sonca"))
