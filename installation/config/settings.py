"""All settings of config.yaml: one pydantic model a section.

Every setting has a description (it becomes the row in docs/config.md) and bounds.
"""

from __future__ import annotations

from pydantic import Field

from installation.config.capture import CaptureConfig
from installation.config.emotion import BodyConfig, EmotionConfig, GroupConfig, SmoothingConfig
from installation.config.generation import GenerationConfig, RepaintingConfig
from installation.config.guard import GuardConfig, LogConfig
from installation.config.hours import HoursConfig
from installation.config.lights import LightsConfig, MidiConfig
from installation.config.look import LookConfig
from installation.config.notice import NoticeConfig
from installation.config.osc import OscConfig
from installation.config.oscquery import OscQueryConfig
from installation.config.output import OutputConfig, VideoConfig
from installation.config.perception import PerceptionConfig
from installation.config.picture import PictureConfig
from installation.config.poses import PosesConfig
from installation.config.rehearsal import RehearsalConfig
from installation.config.scene import SceneConfig
from installation.config.section import Section

NEEDS_RESTART = frozenset(
    {
        *(f"output.{name}" for name in ("mode", "width", "height", "display", "vsync")),
        *(f"log.{name}" for name in ("level", "file", "file_mb", "keep_files", "keep_days")),
        *(f"guard.{name}" for name in GuardConfig.model_fields),
    }
)
"""Settings that need a restart; every other one takes effect at once."""


class Config(Section):
    """All settings."""

    capture: CaptureConfig = Field(default_factory=CaptureConfig)
    rehearsal: RehearsalConfig = Field(default_factory=RehearsalConfig)
    perception: PerceptionConfig = Field(default_factory=PerceptionConfig)
    emotion: EmotionConfig = Field(default_factory=EmotionConfig)
    body: BodyConfig = Field(default_factory=BodyConfig)
    poses: PosesConfig = Field(default_factory=PosesConfig)
    smoothing: SmoothingConfig = Field(default_factory=SmoothingConfig)
    group: GroupConfig = Field(default_factory=GroupConfig)
    notice: NoticeConfig = Field(default_factory=NoticeConfig)
    scene: SceneConfig = Field(default_factory=SceneConfig)
    look: LookConfig = Field(default_factory=LookConfig)
    generation: GenerationConfig = Field(default_factory=GenerationConfig)
    picture: PictureConfig = Field(default_factory=PictureConfig)
    repainting: RepaintingConfig = Field(default_factory=RepaintingConfig)
    output: OutputConfig = Field(default_factory=OutputConfig)
    video: VideoConfig = Field(default_factory=VideoConfig)
    osc: OscConfig = Field(default_factory=OscConfig)
    oscquery: OscQueryConfig = Field(default_factory=OscQueryConfig)
    lights: LightsConfig = Field(default_factory=LightsConfig)
    midi: MidiConfig = Field(default_factory=MidiConfig)
    guard: GuardConfig = Field(default_factory=GuardConfig)
    log: LogConfig = Field(default_factory=LogConfig)
    hours: HoursConfig = Field(default_factory=HoursConfig)
