"""The masks: each wears its visitor's face, becomes what is felt, makes room for the others; with nobody there it sleeps."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.output import OutputConfig
from installation.config.scene import SceneConfig
from installation.evaluation.moods import READINGS
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.scene.scene import Scene
from installation.types import EMOTIONS, FIGURE_COLUMNS, EmotionState, FloatArray, SceneState
from tests.screen import or_skipped

SIZE = (192, 108)
Draw = Callable[[SceneState, float], FloatArray]


@pytest.fixture(scope="module")
def draw() -> Iterator[Draw]:
    with or_skipped():
        surface = Offscreen(SIZE)
    config = OutputConfig(render_scale=1.0, quality="high", glow=0.0)
    renderer = Renderer(surface, config, {}, Notices(ManualClock()))

    def drawn(scene: SceneState, carved: float = 0.65) -> FloatArray:
        """(108, 192) luma, 0 to 255."""
        renderer.reconfigure(config, {"mask": {"carved": carved}})
        renderer.draw(scene)
        assert surface.context.error == "GL_NO_ERROR"
        return renderer.read_rgb().astype(np.float32) @ np.array([0.2126, 0.7152, 0.0722], np.float32)

    yield drawn
    renderer.close()
    surface.close()


def feeling(mood: str, person_id: int = 1, x: float = 0.5) -> EmotionState:
    shares, valence, arousal, energy, openness = READINGS[mood]
    return EmotionState(
        t_s=0.0,
        person_id=person_id,
        probabilities=np.array(shares, np.float32),
        valence=valence,
        arousal=arousal,
        confidence=0.8,
        energy=energy,
        openness=openness,
        position=(x, 0.5, 0.8),
        presence=1.0,
        label=mood,
    )


def scene_of(*states: EmotionState, seconds: float = 4.0) -> SceneState:
    scene = Scene(SceneConfig(name="mask"), 3)
    for n in range(round(seconds * 30)):
        found = scene.update(states, next(iter(states), None), n / 30, 1 / 30)
    return found


def with_face(scene: SceneState, **numbers: float) -> SceneState:
    """``scene`` with a face that is seen, and these of FIGURE_COLUMNS."""
    figures = scene.figures.copy()
    figures[:, FIGURE_COLUMNS.index("face")] = 1.0
    for name, value in numbers.items():
        figures[:, FIGURE_COLUMNS.index(name)] = value
    return replace(scene, figures=figures)


@pytest.fixture(scope="module")
def calm() -> SceneState:
    return scene_of(feeling("neutral"))


def changed(one: FloatArray, other: FloatArray) -> FloatArray:
    """Where two pictures differ: the mean row and column, and the share of points."""
    rows, columns = np.nonzero(np.abs(one - other) > 12)
    return np.array([rows.mean(), columns.mean(), len(rows) / one.size]) if len(rows) else np.zeros(3)


@pytest.mark.parametrize("carved", [0.0, 0.65, 1.0])
def test_every_mood_has_a_mask_of_its_own(draw: Draw, carved: float) -> None:
    pictures = {mood: draw(scene_of(feeling(mood), seconds=2.5), carved) for mood in EMOTIONS}
    for mood, picture in pictures.items():
        # The mask against the room's corners.
        assert picture[34:74, 76:116].std() > 8, mood
        assert np.isfinite(picture).all()
    for n, one in enumerate(EMOTIONS):
        for other in EMOTIONS[:n]:
            # Light alone does not count: the pictures are brought to one brightness first.
            a, b = (p / p[20:90, 60:130].mean() for p in (pictures[one], pictures[other]))
            assert np.abs(a - b)[20:90, 60:130].mean() > 0.12, (one, other)


def test_an_open_jaw_opens_the_mouth_and_leaves_the_eyes(draw: Draw, calm: SceneState) -> None:
    for carved in (0.0, 0.65):
        shut, wide = draw(with_face(calm), carved), draw(with_face(calm, jaw_open=1.0), carved)
        row, column, share = changed(shut, wide)
        assert share > 0.004
        assert 62 < row < 95, "below the middle"
        assert 84 < column < 108, "between both sides"
        eyes = np.abs(shut - wide)[30:52, 70:122]
        assert (eyes > 12).mean() < 0.02


def test_a_smile_lifts_the_corners_of_the_mouth(draw: Draw, calm: SceneState) -> None:
    def bow(**numbers: float) -> float:
        """Rows by which the mouth's middle lies below its corners, on a plain face, where the mouth is its darkest line."""
        picture = draw(with_face(calm, **numbers), 0.0)[58:90]
        rows = picture.argmin(axis=0)
        middle, half = 96, 9
        return float(np.median(rows[middle - 2 : middle + 3]) - 0.5 * (rows[middle - half] + rows[middle + half]))

    assert bow(smile=1.0) > bow() > bow(frown=1.0)
    assert bow(smile=1.0) >= 1.5
    assert bow(frown=1.0) <= -1


def test_an_eye_closes_on_its_own_side(draw: Draw, calm: SceneState) -> None:
    open_ = draw(with_face(calm), 0.65)
    left, right = (draw(with_face(calm, **{f"eye_closed_{side}": 1.0}), 0.65) for side in ("left", "right"))
    assert changed(open_, left)[1] < 92
    assert changed(open_, right)[1] > 100
    assert changed(open_, left)[0] < 60, "in the upper half"


def test_the_mask_turns_with_the_head(draw: Draw, calm: SceneState) -> None:
    def nose_shadow(yaw: float) -> float:
        """Where the light inside the eyes is, on average."""
        picture = draw(with_face(calm, yaw=yaw, eye_wide=1.0), 0.0)[30:56, 70:122]
        dark = picture < np.percentile(picture, 8)
        return float(np.nonzero(dark)[1].mean())

    assert nose_shadow(-0.5) < nose_shadow(0.0) - 2 < nose_shadow(0.5) - 4


def test_several_visitors_have_masks_side_by_side_each_of_its_own_mood(draw: Draw) -> None:
    states = tuple(
        feeling(mood, n + 1, x) for n, (mood, x) in enumerate((("sad", 0.3), ("happy", 0.5), ("angry", 0.7)))
    )
    scene = scene_of(*states)
    assert np.allclose(scene.moods[1], states[1].probabilities, atol=0.05)
    alone = scene_of(states[0])
    assert np.allclose(alone.moods[0], alone.emotion, atol=1e-5), "a visitor alone shows what the piece shows"
    three = draw(scene, 0.65)
    # Who feels otherwise changes in one place, the left one.
    moods = scene.moods.copy()
    moods[0] = moods[1]
    _, column, share = changed(three, draw(replace(scene, moods=moods), 0.65))
    assert share > 0.02
    assert column < 85
    same = tuple(replace(state, probabilities=states[0].probabilities) for state in states)
    assert changed(three, draw(scene_of(*same), 0.65))[2] > 0.03


def test_with_nobody_there_it_sleeps_and_a_welcome_lights_it(draw: Draw, calm: SceneState) -> None:
    asleep = scene_of(seconds=2.0)
    picture = draw(asleep, 0.65)
    assert picture[30:78, 76:116].mean() > 6
    assert picture[30:78, 76:116].std() > 4, "a face in half shadow"
    same = draw(with_face(asleep, jaw_open=0.0), 0.65)
    assert np.abs(picture - same).mean() < 1, "nobody's face moves it"
    welcomed = draw(replace(calm, welcome=1.0), 0.65)
    assert welcomed.mean() > draw(calm, 0.65).mean() + 1


def test_the_dial_goes_from_a_plain_ball_to_a_carved_face(draw: Draw, calm: SceneState) -> None:
    # Relief shows as fine differences between neighbours.
    relief = [float(np.abs(np.diff(draw(calm, carved)[24:84, 70:122], axis=0)).mean()) for carved in (0.0, 0.65, 1.0)]
    assert relief[0] < relief[1] < relief[2] * 1.1
    assert relief[1] > 1.3 * relief[0]
