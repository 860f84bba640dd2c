"""``run.py evaluate timeline FILE_OR_FOLDER``: what the piece reads in films, second by second.

Each film goes at its own pace through what runs in the piece: perception, the emotion of each person, smoothing. Printed is
a line a second; with --out a picture of each film is drawn. Nothing is judged here: the eye that looks at both does that.
docs/evaluation.md explains columns and pictures.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from installation.base.arguments import whole
from installation.base.model_files import ModelError
from installation.config.settings import Config
from installation.emotion.fusion import EmotionEstimator
from installation.emotion.smoothing import Smoother
from installation.evaluation.presence import STILLS, EvaluationError, Sees, clip_frames
from installation.types import EMOTIONS, ByteArray, EmotionEstimate, EmotionState, FloatArray, Person

FILMS = {".mp4", ".mov", ".mkv", ".avi", ".gif", ".webm", ".m4v"}
STILL_FRAMES = 50
"""A still is shown for two seconds."""
SHORT_S = 4.0
"""Films shorter than this have a line every half second."""
THUMBNAIL_PX = 72
THUMBNAILS = 48
HEAD = "     from     to  id  face  quality  read            smoothed        label      valence  arousal   sure"


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
class Moment:
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
    moments: tuple[Moment, ...]
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
    film, count = cv2.VideoCapture(str(path)), 0
    while film.grab():
        count += 1
    film.release()
    if count == 0:
        raise EvaluationError(f"{path}: cannot be read as a film; is the file complete?")
    return count


def watch(path: Path, perceiver: Sees, config: Config, every: int = 1) -> TimeLine:
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
                Moment(frame.seq, frame.t_s, _people((), (), smoother.advance(frame.t_s), read), failed=True)
            )
            continue
        estimates = estimator.estimate(observation)
        states = smoother.update(estimates, frame.t_s)
        moments.append(Moment(frame.seq, frame.t_s, _people(observation.people, estimates, states, read)))
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
    width = max(1, round(THUMBNAIL_PX * rgb.shape[1] / rgb.shape[0]))
    return np.asarray(cv2.resize(rgb, (width, THUMBNAIL_PX), interpolation=cv2.INTER_AREA), np.uint8)


def lines(line: TimeLine) -> Iterator[str]:
    """The time line as text: a line each second (or half) and person, then the labels one after the other."""
    failed = sum(moment.failed for moment in line.moments)
    yield (
        f"{line.name}: {line.end_s:.1f} s, {len(line.moments)} of {line.frames} frames looked at, "
        f"{len(line.ids) or 'nobody'} seen" + (f", perception failed in {failed}" if failed else "")
    )
    if not line.ids:
        return
    yield HEAD
    step_s = 0.5 if line.end_s < SHORT_S else 1.0
    for number in range(int(np.ceil(line.end_s / step_s - 1e-9))):
        begin_s, end_s = number * step_s, min((number + 1) * step_s, line.end_s)
        within = [moment for moment in line.moments if begin_s <= moment.t_s < end_s]
        for key in line.ids:
            readings = [moment.people[key] for moment in within if key in moment.people]
            if readings:
                yield f"{begin_s:9.1f} {end_s:6.1f}  {key:2d}  {_cells(readings, len(within))}"
    for key in line.ids:
        runs = ", ".join(f"{label} {begin_s:.1f}-{end_s:.1f}" for label, begin_s, end_s in line.labels(key))
        yield f"  id {key}: {runs}"


def _cells(readings: Sequence[Reading], moments: int) -> str:
    faces = [reading for reading in readings if reading.expression is not None]
    expressions = [reading.expression for reading in faces if reading.fresh and reading.expression is not None]
    read = _leader(np.mean(expressions, axis=0)) if expressions else "-"
    states = [reading.state for reading in readings]
    names = [state.label for state in states]
    label = max(EMOTIONS, key=names.count)
    quality = f"{np.mean([reading.quality for reading in faces]):.2f}" if faces else "-"
    means = [np.mean(values) for values in zip(*((s.valence, s.arousal) for s in states))]
    sure = np.mean([reading.sure for reading in readings])
    return (
        f"{100 * len(faces) / moments:3.0f}%  {quality:>7}  {read:<14}  "
        f"{_leader(np.mean([state.probabilities for state in states], axis=0)):<14}  {label:<9}  "
        f"{means[0]:+7.2f}  {means[1]:+7.2f}  {sure:5.2f}"
    )


def _leader(probabilities: Any) -> str:
    first = int(np.argmax(probabilities))
    return f"{EMOTIONS[first]:<9}{probabilities[first]:.2f}"


def as_json(line: TimeLine) -> dict[str, Any]:
    """A time line as plain data, every moment of it."""

    def plain(reading: Reading) -> dict[str, Any]:
        state, raw = reading.state, reading.expression
        return {
            "expression": None if raw is None else [round(float(share), 4) for share in raw],
            "fresh": reading.fresh,
            "quality": round(reading.quality, 4),
            "sure": round(reading.sure, 4),
            "smoothed": [round(float(share), 4) for share in state.probabilities],
            "valence": round(state.valence, 4),
            "arousal": round(state.arousal, 4),
            "presence": round(state.presence, 4),
            "label": state.label,
        }

    moments = [
        {
            "frame": moment.frame,
            "t_s": round(moment.t_s, 4),
            "failed": moment.failed,
            "people": {str(key): plain(reading) for key, reading in moment.people.items()},
        }
        for moment in line.moments
    ]
    return {"film": line.name, "frames": line.frames, "end_s": round(line.end_s, 4), "moments": moments}


def films_in(path: Path) -> list[Path]:
    """The film itself, or the films and stills of a folder by name. Raises EvaluationError where there are none."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise EvaluationError(f"{path}: is neither a film nor a folder of films")
    found = sorted(file for file in path.iterdir() if file.suffix.lower() in FILMS | STILLS)
    if not found:
        raise EvaluationError(f"{path}: holds no film or still ({', '.join(sorted(FILMS | STILLS))})")
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run.py evaluate timeline", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("films", type=Path, metavar="FILE_OR_FOLDER", help="a film, a still, or a folder of them")
    parser.add_argument("--out", type=Path, metavar="DIR", help="draw a picture NAME.png of each film there")
    parser.add_argument("--no-pictures", action="store_true", help="draw without frames of the film")
    parser.add_argument("--every", type=whole, default=1, metavar="N", help="look at every N-th frame only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every moment there, too")
    parser.add_argument(
        "--compare-crops", action="store_true", help="instead, compare ways to cut out a face and set its contrast"
    )
    return parser


def run(arguments: argparse.Namespace, make: Callable[[], Sees]) -> None:
    """Print, draw and write. Raises EvaluationError or ModelError."""
    from installation.evaluation import timeline_picture

    films = films_in(arguments.films)
    if arguments.json is not None and not arguments.json.parent.is_dir():
        raise EvaluationError(f"--json {arguments.json}: its folder is missing")
    if arguments.out is not None:
        arguments.out.mkdir(parents=True, exist_ok=True)
    documents = []
    for film in films:
        perceiver = make()
        try:
            line = watch(film, perceiver, Config(), arguments.every)
        finally:
            perceiver.close()
        print("\n".join(lines(line)) + "\n", flush=True)
        documents.append(as_json(line))
        if arguments.out is not None:
            timeline_picture.draw(line, arguments.out / f"{film.stem}.png", thumbnails=not arguments.no_pictures)
    if arguments.json is not None:
        document = {"emotions": EMOTIONS, "every": arguments.every, "films": documents}
        arguments.json.write_text(json.dumps(document) + "\n", encoding="utf-8")


def main(argv: Sequence[str], make: Callable[[], Sees] | None = None) -> int:
    """Run the command; gives 0, or 2 for bad input.

    ``make`` builds what sees, a fresh one for each film; by default the perceiver with default settings.
    """
    arguments = _parser().parse_args(argv)
    try:
        if arguments.compare_crops:
            from installation.evaluation import timeline_crops

            timeline_crops.run(films_in(arguments.films), arguments.every, arguments.json)
        else:
            run(arguments, make or _perceiver)
    except (EvaluationError, ModelError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _perceiver() -> Sees:
    from installation.perception.build import build_perceiver

    return build_perceiver(Config().perception)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
