"""Asks the programs of the system (systemctl, schtasks): the only place where a service's commands leave this one."""

import subprocess
from collections.abc import Sequence

from contract.trouble import Trouble


def run(command: Sequence[str], hint: str) -> str:
    """What the program answers. Raises Trouble, with the hint, when it is missing or complains."""
    if (answer := answered(command, hint)).returncode != 0:
        complaint = answer.stderr.strip() or answer.stdout.strip() or f"exit code {answer.returncode}"
        raise Trouble(f"`{' '.join(command)}` did not work: {complaint}", hint)
    return answer.stdout


def answered(command: Sequence[str], hint: str) -> "subprocess.CompletedProcess[str]":
    """Its answer, complaints and exit code. Raises Trouble when it is missing."""
    try:
        return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603 - fixed programs, as lists
    except FileNotFoundError as error:
        raise Trouble(f"there is no program {command[0]} here", hint) from error
