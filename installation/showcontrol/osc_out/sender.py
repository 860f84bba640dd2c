"""OSC to any number of targets, each at its own steady rate, without ever waiting for one of them.

The sending itself is done by a small process of its own (``paced.py`` says why); this is the piece's end of it.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from installation.base.notices import Notices
from installation.config.osc import OscConfig
from installation.showcontrol.address_table import JOINT_NAMES
from installation.showcontrol.addresses import fit
from installation.showcontrol.osc_out.bundle import Seen, Told, wire
from installation.showcontrol.osc_out.encode import Wire
from installation.showcontrol.osc_out.faceosc import FaceOsc
from installation.showcontrol.osc_out.patterns import PatternError, Selection
from installation.showcontrol.osc_out.process import LENGTH, serve
from installation.showcontrol.osc_out.vmc import Vmc
from installation.showcontrol.osc_out.wekinator import Wekinator

STAGE = "osc"
ROOT = Path(__file__).resolve().parents[3]
IN_A_PROCESS = os.name == "posix"
"""Elsewhere a socket cannot be handed on like this: there a thread of the piece sends, at the pace that its Python allows."""
FIRST_BACK_OFF_S, LAST_BACK_OFF_S = 0.5, 10.0
"""Between the end of the sending process and the next one."""
CLOSE_S = 0.6


class _Set(Protocol):
    def messages(self, seen: Seen) -> list[Wire]: ...


_SETS: dict[str, Callable[[], _Set]] = {"faceosc": FaceOsc, "wekinator": Wekinator, "vmc": Vmc}


class OscSender:
    """Sends what is told to every target of ``config``. ``send`` and ``reconfigure`` belong to one thread.

    A receiver that is not there costs nothing: what the network refuses is told once to ``notices``, and the notice goes when
    somebody answers again. ``log_packet`` gets every packet below the main prefix first, whoever listens or not.
    """

    def __init__(self, config: OscConfig, notices: Notices, log_packet: Callable[[bytes], None] | None = None) -> None:
        self.bundles_sent = 0
        """How many bundles were told, before splitting and for how many targets ever."""
        self.priority = ""
        """What the sending process may: "real time", "raised" or "usual"; empty before it has started."""
        self._notices, self._log_packet = notices, log_packet
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._ours: socket.socket | None = None
        self._unsent = bytearray()
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: threading.Thread | None = None
        self._take(config)

    @property
    def pids(self) -> list[int]:
        """The sending process, for who counts memory."""
        return [self._process.pid] if self._process is not None else []

    def send(self, told: Told) -> None:
        """Hand on a bundle; returns at once and raises nothing for the network's sake."""
        self.bundles_sent += 1
        if self._log_packet is not None:
            for packet in told.packets():
                self._log_packet(packet)
        if not self._targets:
            return
        value: dict[str, Any] = {"prefix": told.prefix, "messages": [wire(message) for message in told.messages]}
        if told.seen is None:
            self._write("health", value)
            return
        value["events"] = [(number, wire(message)) for number, message in told.events]
        value["last"] = [wire(message) for message in told.last]
        value["joints"] = self._joints(told) if self._want_joints else []
        value["sets"] = {name: found.messages(told.seen) for name, found in self._sets.items()}
        self._write("frame", value)

    def reconfigure(self, config: OscConfig) -> None:
        """Go on with other targets; those that stay keep their connections."""
        self._take(config)

    def close(self) -> None:
        """End the process and the thread."""
        self._stop.set()
        with self._lock:
            ours, self._ours = self._ours, None
            if ours is not None:
                with contextlib.suppress(OSError):
                    ours.shutdown(socket.SHUT_RDWR)
        if self._watcher is not None:
            self._watcher.join(2 * CLOSE_S)

    def _take(self, config: OscConfig) -> None:
        self._targets = [target.model_dump() for target in config.targets] if config.enabled else []
        names = {target["format"] for target in self._targets} - {"mien"}
        known = getattr(self, "_sets", {})
        self._sets: dict[str, _Set] = {name: known.get(name) or _SETS[name]() for name in sorted(names)}
        self._want_joints = False
        self._joint_wishes: list[tuple[str, Selection]] = []
        for target in self._targets:
            try:
                selection = Selection(target["addresses"])
            except PatternError as error:
                self._notices.fault(f"osc {target['host']}:{target['port']}", f"{error}; nothing is sent there")
                self._targets = [other for other in self._targets if other is not target]
                continue
            if selection.patterns and target["format"] == "mien":
                self._joint_wishes.append((target["prefix"], selection))
        self._want_joints = bool(self._joint_wishes)
        if self._targets and self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, name="osc-sender", daemon=True)
            self._watcher.start()
        else:
            self._write("targets", self._targets)

    def _joints(self, told: Told) -> list[Wire]:
        assert told.seen is not None
        found: list[Wire] = []
        for state in told.seen.states:
            if state.joints is None:
                continue
            for name, row in zip(JOINT_NAMES, state.joints.tolist(), strict=True):
                path = f"/person/{state.person_id}/joint/{name}"
                if any(wish.wants((prefix or told.prefix) + path) for prefix, wish in self._joint_wishes):
                    found.append((path, "ffff", fit(path, row)))
        return found

    def _write(self, kind: str, value: Any) -> None:
        data = marshal.dumps((kind, value))
        with self._lock:
            if self._ours is None:
                return
            # A process that does not read loses frames, never the piece its time; events come again with the next ones.
            if not self._unsent or kind == "targets":
                self._unsent += LENGTH.pack(len(data)) + data
            try:
                while self._unsent:
                    del self._unsent[: self._ours.send(self._unsent)]
            except BlockingIOError:
                return
            except OSError:
                self._unsent.clear()

    def _watch(self) -> None:
        back_off_s = FIRST_BACK_OFF_S
        while not self._stop.is_set():
            try:
                theirs = self._begin()
            except OSError as error:
                self._notices.fault(STAGE, f"cannot start sending ({error}); trying again in {back_off_s:g} s")
            else:
                if self._listen(theirs):
                    back_off_s = FIRST_BACK_OFF_S
                self._end()
                if not self._stop.is_set():
                    self._notices.fault(STAGE, f"the sending process ended; starting it again in {back_off_s:g} s")
            self._stop.wait(back_off_s)
            back_off_s = min(2 * back_off_s, LAST_BACK_OFF_S)

    def _begin(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        if IN_A_PROCESS:
            start = "from installation.showcontrol.osc_out.process import main; main(%d)"
            code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {start}"
            command = [sys.executable, "-E", "-c", code % theirs.fileno()]
            try:
                self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])
            finally:
                theirs.close()
        else:
            threading.Thread(target=serve, args=(theirs, "usual"), name="osc-pace", daemon=True).start()
        ours.setblocking(False)
        with self._lock:
            self._unsent.clear()
            # Closed meanwhile: the process finds the end of its input at once.
            self._ours = None if self._stop.is_set() else ours
        if self._ours is not None:
            self._write("targets", self._targets)
        return ours

    def _listen(self, connection: socket.socket) -> bool:
        """Take what the process says until it or we end; whether it ever said something."""
        import select

        data, spoke = bytearray(), False
        with connection:
            while not self._stop.is_set():
                if not select.select([connection], [], [], 0.5)[0]:
                    continue
                try:
                    more = connection.recv(65536)
                except OSError:
                    more = b""
                if not more:
                    break
                data += more
                while len(data) >= LENGTH.size:
                    (length,) = LENGTH.unpack_from(data)
                    if len(data) < LENGTH.size + length:
                        break
                    self._understand(*marshal.loads(bytes(data[LENGTH.size : LENGTH.size + length])))
                    del data[: LENGTH.size + length]
                    spoke = True
            with self._lock:
                self._ours = None
        return spoke

    def _understand(self, kind: str, *value: Any) -> None:
        if kind == "priority":
            self.priority = value[0]
            self._notices.resolve(STAGE)
        elif kind == "tell":
            told, stage, message = value
            if told.startswith("clear"):
                self._notices.resolve(stage, told.removeprefix("clear").removeprefix("-") or None)
            elif told == "fault":
                self._notices.fault(stage, message)
            else:
                self._notices.fallback(stage, message)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        try:
            process.wait(CLOSE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(CLOSE_S)
