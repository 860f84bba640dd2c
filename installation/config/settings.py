"""All settings of config.yaml: one pydantic model a section.

Every setting has a description (it becomes the row in docs/reference/config.md) and bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from installation.config.capture import CaptureConfig
from installation.config.cues import CuesConfig
from installation.config.desk import DeskConfig
from installation.config.emotion import BodyConfig, EmotionConfig, GroupConfig, SmoothingConfig
from installation.config.eyes import EyesConfig
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
from installation.config.sound import SoundConfig
from installation.config.tempo import TempoConfig
from installation.config.wall import WallConfig

NEEDS_RESTART = frozenset(
    {
        *(f"output.{name}" for name in ("mode", "width", "height", "display", "vsync")),
        *(f"log.{name}" for name in ("level", "file", "file_mb", "keep_files", "keep_days")),
        *(f"guard.{name}" for name in GuardConfig.model_fields),
        *(f"desk.{name}" for name in DeskConfig.model_fields),
        *(f"wall.{name}" for name in ("lead", "follow", "key")),
        "eyes.publish",
    }
)
"""Settings that need a restart; every other one takes effect at once."""


class Config(Section):
    """All settings."""

    capture: CaptureConfig = Field(default_factory=CaptureConfig)
    eyes: EyesConfig = Field(default_factory=EyesConfig)
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
    tempo: TempoConfig = Field(default_factory=TempoConfig)
    sound: SoundConfig = Field(default_factory=SoundConfig)
    guard: GuardConfig = Field(default_factory=GuardConfig)
    log: LogConfig = Field(default_factory=LogConfig)
    hours: HoursConfig = Field(default_factory=HoursConfig)
    desk: DeskConfig = Field(default_factory=DeskConfig)
    cues: CuesConfig = Field(default_factory=CuesConfig)
    wall: WallConfig = Field(default_factory=WallConfig)


def changed_sections(old: Config, new: Config) -> dict[str, Any]:
    """All that ``new`` says in the sections in which it differs from ``old``, in plain types."""
    names = [name for name in Config.model_fields if getattr(old, name) is not getattr(new, name)]
    return {name: getattr(new, name).model_dump() for name in names if getattr(old, name) != getattr(new, name)}


def with_sections(config: Config, sections: Mapping[str, Any]) -> Config:
    """``config`` with what ``changed_sections`` gave in its place; only these are checked. KeyError for what is no
    section."""
    found = {}
    for name, value in sections.items():
        kind = Config.model_fields[name].annotation
        assert kind is not None
        found[name] = kind.model_validate(value)
    return config.model_copy(update=found)


def waiting_for_restart(started: Config, config: Config) -> list[str]:
    """The settings of NEEDS_RESTART that differ from those the piece was started with."""

    def value(of: Config, name: str) -> object:
        section, setting = name.split(".")
        return getattr(getattr(of, section), setting)

    return sorted(name for name in NEEDS_RESTART if value(started, name) != value(config, name))
