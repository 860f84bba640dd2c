"""``run.py evaluate timeline --compare-crops``: ways to cut out a face and to set its contrast, read by the shipped network.

All ways see the very same faces with the same landmarks. Compared is how steady the readings are, and, in the test clips of
which a person can plainly tell what they show, how often and how surely that is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, cast

import cv2
import numpy as np
import numpy.typing as npt

from installation.base.model_files import model_path
from installation.config.settings import Config
from installation.evaluation.presence import EvaluationError, clip_frames
from installation.evaluation.timeline_read import count_frames
from installation.perception.expression import STD_FLOOR, ExpressionNet, crop_face, face_square, prepare
from installation.perception.face_quality import face_quality
from installation.types import EMOTIONS, ByteArray, FloatArray

Points = npt.NDArray[np.float64]
STEADY_S = 0.25
"""Readings further apart are not one after the other."""
READABLE = 0.5
"""Unrest counts between faces of this quality [0, 1]: the piece trusts hardly any worse one, whatever it reads there."""


class PlainSpan(NamedTuple):
    """What everybody in a clip plainly shows from ``begin_s`` to ``end_s``."""

    begin_s: float
    end_s: float
    emotion: str


PLAIN = {
    "astronaut.png": (PlainSpan(0.0, 2.0, "happy"),),
    "pyfeat_single_face.mp4": (PlainSpan(0.0, 0.55, "neutral"), PlainSpan(0.8, 2.3, "happy")),
    "pyfeat_face_noface.mov": (PlainSpan(0.0, 0.6, "neutral"), PlainSpan(0.85, 2.6, "happy")),
    "pyfeat_WolfgangLanger_Pexels.mp4": (PlainSpan(0.8, 2.3, "sad"), PlainSpan(10.4, 19.7, "happy")),
}
"""By eye, from every third frame (every tenth of the longest clip), before any reading was looked at. Left out is all that
one could argue about: changes, and the weeping face behind its hand."""


def _scaled(points: Points, factor: float) -> Points:
    """Landmarks (478, 3) whose square is ``factor`` as large, round the same middle."""
    middle = face_square(points).astype(np.float64).mean(axis=0)
    out = points.copy()
    out[:, :2] = middle + factor * (points[:, :2] - middle)
    return out


def _level(points: Points) -> Points:
    """Landmarks (478, 3) turned so that their square, of the same size and middle, stands as the picture does."""
    corners = face_square(points).astype(np.float64)
    middle, (x, y) = corners.mean(axis=0), corners[1] - corners[0]
    length = np.hypot(x, y)
    turn = np.array([[x, y], [-y, x]]) / length
    out = points.copy()
    out[:, :2] = middle + (points[:, :2] - middle) @ turn.T
    return out


def _shifted(points: Points, down: float) -> Points:
    """Landmarks (478, 3) whose square lies ``down`` sides lower, in the face's own direction."""
    corners = face_square(points).astype(np.float64)
    out = points.copy()
    out[:, :2] += down * (corners[3] - corners[0])
    return out


def _whole_square(crop: ByteArray) -> FloatArray:
    """(1, 48, 48): as ``prepare``, but mean 0 and standard deviation 1 over the whole square."""
    inner = prepare(crop)
    # prepare's own standard is undone by taking another one of it; only its floor for flat pictures is left.
    return cast(FloatArray, (inner - inner.mean()) / max(float(inner.std()), 1e-3))


def _grey_only(crop: ByteArray) -> FloatArray:
    """(1, 48, 48): the same level and contrast for all faces, middle grey and a quarter of the range."""
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (48, 48), interpolation=cv2.INTER_AREA).astype(np.float32)
    return cast(FloatArray, ((small - 128) / max(64.0, STD_FLOOR))[None])


def _equalised(crop: ByteArray) -> FloatArray:
    """(1, 48, 48): as ``prepare``, after the grey levels were spread evenly (histogram equalisation)."""
    grey = cv2.equalizeHist(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY))
    return prepare(np.repeat(np.asarray(grey, np.uint8)[..., None], 3, axis=2))


@dataclass(frozen=True)
class Way:
    """``place`` moves the landmarks that the crop is cut by, ``contrast`` turns the crop into the network's input."""

    name: str
    place: Callable[[Points], Points] = lambda points: points
    contrast: Callable[[ByteArray], FloatArray] = prepare

    def face(self, rgb: ByteArray, landmarks_px: Points) -> FloatArray:
        """(1, 48, 48) of the face with ``landmarks_px`` (478, 3) in ``rgb`` (H, W, 3) uint8."""
        return self.contrast(crop_face(rgb, self.place(landmarks_px)))


WAYS = (
    Way("as shipped"),
    Way("contrast of the whole square", contrast=_whole_square),
    Way("contrast fixed", contrast=_grey_only),
    Way("histogram equalised", contrast=_equalised),
    Way("not made upright", place=_level),
    Way("10 % larger", place=lambda points: _scaled(points, 1.1)),
    Way("10 % smaller", place=lambda points: _scaled(points, 0.9)),
    Way("20 % larger", place=lambda points: _scaled(points, 1.2)),
    Way("5 % lower", place=lambda points: _shifted(points, 0.05)),
)


class CropReader(ExpressionNet):
    """Reads each face in all WAYS; perception gets the shipped way. ``fresh`` holds what was read since it was last
    emptied: the array that perception got, and (W, 7) of all ways."""

    def __init__(self) -> None:
        super().__init__(model_path("expression"))
        self.fresh: list[tuple[FloatArray, FloatArray]] = []

    def __call__(self, rgb: ByteArray, landmarks_px: FloatArray) -> tuple[FloatArray, float]:
        """(H, W, 3) uint8 and (478, 3) pixels -> probabilities (7,), quality [0, 1]."""
        points = landmarks_px.astype(np.float64)
        faces = np.stack([way.face(rgb, points) for way in WAYS])
        shares = self._read(faces)
        shipped = shares[0].copy()
        self.fresh.append((shipped, shares))
        return shipped, face_quality(rgb, landmarks_px)


@dataclass
class Readings:
    """Of one clip: seconds, person, face quality and (W, 7) shares of every fresh reading, in the order of time."""

    t_s: list[float] = field(default_factory=list)
    person: list[int] = field(default_factory=list)
    quality: list[float] = field(default_factory=list)
    shares: list[FloatArray] = field(default_factory=list)

    def unrest(self) -> FloatArray:
        """(W,) mean total variation [0, 1] from one reading of a person to the next, of readable faces; NaN without any."""
        last: dict[int, int] = {}
        steps = []
        for now, person in enumerate(self.person):
            before = last.get(person)
            last[person] = now
            if before is None or self.t_s[now] - self.t_s[before] > STEADY_S:
                continue
            if min(self.quality[now], self.quality[before]) >= READABLE:
                steps.append(0.5 * np.abs(self.shares[now] - self.shares[before]).sum(axis=1))
        return cast(FloatArray, np.mean(steps, axis=0)) if steps else np.full(len(WAYS), np.nan, np.float32)

    def agreement(self, span: PlainSpan) -> tuple[FloatArray, FloatArray, int]:
        """(W,) share of readings that have the span's emotion first, (W,) mean probability of it, and how many they are."""
        within = [shares for t_s, shares in zip(self.t_s, self.shares) if span.begin_s <= t_s <= span.end_s]
        if not within:
            return np.full(len(WAYS), np.nan, np.float32), np.full(len(WAYS), np.nan, np.float32), 0
        stack, wanted = np.stack(within), EMOTIONS.index(span.emotion)
        return (stack.argmax(axis=2) == wanted).mean(axis=0), stack[:, :, wanted].mean(axis=0), len(within)


def read(path: Path, every: int) -> Readings:
    """Every fresh reading of a clip in all ways. Raises EvaluationError or ModelError."""
    from installation.perception.perceiver import Perceiver

    reader, out = CropReader(), Readings()
    perceiver = Perceiver(Config().perception, reader)
    try:
        for frame in clip_frames(path, count_frames(path)):
            if frame.seq % every != 0:
                continue
            reader.fresh.clear()
            try:
                observation = perceiver.perceive(frame)
            except RuntimeError:
                continue
            for person in observation.people:
                shares = next((shares for given, shares in reader.fresh if given is person.expression), None)
                if shares is not None:
                    out.t_s.append(frame.t_s)
                    out.person.append(person.id)
                    out.quality.append(person.face_quality)
                    out.shares.append(shares)
    finally:
        perceiver.close()
    return out


def run(films: Sequence[Path], every: int, written: Path | None) -> None:
    """Read all films, print both tables, and write the figures into ``written``. Raises EvaluationError or ModelError."""
    if written is not None and not written.parent.is_dir():
        raise EvaluationError(f"--json {written}: its folder is missing")
    found = {}
    for film in films:
        readings = read(film, every)
        if readings.t_s:
            found[film.name] = readings
    if not found:
        raise EvaluationError("no face was read in any of these films")
    print("\n".join(tables(found)), flush=True)
    if written is not None:
        written.write_text(json.dumps(_plain(found), indent=1) + "\n", encoding="utf-8")


def tables(found: dict[str, Readings]) -> Iterator[str]:
    """Two Markdown tables, a row for each way: what is plainly visible, and unrest."""
    spans = [(name, span) for name in found for span in PLAIN.get(name, ()) if found[name].agreement(span)[2] > 0]
    if spans:
        agreed = [found[name].agreement(span) for name, span in spans]
        yield "Read as plainly to be seen: % of readings with it first / its mean probability"
        yield ""
        heads = [f"{name.split('.')[0]} {span.emotion} ({entry[2]})" for (name, span), entry in zip(spans, agreed)]
        yield from _rows(
            [*heads, "mean"],
            [
                [*(f"{100 * e[0][way]:.0f} / {e[1][way]:.2f}" for e in agreed), _mean(agreed, way)]
                for way in range(len(WAYS))
            ],
        )
        yield ""
    yield f"Unrest: mean total variation from one reading to the next, of faces of quality {READABLE} and more, x 100"
    yield ""
    unrest: dict[str, FloatArray] = {name: readings.unrest() for name, readings in found.items()}
    unrest = {name: values for name, values in unrest.items() if np.isfinite(values).all()}
    heads = [f"{name.split('.')[0]} ({len(found[name].t_s)})" for name in unrest]
    yield from _rows(
        [*heads, "mean"],
        [
            [
                *(f"{100 * v[way]:.1f}" for v in unrest.values()),
                f"{100 * np.mean([v[way] for v in unrest.values()]):.1f}",
            ]
            for way in range(len(WAYS))
        ],
    )


def _mean(agreed: Sequence[tuple[FloatArray, FloatArray, int]], way: int) -> str:
    """Every span counts the same, however long it is."""
    first = np.mean([entry[0][way] for entry in agreed])
    share = np.mean([entry[1][way] for entry in agreed])
    return f"{100 * first:.0f} / {share:.2f}"


def _rows(heads: Sequence[str], cells: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "| way | " + " | ".join(heads) + " |"
    yield "|---|" + "---:|" * len(heads)
    for way, row in zip(WAYS, cells):
        yield f"| {way.name} | " + " | ".join(row) + " |"


def _plain(found: dict[str, Readings]) -> dict[str, object]:
    films = {
        name: {
            "readings": len(readings.t_s),
            "unrest": dict(zip((way.name for way in WAYS), readings.unrest().tolist())),
            "agreement": [
                {
                    **span._asdict(),
                    "readings": number,
                    "first": dict(zip((way.name for way in WAYS), first.tolist())),
                    "probability": dict(zip((way.name for way in WAYS), share.tolist())),
                }
                for span in PLAIN.get(name, ())
                for first, share, number in [readings.agreement(span)]
            ],
        }
        for name, readings in found.items()
    }
    return {"ways": [way.name for way in WAYS], "films": films}
