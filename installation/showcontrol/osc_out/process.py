"""The process that sends: each target its bundles at its own steady rate. It imports little: it starts fast, stays small.

Why a process: music hears jitter. A thread of the piece waits for the interpreter's lock while a picture is drawn (25 ms at
the 99th percentile, benchmarks/osc.py); here nobody else holds it, and this process alone may be given real-time priority.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import socket
import sys
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from installation.base.clock import Clock, RealClock
from installation.base.processes import leave_ends_to_parent
from installation.base.tempo import Tempo
from installation.showcontrol.osc_out.beats import Beats
from installation.showcontrol.osc_out.encode import REPEATS, TypedMessage, bundled, pack
from installation.showcontrol.osc_out.goodbye import KILLED, goodbye
from installation.showcontrol.osc_out.patterns import Selection
from installation.showcontrol.osc_out.pipe import FrameBundle, HealthBundle, PipeReader, TargetSpec, packed
from installation.showcontrol.osc_out.transport import TcpTransport, Transport, UdpTransport
from installation.showcontrol.service_state import NoticeBoard, ServiceState, why

if TYPE_CHECKING:  # This process stays small: it needs no log.
    from installation.base.notices import Kind

MAX_EVENTS = 64
"""Events that wait for their bundles; of more only the newest are sent."""
_IDLE_S = 1.0
GOODBYE_S, GOODBYE_GAP_S = 0.3, 0.02
"""The goodbye takes at most the first; the second lies between its repetitions, for what loses a packet loses its neighbour."""
SILENT_S = 3.0
"""A piece that lives sends ten frames a second and more; one that hangs for so long has nobody before it any more."""
HANGS = "the piece does not answer"


class _Event:
    def __init__(self, data: bytes) -> None:
        self.data, self.left = data, REPEATS


class Target:
    """One receiver: what it wants, how often, and the way to it. What cannot be encoded is a fault of this one alone."""

    def __init__(self, spec: TargetSpec, transport: Transport, notices: NoticeBoard) -> None:
        self.spec, self.transport = spec, transport
        self._state = ServiceState(f"{spec['stage']}: messages", notices)
        self.selection = Selection(spec["addresses"])
        self.period_s = 1.0 / spec["per_second"] if spec["per_second"] > 0 else 0.0
        self.due_s = 0.0
        self._head: list[bytes] = []
        self._last: list[bytes] = []
        self._events: list[_Event] = []
        self._health: list[bytes] = []
        self._newest_event = 0
        self._has_frame = False

    def take(self, frame: FrameBundle) -> None:
        """Encode a frame now, so that nothing but sending is left to do at the deadline."""
        try:
            self._encode(frame)
        except Exception as error:  # noqa: BLE001 - the border of a service: its fault, the last frame goes on
            self._state.failed(f"a frame cannot be encoded ({why(error)}); the last one is sent on")
        else:
            self._state.worked()

    def _encode(self, frame: FrameBundle) -> None:
        prefix = self.spec["prefix"] or frame["prefix"]
        name = self.spec["format"]
        if name != "mien":
            self._head = self._packed("", frame["formats"].get(name, ()))
        else:
            joints = frame["joints"] if self.selection.patterns else ()
            self._head = self._packed(prefix, [*frame["messages"], *joints])
            self._last = self._packed(prefix, frame["last"])
            for number, message in frame["events"]:
                if number > self._newest_event:
                    self._newest_event = number
                    self._events += [_Event(found) for found in self._packed(prefix, [message])]
            del self._events[:-MAX_EVENTS]
        self._has_frame = True

    def take_health(self, health: HealthBundle) -> None:
        """Encode a health bundle; it goes out once, before the next bundle."""
        if self.spec["format"] != "mien":
            return
        try:
            self._health = bundled(self._packed(self.spec["prefix"] or health["prefix"], health["messages"]))
        except Exception as error:  # noqa: BLE001 - as in ``take``
            self._state.failed(f"the health cannot be encoded ({why(error)})")

    def send(self, now_s: float) -> None:
        """Send what there is."""
        # First, for what it says of the state may be older than the frame.
        packets, self._health = self._health, []
        if self._has_frame:
            packets = packets + bundled([*self._head, *(event.data for event in self._events), *self._last])
            for event in self._events:
                event.left -= 1
            self._events = [event for event in self._events if event.left > 0]
        # Without packets, too: a TCP connection that nothing is sent over must be made all the same.
        self.transport.send(packets, now_s)

    def say_beat(self, prefix: str, number: int, bpm: float, now_s: float) -> None:
        """Send this beat at once, to who wants it."""
        if self.spec["format"] == "mien":
            packets = self._packed(self.spec["prefix"] or prefix, [("/beat", "if", [number, bpm])])
            if packets:
                self.transport.send(packets, now_s)

    def say_goodbye(self, bundle: FrameBundle) -> None:
        """From now on this is what is sent; whatever else waited but events is out of date."""
        self._health = []
        self.take(bundle)

    def close(self) -> None:
        """It is sent to no longer."""
        self.transport.close()
        self._state.dismiss()

    def _packed(self, prefix: str, messages: Sequence[TypedMessage]) -> list[bytes]:
        wants = self.selection.wants
        return [pack(prefix + path, tags, args) for path, tags, args in messages if wants(prefix + path)]


class SendingProcess:
    """Takes frames and sends them at each target's deadlines. One thread; ``step`` does what is due and says how long to
    wait. Deadlines are absolute, so an error of one interval does not move the next; one that was missed is left out."""

    def __init__(self, clock: Clock, notices: NoticeBoard) -> None:
        self._clock, self._notices = clock, notices
        self._targets: list[Target] = []
        self._frame: FrameBundle | None = None
        self._prefix: str | None = None
        """The main one; None before anything was sent."""
        self._newest_event = 0
        self._beats: Beats | None = None
        self._stepped_s = clock.now()
        self._heard_s: float | None = None
        """When the piece last sent a frame; None: it never did, or it hangs and its targets know."""

    def take_targets(self, specs: list[TargetSpec]) -> None:
        """Send to these from now on; those that stay keep their connections."""
        known = {_key(target.spec): target for target in self._targets}
        kept = []
        for spec in specs:
            target = known.pop(_key(spec), None)
            if target is None:
                make = TcpTransport if spec["protocol"] == "tcp" else UdpTransport
                transport = make(spec["host"], spec["port"], spec["stage"], self._notices)
                target = Target(spec, transport, self._notices)
                target.due_s = self._clock.now()
                if self._frame is not None:
                    target.take(self._frame)
            kept.append(target)
        self._targets = kept
        places = {_place(spec) for spec in specs}
        left = [target for target in known.values() if _place(target.spec) not in places]
        self._prepare_goodbye(left, "nothing more is sent here")
        for target in known.values():
            if target in left:
                target.send(self._clock.now())
            target.close()

    def take_frame(self, frame: FrameBundle) -> None:
        """Send this frame at the next deadlines; at rate 0 it leaves at once."""
        self._frame, self._prefix, self._heard_s = frame, frame["prefix"], self._clock.now()
        self._newest_event = max([self._newest_event, *(number for number, _ in frame["events"])])
        for target in self._targets:
            target.take(frame)
            self._send_at_rate_0(target)

    def take_health(self, health: HealthBundle) -> None:
        """Send this health bundle with the next bundles; at rate 0 it leaves at once."""
        self._prefix = health["prefix"]
        for target in self._targets:
            target.take_health(health)
            self._send_at_rate_0(target)

    def take_tempo(self, told: tuple[str, float, float, float] | None) -> None:
        """Send each beat of this tempo (prefix, then those of ``Tempo``) on time; None: no more."""
        self._beats = None if told is None else Beats(told[0], Tempo(*told[1:]), self._clock.now(), self._beats)

    def step(self) -> float:
        """Send what is due; the time in seconds until the next deadline, at most _IDLE_S."""
        self._notice_silence(self._clock.now())
        if self._beats is not None and self._clock.now() >= self._beats.due_s:
            self._send_beat(self._beats, self._clock.now())
        for target in self._targets:
            now_s = self._clock.now()
            if target.period_s > 0 and now_s >= target.due_s:
                target.send(now_s)
                target.due_s += target.period_s
                if target.due_s <= now_s:
                    target.due_s += target.period_s * int((now_s - target.due_s) / target.period_s + 1)
        due = [target.due_s for target in self._targets if target.period_s > 0]
        due += [self._beats.due_s] if self._beats is not None else []
        return min(max(min(due, default=_IDLE_S + self._clock.now()) - self._clock.now(), 0.0), _IDLE_S)

    def say_goodbye(self, reason: str) -> None:
        """Tell every target that nobody is there any more and that the piece has ended; takes GOODBYE_S at most. Who was
        never sent anything is told nothing."""
        if not self._prepare_goodbye(self._targets, reason):
            return
        missing = dict.fromkeys(range(len(self._targets)), REPEATS)
        until_s = self._clock.now() + GOODBYE_S
        while missing:
            for at in missing:
                target = self._targets[at]
                before = target.transport.sends
                target.send(self._clock.now())
                missing[at] -= target.transport.sends > before
            missing = {at: left for at, left in missing.items() if left}
            if self._clock.now() >= until_s:
                return
            threading.Event().wait(GOODBYE_GAP_S)

    def _prepare_goodbye(self, targets: list[Target], reason: str) -> bool:
        """From now on these targets are sent the goodbye; whether there is one."""
        if self._prefix is None:
            return False
        bundle = goodbye(self._prefix, reason, self._frame, self._newest_event)
        for target in targets:
            target.say_goodbye(bundle)
        return True

    def _notice_silence(self, now_s: float) -> None:
        # What this process was held up itself is no silence of the piece.
        held_up_s, self._stepped_s = max(now_s - self._stepped_s - _IDLE_S, 0.0), now_s
        if self._heard_s is None:
            return
        self._heard_s += held_up_s
        if now_s - self._heard_s >= SILENT_S:
            self._heard_s = None
            self._prepare_goodbye(self._targets, HANGS)
            for target in self._targets:
                self._send_at_rate_0(target)

    def close(self) -> None:
        """Close all connections."""
        for target in self._targets:
            target.close()

    def _send_beat(self, beats: Beats, now_s: float) -> None:
        number = beats.turn(now_s)
        if number is not None:
            for target in self._targets:
                target.say_beat(beats.prefix, number, beats.tempo.bpm, now_s)

    def _send_at_rate_0(self, target: Target) -> None:
        if target.period_s == 0:
            target.send(self._clock.now())


def _key(spec: TargetSpec) -> bytes:
    return packed(sorted(spec.items()))


def _place(spec: TargetSpec) -> tuple[str, int]:
    return spec["host"], spec["port"]


class _Nobody:
    """Hears no notices."""

    def fault(self, stage: str, message: str) -> None: ...

    def fallback(self, stage: str, message: str) -> None: ...

    def resolve(self, stage: str, kind: Kind | None = None) -> None: ...

    def withdraw(self, stage: str, kind: Kind | None = None) -> None: ...


def say_goodbye_for(specs: list[TargetSpec], prefix: str, reason: str, clock: Clock) -> None:
    """Say goodbye for a piece that cannot any more, its sending process neither; takes GOODBYE_S at most."""
    with contextlib.closing(SendingProcess(clock, _Nobody())) as sending:
        sending.take_targets(specs)
        sending.take_health(HealthBundle(prefix=prefix, messages=[]))
        sending.say_goodbye(reason)


class _Pipe:
    """This process's end of the socket to the piece. Its notices go there, too."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._lock = threading.Lock()

    def write(self, *message: str | int | None) -> None:
        """Say something to the piece; what does not fit is lost, for nobody waits here."""
        data = packed(*message)
        with self._lock, contextlib.suppress(OSError):
            self.connection.send(data)

    def fault(self, stage: str, message: str) -> None:
        self.write("fault", stage, message)

    def fallback(self, stage: str, message: str) -> None:
        self.write("fallback", stage, message)

    def resolve(self, stage: str, kind: Kind | None = None) -> None:
        self.write("resolve", stage, kind)

    def withdraw(self, stage: str, kind: Kind | None = None) -> None:
        self.write("withdraw", stage, kind)


def raise_priority() -> str:
    """Real time where it is allowed, else as nice as allowed; gives what it became: "real time", "raised" or "usual"."""
    try:
        import resource

        # Whatever goes wrong here must never take a core from the piece: the system ends us after half a second of it.
        resource.setrlimit(resource.RLIMIT_RTTIME, (500_000, 500_000))
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        return "real time"
    except (ImportError, AttributeError, OSError, ValueError):
        pass
    try:
        os.nice(-10)
        return "raised"
    except (AttributeError, OSError):
        return "usual"


def main(file_number: int) -> None:
    """Send until the piece closes its end of the socket."""
    # This one ends when the piece is gone, in whatever way: only then can it say goodbye.
    leave_ends_to_parent()
    gc.disable()
    serve(socket.socket(fileno=file_number), raise_priority())
    sys.exit(0)


def serve(connection: socket.socket, priority: str) -> None:
    """Send until the piece closes its end, at this priority, in the process or thread it is called in; then say goodbye.

    The piece's end of the connection closes with the piece's process, whatever ended it.
    """
    pipe, clock = _Pipe(connection), RealClock()
    pipe.write("priority", priority)
    sending = SendingProcess(clock, pipe)
    # The connection ends first: what is closed then is told to nobody.
    with contextlib.closing(sending), connection:
        reason = KILLED
        with contextlib.suppress(EOFError, OSError):
            reason = _obey(connection, sending)
        sending.say_goodbye(reason)


def _obey(connection: socket.socket, sending: SendingProcess) -> str:
    """Do what the piece says until its end; gives the reason."""
    reader, reason = PipeReader(), KILLED
    while True:
        ready, _, _ = select.select([connection], [], [], sending.step())
        if not ready:
            continue
        data = connection.recv(1 << 18)
        if not data:
            return reason
        for kind, value in reader.feed(data):
            match kind:
                case "targets":
                    sending.take_targets(value)
                case "frame":
                    sending.take_frame(value)
                case "health":
                    sending.take_health(value)
                case "tempo":
                    sending.take_tempo(value)
                case "end":
                    reason = value
