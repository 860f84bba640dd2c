"""Files that pages show: the scenes' pictures, and the paintings in captures/."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from fastapi import FastAPI, Response
from fastapi.responses import FileResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles

from installation.base.files import file_stamp
from installation.base.picture_file import PictureError, jpeg, read_picture
from installation.base.sizes import fit_within
from installation.desk.desk import Desk

STATIC = Path(__file__).resolve().parent / "static"
MOST_PAINTINGS = 48
"""The newest are shown."""
THUMBNAIL_PX = 360
_PAINTING = re.compile(r"painting-[0-9-]{1,40}\.png")


@dataclass(frozen=True)
class Painting:
    """A stored painting. ``stamp`` differs where the file was written anew."""

    name: str
    stamp: str


class Thumbnails:
    """Small JPEGs of files, made once each. Any thread may ask; one is made at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[tuple[str, str], bytes] = {}

    def of(self, path: Path) -> bytes:
        """The JPEG. Raises PictureError."""
        key = (path.name, _stamp(path))
        with self._lock:
            found = self._made.get(key)
            if found is None:
                rgb = read_picture(path)
                size = fit_within(rgb.shape[1], rgb.shape[0], THUMBNAIL_PX)
                found = jpeg(np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8))
                self._made[key] = found
                while len(self._made) > 2 * MOST_PAINTINGS:
                    del self._made[next(iter(self._made))]
            return found


def paintings(folder: Path) -> list[Painting]:
    """The newest paintings of ``folder``, newest first; looks at the disk."""
    try:
        found = sorted((path for path in folder.iterdir() if _PAINTING.fullmatch(path.name)), reverse=True)
    except OSError:
        return []
    return [Painting(path.name, _stamp(path)) for path in found[:MOST_PAINTINGS] if _is_own(path)]


def painting_path(desk: Desk, name: str) -> Path | None:
    """The file of a painting; None where there is none of that name in captures/."""
    folder = (desk.part("files") or {}).get("captures")
    if not folder or not _PAINTING.fullmatch(name):
        return None
    path = Path(str(folder)) / name
    return path if _is_own(path) else None


def add_files(app: FastAPI, desk: Desk) -> None:
    """Serve them: /static, /paintings/NAME and /paintings/NAME/small. FastAPI runs these in threads of its own."""
    thumbnails = Thumbnails()
    app.mount("/static", StaticFiles(directory=STATIC), name="static")

    @app.get("/paintings/{name}")
    def painting(name: str) -> Response:
        path = painting_path(desk, name)
        return _missing() if path is None else FileResponse(path, media_type="image/png")

    @app.get("/paintings/{name}/small")
    def small(name: str) -> Response:
        path = painting_path(desk, name)
        if path is None:
            return _missing()
        try:
            data = thumbnails.of(path)
        except PictureError as error:
            return PlainTextResponse(f"{name} {error}\n", 404)
        return Response(data, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400"})


def _missing() -> Response:
    return PlainTextResponse("there is no such painting\n", 404)


def _is_own(path: Path) -> bool:
    """A plain file, and no link to one elsewhere."""
    return path.is_file() and not path.is_symlink()


def _stamp(path: Path) -> str:
    return "-".join(str(part) for part in file_stamp(path)) if path.exists() else ""
