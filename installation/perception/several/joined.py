"""Eyes made of several machines' cameras: who is seen by two is one."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from installation.base.clock import Clock
from installation.base.host_port import place_of
from installation.base.mailbox import Closed, Latest
from installation.base.notices import Notices
from installation.base.threads import try_to_start, unending
from installation.config.eyes import EyesConfig
from installation.config.machines import PORTS
from installation.config.settings import Config
from installation.network.keys import read_keys
from installation.network.sockets import Network, NetworkError
from installation.perception.several.floor import PICTURE_SIZE, Floor
from installation.perception.several.line import SILENT_S, Line
from installation.perception.several.people import People, Seen, Sighting
from installation.perception.several.watch import Watch
from installation.types import MAX_PEOPLE, Frame, Observation, Person, Silhouette

STAGE, HEARING, PLACE = "capture", "cameras", "cameras' places"
LOOK_S = 0.02
HOLD_S = 0.5
"""What a camera said holds for so long after it was said."""
PER_SECOND = 30.0
IDLE_S = 0.1
"""While no camera says anything, nobody is seen, so often."""


class Fusion:
    """What several cameras see as one observation. No network, no thread, no clock."""

    def __init__(self, config: EyesConfig) -> None:
        self.people = People(config.same_within_m)
        self._floors: dict[str, Floor] = {}
        self._sizes: dict[str, tuple[int, int]] = {}
        self._times: dict[str, float] = {}
        self._seq, self._t_s = 0, float("-inf")
        self.reconfigure(config)

    def reconfigure(self, config: EyesConfig) -> None:
        """Other places, or another area; who is there keeps the number."""
        self.people.same_within_m = config.same_within_m
        before, self._floors = (
            self._floors,
            {
                one.name: Floor(one.place, config.area_m, config.picture, one.marks_m)
                for one in config.join
                if one.place
            },
        )

        for camera, t_s in self._times.items():
            if (camera in before) != (camera in self._floors):
                # Matched with nobody from now on, or with whom it should have been.
                self.people.see(camera, t_s, {})

    def take(self, camera: str, seen: Observation) -> None:
        """What ``camera`` sees, in the show's time; older than what it said before is left out."""
        if seen.t_s <= self._times.get(camera, float("-inf")):
            return
        self._times[camera], self._sizes[camera] = seen.t_s, seen.frame_size
        floor = self._floors.get(camera)
        found = {person.id: Sighting(person, None if floor is None else floor.spot(person)) for person in seen.people}
        self.people.see(camera, seen.t_s, found)

    def drop_silent(self, now_s: float) -> None:
        """Whom only cameras saw that have said nothing for HOLD_S are seen no longer."""
        for camera, t_s in list(self._times.items()):
            if now_s - t_s > HOLD_S:
                self.drop(camera, now_s)

    def drop(self, camera: str, now_s: float) -> None:
        """``camera`` is gone, or began anew: its numbers mean nothing any more."""
        self._times.pop(camera, None)
        self.people.see(camera, now_s, {})

    def observation(self, now_s: float) -> Observation:
        """Everybody now; each time a later one."""
        newest = max(self._times.values(), default=now_s)
        self._t_s = max(newest, self._t_s + 1e-4)
        self._seq += 1
        found = [self._person(seen) for seen in self.people.now(self._t_s)]
        people = tuple(person for person in found if person is not None)[:MAX_PEOPLE]
        return Observation(self._t_s, self._seq, people, PICTURE_SIZE)

    def _person(self, seen: Seen) -> Person | None:
        floor = self._floors.get(seen.camera)
        if floor is None or seen.spot is None:
            return replace(seen.person, id=seen.number)
        return floor.shown(seen.person, seen.spot, self._sizes[seen.camera], seen.number)


class JoinedEyes:
    """See ``Eyes``. Hears the machines of ``eyes.join`` from ``begin`` on, in a thread. Raises KeyFileError, NetworkError."""

    frames: Latest[Frame] | None = None
    name = "joined"

    def __init__(self, config: EyesConfig, clock: Clock, notices: Notices) -> None:
        self.observations: Latest[Observation] = Latest("observations")
        self.silhouettes: Latest[Silhouette] = Latest("silhouettes")
        self._config, self._clock, self._notices = config, clock, notices
        keys = read_keys(Path(config.key).expanduser()) if config.key else None
        self._network = Network(keys)
        self._fusion, self._watch = Fusion(config), Watch()
        self._changed: EyesConfig | None = None
        self._lock, self._stop, self._rests = threading.Lock(), threading.Event(), threading.Event()
        self._heard: dict[str, str] = {}
        self._thread = threading.Thread(
            target=unending(self._hear, self._stop, notices, HEARING), name="cameras", daemon=True
        )

    def begin(self) -> None:
        """See ``Eyes``."""
        if not self._thread.is_alive() and not self._stop.is_set():
            self._note_places(self._config)
            try_to_start(self._thread, self._notices, HEARING)

    def ready(self) -> bool:
        """Nothing is loaded."""
        return True

    def want_silhouettes(self, wanted: bool) -> None:
        """There are none: no picture crosses the network."""

    def rest(self, on: bool) -> None:
        """See ``Eyes``."""
        (self._rests.set if on else self._rests.clear)()

    def describe(self) -> str:
        """Which cameras are heard, for the operator."""
        with self._lock:
            return "joined: " + ", ".join(
                f"{name} {how}" for name, how in self._heard.items() or {"nobody": "yet"}.items()
            )

    def look(self) -> dict[str, dict[str, Any]]:
        """For the operator's page, of each camera by name: "is_heard", and what ``Watch.look`` tells; who asks again and again
        gets it, and nobody else costs anything."""
        seen = self._watch.look(self._clock.now())
        with self._lock:
            return {
                name: {"size": [16, 9], "people": [], **seen.get(name, {}), "is_heard": how == "heard"}
                for name, how in self._heard.items()
            }

    def providers(self) -> dict[str, str]:
        """Nothing runs here."""
        return {}

    def child_pids(self) -> list[int]:
        """No process."""
        return []

    def with_perception(self, config: Config) -> JoinedEyes:
        """The same, with the places of ``config``."""
        with self._lock:
            self._changed = config.eyes
        self._note_places(config.eyes)
        return self

    def close(self) -> None:
        """Hear nobody any more."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(1.0)
        self._network.close()
        self.observations.close()
        self.silhouettes.close()
        for stage in (STAGE, HEARING, PLACE):
            self._notices.withdraw(stage)

    def resolve_notices(self) -> None:
        """See ``Eyes``."""

    def _note_places(self, config: EyesConfig) -> None:
        without = [one.name for one in config.join if not one.place]
        if without and len(config.join) > 1:
            self._notices.note(
                PLACE,
                f"{', '.join(without)}: no place is set (the desk's page Cameras does it); who is seen there is matched "
                "with nobody",
            )
        else:
            self._notices.withdraw(PLACE)

    def _hear(self) -> None:
        lines: list[Line] = []
        try:
            for one in self._config.join:
                place = place_of(one.address, PORTS)
                lines.append(Line(self._network, one.name, place, self._clock, self._notices))
            due_s = self._clock.now()
            while not self._stop.is_set():
                self._network.wait([socket for line in lines for socket in line.sockets], LOOK_S)
                due_s = self._turn(lines, due_s)
        except Closed:
            return
        except NetworkError:
            if not self._stop.is_set():
                raise
        finally:
            for line in lines:
                line.close()

    def _turn(self, lines: list[Line], due_s: float) -> float:
        """One look at all lines; gives when the next observation is due."""
        with self._lock:
            changed, self._changed = self._changed, None
        if changed is not None:
            self._fusion.reconfigure(changed)
        now_s, came = self._clock.now(), False
        for line in lines:
            seen = line.poll(now_s)
            if seen is not None:
                if line.begins():
                    self._fusion.drop(line.name, now_s)
                self._fusion.take(line.name, seen)
                if self._watch.is_on(now_s):
                    self._watch.see(line.name, seen, self._fusion.people.numbers(line.name), now_s)
                came = True
        self._fusion.drop_silent(now_s)
        self._tell(lines, now_s)
        if now_s < due_s or (not came and now_s < due_s + IDLE_S):
            return due_s
        observation = self._fusion.observation(now_s)
        self.observations.put(replace(observation, people=()) if self._rests.is_set() else observation)
        return now_s + 1 / PER_SECOND

    def _tell(self, lines: list[Line], now_s: float) -> None:
        silent = [line.silent_s(now_s) > SILENT_S for line in lines]
        with self._lock:
            self._heard = {line.name: "silent" if quiet else "heard" for line, quiet in zip(lines, silent, strict=True)}
        if all(silent):
            self._notices.fault(STAGE, "no camera of eyes.join is heard; all are tried again all the time")
        else:
            self._notices.resolve(STAGE)
        self._notices.resolve(HEARING)
