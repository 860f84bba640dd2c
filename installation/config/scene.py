"""What is drawn."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from installation.config.scene_files import SceneFileError, is_described, load_scene, lost_description, scene_names
from installation.config.section import ARTIST, Section


def _known_scene(value: str) -> str:
    if not is_described(value) and value not in (names := scene_names()):
        near = get_close_matches(value, names, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"
        hint = lost_description(value) or hint
        raise PydanticCustomError("scene", "there is no scene {name}; {hint}", {"name": repr(value), "hint": hint})
    return value


class PlaylistEntry(Section):
    """A scene of the playlist, and how long it stays. A name alone stays for three minutes."""

    scene: str = Field(description="the scene")
    seconds: float = Field(
        180.0, ge=5, le=86400, description="how long it stays; up to 1.5 times as long until it is calm"
    )

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: Any) -> Any:
        return {"scene": value} if isinstance(value, str) else value

    @field_validator("scene")
    @classmethod
    def _is_a_scene(cls, value: str) -> str:
        return _known_scene(value)


class SceneConfig(Section):
    """What is drawn."""

    name: str = Field(
        "blossom",
        description="the scene to begin with; docs/scenes.md shows them, keys N and SPACE change it",
        json_schema_extra=ARTIST,
    )
    pace: float = Field(
        1.0,
        ge=0.1,
        le=4,
        description="factor: multiplies look.*.motion.speed, so how fast everything moves; 1 as the look has it",
        json_schema_extra=ARTIST,
    )
    beat: float = Field(
        0.0,
        ge=0,
        le=1,
        description="how far motion follows the beat that is heard (section tempo): 0 not at all, 1 it surges with each",
        json_schema_extra=ARTIST,
    )
    size: float = Field(
        1.0,
        ge=0.3,
        le=2,
        description="factor: multiplies the shapes' size on the screen, where they stand; docs/scenes.md says what it does "
        "in each scene",
        json_schema_extra=ARTIST,
    )
    parameters: dict[str, dict[str, float]] = Field(
        default_factory=dict,
        description="numbers of a scene to change, such as blossom: {petals: 200}; the scene's .yaml file lists them",
        json_schema_extra=ARTIST,
    )
    response_s: float = Field(
        0.25, ge=0.01, le=10, description="seconds for the shapes to answer 63 % of a change; times smoothing.calmness"
    )
    scene_fade_s: float = Field(
        1.5, ge=0, le=30, description="seconds of cross-fade when the scene changes", json_schema_extra=ARTIST
    )
    follow: float = Field(
        0.8, ge=0, le=1, description="how far the shape follows the visitor across the screen", json_schema_extra=ARTIST
    )
    idle_next_s: float = Field(
        0.0,
        ge=0,
        le=86400,
        description="with nobody there for this long the next scene comes; 0: it stays, seconds",
        json_schema_extra=ARTIST,
    )
    playlist: list[PlaylistEntry] = Field(
        default_factory=list,
        max_length=64,
        description="scenes that follow one another by themselves, such as [{scene: blossom, seconds: 240}, aurora]; each goes "
        "when its time is over and the moment is calm; empty: the scene stays",
        json_schema_extra=ARTIST,
    )
    birth_hold_s: float = Field(
        0.6, ge=0, le=10, description="an emotion must last this long before a shape is born of it, seconds"
    )

    @field_validator("name")
    @classmethod
    def _is_a_scene(cls, value: str) -> str:
        return _known_scene(value)

    @field_validator("parameters")
    @classmethod
    def _are_parameters(cls, value: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        for name, changed in value.items():
            try:
                load_scene(name).values(changed)
            except (SceneFileError, ValueError) as error:
                raise PydanticCustomError("scene_parameter", "{reason}", {"reason": str(error)}) from error
        return value
