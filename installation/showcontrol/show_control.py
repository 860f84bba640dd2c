"""What is told to sound and light, and when. Deterministic: the same calls give the same packets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from installation.config import OscConfig
from installation.showcontrol.addresses import Argument, Message, fit
from installation.showcontrol.encode import encode
from installation.types import EmotionState, SceneState

REPEATS = 3
"""Rare events are sent this often, for UDP loses packets."""


@dataclass
class _Pending:
    message: Message
    left: int = REPEATS


class ShowControl:
    """Turns states into bundles and gives them to ``send``, their messages to ``keep``. Times are seconds."""

    def __init__(
        self,
        config: OscConfig,
        send: Callable[[list[bytes]], None],
        keep: Callable[[list[Message]], None] | None = None,
    ) -> None:
        self._prefix = config.prefix
        self._send, self._keep = send, keep
        self._start_s: float | None = None
        self._pending: list[_Pending] = []
        self._event_number = 0
        self._labels: dict[int, str] = {}
        self._last_good: dict[str, list[Argument]] = {}
        self._reason = ""
        self.refused = 0
        """How many messages held a number that is not finite; the last good one was sent instead."""

    def reconfigure(self, config: OscConfig) -> None:
        """Go on under another prefix."""
        self._prefix = config.prefix

    def on_observation(self, seq: int, t_s: float, states: tuple[EmotionState, ...], scene: SceneState | None) -> None:
        """Send the bundle of one processed camera frame."""
        if self._start_s is None:
            self._start_s = t_s
        self._notice_changes(states)
        messages: list[Message] = []
        self._add(messages, "/frame", [seq, t_s - self._start_s])
        self._add(messages, "/people", [len(states)])
        for state in states:
            self._add_person(messages, state)
        if scene is not None:
            self._add(messages, "/emotions", [float(value) for value in scene.emotion])
            self._add(messages, "/valence", [scene.valence])
            self._add(messages, "/arousal", [scene.arousal])
            self._add(messages, "/presence", [scene.presence])
        name = "degraded" if self._reason else ("active" if states else "attract")
        self._add(messages, "/state", [name, self._reason])
        messages += self._take_pending()
        self._add(messages, "/people/ids", [state.person_id for state in states])
        self._tell(messages)

    def on_health(self, health: dict[str, Any]) -> None:
        """Send a health bundle. ``health`` holds "figures" (the arguments of /health), and "faults" and "fallbacks",
        each a list of [stage, message]."""
        messages: list[Message] = []
        self._add(messages, "/health", list(health["figures"]))
        for kind, path in (("faults", "/fault"), ("fallbacks", "/fallback")):
            for stage, text in health[kind]:
                self._add(messages, path, [stage, text])
        # That another receiver is away is no business of those who hear this.
        troubles = [note for note in (*health["faults"], *health["fallbacks"]) if not note[0].startswith("osc ")]
        self._reason = f"{troubles[0][0]}: {troubles[0][1]}" if troubles else ""
        self._tell(messages)

    def on_event(self, name: str, args: list[Argument]) -> None:
        """Tell of an event with the next REPEATS frames' bundles. KeyError for one the table does not have."""
        self._event_number += 1
        path = f"/event/{name}"
        self._pending.append(_Pending((path, fit(path, [self._event_number, *args]))))

    def _tell(self, messages: list[Message]) -> None:
        if self._keep is not None:
            self._keep(messages)
        self._send(encode(self._prefix, messages))

    def _notice_changes(self, states: tuple[EmotionState, ...]) -> None:
        now = {state.person_id: state.label for state in states}
        for person_id, label in now.items():
            if person_id not in self._labels:
                self.on_event("arrived", [person_id])
            if self._labels.get(person_id, "neutral") != label:
                self.on_event("emotion", [person_id, label])
        for person_id in self._labels.keys() - now.keys():
            self.on_event("left", [person_id])
        self._labels = now
        self._last_good = {
            path: args
            for path, args in self._last_good.items()
            if not path.startswith("/person/") or int(path.split("/")[2]) in now
        }

    def _add_person(self, messages: list[Message], state: EmotionState) -> None:
        person = f"/person/{state.person_id}"
        self._add(messages, f"{person}/position", list(state.position))
        self._add(messages, f"{person}/presence", [state.presence])
        self._add(messages, f"{person}/label", [state.label])
        self._add(messages, f"{person}/emotions", [float(value) for value in state.probabilities])
        self._add(messages, f"{person}/valence", [state.valence])
        self._add(messages, f"{person}/arousal", [state.arousal])
        self._add(messages, f"{person}/confidence", [state.confidence])
        self._add(messages, f"{person}/energy", [state.energy])
        self._add(messages, f"{person}/openness", [state.openness])

    def _add(self, messages: list[Message], path: str, args: list[Argument]) -> None:
        try:
            good = fit(path, args)
        except ValueError:
            self.refused += 1
            if path not in self._last_good:
                return
            good = self._last_good[path]
        self._last_good[path] = good
        messages.append((path, good))

    def _take_pending(self) -> list[Message]:
        messages = []
        for pending in self._pending:
            messages.append(pending.message)
            pending.left -= 1
        self._pending = [pending for pending in self._pending if pending.left > 0]
        return messages
