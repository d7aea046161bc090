"""Echoes by the system's `ping` program, where the agent itself may not send any: it has the right (setuid) to."""

import errno
import re
import sys

from agent.probes.echo import Echoes, Pace
from agent.probes.program import output_of

# `time=0.077 ms`, `time<1ms`, and Windows' translated words, which differ before the sign and in the unit (`<1m TTL=`).
_REPLY = re.compile(rb"[=<]\s*(\d{1,7}(?:[.,]\d{1,6})?)\s*(?:ms\b|[^\s\d]{1,8}\s+TTL=)", re.IGNORECASE)
_SENT = re.compile(rb"(\d{1,6}) packets transmitted|=\s*(\d{1,6})[,;]")
_NO_WAY = re.compile(rb"unreachable|no route|time to live exceeded|prohibited", re.IGNORECASE)
_NOT_ALLOWED = re.compile(
    rb"permission denied|operation not permitted|lacking privilege|must be root|cap_net_raw", re.I
)
_BAD_USAGE = re.compile(rb"invalid (?:option|number|argument)|usage:|illegal option|bad timing interval", re.IGNORECASE)
_SUMMARY = re.compile(rb"^\s*(?:rtt|round-trip|---|\d+ packets)", re.IGNORECASE)


def program_echoes(address: str, pace: Pace, seconds: float) -> Echoes:
    """A series of echoes by the ping program, within `seconds`.

    Raises FileNotFoundError without the program, PermissionError when it may not either, TimeoutError, OSError.
    """
    for command in _commands(address, pace):
        output, _ = output_of(command, seconds)
        if not _BAD_USAGE.search(output.encode()):
            return read_output(output.encode(), pace.count)
    raise OSError(errno.EINVAL, f"the ping program understands none of our options: {output[:120]!r}")


def read_output(output: bytes, count: int) -> Echoes:
    """The echoes in what ping (iputils, busybox, BSD, Windows in any language) wrote; `count` were asked for.

    Raises PermissionError when ping was not allowed to send, OSError when it found no way before the first echo.
    """
    lines = output.splitlines()
    echoes = Echoes(count)
    for line in lines:
        reply = None if _SUMMARY.match(line) else _REPLY.search(line)
        if reply:
            echoes.round_trips.append(float(reply[1].replace(b",", b".")))
        elif _NO_WAY.search(line):
            echoes.unreachable += 1
    sent = _SENT.search(output)
    if sent:
        echoes.sent = int(sent[1] or sent[2])
    echoes.sent = max(echoes.sent, len(echoes.round_trips))
    if not echoes.round_trips:
        _raise_refusal(output, bool(sent), echoes)
    return echoes


def _raise_refusal(output: bytes, summed_up: bool, echoes: Echoes) -> None:
    first = output.decode("utf-8", "replace").strip().partition("\n")[0][:120]
    if _NOT_ALLOWED.search(output):
        raise PermissionError(errno.EPERM, f"the ping program may not send echoes: {first}")
    if summed_up:
        return
    if echoes.unreachable:
        raise OSError(errno.ENETUNREACH, f"the ping program found no way: {first}")
    raise OSError(errno.EIO, f"the ping program gave no result: {first or 'it wrote nothing'}")


def _commands(address: str, pace: Pace) -> list[list[str]]:
    """Command lines to try in turn: with our spacing, and without for a ping that knows whole seconds only."""
    count, wait = str(pace.count), str(max(1, int(pace.patience)))
    if sys.platform == "win32":
        return [["ping", "-n", count, "-w", str(int(1000 * pace.patience / pace.count)), address]]
    program = "ping6" if sys.platform == "darwin" and ":" in address else "ping"
    if sys.platform == "darwin":
        return [[program, "-n", "-c", count, "-i", f"{max(0.1, pace.spacing):.1f}", address]]
    return [
        [program, "-n", "-c", count, "-i", f"{max(0.2, pace.spacing):.1f}", "-W", wait, address],
        [program, "-c", "2", "-W", wait, address],
    ]
