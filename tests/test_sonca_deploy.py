"""deploy/compose.yaml, and every file that it mounts: rendered by our own commands. Nothing of it can be run here."""

import re
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from agent.settings import read_agent_settings
from inventory.school import read_school
from sonca.cli import COMMANDS, main
from sonca.settings import read_server_settings
from tests.peers import need
from tests.ports import free_port, listens
from tests.tree import ROOT
from tests.waiting import PATIENCE_SECONDS, wait_until

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of deploy/ with everything written for two classroom PCs."""
    folder = tmp_path_factory.mktemp("rendered") / "deploy"
    shutil.copytree(ROOT / "deploy", folder, ignore=shutil.ignore_patterns("files", ".env"))
    assert main(["deploy", str(folder), "--address", "127.0.0.1", "--agent", "pc-1", "--agent", "pc-2"]) == 0
    return folder


@pytest.fixture
def deployed(rendered: Path, tmp_path: Path) -> Path:
    """The same, to change."""
    return shutil.copytree(rendered, tmp_path / "deploy")


def mounts() -> list[tuple[str, str, str]]:
    """(service, source, target) of every bind mount."""
    rows = [(name, *volume.split(":")[:2]) for name, one in SERVICES.items() for volume in one["volumes"]]
    return [row for row in rows if row[1].startswith(".")]


def env_of(folder: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in (folder / ".env").read_text().splitlines())


def test_every_file_that_is_mounted_is_there(deployed: Path) -> None:
    assert len(mounts()) == 7
    assert [source for _, source, _ in mounts() if not list((deployed / source).rglob("*"))] == []


def test_every_variable_has_a_value_that_stays_and_is_for_its_owner_only(deployed: Path) -> None:
    asked = set(re.findall(r"\$\{(\w+)\}", (deployed / "compose.yaml").read_text(encoding="utf-8")))
    before = env_of(deployed)
    assert set(before) == asked
    assert stat.S_IMODE((deployed / ".env").stat().st_mode) == 0o600
    assert before["SONCA_INFLUX_TOKEN"] == ""
    (deployed / "files" / "influx-grafana.token").write_text("made-by-influx\n")
    assert main(["deploy", str(deployed), "--address", "127.0.0.1", "--agent", "pc-3"]) == 0
    assert env_of(deployed) == {**before, "SONCA_INFLUX_TOKEN": "made-by-influx"}


def test_nothing_secret_can_be_committed() -> None:
    ignored = (ROOT / "deploy" / ".gitignore").read_text(encoding="utf-8").split()
    assert ignored == ["files/", ".env"]


def test_the_settings_are_good_and_their_files_are_where_the_containers_see_them(deployed: Path) -> None:
    files = deployed / "files"
    settings = read_server_settings(files / "sonca.yaml")
    assert (settings.broker.host, settings.broker.port) == ("mosquitto", 8883)
    assert settings.store.influx is not None
    assert settings.store.influx.url == "http://influxdb:8086"
    assert settings.store.influx.organization == SERVICES["influxdb"]["environment"]["DOCKER_INFLUXDB_INIT_ORG"]
    assert settings.store.influx.database == SERVICES["influxdb"]["environment"]["DOCKER_INFLUXDB_INIT_BUCKET"]
    assert [read_school(Path(path)).name for path in settings.schools] == ["Trường của tôi"]
    for file in (settings.broker.password_file, settings.broker.tls_ca_file):
        assert file is not None
        assert Path(file).is_file()
        assert str(files) in file  # relative in the file: the same below /sonca


def test_every_command_is_one_of_ours(deployed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ours = [one["command"] for one in SERVICES.values() if one["image"] == "sonca"]
    assert {command[0] for command in ours} == {"influx", "collector", "api"} <= set(COMMANDS)
    for command in ours:
        for path in command:
            if path.startswith("/sonca/"):
                assert (deployed / "files" / path.removeprefix("/sonca/")).is_file()


def test_boards_stand_where_grafana_looks(deployed: Path) -> None:
    provisioning = deployed / "files" / "grafana" / "provisioning" / "dashboards" / "sonca.yaml"
    targets = {target: source for name, source, target in mounts() if name == "grafana"}
    assert "/etc/grafana/provisioning" in targets
    for provider in yaml.safe_load(provisioning.read_text(encoding="utf-8"))["providers"]:
        [seen] = [target for target in targets if provider["options"]["path"].startswith(target)]
        folder = deployed / targets[seen] / provider["options"]["path"].removeprefix(seen).strip("/")
        assert len(list(folder.glob("*.json"))) == 7


def test_grafana_finds_the_influxdb_of_its_neighbour_and_gets_the_token_that_it_asks_for(deployed: Path) -> None:
    file = deployed / "files" / "grafana" / "provisioning" / "datasources" / "sonca.yaml"
    [source] = yaml.safe_load(file.read_text(encoding="utf-8"))["datasources"]
    assert source["url"] == "http://influxdb:8086"
    assert source["jsonData"]["dbName"] == SERVICES["influxdb"]["environment"]["DOCKER_INFLUXDB_INIT_BUCKET"]
    [asked] = re.findall(r"\$(\w+)", source["secureJsonData"]["httpHeaderValue1"])
    assert SERVICES["grafana"]["environment"][asked] == f"${{{asked}}}"


def test_who_sets_up_the_influxdb_holds_its_first_token(deployed: Path) -> None:
    first = SERVICES["influxdb"]["environment"]["DOCKER_INFLUXDB_INIT_ADMIN_TOKEN"].strip("${}")
    command = SERVICES["influx-setup"]["command"]
    file = command[command.index("--admin-token-file") + 1].removeprefix("/sonca/")
    assert (deployed / "files" / file).read_text(encoding="utf-8").strip() == env_of(deployed)[first] != ""
    assert command[command.index("--reader") + 1] == "grafana"  # whose token .env takes: see above


def test_mosquitto_takes_its_configuration_and_lets_an_agent_in(deployed: Path) -> None:
    port, files = free_port(), deployed / "files"
    configuration = files / "broker" / "mosquitto.conf"
    text = configuration.read_text(encoding="utf-8")
    assert text.count("listener ") == 1  # with TLS; nothing else
    here = text.replace("/sonca/", f"{files}/").replace("listener 8883 0.0.0.0", f"listener {port} 127.0.0.1")
    configuration.write_text(here, encoding="utf-8")
    broker = subprocess.Popen([need("mosquitto"), "-c", str(configuration)])
    try:
        wait_until(lambda: listens(port))
        agent = read_agent_settings(files / "agents" / "pc-1" / "agent.yaml")
        assert (agent.broker.host, agent.broker.port) == ("127.0.0.1", 8883)
        told = ["-h", "127.0.0.1", "-p", str(port), "--cafile", str(agent.broker.tls_ca_file), "-q", "1", "-m", "x"]
        login = ["-u", agent.broker.username, "-P", agent.broker.password()]
        topic = ["-t", f"sonca/v1/{agent.site}/pc-1/measurements"]
        subprocess.run([need("mosquitto_pub"), *told, *login, *topic], check=True, timeout=PATIENCE_SECONDS)
        refused = subprocess.run(
            [need("mosquitto_pub"), *told, *topic], timeout=PATIENCE_SECONDS, capture_output=True, check=False
        )
        assert refused.returncode != 0
    finally:
        broker.terminate()
        broker.wait(PATIENCE_SECONDS)


def test_docker_compose_takes_the_file(deployed: Path) -> None:
    found = shutil.which("docker-compose")
    program = [found] if found else [need("docker"), "compose"]
    done = subprocess.run(
        [*program, "-f", str(deployed / "compose.yaml"), "--env-file", str(deployed / ".env"), "config"],
        capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert set(yaml.safe_load(done.stdout)["services"]) == set(SERVICES)


def test_a_bad_name_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deploy", str(tmp_path), "--address", "127.0.0.1", "--agent", "Máy 1"]) == 2
    assert "--agent: " in capsys.readouterr().err
