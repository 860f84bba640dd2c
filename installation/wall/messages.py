"""What the leader tells: the state of a picture, as numbers, with its time; and which generated pictures belong to it.

``VERSION`` is made of everything that both sides must agree about: whoever has another one refuses, with one sentence.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from installation.network.values import OtherVersionError, between, number, text, version_of, whole
from installation.network.wire import Message, WireError, pack
from installation.types import BIRTH_COLUMNS, BIRTHS, EMOTIONS, EXPRESSION, FIGURE_COLUMNS, JOINTS, SHAPE_COLUMNS
from installation.types import SceneState as Scene

FORM = 1
"""Raised by hand whenever a message means something else than before, though it has the same fields."""
STATE = "state"
MOST_SHAPES = 64
_N, _M = -1, -2
"""In ``_SHAPES``: as many as there are shapes, or births."""
_SHAPES: dict[str, tuple[int, ...]] = {
    "shapes": (_N, len(SHAPE_COLUMNS)),
    "palette": (4, 3),
    "emotion": (len(EMOTIONS),),
    "joints": (_N, len(JOINTS), 4),
    "own_palettes": (_N, 4, 3),
    "births": (_M, len(BIRTH_COLUMNS)),
    "figures": (_N, len(FIGURE_COLUMNS)),
    "counter": (3,),
    "moods": (_N, len(EMOTIONS)),
}
_PLAIN = tuple(one.name for one in fields(Scene) if one.name not in _SHAPES)
_TYPES: dict[str, type] = {
    one.name: {"float": float, "str": str, "bool": bool}.get(str(one.type), dict) for one in fields(Scene)
}


@dataclass(frozen=True, eq=False)
class WallState:
    """One frame of the leader's. ``epoch`` is another one each time a leader starts; ``number`` counts its frames from 1.

    ``period_s``: the seconds between two ticks; pictures are drawn at each ``every``-th of them. ``settings`` and ``pictures``
    (kind: number) say what else it takes to draw it: asked for where it is not there. ``fades``: whether composed pictures are
    shown, how strongly, and seconds of their cross-fade. ``face``: x, y and half the side of the square where a painted face
    lies, None where none is. ``level``: the quality level that no machine of the wall goes above.
    """

    epoch: str
    number: int
    scene: Scene
    period_s: float
    every: int = 1
    settings: int = 0
    pictures: Mapping[str, int] = field(default_factory=dict)
    fades: tuple[bool, float, float] = (False, 0.0, 1.0)
    face: tuple[float, float, float] | None = None
    level: int | None = None


VERSION = version_of(
    FORM,
    [one.name for one in fields(WallState)],
    sorted(_SHAPES.items()),
    _PLAIN,
    SHAPE_COLUMNS,
    BIRTH_COLUMNS,
    FIGURE_COLUMNS,
    JOINTS,
    EXPRESSION,
    EMOTIONS,
)


def check_version(message: Message) -> None:
    """Raises OtherVersionError for another one."""
    if message.version != VERSION:
        raise OtherVersionError("the leader of this wall", message.version, VERSION)


def pack_state(state: WallState) -> list[bytes]:
    """Two parts for the network. ValueError for numbers that are not finite."""
    scene = state.scene
    values = {
        "epoch": state.epoch,
        "number": state.number,
        "period_s": state.period_s,
        "every": state.every,
        "settings": state.settings,
        "pictures": dict(state.pictures),
        "fades": list(state.fades),
        "face": None if state.face is None else list(state.face),
        "level": state.level,
        "scene": {name: getattr(scene, name) for name in _PLAIN},
    }
    return pack(STATE, VERSION, values, {name: getattr(scene, name) for name in _SHAPES})


def unpack_state(message: Message, look: Collection[str] = ()) -> WallState:
    """The state in ``message``. ``look``: names without which a look cannot be drawn. Raises OtherVersionError, and WireError
    for what is no state."""
    check_version(message)
    values = message.values
    try:
        face, fades, level = values["face"], values["fades"], values["level"]
        state = WallState(
            epoch=text(values["epoch"]),
            number=whole(values["number"]),
            scene=_scene(values["scene"], message.arrays, look),
            period_s=between(values["period_s"], 1e-3, 10.0),
            every=round(between(values["every"], 1, 10_000)),
            settings=whole(values["settings"]),
            pictures={text(kind): whole(number) for kind, number in values["pictures"].items()},
            fades=(bool(fades[0]), number(fades[1]), number(fades[2])),
            face=None if face is None else (number(face[0]), number(face[1]), number(face[2])),
            level=None if level is None else whole(level),
        )
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise WireError(f"no state: {type(error).__name__} {error}") from None
    return state


def _scene(values: Any, arrays: Mapping[str, npt.NDArray[Any]], look: Collection[str]) -> Scene:
    found: dict[str, Any] = {}
    for name in _PLAIN:
        value = values[name]
        kind = _TYPES[name]
        if kind is float:
            value = number(value)
        elif not isinstance(value, kind):
            raise WireError(f"{name} is no {kind.__name__}")
        found[name] = value
    found["look"] = {text(name): number(value) for name, value in found["look"].items()}
    lacking = [name for name in look if name not in found["look"]]
    if lacking:
        raise WireError(f"the look lacks {', '.join(lacking[:5])}")
    shapes, births = len(arrays["shapes"]), len(arrays["births"])
    if not 1 <= shapes <= MOST_SHAPES or births > BIRTHS:
        raise WireError(f"{shapes} shapes and {births} births cannot be")
    for name, form in _SHAPES.items():
        wanted = tuple({_N: shapes, _M: births}.get(size, size) for size in form)
        if arrays[name].shape != wanted or arrays[name].dtype != np.float32:
            raise WireError(f"{name} is {arrays[name].shape} {arrays[name].dtype} and not {wanted} float32")
        found[name] = arrays[name]
    return Scene(**found)
