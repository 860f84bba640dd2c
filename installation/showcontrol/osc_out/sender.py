"""OSC to any number of targets, each at its own steady rate, without ever waiting for one of them.

The sending itself is done by a small process of its own (``process.py`` says why); this is the piece's end of it.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any, Literal, Protocol

from installation.base.backoff import Backoff
from installation.base.files import ROOT
from installation.base.notices import Notices
from installation.config.osc import OscConfig
from installation.showcontrol.addresses import JOINT_NAMES, fit
from installation.showcontrol.osc_out.bundle import Bundle, Seen, typed
from installation.showcontrol.osc_out.encode import TypedMessage
from installation.showcontrol.osc_out.faceosc import FaceOsc
from installation.showcontrol.osc_out.patterns import PatternError, Selection
from installation.showcontrol.osc_out.pipe import FrameBundle, HealthBundle, PipeReader, TargetSpec, packed
from installation.showcontrol.osc_out.process import serve
from installation.showcontrol.osc_out.wekinator import Wekinator

STAGE = "osc"
IN_A_PROCESS = os.name == "posix"
"""Elsewhere a socket cannot be handed on like this: there a thread of the piece sends, at the pace that its Python allows."""
FIRST_RETRY_S, LONGEST_RETRY_S = 0.5, 10.0
"""Between the end of the sending process and the next one."""
CLOSE_S = 0.6


class _Format(Protocol):
    def messages(self, seen: Seen) -> list[TypedMessage]: ...


def _vmc() -> _Format:
    # It wants scipy's rotations: 28 MB and a third of a second for who does not use it.
    from installation.showcontrol.osc_out.vmc import Vmc

    return Vmc()


_FORMATS: dict[str, Callable[[], _Format]] = {"faceosc": FaceOsc, "wekinator": Wekinator, "vmc": _vmc}


class OscSender:
    """Sends bundles to every target of ``config``. ``send`` and ``reconfigure`` belong to one thread.

    A receiver that is not there costs nothing: what the network refuses is reported once to ``notices``, and resolved when
    somebody answers again. ``log_packet`` gets every packet below the main prefix first, whoever listens or not.
    """

    def __init__(self, config: OscConfig, notices: Notices, log_packet: Callable[[bytes], None] | None = None) -> None:
        self.bundles_sent = 0
        """How many bundles ``send`` was given, before splitting and for how many targets ever."""
        self.priority = ""
        """What the sending process may: "real time", "raised" or "usual"; empty before it has started."""
        self._notices, self._log_packet = notices, log_packet
        self._targets: list[TargetSpec] = []
        self._joint_wishes: list[tuple[str, Selection]] = []
        """(prefix, selection) of the targets that may ask for joints."""
        self._formats: dict[str, _Format] = {}
        self._wrong_patterns: list[str] = []
        """Stages of the targets that are left out."""
        self._reported: set[str] = set()
        """Stages of which the sending process has raised something."""
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._ours: socket.socket | None = None
        self._unsent = bytearray()
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: threading.Thread | None = None
        self._take(config)

    @property
    def pids(self) -> list[int]:
        """The sending process, to count its memory."""
        process = self._process  # once: the watching thread lets go of one that ended
        return [process.pid] if process is not None else []

    def send(self, bundle: Bundle) -> None:
        """Hand on a bundle; returns at once and raises nothing for the network's sake."""
        self.bundles_sent += 1
        if self._log_packet is not None:
            for packet in bundle.packets():
                self._log_packet(packet)
        if not self._targets:
            return
        messages = [typed(message) for message in bundle.messages]
        if bundle.seen is None:
            self._write("health", HealthBundle(prefix=bundle.prefix, messages=messages))
            return
        frame = FrameBundle(
            prefix=bundle.prefix,
            messages=messages,
            events=[(number, typed(message)) for number, message in bundle.events],
            last=[typed(message) for message in bundle.last],
            joints=self._joints(bundle.prefix, bundle.seen),
            formats={name: found.messages(bundle.seen) for name, found in self._formats.items()},
        )
        self._write("frame", frame)

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
        for stage in self._wrong_patterns:
            self._notices.resolve(stage)
        self._targets, self._joint_wishes, self._wrong_patterns = [], [], []
        for target in specs_of(config):
            try:
                selection = Selection(target["addresses"])
            except PatternError as error:
                self._notices.fault(target["stage"], f"{error}; nothing is sent there")
                self._wrong_patterns.append(target["stage"])
                continue
            self._targets.append(target)
            if selection.patterns and target["format"] == "mien":
                self._joint_wishes.append((target["prefix"], selection))
        names = sorted({target["format"] for target in self._targets} - {"mien"})
        self._formats = {name: self._formats.get(name) or _FORMATS[name]() for name in names}
        if self._targets and self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, name="osc-sender", daemon=True)
            self._watcher.start()
        else:
            self._write("targets", self._targets)

    def _joints(self, prefix: str, seen: Seen) -> list[TypedMessage]:
        found: list[TypedMessage] = []
        if not self._joint_wishes:
            return found
        for state in seen.states:
            if state.joints is None:
                continue
            for name, row in zip(JOINT_NAMES, state.joints.tolist(), strict=True):
                path = f"/person/{state.person_id}/joint/{name}"
                if any(wish.wants((own or prefix) + path) for own, wish in self._joint_wishes):
                    found.append((path, "ffff", fit(path, row)))
        return found

    def _write(
        self, kind: Literal["targets", "frame", "health"], value: list[TargetSpec] | FrameBundle | HealthBundle
    ) -> None:
        data = packed(kind, value)
        with self._lock:
            if self._ours is None:
                return
            # A process that does not read loses frames, never the piece its time; events come again with the next ones.
            if not self._unsent or kind == "targets":
                self._unsent += data
            try:
                while self._unsent:
                    del self._unsent[: self._ours.send(self._unsent)]
            except BlockingIOError:
                return
            except OSError:
                self._unsent.clear()

    def _watch(self) -> None:
        backoff = Backoff(FIRST_RETRY_S, LONGEST_RETRY_S)
        while not self._stop.is_set():
            try:
                connection = self._begin()
            except OSError as error:
                pause_s = backoff.fail()
                self._notices.fault(STAGE, f"cannot start sending ({error}); trying again in {pause_s:g} s")
            else:
                if self._listen(connection):
                    backoff.succeed()
                self._end()
                pause_s = backoff.fail()
                if not self._stop.is_set():
                    self._notices.fault(STAGE, f"the sending process ended; starting it again in {pause_s:g} s")
            self._stop.wait(pause_s)

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
        reader, spoke = PipeReader(), False
        with connection:
            while not self._stop.is_set():
                if not select.select([connection], [], [], 0.5)[0]:
                    continue
                try:
                    data = connection.recv(65536)
                except OSError:
                    data = b""
                if not data:
                    break
                for message in reader.feed(data):
                    self._understand(*message)
                    spoke = True
            with self._lock:
                self._ours = None
        return spoke

    def _understand(self, kind: str, *value: Any) -> None:
        match kind, value:
            case "priority", (priority,):
                self.priority = priority
                self._notices.resolve(STAGE)
            case "fault", (stage, message):
                self._reported.add(stage)
                self._notices.fault(stage, message)
            case "fallback", (stage, message):
                self._reported.add(stage)
                self._notices.fallback(stage, message)
            case "resolve", (stage, which):
                self._notices.resolve(stage, which)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            try:
                process.wait(CLOSE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(CLOSE_S)
        if not self._stop.is_set():
            # The next process knows nothing of what this one reported, and raises it anew where it still holds.
            for stage in self._reported:
                self._notices.resolve(stage)
            self._reported.clear()


def specs_of(config: OscConfig) -> list[TargetSpec]:
    """The targets as the sending process takes them; none while sending is switched off.

    Two that go to the same host and port have two stages, so that neither resolves what the other raised.
    """
    specs: list[TargetSpec] = []
    stages: dict[str, int] = {}
    for target in config.targets if config.enabled else ():
        place = f"osc {target.host}:{target.port}"
        stages[place] = stages.get(place, 0) + 1
        stage = place if stages[place] == 1 else f"{place} ({stages[place]})"
        specs.append(
            TargetSpec(
                stage=stage,
                host=target.host,
                port=target.port,
                prefix=target.prefix,
                per_second=target.per_second,
                addresses=list(target.addresses),
                protocol=target.protocol,
                format=target.format,
            )
        )
    return specs
