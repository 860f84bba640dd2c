"""What the piece reads in a film: every person in every frame that is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np

from installation.base.names import name_for_native_code
from installation.config.settings import Config
from installation.emotion.fusion import EmotionEstimator
from installation.emotion.smoothing import Smoother
from installation.evaluation.presence import STILLS, EvaluationError, Perceives, clip_frames
from installation.types import ByteArray, EmotionEstimate, EmotionState, FloatArray, Person

STILL_FRAMES = 50
"""A still is shown for two seconds."""
THUMBNAIL_PX = 72
THUMBNAILS = 48


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One person at one moment.

    ``expression`` (7,) is what the network read in the face, None without a face, and ``fresh`` says that it was read in
    this very frame and not given again. ``quality`` and ``sure`` [0, 1]: of the face, and of the estimate before it is
    smoothed (0 while the person is only fading out). ``state`` is what the piece shows.
    """

    expression: FloatArray | None
    fresh: bool
    quality: float
    sure: float
    state: EmotionState


@dataclass(frozen=True, slots=True, eq=False)
class ReadFrame:
    """Everybody in one frame, by id. ``failed``: perception raised an error."""

    frame: int
    t_s: float
    people: dict[int, Reading]
    failed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Thumbnail:
    """A frame of the film, THUMBNAIL_PX high."""

    t_s: float
    rgb: ByteArray


@dataclass(frozen=True, slots=True, eq=False)
class TimeLine:
    """What was read in a film of ``frames`` frames, ``end_s`` seconds long. ``moments`` are those looked at, at least one."""

    name: str
    frames: int
    end_s: float
    moments: tuple[ReadFrame, ...]
    thumbnails: tuple[Thumbnail, ...] = ()

    @property
    def ids(self) -> list[int]:
        """Of everybody who was ever seen, in rising order."""
        return sorted({key for moment in self.moments for key in moment.people})

    @property
    def step_s(self) -> float:
        """Between two moments, seconds."""
        return self.end_s / len(self.moments)

    def labels(self, person_id: int) -> list[tuple[str, float, float]]:
        """(label, from, to) in seconds, of a person, one after the other; a gap between them where nobody is there."""
        runs: list[tuple[str, float, float]] = []
        labelled = [
            (moment, moment.people[person_id].state.label if person_id in moment.people else None)
            for moment in self.moments
        ]
        for label, group in groupby(labelled, key=lambda pair: pair[1]):
            of_run = [moment.t_s for moment, _ in group]
            if label is not None:
                runs.append((label, of_run[0], min(of_run[-1] + self.step_s, self.end_s)))
        return runs


def count_frames(path: Path) -> int:
    """Frames that a film really has (its head may lie); STILL_FRAMES for a still. Raises EvaluationError for none."""
    if path.suffix.lower() in STILLS:
        return STILL_FRAMES
    with name_for_native_code(path) as name:
        film, count = cv2.VideoCapture(name, cv2.CAP_FFMPEG), 0
    while film.grab():
        count += 1
    film.release()
    if count == 0:
        raise EvaluationError(f"{path}: cannot be read as a film; is the file complete?")
    return count


def watch(path: Path, perceiver: Perceives, config: Config, every: int = 1) -> TimeLine:
    """Everything read in every ``every``-th frame of a film or still, mirrored as capture does it.

    Where perception raises RuntimeError nobody is seen in that frame, which is marked as failed. Raises EvaluationError.
    """
    frames = count_frames(path)
    estimator = EmotionEstimator(config.emotion, config.body, config.poses)
    smoother = Smoother(config.smoothing)
    moments, thumbnails, last_s = [], [], 0.0
    shown = set(np.linspace(0, frames - 1, min(THUMBNAILS, frames)).astype(int).tolist())
    read: dict[int, FloatArray] = {}
    for frame in clip_frames(path, frames):
        last_s = frame.t_s
        if frame.seq in shown:
            thumbnails.append(Thumbnail(frame.t_s, _thumbnail(frame.rgb)))
        if frame.seq % every != 0:
            continue
        try:
            observation = perceiver.perceive(frame)
        except RuntimeError:
            moments.append(
                ReadFrame(frame.seq, frame.t_s, _people((), (), smoother.advance(frame.t_s), read), failed=True)
            )
            continue
        estimates = estimator.estimate(observation)
        states = smoother.update(estimates, frame.t_s)
        moments.append(ReadFrame(frame.seq, frame.t_s, _people(observation.people, estimates, states, read)))
    # The last frame lasts as long as the others.
    end_s = last_s * frames / (frames - 1) if frames > 1 else 1.0
    return TimeLine(path.name, frames, end_s, tuple(moments), tuple(thumbnails))


def _people(
    people: Sequence[Person],
    estimates: Sequence[EmotionEstimate],
    states: Sequence[EmotionState],
    read: dict[int, FloatArray],
) -> dict[int, Reading]:
    """One reading for each state; ``read`` holds each person's last expression and is brought up to date."""
    here = {person.id: person for person in people}
    sure = {estimate.person_id: estimate.confidence for estimate in estimates}
    out = {}
    for state in states:
        person = here.get(state.person_id)
        expression = person.expression if person is not None else None
        before = read.get(state.person_id)
        # Perception gives a face again, in the same array, until it read a new one.
        fresh = expression is not None and (before is None or expression is not before)
        if expression is not None:
            read[state.person_id] = expression
        quality = person.face_quality if person is not None else 0.0
        out[state.person_id] = Reading(expression, fresh, quality, sure.get(state.person_id, 0.0), state)
    return out


def _thumbnail(rgb: ByteArray) -> ByteArray:
    width = min(max(1, round(THUMBNAIL_PX * rgb.shape[1] / rgb.shape[0])), 4 * THUMBNAIL_PX)
    return np.asarray(cv2.resize(rgb, (width, THUMBNAIL_PX), interpolation=cv2.INTER_AREA), np.uint8)
