"""What the operator's desk is told of the running piece, part by part, as plain numbers and texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.types import EMOTIONS, EmotionState

if TYPE_CHECKING:
    from installation.loop import Parts

MOST_PEOPLE = 24


def start_desk(parts: Parts, notices: Notices, clock: Clock, safe: bool) -> None:
    """Let the desk be served, tell it of the piece, and lead browsers to it."""
    parts.services.desk_address = lambda: parts.desk.address
    parts.desk.start(looks(parts, notices, clock, safe), costly=costly_looks(parts))


def looks(parts: Parts, notices: Notices, clock: Clock, safe: bool) -> dict[str, Callable[[], object]]:
    """The parts of a snapshot by name; each is called by the frame loop between two pictures and takes microseconds."""
    began_s = clock.now()
    return {
        "state": lambda: _state(parts, notices, clock.now() - began_s, safe),
        "notices": lambda: _notices(notices, clock.now()),
        "people": lambda: [_person(state) for state in parts.show.states[:MOST_PEOPLE]],
        "group": lambda: _group(parts.show.group_state),
        "hours": lambda: parts.hours.describe(),
        "generation": lambda: parts.generation.describe(),
        "poses": lambda: {**parts.labels.describe(), **parts.takes.describe(clock.now())},
        "output": lambda: parts.picture.setup.describe(),
    }


def costly_looks(parts: Parts) -> dict[str, Callable[[], object]]:
    """Parts that take some milliseconds, made beside the frame loop, and only while a page shows them."""
    return {"osc": parts.services.monitor.look}


def _state(parts: Parts, notices: Notices, uptime_s: float, safe: bool) -> dict[str, Any]:
    scene, surface = parts.show.scene_state, parts.picture.surface
    fps, perception_hz, textures_hz = parts.rates.last
    return {
        "uptime_s": round(uptime_s, 1),
        "fps": round(fps, 2),
        "perception_hz": round(perception_hz, 2),
        "textures_hz": round(textures_hz, 2),
        "memory_mb": round(parts.rates.memory_mb, 1),
        "visitors": len(parts.show.states),
        "faults": len(notices.active("fault")),
        "fallbacks": len(notices.active("fallback")),
        "scene": "" if scene is None else scene.scene,
        "light": 1.0 if scene is None else round(scene.light, 3),
        "notice": 0.0 if scene is None else round(scene.notice, 3),
        "emotions_read": parts.show.emotions_read,
        "quality": parts.picture.renderer.ladder.level,
        "source": parts.eyes.current.describe(),
        "output": surface.describe,
        "renderer": surface.renderer,
        "size": list(surface.size),
        "safe": safe,
    }


def _notices(notices: Notices, now_s: float) -> list[dict[str, Any]]:
    return [
        {"kind": one.kind, "stage": one.stage, "message": one.message, "age_s": round(now_s - one.t_s, 1)}
        for one in notices.active()
    ]


def _group(state: EmotionState | None) -> dict[str, Any] | None:
    return None if state is None else _mood(state)


def _mood(state: EmotionState) -> dict[str, Any]:
    return {
        "id": state.person_id,
        "label": state.label,
        "level": state.level,
        "emotions": {name: round(float(share), 3) for name, share in zip(EMOTIONS, state.probabilities, strict=True)},
        "valence": round(float(state.valence), 3),
        "arousal": round(float(state.arousal), 3),
        "confidence": round(float(state.confidence), 3),
        "agreement": round(state.agreement, 3),
        "energy": round(float(state.energy), 3),
        "openness": round(float(state.openness), 3),
        "presence": round(float(state.presence), 3),
    }


def _person(state: EmotionState) -> dict[str, Any]:
    """One visitor: the mood, the place, and the joints as [x, y, visibility] in image coordinates."""
    joints = None if state.joints is None else state.joints[:, (0, 1, 3)].astype(float).round(3).tolist()
    position = [round(float(value), 3) for value in state.position]
    return {**_mood(state), "position": position, "extent": state.extent, "joints": joints}
