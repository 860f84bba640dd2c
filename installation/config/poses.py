"""The artist's own poses and hand gestures."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from installation.config.section import ARTIST, NOT_FROM_NETWORK, Section
from installation.live_commands.table import VISITOR, command_names
from installation.types import EMOTIONS

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
            there = f"there are {', '.join(EMOTIONS)}"
            hint = f"did you mean {near[0]!r}? ({there})" if near else there
            raise PydanticCustomError("emotion", "{name} is no emotion; {hint}", {"name": repr(name), "hint": hint})
        if not 0 <= weight <= 1:
            text = {"name": name, "weight": f"{weight:g}"}
            raise PydanticCustomError("emotion_weight", "{name} is {weight}; a weight is from 0 to 1", text)
    if not sum(mixture.values()) > 0:
        raise PydanticCustomError("emotion_weight", "a mixture needs an emotion above 0, such as happy: 1.0")
    return mixture


PoseMixture = Annotated[dict[str, float], AfterValidator(_mixture)]
POSE_COMMANDS = command_names(VISITOR)
"""What a pose may ask for."""


def _pose_command(name: str) -> str:
    if name not in POSE_COMMANDS:
        near = get_close_matches(name, POSE_COMMANDS, 1)
        hint = f"did you mean '{near[0]}'? " if near else ""
        text = "{hint}a pose may ask for {names}"
        raise PydanticCustomError("pose_command", text, {"hint": hint, "names": ", ".join(POSE_COMMANDS)})
    return name


PoseCommand = Annotated[str, Field(json_schema_extra={"enum": list(POSE_COMMANDS)}), AfterValidator(_pose_command)]


class PosesConfig(Section):
    """The artist's own poses and hand gestures: what they mean and what they do. See docs/poses.md."""

    data: str = Field("poses/poses.csv", min_length=1, description="the table that recorded poses are written to")
    model: str = Field(
        "poses/poses.onnx", min_length=1, description="the trained poses; a new file takes effect without a restart"
    )
    weight: float = Field(1.0, ge=0, le=10, description="how much a pose or gesture counts, beside face and body")
    threshold: float = Field(0.6, gt=0, le=1, description="how sure a pose must be before it counts")
    meanings: Annotated[dict[str, PoseMixture], AfterValidator(_labelled)] = Field(
        default_factory=dict,
        max_length=200,
        description="what a pose or gesture means: a label and its emotions, such as arms_up: {happy: 0.7, surprise: 0.3}",
        json_schema_extra=ARTIST,
    )
    commands: Annotated[dict[str, PoseCommand], AfterValidator(_labelled)] = Field(
        default_factory=dict,
        max_length=200,
        description=f"what a pose or gesture does: a label and one of {', '.join(POSE_COMMANDS)}",
        json_schema_extra=ARTIST,
    )
    record_label: str = Field(
        "pose",
        min_length=1,
        max_length=32,
        pattern=rf"^{POSE_LABEL}$",
        description="what key R, the record command or OSC without a label record",
    )
    record_person: str = Field(
        "p1",
        pattern=r"^\w[\w\-]{0,31}$",
        description="made-up name of who is being recorded, never a real one",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    countdown_s: float = Field(
        3.0,
        ge=0,
        le=60,
        description="seconds to get into a pose before it is recorded",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    record_s: float = Field(
        6.0, ge=0.5, le=600, description="seconds that one take lasts", json_schema_extra=NOT_FROM_NETWORK
    )
    hold_s: float = Field(1.0, ge=0, le=30, description="for how long a pose must be held before its command, seconds")
    cooldown_s: float = Field(5.0, ge=0, le=600, description="seconds between two commands of the same kind")
