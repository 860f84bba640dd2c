"""What only the operator reads is on the wall and in no file: films, screenshots and stills, byte by byte."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.base.side_files import DiskRoom
from installation.config.load import with_overrides
from installation.config.scene import SceneConfig
from installation.config.settings import Config
from installation.render.captures.filming import Filming
from installation.render.captures.large import store_large
from installation.render.captures.stills import LATER
from installation.render.picture import Picture
from installation.scene.scene import Scene
from installation.types import ByteArray, SceneState
from tests.screen import or_skipped

av = pytest.importorskip("av", reason="PyAV is not installed")

SIZE = (160, 90)
SCREENS = [
    {
        "picture": [0, 0, 0.6, 1],
        "place": [0, 0, 0.5, 1],
        "corners": [[0.05, 0], [1, 0], [1, 1], [0, 0.9]],
        "edges": {"right": 0.2},
    },
    {"picture": [0.4, 0, 0.6, 1], "place": [0.5, 0, 0.5, 1], "gamma": 1.2, "edges": {"left": 0.2}},
]


class Piece:
    """The picture with all that belongs to it, as the frame loop has it; time stands, and so does the dither."""

    def __init__(self, folder: Path, **output: object) -> None:
        settings = {
            "mode": "offscreen",
            "width": SIZE[0],
            "height": SIZE[1],
            "quality": "low",
            "flash_limit": False,
        } | output
        wanted = {f"output.{name}": value for name, value in settings.items()}
        config = with_overrides(Config(), wanted | {"video.keep_free_mb": 0.0, "notice.enabled": False})
        self.folder, self.notices, self.events = folder, Notices(RealClock()), list[tuple[str, list[Any]]]()
        with or_skipped():
            self.picture = Picture(
                config, folder, RealClock(), self.notices, lambda screens: None,
                lambda name, args: self.events.append((name, args)), DiskRoom(0),
            )  # fmt: skip
        self.scene, self.t_s = standing(), 0.0

    def show(self) -> ByteArray:
        """Show one picture; gives what is on the wall."""
        self.t_s += 0.1
        self.picture.renderer.drawing.frame = 7
        self.picture.show(self.scene, self.t_s, lambda: None)
        wall = self.picture.renderer.read_rgb()
        self.picture.captures.poll()
        return wall

    def read_by_the_operator(self) -> None:
        """Everything that may ever stand on the wall for somebody who runs the piece, at once."""
        self.picture.hud.show(("30 pictures/s", "! camera: gone"), "3", ("happy", 1))
        self.picture.setup.show_pattern("grid")
        self.picture.setup.begin()

    def close(self) -> None:
        self.picture.close()


def standing() -> SceneState:
    scene = Scene(SceneConfig(name="supershape"), 3)
    for n in range(5):
        found = scene.update((), None, n / 10, 0.1)
    return replace(found, look=found.look | {"grain": 0.0})


@pytest.fixture(scope="module", params=[[], SCREENS], ids=["one screen", "two projectors"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Piece]:
    made = Piece(tmp_path_factory.mktemp("captures"), screens=request.param)
    yield made
    made.close()


@pytest.fixture
def piece(stage: Piece) -> Iterator[Piece]:
    yield stage
    stage.picture.hud.show(())
    stage.picture.setup.show_pattern("none")
    stage.picture.setup._end()


def waited(found: Callable[[], bool]) -> None:
    until_s = time.monotonic() + 40
    while not found() and time.monotonic() < until_s:
        time.sleep(0.002)
    assert found()


def screenshot(piece: Piece) -> bytes:
    """Key S."""
    before = {*piece.folder.glob("*.png")}
    piece.picture.captures.snapshot()
    piece.show()
    waited(lambda: len({*piece.folder.glob("*.png")} - before) == 1)
    (path,) = {*piece.folder.glob("*.png")} - before
    return path.read_bytes()


def last_picture(piece: Piece) -> bytes:
    """--screenshot FILE, at the end of a run."""
    path = piece.folder / "end" / "last.png"
    piece.show()
    piece.picture.renderer.drawing.frame = 7
    piece.picture.captures.store_now(piece.scene, path)
    return path.read_bytes()


def large(piece: Piece) -> bytes:
    """run.py screenshot, and key S at output.screenshot_width."""
    path = piece.folder / "end" / "large.png"
    path.parent.mkdir(exist_ok=True)
    piece.show()
    piece.picture.renderer.drawing.frame = 7
    store_large(piece.picture.renderer, piece.scene, (200, 112), path)
    return path.read_bytes()


def still(piece: Piece) -> bytes:
    """For the desk."""
    stills = piece.picture.stills
    stills.want(False)
    stills.want(True)
    for _ in range(1 + LATER):
        piece.show()
    found = stills.take()
    assert found is not None
    return found.rgb.tobytes()


def film(piece: Piece) -> bytes:
    """Key V: all frames of a video, as they come out of it."""
    captures = piece.picture.captures
    path = piece.folder / f"{piece.t_s}.mp4"
    captures.video(True, piece.scene, path)
    recorder = captures._filming.recorder  # type: ignore[union-attr]
    waited(lambda: recorder.ready)
    for _ in range(3):
        piece.show()
    captures.video(False, piece.scene)
    waited(lambda: not recorder._session.alive)  # type: ignore[union-attr]
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) > 3, "each several times"
    return np.stack([frames[0], frames[-1]]).tobytes()


def film_through_buffers(piece: Piece) -> bytes:
    """The same where a GPU draws."""
    captures = piece.picture.captures
    plain = captures._filming
    assert plain is not None
    captures._filming = Filming(piece.picture.surface.context, plain.recorder, piece.notices, buffered=True)
    try:
        return film(piece)
    finally:
        captures._filming.release()
        captures._filming = plain


@pytest.mark.parametrize("taken", [screenshot, last_picture, large, still, film, film_through_buffers])
def test_no_file_holds_what_the_operator_reads(piece: Piece, taken: Callable[[Piece], bytes]) -> None:
    wall, plain = piece.show(), taken(piece)
    assert plain == taken(piece), "the same picture gives the same bytes"
    piece.read_by_the_operator()
    assert np.abs(piece.show().astype(int) - wall).mean() > 5, "it is on the wall"
    assert taken(piece) == plain


def test_what_visitors_are_told_is_part_of_the_picture(piece: Piece) -> None:
    ways = (screenshot, large, still, film)
    silent, plain = piece.scene, [taken(piece) for taken in ways]
    piece.scene = replace(silent, notice=1.0, notice_s=1.0)
    told = [taken(piece) for taken in ways]
    piece.scene = silent
    assert all(a != b for a, b in zip(plain, told, strict=True))
