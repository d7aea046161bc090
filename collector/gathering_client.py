"""A paho client for many small messages: it reads all that came in one go, and writes all that waits in one go.

paho asks the system several times for each message that it reads, and once for each acknowledgement that it writes;
and when messages trickle in, its thread wakes for each of them.
"""

import contextlib
import ssl
import time
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import MQTTErrorCode

GATHER_SECONDS = 0.01  # what comes meanwhile is read with one call
READ_BYTES = 65_536
MOST_UNSENT_BYTES = 262_144


class GatheringSocket:
    """A connected socket with a buffer for each direction; all else is the socket's own."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._came, self._position = b"", 0
        self._unsent = bytearray()

    def recv(self, size: int) -> bytes:
        """At most `size` bytes. Raises what the socket raises, when nothing is buffered."""
        start = self._position
        if start == len(self._came):
            self._came, start = self._inner.recv(READ_BYTES), 0
        self._position = min(start + size, len(self._came))
        return self._came[start : self._position]

    def pending(self) -> int:
        """How many bytes came already. paho does not wait for the socket while there are some."""
        decrypted = self._inner.pending() if isinstance(self._inner, ssl.SSLSocket) else 0
        return len(self._came) - self._position + decrypted

    def send(self, data: bytes) -> int:
        """Keeps the bytes for `flush`. Raises BlockingIOError when too many wait already."""
        if len(self._unsent) >= MOST_UNSENT_BYTES:
            raise BlockingIOError
        self._unsent += data
        return len(data)

    def has_unsent(self) -> bool:
        return bool(self._unsent)

    def flush(self) -> None:
        """Sends what the system takes now; the rest waits. Raises OSError when the connection is gone."""
        try:
            while self._unsent:
                del self._unsent[: self._inner.send(self._unsent)]
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return

    def close(self) -> None:
        """paho closes right after it has written its goodbye."""
        with contextlib.suppress(OSError):
            self.flush()
        self._inner.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class GatheringClient(Client):
    """Used like `Client`, with `loop_start`."""

    def _create_socket(self) -> Any:
        return GatheringSocket(super()._create_socket())

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        code = super().loop_read(max_packets)
        while code == MQTTErrorCode.MQTT_ERR_SUCCESS and (socket := self._gathering()) and socket.pending():
            code = super().loop_read(max_packets)
        time.sleep(GATHER_SECONDS)
        return code

    def loop_write(self) -> MQTTErrorCode:
        code = super().loop_write()
        if socket := self._gathering():
            try:
                socket.flush()
            except OSError:
                return self._loop_rc_handle(MQTTErrorCode.MQTT_ERR_CONN_LOST)
        return code

    def want_write(self) -> bool:
        socket = self._gathering()
        return super().want_write() or (socket is not None and socket.has_unsent())

    def _gathering(self) -> GatheringSocket | None:
        socket = self.socket()
        return socket if isinstance(socket, GatheringSocket) else None
