"""The API process: a table of contents."""

import asyncio
import contextlib
import logging
import os
import socket
import threading
from collections.abc import Iterator

import uvicorn

from api.application import application
from api.events import Live
from api.settings import ApiSettings
from contract.settings_file import SettingsError

log = logging.getLogger(__name__)

LONGEST_GOODBYE_SECONDS = 2  # for answers that are still being written


class Server(uvicorn.Server):
    """Stopped by an event instead of signals: whoever started it decides about those."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run(settings: ApiSettings, stop: threading.Event) -> None:
    """Serves until `stop` is set. Raises SettingsError when it cannot start: address, port or a school file is bad."""
    app = application(settings)
    with listening(settings.host, settings.port) as listener:
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            timeout_graceful_shutdown=LONGEST_GOODBYE_SECONDS,
        )
        log.info("the pages are at %s", address_of(listener))
        asyncio.run(_serve(Server(config), app.state.live, listener, stop))
    log.info("the API has stopped")


def listening(host: str, port: int) -> socket.socket:
    """A listening socket. Raises SettingsError with what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise SettingsError(
            f"api.port: {host} port {port} cannot be used: {os.strerror(error.errno or 0)}",
            "is SonCa running already? Else choose another port",
        ) from error


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


async def _serve(server: Server, live: Live, listener: socket.socket, stop: threading.Event) -> None:
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not (stop.is_set() or serving.done()):
        await asyncio.wait(
            [serving], timeout=0.1
        )  # a thread blocked in stop.wait() could not be woken when serving fails
    await live.close()  # first, or their streams would hold the server up
    server.should_exit = True
    await serving
