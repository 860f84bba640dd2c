"""Whether pictures chosen by what they evoke are better than their pool, by a measure that did not choose.

    .venv/bin/python benchmarks/evoked.py --data FOLDER [--wheels FOLDER] [--pools 16] [--candidates 12] [--textures]

The artists of WikiArt Emotions are halved. Our reader learns from one half and chooses; a network over 13 numbers of a picture
(brightness, textures, palettes) learns from the other half and judges. For each emotion that can be answered, pools of
candidates are painted as the piece would ask for them. Printed is how much more the best three of a pool evoke it than the pool
does on average, in the judge's deviations over works of art, with an interval (95 %, pools drawn anew).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

import cv2
import numpy as np
import torch

from installation.base.model_files import MODELS_DIR
from installation.generation.affect import affect_of
from installation.generation.candidates import EVOKING, Candidate, best, misfit
from installation.generation.evoked import ANSWER, EVOKED, MOST
from installation.generation.generator import TextureGenerator
from installation.generation.picture_generator import PictureGenerator, PictureWalk
from installation.training.art.eyes import eyes
from installation.training.art.fit import Lesson
from installation.training.art.models import models
from installation.training.art.readings import Looking
from installation.training.art.works import FOLDER, Works, load_works
from installation.types import EMOTIONS, ByteArray, FloatArray, PictureRequest

BEST, DRAWS = 3, 2000
Stand = Callable[[ByteArray], FloatArray]
"""A picture -> (20,) how far each emotion stands out from works of art."""


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=FOLDER)
    parser.add_argument("--wheels", type=Path, default=ROOT / "data" / "wheels")
    parser.add_argument("--seen", type=Path, default=ROOT / "runs" / "art" / "seen", help="as evaluate art keeps it")
    parser.add_argument("--pools", type=int, default=16, help="for each emotion")
    parser.add_argument("--candidates", type=int, default=12)
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--textures", action="store_true", help="textures of 64 pixels in the place of pictures")
    kind.add_argument("--moods", action="store_true", help="pools in which each candidate was asked for another mood")
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    works = load_works(options.data)
    looking = Looking(works, options.wheels, options.seen)
    half = np.random.default_rng(11).permutation(np.unique(works.artists))[::2]
    chooses = np.isin(works.artists, half)
    chooser = learnt(works, looking, "ours", chooses)
    judge = learnt(works, looking, "global", ~chooses)
    painted = textures if options.textures else of_all_moods if options.moods else pictures
    gains: dict[str, dict[str, list[float]]] = {}
    for shown in ANSWER:
        for pool in range(options.pools):
            for way, gain in gained(shown, painted(shown, pool, options.candidates), chooser, judge).items():
                gains.setdefault(way, {}).setdefault(shown, []).append(gain)
    print("| chosen by | " + " | ".join(ANSWER) + " | all |")
    print("|---" * (len(ANSWER) + 2) + "|")
    for way, found in gains.items():
        cells = [told(found[shown]) for shown in ANSWER]
        print(f"| {way} | " + " | ".join([*cells, told([gain for row in found.values() for gain in row])]) + " |")
    return 0


def learnt(works: Works, looking: Looking, name: str, rows: np.ndarray) -> Stand:
    """A model that learnt from ``rows``; readings stand out from those of the other half."""
    model = models(looking.wheels)[name]
    (look,) = model.looks
    seen, see = looking.seen(model.looks), eyes(looking.wheels)[look]()
    _, artist = np.unique(works.artists, return_inverse=True)
    read = model.learn(Lesson(seen[rows], works.evoked[rows], artist[rows], one_of=False, seed=7))
    usual = read(seen[~rows])
    mean, deviation = usual.mean(0), np.maximum(usual.std(0), 1e-4)

    def stand(rgb: ByteArray) -> FloatArray:
        square = cv2.resize(np.ascontiguousarray(rgb), (224, 224), interpolation=cv2.INTER_AREA)
        return np.clip((read(see(square)[None].astype(np.float32))[0] - mean) / deviation, -MOST, MOST)

    return stand


def asked_for(shown: str) -> tuple[FloatArray, FloatArray]:
    """(7,) the emotion and (4,) the affect that a picture is asked to depict."""
    emotion = np.eye(len(EMOTIONS), dtype=np.float32)[EMOTIONS.index(shown)]
    return emotion, affect_of(PictureRequest(0.0, emotion, 0.0, 0.0, 0))


@cache
def painter() -> PictureGenerator:
    """The one that is shipped."""
    return PictureGenerator(MODELS_DIR / "paint.onnx", "cpu")


@cache
def texturer() -> TextureGenerator:
    """The one that is shipped."""
    return TextureGenerator(MODELS_DIR / "texture.onnx", 256, 5)


def pictures(shown: str, pool: int, count: int) -> list[tuple[ByteArray, Candidate]]:
    """Landscapes, as a new occasion would ask for them without shapes."""
    model = painter()
    _, affect = asked_for(shown)
    made = [model.paint(affect, PictureWalk(model.shapes, 5, pool, n).at(0.0)) for n in range(count)]
    return [(rgba[:, :, :3], Candidate.of(n, rgba, model.scale)) for n, rgba in enumerate(made)]


def of_all_moods(_: str, pool: int, count: int) -> list[tuple[ByteArray, Candidate]]:
    """Landscapes of the seven emotions in turn, whatever is asked for: what the piece has not, but what shows whether there is
    anything that both networks see."""
    model, made = painter(), []
    for n in range(count):
        _, affect = asked_for(EMOTIONS[n % len(EMOTIONS)])
        made.append(model.paint(affect, PictureWalk(model.shapes, 6, pool, n).at(0.0)))
    return [(rgba[:, :, :3], Candidate.of(n, rgba, model.scale)) for n, rgba in enumerate(made)]


def textures(shown: str, pool: int, count: int) -> list[tuple[ByteArray, Candidate]]:
    """Surfaces, as small as candidates of them are painted."""
    model = texturer()
    _, affect = asked_for(shown)
    made = [model.paint(affect, model.walk.variant(pool, n), 64) for n in range(count)]
    return [(rgba[:, :, :3], Candidate.of(n, rgba, model.scale)) for n, rgba in enumerate(made)]


_READ: dict[tuple[int, bytes], FloatArray] = {}


def read_by(stand: Stand, rgb: ByteArray) -> FloatArray:
    """A picture that was read is not read again."""
    key = id(stand), rgb.tobytes()
    if key not in _READ:
        _READ[key] = stand(rgb)
    return _READ[key]


def gained(shown: str, pool: list[tuple[ByteArray, Candidate]], chooser: Stand, judge: Stand) -> dict[str, float]:
    """By way of choosing: the judge's mean of the best three less that of the pool."""
    _, affect = asked_for(shown)
    k = EVOKED.index(ANSWER[shown])
    judged = [float(read_by(judge, rgb)[k]) for rgb, _ in pool]
    answers = [float(read_by(chooser, rgb)[k]) for rgb, _ in pool]
    candidates = [one for _, one in pool]
    both = [Candidate(one.variant, one.affect, one.likeness, a) for one, a in zip(candidates, answers, strict=True)]
    ways = {
        "affect": [one.variant for one in sorted(candidates, key=lambda one: misfit(one, affect))[:BEST]],
        "evoked": [int(n) for n in np.argsort(answers)[::-1][:BEST]],
        "affect, newness": [one.variant for one in best(candidates, affect, [], BEST)],
        f"affect, newness, evoked ({EVOKING:g})": [one.variant for one in best(both, affect, [], BEST)],
    }
    return {way: float(np.mean([judged[n] for n in taken]) - np.mean(judged)) for way, taken in ways.items()}


def told(gains: list[float]) -> str:
    """Mean and interval."""
    rng, values = np.random.default_rng(3), np.array(gains)
    means = values[rng.integers(len(values), size=(DRAWS, len(values)))].mean(1)
    low, high = np.quantile(means, (0.025, 0.975))
    return f"{values.mean():+.2f} ({low:+.2f} to {high:+.2f})"


if __name__ == "__main__":
    raise SystemExit(main())
