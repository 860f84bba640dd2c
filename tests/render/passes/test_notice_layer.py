"""What visitors are told, in the picture: readable on anything, part of every capture, and nothing at all while it is away."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from installation.base.colour import linear_of_srgb
from installation.base.notices import Notices
from installation.config.notice import NoticeConfig
from installation.config.output import OutputConfig
from installation.config.scene import SceneConfig
from installation.render.passes.notice_layer import STAGE, colours
from installation.render.renderer import Renderer
from installation.scene.scene import Scene
from installation.types import ByteArray, SceneState
from tests.screen import drawing

SIZE = (320, 180)
DITHER = 0.6
"""What two pictures of the same differ by in the mean."""
Floats = npt.NDArray[np.float64]


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    with drawing(SIZE, render_scale=0.5, quality="low", flash_limit=False) as made:
        yield made


def still(notice: float = 0.0, notice_s: float = 1.0, n: int = 5) -> SceneState:
    """A scene that stands still but for the notice."""
    scene = Scene(SceneConfig(name="supershape"), 3)
    for k in range(n):
        found = scene.update((), None, k / 10, 0.1)
    return replace(found, notice=notice, notice_s=notice_s, look=found.look | {"grain": 0.0})


def drawn(renderer: Renderer, scene: SceneState) -> ByteArray:
    for _ in range(2):
        renderer.draw(scene)
    return renderer.read_rgb()


def told(notices: Notices, kind: str) -> str:
    return "; ".join(one.message for one in notices.active(kind) if one.stage == STAGE)  # type: ignore[arg-type]


def luminance(rgb: ByteArray) -> Floats:
    """WCAG's relative luminance."""
    return np.asarray(linear_of_srgb(rgb / 255) @ (0.2126, 0.7152, 0.0722))


def test_it_is_seen_fades_and_leaves_the_picture_as_it_was(renderer: Renderer) -> None:
    plain = drawn(renderer, still())
    shares = [float(np.abs(drawn(renderer, still(n / 8)).astype(int) - plain).mean()) for n in range(9)]
    assert shares[0] < DITHER
    assert all(b >= a for a, b in pairwise(shares[1:])), "softly, step by step"
    assert shares[8] > 4.0
    assert np.abs(drawn(renderer, still()).astype(int) - plain).mean() < DITHER
    top = drawn(renderer, still(1.0))[: SIZE[1] // 8].astype(int) - plain[: SIZE[1] // 8]
    assert np.abs(top).mean() < DITHER, "the rest of the picture is untouched"


@pytest.mark.parametrize("light", [0, 128, 255])
def test_letters_are_read_on_any_picture(light: int) -> None:
    """4.5 to 1 is what WCAG 2.2 (1.4.3) asks of small text."""
    with drawing((640, 360), render_scale=0.5, quality="low") as renderer:
        scene = still(1.0)
        picture = renderer._context.texture((8, 8), 4, bytes([light] * 256))
        uniforms = renderer.notice.lay(scene, (640, 360))
        assert uniforms is not None
        renderer.output.draw(picture, renderer._surface.framebuffer, (640, 360), uniforms)
        seen = luminance(renderer.read_rgb())
        picture.release()
    mask = renderer.notice._pages
    assert mask == [], "freed with the renderer"
    left, top, wide, high = uniforms["u_notice_box"]
    page = seen[round(top * 360) : round((top + high) * 360), round(left * 640) : round((left + wide) * 640)]
    letters, ground = np.quantile(page, 0.995), np.quantile(page, 0.30)
    assert (letters + 0.05) / (ground + 0.05) > 6.0
    assert letters > 0.85


def test_a_look_gives_it_its_hue_and_stays_readable() -> None:
    palette = np.array([[0.9, 0.9, 0.9], [0, 0, 0], [0, 0, 0], [0.02, 0.0, 0.6]], np.float32)
    pool, letters, icon = colours(palette)
    assert max(pool) <= 0.12 + 1e-6
    assert min(letters) > 0.85
    assert icon[2] > icon[0]
    assert all(np.isfinite(colours(np.zeros((4, 3), np.float32))).ravel())


def test_languages_take_turns_and_the_dark_behind_them_stays(renderer: Renderer) -> None:
    renderer.notice.reconfigure(NoticeConfig(languages=["en", "de"], arrangement="in turn", turn_s=4.0))
    at = {t_s: drawn(renderer, still(1.0, t_s)).astype(int) for t_s in (2.0, 4.0, 6.0, 10.0)}
    assert np.abs(at[2.0] - at[6.0]).mean() > 0.5
    assert np.abs(at[2.0] - at[10.0]).mean() < DITHER
    assert at[4.0].max() < at[2.0].max(), "between two languages there are no words"
    corner = at[2.0][-12, 30]
    assert np.abs(at[4.0][-12, 30] - corner).max() <= 3


def test_pages_are_made_once_and_freed(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    original = renderer.notice._texture
    monkeypatch.setattr(renderer.notice, "_texture", lambda page: made.append(page) or original(page))
    drawn(renderer, still(1.0))
    renderer.notice.clear()
    made.clear()
    drawn(renderer, still())
    before = renderer.object_count()
    assert made == []
    for n in range(20):
        renderer.draw(still(min(1.0, n / 4)))
    assert len(made) == 1
    if before is not None:
        assert renderer.object_count() == before + 1
    renderer.notice.reconfigure(NoticeConfig(size=0.7))
    assert renderer.object_count() == before
    drawn(renderer, still(1.0))
    assert len(made) == 2


def test_a_large_capture_holds_it_too() -> None:
    scene = still(1.0)
    with drawing((640, 360), render_scale=0.5, quality="low", flash_limit=False) as renderer:
        shown = drawn(renderer, scene).astype(int)
    with drawing(SIZE, render_scale=0.5, quality="low", flash_limit=False) as renderer:
        small = drawn(renderer, scene).astype(int)
        parts = [renderer.draw_part(scene, (640, 360), (x, 0.0, 0.5, 1.0), (320, 360)) for x in (0.0, 0.5)]
        assert np.abs(drawn(renderer, scene).astype(int) - small).mean() < DITHER, "and the show goes on"
    bright = shown.min(axis=2) > 200
    assert bright.mean() > 0.02
    assert np.abs(np.hstack(parts).astype(int) - shown)[bright].mean() < 3, "letter for letter"


def test_it_turns_with_a_projector_and_is_no_operators_text() -> None:
    screen = {"name": "a", "corners": [[0.5, 0.0], [1.0, 0.0], [1.0, 1.0], [0.5, 1.0]]}
    output = OutputConfig.model_validate({"screens": [screen], "quality": "low", "flash_limit": False})
    with drawing(SIZE, **dict(output)) as renderer:
        changed = np.abs(drawn(renderer, still(1.0)).astype(int) - drawn(renderer, still()))
    assert changed[:, : SIZE[0] // 2 - 2].max() == 0
    assert changed[SIZE[1] // 2 :, SIZE[0] // 2 :].mean() > 2


@pytest.mark.parametrize("place", ["bottom", "middle", "top"])
def test_it_stands_where_it_is_wanted_in_a_picture_on_end(place: str) -> None:
    with drawing((180, 320), quality="low", flash_limit=False) as renderer:
        renderer.notice.reconfigure(NoticeConfig(place=place, languages=["fr"]))  # type: ignore[arg-type]
        changed = np.abs(drawn(renderer, still(1.0)).astype(int) - drawn(renderer, still())).max(axis=2)
    rows = np.flatnonzero((changed > 120).any(axis=1))
    middle = {"bottom": 0.75, "middle": 0.5, "top": 0.25}[place]
    assert abs(rows.mean() / 320 - middle) < 0.15


def test_what_cannot_be_read_is_told_and_withdrawn() -> None:
    with drawing((640, 360), quality="low") as renderer:
        told_and_withdrawn(renderer)


def told_and_withdrawn(renderer: Renderer) -> None:
    notices: Notices = renderer.notice._notices
    renderer.notice.reconfigure(
        NoticeConfig.model_validate({"languages": ["xx"], "words": {"xx": {"title": "A \ue123"}}})
    )
    drawn(renderer, still(1.0))
    assert "xx: no font" in told(notices, "fallback")
    renderer.notice.reconfigure(NoticeConfig(languages=["en", "de", "fr", "es", "it", "nl", "pl"], size=0.5))
    drawn(renderer, still(1.0))
    assert "too small" in told(notices, "fallback")
    renderer.notice.reconfigure(NoticeConfig(enabled=False))
    assert told(notices, "fallback") == ""
    assert "not told" in told(notices, "note")
    renderer.notice.reconfigure(NoticeConfig())
    assert told(notices, "note") == ""
