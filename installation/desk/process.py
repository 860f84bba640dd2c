"""The desk's process: serves the page, and talks with the piece over one pipe. It ends when the piece is gone."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
import os
import socket
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from installation.base.clock import Clock, RealClock
from installation.base.places import state_folder
from installation.base.processes import end_with, leave_ends_to_parent
from installation.config.desk import DeskConfig
from installation.desk.access import Access, Tokens, own_names
from installation.desk.desk import Desk
from installation.desk.pipe import BEAT_S, Pipe, ToLog
from installation.desk.wire import WireError, receive

log = logging.getLogger(__name__)

RETRY_S = 5.0
"""A port that cannot be had is tried again after this long."""
MOST_BYTES = 1_000_000
"""Of one WebSocket message of a browser."""


def main(descriptor: int) -> None:
    """Serve until the piece says stop or is gone."""
    leave_ends_to_parent()
    end_with(os.getppid())
    _keep_nothing()
    clock = RealClock()
    connection = Connection(descriptor)
    begin = receive(connection)
    pipe = Pipe(connection)
    logging.basicConfig(level=logging.WARNING, format="%(message)s", handlers=[ToLog(pipe, clock.now)])
    try:
        asyncio.run(_serve(connection, pipe, DeskConfig.model_validate(begin["desk"]), list(begin["paths"]), clock))
    finally:
        os._exit(0)


def _keep_nothing() -> None:
    """NiceGUI keeps nothing for us: what it might write has no place to go to. FastAPI reports to nobody what is asked for.
    What is not needed is not loaded."""
    os.environ["NICEGUI_STORAGE_PATH"] = str(Path(os.devnull) / "nicegui")
    for name in [name for name in os.environ if name.startswith(("OTEL_", "NICEGUI_REDIS_"))]:
        del os.environ[name]
    # What only a client of other servers needs, a tenth of all that is loaded: python-engineio does without it.
    sys.modules["aiohttp"] = None  # type: ignore[assignment]


async def _serve(connection: Connection, pipe: Pipe, config: DeskConfig, paths: list[str], clock: Clock) -> None:
    loop = asyncio.get_running_loop()
    desk = Desk(pipe.send, paths, clock)
    desk.camera_allowed = config.camera
    ended = asyncio.Event()
    threading.Thread(target=_listen, args=(connection, desk, loop, ended), name="piece", daemon=True).start()
    beating = asyncio.create_task(_beat(pipe, clock))
    threading.Thread(target=pipe.beat, args=(clock.now,), name="beat", daemon=True).start()
    stop = asyncio.create_task(ended.wait())
    while not stop.done():
        try:
            server = await _server(desk, config)
        except OSError as error:
            text = f"{config.host} port {config.port} cannot be had ({error}); trying again. Another desk.port would do, too"
            pipe.send({"kind": "trouble", "text": text})
            await asyncio.wait({stop}, timeout=RETRY_S)
            continue
        host, port = server.address
        pipe.send({"kind": "listening", "host": host, "port": port})
        serving = asyncio.create_task(server.serve())
        await asyncio.wait({stop, serving}, return_when=asyncio.FIRST_COMPLETED)
        server.end()
        await asyncio.wait({serving}, timeout=0.3)
    beating.cancel()
    # Not by asyncio.run: it would wait for threads that read files.
    os._exit(0)


async def _beat(pipe: Pipe, clock: Clock) -> None:
    """The piece starts another process where this one says nothing."""
    while True:
        pipe.loop_s = clock.now()
        await asyncio.sleep(BEAT_S)


async def _server(desk: Desk, config: DeskConfig) -> Any:
    # Here and not above: the libraries take a second to load, on a machine with much to do half a minute; in a thread, so that
    # the pipe is read and the loop turns meanwhile.
    await asyncio.to_thread(importlib.import_module, "installation.desk.site")
    from installation.desk.server import Server
    from installation.desk.site import build

    sock = _socket(config.host, config.port)
    is_open = not sock.getsockname()[0].startswith("127.") and sock.getsockname()[0] != "::1"
    try:
        tokens = Tokens(state_folder([Path(path) for path in desk.paths]) / "desk.json") if is_open else None
    except OSError:
        sock.close()
        raise
    server = Server(Access(build(desk), tokens, own_names(), desk.clock), sock, MOST_BYTES)
    if tokens is not None:
        server.print_links(tokens)
    return server


def _socket(host: str, port: int) -> socket.socket:
    family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return socket.create_server((str(place[0]), int(place[1])), family=family, backlog=64)


def _listen(pipe: Connection, desk: Desk, loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    try:
        while True:
            message = receive(pipe)
            if message["kind"] == "stop":
                break
            loop.call_soon_threadsafe(desk.take, message)
    except (EOFError, OSError, WireError, RuntimeError):
        pass
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(ended.set)
