"""``run.py evaluate timeline FILE_OR_FOLDER``: what the piece reads in films, second by second.

Each film goes at its own pace through what runs in the piece: perception, the emotion of each person, smoothing. Printed is
a line a second; with --out a picture of each film is drawn. Nothing is judged here: the eye that looks at both does that.
docs/evaluation.md explains columns and pictures.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from installation.base.arguments import whole
from installation.base.files import PROGRAM
from installation.base.model_files import ModelError
from installation.config.settings import Config
from installation.evaluation import timeline_crops
from installation.evaluation.presence import STILLS, EvaluationError, Perceives
from installation.evaluation.timeline_read import watch
from installation.evaluation.timeline_text import as_json, lines
from installation.types import EMOTIONS

FILMS = {".mp4", ".mov", ".mkv", ".avi", ".gif", ".webm", ".m4v"}


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
        prog=f"{PROGRAM} evaluate timeline", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
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


def run(arguments: argparse.Namespace, make: Callable[[], Perceives]) -> None:
    """Print, draw and write. Raises EvaluationError or ModelError."""
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
            from installation.evaluation import timeline_picture

            timeline_picture.draw(line, arguments.out / f"{film.stem}.png", thumbnails=not arguments.no_pictures)
    if arguments.json is not None:
        document = {"emotions": EMOTIONS, "every": arguments.every, "films": documents}
        arguments.json.write_text(json.dumps(document) + "\n", encoding="utf-8")


def main(argv: Sequence[str], make: Callable[[], Perceives] | None = None) -> int:
    """Run the command; gives 0, or 2 for bad input.

    ``make`` builds what sees, a fresh one for each film; by default the perceiver with default settings.
    """
    arguments = _parser().parse_args(argv)
    try:
        if arguments.compare_crops:
            timeline_crops.run(films_in(arguments.films), arguments.every, arguments.json)
        else:
            run(arguments, make or _perceiver)
    except (EvaluationError, ModelError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _perceiver() -> Perceives:
    from installation.perception.build import build_perceiver

    return build_perceiver(Config().perception)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
