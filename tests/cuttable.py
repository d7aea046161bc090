"""A TCP relay on loopback that can be cut, so that a test can take the network away between two real processes."""

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

from tests.waiting import PATIENCE_SECONDS


class CuttableLine:
    """Relays every connection from `port` to `target_port`. Cut, it drops what is open and takes nothing new."""

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.port = 0
        self._whole = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.socket()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> "CuttableLine":
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        self.port = self._listener.getsockname()[1]
        self._whole.set()
        self._start(self._accept)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # On Linux only a shutdown wakes the thread that waits in accept().
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)

    def cut(self) -> None:
        """Drops every connection and refuses new ones until `mend`."""
        self._whole.clear()
        with self._lock:
            for end in self._open:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self._whole.set()

    def _start(self, work: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self._relay(near)

    def _relay(self, near: socket.socket) -> None:
        if not self._whole.is_set():
            near.close()
            return
        try:
            far = socket.create_connection(("127.0.0.1", self.target_port), timeout=PATIENCE_SECONDS)
        except OSError:
            near.close()
            return
        far.settimeout(None)
        with self._lock:
            self._open |= {near, far}
        done = threading.Barrier(2)
        self._start(self._pump, near, far, done)
        self._start(self._pump, far, near, done)

    def _pump(self, source: socket.socket, sink: socket.socket, done: threading.Barrier) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        if (
            done.wait(PATIENCE_SECONDS) == 0
        ):  # the second one out closes both, so that no thread reads a reused descriptor
            with self._lock:
                self._open -= {source, sink}
            source.close()
            sink.close()
