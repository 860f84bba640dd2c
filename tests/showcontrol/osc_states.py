"""States, and a show that sends everything there is, for the tests of OSC out."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from pythonosc.osc_bundle import OscBundle

from installation.config.osc import OscConfig
from installation.showcontrol.osc_out.bundle import Bundle
from installation.showcontrol.show_control import ShowControl
from installation.types import (
    BIRTH_COLUMNS,
    BLENDSHAPES,
    FACE_LANDMARKS,
    POSE_LANDMARKS,
    Box,
    EmotionState,
    Observation,
    Person,
    SceneState,
    neutral_probabilities,
)

HEALTH = {"figures": [30.0, 24.0, 8.0, 1, 1, 300.0], "faults": [["camera", "gone"]], "fallbacks": [["gpu", "none"]]}


def state(person_id: int, label: str = "happy", **more: object) -> EmotionState:
    """A visitor with nothing special."""
    values = {"valence": 0.5, "arousal": -0.5, "confidence": 1.0, "energy": 0.25, "openness": 0.75, "presence": 1.0}
    values |= {"position": (0.25, 0.5, 0.75), "probabilities": neutral_probabilities()} | more
    return EmotionState(t_s=0.0, person_id=person_id, label=label, **values)


def scene(births: int = 0) -> SceneState:
    """A scene in which so many shapes were born."""
    shapes, palette = np.zeros((1, 10), np.float32), np.zeros((4, 3), np.float32)
    found = SceneState(0.0, "blossom", "blossom", 1.0, shapes, palette, {}, neutral_probabilities(), 0.1, 0.2, 0.3)
    rows = np.zeros((births, len(BIRTH_COLUMNS)), np.float32)
    rows[:, BIRTH_COLUMNS.index("seed")] = np.arange(births) / 10
    return replace(found, births=rows)


def joints() -> np.ndarray:
    """(33, 4): somebody who stands upright before the camera, arms to the sides (a T), all seen; a picture as wide as high."""
    found = np.zeros((POSE_LANDMARKS, 4), np.float32)
    found[:, 3] = 1.0
    # By the person's own left as MediaPipe has it: to the right of the picture.
    found[:, 0] = 0.5
    places = {
        0: (0.5, 0.196, -0.098), 7: (0.53, 0.176, 0.0), 8: (0.47, 0.176, 0.0),
        11: (0.6, 0.3, 0.0), 12: (0.4, 0.3, 0.0), 13: (0.7, 0.3, 0.0), 14: (0.3, 0.3, 0.0), 15: (0.8, 0.3, 0.0),
        16: (0.2, 0.3, 0.0), 23: (0.55, 0.6, 0.0), 24: (0.45, 0.6, 0.0), 25: (0.55, 0.75, 0.0), 26: (0.45, 0.75, 0.0),
        27: (0.55, 0.9, 0.0), 28: (0.45, 0.9, 0.0),
    }  # fmt: skip
    for number, place in places.items():
        found[number, :3] = place
    return found


def face(mouth_open: float = 0.0) -> np.ndarray:
    """(478, 3): landmarks of a face that looks ahead, 0.2 wide in a picture as wide as high; all others in its middle."""
    found = np.full((FACE_LANDMARKS, 3), (0.5, 0.5, 0.0), np.float32)
    places = {234: (0.4, 0.5), 454: (0.6, 0.5), 10: (0.5, 0.4), 152: (0.5, 0.6), 61: (0.46, 0.55), 291: (0.54, 0.55)}
    places |= {13: (0.5, 0.55 - mouth_open / 2), 14: (0.5, 0.55 + mouth_open / 2)}
    for number, (x, y) in places.items():
        found[number, :2] = x, y
    return found


def person(person_id: int, **more: object) -> Person:
    """Somebody with a face and blendshapes of 0."""
    values = {"face": face(), "face_box": Box(0.4, 0.4, 0.6, 0.6), "blendshapes": np.zeros(BLENDSHAPES, np.float32)}
    return Person(person_id, Box(0.3, 0.1, 0.7, 0.95), 1.0, **(values | more))


def send_everything(control: ShowControl, t_s: float = 0.0) -> None:
    """Every address of the table, in five frames and a health message."""
    for name, args in (
        ("scene", ["sculpture"]),
        ("hours", ["closed", 0.0, 4.0]),
        ("blackout", [1]),
        ("depicted", ["sadness", 0.7]),
        ("snapshot", ["mien.png"]),
        ("video", ["mien.mp4", 1]),
        ("source", ["camera"]),
        ("clear", []),
        ("command", ["snapshot", "arms_up", 1]),
        ("recorded", ["arms_up", 120]),
        ("texture_done", ["texture", "64>256 px", 256, 87.5]),
        ("picture_done", ["paint.onnx", 3, 256, 61.0]),
        ("painted", [1, "painting.png", 1.2]),
        ("cue", [2.5, "dusk"]),
        ("preset", [1, "calm"]),
    ):
        control.on_event(name, args)
    control.on_sound(0.5, 1.0)
    control.on_health(HEALTH)
    for number in range(4):
        energy = {1: 0.0 if number < 2 else 0.9}
        seen_s = t_s + number * 0.2
        observation = Observation(seen_s, number, (person(1),), (640, 640))
        here = state(1, joints=joints())
        control.on_observation(
            number,
            seen_s,
            (here,),
            scene(number),
            observation=observation,
            group=here,
            energy=energy,
            held={1: ("bow",)},
        )
    control.on_observation(9, t_s + 0.8, (), scene())


def bundles_of(do: Callable[[ShowControl], None], config: OscConfig | None = None) -> list[Bundle]:
    """The bundles that are sent while ``do`` runs."""
    found: list[Bundle] = []
    do(ShowControl(config or OscConfig(), found.append))
    return found


def decode(packets: list[bytes]) -> list[tuple[str, list]]:
    """Messages by python-osc."""
    return [(message.address, message.params) for packet in packets for message in OscBundle(packet)]
