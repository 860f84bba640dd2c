"""Every scene in three emotions, held against pictures that were looked at. The figure has joints, an outline and a room."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.output import OutputConfig
from installation.config.scene import SceneConfig
from installation.config.scene_files import load_scene, scene_names
from installation.generation.procedural import procedural_texture
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.scene.scene import Scene
from installation.types import ByteArray, EmotionState, Silhouette, TextureFrame
from tests.screen import or_skipped

SIZE = (192, 108)
GOLDEN = Path(__file__).resolve().parents[1] / "golden"
OTHER_POINTS = 0.001
"""Share of the points that may differ by more than 2 of 255."""
RUNS = Path(__file__).resolve().parents[2] / "runs" / "golden"
EMOTIONS_SHOWN = {"happy": (0.8, 0.5), "sad": (-0.7, -0.5), "angry": (-0.6, 0.8)}
# Landmark: x, y of somebody who stands in the middle with one arm raised.
POSED = {
    0: (0.50, 0.24), 7: (0.53, 0.23), 8: (0.47, 0.23), 11: (0.56, 0.36), 12: (0.44, 0.36), 13: (0.64, 0.28),
    14: (0.38, 0.48), 15: (0.69, 0.14), 16: (0.36, 0.62), 23: (0.54, 0.62), 24: (0.46, 0.62), 25: (0.55, 0.78),
    26: (0.45, 0.78), 27: (0.55, 0.95), 28: (0.45, 0.95),
}  # fmt: skip
LIMBS = ((11, 13), (13, 15), (12, 14), (14, 16), (23, 25), (25, 27), (24, 26), (26, 28))


def posed() -> np.ndarray:
    pose = np.zeros((33, 4), np.float32)
    for landmark, (x, y) in POSED.items():
        pose[landmark] = (x, y, 0.0, 1.0)
    return pose


def silhouette() -> Silhouette:
    """The same figure as an outline, in a room that is bright on the left."""
    alpha = np.zeros((144, 256), np.uint8)
    points = {landmark: (round(x * 256), round(y * 144)) for landmark, (x, y) in POSED.items()}
    for a, b in LIMBS:
        cv2.line(alpha, points[a], points[b], 255, 13)
    cv2.fillConvexPoly(alpha, np.array([points[11], points[12], points[24], points[23]]), 255)
    cv2.circle(alpha, points[0], 12, 255, -1)
    alpha = cv2.GaussianBlur(alpha, (7, 7), 0)
    shade = np.linspace(200, 40, 256).astype(np.uint8)
    rgb = np.repeat(np.tile(shade, (144, 1))[:, :, None], 3, axis=2)
    return Silhouette(0.0, 1, alpha, np.ascontiguousarray(rgb))


@pytest.fixture
def stage() -> Iterator[tuple[Offscreen, Renderer]]:
    with or_skipped():
        surface = Offscreen(SIZE)
    renderer = Renderer(surface, OutputConfig(render_scale=1.0, quality="ultra"), {}, Notices(ManualClock()))
    yield surface, renderer
    renderer.close()
    surface.close()


def drawn(stage: tuple[Offscreen, Renderer], name: str, who: EmotionState, frames: int = 30) -> ByteArray:
    """Four seconds of the scene; its last ``frames`` are drawn: after a second particles are on their way."""
    surface, renderer = stage
    rgba = procedural_texture(np.array([0.3, 0.4, 0.2, 0.1], np.float32), 1, 64)
    renderer.set_texture(TextureFrame(0.0, 1, rgba, None, "test", 0.0), 0.0)  # type: ignore[arg-type]
    renderer.set_silhouette(silhouette())
    scene = Scene(SceneConfig(name=name), 3)
    for n in range(120):
        found = scene.update((who,), who, n / 30, 1 / 30)
        if n >= 120 - frames:
            renderer.draw(found)
    assert surface.context.error == "GL_NO_ERROR"
    return renderer.read_rgb()


@pytest.mark.parametrize("emotion", ["happy", "angry", pytest.param("sad", marks=pytest.mark.long)])
@pytest.mark.parametrize("name", scene_names())
def test_golden(
    stage: tuple[Offscreen, Renderer], state_of: Callable, request: pytest.FixtureRequest, name: str, emotion: str
) -> None:
    valence, arousal = EMOTIONS_SHOWN[emotion]
    who = replace(state_of(emotion, valence=valence, arousal=arousal), joints=posed())
    picture = drawn(stage, name, who)
    path, record = GOLDEN / f"{name}-{emotion}.png", GOLDEN / "renderer.json"
    renderer = stage[0].renderer
    if request.config.getoption("--update-golden"):
        GOLDEN.mkdir(exist_ok=True)
        cv2.imwrite(str(path), picture[:, :, ::-1])
        record.write_text(json.dumps({"renderer": renderer}) + "\n")
    light = picture.max(axis=2)
    assert (light > 40).mean() > 0.03, "something is there"
    assert (picture.min(axis=2) > 245).mean() < 0.03, "not blown out to white"
    assert picture.mean() < (120 if emotion == "happy" else 100), "a dark room, but in joy"
    if json.loads(record.read_text())["renderer"] != renderer:
        pytest.skip("another renderer than the golden images'; coverage and brightness were checked")
    golden = cv2.imread(str(path))[:, :, ::-1]
    difference = np.abs(golden.astype(int) - picture)
    # Another processor's vector units round a few points on the edges of forms otherwise: up to six of 20,736 were seen.
    others = (difference.max(axis=2) > 2).mean()
    if others > OTHER_POINTS:
        RUNS.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(RUNS / path.name), picture[:, :, ::-1])
        cv2.imwrite(str(RUNS / f"difference-{path.name}"), np.clip(difference * 20, 0, 255).astype(np.uint8))
    assert others <= OTHER_POINTS, f"see {RUNS}; --update-golden if it is meant so"


def test_every_scene_has_its_golden_images_and_none_is_left_over() -> None:
    wanted = {f"{name}-{emotion}.png" for name in scene_names() for emotion in EMOTIONS_SHOWN}
    assert {path.name for path in GOLDEN.glob("*.png")} == wanted


@pytest.mark.parametrize("name", scene_names())
def test_every_scene_shows_the_generated_picture(
    stage: tuple[Offscreen, Renderer], state_of: Callable, name: str
) -> None:
    _, renderer = stage
    who = replace(state_of("neutral"), joints=posed())
    drawn(stage, name, who, frames=12)
    means = []
    scene = Scene(SceneConfig(name=name), 3)
    for level in (20, 235):
        rgba = np.full((64, 64, 4), level, np.uint8)
        rgba[:, :, 3] = 255
        for _ in range(2):  # both textures, the newest and the one before
            renderer.set_texture(TextureFrame(0.0, 1, rgba, None, "test", 0.0), 0.0)  # type: ignore[arg-type]
        for n in range(30):
            found = scene.update((who,), who, n / 30, 1 / 30 if level == 20 else 0.0)
        renderer.draw(found)
        means.append(renderer.read_rgb().astype(float).mean())
    assert means[1] > means[0] + 1.0, f"{load_scene(name).title} wears the picture"


@pytest.mark.parametrize("name", scene_names())
def test_a_new_emotion_reaches_the_pixels_within_two_frames(
    stage: tuple[Offscreen, Renderer], state_of: Callable, name: str
) -> None:
    _, renderer = stage
    sad = replace(state_of("sad", valence=-0.7, arousal=-0.5), joints=posed())
    happy = replace(state_of("happy", valence=0.8, arousal=0.5), joints=posed())
    drawn(stage, name, sad, frames=12)
    scene = Scene(SceneConfig(name=name), 3)
    for n in range(60):
        still = scene.update((sad,), sad, n / 30, 1 / 30)
    pictures = []
    for found in (still, scene.update((sad,), sad, 59 / 30, 0.0)):
        renderer.draw(found)
        pictures.append(renderer.read_rgb().astype(int))
    for n in (1, 2):
        renderer.draw(scene.update((happy,), happy, 2.0 + n / 30, 1 / 30))
    pictures.append(renderer.read_rgb().astype(int))
    # Smoothed over 8 x 8 pixels, grain and dither vanish; what is left is the emotion.
    small = [cv2.resize(picture.astype(np.float32), (24, 13), interpolation=cv2.INTER_AREA) for picture in pictures]
    assert np.abs(small[1] - small[0]).max() < 1.0
    # The form, and its light; where a processor draws, the room behind it follows in two ROOM_S.
    assert np.abs(small[2] - small[1]).max() > 1.5
