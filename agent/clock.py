"""The agent's clock: the machine's monotonic clock, tied to the wall clock once a boot, so that no jump moves it.

School PCs start with the year 2010 and leap when NTP wakes up. What the agent measures is timed by one straight line
per boot of the machine; how far that line is from the server's time is learned later and travels beside it.
"""

import secrets
import sys
import time
from dataclasses import dataclass
from pathlib import Path

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class BootClock:
    """`now_ms()` is UTC milliseconds as this machine believed them when the line was drawn.

    `era` names the boot of the machine: within one era every line with the same `base_ms` is the same clock.
    """

    era: str
    base_ms: int

    def now_ms(self) -> int:
        return self.base_ms + monotonic_ms()


def new_clock() -> BootClock:
    """A line drawn through the present of the wall clock."""
    return BootClock(boot_of_machine(), time.time_ns() // 1_000_000 - monotonic_ms())


def monotonic_ms() -> int:
    """Milliseconds of a clock that never jumps and, where the system has one, also counts sleep."""
    if sys.platform == "win32":
        return time.monotonic_ns() // 1_000_000
    which = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # macOS counts sleep in CLOCK_MONOTONIC
    return time.clock_gettime_ns(which) // 1_000_000


def boot_of_machine() -> str:
    """A name for the time since the machine started. Where the system gives none, each call is a new era."""
    if sys.platform == "win32":
        return _windows_boot() or secrets.token_hex(8)
    return BOOT_ID.read_text().strip() if BOOT_ID.exists() else secrets.token_hex(8)


def _windows_boot() -> str:
    """The number that Windows counts up at each start; empty when it cannot be read."""
    if sys.platform == "win32":
        import winreg

        path = r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters"
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path) as key:
                return f"windows-{winreg.QueryValueEx(key, 'BootId')[0]}"
        except OSError:
            return ""
    return ""
