"""The artist's settings: one pydantic model a section. ``config_file.py`` reads them from config.yaml.

Every setting has a description (it becomes the comment in config.yaml and the row in docs/config.md) and bounds.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


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


class SmoothingConfig(Section):
    """How calmly the piece follows a visitor; all times in seconds."""

    min_cutoff_hz: float = Field(0.8, gt=0, le=30, description="One Euro: lower is calmer when little moves, hertz")
    beta: float = Field(1.5, ge=0, le=100, description="One Euro: higher follows quick changes sooner")
    derivative_cutoff_hz: float = Field(
        1.0, gt=0, le=30, description="One Euro: smoothing of the speed estimate, hertz"
    )
    label_margin: float = Field(
        0.08, ge=0, le=1, description="how much more likely another emotion must be before the label changes"
    )
    label_hold_s: float = Field(0.35, ge=0, le=10, description="for how long it must stay so, seconds")
    fade_in_s: float = Field(0.3, ge=0, le=30, description="seconds for a new visitor to fade in")
    fade_out_s: float = Field(2.0, ge=0, le=60, description="seconds for a visitor who left to fade out")


class SceneConfig(Section):
    """What is drawn."""

    name: Literal["blossom", "sculpture"] = Field(
        "blossom", description="blossom (instanced petals and crystals) or sculpture (a signed-distance body)"
    )
    shape_count: int = Field(144, ge=1, le=4000, description="instances in blossom")
    response_s: float = Field(0.25, ge=0.01, le=10, description="seconds for the shapes to answer 63 % of a change")
    scene_fade_s: float = Field(1.5, ge=0, le=30, description="seconds of cross-fade when the scene changes")
    follow: float = Field(0.8, ge=0, le=1, description="how far the shape follows the visitor across the screen")


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
    smoothing: SmoothingConfig = Field(default_factory=SmoothingConfig)
    scene: SceneConfig = Field(default_factory=SceneConfig)
    textures: TexturesConfig = Field(default_factory=TexturesConfig)
    output: OutputConfig = Field(default_factory=OutputConfig)
    osc: OscConfig = Field(default_factory=OscConfig)
    log: LogConfig = Field(default_factory=LogConfig)
