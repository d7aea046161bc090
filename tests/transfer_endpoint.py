"""The real down / up endpoint of throughput tests, in threads of the test, on a port of loopback.

with running_endpoint({"hoa-mai.pc-1": "secret"}) as endpoint:
    requests go to endpoint.server_address
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from api.transfer_endpoint import Endpoint, endpoint
from api.transfer_settings import TransferSettings


@contextmanager
def running_endpoint(passwords: Mapping[str, str]) -> Iterator[Endpoint]:
    with endpoint(TransferSettings("127.0.0.1", 0, passwords.get)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(90)


def address_of(server: Endpoint) -> str:
    host, port = server.server_address[:2]
    return f"{host!s}:{port}"
