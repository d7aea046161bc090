"""host: processor, memory, load, battery and running time of the PC."""

import os
import sys
import threading
import time

import psutil

from agent.probes.finding import Finding, Task
from contract.messages import Outcome, Value

FIRST_SAMPLE_SECONDS = 0.2


class ProcessorUse:
    """Processor use since the previous call, of all cores together.

    psutil.cpu_percent keeps its previous sample per thread, so it would start from nothing whenever the runner lends
    another thread; this keeps one for the process.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._before: tuple[float, float] | None = None

    def percent(self) -> float | None:
        """0 to 100; None when no clock tick passed since the previous call. Only the first call waits, 0.2 s."""
        with self._lock:
            if self._before is None:
                self._before = _busy_and_total()
                time.sleep(FIRST_SAMPLE_SECONDS)
            before, self._before = self._before, _busy_and_total()
            busy, total = self._before[0] - before[0], self._before[1] - before[1]
        return max(0.0, min(100.0, 100 * busy / total)) if total > 0 else None


def _busy_and_total() -> tuple[float, float]:
    """Seconds since the start of the PC. Linux counts a guest's time in user time already."""
    times = psutil.cpu_times()
    total = sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)
    return total - times.idle - getattr(times, "iowait", 0.0), total


_processor = ProcessorUse()


def probe(task: Task) -> list[Finding]:
    """One finding without a target; a PC without battery, swap or load average leaves those fields out."""
    fields: dict[str, Value] = {"uptime_seconds": uptime_seconds()}
    percent = _processor.percent()
    if percent is not None:
        fields["cpu_percent"] = round(percent, 1)
    if sys.platform != "win32":  # psutil imitates it there with a thread that wakes every five seconds
        fields["load_1m"] = round(os.getloadavg()[0], 2)
    fields.update(_memory())
    fields.update(_battery())
    task.step(f"asked the system for {', '.join(fields)}")
    return [Finding(Outcome.OK, fields)]


def uptime_seconds() -> int:
    """Whole seconds since the PC started, sleep included where the system counts it."""
    if sys.platform == "win32":
        import ctypes

        tick = ctypes.windll.kernel32.GetTickCount64
        tick.restype = ctypes.c_ulonglong
        return int(tick()) // 1000
    if hasattr(time, "CLOCK_BOOTTIME"):
        return int(time.clock_gettime(time.CLOCK_BOOTTIME))
    return max(0, int(time.time() - psutil.boot_time()))


def _memory() -> dict[str, Value]:
    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    fields: dict[str, Value] = {
        "memory_used_percent": round(float(memory.percent), 1),
        "memory_available_bytes": int(memory.available),
        "memory_total_bytes": int(memory.total),
        "swap_total_bytes": int(swap.total),
    }
    if swap.total:
        fields["swap_used_percent"] = round(float(swap.percent), 1)
    return fields


def _battery() -> dict[str, Value]:
    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    if battery is None or battery.percent is None:
        return {}
    fields: dict[str, Value] = {"battery_percent": round(max(0.0, min(100.0, float(battery.percent))), 1)}
    if battery.power_plugged is not None:
        fields["battery_plugged"] = bool(battery.power_plugged)
    return fields
