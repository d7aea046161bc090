"""Runs a program of the system and returns what it wrote, in its untranslated wording where it lets itself be told."""

import json
import os
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from agent.probes.outcomes import BadAnswer

if TYPE_CHECKING:
    import subprocess


def output_of(command: Sequence[str], seconds: float) -> tuple[str, int]:
    """What `command` wrote (output and errors together) and its exit code.

    Raises TimeoutError after `seconds`, FileNotFoundError without the program, PermissionError when it may not be run.
    """
    import subprocess  # the ways that need no program come first, so most agents never load this

    with _started(command) as process:
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            _end(process)
            raise TimeoutError(f"{command[0]} did not end within {seconds:.1f} s") from error
    return output.decode("utf-8", "replace"), process.returncode


def _started(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    import subprocess

    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0) if sys.platform == "win32" else 0
    try:
        return subprocess.Popen(  # noqa: S603 - callers pass a list with a fixed program, no shell
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "LC_ALL": "C", "LANG": "C"},
            creationflags=hidden,
            start_new_session=True,  # so that it can be ended together with the programs that it started
        )
    except PermissionError as error:
        # It is said too where the PATH has a folder that this user may not look into, and no other has the program.
        if any(os.access(f"{folder}/{command[0]}", os.F_OK) for folder in os.get_exec_path()):
            raise
        raise FileNotFoundError(f"there is no program {command[0]}") from error


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ends it and, but on Windows, whatever it started. It was not waited for yet, so the number is still its own."""
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)


def json_in(output: str, program: str) -> dict[str, Any]:
    """The JSON object that a program wrote; what it complains about may stand before and behind. Raises BadAnswer."""
    start = output.find("{")
    try:
        told = json.JSONDecoder().raw_decode(output[start:])[0] if start >= 0 else None
    except (ValueError, RecursionError) as error:
        raise BadAnswer(f"{program} did not answer in JSON: {output[:100]!r}") from error
    if not isinstance(told, dict):
        raise BadAnswer(f"{program} did not answer in JSON: {output[:100]!r}")
    return told
