"""OSC commands from sound and light desks, an operator's tablet or a script."""

from __future__ import annotations

import contextlib
import math
import select
import socket
import threading
from collections import deque

from pythonosc.osc_packet import OscPacket, ParseError

from installation.config import OscConfig
from installation.notices import Notices
from installation.showcontrol.addresses import INCOMING, Argument, Message

MOST_WAITING = 32
"""Commands beyond this between two frames are dropped: somebody sends by the thousand."""
STAGE = "osc in"


class OscReceiver:
    """Listens on ``config.listen_host`` and ``listen_port`` (0: does not). ``take`` gives what has come since.

    A message that the table of incoming addresses does not know, or with the wrong arguments, is told to ``notices`` and
    dropped; nothing that comes in can stop the piece. A port that is taken is a fault that is told; the piece goes on.
    """

    def __init__(self, config: OscConfig, notices: Notices) -> None:
        self._notices = notices
        self._waiting: deque[Message] = deque(maxlen=MOST_WAITING)
        self._stop = threading.Event()
        self._prefix = config.prefix
        self._place = (config.listen_host, config.listen_port)
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._open()

    @property
    def port(self) -> int | None:
        """The port that is listened on; None where none is."""
        return self._socket.getsockname()[1] if self._socket is not None else None

    def take(self) -> list[Message]:
        """What has come since the last call: (address below the prefix, arguments), in order."""
        found = []
        with contextlib.suppress(IndexError):
            while True:
                found.append(self._waiting.popleft())
        return found

    def reconfigure(self, config: OscConfig) -> None:
        """Go on under another prefix or at another port."""
        self._prefix = config.prefix
        if (config.listen_host, config.listen_port) != self._place:
            self.close()
            self._stop.clear()
            self._place = (config.listen_host, config.listen_port)
            self._open()

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(1.0)
        if self._socket is not None:
            self._socket.close()
        self._thread = self._socket = None

    def _open(self) -> None:
        host, port = self._place
        self._notices.clear(STAGE)
        if port == 0:
            return
        try:
            family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
            listening = socket.socket(family, kind)
            try:
                listening.bind(address)
            except OSError:
                listening.close()
                raise
        except OSError as error:
            self._notices.fault(STAGE, f"cannot listen on {host}:{port} ({error}); change osc.listen_port")
            return
        self._socket = listening
        self._thread = threading.Thread(target=self._listen, args=(listening,), name="osc-in", daemon=True)
        self._thread.start()

    def _listen(self, listening: socket.socket) -> None:
        while not self._stop.is_set():
            if not select.select([listening], [], [], 0.1)[0]:
                continue
            try:
                data, sender = listening.recvfrom(65535)
            except OSError as error:
                self._notices.fault(STAGE, str(error))
                continue
            self._receive(data, str(sender[0]))

    def _receive(self, data: bytes, sender: str) -> None:
        try:
            messages = [timed.message for timed in OscPacket(data).messages]
        except (ParseError, ValueError, IndexError) as error:
            self._refuse(f"{sender} sent what is no OSC ({error})")
            return
        for message in messages:
            try:
                self._waiting.append(understood(message.address, list(message.params), self._prefix))
                self._notices.clear(STAGE, "fallback")
            except ValueError as error:
                self._refuse(f"{sender}: {error}")

    def _refuse(self, text: str) -> None:
        self._notices.fallback(STAGE, f"{text}; not used")


def understood(address: str, args: list[object], prefix: str) -> Message:
    """(address below the prefix, arguments in plain types). ValueError for what is not in the table INCOMING."""
    path = address.removeprefix(prefix)
    if path == address or path not in INCOMING:
        known = ", ".join(prefix + name for name in INCOMING)
        raise ValueError(f"{address} is no address here; there are {known}")
    wanted = INCOMING[path]
    # Desks send a 1.0 with every button; it says nothing and harms nothing.
    if args and len(args) > len(wanted.args) and all(isinstance(value, int | float) for value in args):
        args = args[: len(wanted.args)]
    if len(args) > len(wanted.args):
        raise ValueError(f"{address} takes {len(wanted.args)} arguments at most, not {len(args)}")
    plain: list[Argument] = []
    for arg, value in zip(wanted.args, args):
        if arg.tag == "s" and not isinstance(value, str):
            raise ValueError(f"{address}: {arg.name} must be text, not {value!r}")
        if arg.tag != "s" and not (isinstance(value, int | float) and math.isfinite(value)):
            raise ValueError(f"{address}: {arg.name} must be a number, not {value!r}")
        plain.append(arg.fit(value))  # type: ignore[arg-type]
    return path, plain
