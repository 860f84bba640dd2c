"""A follower's side of a wall: a thread that listens to the leader, asks for its clock and for what is missing; the frame loop
takes from here what is to be drawn."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection
from typing import Any, NamedTuple

from installation.base.clock import Clock
from installation.base.host_port import Place
from installation.base.notices import Notices
from installation.base.threads import try_to_start, unending
from installation.network.shared_clock import Questions, SharedClock, times_of
from installation.network.sockets import Network, Socket
from installation.network.values import OtherVersionError
from installation.network.wire import MOST_BYTES, Message, WireError, pack, unpack
from installation.wall.messages import STATE, VERSION, WallState, check_version, unpack_state
from installation.wall.pace import Costs
from installation.wall.pictures import Waiting, WallPicture, picture_of
from installation.wall.playback import Playback, Shown

log = logging.getLogger(__name__)

STAGE, SHADERS, HEARING = "wall", "wall shaders", "wall messages"
CLOCK_S, FIRST_S = 0.5, 0.03
"""Between two questions for the time, and between the first ones after a start."""
AGAIN_S = 1.0
"""What was asked for and has not come is asked for again."""
SILENT_S = 2.0
LOOK_S = 0.05
LONGEST_DELAY_S = 60.0


class Settings(NamedTuple):
    """What the leader draws with, as ``Leader.settings`` was given it; a number of its own for each."""

    epoch: str
    number: int
    values: dict[str, Any]


class Follower:
    """Thread-safe. ``delay_s`` is the leader's and comes with its settings; until then there is nothing to draw.

    ``name`` is told the leader, ``shaders`` is the digest of what this machine draws with, ``look`` the names without which it
    cannot draw.
    """

    def __init__(
        self,
        network: Network,
        place: Place,
        name: str,
        clock: Clock,
        notices: Notices,
        shaders: str,
        look: Collection[str],
    ) -> None:
        self._network, self._place, self._name = network, place, name
        self._clock, self._notices, self._shaders, self._look = clock, notices, shaders, look
        self.level: int | None = None
        """The quality level that this machine could draw with; told the leader."""
        self.costs = Costs()
        """What pictures take here; told the leader."""
        self.refused: str | None = None
        """One sentence, where this machine cannot follow that leader at all."""
        self._lock = threading.Lock()
        self._playback, self._time, self._waiting = Playback(0.0), SharedClock(), Waiting()
        self._settings: Settings | None = None
        self._heard_s: float | None = None
        self._joined: str | None = None
        """The epoch whose shaders were looked at."""
        self._asked: dict[str, float] = {}
        """When something was asked for, until it comes."""
        self._questions = Questions(FIRST_S, CLOCK_S)
        self.started_s = clock.now()
        self._stop = threading.Event()
        run = unending(self._follow, self._stop, notices, HEARING)
        self._thread = threading.Thread(target=run, name="wall", daemon=True)
        try_to_start(self._thread, notices, HEARING)

    def leader_s(self, now_s: float) -> float | None:
        """The leader's time when this machine's clock says ``now_s``; None before any answer."""
        with self._lock:
            return self._time.leader_s(now_s) if self._time.is_set else None

    def shown(self, now_s: float) -> Shown | None:
        """What to draw at ``now_s`` by this machine's clock; None while there is nothing."""
        with self._lock:
            if not self._time.is_set or self._settings is None:
                return None
            return self._playback.at(self._time.leader_s(now_s))

    def due(self, shown: Shown) -> list[WallPicture]:
        """Generated pictures whose time has come in ``shown``."""
        with self._lock:
            return self._waiting.due(shown.scene.t_s)

    @property
    def settings(self) -> Settings | None:
        """What to draw with; None until it came."""
        with self._lock:
            return self._settings

    @property
    def period_s(self) -> float | None:
        """Seconds between two pictures of the wall; None before the first state."""
        with self._lock:
            newest = self._playback.newest
            return None if newest is None else newest.period_s * newest.every

    @property
    def figures(self) -> dict[str, Any]:
        """For the report: the clock's, and what became of states."""
        with self._lock:
            playback = self._playback
            counts = {"lost": playback.lost, "late": playback.late, "reordered": playback.reordered}
            return {"epoch": playback.epoch, **self._time.figures, **counts}

    def close(self) -> None:
        """Listen no more."""
        self._stop.set()
        self._thread.join(1.0)
        self._network.close()

    def _follow(self) -> None:
        opened = [
            self._network.open("listen", self._place, MOST_BYTES),
            self._network.open("ask", self._place.beside(1), MOST_BYTES),
            self._network.open("ask", self._place.beside(1), MOST_BYTES),
        ]
        try:
            while not self._stop.is_set():
                self._turn(*opened)
        finally:
            for socket in opened:
                socket.close()

    def _turn(self, states: Socket, quick: Socket, bulk: Socket) -> None:
        """One look at all of them. Pictures have a line of their own (``bulk``): no state and no time waits behind one."""
        self._network.wait([states, quick, bulk], FIRST_S if self._questions.first else LOOK_S)
        while (parts := states.receive()) is not None:
            self._take(parts)
        for socket in (quick, bulk):
            while (parts := socket.receive()) is not None:
                self._take(parts)
        now_s = self._clock.now()
        self._ask(quick, bulk, now_s)
        self._tell(now_s)

    def _take(self, parts: list[bytes]) -> None:
        arrived_s = self._clock.now()
        try:
            message = unpack(parts)
            check_version(message)
            if message.kind == STATE:
                self._on_state(unpack_state(message, self._look), arrived_s)
            else:
                self._on_answer(message, arrived_s)
        except OtherVersionError as error:
            self.refused = str(error)
        except WireError as error:
            self._notices.fault(HEARING, f"a message of the leader is not understood: {error}")

    def _on_state(self, state: WallState, arrived_s: float) -> None:
        with self._lock:
            self._heard_s = arrived_s
            if self._playback.put(state):
                # Another leader, or this one anew: its clock and its numbers are others.
                self._time.clear()
                self._waiting.clear()
                self._asked.clear()
                self._questions = Questions(FIRST_S, CLOCK_S)
        self._notices.resolve(HEARING)

    def _on_answer(self, message: Message, arrived_s: float) -> None:
        values = message.values
        with self._lock:
            if values.get("epoch") != self._playback.epoch:
                return  # of the leader before, or of one whose states have not come yet
            match message.kind:
                case "clock":
                    self._on_clock(values, arrived_s)
                case "join":
                    self._asked.pop("join", None)
                    self._joined = self._playback.epoch
                    self._compare(str(values.get("shaders")))
                case "settings":
                    self._asked.pop("settings", None)
                    self._on_settings(values)
                case "picture":
                    picture = picture_of(message)
                    self._asked.pop(picture.kind, None)
                    self._waiting.put(picture)

    def _on_clock(self, values: dict[str, Any], arrived_s: float) -> None:
        self._time.hear(*times_of(values), arrived_s)

    def _on_settings(self, values: dict[str, Any]) -> None:
        number, settings = values.get("number"), values.get("settings")
        delay_s = settings.get("delay_s") if isinstance(settings, dict) else None
        if not isinstance(number, int) or not isinstance(settings, dict) or not isinstance(delay_s, float):
            raise WireError("the settings are none")
        self._playback.delay_s = min(max(delay_s, 0.0), LONGEST_DELAY_S)
        self._settings = Settings(str(values["epoch"]), number, settings)

    def _compare(self, theirs: str) -> None:
        if theirs == self._shaders:
            self._notices.resolve(SHADERS)
        else:
            self._notices.fault(
                SHADERS,
                "scenes and shaders are not the leader's: the parts will not fit; copy its folder shaders/ here",
            )

    def _ask(self, quick: Socket, bulk: Socket, now_s: float) -> None:
        """For the time, and for what the newest state says that there is."""
        with self._lock:
            newest, settings = self._playback.newest, self._settings
            shown, joined, epoch = dict(self._waiting.shown), self._joined, self._playback.epoch
        if self._questions.due(now_s):
            told = {"asked_s": self._clock.now(), "name": self._name, "level": self.level, "cost_s": self.costs.cost_s}
            quick.send(pack("clock", VERSION, told))
        if joined is None or joined != epoch:
            self._ask_once("join", quick, now_s)
        if newest is None:
            return
        if settings is None or (settings.epoch, settings.number) != (newest.epoch, newest.settings):
            self._ask_once("settings", quick, now_s)
        for kind, number in newest.pictures.items():
            if number > shown.get(kind, 0):
                self._ask_once(kind, bulk, now_s, {"picture": kind})

    def _ask_once(self, what: str, socket: Socket, now_s: float, values: dict[str, Any] | None = None) -> None:
        if now_s - self._asked.get(what, -1e9) < AGAIN_S:
            return
        self._asked[what] = now_s
        socket.send(pack("picture" if values else what, VERSION, values or {}))

    def _tell(self, now_s: float) -> None:
        """How it stands with the leader, as a notice."""
        since_s = now_s - (self.started_s if self._heard_s is None else self._heard_s)
        if since_s > SILENT_S:
            where = f"{self._place.host}:{self._place.port}"
            said = "has not been heard" if self._heard_s is None else "is silent"
            self._notices.fault(STAGE, f"the leader at {where} {said}; it is tried again all the time")
        elif self._heard_s is not None:
            self._notices.resolve(STAGE)
