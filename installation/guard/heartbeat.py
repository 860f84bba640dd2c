"""ampm's heartbeat: the OSC message /heart over UDP, for programs of that kind that watch over an installation.

ampm (Stimulant) starts an application again when no heartbeat comes for its persistence.heartbeatTimeout. Its README asks for
"an OSC message over UDP ... that's simply the string heart" at network.oscFromAppPort, 3002. Its own samples send /heart; one
older network.js reads a message without arguments only as such, so there are none, and no bundle.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Sequence

from installation.base.clock import Clock
from installation.guard.figures import Figures

log = logging.getLogger(__name__)

HEART = b"/heart\0\0,\0\0\0"
"""An OSC 1.0 message without arguments."""
REFRESH_S = 60.0
"""A name is looked up again after this long, and after a packet that was refused."""


class Heartbeats:
    """Sends HEART to each target, once for each ``beat`` of a piece whose pictures move. Nobody waits: a thread for each."""

    def __init__(self, targets: Sequence[tuple[str, int]], clock: Clock) -> None:
        self._targets = [_Target(host, port, clock) for host, port in targets]
        self._frames: int | None = None

    def beat(self, figures: Figures) -> None:
        """Figures came; where pictures were drawn since the last ones the heart beats."""
        moves, self._frames = figures.frames != self._frames, figures.frames
        if moves and figures.frames > 0:
            for target in self._targets:
                target.beat()

    def close(self) -> None:
        """No more beats."""
        for target in self._targets:
            target.close()


class _Target:
    def __init__(self, host: str, port: int, clock: Clock) -> None:
        self._host, self._port, self._clock = host, port, clock
        self._wake = threading.Event()
        self._is_closed = False
        self._said = ""
        self._looked_s = float("-inf")
        self._socket: socket.socket | None = None
        self._thread = threading.Thread(target=self._run, name=f"heartbeat {host}", daemon=True)
        try:
            self._thread.start()
        except RuntimeError as error:
            log.warning("heartbeat %s:%d: no thread is to be had (%s)", host, port, error)

    def beat(self) -> None:
        self._wake.set()

    def close(self) -> None:
        # A look-up may take half a minute: it is not waited for.
        self._is_closed = True
        self._wake.set()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            if self._is_closed:
                self._forget()
                return
            try:
                self._socket_now().send(HEART)
                self._said = ""
            except (OSError, UnicodeError, ValueError) as error:
                # Nobody listens, or no name or way there: it is looked up again with the next beat.
                self._forget()
                trouble = str(error)
                if trouble != self._said:
                    self._said = trouble
                    log.warning("heartbeat %s:%d: %s; trying again", self._host, self._port, trouble)

    def _socket_now(self) -> socket.socket:
        now_s = self._clock.now()
        if self._socket is None or now_s - self._looked_s >= REFRESH_S:
            self._forget()
            found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_DGRAM)
            # IPv4 first: ampm listens there only, while systems name ::1 before 127.0.0.1.
            family, _, _, _, place = min(found, key=lambda entry: entry[0] != socket.AF_INET)
            self._socket = socket.socket(family, socket.SOCK_DGRAM)
            self._socket.setblocking(False)
            self._socket.connect(place)
            self._looked_s = now_s
        return self._socket

    def _forget(self) -> None:
        found, self._socket = self._socket, None
        if found is not None:
            found.close()
