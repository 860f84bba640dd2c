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

from installation.base.files import ROOT
from installation.base.notices import Notices
from installation.base.tempo import Tempo
from installation.config.osc import OscConfig
from installation.showcontrol.addresses import JOINT_NAMES, fit
from installation.showcontrol.osc_out.bundle import Bundle, Seen, typed
from installation.showcontrol.osc_out.encode import TypedMessage
from installation.showcontrol.osc_out.faceosc import FaceOsc
from installation.showcontrol.osc_out.patterns import PatternError, Selection
from installation.showcontrol.osc_out.pipe import FrameBundle, HealthBundle, PipeReader, TargetSpec, packed
from installation.showcontrol.osc_out.process import serve
from installation.showcontrol.osc_out.wekinator import Wekinator
from installation.showcontrol.service_state import ServiceState, why

STAGE = "osc"
IN_A_PROCESS = os.name == "posix"
"""Elsewhere a socket cannot be handed on like this: there a thread of the piece sends, at the pace that its Python allows."""
MESSAGES_STAGE = "osc messages"
CLOSE_S = 0.6
"""The sending process has this long for its goodbye (GOODBYE_S) and its end."""
ENDED = "the piece has ended"
"""The reason where the piece gives none."""
PROVED_S = 0.5
"""A sending process that is still there so long after it spoke has started."""


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
    somebody answers again. ``log_packet`` gets every packet below the main prefix, whoever listens or not. What goes wrong
    between the piece and the sending process is a fault of the stage ``osc``; nothing is raised for it.
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
        self._format_states: dict[str, ServiceState] = {}
        self._wrong: set[str] = set()
        """Stages of the targets that are left out, for their patterns are wrong."""
        self._stages: set[str] = set()
        """Of all targets: what is said of others is out of date."""
        self._state, self._messages = ServiceState(STAGE, notices), ServiceState(MESSAGES_STAGE, notices)
        self._tempo: tuple[str, float, float, float] | None = None
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._ours: socket.socket | None = None
        self._unsent = bytearray()
        self._process: subprocess.Popen[bytes] | None = None
        self._pace: threading.Thread | None = None
        """Sends where no process can."""
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
        packets: list[bytes] = []
        try:
            if self._log_packet is not None:
                packets = bundle.packets()
            if self._targets:
                self._hand_on(bundle)
        except Exception as error:  # noqa: BLE001 - the border of a service: a picture is drawn all the same
            self._messages.failed(f"a bundle cannot be sent ({why(error)}); it is left out")
        else:
            self._messages.worked()
        if self._log_packet is not None:
            for packet in packets:
                self._log_packet(packet)

    def follow(self, tempo: Tempo | None, prefix: str) -> None:
        """Send /beat below ``prefix`` at each beat from now on, on time; None: no more. Any thread may call it."""
        self._tempo = None if tempo is None else (prefix, tempo.at_s, tempo.beat, tempo.bpm)
        self._write("tempo", self._tempo)

    def _hand_on(self, bundle: Bundle) -> None:
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
            formats={name: self._formatted(name, bundle.seen) for name in self._formats},
        )
        self._write("frame", frame)

    def _formatted(self, name: str, seen: Seen) -> list[TypedMessage]:
        state = self._format_states.setdefault(name, ServiceState(f"osc format {name}", self._notices))
        try:
            messages = self._formats[name].messages(seen)
        except Exception as error:  # noqa: BLE001 - the border of one format: the others are sent
            state.failed(f"a frame cannot be written in it ({why(error)}); it is left out")
            return []
        state.worked()
        return messages

    def reconfigure(self, config: OscConfig) -> None:
        """Go on with other targets; those that stay keep their connections."""
        self._take(config)

    def start(self) -> None:
        """Begin to send where there are targets and it does not run already. RuntimeError where the system gives no thread."""
        running = self._watcher is not None and self._watcher.is_alive()
        if not self._targets or running or self._stop.is_set():
            return
        watcher = threading.Thread(target=self._watch, name="osc-sender", daemon=True)
        watcher.start()
        self._watcher = watcher

    def end(self, reason: str) -> None:
        """Let every receiver hear that the piece ends, and why; nothing is sent after that. Returns at once."""
        if self._stop.is_set():
            return
        self._stop.set()
        self._write("end", reason)
        with self._lock:
            ours, self._ours = self._ours, None
            if ours is not None:
                with contextlib.suppress(OSError):
                    ours.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the process and the thread, after the goodbye."""
        self.end(ENDED)
        if self._watcher is not None:
            self._watcher.join(2 * CLOSE_S)

    def _take(self, config: OscConfig) -> None:
        targets: list[TargetSpec] = []
        wishes: list[tuple[str, Selection]] = []
        formats: dict[str, _Format] = {}
        wrong: dict[str, str] = {}
        for target in specs_of(config):
            name = target["format"]
            try:
                selection = Selection(target["addresses"])
                if name != "mien" and name not in formats:
                    formats[name] = self._formats.get(name) or _FORMATS[name]()
            except PatternError as error:
                wrong[target["stage"]] = f"{error}; nothing is sent there"
                continue
            except Exception as error:  # noqa: BLE001 - the border of one target: the others are sent to
                wrong[target["stage"]] = f"the format {name} does not work ({why(error)}); nothing is sent there"
                continue
            targets.append(target)
            if selection.patterns and target["format"] == "mien":
                wishes.append((target["prefix"], selection))
        self._targets, self._joint_wishes, self._formats = targets, wishes, formats
        stages = {place for target in targets for place in (target["stage"], f"{target['stage']}: messages")}
        gone, self._stages = (self._stages - stages) | (stages & self._wrong), stages
        for stage in (gone | self._wrong) - wrong.keys():
            self._notices.withdraw(stage)
        self._wrong = set(wrong)
        for stage, message in wrong.items():
            self._notices.fault(stage, message)
        self._write("targets", self._targets)
        self.start()

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
        self,
        kind: Literal["targets", "frame", "health", "tempo", "end"],
        value: list[TargetSpec] | FrameBundle | HealthBundle | tuple[str, float, float, float] | str | None,
    ) -> None:
        data = packed(kind, value)
        with self._lock:
            if self._ours is None:
                return
            # A process that does not read loses frames, never the piece its time; events come again with the next ones.
            if not self._unsent or kind in ("targets", "tempo", "end"):
                self._unsent += data
            try:
                while self._unsent:
                    del self._unsent[: self._ours.send(self._unsent)]
            except BlockingIOError:
                return
            except OSError:
                self._unsent.clear()

    def _watch(self) -> None:
        while not self._stop.is_set():
            try:
                ours, theirs = socket.socketpair()
                with ours:
                    self._begin(theirs)
                    self._connect(ours)
                    self._listen(ours)
                trouble = "the sending process ended"
            except Exception as error:  # noqa: BLE001 - the border of a service: its fault, and it is started again
                trouble = f"sending does not work ({why(error)})"
            finally:
                self._end()
            if not self._stop.is_set():
                self._stop.wait(self._state.failed(f"{trouble}; starting it again"))

    def _begin(self, theirs: socket.socket) -> None:
        """Start what sends, at its end of the connection."""
        if not IN_A_PROCESS:
            self._pace = threading.Thread(target=serve, args=(theirs, "usual"), name="osc-pace", daemon=True)
            self._pace.start()
            return
        start = "from installation.showcontrol.osc_out.process import main; main(%d)"
        code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {start}"
        command = [sys.executable, "-E", "-c", code % theirs.fileno()]
        with theirs:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])

    def _connect(self, ours: socket.socket) -> None:
        ours.setblocking(False)
        with self._lock:
            self._unsent.clear()
            # Closed meanwhile: the process finds the end of its input at once.
            self._ours = None if self._stop.is_set() else ours
        if self._ours is not None:
            self._write("targets", self._targets)
            self._write("tempo", self._tempo)

    def _listen(self, connection: socket.socket) -> None:
        """Take what the process says until it or we end."""
        reader, spoke = PipeReader(), False
        while not self._stop.is_set():
            if not select.select([connection], [], [], PROVED_S)[0]:
                if spoke:  # It started, and is still there: now it is believed.
                    self._state.worked()
                continue
            try:
                data = connection.recv(65536)
            except OSError:
                return
            if not data:
                return
            for message in reader.feed(data):
                self._understand(*message)
                spoke = True

    def _understand(self, kind: str, *value: Any) -> None:
        match kind, value:
            case "priority", (priority,):
                self.priority = priority
            case "fault", (stage, message):
                self._notices.fault(stage, message)
            case "fallback", (stage, message):
                self._notices.fallback(stage, message)
            case "resolve", (stage, which):
                self._notices.resolve(stage, which)
            case "withdraw", (stage, which):
                self._notices.withdraw(stage, which)
        # The settings may have changed while it was on its way.
        if kind in ("fault", "fallback") and value[0] not in self._stages:
            self._notices.withdraw(value[0], kind)  # type: ignore[arg-type]

    def _end(self) -> None:
        """What the process reported holds until the next one finds that it works."""
        with self._lock:
            self._ours = None
        process, self._process = self._process, None
        pace, self._pace = self._pace, None
        if pace is not None and pace.is_alive():
            pace.join(CLOSE_S)
        if process is not None:
            try:
                process.wait(CLOSE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(CLOSE_S)


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
