"""ZeroMQ's sockets as Mien uses them: newest first, nothing that blocks, encrypted where a key file is given.

The only user of pyzmq. A socket belongs to one thread.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any, Literal

from installation.base.host_port import Place
from installation.network.keys import KeyFile

Kind = Literal["publish", "listen", "answer", "ask"]
RETRY_MS, LONGEST_RETRY_MS = 100, 1000
"""Between two tries to reach a machine that is not there."""
BEAT_MS, GONE_MS = 1000, 4000
"""A line without a beat for so long is taken for dead and made anew: a cable that was pulled tells nobody."""
QUEUE = {"publish": 8, "listen": 64, "answer": 64, "ask": 64}
"""Messages that wait: what is published and not taken is dropped, the show goes on."""


class NetworkError(Exception):
    """The network cannot be used as asked; says why."""


class Socket:
    """One socket. ``send`` and ``receive`` never wait."""

    def __init__(self, zmq: Any, socket: Any) -> None:
        self._zmq, self.socket = zmq, socket

    def send(self, parts: Sequence[bytes]) -> bool:
        """Whether the message is on its way, or was dropped as nobody takes it."""
        try:
            self.socket.send_multipart(parts, self._zmq.DONTWAIT)
        except self._zmq.ZMQError:
            return False
        return True

    def receive(self) -> list[bytes] | None:
        """The oldest message that waits; None where none does."""
        try:
            found: list[bytes] = self.socket.recv_multipart(self._zmq.DONTWAIT)
        except self._zmq.ZMQError:
            return None
        return found

    def close(self) -> None:
        """Close it; what was not sent is dropped."""
        self.socket.close(linger=0)


class Network:
    """A context of ZeroMQ's, and the sockets made of it. ``keys``: None for plain text. Raises NetworkError where pyzmq is not
    there."""

    def __init__(self, keys: KeyFile | None = None) -> None:
        try:
            import zmq
        except ImportError:
            raise NetworkError("pyzmq is not installed: run.py setup --with wall") from None
        self._zmq, self._keys = zmq, keys
        if keys is not None and not zmq.has("curve"):
            raise NetworkError("this ZeroMQ was built without encryption (CURVE); install pyzmq from PyPI")
        self._context = zmq.Context()
        self._guard: Any = None

    def open(self, kind: Kind, place: Place, longest: int = -1) -> Socket:
        """A socket that is bound (publish, answer) or connects (listen, ask; whether or not somebody is there yet).

        ``longest``: bytes of a message above which the other side is cut off; -1: any. Raises NetworkError.
        """
        zmq = self._zmq
        types = {"publish": zmq.PUB, "listen": zmq.SUB, "answer": zmq.ROUTER, "ask": zmq.DEALER}
        socket = self._context.socket(types[kind])
        for option, value in {
            zmq.LINGER: 0,
            zmq.SNDHWM: QUEUE[kind],
            zmq.RCVHWM: QUEUE[kind],
            zmq.MAXMSGSIZE: longest,
            zmq.IPV6: 1 if ":" in place.host else 0,
            zmq.RECONNECT_IVL: RETRY_MS,
            zmq.RECONNECT_IVL_MAX: LONGEST_RETRY_MS,
            zmq.HEARTBEAT_IVL: BEAT_MS,
            zmq.HEARTBEAT_TIMEOUT: GONE_MS,
            zmq.HEARTBEAT_TTL: GONE_MS,
        }.items():
            socket.setsockopt(option, value)
        is_asked = kind in ("publish", "answer")
        self._encrypt(socket, is_asked)
        try:
            (socket.bind if is_asked else socket.connect)(place.address)
        except zmq.ZMQError as error:
            socket.close(linger=0)
            raise NetworkError(f"{place.host}:{place.port}: {error}") from None
        if kind == "listen":
            socket.subscribe(b"")
        return Socket(zmq, socket)

    def wait(self, sockets: Sequence[Socket], seconds: float) -> None:
        """Until a message waits in one of ``sockets``, or ``seconds`` are over."""
        poller = self._zmq.Poller()
        for one in sockets:
            poller.register(one.socket, self._zmq.POLLIN)
        with contextlib.suppress(self._zmq.ZMQError):
            poller.poll(round(max(0.0, seconds) * 1000))

    def close(self) -> None:
        """After all sockets were closed."""
        if self._guard is not None:
            self._guard.stop()
        self._context.destroy(linger=0)

    def _encrypt(self, socket: Any, is_asked: bool) -> None:
        keys = self._keys
        if keys is None:
            return
        if is_asked:
            self._let_in(keys)
            socket.curve_server = True
            socket.curve_publickey, socket.curve_secretkey = keys.asked_public, keys.asked_secret
        else:
            socket.curve_serverkey = keys.asked_public
            socket.curve_publickey, socket.curve_secretkey = keys.asks_public, keys.asks_secret

    def _let_in(self, keys: KeyFile) -> None:
        """Who asks with the key file's key, and nobody else."""
        if self._guard is not None:
            return
        from zmq.auth.thread import ThreadAuthenticator

        self._guard = ThreadAuthenticator(self._context)
        self._guard.start()
        self._guard.configure_curve_callback(domain="*", credentials_provider=_OneKey(self._zmq, keys.asks_public))


class _OneKey:
    """As pyzmq asks who may come in."""

    def __init__(self, zmq: Any, public: bytes) -> None:
        self._known = zmq.utils.z85.decode(public)
        self._encode = zmq.utils.z85.encode
        self._public = public

    def callback(self, _domain: str, key: bytes) -> bool:
        """Whether ``key``, raw or in Z85, is the one."""
        return key in (self._known, self._public)


def new_keys() -> KeyFile:
    """Two new pairs. Raises NetworkError where pyzmq is not there."""
    try:
        import zmq
    except ImportError:
        raise NetworkError("pyzmq is not installed: run.py setup --with wall") from None
    asked, asks = zmq.curve_keypair(), zmq.curve_keypair()
    return KeyFile(*asked, *asks)
