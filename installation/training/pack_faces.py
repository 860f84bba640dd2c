"""FER-2013 in one small file, to travel to a machine that trains; and reading it, packed or not.

    python -m installation.training.pack_faces --data FOLDER --out FOLDER [--quality 94]

--data holds train.npz and publictest.npz, --out gets faces.npz. Each picture is kept once: FER-2013 holds some twice or more,
and all copies of one come back alike to the last bit, as the split and the count of copies need it. They lie side by
side in sheets of WebP. Labels, votes and whatever else is in the archives are kept as they are. The command reads its own
file again and says how far the pictures are from the original ones; --quality 101 keeps them exactly, in 50 MB instead of 29.
"""

from __future__ import annotations

import argparse
import io
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from installation.base.files import write_whole
from installation.training.fer import DATA, IntArray
from installation.training.running import run
from installation.types import EMOTIONS, ByteArray

Arrays = dict[str, npt.NDArray[Any]]

PACK = "faces.npz"
SETS = ("train", "publictest")
SIDE, ACROSS = 48, 48
QUALITY, LOSSLESS = 94, 101
"""At 94 grey levels are off by 1.1 on average, which is less than the noise of the pictures."""


def load_sets(folder: Path, names: Sequence[str] = SETS) -> dict[str, Arrays]:
    """Of each set ("train", "publictest") every array by its name: of NAME.npz where it is, else of the folder's faces.npz.

    ``images`` (N, 48, 48) uint8 grey, ``labels`` (N,), and ``votes`` (N, 10) where there are any. Ask for both at once: the
    packed pictures are unpacked together. Raises FileNotFoundError when the folder has neither file, ValueError when
    faces.npz lacks a set.
    """
    plain = {name: folder / f"{name}.npz" for name in names if (folder / f"{name}.npz").is_file()}
    sets: dict[str, Arrays] = {}
    for name, path in plain.items():
        with np.load(path) as archive:
            sets[name] = {key: archive[key] for key in archive.files}
    missing = [name for name in names if name not in plain]
    if missing and not (folder / PACK).is_file():
        raise FileNotFoundError(f"{folder} has neither {missing[0]}.npz nor {PACK}")
    if missing:
        with np.load(folder / PACK) as archive:
            pictures = _open_sheets(archive["sheets"], archive["ends"])
            for name in missing:
                sets[name] = _of_pack(archive, name, pictures)
    return sets


def _of_pack(archive: Mapping[str, npt.NDArray[Any]], name: str, pictures: ByteArray) -> Arrays:
    prefix = f"{name}_"
    found = {key.removeprefix(prefix): archive[key] for key in archive if key.startswith(prefix)}
    if "places" not in found:
        raise ValueError(f"{PACK} holds no set {name!r}")
    return {"images": pictures[found.pop("places")], **found}


def load_labelled(folder: Path, names: Sequence[str] = SETS) -> list[tuple[ByteArray, IntArray]]:
    """``images`` (N, 48, 48) uint8 grey and ``labels`` (N,) int64 in 0..6 of each set, packed or not.

    Raises as ``load_sets``, and ValueError for other shapes, types or labels.
    """
    pairs = []
    sets = load_sets(folder, names)
    for name, arrays in ((name, sets[name]) for name in names):
        images, labels = arrays["images"], arrays["labels"].astype(np.int64)
        if images.dtype != np.uint8 or images.shape != (len(images), SIDE, SIDE):
            raise ValueError(f"{folder}: images of {name} must be (N, 48, 48) uint8, not {images.shape} {images.dtype}")
        if labels.shape != (len(images),) or labels.min() < 0 or labels.max() >= len(EMOTIONS):
            raise ValueError(f"{folder}: labels of {name} must be (N,) in 0..{len(EMOTIONS) - 1}")
        pairs.append((images, labels))
    return pairs


def pack(data: Path, out: Path, quality: int = QUALITY) -> Path:
    """Write the sets of ``data`` to ``out``/faces.npz; gives its path. ``quality`` 1 to 100, or 101 for no loss at all."""
    sets = load_sets(data)
    pictures = np.concatenate([arrays["images"] for arrays in sets.values()])
    _, first, places = np.unique(pictures.reshape(len(pictures), -1), axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)  # the sets' own order
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    places = rank[places.reshape(-1)].astype(np.int32)
    packed: Arrays = _close_sheets(pictures[first[order]], quality)
    at = 0
    for name, arrays in sets.items():
        count = len(arrays["images"])
        packed[f"{name}_places"] = places[at : at + count]
        packed |= {f"{name}_{key}": values for key, values in arrays.items() if key != "images"}
        at += count
    out.mkdir(parents=True, exist_ok=True)
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **packed)
    write_whole(out / PACK, file.getvalue())
    return out / PACK


def _close_sheets(pictures: ByteArray, quality: int) -> Arrays:
    """``sheets``: WebP files one after the other, each of up to 48 x 48 pictures; ``ends``: where each ends."""
    parts = []
    for start in range(0, len(pictures), ACROSS * ACROSS):
        some = pictures[start : start + ACROSS * ACROSS]
        grid = np.zeros((-(-len(some) // ACROSS) * ACROSS, SIDE, SIDE), np.uint8)
        grid[: len(some)] = some
        sheet = grid.reshape(-1, ACROSS, SIDE, SIDE).transpose(0, 2, 1, 3).reshape(-1, ACROSS * SIDE)
        colour = cv2.cvtColor(sheet, cv2.COLOR_GRAY2BGR)
        parts.append(cv2.imencode(".webp", colour, [cv2.IMWRITE_WEBP_QUALITY, quality])[1].reshape(-1))
    return {"sheets": np.concatenate(parts), "ends": np.cumsum([len(part) for part in parts])}


def _open_sheets(sheets: ByteArray, ends: IntArray) -> ByteArray:
    """(M, 48, 48) uint8: the pictures of ``_close_sheets``, with some black ones at the end."""

    def open_one(part: ByteArray) -> ByteArray:
        sheet = cv2.imdecode(part, cv2.IMREAD_GRAYSCALE)
        if sheet is None:
            raise ValueError(f"a sheet of {PACK} cannot be read")
        grid = sheet.reshape(-1, SIDE, ACROSS, SIDE).transpose(0, 2, 1, 3)
        return np.ascontiguousarray(grid.reshape(-1, SIDE, SIDE), dtype=np.uint8)

    with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
        return np.concatenate(list(pool.map(open_one, np.split(sheets, ends[:-1]))))


def _pack_and_measure(data: Path, out: Path, quality: int) -> int:
    path = pack(data, out, quality)
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
    originals, packed = load_sets(data), load_sets(out)
    for name in SETS:
        original, now = originals[name], packed[name]
        off = np.abs(original["images"].astype(np.int16) - now["images"])
        same = all(np.array_equal(original[key], now[key]) for key in original if key != "images")
        print(
            f"{name}: {len(off)} pictures, off by {off.mean():.2f} grey levels on average and {off.max()} at most; "
            f"{'labels and votes unchanged' if same else 'LABELS OR VOTES DIFFER'}"
        )
        if not same:
            return 1
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code: 0 good, 1 when what was written differs, 2 bad input."""
    parser = argparse.ArgumentParser(
        prog="pack_faces", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA, help="folder with train.npz and publictest.npz")
    parser.add_argument("--out", type=Path, required=True, help=f"folder that gets {PACK}")
    parser.add_argument(
        "--quality", type=int, choices=range(1, LOSSLESS + 1), metavar="Q", default=QUALITY, help="1 to 101"
    )
    arguments = parser.parse_args(argv)
    return run(lambda: _pack_and_measure(arguments.data, arguments.out, arguments.quality), threads=None)


if __name__ == "__main__":
    raise SystemExit(main())
