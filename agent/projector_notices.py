"""Hears what projectors of PJLink class 2 say unasked on UDP 4352: power, input and errors changed, network joined.

A notice proves nothing, anybody can send one: it only has the projector asked at once, and never often.
"""

import contextlib
import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator

from agent.polled import NoticeSettings, PolledDevice
from agent.tell import Told

log = logging.getLogger(__name__)

# LKUP joined the network, POWR power, INPT input, ERST errors.
_NOTICE = re.compile(rb"%2(LKUP|POWR|INPT|ERST)=[ -~]{1,40}\r?\n?", re.IGNORECASE)
AGAIN_SECONDS = 30.0  # after boot the address of the settings may not be there yet
RESOLVE_AGAIN_SECONDS = 300.0
# What floods the port fills the socket's buffer, not the agent's time.
BETWEEN_NOTICES_SECONDS = 0.02


def read_notice(datagram: bytes) -> str | None:
    """What changed, as one of PJLink's four words; None for any other datagram."""
    found = _NOTICE.fullmatch(datagram)
    return None if found is None else found[1].decode().upper()


@contextlib.contextmanager
def hearing_notices(
    settings: NoticeSettings, devices: Iterable[PolledDevice], changed: Callable[[str], None]
) -> Iterator["Ear"]:
    """Listens in a thread of its own, which calls `changed` with the id of each projector that said something."""
    ear = Ear(settings, devices, changed)
    thread = threading.Thread(target=ear.listen, daemon=True)
    thread.start()
    try:
        yield ear
    finally:
        ear.stop()
        thread.join(BETWEEN_NOTICES_SECONDS + 1)


class Ear:
    """Listens until `stop`. While its address cannot be had it says so once and tries again."""

    def __init__(
        self, settings: NoticeSettings, devices: Iterable[PolledDevice], changed: Callable[[str], None]
    ) -> None:
        self.listening = threading.Event()
        self._here = (settings.address, settings.port)
        self._senders = Senders(devices)
        self._changed = changed
        self._stopped = threading.Event()
        self._told = Told(log)

    def listen(self) -> None:
        """Returns when it is stopped."""
        while not self._stopped.is_set():
            try:
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                    sock.bind(self._here)
                    self._told.over("projectors can be heard again")
                    self.listening.set()
                    self._hear(sock)
            except OSError as error:
                again = f"it is tried again, every {AGAIN_SECONDS:.0f} s"
                self._told.trouble(f"projectors cannot be heard at {self._here[0]}:{self._here[1]}: {error}; {again}")
                self._stopped.wait(AGAIN_SECONDS)

    def stop(self) -> None:
        self._stopped.set()
        if self.listening.is_set():  # an empty datagram to itself ends its waiting
            with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                sock.sendto(b"", self._here)

    def _hear(self, sock: socket.socket) -> None:
        while not self._stopped.wait(BETWEEN_NOTICES_SECONDS):
            datagram, (address, _) = sock.recvfrom(512)
            word = read_notice(datagram)
            for device in self._senders.at(address, time.monotonic()) if word else ():
                log.info("%s says that something changed (%s): it is asked", device, word)
                self._changed(device)


class Senders:
    """Which projectors of the settings stand at an address. Host names are looked up, and again when one moved."""

    def __init__(self, devices: Iterable[PolledDevice]) -> None:
        self._devices = [device for device in devices if device.pjlink is not None]
        self._found: dict[str, list[str]] = {}
        self._look_again_at = float("-inf")

    def at(self, address: str, now: float) -> list[str]:
        """Their ids, none for a stranger; more than one where several have the same address."""
        if address not in self._found and now > self._look_again_at:
            self._found, self._look_again_at = self._by_address(), now + RESOLVE_AGAIN_SECONDS
        return self._found.get(address, [])

    def _by_address(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for device in self._devices:
            with contextlib.suppress(OSError):  # a name that nobody knows now: the projector is still polled
                found.setdefault(socket.gethostbyname(device.address), []).append(device.id)
        return found
