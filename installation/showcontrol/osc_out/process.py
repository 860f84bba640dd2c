"""The process that sends: each target its bundles at its own steady rate. It imports little: it starts fast, stays small.

Why a process: music hears jitter. A thread of the piece waits for the interpreter's lock while a picture is drawn (25 ms at
the 99th percentile, benchmarks/osc.py); here nobody else holds it, and this process alone may be given real-time priority.
"""

from __future__ import annotations

import contextlib
import gc
import marshal
import os
import select
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any

from installation.base.clock import Clock, RealClock
from installation.showcontrol.osc_out.encode import REPEATS, Wire, bundled, pack
from installation.showcontrol.osc_out.patterns import Selection
from installation.showcontrol.osc_out.transport import RESOLVE_AGAIN_S, Link, TcpLink, UdpLink

LENGTH = struct.Struct(">I")
"""Messages between the piece and this process are marshalled, each behind its length in bytes."""
MOST_EVENTS = 64
"""Events that wait for their bundles; of more only the newest are sent."""
_IDLE_S = 1.0


class Target:
    """One receiver: what it wants to hear, how often, and where it is."""

    def __init__(self, spec: dict[str, Any], link: UdpLink | TcpLink) -> None:
        self.spec, self.link = spec, link
        self.selection = Selection(spec["addresses"])
        self.period_s = 1.0 / spec["per_second"] if spec["per_second"] > 0 else 0.0
        self.due_s = 0.0
        self._head: list[bytes] = []
        self._last: list[bytes] = []
        self._events: list[list[Any]] = []
        self._extra: list[bytes] = []
        self._newest_event = 0
        self._has_frame = False

    def take(self, frame: dict[str, Any]) -> None:
        """Encode a frame now, so that nothing but sending is left to do at the deadline."""
        prefix = self.spec["prefix"] or frame["prefix"]
        kind = self.spec["format"]
        if kind != "mien":
            self._head = self._packed("", frame["sets"].get(kind, ()))
        else:
            joints = frame["joints"] if self.selection.patterns else ()
            self._head = self._packed(prefix, [*frame["messages"], *joints])
            self._last = self._packed(prefix, frame["last"])
            for number, message in frame["events"]:
                if number > self._newest_event:
                    self._newest_event = number
                    self._events += [[packed, REPEATS] for packed in self._packed(prefix, [message])]
            del self._events[:-MOST_EVENTS]
        self._has_frame = True

    def take_health(self, frame: dict[str, Any]) -> None:
        """Encode a health bundle; it goes out once, behind the next bundle."""
        if self.spec["format"] == "mien":
            self._extra = bundled(self._packed(self.spec["prefix"] or frame["prefix"], frame["messages"]))

    def send(self, now_s: float) -> int:
        """Send what there is; gives the number of bundles (before splitting)."""
        packets = []
        if self._has_frame:
            packets = bundled([*self._head, *(event[0] for event in self._events), *self._last])
            for event in self._events:
                event[1] -= 1
            self._events = [event for event in self._events if event[1] > 0]
        packets += self._extra
        self._extra = []
        if not packets:
            # Also a TCP connection that nothing is sent over must be made.
            self.link.send([], now_s)
            return 0
        self.link.send(packets, now_s)
        return 1

    def _packed(self, prefix: str, messages: Sequence[Wire]) -> list[bytes]:
        wants = self.selection.wants
        return [pack(prefix + path, tags, args) for path, tags, args in messages if wants(prefix + path)]


class Names:
    """The thread that asks for addresses, for a name server may be silent for long."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wake = threading.Condition()
        self._links: list[Link] = []
        threading.Thread(target=self._run, name="osc-names", daemon=True).start()

    def watch(self, links: Sequence[Link]) -> None:
        """Ask for these from now on."""
        with self._wake:
            self._links = list(links)
            self._wake.notify_all()

    def _run(self) -> None:
        while True:
            with self._wake:
                links = list(self._links)
            for link in links:
                if link.wants_address(self._clock.now()):
                    link.resolve()
                    known = link.address is not None
                    link.ask_again_s = float("inf") if known else self._clock.now() + RESOLVE_AGAIN_S
            with self._wake:
                if self._links == links:
                    self._wake.wait(_IDLE_S)


class Pacer:
    """Takes frames and sends them at each target's deadlines. One thread; ``step`` does what is due and says until when to
    wait. Deadlines are absolute, so an error of one interval does not move the next; one that was missed is left out."""

    def __init__(self, clock: Clock, tell: Callable[[str, str, str], None], names: Names) -> None:
        self._clock, self._tell, self._names = clock, tell, names
        self._targets: list[Target] = []
        self._frame: dict[str, Any] | None = None
        self.bundles = 0

    def take(self, kind: str, value: Any) -> None:
        """Take "targets", "frame" or "health"; at rate 0 it leaves at once."""
        if kind == "targets":
            self._retarget(value)
            return
        if kind == "frame":
            self._frame = value
        now_s = self._clock.now()
        for target in self._targets:
            if kind == "frame":
                target.take(value)
            else:
                target.take_health(value)
            if target.period_s == 0:
                self.bundles += target.send(now_s)

    def step(self) -> float:
        """Send what is due; the time in seconds until the next deadline, at most _IDLE_S."""
        for target in self._targets:
            now_s = self._clock.now()
            if target.period_s > 0 and now_s >= target.due_s:
                self.bundles += target.send(now_s)
                target.due_s += target.period_s
                if target.due_s <= now_s:
                    target.due_s += target.period_s * int((now_s - target.due_s) / target.period_s + 1)
        due = [target.due_s for target in self._targets if target.period_s > 0]
        return min(max(min(due, default=_IDLE_S + self._clock.now()) - self._clock.now(), 0.0), _IDLE_S)

    def _retarget(self, specs: list[dict[str, Any]]) -> None:
        known = {_key(target.spec): target for target in self._targets}
        kept = []
        for spec in specs:
            target = known.pop(_key(spec), None)
            if target is None:
                make = TcpLink if spec["protocol"] == "tcp" else UdpLink
                target = Target(spec, make(spec["host"], spec["port"], self._tell))
                target.due_s = self._clock.now()
                if self._frame is not None:
                    target.take(self._frame)
            kept.append(target)
        self._targets = kept
        for target in known.values():
            target.link.close()
            self._tell("clear", target.link.stage, "")
        self._names.watch([target.link for target in kept])


def _key(spec: dict[str, Any]) -> bytes:
    return marshal.dumps(sorted(spec.items()))


class _Pipe:
    """Messages in and out of one socket."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._data = bytearray()
        self._lock = threading.Lock()

    def read(self) -> list[tuple[str, Any]]:
        """What has come, after ``select`` said so. EOFError when the piece is gone."""
        data = self.connection.recv(1 << 18)
        if not data:
            raise EOFError
        self._data += data
        found = []
        while len(self._data) >= LENGTH.size:
            (length,) = LENGTH.unpack_from(self._data)
            if len(self._data) < LENGTH.size + length:
                break
            found.append(marshal.loads(bytes(self._data[LENGTH.size : LENGTH.size + length])))
            del self._data[: LENGTH.size + length]
        return found

    def write(self, *message: Any) -> None:
        """Say something to the piece; what does not fit is lost, for nobody waits here."""
        data = marshal.dumps(message)
        with self._lock, contextlib.suppress(OSError):
            self.connection.send(LENGTH.pack(len(data)) + data)


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
    # Control-C goes to the whole terminal; the piece says when it is over.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    serve(socket.socket(fileno=file_number), raise_priority())
    sys.exit(0)


def serve(connection: socket.socket, priority: str) -> None:
    """The same at this priority, in whatever process or thread it is called."""
    pipe = _Pipe(connection)
    clock = RealClock()
    pipe.write("priority", priority)
    pacer = Pacer(clock, lambda *told: pipe.write("tell", *told), Names(clock))
    told = 0
    with contextlib.suppress(EOFError, OSError), connection:
        while True:
            ready, _, _ = select.select([pipe.connection], [], [], pacer.step())
            if ready:
                for kind, value in pipe.read():
                    pacer.take(kind, value)
            if pacer.bundles - told >= 100:
                told = pacer.bundles
                pipe.write("bundles", told)
