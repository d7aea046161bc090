"""What processes cost: processor time and resident memory, read from outside."""

from collections.abc import Callable

import psutil

MEBIBYTE = 2**20


def processor_seconds(pid: int) -> float:
    """User and system time of a process, of its children, and of children that have ended."""
    total = 0.0
    process = psutil.Process(pid)
    for each in [process, *process.children(recursive=True)]:
        total += sum(each.cpu_times()[:4])
    return total


def resident_mebibytes(pid: int) -> float:
    return float(psutil.Process(pid).memory_info().rss) / MEBIBYTE


class Stopwatch:
    """Processor seconds since it was made."""

    def __init__(self, pid: int, read: Callable[[int], float] = processor_seconds) -> None:
        self._pid, self._read = pid, read
        self._began = read(pid)

    def seconds(self) -> float:
        return self._read(self._pid) - self._began
