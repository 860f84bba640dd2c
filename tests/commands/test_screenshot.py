"""``run.py screenshot``: any size, the same whatever it is drawn in, every emotion, no camera."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.capture.simulated.performer import PerformerScript
from installation.commands.screenshot import StillError, mood_at, perform
from installation.config.scene_files import scene_names
from installation.config.settings import Config
from installation.render.captures.large import fitting_size, large_picture
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.types import EMOTIONS
from tests.screen import or_skipped

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_the_performer_shows_every_emotion_for_four_seconds(emotion: str) -> None:
    script = PerformerScript(1)
    t_s = mood_at(script, emotion, 4.0)
    assert {script.mood(t_s - 4 + n / 10) for n in range(1, 40)} == {emotion}


def test_the_scene_is_in_the_mood_that_was_asked_for() -> None:
    shown = perform(Config(), 1, "happy", 4.0)[-1]
    assert EMOTIONS[int(np.argmax(shown.emotion))] == "happy"
    assert shown.presence > 0.9
    assert perform(Config(), 1, None, 2.0)[-1].presence < 0.01


def test_longer_than_the_performer_can_is_refused() -> None:
    with pytest.raises(StillError, match="at most"):
        mood_at(PerformerScript(1), "sad", 100.0)


def test_the_proportions_are_those_of_the_picture() -> None:
    assert fitting_size(7680, (1280, 720)) == (7680, 4320)
    assert fitting_size(1000, (720, 1280)) == (1000, 1778)


@pytest.mark.parametrize(
    "name",
    [name if name in ("aurora", "swarm") else pytest.param(name, marks=pytest.mark.long) for name in scene_names()],
)
def test_tiles_are_the_picture_in_one_piece(name: str) -> None:
    """Within the dither: it is of the place in the tile, and at most one step of 255 either way."""
    config = Config()
    scene = perform(config, 1, "happy", 1.0)[-1]
    scene = type(scene)(**{f: getattr(scene, f) for f in scene.__slots__} | {"scene": name, "previous": name})
    with or_skipped():
        surface = Offscreen((192, 108))
    renderer = Renderer(surface, config.output, {}, Notices(ManualClock()))
    for _ in range(3):
        renderer.draw(scene)
    size = (384, 216)
    whole = np.concatenate(list(large_picture(renderer, scene, size, size)))
    parts = np.concatenate(list(large_picture(renderer, scene, size, (160, 96))))
    assert surface.context.error == "GL_NO_ERROR"
    assert whole.max() > 60
    apart = np.abs(whole.astype(int) - parts).max(2)
    # A hair of the edges may fall the other way: a vertex is placed in another floating point frame.
    # Threads as fine as aurora's do so four times as often.
    assert (apart > 4).mean() < (0.008 if name == "aurora" else 0.002)
    assert apart.mean() < 1.2
    renderer.close()
    surface.close()


def test_one_command_draws_a_picture(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "installation",
        "screenshot",
        "700x400",
        str(tmp_path / "a.png"),
        "--emotion",
        "sad",
    ]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=90)
    if "not available without a window" in found.stderr:
        pytest.skip(found.stderr)
    assert found.returncode == 0, found.stderr
    picture = cv2.imread(str(tmp_path / "a.png"))
    assert picture.shape == (400, 700, 3)
    assert picture.max() > 60


def test_what_cannot_be_drawn_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for options in (["--scene", "nothing"], ["--emotion", "sad", "--time", "99"]):
        command = [sys.executable, "-m", "installation", "screenshot", "64x64", str(tmp_path / "a.png"), *options]
        found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=90)
        assert found.returncode == 2
        assert "Traceback" not in found.stderr
    assert not (tmp_path / "a.png").exists()
