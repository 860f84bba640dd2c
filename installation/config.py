"""The artist's settings: one pydantic model a section. ``config_file.py`` reads them from config.yaml.

Every setting has a description (it becomes the comment in config.yaml and the row in docs/config.md) and bounds.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from installation.scene_files import SceneFileError, load_scene, scene_names
from installation.types import EMOTIONS


class Section(BaseModel):
    """Base of all sections: unknown settings are errors, values are frozen and their types strict."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, validate_default=True)


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
PoseCommand = Literal["clear", "snapshot", "next_scene", "record"]


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
        description="what a pose or gesture does: a label and clear, snapshot, next_scene or record",
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
    provider: Literal["auto", "cpu", "cuda"] = Field("auto", description="what runs the networks: auto, cpu or cuda")


class OutputConfig(Section):
    """The window and the picture."""

    mode: Literal["auto", "fullscreen", "window", "offscreen"] = Field(
        "auto", description="auto (fullscreen where there is a display), fullscreen, window or offscreen"
    )
    width: int = Field(1280, ge=64, le=7680, description="window or offscreen width, pixels")
    height: int = Field(720, ge=64, le=4320, description="window or offscreen height, pixels")
    display: int = Field(0, ge=0, le=15, description="which screen")
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


HostName = Annotated[str, StringConstraints(min_length=1, max_length=253, pattern=r"^[^\s/]+$")]


class OscTarget(Section):
    """One receiver of OSC."""

    host: HostName = Field(description="name or address of the receiver")
    port: int = Field(ge=1, le=65535, description="UDP port of the receiver")


class OscConfig(Section):
    """Messages to sound and light."""

    enabled: bool = Field(True, description="send OSC")
    prefix: str = Field("/mien", pattern=r"^(/[A-Za-z0-9_\-]+)+$", description="every address starts with this")
    targets: list[OscTarget] = Field(
        default_factory=lambda: [OscTarget(host="127.0.0.1", port=9101)],
        max_length=32,
        description="who listens: a list of host and port",
    )
    listen_host: HostName = Field(
        "127.0.0.1", description="where commands may come from: 127.0.0.1 this machine, 0.0.0.0 the whole network"
    )
    listen_port: int = Field(9100, ge=0, le=65535, description="UDP port for commands; 0 listens to nobody")
    health_s: float = Field(1.0, ge=0.1, le=60, description="seconds between two health messages")


class LogConfig(Section):
    """What is written down."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="debug, info, warning or error")


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
    textures: TexturesConfig = Field(default_factory=TexturesConfig)
    output: OutputConfig = Field(default_factory=OutputConfig)
    osc: OscConfig = Field(default_factory=OscConfig)
    log: LogConfig = Field(default_factory=LogConfig)
