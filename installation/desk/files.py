"""Files that pages show: the scenes' pictures, and the paintings in captures/."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI, Response
from fastapi.responses import FileResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles

from installation.base.files import file_stamp
from installation.desk.desk import Desk

STATIC = Path(__file__).resolve().parent / "static"
MOST_PAINTINGS = 48
"""The newest are shown."""
_PAINTING = re.compile(r"painting-[0-9-]{1,40}\.png")


@dataclass(frozen=True)
class Painting:
    """A stored painting. ``stamp`` differs where the file was written anew."""

    name: str
    stamp: str


def paintings(folder: Path) -> list[Painting]:
    """The newest paintings of ``folder``, newest first; looks at the disk."""
    try:
        found = sorted((path for path in folder.iterdir() if _PAINTING.fullmatch(path.name)), reverse=True)
    except OSError:
        return []
    return [Painting(path.name, stamp_of(path)) for path in found[:MOST_PAINTINGS] if _is_own(path)]


def painting_path(desk: Desk, name: str) -> Path | None:
    """The file of a painting; None where there is none of that name in captures/."""
    folder = (desk.part("files") or {}).get("captures")
    if not folder or not _PAINTING.fullmatch(name):
        return None
    path = Path(str(folder)) / name
    return path if _is_own(path) else None


def add_files(app: FastAPI, desk: Desk) -> None:
    """Serve them: /static, /paintings/NAME and /paintings/NAME/small. FastAPI runs these in threads of its own."""
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
        # Here and not above: OpenCV is loaded when the first is wanted.
        from installation.desk.thumbnails import PictureError, thumbnail

        try:
            data = thumbnail(path)
        except PictureError as error:
            return PlainTextResponse(f"{name} {error}\n", 404)
        return Response(data, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400"})


def _missing() -> Response:
    return PlainTextResponse("there is no such painting\n", 404)


def _is_own(path: Path) -> bool:
    """A plain file, and no link to one elsewhere."""
    return path.is_file() and not path.is_symlink()


def stamp_of(path: Path) -> str:
    """Differs where the file was written anew; empty where there is none."""
    return "-".join(str(part) for part in file_stamp(path)) if path.exists() else ""
