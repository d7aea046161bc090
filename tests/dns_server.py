"""Name servers for tests: a real dnsmasq, and a scripted one for answers that no honest server gives."""

import contextlib
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator

from tests.peers import need
from tests.ports import free_port
from tests.waiting import wait_until


@contextlib.contextmanager
def dnsmasq(*options: str) -> Iterator[str]:
    """`host:port` of a dnsmasq with these options, which asks nobody else."""
    port = free_port()
    command = [
        need("dnsmasq"),
        "--keep-in-foreground",
        "--conf-file=/dev/null",
        "--no-resolv",
        "--no-hosts",
        "--pid-file",
    ]
    command += [f"--port={port}", "--listen-address=127.0.0.1", "--bind-interfaces", "--user=root", *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: _answers(port, process))
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


def _answers(port: int, process: "subprocess.Popen[bytes]") -> bool:
    assert process.poll() is None, f"dnsmasq ended with code {process.returncode}"
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
        return True
    return False


@contextlib.contextmanager
def scripted(answers: Callable[[int, bytes], list[bytes]]) -> Iterator[str]:
    """`host:port` of a UDP server that sends `answers(number of the query, query)` for each query."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(0.05)
        stop = threading.Event()
        thread = threading.Thread(target=_serve, args=(sock, answers, stop), daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{sock.getsockname()[1]}"
        finally:
            stop.set()
            thread.join()


def _serve(sock: socket.socket, answers: Callable[[int, bytes], list[bytes]], stop: threading.Event) -> None:
    number = 0
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            query, sender = sock.recvfrom(4096)
            for answer in answers(number, query):
                sock.sendto(answer, sender)
            number += 1
