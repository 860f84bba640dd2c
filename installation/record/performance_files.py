"""Performances in files: which there are, a source's name for one, reading, and writing those that are shipped.

A performance's own file is a zip archive of arrays (``numpy.load`` reads it), packed with LZMA: whole numbers, each as its
difference to the moment before, in the order of the people. Anything can lie where such a file is expected: sizes are looked
at before anything is unpacked, nothing in a file is executed, and what is no performance is a PerformanceError in one line.
"""

from __future__ import annotations

import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from installation.base.files import PROJECT, write_whole
from installation.base.files import SHIPPED as CAME
from installation.record.columns import LARGEST, Column, Faces
from installation.record.performance import (
    NUMBERS,
    SHAPES,
    STEPS,
    Performance,
    PerformanceError,
    default_name,
    performance_of,
    said_from,
    said_text,
)
from installation.record.recording import RecordingError, read_recording
from installation.types import EXTENTS, FACE_LANDMARKS, MAX_PEOPLE

SHIPPED, OWN = CAME / "performances", PROJECT / "runs"
"""Where performances lie: those that came with the piece, and the artist's recordings, which stay with the artist."""
SCHEME = "performance:"
ENDING = ".npz"
RECORDINGS = (".jsonl", ".jsonl.gz")
VERSION = 1
MOST_BYTES = 256_000_000
"""Of a file, unpacked."""
_FACE = FACE_LANDMARKS * 3
_BROKEN = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    EOFError,
    RuntimeError,
    OverflowError,
    MemoryError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
)
"""What zipfile, its packers and numpy raise over files that are not what they seem."""


def is_performance(source: str | int) -> bool:
    """Whether a setting ``capture.source`` names a performance: performance:NAME, or a file that ends as one does."""
    text = str(source).strip()
    return text.startswith(SCHEME) or text.lower().endswith((ENDING, *RECORDINGS))


def names() -> list[str]:
    """The performances there are: the shipped ones, then the artist's recordings in ``runs/``."""
    found = list(_files(SHIPPED, (ENDING,))) + list(_files(OWN, (*RECORDINGS, ENDING)))
    return list(dict.fromkeys(default_name(path) for path in found))


def _files(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    with suppress(OSError):
        yield from sorted(path for path in folder.iterdir() if path.name.endswith(endings) and path.is_file())


def find(source: str) -> Path:
    """The file of a source ``is_performance`` is true of. Raises PerformanceError where there is none of that name."""
    text = source.strip()
    if not text.startswith(SCHEME):
        return Path(text).expanduser()
    name = text.removeprefix(SCHEME)
    for folder, endings in ((SHIPPED, (ENDING,)), (OWN, (*RECORDINGS, ENDING))):
        for path in _files(folder, endings):
            if default_name(path) == name:
                return path
    raise PerformanceError(f"there is no performance {name!r}; there are {', '.join(names()) or 'none'}")


def load(source: str) -> Performance:
    """The performance that ``capture.source`` names. Raises PerformanceError, in one line."""
    path = find(source)
    try:
        return _load(path) if path.name.lower().endswith(ENDING) else _from_recording(path)
    except PerformanceError:
        raise
    except (RecordingError, *_BROKEN) as error:
        said = " ".join(str(error).split()) or type(error).__name__
        text = said if isinstance(error, RecordingError) else f"{path}: not a performance that can be played ({said})"
        raise PerformanceError(text) from error


def _from_recording(path: Path) -> Performance:
    _, events = read_recording(path)
    return performance_of(default_name(path), events)


def save(performance: Performance, path: Path) -> None:
    """Write a performance whose faces are packed; the same performance gives the same bytes. Raises OSError."""
    faces = performance.faces
    assert isinstance(faces, Faces), "faces are packed in a file"
    order = np.argsort(performance.ids, kind="stable")
    width, height = performance.frame_size
    head = {"mien_performance": VERSION, "frame_size": [width, height], "said": json.loads(said_text(performance.said))}
    arrays: dict[str, npt.NDArray[np.generic]] = {
        "head": np.frombuffer(json.dumps(head).encode(), np.uint8),
        "times_us": _differences(np.round(performance.times_s * 1e6).astype(np.int64)),
        "counts": np.diff(performance.starts).astype(np.uint8),
        "ids": performance.ids.astype(np.int32),
        "extents": performance.extents,
        "says": performance.says,
        "numbers": _packed(_steps_of(performance.numbers)[order]),
        "face": faces.present,
        "face_values": _packed(_in_order(faces, order)),
        "face_parts": faces.parts,
        "face_middle": faces.middle,
    }
    for name, column in performance.columns.items():
        arrays[name] = column.present
        arrays[f"{name}_values"] = _packed(_in_order(column, order))
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_LZMA) as archive:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
            # A fixed date: the same performance is the same file.
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), buffer.getvalue(), zipfile.ZIP_LZMA)
    path.parent.mkdir(exist_ok=True)
    write_whole(path, whole.getvalue())


_NUMBER_STEP = 1 / 8192
_NONE = -LARGEST - 1
"""In a file, where a number is nan."""


def _steps_of(numbers: npt.NDArray[np.float32]) -> npt.NDArray[np.int16]:
    steps = np.clip(np.round(np.nan_to_num(numbers) / _NUMBER_STEP), -LARGEST, LARGEST)
    return np.asarray(np.where(np.isnan(numbers), _NONE, steps), np.int16)


def _in_order(column: Column | Faces, order: npt.NDArray[np.int64]) -> npt.NDArray[np.int16]:
    places = column.place[order]
    return np.asarray(column.values[places[places >= 0]])


def _differences(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.asarray(np.diff(values, prepend=0))


def _packed(values: npt.NDArray[np.int16]) -> npt.NDArray[np.uint8]:
    """(2, numbers a row, rows): differences from row to row, small ones small whatever their sign, high bytes before low ones:
    so they pack best."""
    flat = values.reshape(len(values), -1)
    away = np.diff(flat, axis=0, prepend=np.zeros((1, flat.shape[1]), np.int16))
    even = ((away << 1) ^ (away >> 15)).astype(np.uint16).T
    return np.asarray(np.stack([even >> 8, even & 255]), np.uint8)


def _unpacked(packed: npt.NDArray[np.uint8], rows: int, shape: tuple[int, ...]) -> npt.NDArray[np.int16]:
    """(rows, *shape) of what ``_packed`` made. ValueError for another size."""
    if packed.dtype != np.uint8 or packed.shape != (2, int(np.prod(shape)), rows):
        raise ValueError(f"numbers of the shape {packed.shape} where {rows} times {shape} are expected")
    even = (packed[0].astype(np.uint16) << 8) | packed[1]
    away = ((even >> 1) ^ -(even & 1)).astype(np.int16).T
    return np.asarray(np.cumsum(away, axis=0, dtype=np.int16).reshape(rows, *shape))


def _load(path: Path) -> Performance:
    with zipfile.ZipFile(path) as archive:
        size = sum(info.file_size for info in archive.infolist())
    if size > MOST_BYTES:
        raise ValueError(f"it unpacks to {size / 1e6:.0f} MB, {MOST_BYTES / 1e6:.0f} are the most")
    with np.load(path, allow_pickle=False) as found:
        arrays = {name: found[name] for name in found.files}
    head = json.loads(arrays["head"].astype(np.uint8).tobytes().decode())
    if not isinstance(head, dict) or head.get("mien_performance") != VERSION:
        raise ValueError(f"not a performance of version {VERSION}")
    times_s = np.cumsum(arrays["times_us"].astype(np.int64)) / 1e6
    counts, ids = arrays["counts"].astype(np.int64), arrays["ids"].astype(np.int64)
    width, height = (int(side) for side in head["frame_size"])
    _check(times_s, counts, ids, (width, height))
    rows, order = len(ids), np.argsort(ids, kind="stable")
    said = said_from(json.dumps(head["said"]))
    says, extents = arrays["says"].astype(np.int32), arrays["extents"].astype(np.int8)
    for places, most in ((says, len(said)), (extents, len(EXTENTS))):
        if places.shape != (rows,) or (rows and not 0 <= int(places.min()) <= int(places.max()) < most):
            raise ValueError("a label or extent leads nowhere")
    numbers = _back(_unpacked(arrays["numbers"], rows, (len(NUMBERS),)), order)
    return Performance(
        name=default_name(path),
        times_s=times_s,
        starts=np.concatenate([[0], np.cumsum(counts)]),
        frame_size=(width, height),
        ids=ids,
        extents=extents,
        numbers=np.where(numbers == _NONE, np.nan, numbers * _NUMBER_STEP).astype(np.float32),
        columns={name: Column(*_column(arrays, name, order, shape), STEPS[name]) for name, shape in SHAPES.items()},
        faces=_faces(arrays, order),
        says=says,
        said=said,
    )


def _check(
    times_s: npt.NDArray[np.float64], counts: npt.NDArray[np.int64], ids: npt.NDArray[np.int64], size: tuple[int, int]
) -> None:
    """ValueError where a file's tables do not fit together."""
    if len(times_s) < 2 or times_s[0] != 0 or not (np.diff(times_s) > 0).all():
        raise ValueError("its times do not rise from 0")
    if counts.shape != times_s.shape or ids.shape != (int(counts.sum()),):
        raise ValueError("its tables do not fit together")
    if counts.max() > MAX_PEOPLE:
        raise ValueError(f"{counts.max()} people at once, and {MAX_PEOPLE} is the most")
    if min(size) < 1:
        raise ValueError("its pictures have no size")


def _back(values: npt.NDArray[np.int16], order: npt.NDArray[np.int64]) -> npt.NDArray[np.int16]:
    """``values``, which are in ``order``, in the order of the rows."""
    found = np.empty_like(values)
    found[order] = values
    return found


def _column(
    arrays: dict[str, npt.NDArray[np.generic]], name: str, order: npt.NDArray[np.int64], shape: tuple[int, ...]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int16]]:
    """(place, values) of a column in the order of the file: ``place`` leads there."""
    present = arrays[name].astype(bool)
    if present.shape != order.shape:
        raise ValueError("its tables do not fit together")
    values = _unpacked(arrays[f"{name}_values"].astype(np.uint8), int(present.sum()), shape)
    place = np.full(len(order), -1, np.int64)
    there = order[present[order]]
    place[there] = np.arange(len(there))
    return place, values


def _faces(arrays: dict[str, npt.NDArray[np.generic]], order: npt.NDArray[np.int64]) -> Faces:
    parts, middle = arrays["face_parts"].astype(np.float32), arrays["face_middle"].astype(np.float32)
    if parts.ndim != 2 or parts.shape[1] != _FACE or middle.shape != (_FACE,):
        raise ValueError("its faces have other points")
    if not (np.isfinite(parts).all() and np.isfinite(middle).all()):
        raise ValueError("its faces are not finite")
    place, values = _column(arrays, "face", order, (len(parts),))
    return Faces(place, values, parts, middle)
