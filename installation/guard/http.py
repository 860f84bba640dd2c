"""/healthz, /readyz and /metrics over HTTP. Whoever asks slowly, wrongly or too often holds up nobody but themselves."""

from __future__ import annotations

import contextlib
import io
import logging
import socket
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler

from installation.guard.metrics import CONTENT_TYPE, Metrics
from installation.guard.totals import Standing

log = logging.getLogger(__name__)

MOST_AT_ONCE = 8
"""Connections that are served side by side; of more the newest are closed at once."""
MOST_BYTES = 8192
"""Of a request with its headers."""
LONGEST_S = 5.0
"""A connection lives so long, whatever it does."""
RETRY_S = 5.0
"""A port that cannot be had is tried again after this long."""
STUCK_S = 10.0
"""A guard that has not gone round for so long does not live."""
_POLL_S = 0.5


class FiguresServer:
    """Serves what ``standing`` gives, from threads of its own. ``start`` waits for nothing and raises nothing: a port that
    cannot be had is in the log, and tried again."""

    def __init__(self, host: str, port: int, standing: Callable[[], Standing]) -> None:
        self._host, self._port, self._standing = host, port, standing
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="figures", daemon=True)
        self._said = ""
        self.address: tuple[str, int] | None = None
        """Where it listens; None while it does not."""

    def start(self) -> None:
        """Begin."""
        try:
            self._thread.start()
        except RuntimeError as error:
            log.warning("figures: no thread is to be had (%s)", error)

    def close(self) -> None:
        """End, within a second."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(2 * _POLL_S)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with _Server(self._host, self._port, self._standing) as server:
                    self.address = server.address
                    self._said = ""
                    log.info("figures: http://%s:%d/metrics", *server.address)
                    server.serve(self._stop)
            except Exception as error:  # noqa: BLE001 - the border of a service: the guard watches all the same
                self._say(f"{self._host} port {self._port} cannot be had ({error}); trying again")
            finally:
                self.address = None
            self._stop.wait(RETRY_S)

    def _say(self, trouble: str) -> None:
        if trouble != self._said:
            self._said = trouble
            log.warning("figures: %s", trouble)


class _Server:
    """Accepts connections and gives each a thread, MOST_AT_ONCE at most."""

    def __init__(self, host: str, port: int, standing: Callable[[], Standing]) -> None:
        self.standing, self.metrics = standing, Metrics(standing)
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        self._socket = socket.create_server((str(place[0]), int(place[1])), family=family, backlog=MOST_AT_ONCE)
        self._socket.settimeout(_POLL_S)
        self.address: tuple[str, int] = self._socket.getsockname()[:2]
        self._places = threading.BoundedSemaphore(MOST_AT_ONCE)

    def __enter__(self) -> _Server:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def serve(self, stop: threading.Event) -> None:
        """Accept until ``stop`` is set. OSError where the system takes the port away."""
        while not stop.is_set():
            try:
                wire, peer = self._socket.accept()
            except TimeoutError:
                continue
            except ConnectionError:  # gone before it was taken
                continue
            if not self._places.acquire(blocking=False):
                wire.close()
                continue
            try:
                threading.Thread(target=self._answer, args=(wire, peer), name="figures-answer", daemon=True).start()
            except RuntimeError:  # no thread is to be had
                self._places.release()
                wire.close()

    def _answer(self, wire: socket.socket, peer: object) -> None:
        # Each recv and send has the time-out, all of them together the timer.
        wire.settimeout(LONGEST_S)
        timer = threading.Timer(LONGEST_S, _cut, (wire,))
        timer.daemon = True
        try:
            timer.start()
            _Handler(wire, peer, self)
        except (OSError, ValueError, RuntimeError):
            log.debug("figures: a connection ended", exc_info=True)
        finally:
            timer.cancel()
            with contextlib.suppress(OSError):
                wire.close()
            self._places.release()


def _cut(wire: socket.socket) -> None:
    with contextlib.suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)


class _Bounded(io.RawIOBase):
    """Reads MOST_BYTES of ``inner`` at most; then it is at its end."""

    def __init__(self, inner: io.RawIOBase) -> None:
        self._inner, self._left = inner, MOST_BYTES

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._inner.close()
        super().close()

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        count = self._inner.readinto(buffer[: max(self._left, 0)]) if self._left > 0 else 0
        self._left -= count or 0
        return count or 0


class _Handler(BaseHTTPRequestHandler):
    """One request, then the connection is closed (HTTP/1.0)."""

    server: _Server  # type: ignore[assignment]
    rbufsize = 0
    server_version, sys_version = "Mien", ""
    error_message_format = "%(code)d %(message)s\n"
    error_content_type = "text/plain; charset=utf-8"

    def __init__(self, wire: socket.socket, peer: object, server: _Server) -> None:
        super().__init__(wire, peer, server)  # type: ignore[arg-type]

    def setup(self) -> None:
        """Bound what is read."""
        super().setup()
        self.rfile = io.BufferedReader(_Bounded(self.rfile), 1024)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer."""
        path = self.path.partition("?")[0]
        standing = self.server.standing()
        if path == "/healthz":
            stuck = standing.tick_age_s > STUCK_S
            self._reply("the guard does not go round\n" if stuck else "ok\n", not stuck)
        elif path == "/readyz":
            self._reply(f"{standing.trouble or 'ok'}\n", not standing.trouble)
        elif path == "/metrics":
            self._send(HTTPStatus.OK, CONTENT_TYPE, self.server.metrics.text())
        else:
            self.send_error(HTTPStatus.NOT_FOUND, "there are /healthz, /readyz and /metrics")

    do_HEAD = do_GET  # noqa: N815 - the library's name

    def _reply(self, text: str, is_well: bool) -> None:
        status = HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE
        self._send(status, "text/plain; charset=utf-8", text.encode())

    def _send(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Who asks is nobody's concern; the library would write to the terminal."""
