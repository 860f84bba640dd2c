"""Seeing bodies and faces."""

from __future__ import annotations

from pydantic import Field

from installation.config.section import Section


class PerceptionConfig(Section):
    """Seeing bodies and faces."""

    max_people: int = Field(6, ge=1, le=6, description="how many visitors are followed at once")
    budget_s: float = Field(
        0.05,
        ge=0.01,
        le=1,
        description="processor time for one camera picture; with more people each is looked at less often, seconds",
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
