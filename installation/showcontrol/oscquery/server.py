"""OSCQuery over HTTP and WebSocket, one port, in a thread of its own: what can be heard and changed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
from typing import Any
from urllib.parse import urlsplit

from installation.base.notices import Notices
from installation.config.oscquery import OscQueryConfig
from installation.config.settings import Config
from installation.live_commands.live_settings import LiveSettings
from installation.showcontrol.last_values import LastValues
from installation.showcontrol.osc_in.allowed import Allowed
from installation.showcontrol.osc_in.receiver import OscReceiver
from installation.showcontrol.osc_in.udp_listener import BURST, REST_S
from installation.showcontrol.oscquery.announce import Announcement
from installation.showcontrol.oscquery.listeners import Listener, Listeners
from installation.showcontrol.oscquery.tree import ATTRIBUTES, OTHERS, QueryTree

STAGE = "osc query"
CLOSE_S = 0.9
"""After this long the thread has ended, or is left to end with the process."""
MAX_WS_BYTES = 65536
EXTENSIONS = ("ACCESS", "VALUE", "RANGE", "DESCRIPTION", "UNIT", "LISTEN", "PATH_CHANGED", "PATH_ADDED", "PATH_REMOVED")


class OscQueryServer:
    """Answers on ``config.oscquery`` from ``settings`` and ``values``; OSC over WebSocket goes to ``receiver``.

    The calling thread waits for nothing but ``close``. A port that is taken is a fault in ``notices``; the piece goes on.
    """

    def __init__(
        self, config: Config, notices: Notices, settings: LiveSettings, values: LastValues, receiver: OscReceiver
    ) -> None:
        self._notices, self._live, self._receiver = notices, settings, receiver
        self._tree = QueryTree(settings, values)
        self._allowed = Allowed(config.osc.allow)
        self._listeners = Listeners(self._tree, values)
        self._settings, self._wanted = config.oscquery, _wanted(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._runner: Any = None
        self._announcement = Announcement(notices)
        self._stopping, self._opening = asyncio.Event(), asyncio.Lock()
        self._announcing: asyncio.Task[None] | None = None
        self._port: int | None = None
        self.ready = threading.Event()
        """Set while the server answers, or a notice says why not."""
        if config.oscquery.enabled:
            self._start()

    @property
    def port(self) -> int | None:
        """The port that is answered on; None where none is (yet)."""
        return self._port

    def reconfigure(self, config: Config) -> None:
        """Go on at another port, under another name, for other networks."""
        self._allowed = Allowed(config.osc.allow)
        if _wanted(config) == self._wanted:
            return
        self._settings, self._wanted = config.oscquery, _wanted(config)
        if self._thread is None:
            if config.oscquery.enabled:
                self._start()
            return
        if self._loop is not None and not self._loop.is_closed():
            asyncio.run_coroutine_threadsafe(self._open(), self._loop)

    def close(self) -> None:
        """End the server; withdraws the announcement."""
        if self._thread is None or self._loop is None:
            return
        with contextlib.suppress(RuntimeError):  # It broke, has reported it and has ended.
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(CLOSE_S)
        self._thread = None

    def _start(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, args=(self._loop,), name="oscquery", daemon=True)
        self._thread.start()

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(self._serve())
        except Exception as error:  # noqa: BLE001 - the piece goes on without it
            self._notices.fault(STAGE, f"{type(error).__name__}: {error}")
        finally:
            self._port = None
            self.ready.set()

    async def _serve(self) -> None:
        pushing = asyncio.create_task(self._listeners.run())
        try:
            await self._open()
            await self._stopping.wait()
        finally:
            pushing.cancel()
            await self._shut()

    async def _shut(self) -> None:
        self._port = None
        await self._listeners.close()
        if self._announcing is not None:
            self._announcing.cancel()
            self._announcing = None
        runner, self._runner = self._runner, None
        ends = [runner.cleanup()] if runner is not None else []
        await asyncio.gather(self._announcement.withdraw(), *ends, return_exceptions=True)

    async def _open(self) -> None:
        """Answer as the settings say now, or no more."""
        async with self._opening:
            self.ready.clear()
            await self._shut()
            self._notices.resolve(STAGE)
            if self._settings.enabled:
                await self._start_answering(self._settings)
            self.ready.set()

    async def _start_answering(self, settings: OscQueryConfig) -> None:
        # Half a second of loading that the first picture need not wait for.
        from aiohttp import web

        app = web.Application(client_max_size=4096)
        app.router.add_get("/{path:.*}", self._answer)
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.2)
        await runner.setup()
        try:
            await web.TCPSite(runner, settings.host, settings.port).start()
        except OSError as error:
            await runner.cleanup()
            why = error.strerror or error
            self._notices.fault(
                STAGE, f"cannot answer on {settings.host}:{settings.port} ({why}); change oscquery.port"
            )
            return
        self._runner, self._port = runner, settings.port
        if settings.announce:
            self._announcing = asyncio.create_task(self._announcement.make(settings, self._receiver.port))

    async def _answer(self, request: Any) -> Any:
        from aiohttp import web

        host = request.remote or ""
        if not self._allowed.has(host):
            self._notices.fallback(STAGE, f"{host} asks, but is in none of the networks of osc.allow; not answered")
            return web.Response(status=403, text="not in osc.allow\n")
        if request.headers.get("Upgrade", "").lower() == "websocket":
            if not _is_near(request.headers.get("Origin"), self._allowed):
                return web.Response(status=403, text="pages from elsewhere may not listen\n")
            return await self._listen(request)
        status, found = self._look_up(request.path, request.query_string, request)
        headers = {"Cache-Control": "no-store"}
        origin = request.headers.get("Origin")
        if origin is not None and _is_near(origin, self._allowed):
            headers["Access-Control-Allow-Origin"] = origin
        if found is None:
            return web.Response(status=status, headers=headers)
        return web.json_response(found, status=status, headers=headers)

    def _look_up(self, path: str, query: str, request: Any) -> tuple[int, Any]:
        """(HTTP status, JSON) as the proposal says."""
        attribute = query.split("&")[0].split("=")[0]
        if attribute == "HOST_INFO":
            return 200, self._host_info(request)
        if attribute and attribute not in ATTRIBUTES:
            return (204 if attribute in OTHERS else 400), None
        node = self._tree.node(path)
        if node is None:
            return 404, None
        if not attribute:
            return 200, node
        if attribute == "VALUE" and not node["ACCESS"] & 1:
            return 204, None
        return 200, {attribute: node[attribute]} if attribute in node else {}

    def _host_info(self, request: Any) -> dict[str, Any]:
        here = request.transport.get_extra_info("sockname")
        info: dict[str, Any] = {
            "NAME": self._settings.name,
            "EXTENSIONS": dict.fromkeys(EXTENSIONS, True),
            "OSC_TRANSPORT": "UDP",
            "WS_IP": here[0],
            "WS_PORT": here[1],
        }
        if self._receiver.port is not None:
            heard = self._live.config.osc.listen_host
            info |= {"OSC_IP": here[0] if heard in ("0.0.0.0", "::") else heard, "OSC_PORT": self._receiver.port}
        return info

    async def _listen(self, request: Any) -> Any:
        from aiohttp import WSMsgType, web

        line = web.WebSocketResponse(max_msg_size=MAX_WS_BYTES, heartbeat=20.0)
        await line.prepare(request)
        listener = Listener(line)
        if not self._listeners.add(listener):
            await line.close(code=1013, message=b"too many listeners")
            return line
        who = f"{request.remote} (websocket)"
        in_a_row = 0
        try:
            async for message in line:
                if message.type == WSMsgType.BINARY:
                    self._receiver.hear(message.data, who, listener.queue)
                    in_a_row = (in_a_row + 1) % BURST
                    await asyncio.sleep(0 if in_a_row else REST_S)
                elif message.type == WSMsgType.TEXT:
                    _command(listener, message.data)
        finally:
            await self._listeners.remove(listener)
        return line


def _wanted(config: Config) -> tuple[OscQueryConfig, str, int]:
    """What the server and its announcement depend on."""
    return config.oscquery, config.osc.listen_host, config.osc.listen_port


def _command(listener: Listener, text: str) -> None:
    """LISTEN or IGNORE; anything else is ignored, as the proposal has no answer to it."""
    try:
        data = json.loads(text)
        command, path = data["COMMAND"], data["DATA"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return
    if isinstance(path, str) and command == "LISTEN":
        listener.listen(path)
    elif isinstance(path, str) and command == "IGNORE":
        listener.ignore(path)


def _is_near(origin: str | None, allowed: Allowed) -> bool:
    """Whether a web page may connect: one from here or from a file, not any other one in the browser."""
    if origin is None or origin.startswith("file:"):
        return True
    try:
        host = urlsplit(origin).hostname or ""
    except ValueError:
        return False
    return host in ("localhost", socket.gethostname()) or host.endswith(".local") or allowed.has(host)
