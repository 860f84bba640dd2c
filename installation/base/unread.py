"""What is left of an observation where emotions are not read (``emotion.enabled`` is false)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from installation.base import landmarks as lm
from installation.types import FloatArray, Observation, Person, read_only

PLACE_POINTS = [lm.FOREHEAD, lm.CHIN, lm.RIGHT_CHEEK, lm.LEFT_CHEEK, lm.RIGHT_EYE_CORNER, lm.LEFT_EYE_CORNER]
"""Forehead, chin, both cheeks and the eyes' outer corners among MediaPipe's face landmarks: where a head is, how large, and
where it turns. Mouth, brows, lids and gaze are not among them."""


def place_of_face(face: FloatArray) -> FloatArray:
    """(478, 3) face landmarks: PLACE_POINTS as they are, all others in the middle of these, so that no expression is left."""
    kept = face[PLACE_POINTS]
    plain = np.empty_like(face)
    plain[:] = kept.mean(axis=0)
    plain[PLACE_POINTS] = kept
    return np.asarray(read_only(plain))


def unread_person(person: Person) -> Person:
    """``person`` with body, place, gestures and poses, without anything that an emotion can be read from in a face."""
    face = place_of_face(person.face) if person.face is not None else None
    return replace(person, face=face, blendshapes=None, expression=None, face_quality=0.0)


def unread(observation: Observation) -> Observation:
    """``observation`` with everybody as ``unread_person`` leaves them, and without what a drawing depicts."""
    return replace(observation, people=tuple(unread_person(person) for person in observation.people), depicted=None)
