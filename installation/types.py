"""The frozen values that flow between the stages. Imports numpy only.

Conventions, everywhere in the project:

* Time ``t_s`` is seconds on the app's monotonic clock, taken when the camera frame arrived.
* Image coordinates x, y are in [0, 1], origin top left, x to the right, y down, of the frame as mirrored at capture
  (so a visitor's right hand is on the right of the screen, as in a mirror).
* Emotion vectors have seven entries in the order of ``EMOTIONS``.
* Arrays are float32 unless said otherwise and set read-only when published.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float32]
ByteArray: TypeAlias = npt.NDArray[np.uint8]

EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
"""Expression shown by a visitor; the order of FER-2013's labels."""
NEUTRAL = EMOTIONS.index("neutral")
DEPICTED = ("anger", "fear", "sadness", "happiness", "surprise", "neutral")
"""Emotion depicted by a drawn face: no visitor shows it."""

POSE_LANDMARKS = 33
FACE_LANDMARKS = 478
BLENDSHAPES = 52

EXTENTS = ("face", "bust", "half", "whole")
"""What of a visitor is in the picture: the head alone, head and shoulders, down to the hips, down to knees or feet. Each holds
the one before; people who turn away count like those who face the camera."""
WHOLE = "whole"

SHAPE_COLUMNS = (
    *("x", "y", "scale", "energy", "presence", "valence"),
    *("arousal", "hue_shift", "seed", "age_s", "phase", "spikiness"),
)
"""Named columns of ``SceneState.shapes``; see ``SceneState``."""
MAX_PEOPLE = 6
"""A picture shows at most so many visitors at once."""
JOINTS = (
    *("head", "neck", "chest", "pelvis"),
    *("left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist"),
    *("left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle"),
)
"""Joints that a scene knows of a visitor; see ``SceneState``."""
BIRTHS = 64
"""At most so many shapes born of changing emotions live at once."""
BIRTH_COLUMNS = ("x", "y", "z", "size", "red", "green", "blue", "spikiness", "age_s", "seed", "leaving", "energy")
"""Named columns of ``SceneState.births``; see ``SceneState``."""


HEAD_COLUMNS = ("x", "y", "half_height", "yaw", "pitch", "roll", "face")
"""Of a head: its middle in image coordinates, half of crown to chin in pictures' heights, where it looks in radians (yaw to
the picture's right, pitch up, roll leaning to the picture's right; zeros look into the camera), and how far a face is seen
[0, 1]."""
EXPRESSION = (
    *("brow_up_inner", "brow_up_outer", "brow_down", "brow_apart", "eye_closed_left", "eye_closed_right", "eye_wide", "squint"),
    *("jaw_open", "smile", "frown", "pucker", "mouth_wide", "nose_wrinkled", "gaze_x", "gaze_y"),
)  # fmt: skip
"""A facial expression in so many numbers that a shader can wear it, [0, 1], but for brow_apart (the screen's right brow higher
than the left), gaze_x (to the screen's right) and gaze_y (up), [-1, 1]. Left and right are the screen's."""
FIGURE_COLUMNS = (
    *("extent", "face", "head_half_height", "head_known", "head_x", "head_y", "head_roll", "head_rest"),
    *("yaw", "pitch", "roll", "turn_rest", *EXPRESSION),
)
"""Named columns of ``SceneState.figures``; see ``SceneState``."""


def read_only(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Set ``array`` read-only in place and give it back, for a value about to be published."""
    array.setflags(write=False)
    return array


def neutral_probabilities() -> FloatArray:
    """(7,) float32, all weight on neutral."""
    probabilities = np.zeros(len(EMOTIONS), np.float32)
    probabilities[NEUTRAL] = 1.0
    return probabilities


NO_BLENDSHAPES: FloatArray = read_only(np.zeros(BLENDSHAPES, np.float32))
"""(52,) float32: a face at rest, or none."""
NO_HEAD: FloatArray = read_only(np.zeros(len(HEAD_COLUMNS), np.float32))
"""(7,) float32: nowhere yet. A head has a height above 0."""


class Box(NamedTuple):
    """A rectangle in image coordinates, edges in [0, 1] (they may pass the border slightly)."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def centre(self) -> tuple[float, float]:
        """(x, y) of the middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        """Bottom minus top, fraction of the image's height."""
        return self.bottom - self.top

    @property
    def width(self) -> float:
        """Right minus left, fraction of the image's width."""
        return self.right - self.left


def agreement(probabilities: FloatArray) -> float:
    """1 - entropy / ln 7 of ``probabilities`` (7,), in [0, 1]."""
    p = probabilities.astype(np.float64)
    entropy = -float(p @ np.log(np.maximum(p, 1e-12)))
    return min(max(1.0 - entropy / float(np.log(len(EMOTIONS))), 0.0), 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One camera picture. ``rgb`` is (H, W, 3) uint8 sRGB, row 0 on top, C-contiguous, mirrored once at capture."""

    t_s: float
    seq: int
    rgb: ByteArray


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """One visitor in one frame.

    ``pose`` (33, 4): x, y in image coordinates, z in image widths (nearer is smaller), visibility [0, 1]; None when
    only a head is seen. ``pose_world`` (33, 4): metres around the hips' middle, x right, y down, z away, visibility.
    ``face`` (478, 3): x, y, z in image coordinates. ``blendshapes`` (52,) in [0, 1]. ``expression`` (7,): what the
    expression network reads in the face, probabilities over EMOTIONS. Missing parts are None.
    ``face_quality`` [0, 1]: how readable the face is (size, sharpness, turn of the head, exposure); 0 without a face.
    ``gestures``: MediaPipe's names of the hands' gestures ("Open_Palm", "Victory", ...), each once. ``poses``: the artist's
    own labels with their probabilities, the likeliest first; empty without a trained model.
    ``confidence`` [0, 1] that this is a person: 1 with a face, else the person detector's.
    ``seen_s``: when this person was last looked at, if that was not in this frame (many visitors take turns); else None.
    ``extent``: one of EXTENTS, after hysteresis in time; recordings made before it was kept say "whole".
    """

    id: int
    box: Box
    confidence: float
    pose: FloatArray | None = None
    pose_world: FloatArray | None = None
    face: FloatArray | None = None
    face_box: Box | None = None
    blendshapes: FloatArray | None = None
    expression: FloatArray | None = None
    face_quality: float = 0.0
    gestures: tuple[str, ...] = ()
    poses: tuple[tuple[str, float], ...] = ()
    seen_s: float | None = None
    extent: str = WHOLE

    def held(self) -> dict[str, float]:
        """Every label of this person with its probability [0, 1]: the artist's poses, and gestures, which are sure (1)."""
        return dict(self.poses) | dict.fromkeys(self.gestures, 1.0)

    def labels_held(self, threshold: float) -> tuple[str, ...]:
        """The labels, poses and gestures alike, that reach ``threshold`` [0, 1]; without "none", which is no pose at all."""
        return tuple(
            label for label, share in self.held().items() if share >= threshold and label not in ("none", "None")
        )


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """Everybody seen in one frame. ``t_s`` and ``seq`` are the frame's; ``compute_ms`` is what perceiving it took."""

    t_s: float
    seq: int
    people: tuple[Person, ...]
    frame_size: tuple[int, int]
    """(width, height) in pixels."""
    compute_ms: float = 0.0
    depicted: FloatArray | None = None
    """(6,) over DEPICTED: what a drawing that is held into the camera depicts; None where there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class EmotionEstimate:
    """What one visitor shows in one observation, not smoothed.

    ``probabilities`` (7,) sums to 1. ``valence``, ``arousal`` in [-1, 1]. ``confidence`` [0, 1]. ``energy`` [0, 1] is
    body motion; ``openness`` [0, 1] how open the posture is (0 closed arms and bowed, 1 arms wide). ``position`` is
    (x, y, size): image coordinates of the middle of what is in the picture of the body, and the height of the whole body,
    standing, as a fraction of the image's; above 1 for a visitor nearer than fits in (a head that fills the picture: about 8).
    ``joints`` (33, 4): x, y in image coordinates, z in image widths (nearer is smaller), visibility [0, 1]; None where only
    a head is seen. ``extent``: one of EXTENTS. ``blendshapes`` (52,) in [0, 1]; None without a face. ``head`` (7,):
    HEAD_COLUMNS; None where no head is seen.
    """

    t_s: float
    person_id: int
    probabilities: FloatArray
    valence: float
    arousal: float
    confidence: float
    energy: float
    openness: float
    position: tuple[float, float, float]
    joints: FloatArray | None = None
    extent: str = WHOLE
    blendshapes: FloatArray | None = None
    head: FloatArray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class EmotionState:
    """One visitor's smoothed estimate: the fields of EmotionEstimate, with ``presence`` [0, 1] (fades in on arrival and
    out on departure), ``label``, the active emotion after hysteresis, and ``level``, how strongly it is shown: 0, 1 or 2.

    ``joints`` is None where only a head is seen. While a visitor who left fades out, joints stay where they were, as
    everything else does; but ``blendshapes`` (52,) go back to zeros wherever a face is lost, and so does the turn of ``head``
    (7,): HEAD_COLUMNS, NO_HEAD as long as no head was seen. ``emotions_read``: false where ``emotion.enabled`` is; then the
    probabilities are neutral's, valence, arousal and level 0, and nobody is told of them.
    """

    t_s: float
    person_id: int
    probabilities: FloatArray
    valence: float
    arousal: float
    confidence: float
    energy: float
    openness: float
    position: tuple[float, float, float]
    presence: float
    label: str
    joints: FloatArray | None = None
    extent: str = WHOLE
    blendshapes: FloatArray = field(default_factory=lambda: NO_BLENDSHAPES)
    head: FloatArray = field(default_factory=lambda: NO_HEAD)
    level: int = 0
    emotions_read: bool = True

    @property
    def agreement(self) -> float:
        """[0, 1]: how much people would agree on what this visitor shows: 1 less the entropy of ``probabilities`` over that
        of seven equal ones. 1 where one emotion has it all, about 0.64 for two halves, 0 where all are equal."""
        return agreement(self.probabilities)

    @property
    def nearness(self) -> float:
        """[0, 1): size / (1 + size) of ``position``: 0.5 where a body is as high as the picture, 0.9 where a head fills it."""
        size = max(self.position[2], 0.0)
        return size / (1.0 + size)


@dataclass(frozen=True, slots=True, eq=False)
class SceneState:
    """Everything the renderer needs to draw one frame, and all that it may use.

    ``shapes`` (N, len(SHAPE_COLUMNS)) float32: x, y in scene units (x in [-1, 1] across the screen's shorter half side, y up),
    scale (1 = fills the shorter side), energy, presence [0, 1], valence, arousal [-1, 1], hue_shift [-1, 1] turns (0 for a
    visitor alone), seed [0, 1), age_s since it was born, phase [0, 4100): motion's clock at this visitor's own energy,
    spikiness [0, 1] of this visitor's own emotion. ``joints`` (N, len(JOINTS), 4): of each shape's visitor, x, y, z (half the
    picture's height is 1, y up, z towards the viewer) and visibility [0, 1]; 0 where it is not known. ``births`` (M,
    len(BIRTH_COLUMNS)): shapes that were born when an emotion changed: place like a shape's, size (1 = fills the shorter side),
    linear RGB, spikiness of that emotion, age in seconds, seed [0, 1), leaving (0 stays, 1 gone), energy of the visitor at
    birth [0, 1]. ``welcome`` [0, 1] jumps to 1 when somebody arrives, and fades.
    ``figures`` (N, len(FIGURE_COLUMNS)) float32, of each shape's visitor, all eased: ``extent`` 0 (face) to 3 (whole; also
    where nobody is known), how far a face and a head's place are known [0, 1], the head's half height, place and turn in scene
    units and radians (as HEAD_COLUMNS has them, y up), and the expression (EXPRESSION; zeros without a face).
    ``joints`` are completed where only a head is seen (neck, shoulders, chest) and fade towards the camera picture's border.
    ``moods`` (N, 7): the emotion that each shape's visitor shows, eased; that of ``emotion`` for a visitor alone.
    ``palette`` (4, 3) linear RGB: background, deep, middle, accent; ``counter`` (3,): the light against them.
    ``own_palettes`` (N, 4, 3): of each shape, between the palette and that of its visitor's own emotion; the palette itself for
    a visitor alone. ``look`` maps a uniform's name (``scene/look.py`` lists them with ranges) to its value. ``emotion`` (7,)
    the blend that drives the look. ``scene`` is what is drawn; ``previous`` fades out while ``blend`` goes from 0 to 1.
    ``notice`` [0, 1] is how far the notice to visitors is there, ``notice_s`` for how long; ``light`` [0, 1] the share of all
    light outside the opening hours. Without ``emotions_read`` emotion, moods, valence and arousal are made of motion.
    """

    t_s: float
    scene: str
    previous: str
    blend: float
    shapes: FloatArray
    palette: FloatArray
    look: dict[str, float]
    emotion: FloatArray
    valence: float
    arousal: float
    presence: float
    joints: FloatArray = field(default_factory=lambda: read_only(np.zeros((1, len(JOINTS), 4), np.float32)))
    own_palettes: FloatArray = field(default_factory=lambda: read_only(np.zeros((1, 4, 3), np.float32)))
    births: FloatArray = field(default_factory=lambda: read_only(np.zeros((0, len(BIRTH_COLUMNS)), np.float32)))
    welcome: float = 0.0
    figures: FloatArray = field(default_factory=lambda: read_only(np.zeros((1, len(FIGURE_COLUMNS)), np.float32)))
    counter: FloatArray = field(default_factory=lambda: read_only(np.zeros(3, np.float32)))
    moods: FloatArray = field(default_factory=lambda: read_only(neutral_probabilities()[None]))
    emotions_read: bool = True
    notice: float = 0.0
    notice_s: float = 0.0
    light: float = 1.0


LAYOUT = 16
"""Cells across and down of a picture's layout."""


@dataclass(frozen=True, slots=True, eq=False)
class TextureRequest:
    """What the scene asks for. ``emotion`` (7,) sums to 1; ``valence``, ``arousal`` in [-1, 1]."""

    t_s: float
    emotion: FloatArray
    valence: float
    arousal: float


@dataclass(frozen=True, slots=True, eq=False)
class TextureFrame:
    """A generated picture: ``rgba`` (S, S, 4) uint8 sRGB, row 0 on top, tileable in both directions.

    ``source`` says who made it (a model's name, or "procedural"); ``compute_ms`` what it took.
    """

    t_s: float
    seq: int
    rgba: ByteArray
    request: TextureRequest
    source: str
    compute_ms: float


@dataclass(frozen=True, slots=True, eq=False)
class PictureRequest:
    """What the scene asks of the painter of pictures. ``emotion`` (7,) sums to 1; ``valence``, ``arousal`` in [-1, 1].

    ``layout`` (LAYOUT, LAYOUT, 4) uint8: the scene's shapes in rough cells, sRGB and how much of a cell they cover, row 0 on
    top; None: the painter composes by itself. ``occasion`` counts what asks for another picture: somebody came, or the mood
    changed; while it stays, the picture only wanders.
    """

    t_s: float
    emotion: FloatArray
    valence: float
    arousal: float
    occasion: int
    layout: ByteArray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PictureFrame:
    """A composed picture: ``rgba`` (H, W, 4) uint8 sRGB, row 0 on top, opaque; not tileable, to be seen whole.

    ``number`` is the picture's: frames of one number wander slowly, another number is another picture. ``source`` says which
    model made it; ``compute_ms`` what it took.
    """

    t_s: float
    seq: int
    number: int
    rgba: ByteArray
    request: PictureRequest
    source: str
    compute_ms: float


@dataclass(frozen=True, slots=True, eq=False)
class Silhouette:
    """Where the visitors are in one camera picture.

    ``alpha`` (H, W) uint8: 255 where a visitor is, 0 where none is, soft at the outline (its middle is 128); it covers the
    whole picture, row 0 on top, at about 256 pixels for the longer side. ``rgb`` (H', W', 3) uint8 sRGB: the very picture
    that it was seen in, larger and of the same shape. ``t_s`` and ``seq`` are the frame's. Lives in memory only: pictures of
    visitors are never written.
    """

    t_s: float
    seq: int
    alpha: ByteArray
    rgb: ByteArray


@dataclass(frozen=True, slots=True, eq=False)
class AvatarFrame:
    """A visitor's face, painted: ``rgba`` (S, S, 4) uint8 sRGB, row 0 on top, alpha straight and soft at an oval's border.

    Without a ``person_id`` there is no face now and ``rgba`` is one clear pixel: the face on show is to fade out. Lives in
    memory only: pictures of visitors are never written.
    """

    t_s: float
    seq: int
    rgba: ByteArray
    person_id: int | None
    compute_ms: float
