"""OSCQuery over HTTP and WebSocket, one port, in a thread of its own: what can be heard and changed."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import socket
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from installation.base.notices import Notices
from installation.config.oscquery import OscQueryConfig
from installation.config.settings import Config
from installation.live_commands.live_settings import LiveSettings
from installation.showcontrol.hosts import HostError, bound_sockets, cannot_be_here
from installation.showcontrol.last_values import LastValues
from installation.showcontrol.osc_in.allowed import Allowed
from installation.showcontrol.osc_in.receiver import OscReceiver
from installation.showcontrol.osc_in.udp_listener import BURST, REST_S
from installation.showcontrol.oscquery.announce import Announcement, known_addresses, look_up_of
from installation.showcontrol.oscquery.listeners import Listener, Listeners
from installation.showcontrol.oscquery.tree import ATTRIBUTES, OTHERS, QueryTree
from installation.showcontrol.service_state import ServiceState, why

STAGE, OTHERS_STAGE, PUSH_STAGE = "osc query", "osc query: others", "osc query: listeners"
CLOSE_S = 0.9
"""After this long the thread has ended, or is left to end with the process."""
MAX_WS_BYTES = 65536
EXTENSIONS = ("ACCESS", "VALUE", "RANGE", "DESCRIPTION", "UNIT", "LISTEN", "PATH_CHANGED", "PATH_ADDED", "PATH_REMOVED")


class OscQueryServer:
    """Answers on ``config.oscquery`` from ``settings`` and ``values``; OSC over WebSocket goes to ``receiver``. A person's
    browser is sent to the operator's page, at the address that ``desk`` gives.

    The calling thread waits for nothing but ``close``. Whatever keeps it from answering is a fault in ``notices`` and tried
    again with growing pauses, at once with other settings; the piece goes on.
    """

    def __init__(
        self,
        config: Config,
        notices: Notices,
        settings: LiveSettings,
        values: LastValues,
        receiver: OscReceiver,
        desk: Callable[[], tuple[str, int] | None] = lambda: None,
    ) -> None:
        self._notices, self._live, self._receiver, self._desk = notices, settings, receiver, desk
        self._state = ServiceState(STAGE, notices)
        self._hosts = look_up_of(config.oscquery)
        self._tree = QueryTree(settings, values)
        self._allow, self._allowed = config.osc.allow, Allowed(config.osc.allow)
        self._listeners = Listeners(self._tree, values)
        self._settings, self._wanted = config.oscquery, _wanted(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed: asyncio.Event | None = None
        self._thread: threading.Thread | None = None
        self._runner: Any = None
        self._announcement = Announcement(notices, receiver)
        self._announcing: asyncio.Task[None] | None = None
        self._stop = threading.Event()
        self._port: int | None = None
        self.ready = threading.Event()
        """Set while the server answers, or a notice says why not."""
        with contextlib.suppress(RuntimeError):  # No thread: whoever calls ``start`` again hears of it.
            self.start()

    @property
    def port(self) -> int | None:
        """The port that is answered on; None where none is (yet)."""
        return self._port

    def start(self) -> None:
        """Begin to answer, where that is asked for and it does not already. RuntimeError where there is no thread."""
        running = self._thread is not None and self._thread.is_alive()
        if not self._settings.enabled or running or self._stop.is_set():
            return
        thread = threading.Thread(target=self._run, name="oscquery", daemon=True)
        thread.start()
        self._thread = thread

    def reconfigure(self, config: Config) -> None:
        """Go on at another port, under another name, for other networks."""
        if config.osc.allow != self._allow:
            self._allow, self._allowed = config.osc.allow, Allowed(config.osc.allow)
            self._notices.withdraw(OTHERS_STAGE)
        if _wanted(config) == self._wanted:
            return
        self._settings, self._wanted = config.oscquery, _wanted(config)
        self.start()
        self._wake()

    def close(self) -> None:
        """End the server; withdraws the announcement."""
        self._stop.set()
        self._wake()
        if self._thread is not None:
            self._thread.join(CLOSE_S)
            self._thread = None

    def _wake(self) -> None:
        """Let the thread look at the settings again."""
        loop, changed = self._loop, self._changed
        if loop is not None and changed is not None:
            with contextlib.suppress(RuntimeError):  # The loop has just ended; the next one reads the settings anew.
                loop.call_soon_threadsafe(changed.set)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                asyncio.run(self._serve())
            except Exception as error:  # noqa: BLE001 - the border of a service: its fault, and it begins again
                self._stop.wait(self._state.failed(f"{why(error)}; beginning again"))
            finally:
                self._port = None
                self.ready.set()

    async def _serve(self) -> None:
        self._changed, self._loop = asyncio.Event(), asyncio.get_running_loop()
        pushing = asyncio.create_task(self._push())
        try:
            while not self._stop.is_set():
                self._changed.clear()
                pause_s = await self._open()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), pause_s)
                    self._state.hurry()
        finally:
            pushing.cancel()
            await self._shut()

    async def _push(self) -> None:
        state = ServiceState(PUSH_STAGE, self._notices)
        while True:
            await asyncio.sleep(self._listeners.period_s)
            try:
                self._listeners.push()
            except Exception as error:  # noqa: BLE001 - the border of a service: its fault, and it goes on
                await asyncio.sleep(state.failed(f"listeners hear nothing new ({why(error)}); trying again"))
            else:
                state.worked()

    async def _shut(self) -> None:
        self._port = None
        await self._listeners.close()
        if self._announcing is not None:
            self._announcing.cancel()
            self._announcing = None
        runner, self._runner = self._runner, None
        ends = [runner.cleanup()] if runner is not None else []
        await asyncio.gather(self._announcement.withdraw(), *ends, return_exceptions=True)

    async def _open(self) -> float | None:
        """Answer as the settings say now, or no more; gives the seconds until the next try, None where none is needed."""
        settings = self._settings
        self.ready.clear()
        try:
            await self._shut()
            if settings.enabled:
                await self._start_answering(settings)
                self._state.worked()
            else:
                self._state.dismiss()
            if not (settings.enabled and settings.announce):
                self._announcement.dismiss()
        except Exception as error:  # noqa: BLE001 - the border of a service: its fault, and it is tried again
            await self._shut()
            return self._state.failed(_trouble(settings, error))
        finally:
            self.ready.set()
        return None

    async def _start_answering(self, settings: OscQueryConfig) -> None:
        # Half a second of loading that the first picture need not wait for.
        from aiohttp import web

        if (self._hosts.host, self._hosts.port) != (settings.host, settings.port):
            self._hosts = look_up_of(settings)
        addresses = await known_addresses(self._hosts)
        app = web.Application(client_max_size=4096)
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.2)
        await self._runner.setup()
        # asyncio passes over an address that this machine does not have, with a server that nobody reaches.
        wires = bound_sockets(addresses, socket.SOCK_STREAM)
        try:
            for wire in wires:
                await web.SockSite(self._runner, wire).start()
        except BaseException:
            for wire in wires:
                wire.close()
            raise
        self._port = settings.port
        if settings.announce:
            self._announcing = asyncio.create_task(self._announcement.keep(settings))

    async def _answer(self, request: Any) -> Any:
        from aiohttp import web

        host = request.remote or ""
        if not self._allowed.has(host):
            self._notices.fallback(
                OTHERS_STAGE, f"{host} asks, but is in none of the networks of osc.allow; not answered"
            )
            return web.Response(status=403, text="not in osc.allow\n")
        if request.headers.get("Upgrade", "").lower() == "websocket":
            if not _is_near(request.headers.get("Origin"), self._allowed):
                return web.Response(status=403, text="pages from elsewhere may not listen\n")
            return await self._listen(request)
        page = self._page_for(request)
        if page is not None:
            headers = {"Location": page, "Cache-Control": "no-store", "Vary": "Accept"}
            return web.Response(status=302, headers=headers)
        status, found = self._look_up(request.path, request.query_string, request)
        headers = {"Cache-Control": "no-store"}
        origin = request.headers.get("Origin")
        if origin is not None and _is_near(origin, self._allowed):
            headers["Access-Control-Allow-Origin"] = origin
        if found is None:
            return web.Response(status=status, headers=headers)
        return web.json_response(found, status=status, headers=headers)

    def _page_for(self, request: Any) -> str | None:
        """Where a browser that opens the port is sent; None for programs, and while there is no page."""
        wants_page = "text/html" in request.headers.get("Accept", "").lower()
        if not wants_page or request.path != "/" or request.query_string:
            return None
        return page_for(self._desk(), request.host, request.remote or "")

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


def page_for(desk: tuple[str, int] | None, asked: str, remote: str) -> str | None:
    """The operator's page for a browser on the machine ``remote`` that asked the host ``asked`` (its Host header); None where
    it could not reach it."""
    if desk is None:
        return None
    host, port = desk
    if host in ("0.0.0.0", "::"):
        try:
            host = urlsplit(f"//{asked}").hostname or ""
        except ValueError:
            return None
    elif _is_loopback(host) and not _is_loopback(remote):
        return None
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/" if host else None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.removeprefix("::ffff:")).is_loopback
    except ValueError:
        return host == "localhost"


def _trouble(settings: OscQueryConfig, error: Exception) -> str:
    elsewhere = isinstance(error, HostError) or (isinstance(error, OSError) and cannot_be_here(error))
    setting = "oscquery.host" if elsewhere else "oscquery.port"
    return f"cannot answer on {settings.host}:{settings.port} ({why(error)}); change {setting}; trying again"


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
