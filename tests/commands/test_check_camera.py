"""run.py check --camera: the source opened as the piece does, looked through, judged; and nothing stored unasked."""

import os
import subprocess
import sys
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from installation.base.supervisor import StopSignal
from installation.commands import check_camera
from installation.commands.check import check
from tests.screen import virtual_screen

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    """No window opens on the screen of whoever runs the tests."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")


def run(folder: Path, *options: str | Path) -> int:
    settings = folder / "config.yaml"
    settings.write_text("version: 2\n")
    return check(["--camera", "--config", str(settings), *map(str, options)], StopSignal())


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")}


def rows(text: str) -> dict[str, tuple[str, str]]:
    """What: (verdict, found)."""
    parts = [line.split(maxsplit=1) for line in text.splitlines()]
    return {rest.split("  ")[0]: (verdict, rest.split("  ", 1)[1].strip()) for verdict, rest in parts if "  " in rest}


def test_the_performer_is_seen_and_drawn_where_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(tmp_path, "--source", "simulated", "--seconds", "2") == 0
    found = rows(capsys.readouterr().out)
    assert found["source"] == ("good", "simulated performer")
    assert found["seen"][1].startswith("1 person is seen")
    assert found["window"][0] == "note"
    assert "--out FILE.png" in found["window"][1]
    assert files(tmp_path) == {"config.yaml"}, "nothing is stored unasked"

    assert run(tmp_path, "--source", "simulated", "--seconds", "1", "--out", tmp_path / "seen.png") == 0
    found = rows(capsys.readouterr().out)
    assert "delete it" in found["written"][1]
    assert files(tmp_path) == {"config.yaml", "seen.png"}
    picture = cv2.imread(str(tmp_path / "seen.png"))
    assert picture.shape[1] == check_camera.DRAWN_PX[0]
    assert picture.shape[0] > check_camera.DRAWN_PX[1], "the words stand below"
    assert picture.max() > 180


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A second of a dark room without anybody."""
    path, rng = tmp_path / "dark.mp4", np.random.default_rng(4)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for _ in range(30):
            rgb = np.clip(rng.normal(20, 4, (240, 320, 3)), 0, 255).astype(np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")):
                out.mux(packet)
        for packet in stream.encode():
            out.mux(packet)
    return path


@pytest.mark.timeout(180)
def test_a_film_is_looked_at_by_perception(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check_camera, "PATIENCE_S", 120.0)
    before = files(tmp_path)
    assert run(tmp_path, "--source", film, "--seconds", "3") == 0, "warnings are no errors"
    found = rows(capsys.readouterr().out)
    assert found["source"][1].startswith("dark.mp4: 320x240 at 30 a second")
    assert found["nobody"][0] == "note"
    assert found["dark"][0] == "note"
    assert "picture" not in found
    assert files(tmp_path) - before == {"config.yaml"}


def test_a_source_that_cannot_be_had_is_bad(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "--source", tmp_path / "gone.mp4") == 1
    assert rows(capsys.readouterr().out)["source"][0] == "bad"


def test_a_place_that_cannot_be_written_is_bad_before_anything_is_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "--source", "simulated", "--out", tmp_path / "no" / "where" / "a.png") == 1
    found = rows(capsys.readouterr().out)
    assert found["--out"][0] == "bad"
    assert "source" not in found


@pytest.mark.parametrize(
    "options", [["--out", "a.png"], ["--seconds", "3"], ["--source", "0"], ["--camera", "--settings"]]
)
def test_options_that_mean_nothing_are_refused(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        check(options, StopSignal())
    assert caught.value.code == 2
    assert "--camera" in capsys.readouterr().err


SHOWING = """
import numpy as np, pygame
from installation.render.window.picture_window import PictureWindow
window = PictureWindow("camera")
red = np.full((90, 120, 3), (200, 30, 10), np.uint8)
assert window.show(red)
assert pygame.display.get_surface().get_size() == (120, 90)
assert pygame.display.get_surface().get_at((60, 45))[:3] == (200, 30, 10)
assert window.show(red[:60])
assert pygame.display.get_surface().get_size() == (120, 60)
pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_ESCAPE))
assert not window.show(red)
window.close()
print("shown")
"""


def test_a_window_shows_the_picture_until_escape() -> None:
    with virtual_screen() as (display, _):
        environment = {**os.environ, "DISPLAY": display, "SDL_VIDEODRIVER": "x11"}
        command = [sys.executable, "-c", SHOWING]
        shown = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert "shown" in shown.stdout, shown.stderr
