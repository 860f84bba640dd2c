"""What the operator's desk is told of the running piece, part by part, as plain numbers and texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from installation.base.clock import Clock
from installation.base.files import PROJECT
from installation.base.notices import Notice, Notices
from installation.commands.logs import log_path
from installation.perception.several.joined import JoinedEyes
from installation.types import EMOTIONS, EmotionState

if TYPE_CHECKING:
    from installation.loop import Parts
    from installation.record.rehearsal import Rehearsal

MOST_PEOPLE = 24
NEWEST_NOTICES = 10
"""Of what was raised so many are told; the page's process keeps them."""


def start_desk(parts: Parts, rehearsal: Rehearsal, notices: Notices, clock: Clock, safe: bool, restarts: bool) -> None:
    """Let the desk be served, tell it of the piece, and lead browsers to it. As ``snapshot_parts``."""
    parts.services.desk_address = lambda: parts.desk.address
    told = {**snapshot_parts(parts, notices, clock, safe, restarts), "rehearsal": rehearsal.describe}
    parts.desk.start(told, parts.picture.stills, costly_parts(parts))


def snapshot_parts(
    parts: Parts, notices: Notices, clock: Clock, safe: bool, restarts: bool = False
) -> dict[str, Callable[[], object]]:
    """The parts of a snapshot by name; each is called by the frame loop between two pictures and takes microseconds.

    ``restarts``: whether somebody would start the piece again.
    """
    began_s = clock.now()
    return {
        "state": lambda: {**_state(parts, notices, clock.now() - began_s, safe), "restarts": restarts},
        "notices": lambda: _told(notices.active(), clock.now()),
        "raised": lambda: _told(notices.newest(NEWEST_NOTICES), clock.now()),
        "timings": lambda: [one.row(parts.rates.memory_mb) for one in parts.rates.timings.seconds],
        "people": lambda: [
            _person(state, parts.show.held.get(state.person_id, ())) for state in parts.show.states[:MOST_PEOPLE]
        ],
        "group": lambda: _group(parts.show.group_state),
        "hours": lambda: parts.hours.describe(),
        "cues": lambda: parts.cues.describe(),
        "generation": lambda: parts.generation.describe(),
        "poses": lambda: {**parts.labels.describe(), **parts.takes.describe(clock.now())},
        "output": lambda: parts.picture.setup.describe(),
        "files": lambda: _files(parts),
    }


def costly_parts(parts: Parts) -> dict[str, Callable[[], object]]:
    """Parts that take some milliseconds, made beside the frame loop, and only while a page shows them."""
    return {"osc": parts.services.monitor.look, "cameras": lambda: _cameras(parts)}


def _cameras(parts: Parts) -> dict[str, Any]:
    """Whether the piece sees with eyes.join now, and whom each of these sees."""
    eyes = parts.eyes.current
    if isinstance(eyes, JoinedEyes):
        return {"is_joined": True, "seen": eyes.look()}
    return {"is_joined": False, "seen": {}}


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
        "black": parts.show.is_black,
        "films": parts.picture.captures.is_filming,
        "camera_size": list(parts.show.frame_size),
        "notice": 0.0 if scene is None else round(scene.notice, 3),
        "emotions_read": parts.show.emotions_read,
        "quality": parts.picture.renderer.ladder.level,
        "source": parts.eyes.current.describe(),
        "output": surface.describe,
        "renderer": surface.renderer,
        "size": list(surface.size),
        "safe": safe,
    }


def _told(notices: Iterable[Notice], now_s: float) -> list[dict[str, Any]]:
    return [
        {
            "kind": one.kind,
            "stage": one.stage,
            "message": one.message,
            "t_s": round(one.t_s, 3),
            "age_s": round(now_s - one.t_s, 1),
        }
        for one in notices
    ]


def _files(parts: Parts) -> dict[str, str]:
    """Where the page's process finds the log ("" without one) and what was stored."""
    path = log_path(parts.settings.config)
    return {"log": "" if path is None else str(path), "captures": str(PROJECT / "captures")}


def _group(state: EmotionState | None) -> dict[str, Any] | None:
    return None if state is None else _mood(state)


def _mood(state: EmotionState) -> dict[str, Any]:
    """What is read of one; nothing of emotions where none are."""
    return {**_motion(state), **(_emotion(state) if state.emotions_read else {})}


def _emotion(state: EmotionState) -> dict[str, Any]:
    return {
        "label": state.label,
        "level": state.level,
        "emotions": {name: round(float(share), 3) for name, share in zip(EMOTIONS, state.probabilities, strict=True)},
        "valence": round(float(state.valence), 3),
        "arousal": round(float(state.arousal), 3),
        "confidence": round(float(state.confidence), 3),
        "agreement": round(state.agreement, 3),
    }


def _motion(state: EmotionState) -> dict[str, Any]:
    return {
        "id": state.person_id,
        "energy": round(float(state.energy), 3),
        "openness": round(float(state.openness), 3),
        "presence": round(float(state.presence), 3),
    }


def _person(state: EmotionState, held: tuple[str, ...]) -> dict[str, Any]:
    """One visitor: the mood, the place, the poses held, and the joints as [x, y, visibility] in image coordinates."""
    joints = None if state.joints is None else state.joints[:, (0, 1, 3)].astype(float).round(3).tolist()
    position = [round(float(value), 3) for value in state.position]
    return {**_mood(state), "position": position, "extent": state.extent, "held": list(held), "joints": joints}
