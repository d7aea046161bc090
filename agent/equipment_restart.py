"""Whether a Linux system waits for a restart, so that updates take effect. Own name: `restart_pending`."""

from pathlib import Path

REQUIRED = "run/reboot-required"
# Who writes that file on Ubuntu and Debian: without them its absence says nothing.
_WRITERS = ("usr/share/update-notifier/notify-reboot-required", "etc/kernel/postinst.d/unattended-upgrades")


def restart_pending(root: Path) -> bool | None:
    """None where nobody would say so."""
    if (root / REQUIRED).exists():
        return True
    return False if any((root / writer).exists() for writer in _WRITERS) else None
