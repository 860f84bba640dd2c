"""From what is seen to a calm emotion: fusion, body, smoothing, group."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from installation.config.section import ARTIST, Section


def _weight(emotion: str) -> float:
    found: float = Field(0.0, ge=0, le=1, description=f"{emotion}: share among the seven; all at 0: as the plane says")
    return found


class ManualConfig(Section):
    """A mood set by hand, over what is read of everybody; also with nobody there, and where no emotions are read: it is no
    reading of anybody. It eases in as an expression does, and /manual tells that it is by hand (docs/rehearsal.md)."""

    default_level = "artist"

    enabled: bool = Field(
        False, description="whether the mood is set by hand: of everybody, and with nobody there as well"
    )
    strength: float = Field(
        1.0,
        ge=0,
        le=1,
        description="how far it counts: 0 what is read, 1 nothing but what is set here; fade it in and out",
    )
    valence: float = Field(0.0, ge=-1, le=1, description="unpleasant to pleasant: the plane's one side")
    arousal: float = Field(0.0, ge=-1, le=1, description="calm to excited: the plane's other side")
    angry: float = _weight("angry")
    disgust: float = _weight("disgust")
    fear: float = _weight("fear")
    happy: float = _weight("happy")
    sad: float = _weight("sad")
    surprise: float = _weight("surprise")
    neutral: float = _weight("neutral")


class EmotionConfig(Section):
    """Whether emotions are read, and how face and body become one."""

    enabled: bool = Field(
        True,
        description="read emotions; false: the piece lives from motion, posture and place alone, nothing is computed of "
        "expressions or moods and no address, lamp or file has any (docs/body.md)",
        json_schema_extra=ARTIST,
    )

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
    depicted_strength: float = Field(
        1.0,
        ge=0,
        le=1,
        description="while a drawing is held into the camera (perception.drawings): how far the scene wears what it depicts in "
        "the place of what visitors show; a mood set by hand goes before it",
    )
    depicted_fade_s: float = Field(
        0.8, ge=0, le=20, description="time constant in which that comes when a drawing is held up, and goes, seconds"
    )
    manual: ManualConfig = Field(default_factory=ManualConfig, description="a mood set by hand")


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

    calmness: float = Field(
        1.0,
        ge=0.2,
        le=8,
        description="factor: multiplies emotion_s, affect_s, label_hold_s and scene.response_s, divides min_cutoff_hz; 2 is "
        "twice as calm",
        json_schema_extra=ARTIST,
    )
    emotion_s: float = Field(
        0.18,
        ge=0.01,
        le=10,
        description="seconds for the emotions' probabilities to go 63 % of a change, times calmness; longer forgives more "
        "wrong readings",
    )
    affect_s: float = Field(
        0.12,
        ge=0.01,
        le=10,
        description="seconds for valence and arousal to go 63 % of a change, times calmness; about their lag",
    )
    min_cutoff_hz: float = Field(
        0.8,
        gt=0,
        le=30,
        description="place, energy, openness (One Euro): lower is calmer when little moves, by calmness, hertz",
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
    label_least: float = Field(
        0.35,
        ge=0,
        le=1,
        description="an emotion less likely than this does not become the label; where none reaches it, neutral does",
    )
    label_hold_s: float = Field(
        0.08, ge=0, le=10, description="for how long another emotion must lead, times calmness, seconds"
    )
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
