"""The `sonca` command as people call it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from contract import VERSION
from sonca.cli import COMMANDS, main
from tests.running_agent import AGENT, SITE
from tests.waiting import PATIENCE_SECONDS, wait_until

AGENT_YAML = f"""\
site: {SITE}
agent: {AGENT}
broker: {{host: 127.0.0.1, port: 9, username: {SITE}.{AGENT}, password_file: password}}
without: [ping, dns, web, wifi]
"""


def test_help_names_every_command_and_each_command_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    listed = capsys.readouterr().out
    for name in COMMANDS:
        assert f"  {name} " in listed
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
        assert f"usage: sonca {name}" in capsys.readouterr().out


def test_version_and_unknown_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"sonca {VERSION}\n"
    assert main(["agnet"]) == 2
    assert "there is no command 'agnet'" in capsys.readouterr().err


def test_trouble_is_a_sentence_and_a_hint_not_a_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["agent", "--settings", str(tmp_path / "agent.yaml")]) == 2
    told = capsys.readouterr().err
    assert told.startswith("sonca agent: ")
    assert "there is no such file" in told
    assert "hint:" in told


def test_check_judges_a_file_without_a_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "agent.yaml").write_text(AGENT_YAML)
    assert main(["agent", "check", str(tmp_path / "agent.yaml")]) == 0
    assert f"{AGENT} of {SITE}" in capsys.readouterr().out
    (tmp_path / "agent.yaml").write_text(AGENT_YAML + "colour: red\n")
    assert main(["agent", "check", str(tmp_path / "agent.yaml")]) == 2
    assert "colour: is not a known key" in capsys.readouterr().err


def test_once_and_explain_print_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "agent.yaml").write_text(AGENT_YAML)
    here = ["--settings", str(tmp_path / "agent.yaml")]
    assert main(["agent", "--once", *here]) == 0
    assert capsys.readouterr().out.startswith("probe")
    assert main(["agent", "--json", *here]) == 0
    assert capsys.readouterr().out.startswith("[")
    assert main(["agent", "--explain", "host", *here]) == 0
    assert "= ok" in capsys.readouterr().out


def test_a_running_agent_ends_in_peace_at_sigterm_and_keeps_what_it_measured(tmp_path: Path) -> None:
    (tmp_path / "agent.yaml").write_text(AGENT_YAML)
    (tmp_path / "password").write_text("secret")
    command = [sys.executable, "-m", "sonca.cli", "agent", "--settings", str(tmp_path / "agent.yaml")]
    outbox, log = tmp_path / "agent-data" / "outbox.db-wal", tmp_path / "log"
    with log.open("wb") as output, subprocess.Popen(command, stderr=output) as process:
        wait_until(lambda: outbox.exists() and outbox.stat().st_size > 100_000)
        wait_until(lambda: "no broker answers at 127.0.0.1:9" in log.read_text())
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) == 0
    told = log.read_text()
    assert told.rstrip().endswith("the agent has stopped")
    assert "Traceback" not in told
