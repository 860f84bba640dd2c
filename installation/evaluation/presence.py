"""``run.py evaluate presence FOLDER``: who is seen in the test clips, held against the truth written by hand.

Every frame of a clip goes through the real networks in this process, with the clip's own time, mirrored as capture does it.
docs/evaluation.md explains the table.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from installation.base.arguments import whole
from installation.base.files import PROGRAM, SHIPPED
from installation.base.model_files import ModelError
from installation.base.names import name_for_native_code
from installation.base.picture_file import read_bgr
from installation.capture.devices.display_matrix import take_over
from installation.evaluation.presence_report import as_json, bar_line, head, judge, legend, row
from installation.evaluation.presence_score import Figures, Shot, score, shot_of
from installation.evaluation.presence_truth import TrueClip, Truth, TruthError, load_truth
from installation.types import Frame, Observation

TRUTH = SHIPPED / "docs" / "presence_truth.yaml"
STILLS = {".png", ".jpg", ".jpeg"}
STILL_FPS = 25.0


class Perceives(Protocol):
    """What is evaluated: the perceiver, or a stand-in."""

    def perceive(self, frame: Frame) -> Observation:
        """Who is in ``frame``; RuntimeError when a network failed."""

    def close(self) -> None:
        """Free everything."""


class EvaluationError(Exception):
    """What was asked for cannot be evaluated; the message says why and what to do."""


def clip_frames(path: Path, frames: int) -> Iterator[Frame]:
    """The frames of a film, or of a still shown ``frames`` times, mirrored; ``t_s`` counts from the clip's begin.

    Raises EvaluationError where the file cannot be read or has not as many frames as the truth was written for.
    """
    if path.suffix.lower() in STILLS:
        picture = read_bgr(path)
        if picture is None:
            raise EvaluationError(f"{path}: cannot be read as a picture; is the file complete?")
        yield from (_frame(picture, index, STILL_FPS) for index in range(frames))
        return
    with name_for_native_code(path) as name:
        film = cv2.VideoCapture(name, cv2.CAP_FFMPEG)
    fps = film.get(cv2.CAP_PROP_FPS)
    if not film.isOpened() or not 0 < fps < 1000:
        raise EvaluationError(f"{path}: cannot be read as a film; is the file complete?")
    count, turn = 0, take_over(film, path)
    try:
        while (read := film.read())[0]:
            yield _frame(turn.apply(read[1]), count, fps)
            count += 1
    finally:
        film.release()
    if count != frames:
        raise EvaluationError(
            f"{path}: has {count} frames, the truth was written for {frames}: one of them is another film's"
        )


def _frame(bgr: Any, index: int, fps: float) -> Frame:
    return Frame(index / fps, index, np.ascontiguousarray(bgr[:, ::-1, ::-1]))


def look(
    path: Path, clip: TrueClip, perceiver: Perceives, every: int = 1, tick: Callable[[], None] = lambda: None
) -> list[Shot]:
    """What ``perceiver`` sees in every ``every``-th frame of a clip. ``tick`` is called after each frame of the clip.

    A frame at which perception raises RuntimeError is one in which nobody was seen, and is counted as failed. Raises
    EvaluationError.
    """
    shots = []
    for frame in clip_frames(path, clip.frames):
        if frame.seq % every == 0:
            try:
                shots.append(shot_of(frame.seq, perceiver.perceive(frame)))
            except RuntimeError:
                shots.append(Shot(frame.seq, frame.t_s, (), 0.0, failed=True))
        tick()
    return shots


def evaluate(
    truth: Truth, folder: Path, names: Sequence[str], make: Callable[[], Perceives], every: int = 1
) -> Iterator[tuple[str, Figures]]:
    """Look at the clips one after the other, each with a fresh perceiver. Raises EvaluationError."""
    for name in names:
        clip, perceiver = truth.clips[name], make()
        try:
            with _progress(name, clip.frames) as tick:
                shots = look(folder / name, clip, perceiver, every, tick)
        finally:
            perceiver.close()
        yield name, score(clip, shots)


def choose(truth: Truth, folder: Path, wanted: Sequence[str]) -> list[str]:
    """Names of the clips to look at: those of the truth that are in ``folder``, or of them the ``wanted``.

    A clip may be named by a part that no other clip has. Raises EvaluationError.
    """
    if not folder.is_dir():
        raise EvaluationError(f"{folder}: is no folder; give the folder of the test clips")
    there = [name for name in truth.clips if (folder / name).is_file()]
    if not there:
        raise EvaluationError(
            f"{folder}: has none of the clips that the truth names, such as {next(iter(truth.clips))}"
        )
    chosen = []
    for word in wanted:
        found = [word] if word in there else [name for name in there if word in name]
        if len(found) != 1:
            means = f"means {' and '.join(found)}" if found else f"is none of {', '.join(there)}"
            raise EvaluationError(f"--clip {word}: {means}; name one")
        chosen += found
    return list(dict.fromkeys(chosen)) if wanted else there


@contextmanager
def _progress(name: str, total: int) -> Iterator[Callable[[], None]]:
    """A progress bar where somebody watches; gives what to call after each frame."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from tqdm import tqdm

    with tqdm(total=total, desc=name, unit="frame", leave=False) as bar:

        def tick() -> None:
            bar.update()

        yield tick


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} evaluate presence",
        description="Who is seen in the test clips, held against the truth written by hand (docs/evaluation.md).",
        epilog=f"columns:\n{legend()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, help="where the clips are")
    parser.add_argument("--truth", type=Path, default=TRUTH, metavar="FILE", help="default docs/presence_truth.yaml")
    parser.add_argument("--clip", action="append", default=[], metavar="NAME", help="only this one; may be given again")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument("--every", type=whole, default=1, metavar="N", help="look at every N-th frame only")
    parser.add_argument("--strict", action="store_true", help="exit code 1 when a bar is not reached")
    return parser


def main(argv: Sequence[str], make: Callable[[], Perceives] | None = None) -> int:
    """Print the table and the bars. Gives 0, 1 with --strict where a bar is not reached, 2 for bad input.

    ``make`` builds what is evaluated, a fresh one for each clip; by default the perceiver with default settings.
    """
    arguments = _parser().parse_args(argv)
    figures: dict[str, Figures] = {}
    try:
        truth = load_truth(arguments.truth)
        names = choose(truth, arguments.folder, arguments.clip)
        if arguments.json is not None and not arguments.json.parent.is_dir():
            raise EvaluationError(f"--json {arguments.json}: its folder is missing")
        print(head(), flush=True)
        for name, value in evaluate(truth, arguments.folder, names, make or _perceiver, arguments.every):
            figures[name] = value
            print(row(name, value), flush=True)
    except (TruthError, EvaluationError, ModelError) as error:
        print(error, file=sys.stderr)
        return 2
    absent = [name for name in truth.clips if not (arguments.folder / name).is_file()]
    if absent:
        print(f"in the truth, but not in {arguments.folder}: {', '.join(absent)}")
    results = judge(truth, figures)
    print("\n" + "\n".join(bar_line(result) for result in results))
    if arguments.json is not None:
        arguments.json.write_text(as_json(truth, figures, arguments.every), encoding="utf-8")
    return 1 if arguments.strict and any(result.passed is False for result in results) else 0


def _perceiver() -> Perceives:
    from installation.config.perception import PerceptionConfig
    from installation.perception.build import build_perceiver

    return build_perceiver(PerceptionConfig())


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
