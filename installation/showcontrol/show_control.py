"""What is sent to sound and light, and when. Deterministic: the same calls give the same messages; no clock is read."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypedDict

from installation.base.emoji import emoji_of
from installation.config.osc import OscConfig
from installation.live_commands.table import Argument
from installation.showcontrol.address import T_WRAP_S, is_of_emotion
from installation.showcontrol.addresses import Message, fit
from installation.showcontrol.osc_out.bundle import Bundle, Seen
from installation.showcontrol.osc_out.encode import REPEATS
from installation.showcontrol.visitor_motion import PoseWatch, VisitorMotion
from installation.types import BIRTH_COLUMNS, EmotionState, Observation, SceneState, neutral_probabilities

BESIDE = ("osc ", "lights", "midi", "recording", "log", "screenshot", "video", "report", "cue command", "store preset")
"""What the stages begin with whose faults concern one receiver, or what is written beside the show, and not the show."""
_NOBODY: dict[str, list[Argument]] = {
    "position": [0.5, 0.5, 0.0],
    "presence": [0.0],
    "label": ["neutral"],
    "emotions": [float(share) for share in neutral_probabilities()],
    **{name: [0.0] for name in ("valence", "arousal", "confidence", "energy", "openness")},
}
"""What the group's addresses say while nobody is there."""


class Health(TypedDict):
    """The piece's health: "figures" are the arguments of /health, "faults" and "fallbacks" are [stage, message] each."""

    figures: list[Argument]
    faults: list[list[str]]
    fallbacks: list[list[str]]


@dataclass
class _Pending:
    number: int
    message: Message
    left: int = REPEATS


class ShowControl:
    """Turns states into bundles and gives them to ``send``, their messages also to ``hear``. Times are seconds."""

    def __init__(
        self,
        config: OscConfig,
        send: Callable[[Bundle], None],
        hear: Callable[[list[Message]], None] | None = None,
    ) -> None:
        self._prefix = config.prefix
        self._send, self._hear = send, hear
        self._start_s: float | None = None
        self._pending: list[_Pending] = []
        self._event_number = 0
        self._labels: dict[int, str] = {}
        self._arrived: set[int] = set()
        self._births: set[float] = set()
        self._motion, self._poses = VisitorMotion(), PoseWatch()
        self._last_good: dict[str, list[Argument]] = {}
        self._reason = ""
        self._told_clear: set[str] = set()
        """/fault and /fallback, where the last health had none."""
        self._attention = "attract"
        self._last_cue: dict[str, list[Argument]] = {}
        """What /cue and /preset say."""
        self._emotions_told = True
        self._manual = 0.0
        self._sound: float | None = None
        """How loud it is, once there was an audio input."""
        self.refused = 0
        """How many messages held a number that is not finite; the last good one was sent instead, of an event nothing."""

    def reconfigure(self, config: OscConfig) -> None:
        """Go on under another prefix."""
        self._prefix = config.prefix

    def tell_emotions(self, told: bool) -> None:
        """Whether the addresses that tell of an emotion exist from now on; without them nothing of one is kept, either."""
        self._emotions_told = told
        if not told:
            self._pending = [one for one in self._pending if not is_of_emotion(one.message[0])]
            self._last_good = {path: args for path, args in self._last_good.items() if not is_of_emotion(path)}

    def tell_manual(self, share: float) -> None:
        """How far the mood is set by hand from now on, [0, 1]."""
        self._manual = share

    def on_observation(
        self,
        seq: int,
        t_s: float,
        states: tuple[EmotionState, ...],
        scene: SceneState | None,
        *,
        observation: Observation | None = None,
        group: EmotionState | None = None,
        energy: Mapping[int, float] | None = None,
        held: Mapping[int, tuple[str, ...]] | None = None,
    ) -> None:
        """Send what is known after one processed camera frame.

        ``observation`` is what was seen in it, ``group`` the group's state. ``energy``: each visitor's motion before it was
        smoothed, for beats must not be late; without it the state's. ``held``: the poses and gestures that are held now.
        """
        if self._start_s is None:
            self._start_s = t_s  # from here on the state is no longer "starting"
        since_s = math.fmod(t_s - self._start_s, T_WRAP_S)
        seen_s = observation.t_s if observation is not None else t_s
        held = held if held is not None else {}
        self._notice_changes(states)
        self._notice_births(scene)
        self._notice_motion(states, energy, held, seen_s)
        messages: list[Message] = []
        self._add(messages, "/frame", [seq, since_s])
        self._add(messages, "/people", [len(states)])
        for state in states:
            self._add_person(messages, state, held.get(state.person_id, ()))
        self._add_group(messages, group if states else None)
        if scene is not None:
            self._add_scene(messages, scene)
        self._add_state(messages)
        if self._sound is not None:
            self._add(messages, "/sound/level", [self._sound])
        last: list[Message] = []
        self._add(last, "/people/ids", [state.person_id for state in states])
        people, size = (observation.people, observation.frame_size) if observation is not None else ((), (16, 9))
        seen = Seen(seq, seen_s, since_s, states, people, group, size, self._emotions_told)
        self._emit(Bundle(self._prefix, tuple(messages), self._take_pending(), tuple(last), seen))

    def on_health(self, health: Health) -> None:
        """Send the piece's health, and from now on the state that follows from it: degraded while there is a fault, or a
        fallback, in the piece itself."""
        messages: list[Message] = []
        self._add(messages, "/health", list(health["figures"]))
        for notices, path in ((health["faults"], "/fault"), (health["fallbacks"], "/fallback")):
            for stage, text in notices:
                self._add(messages, path, [stage, text])
        # Nobody is sent that nothing is wrong, but who asks (/get, OSCQuery) is not told of what is over.
        over: list[Message] = [
            (path, ["", ""])
            for notices, path in ((health["faults"], "/fault"), (health["fallbacks"], "/fallback"))
            if not notices and path not in self._told_clear
        ]
        # That another receiver is away, or a disk full, is no business of those who hear this.
        own = [notice for notice in (*health["faults"], *health["fallbacks"]) if not notice[0].startswith(BESIDE)]
        self._reason = f"{own[0][0]}: {own[0][1]}" if own else ""
        for path, args in self._last_cue.items():
            self._add(messages, path, args)
        # Here, too: a camera that is gone brings no more frames that could say so.
        self._add_state(messages)
        self._emit(Bundle(self._prefix, tuple(messages)))
        self._told_clear = {path for path in ("/fault", "/fallback") if path not in dict(messages)}
        if over and self._hear is not None:
            self._hear(over)

    def on_event(self, name: str, args: list[Argument]) -> None:
        """Send an event with the next REPEATS frames' bundles. KeyError for one the table does not have."""
        self._add_event(f"/event/{name}", args)
        if name in ("cue", "preset"):
            self._last_cue[f"/{name}"] = args

    def on_sound(self, level: float, onset: float) -> None:
        """An audio input is so loud from now on, [0, 1]; above 0 ``onset`` says that something sets in."""
        self._sound = level
        if onset > 0:
            self._add_event("/sound/onset", [])

    def _emit(self, bundle: Bundle) -> None:
        if self._hear is not None:
            self._hear(bundle.all_messages())
        self._send(bundle)

    def _add_event(self, path: str, args: list[Argument]) -> None:
        if not self._is_told(path):
            return
        if any(isinstance(value, float) and not math.isfinite(value) for value in args):
            self.refused += 1
            return
        self._event_number += 1
        self._pending.append(_Pending(self._event_number, (path, fit(path, [self._event_number, *args]))))

    def _notice_changes(self, states: tuple[EmotionState, ...]) -> None:
        now = {state.person_id: state.label for state in states}
        for person_id, label in now.items():
            if person_id not in self._labels:
                self.on_event("arrived", [person_id])
            if self._labels.get(person_id, "neutral") != label:
                self.on_event("emotion", [person_id, label])
        for person_id in sorted(self._labels.keys() - now.keys()):
            self.on_event("left", [person_id])
        self._labels = now
        self._arrived = {s.person_id for s in states if s.presence >= 1 or s.person_id in self._arrived}
        self._attention = "active" if self._arrived else "notice" if states else "attract"
        self._last_good = {
            path: args
            for path, args in self._last_good.items()
            if not path.startswith("/person/") or int(path.split("/")[2]) in now
        }

    def _notice_births(self, scene: SceneState | None) -> None:
        if scene is None:
            return
        rows = [dict(zip(BIRTH_COLUMNS, row, strict=True)) for row in scene.births.tolist()]
        for row in rows:
            if row["seed"] not in self._births:
                self.on_event("shape_born", [row["x"], row["y"], row["size"]])
        self._births = {row["seed"] for row in rows}

    def _notice_motion(
        self,
        states: tuple[EmotionState, ...],
        energy: Mapping[int, float] | None,
        held: Mapping[int, tuple[str, ...]],
        seen_s: float,
    ) -> None:
        for person_id, name in self._poses.update(held, seen_s):
            self.on_event("pose", [person_id, name])
        self._motion.update(states, energy if energy is not None else {s.person_id: s.energy for s in states}, seen_s)
        for person_id, strength in self._motion.onsets:
            self._add_event(f"/person/{person_id}/onset", [strength])
            self._add_event("/onset", [strength, person_id])

    def _add_person(self, messages: list[Message], state: EmotionState, held: tuple[str, ...]) -> None:
        person = f"/person/{state.person_id}"
        self._add(messages, f"{person}/position", list(state.position))
        self._add(messages, f"{person}/velocity", list(self._motion.velocity(state.person_id)))
        self._add(messages, f"{person}/presence", [state.presence])
        self._add(messages, f"{person}/label", [state.label])
        self._add(messages, f"{person}/emoji", [emoji_of(state.label, state.level)])
        self._add(messages, f"{person}/emotions", [float(value) for value in state.probabilities])
        self._add(messages, f"{person}/agreement", [state.agreement])
        self._add(messages, f"{person}/valence", [state.valence])
        self._add(messages, f"{person}/arousal", [state.arousal])
        self._add(messages, f"{person}/confidence", [state.confidence])
        self._add(messages, f"{person}/energy", [state.energy])
        self._add(messages, f"{person}/openness", [state.openness])
        self._add(messages, f"{person}/nearness", [state.nearness])
        self._add(messages, f"{person}/extent", [state.extent])
        self._add(messages, f"{person}/gestures", [" ".join(held)])

    def _add_group(self, messages: list[Message], group: EmotionState | None) -> None:
        values = _NOBODY
        if group is not None:
            values = {
                "position": list(group.position),
                "presence": [group.presence],
                "label": [group.label],
                "emotions": [float(value) for value in group.probabilities],
                **{n: [getattr(group, n)] for n in ("valence", "arousal", "confidence", "energy", "openness")},
            }
        for name, args in values.items():
            self._add(messages, f"/group/{name}", args)
        self._add(messages, "/emoji", [emoji_of(group.label, group.level) if group is not None else ""])
        self._add(messages, "/group/leader", [group.person_id if group is not None else -1])

    def _add_scene(self, messages: list[Message], scene: SceneState) -> None:
        self._add(messages, "/emotions", [float(value) for value in scene.emotion])
        self._add(messages, "/valence", [scene.valence])
        self._add(messages, "/arousal", [scene.arousal])
        self._add(messages, "/presence", [scene.presence])
        self._add(messages, "/palette", [float(value) for value in scene.palette.flat])
        self._add(messages, "/unit/valence", [0.5 + 0.5 * scene.valence])
        self._add(messages, "/unit/arousal", [0.5 + 0.5 * scene.arousal])

    def _add_state(self, messages: list[Message]) -> None:
        well = self._attention if self._start_s is not None else "starting"
        self._add(messages, "/state", ["degraded" if self._reason else well, self._reason])
        self._add(messages, "/attention", [self._attention])
        self._add(messages, "/manual", [self._manual])

    def _is_told(self, path: str) -> bool:
        return self._emotions_told or not is_of_emotion(path)

    def _add(self, messages: list[Message], path: str, args: list[Argument]) -> None:
        if not self._is_told(path):
            return
        try:
            good = fit(path, args)
        except ValueError:
            self.refused += 1
            if path not in self._last_good:
                return
            good = self._last_good[path]
        self._last_good[path] = good
        messages.append((path, good))

    def _take_pending(self) -> tuple[tuple[int, Message], ...]:
        taken = tuple((pending.number, pending.message) for pending in self._pending)
        for pending in self._pending:
            pending.left -= 1
        self._pending = [pending for pending in self._pending if pending.left > 0]
        return taken
