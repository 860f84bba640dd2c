"""The leader's side of a wall: tells each frame's state, answers what followers ask, and plays its own part as they do."""

from __future__ import annotations

import logging
import math
import secrets
import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from installation.base.clock import Clock
from installation.base.host_port import Place
from installation.base.notices import Notices
from installation.base.threads import try_to_start, unending
from installation.network.sockets import Network, Socket
from installation.network.wire import Message, WireError, pack, unpack
from installation.types import ByteArray, SceneState
from installation.wall.messages import VERSION, WallState, pack_state
from installation.wall.pace import Costs, Pace
from installation.wall.pictures import WallPicture
from installation.wall.playback import Playback, Shown

log = logging.getLogger(__name__)

STAGE, SPEAKING, RATE = "wall", "wall state", "wall rate"
ASKED_BYTES = 65536
"""No question is longer."""
AWAY_S = 3.0
"""A follower that asked nothing for so long is gone."""
LOOK_S = 0.2
MOST_RECENT = 32
"""States that who joins is given, of the time that the wall is held back by: without them it would have to wait for so long."""


class Followers:
    """Who asked lately: name, the quality level that each can draw with, what a picture takes there. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heard: dict[bytes, tuple[float, str, int | None, float | None]] = {}

    def heard(
        self, identity: bytes, now_s: float, name: str, level: int | None = None, cost_s: float | None = None
    ) -> bool:
        """Somebody asked; whether they are new."""
        with self._lock:
            is_new = identity not in self._heard
            self._heard[identity] = now_s, name, level, cost_s
            return is_new

    def gone(self, now_s: float) -> list[str]:
        """Names of those that asked nothing for AWAY_S; they are told of once."""
        with self._lock:
            lost = {key: entry[1] for key, entry in self._heard.items() if now_s - entry[0] > AWAY_S}
            self._heard = {key: entry for key, entry in self._heard.items() if key not in lost}
            return sorted(lost.values())

    @property
    def names(self) -> list[str]:
        """Of those that are there."""
        with self._lock:
            return sorted(name for _, name, _, _ in self._heard.values())

    @property
    def level(self) -> int | None:
        """The lowest quality level among them; None where none is known."""
        with self._lock:
            return min((level for _, _, level, _ in self._heard.values() if level is not None), default=None)

    @property
    def cost_s(self) -> float | None:
        """What a picture takes on the slowest of them, seconds; None where none is known."""
        with self._lock:
            return max((cost_s for _, _, _, cost_s in self._heard.values() if cost_s is not None), default=None)


class Leader:
    """``publish`` and ``shown`` belong to the thread of the frame loop; a thread of its own answers questions, so that a clock
    is told at once however long a picture takes. ``own_level``: the level this machine could draw with."""

    def __init__(
        self,
        network: Network,
        place: Place,
        delay_s: float,
        clock: Clock,
        notices: Notices,
        shaders: str,
        own_level: Callable[[], int] = lambda: 0,
    ) -> None:
        """Raises NetworkError where the ports cannot be had. ``shaders``: the digest of what is drawn with."""
        self._network, self._clock, self._notices = network, clock, notices
        self.epoch = secrets.token_hex(8)
        self.playback, self.followers = Playback(delay_s), Followers()
        self.own_level, self._shaders = own_level, shaders
        self.face: tuple[float, float, float] | None = None
        self.fades: tuple[bool, float, float] = (False, 0.0, 1.0)
        self.sent_bytes = self.sent = 0
        self.every = 1
        """Ticks from one picture of the wall to the next."""
        self.costs, self._pace = Costs(), Pace()
        self._number = 0
        self._lock = threading.Lock()
        self._settings: tuple[int, dict[str, Any]] = (0, {})
        self._pictures: dict[str, WallPicture] = {}
        self._recent: deque[tuple[float, list[bytes]]] = deque()
        self._packed: dict[str, tuple[int, list[bytes]]] = {}
        self._tells: Socket = network.open("publish", place)
        try:
            self._answers: Socket = network.open("answer", place.beside(1), ASKED_BYTES)
        except Exception:
            self._tells.close()
            raise
        self._stop = threading.Event()
        run = unending(self._answer, self._stop, notices, STAGE)
        self._thread = threading.Thread(target=run, name="wall", daemon=True)
        try_to_start(self._thread, notices, STAGE)

    def settings(self, values: dict[str, Any]) -> None:
        """What a picture looks like beside its state: to be had under a new number where it changed."""
        with self._lock:
            if values != self._settings[1]:
                self._settings = self._settings[0] + 1, values

    def picture(
        self, kind: str, t_s: float, values: Mapping[str, Any] | None = None, **pixels: ByteArray
    ) -> WallPicture:
        """A generated picture, to be shown from ``t_s`` on; it takes the place of the one of its kind."""
        with self._lock:
            before = self._pictures.get(kind)
            found = WallPicture(kind, 1 if before is None else before.number + 1, t_s, values or {}, pixels)
            self._pictures[kind] = found
        return found

    def publish(self, scene: SceneState, period_s: float) -> None:
        """Tell everybody of a new frame. What is not finite is told to nobody: the last state holds."""
        level = self.followers.level
        levels = [self.own_level(), *([] if level is None else [level])]
        with self._lock:
            numbers = {kind: picture.number for kind, picture in self._pictures.items()}
            settings = self._settings[0]
        costs = [cost for cost in (self.costs.cost_s, self.followers.cost_s) if cost is not None]
        self.every = self._pace.every(max(costs, default=None), period_s, scene.t_s)
        more = (settings, numbers, self.fades, self.face, min(levels))
        state = WallState(self.epoch, self._number + 1, scene, period_s, self.every, *more)
        try:
            parts = pack_state(state)
        except ValueError as error:
            self._notices.fault(SPEAKING, f"a frame was not told to the wall: {error}")
            return
        self._number += 1
        self.playback.put(state)
        self._tells.send(parts)
        with self._lock:
            self._recent.append((scene.t_s, parts))
            while len(self._recent) > 2 and self._recent[1][0] < scene.t_s - self.playback.delay_s - period_s:
                self._recent.popleft()
        self.sent, self.sent_bytes = self.sent + 1, self.sent_bytes + sum(map(len, parts))
        self._notices.resolve(SPEAKING)

    def shown(self, now_s: float) -> Shown | None:
        """What this machine draws at ``now_s``; None in the first moments."""
        return self.playback.at(now_s)

    def close(self) -> None:
        """Tell nobody any more."""
        self._stop.set()
        self._thread.join(1.0)
        self._tells.close()
        self._answers.close()
        self._network.close()

    def _answer(self) -> None:
        while not self._stop.is_set():
            self._network.wait([self._answers], LOOK_S)
            while (parts := self._answers.receive()) is not None:
                heard_s = self._clock.now()
                if len(parts) == 3:
                    self._reply(parts[0], parts[1:], heard_s)
            for name in self.followers.gone(self._clock.now()):
                log.warning("wall: %s follows no longer", name)
            self._tell_of_followers()

    def _tell_of_followers(self) -> None:
        names, every = self.followers.names, self.every
        self._notices.note(STAGE, f"{len(names)} follow: {', '.join(names)}" if names else "nobody follows")
        if every > 1:
            said = f"the slowest machine needs {every} ticks for a picture: so many lie between two, on all of them"
            self._notices.fallback(RATE, said)
        else:
            self._notices.resolve(RATE)

    def _reply(self, identity: bytes, parts: list[bytes], heard_s: float) -> None:
        try:
            question = unpack(parts)
        except WireError as error:
            log.debug("wall: a question was not understood: %s", error)
            return
        answer = self._answer_to(identity, question, heard_s)
        if answer is not None:
            self._answers.send([identity, *answer])

    def _answer_to(self, identity: bytes, question: Message, heard_s: float) -> list[bytes] | None:
        values = question.values
        match question.kind:
            case "clock":
                level = values.get("level")
                name = str(values.get("name", "?"))[:60]
                cost_s = values.get("cost_s")
                told = level if isinstance(level, int) else None, cost_s if isinstance(cost_s, float) else None
                is_new = self.followers.heard(identity, heard_s, name, *told)
                if is_new:
                    log.info("wall: %s follows", name)
                times = {"asked_s": values.get("asked_s"), "heard_s": heard_s, "epoch": self.epoch}
                return pack("clock", VERSION, {**times, "answered_s": self._clock.now()})
            case "join":
                self._bring_up_to_date(identity)
                return pack("join", VERSION, {"epoch": self.epoch, "shaders": self._shaders})
            case "settings":
                with self._lock:
                    number, settings = self._settings
                return pack("settings", VERSION, {"epoch": self.epoch, "number": number, "settings": settings})
            case "picture":
                return self._packed_picture(str(values.get("picture")))
            case _:
                return None

    def _bring_up_to_date(self, identity: bytes) -> None:
        with self._lock:
            recent = [parts for _, parts in self._recent]
        for parts in recent[:: max(1, math.ceil(len(recent) / MOST_RECENT))]:
            self._answers.send([identity, *parts])

    def _packed_picture(self, kind: str) -> list[bytes] | None:
        """The same bytes for all who ask for it."""
        with self._lock:
            picture = self._pictures.get(kind)
        if picture is None:
            return None
        number, parts = self._packed.get(kind, (0, []))
        if number != picture.number:
            values = {
                "epoch": self.epoch,
                "picture": kind,
                "number": picture.number,
                "t_s": picture.t_s,
                "values": dict(picture.values),
            }
            parts = pack("picture", VERSION, values, picture.pixels)
            self._packed[kind] = picture.number, parts
        return parts
