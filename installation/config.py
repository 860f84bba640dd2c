"""The artist's settings: one pydantic model a section. ``config_file.py`` reads them from config.yaml.

Every setting has a description (it becomes the comment in config.yaml and the row in docs/config.md) and bounds.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from installation.control_config import PRIVATE_NETWORKS, Network, OscQueryConfig
from installation.lights_config import LightsConfig, MidiConfig
from installation.look_config import LookConfig
from installation.scene_files import SceneFileError, load_scene, scene_names
from installation.section import Section
from installation.types import EMOTIONS


class CaptureConfig(Section):
    """Where the pictures come from."""

    source: str | int = Field(
        "auto",
        description="auto, simulated, a camera's number or name, a video file, a picture folder, an rtsp/http address",
    )
    width: int = Field(1280, ge=64, le=7680, description="width asked of the camera, pixels")
    height: int = Field(720, ge=64, le=4320, description="height asked of the camera, pixels")
    fps: float = Field(
        30.0, ge=1, le=240, description="pictures a second asked of the camera; pace of a picture folder"
    )
    mirror: bool = Field(True, description="show visitors themselves as in a mirror")
    stall_s: float = Field(
        1.0, ge=0.2, le=30, description="seconds without a new picture before the source is opened again"
    )
    reopen_max_s: float = Field(
        10.0, ge=1, le=300, description="longest wait between two tries to open the source, seconds"
    )
    performers: int = Field(1, ge=1, le=3, description="how many people the simulated performer is")


class PerceptionConfig(Section):
    """Seeing bodies and faces."""

    max_people: int = Field(6, ge=1, le=6, description="how many visitors are followed at once")
    budget_ms: float = Field(
        50.0,
        ge=10,
        le=1000,
        description="processor time for one camera picture; with more people each is looked at less often, milliseconds",
    )
    remember_s: float = Field(
        6.0, ge=0, le=120, description="a visitor who comes back within this time is the same visitor, seconds"
    )
    gestures: bool = Field(False, description="read hands as gestures (Open_Palm, Victory, Thumb_Up, ...)")
    gesture_interval_s: float = Field(0.2, ge=0, le=5, description="hands are read at most this often, seconds")
    width: int = Field(
        640, ge=160, le=1920, description="pictures are scaled down to this width for the pose model, pixels"
    )
    person_confidence: float = Field(
        0.35, ge=0, le=1, description="how sure the person detector must be before a body counts"
    )
    pose_confidence: float = Field(0.5, ge=0, le=1, description="how sure the pose model must be")
    face_confidence: float = Field(0.5, ge=0, le=1, description="how sure the face model must be")
    face_interval_s: float = Field(
        0.06,
        ge=0,
        le=1,
        description="faces are read at most this often, bodies in every picture; 0 reads both alike, seconds",
    )
    confirm_s: float = Field(0.25, ge=0, le=5, description="seconds a body must be there before it counts as a visitor")
    forget_s: float = Field(0.7, ge=0, le=10, description="seconds without a body before the visitor counts as gone")
    timeout_s: float = Field(
        5.0, ge=1, le=60, description="seconds without an answer before perception is started again"
    )


class EmotionConfig(Section):
    """How face and body become one emotion."""

    face_weight: float = Field(1.0, ge=0, le=10, description="how much the face counts")
    body_weight: float = Field(0.5, ge=0, le=10, description="how much the body counts")
    neutral_prior: float = Field(
        0.05,
        ge=0,
        le=1,
        description="weight of neutral that is always there; what is left when nothing is sure",
    )
    abstain_below: float = Field(
        0.3,
        ge=0,
        le=1,
        description="a face read with less confidence than this counts less, at half of it not at all; 0 trusts every face",
    )
    drift_s: float = Field(
        2.0,
        ge=0.05,
        le=60,
        description="time constant in which the emotion drifts to neutral when neither face nor body says anything, seconds",
    )
    calibration_s: float = Field(
        2.0,
        ge=0,
        le=30,
        description="seconds of a visitor's resting face that are learned at the start as their neutral; 0 switches it off",
    )


Cue = Literal["openness", "expansion", "hands_height", "lean", "head_drop", "energy", "jerk", "symmetry", "stillness"]
"""What is measured on a body; ``emotion/body.py`` describes each."""
CueWeight = Annotated[float, Field(ge=-3, le=3)]

_VALENCE: dict[Cue, float] = {
    "openness": 0.4,
    "expansion": 0.1,
    "hands_height": 0.15,
    "lean": -0.2,
    "head_drop": -0.7,
    "energy": 0.1,
    "jerk": -0.2,
}
_AROUSAL: dict[Cue, float] = {
    "openness": 0.1,
    "expansion": 0.25,
    "hands_height": 0.1,
    "head_drop": -0.3,
    "energy": 0.9,
    "jerk": 0.3,
    "symmetry": 0.1,
    "stillness": -0.2,
}


class BodyConfig(Section):
    """What a body's cues mean for valence and arousal; docs/body.md describes each cue and where the weights come from."""

    valence: dict[Cue, CueWeight] = Field(
        default_factory=lambda: dict(_VALENCE),
        description="cue: how much a full cue adds to valence, -3 to 3; a cue that is not listed adds nothing",
    )
    valence_offset: float = Field(0.0, ge=-1, le=1, description="valence of a body at rest")
    arousal: dict[Cue, CueWeight] = Field(
        default_factory=lambda: dict(_AROUSAL),
        description="cue: how much a full cue adds to arousal, -3 to 3; a cue that is not listed adds nothing",
    )
    arousal_offset: float = Field(-0.1, ge=-1, le=1, description="arousal of a body at rest")


POSE_LABEL = r"[^\W\d_][\w\-]{0,31}"
"""What a pose's label looks like, in the table and in the settings."""
_Meaning = TypeVar("_Meaning")


def _labelled(meanings: dict[str, _Meaning]) -> dict[str, _Meaning]:
    """Labels as they can be recorded; "none" stands for no pose at all, so nothing can follow from it."""
    for label in meanings:
        if label == "none":
            raise PydanticCustomError("pose_label", "none means that no pose is held; nothing can follow from it")
        if not re.fullmatch(POSE_LABEL, label):
            text = "{label} is no label: it begins with a letter and has letters, digits, - and _ only, 32 at most"
            raise PydanticCustomError("pose_label", text, {"label": repr(label)})
    return meanings


def _mixture(mixture: dict[str, float]) -> dict[str, float]:
    """At least one known emotion, each with a weight from 0 to 1, one of them above 0."""
    for name, weight in mixture.items():
        if name not in EMOTIONS:
            near = get_close_matches(name, EMOTIONS, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(EMOTIONS)}"
            raise PydanticCustomError("emotion", "{name} is no emotion; {hint}", {"name": repr(name), "hint": hint})
        if not 0 <= weight <= 1:
            text = {"name": name, "weight": f"{weight:g}"}
            raise PydanticCustomError("emotion_weight", "{name} is {weight}; a weight is from 0 to 1", text)
    if not sum(mixture.values()) > 0:
        raise PydanticCustomError("emotion_weight", "a mixture needs an emotion above 0, such as happy: 1.0")
    return mixture


PoseMixture = Annotated[dict[str, float], AfterValidator(_mixture)]
PoseCommand = Literal["clear", "snapshot", "next_scene", "record", "video"]


class PosesConfig(Section):
    """The artist's own poses and hand gestures: what they mean and what they do. See docs/poses.md."""

    data: str = Field("poses/poses.csv", min_length=1, description="the table that recorded poses are written to")
    model: str = Field(
        "poses/poses.onnx", min_length=1, description="the trained poses; a new file counts without a restart"
    )
    weight: float = Field(1.0, ge=0, le=10, description="how much a pose or gesture counts, beside face and body")
    threshold: float = Field(0.6, gt=0, le=1, description="how sure a pose must be before it counts")
    emotions: Annotated[dict[str, PoseMixture], AfterValidator(_labelled)] = Field(
        default_factory=dict,
        max_length=200,
        description="what a pose or gesture means: a label and its emotions, such as arms_up: {happy: 0.7, surprise: 0.3}",
    )
    commands: Annotated[dict[str, PoseCommand], AfterValidator(_labelled)] = Field(
        default_factory=dict,
        max_length=200,
        description="what a pose or gesture does: a label and clear, snapshot, next_scene, record or video",
    )
    record_label: str = Field(
        "pose",
        min_length=1,
        max_length=32,
        pattern=rf"^{POSE_LABEL}$",
        description="what key R, the record command or OSC without a label record",
    )
    record_person: str = Field(
        "p1", pattern=r"^\w[\w\-]{0,31}$", description="made-up name of who is being recorded, never a real one"
    )
    countdown_s: float = Field(3.0, ge=0, le=60, description="seconds to get into a pose before it is recorded")
    record_s: float = Field(6.0, ge=0.5, le=600, description="seconds that one take lasts")
    hold_s: float = Field(1.0, ge=0, le=30, description="for how long a pose must be held before its command, seconds")
    cooldown_s: float = Field(5.0, ge=0, le=600, description="seconds between two commands of the same kind")


class SmoothingConfig(Section):
    """How calmly the piece follows a visitor; all times in seconds."""

    emotion_s: float = Field(
        0.22,
        ge=0.01,
        le=10,
        description="seconds for the emotions' probabilities to go 63 % of a change; longer forgives more wrong readings",
    )
    affect_s: float = Field(
        0.12, ge=0.01, le=10, description="seconds for valence and arousal to go 63 % of a change; about their lag"
    )
    min_cutoff_hz: float = Field(
        0.8, gt=0, le=30, description="place, energy, openness (One Euro): lower is calmer when little moves, hertz"
    )
    beta: float = Field(
        1.5, ge=0, le=100, description="place, energy, openness (One Euro): higher follows quick changes sooner"
    )
    derivative_cutoff_hz: float = Field(
        1.0, gt=0, le=30, description="One Euro: smoothing of the speed estimate, hertz"
    )
    label_margin: float = Field(
        0.12, ge=0, le=1, description="how much more likely another emotion must be before the label changes"
    )
    label_hold_s: float = Field(0.2, ge=0, le=10, description="for how long it must stay so, seconds")
    fade_in_s: float = Field(0.3, ge=0, le=30, description="seconds for a new visitor to fade in")
    fade_out_s: float = Field(2.0, ge=0, le=60, description="seconds for a visitor who left to fade out")


class GroupConfig(Section):
    """How several visitors become the one mood of the picture."""

    mode: Literal["mean", "strongest", "recent"] = Field(
        "mean", description="who sets the mood: mean of all, the strongest expression, or recent (the latest arrival)"
    )
    margin: float = Field(
        0.1,
        ge=0,
        lt=1,
        description="how much stronger another visitor must be to take over; in mean, how much more share another label has",
    )
    hold_s: float = Field(0.7, ge=0, le=30, description="for how long the leader must be beaten, seconds")
    fade_s: float = Field(1.0, ge=0, le=30, description="seconds of cross-fade from one leader to the next")


class SceneConfig(Section):
    """What is drawn."""

    name: str = Field(
        "blossom", description="the scene to begin with; docs/scenes.md shows them, keys N and SPACE change it"
    )
    parameters: dict[str, dict[str, float]] = Field(
        default_factory=dict,
        description="numbers of a scene to change, such as blossom: {petals: 200}; the scene's .yaml file lists them",
    )
    response_s: float = Field(0.25, ge=0.01, le=10, description="seconds for the shapes to answer 63 % of a change")
    scene_fade_s: float = Field(1.5, ge=0, le=30, description="seconds of cross-fade when the scene changes")
    follow: float = Field(0.8, ge=0, le=1, description="how far the shape follows the visitor across the screen")
    idle_next_s: float = Field(
        0.0, ge=0, le=86400, description="with nobody there for this long the next scene comes; 0: it stays, seconds"
    )
    birth_hold_s: float = Field(
        0.6, ge=0, le=10, description="an emotion must last this long before a shape is born of it, seconds"
    )

    @field_validator("name")
    @classmethod
    def _is_a_scene(cls, value: str) -> str:
        names = scene_names()
        if value not in names:
            near = get_close_matches(value, names, 1)
            told = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"
            raise PydanticCustomError("scene", "there is no scene {name}; {told}", {"name": repr(value), "told": told})
        return value

    @field_validator("parameters")
    @classmethod
    def _are_parameters(cls, value: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        for name, changed in value.items():
            try:
                load_scene(name).values(changed)
            except (SceneFileError, ValueError) as error:
                raise PydanticCustomError("scene_parameter", "{told}", {"told": str(error)}) from error
        return value


class TexturesConfig(Section):
    """Pictures generated in the background."""

    enabled: bool = Field(True, description="false leaves the shapes with the procedural texture")
    model: str = Field("texture.onnx", description="generator, a file in models/")
    size_px: int = Field(
        256, ge=64, le=2048, multiple_of=32, description="width and height of a generated picture, pixels"
    )
    per_second: float = Field(5.0, gt=0, le=60, description="most pictures a second")
    latent_speed: float = Field(0.15, ge=0, le=10, description="how fast pictures wander, latent keys a second")
    candidates: int = Field(
        8,
        ge=1,
        le=64,
        description="how many small pictures are tried in spare time for the best next one; 1 tries none",
    )
    styled: bool = Field(False, description="paint generated pictures anew in the manner of each emotion's paintings")
    style_colours: float = Field(
        0.5,
        ge=0,
        le=1,
        description="how far such a picture takes on the paintings' colours; 0 takes their strokes only",
    )
    styles: str = Field(
        "styles", min_length=1, description="folder of your paintings by emotion, such as styles/happy/garden.jpg"
    )
    avatars: bool = Field(
        True, description="the portrait scene shows a visitor's face painted anew; nothing is kept of it"
    )
    avatars_per_second: float = Field(
        2.0, gt=0, le=30, description="most often that a visitor's face is painted anew, times a second"
    )
    provider: Literal["auto", "cpu", "cuda", "tensorrt"] = Field(
        "auto", description="what runs the networks: auto (CUDA where there is one), cpu, cuda or tensorrt"
    )


class TranslationConfig(Section):
    """The picture repainted as a painting while it moves."""

    enabled: bool = Field(True, description="repaint what is drawn, a few times a second; false leaves it as it is")
    manner: Literal["network", "styles"] = Field(
        "network",
        description="network: the trained translation. styles: the manner of each emotion's paintings, as textures.styles",
    )
    model: str = Field("translate.onnx", description="network, a file in models/")
    per_second: float = Field(5.0, gt=0, le=60, description="most paintings a second")
    over: float = Field(
        0.5,
        ge=0,
        le=1,
        description="how far the picture becomes what the painter makes of it, 0 to 1; edges stay sharp",
    )
    behind: float = Field(
        0.1, ge=0, le=1, description="share of the painting itself behind the shapes, a late, soft echo, 0 to 1"
    )
    provider: Literal["auto", "cpu", "cuda"] = Field("auto", description="what runs the network: auto, cpu or cuda")


Number = Annotated[float, Field(allow_inf_nan=False)]


def _box(box: list[float]) -> list[float]:
    """Left, top, width and height inside [0, 1]; a hundred-thousandth over the border is rounding."""
    left, top, width, height = box
    if min(left, top) < 0 or min(width, height) < 0.01 or max(left + width, top + height) > 1.00001:
        raise PydanticCustomError(
            "box", "left, top, width, height must lie in 0 to 1 and be at least 0.01 wide and high"
        )
    return box


def _convex(corners: list[list[float]]) -> list[list[float]]:
    """Four corners, clockwise from the top left, that bend one way: only such a quadrangle is a square seen aslant."""
    for index in range(4):
        (ax, ay), (bx, by), (cx, cy) = (corners[(index + step) % 4] for step in range(3))
        if (bx - ax) * (cy - by) - (by - ay) * (cx - bx) < 1e-4:
            text = "the corners are written top left, top right, bottom right, bottom left, and none may point inwards"
            raise PydanticCustomError("corners", text)
    return corners


def _rectangular(grid: list[list[list[float]]]) -> list[list[list[float]]]:
    """No rows at all, or 2 to 17 rows of 2 to 17 points."""
    if grid and not (2 <= len(grid) <= 17 and 2 <= len(grid[0]) <= 17 and len({len(row) for row in grid}) == 1):
        raise PydanticCustomError("grid", "a grid has 2 to 17 rows, each with the same 2 to 17 points [x, y]")
    return grid


Box = Annotated[list[Number], Field(min_length=4, max_length=4), AfterValidator(_box)]
_Corner = Annotated[list[Annotated[float, Field(ge=-1, le=2)]], Field(min_length=2, max_length=2)]
Corners = Annotated[list[_Corner], Field(min_length=4, max_length=4), AfterValidator(_convex)]
_Offset = Annotated[list[Annotated[float, Field(ge=-1, le=1)]], Field(min_length=2, max_length=2)]
Grid = Annotated[list[list[_Offset]], AfterValidator(_rectangular)]
EdgeWidth = Annotated[float, Field(ge=0, le=1)]
TestPattern = Literal["none", "grid", "ramp", "colour"]


class EdgesConfig(Section):
    """How wide a screen's soft edges are, as shares of the whole picture's width or height."""

    left: EdgeWidth = 0.0
    top: EdgeWidth = 0.0
    right: EdgeWidth = 0.0
    bottom: EdgeWidth = 0.0


class ScreenConfig(Section):
    """One projector or display: which part of the picture it shows, where, and how it is bent and coloured.

    docs/output.md is its guide; a test keeps it complete.
    """

    name: str = Field("", pattern=r"^[\w \-]{0,16}$", description="stands in the test pattern")
    picture: Box = Field(
        default_factory=lambda: [0.0, 0.0, 1.0, 1.0],
        description="part of the picture: left, top, width, height; 1 is the whole",
    )
    place: Box = Field(
        default_factory=lambda: [0.0, 0.0, 1.0, 1.0],
        description="place in the window: left, top, width, height; 1 is the whole",
    )
    rotation: Literal[0, 90, 180, 270] = Field(0, description="turns the picture clockwise, degrees")
    mirror: Literal["none", "horizontal", "vertical"] = Field(
        "none", description="horizontal for projection from behind, vertical for a mirror under the lens"
    )
    corners: Corners = Field(
        default_factory=lambda: [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]],
        description="corners in the place (0 to 1 each way): top left, top right, bottom right, bottom left",
    )
    grid: Grid = Field(
        default_factory=list,
        description="rows of points [x, y]: how far each is moved, in shares of the place; evenly spread over it",
    )
    bend: Literal["smooth", "straight"] = Field("smooth", description="how the grid goes on between its points")
    edges: EdgesConfig = Field(
        default_factory=EdgesConfig,
        description="soft edges left, top, right, bottom: width of the overlap as share of the whole picture",
    )
    edge_curve: float = Field(
        2.0, ge=1, le=6, description="1 fades light evenly through a soft edge, more is steeper in its middle"
    )
    gamma: float = Field(
        1.0, ge=0.3, le=3, description="the display's exponent against sRGB's; above 1 brightens the middle tones"
    )
    brightness: float = Field(1.0, ge=0, le=2, description="light against full; above 1 clips")
    gains: Annotated[list[Annotated[float, Field(ge=0, le=2)]], Field(min_length=3, max_length=3)] = Field(
        default_factory=lambda: [1.0, 1.0, 1.0], description="light of red, green and blue"
    )
    black: float = Field(
        0.0, ge=0, le=0.2, description="light added outside soft edges, where two projectors' blacks do not add up"
    )


def _which_display(display: int | str) -> int | str:
    if display != "all" and (isinstance(display, str) or not 0 <= display <= 15):
        raise PydanticCustomError("display", "a display is a number from 0 to 15, or all")
    return display


class OutputConfig(Section):
    """The window and the picture."""

    mode: Literal["auto", "fullscreen", "window", "offscreen"] = Field(
        "auto", description="auto (fullscreen where there is a display), fullscreen, window or offscreen"
    )
    width: int = Field(1280, ge=64, le=7680, description="window or offscreen width, pixels")
    height: int = Field(720, ge=64, le=4320, description="window or offscreen height, pixels")
    display: Annotated[int | str, AfterValidator(_which_display)] = Field(
        0, description="which screen, counted from 0; all spans one window over all of them"
    )
    fps: float = Field(60.0, ge=1, le=240, description="pictures a second aimed at")
    software_fps: float = Field(25.0, ge=1, le=240, description="the same where the processor draws (no GPU)")
    vsync: bool = Field(True, description="wait for the screen, against tearing")
    render_scale: float = Field(
        0.0, ge=0, le=2, description="size of the inner picture against the window; 0 chooses for the machine"
    )
    quality: Literal["auto", "low", "medium", "high", "ultra"] = Field(
        "auto", description="auto moves resolution and detail with what pictures cost; low, medium, high, ultra stay"
    )
    background: Literal["black", "camera"] = Field("black", description="black or camera")
    bloom: float = Field(0.6, ge=0, le=2, description="glow around bright parts")
    exposure: float = Field(1.0, gt=0, le=8, description="brightness of the whole picture")
    hud: bool = Field(False, description="show the operator's figures from the start (key H)")
    screenshot_width: int = Field(
        0, ge=0, le=30720, description="width of key S's pictures, drawn in parts where larger; 0: as shown, pixels"
    )
    record_camera: bool = Field(
        False,
        description="videos and screenshots may show the camera's picture, so faces: only where visitors agreed",
    )
    test_pattern: TestPattern = Field(
        "none", description="none, grid (geometry), ramp (greys and gamma) or colour (key T)"
    )
    screens: list[ScreenConfig] = Field(
        default_factory=list,
        max_length=16,
        description="projectors with warp, soft edges and colour (key W, docs/output.md); empty: the plain picture",
    )


class VideoConfig(Section):
    """Videos of the picture: key V, /video over OSC, a pose, or --video FILE. See docs/recording.md."""

    fps: float = Field(30.0, ge=1, le=120, description="pictures a second, at most as many as are drawn")
    width: int = Field(0, ge=0, le=7680, description="width of the video; 0: as shown, pixels")
    quality: int = Field(20, ge=0, le=51, description="x264's constant rate factor: lower is better and larger")
    threads: int = Field(1, ge=1, le=64, description="processor threads for encoding")
    file_minutes: float = Field(10.0, ge=0.05, le=1440, description="after this long a new file begins, minutes")
    file_mb: float = Field(2000.0, ge=1, le=100000, description="from this size on a new file begins, megabytes")
    keep_free_mb: float = Field(
        1000.0, ge=0, le=1e7, description="recording ends when the disk has less room than this, megabytes"
    )


HostName = Annotated[str, StringConstraints(min_length=1, max_length=253, pattern=r"^[^\s/]+$")]


_PREFIX = r"(/[A-Za-z0-9_\-]+)"
OscPattern = Annotated[
    # Whole brackets and braces only; showcontrol/patterns.py says what they mean.
    str,
    StringConstraints(
        max_length=200,
        pattern=r"^/([^\s#,\[\]{}]|\[(![^\[\]{}/\s#]|[^!\[\]{}/\s#])[^\[\]{}/\s#]*\]|\{[^\[\]{}/\s#?*]+\})*$",
    ),
]
"""An OSC address pattern such as /mien/person/*/valence; ?, *, [a-c], {sad,happy} and // for any levels."""


class OscTarget(Section):
    """One receiver of OSC."""

    host: HostName = Field(description="name or address of the receiver")
    port: int = Field(ge=1, le=65535, description="port of the receiver")
    prefix: str = Field(
        "", pattern=rf"^{_PREFIX}*$", description="every address starts with this; empty: osc.prefix", max_length=100
    )
    rate: float = Field(
        60.0,
        ge=0,
        le=240,
        description="bundles a second, at a steady pace with the newest values; 0: one at once for each processed frame",
    )
    addresses: list[OscPattern] = Field(
        default_factory=list,
        max_length=64,
        description="which addresses are sent, as OSC patterns such as /mien/group/*; empty: all but joints",
    )
    protocol: Literal["udp", "tcp"] = Field("udp", description="udp, or tcp with SLIP frames (OSC 1.1)")
    set: Literal["mien", "faceosc", "wekinator", "vmc"] = Field(
        "mien", description="whose messages: mien, or those of FaceOSC, to Wekinator or to a VMC avatar"
    )


class OscConfig(Section):
    """Messages to sound and light."""

    enabled: bool = Field(True, description="send OSC")
    prefix: str = Field("/mien", pattern=rf"^{_PREFIX}+$", description="every address starts with this")
    targets: list[OscTarget] = Field(
        default_factory=lambda: [OscTarget(host="127.0.0.1", port=9101)],
        max_length=32,
        description="who listens: a list of host and port, and what else docs/osc.md names (rate, addresses, tcp, sets)",
    )
    listen_host: HostName = Field(
        "127.0.0.1", description="where commands may come from: 127.0.0.1 this machine, 0.0.0.0 the whole network"
    )
    listen_port: int = Field(9100, ge=0, le=65535, description="UDP port for commands; 0 listens to nobody")
    health_s: float = Field(1.0, ge=0.1, le=60, description="seconds between two health messages")
    allow: list[Network] = Field(
        default_factory=lambda: list(PRIVATE_NETWORKS),
        max_length=64,
        description="networks whose machines may send commands and ask; as shipped this machine and private ones",
    )


class LogConfig(Section):
    """What is written down."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="debug, info, warning or error")


FROM_NEXT_START = frozenset(
    {
        *(f"output.{name}" for name in ("mode", "width", "height", "display", "fps", "software_fps", "vsync")),
        "log.level",
    }
)
"""Settings whose change counts from the next start on; every other one counts at once."""


class Config(Section):
    """All settings."""

    capture: CaptureConfig = Field(default_factory=CaptureConfig)
    perception: PerceptionConfig = Field(default_factory=PerceptionConfig)
    emotion: EmotionConfig = Field(default_factory=EmotionConfig)
    body: BodyConfig = Field(default_factory=BodyConfig)
    poses: PosesConfig = Field(default_factory=PosesConfig)
    smoothing: SmoothingConfig = Field(default_factory=SmoothingConfig)
    group: GroupConfig = Field(default_factory=GroupConfig)
    scene: SceneConfig = Field(default_factory=SceneConfig)
    look: LookConfig = Field(default_factory=LookConfig)
    textures: TexturesConfig = Field(default_factory=TexturesConfig)
    translation: TranslationConfig = Field(default_factory=TranslationConfig)
    output: OutputConfig = Field(default_factory=OutputConfig)
    video: VideoConfig = Field(default_factory=VideoConfig)
    osc: OscConfig = Field(default_factory=OscConfig)
    oscquery: OscQueryConfig = Field(default_factory=OscQueryConfig)
    lights: LightsConfig = Field(default_factory=LightsConfig)
    midi: MidiConfig = Field(default_factory=MidiConfig)
    log: LogConfig = Field(default_factory=LogConfig)
