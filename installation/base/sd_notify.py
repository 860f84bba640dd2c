"""sd_notify: how a service tells whoever started it that it is ready, alive and about to end. Both ends of the wire.

The protocol is that of sd_notify(3): datagrams of NAME=value lines to the unix socket that NOTIFY_SOCKET names. The piece
speaks it to the guard, and the guard to systemd, with the same class.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import sys
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path

SOCKET, WATCHDOG, WATCHDOG_PID = "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"
FIGURES = "X_MIEN"
"""The name of the line that carries figures as JSON; systemd passes over names that begin with X_."""
MOST_BYTES = 64 * 1024
"""Of a datagram; a longer one is not sent, and not taken."""
_CREDENTIALS = struct.Struct("3i")
"""pid, uid and gid of a sender, ucred of unix(7)."""


class Notifier:
    """Tells whoever started this process how it is. Does nothing without an ``address``; never raises, never waits.

    What the receiver has no room for is dropped: the next beat says the same, only newer.
    """

    def __init__(self, address: str | None = None, watchdog_s: float | None = None) -> None:
        """``address``: a path, or @ and an abstract name; ``watchdog_s``: a beat is awaited within so many seconds."""
        self.watchdog_s = watchdog_s
        self._address = address
        self._socket: socket.socket | None = None

    @classmethod
    def from_environment(cls, environ: MutableMapping[str, str]) -> Notifier:
        """As NOTIFY_SOCKET and WATCHDOG_USEC say. Takes them out of ``environ``: no child of this process may speak for it."""
        address = environ.pop(SOCKET, "")
        period, pid = environ.pop(WATCHDOG, ""), environ.pop(WATCHDOG_PID, "")
        is_meant = not pid or pid == str(os.getpid())
        watchdog_s = int(period) / 1e6 if is_meant and period.isascii() and period.isdigit() and int(period) else None
        return cls(address if address[:1] in ("/", "@") and len(address) > 1 else None, watchdog_s)

    @property
    def is_heard(self) -> bool:
        """Whether there is anybody to tell."""
        return self._address is not None

    def ready(self) -> None:
        """Everything is up: the first picture was shown."""
        self.send({"READY": "1"})

    def beat(self, figures: Mapping[str, object] | None = None) -> None:
        """Still alive; ``figures`` as ``installation/guard/figures.py`` reads them, JSON-able."""
        lines = {"WATCHDOG": "1"}
        if figures is not None:
            with contextlib.suppress(TypeError, ValueError):  # a beat without figures is better than none
                lines[FIGURES] = json.dumps(figures, separators=(",", ":"), ensure_ascii=False)
        self.send(lines)

    def status(self, text: str) -> None:
        """One line for people, such as systemctl status shows."""
        self.send({"STATUS": text})

    def stopping(self, reason: str = "") -> None:
        """The end has begun."""
        self.send({"STOPPING": "1", **({"STATUS": reason} if reason else {})})

    def send(self, lines: Mapping[str, str]) -> None:
        """One datagram of NAME=value lines. Line ends within a value become spaces."""
        if self._address is None:
            return
        text = "".join(f"{name}={' '.join(value.splitlines())}\n" for name, value in lines.items())
        data = text.encode("utf-8", "replace")
        if len(data) > MOST_BYTES:
            if FIGURES in lines:
                self.send({name: value for name, value in lines.items() if name != FIGURES})
            return
        with contextlib.suppress(OSError, AttributeError):  # gone, full, or a system without unix sockets
            if self._socket is None:
                self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                self._socket.setblocking(False)
            self._socket.sendto(data, _socket_name(self._address))

    def close(self) -> None:
        """Close the socket; nothing is sent any more."""
        self._address = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None


@dataclass(frozen=True)
class Message:
    """What a datagram said. ``pid`` and ``uid`` are the sender's as the kernel knows them; None where it does not say."""

    lines: Mapping[str, str]
    pid: int | None = None
    uid: int | None = None

    @property
    def is_ready(self) -> bool:
        """READY=1."""
        return self.lines.get("READY") == "1"

    @property
    def is_beat(self) -> bool:
        """WATCHDOG=1."""
        return self.lines.get("WATCHDOG") == "1"

    @property
    def figures(self) -> str | None:
        """The JSON that came with a beat, not looked into."""
        return self.lines.get(FIGURES)


class Listener:
    """The receiving end: a unix datagram socket that a child gets as NOTIFY_SOCKET.

    On Linux an abstract name that the kernel chooses, so that no file can be left over; elsewhere a file in ``folder``, which
    must be for this user alone. Raises OSError where no socket can be had.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._path: Path | None = None
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            if sys.platform == "linux":
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
                self._socket.bind("")
                self.address = "@" + os.fsdecode(self._socket.getsockname()[1:])
            else:
                if folder is None:
                    raise OSError("no folder for the socket")
                self._path = folder / f"notify-{os.getpid()}"
                self._path.unlink(missing_ok=True)
                self._socket.bind(str(self._path))
                self.address = str(self._path)
        except BaseException:
            self._socket.close()
            raise

    def environment(self, watchdog_s: float) -> dict[str, str]:
        """What a child must find in its environment."""
        return {SOCKET: self.address, WATCHDOG: str(round(watchdog_s * 1e6))}

    def fileno(self) -> int:
        """For ``select``."""
        return self._socket.fileno()

    def receive(self, most: int = 64) -> list[Message]:
        """What came since the last call, oldest first, ``most`` at a time; never waits. What is no text is passed over."""
        found: list[Message] = []
        for _ in range(most):
            try:
                data, more, flags, _sender = self._socket.recvmsg(MOST_BYTES, socket.CMSG_SPACE(_CREDENTIALS.size))
            except (BlockingIOError, InterruptedError):
                break
            if flags & socket.MSG_TRUNC:
                continue
            with contextlib.suppress(UnicodeDecodeError):
                found.append(Message(_lines(data.decode("utf-8")), *_sent_by(more)))
        return found

    def close(self) -> None:
        """Close the socket, and take its file away where there is one."""
        self._socket.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)


def _socket_name(address: str) -> str:
    return "\0" + address[1:] if address.startswith("@") else address


def _lines(text: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in text.split("\n"))
    return {name: value for name, sign, value in pairs if sign and name}


def _sent_by(more: list[tuple[int, int, bytes]]) -> tuple[int | None, int | None]:
    """(pid, uid) of the sender; None where the system does not say."""
    if sys.platform == "linux":
        for level, kind, data in more:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS) and len(data) >= _CREDENTIALS.size:
                pid, uid, _gid = _CREDENTIALS.unpack_from(data)
                return pid, uid
    return None, None
