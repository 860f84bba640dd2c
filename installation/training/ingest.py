"""Makes a data set for training from a folder of pictures.

    python3 run.py ingest FOLDER [--name NAME] [--rights "..."]

What can be trained on is copied to data/NAME/, upright and at a bounded size, with index.tsv (where each came from, its
size, its affect), rights.txt and, in about/, a contact sheet, what the pictures can and cannot say, and what emotion each
evokes in those who look at it. The folder itself is only read. Files that are broken, tiny, blank, there twice or of a kind
that cannot be read (HEIC, raw, PSD, SVG, PDF) are named and left out.
"""

from __future__ import annotations

import argparse
import csv
import re
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from installation.base.files import PROGRAM, PROJECT
from installation.base.names import printable
from installation.base.picture_file import write_bgr
from installation.generation.affect import AFFECT
from installation.training.ingest_affect import describe, measure
from installation.training.ingest_evoked import Evoking
from installation.training.ingest_files import pictures_of
from installation.training.ingest_read import IngestError, LeftOut, Taken, read_folder
from installation.training.ingest_sheet import Near, contact_sheet, keep_nearest
from installation.training.running import run
from installation.types import EMOTIONS, ByteArray, FloatArray

DATA = PROJECT / "data"
RIGHTS = "rights.txt"
FEW, ENOUGH = 20, 50
THUMB_PX = 200
JPEG_QUALITY = 95
_NO_RIGHTS = """Nothing was taken: it is not said by what right these pictures may be trained on.
What is trained remembers them; who shows or hands on a model must be able to say whose pictures are in it.
Say it on the command line:  --rights "my own photographs, 2019 to 2024"
or in a file {file}, a line or more: whose they are, under which licence, where from."""


@dataclass
class _Set:
    """What was taken and left out so far."""

    rows: list[list[str]] = field(default_factory=list)
    thumbs: list[ByteArray] = field(default_factory=list)
    affect: list[FloatArray] = field(default_factory=list)
    nearest: list[list[Near]] = field(default_factory=lambda: [[] for _ in EMOTIONS])
    left_out: list[LeftOut] = field(default_factory=list)
    soft: list[str] = field(default_factory=list)
    evoking: Evoking = field(default_factory=Evoking.open)


def ingest(source: Path, name: str, rights: str | None, into: Path = DATA) -> Path:
    """Prepare the pictures of ``source`` as the data set ``into / name``, in the place of one of that name; gives its folder.

    An interruption leaves an earlier one as it was. Raises IngestError for a folder without pictures that can be used, a
    name that cannot be, or without a word on rights.
    """
    note = rights_note(source, rights)
    target = into / checked_name(name)
    if target.resolve() == source.resolve() or target.resolve() in source.resolve().parents:
        raise IngestError(f"{source} lies in {target} itself; give the folder of the originals")
    draft = into / f".{name}.part"
    shutil.rmtree(draft, ignore_errors=True)
    (draft / "about").mkdir(parents=True)
    try:
        found = _take(source, draft)
        if not found.rows:
            raise IngestError(f"none of the {len(found.left_out)} pictures in {source} can be used, see above")
        _write_about(draft, name, note, found)
        _put_in_place(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    _tell(target, found)
    return target


def _put_in_place(draft: Path, target: Path) -> None:
    """The new set in the place of the old one, which goes as a whole: people's pictures are deleted, or it is said that not."""
    old = target.with_name(f".{target.name}.old")
    if target.exists():
        _delete(old)
        if old.exists():
            raise IngestError(f"{old}, an earlier set, must go first; delete it by hand and begin again")
        target.replace(old)
    draft.replace(target)
    _delete(old)


def _delete(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        print(
            f"{folder}, the earlier set, is not deleted wholly ({error.strerror}); delete it by hand", file=sys.stderr
        )


def rights_note(source: Path, rights: str | None) -> str:
    """What was said about rights, or what rights.txt in the folder says. Raises IngestError where neither says a thing."""
    file = source / RIGHTS
    if rights is None and file.is_file():
        rights = file.read_text(encoding="utf-8", errors="replace")
    if rights is None or not rights.strip():
        raise IngestError(_NO_RIGHTS.format(file=file))
    return printable(rights.strip(), lines=True)


def checked_name(name: str) -> str:
    """``name`` itself. Raises IngestError for one that cannot name a folder and a model file on every system."""
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", name) is None:
        raise IngestError(f"{name!r} cannot be a name; take small letters, digits, - and _, such as --name my_pictures")
    return name


def name_from(folder: Path) -> str:
    """A name for the data set, from the folder's."""
    return re.sub(r"[^a-z0-9]+", "_", folder.resolve().name.lower()).strip("_")[:40] or "pictures"


def _take(source: Path, draft: Path) -> _Set:
    found = _Set()
    for one in tqdm(read_folder(source), "reading", unit="picture", disable=None):
        if isinstance(one, LeftOut):
            found.left_out.append(one)
            tqdm.write(f"left out: {_name(one.file, source)} {one.reason}", file=sys.stderr)
        else:
            _store(one, source, draft, found)
    _, others = pictures_of(source)
    others -= Counter({Path(RIGHTS).suffix: (source / RIGHTS).is_file()})
    if others:
        kinds = ", ".join(f"{count} {printable(kind) or 'without an end'}" for kind, count in sorted(others.items()))
        print(f"passed over, no pictures: {kinds}", file=sys.stderr)
    return found


def _name(file: Path, source: Path) -> str:
    """A file's place in the folder, as it may be printed and written down."""
    return printable(str(file.relative_to(source)))


def _store(one: Taken, source: Path, draft: Path, found: _Set) -> None:
    number = len(found.rows) + 1
    # Each picture has its own random crops: what is added to the folder later does not change them.
    measured = measure(one.rgb, np.random.default_rng([1, one.rgb.shape[0], one.rgb.shape[1]]))
    file = f"{number:04d}.jpg"
    bgr = cv2.cvtColor(one.rgb, cv2.COLOR_RGB2BGR)
    write_bgr(draft / file, np.asarray(bgr, np.uint8), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    height, width = one.rgb.shape[:2]
    name = _name(one.file, source)
    sizes = [str(value) for value in (*one.size, width, height)]
    found.rows.append([file, name, *sizes, *(f"{value:.3f}" for value in measured.affect.mean(0))])
    found.affect.append(measured.affect)
    keep_nearest(found.nearest, measured)
    scale = THUMB_PX / height
    found.thumbs.append(np.asarray(cv2.resize(one.rgb, (max(1, round(width * scale)), THUMB_PX), interpolation=3)))
    found.evoking.add(name, one.rgb)
    if one.is_soft:
        found.soft.append(name)


def _write_about(draft: Path, name: str, note: str, found: _Set) -> None:
    (draft / RIGHTS).write_text(note + "\n", encoding="utf-8")
    with (draft / "index.tsv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(["file", "source", "source_width", "source_height", "width", "height", *AFFECT])
        writer.writerows(found.rows)
    affect = np.concatenate(found.affect)
    evoked = found.evoking.write(draft / "about")
    said = [f"{len(found.rows)} pictures taken, {len(found.left_out)} left out", *describe(affect), *evoked]
    (draft / "about" / "affect.txt").write_text("\n".join(said) + "\n", encoding="utf-8")
    left_out = "".join(f"{printable(one.file.name)}\t{one.reason}\n" for one in found.left_out)
    (draft / "about" / "left_out.tsv").write_text(left_out, encoding="utf-8")
    sheet = contact_sheet(f"{name}: {len(found.rows)} pictures", found.thumbs, found.nearest)
    bgr = np.asarray(cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR), np.uint8)
    write_bgr(draft / "about" / "contact_sheet.jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 88])


def _tell(target: Path, found: _Set) -> None:
    print((target / "about" / "affect.txt").read_text(encoding="utf-8"), end="")
    if found.soft:
        named = ", ".join(found.soft[:5]) + (f" and {len(found.soft) - 5} more" if len(found.soft) > 5 else "")
        print(f"soft: {named}: below 640 pixels, so they will be enlarged")
    if len(found.rows) < FEW:
        print(f"{len(found.rows)} pictures are few: expect the generator to repeat them. {ENOUGH} or more are better.")
    print(f"contact sheet: {target / 'about' / 'contact_sheet.jpg'}")
    if (target / "about" / "evoked.jpg").is_file():
        print(f"what each picture evokes: {target / 'about' / 'evoked.jpg'}, evoked.tsv")
    print(f"next: python3 run.py train texture --data {target} (see docs/training.md)")


def parser() -> argparse.ArgumentParser:
    """Options of ``run.py ingest``."""
    made = argparse.ArgumentParser(
        prog=f"{PROGRAM} ingest", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument(
        "folder", type=Path, help="your pictures (jpg, png, webp, tif, bmp, gif, avif), with the folders in it"
    )
    made.add_argument("--name", help="of the data set (default: the folder's)")
    made.add_argument("--rights", help="whose pictures these are and by what right they may be trained on")
    made.add_argument("--into", type=Path, default=DATA, help="folder of the data sets (default: data/)")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code: 0 good, 2 bad input, 130 stopped."""
    options = parser().parse_args(argv)
    # OpenCV reports every broken file on its own; here they are named in one list.
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    name = options.name if options.name is not None else name_from(options.folder)

    def command() -> None:
        ingest(options.folder, name, options.rights, options.into)

    return run(command, stopped="stopped; nothing was changed")


if __name__ == "__main__":
    raise SystemExit(main())
