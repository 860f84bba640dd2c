"""The room: it is there behind every scene and not where the look says none, it is another one for each mood even in grey, and
it answers visitors; the composed picture hangs in it; a wet floor mirrors what glows."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from installation.config.scene import SceneConfig
from installation.render.passes import post
from installation.render.passes.post import floor_height
from installation.render.passes.room import room_size
from installation.render.renderer import Renderer
from installation.scene.scene import Scene
from installation.types import EMOTIONS, PictureFrame, SceneState, TextureFrame
from tests.screen import drawing

SIZE = (192, 108)
Draw = Callable[[SceneState], np.ndarray]


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    with drawing(SIZE, render_scale=1.0) as made:
        yield made


@pytest.fixture
def draw(renderer: Renderer) -> Draw:
    def drawn(scene: SceneState) -> np.ndarray:
        renderer.draw(scene)
        return renderer.read_rgb().astype(float)

    return drawn


def scene_of(*states: object, name: str = "") -> SceneState:
    """After four seconds; the room alone where no name is given."""
    scene = Scene(SceneConfig(name="blossom"), 3)
    for n in range(120):
        found = scene.update(states, next(iter(states), None), n / 30, 1 / 30)  # type: ignore[arg-type]
    return replace(found, scene=name, previous=name, blend=1.0)


def grey(picture: np.ndarray) -> np.ndarray:
    """(H, W) lightness, at one mean and one deviation: what is left of a picture without colour and brightness."""
    light = picture @ np.array([0.2126, 0.7152, 0.0722])
    return (light - light.mean()) / light.std()


def test_the_look_says_how_much_of_a_room_there_is(draw: Draw, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral"))
    whole, half, none = (draw(replace(scene, look=scene.look | {"stage": stage})) for stage in (1.0, 0.5, 0.0))
    assert whole.mean() > 18, "a room that can be seen"
    assert none.max() < 12, "the plain background"
    assert none.mean() < half.mean() < whole.mean()


def test_each_mood_has_a_place_of_its_own_even_in_grey(draw: Draw, state_of: Callable) -> None:
    shown = {emotion: grey(draw(scene_of(state_of(emotion)))) for emotion in EMOTIONS}
    for one, picture in shown.items():
        for other, beside in shown.items():
            if one < other:
                assert (picture * beside).mean() < 0.85, (one, other)


def test_a_visitor_brings_light_and_a_shadow_on_the_floor(draw: Draw, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral"))
    shapes = scene.shapes.copy()
    shapes[:, 0] = -0.9
    left = draw(replace(scene, shapes=shapes))
    shapes[:, 0] = 0.9
    right = draw(replace(scene, shapes=shapes))
    change = (right - left).mean(axis=2)
    x = [round((side / (2 * 16 / 9) + 0.5) * SIZE[0]) for side in (-0.9, 0.9)]
    middle, floor = slice(44, 60), slice(93, 97)
    assert change[middle, x[1] - 6 : x[1] + 6].mean() > 1, "light in the haze"
    assert change[middle, x[0] - 6 : x[0] + 6].mean() < -1
    under, beside = right[floor, x[1] - 4 : x[1] + 4].mean(), right[floor, x[1] - 36 : x[1] - 28].mean()
    assert under < 0.9 * beside, "and a shadow under the form"


def test_the_composed_picture_hangs_in_the_room_and_lights_what_is_before_it(
    renderer: Renderer, draw: Draw, state_of: Callable
) -> None:
    scene = scene_of(state_of("neutral"))
    before, form_before = draw(scene), draw(replace(scene, scene="supershape"))
    rgba = np.full((64, 64, 4), 255, np.uint8)
    rgba[:, :, :3] = (20, 150, 160)
    renderer.set_picture(PictureFrame(0.0, 1, 1, rgba, None, "test", 0.0), scene.t_s - 10)
    after, form_after = draw(scene), draw(replace(scene, scene="supershape"))
    wall = np.s_[20:60, 40:150]
    tint = (after - before)[wall].mean(axis=(0, 1))
    assert tint[1] > tint[0] + 8, "teal on the wall"
    assert tint[2] > tint[0] + 8
    middle = np.s_[35:75, 80:112]
    lit = (form_after - form_before)[middle].mean(axis=(0, 1))
    assert min(lit[1], lit[2]) > lit[0] + 1, "and on the form"


def test_a_wet_floor_mirrors_and_a_dry_one_does_not(
    draw: Draw, state_of: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = scene_of(state_of("happy"), name="blossom")
    strip = np.s_[-14:-3]

    def mirrored(roughness: float) -> float:
        # How much brighter the lowest strip is than without what mirrors.
        shown = replace(scene, look=scene.look | {"roughness": roughness, "droop": -0.3, "glow": 1.0})
        with monkeypatch.context() as without:
            without.setattr(post, "FLOOR_TOP", -1.0)
            plain = draw(shown)
        return float((draw(shown) - plain)[strip].mean())

    assert mirrored(0.05) > 0.5
    assert abs(mirrored(1.0)) < 0.2


def test_on_a_processor_a_room_is_drawn_bit_by_bit_and_gone_over_to_evenly(
    renderer: Renderer, draw: Draw, state_of: Callable
) -> None:
    scene, other = (scene_of(state_of(emotion)) for emotion in ("neutral", "surprise"))
    start, end = draw(scene), draw(replace(other, t_s=scene.t_s + 20))
    draw(replace(scene, t_s=scene.t_s + 40))
    far = np.abs(end - start).mean()
    # The first room is begun with the first picture and there with the fifth; until the tenth it is gone over to.
    steps = [draw(replace(other, t_s=scene.t_s + 40 + 0.04 * n)) for n in range(1, 12)]
    gone = [np.abs(step - start).mean() / far for step in steps]
    assert max(gone[:5]) < 0.1, "the room of before, while the next one is drawn"
    assert all(0.1 < after - before < 0.35 for before, after in pairwise(gone[4:10])), gone
    assert np.abs(steps[-1] - end).mean() < 0.1 * far


def test_a_part_of_a_room_is_drawn_by_the_numbers_that_held_when_it_was_begun(
    renderer: Renderer, draw: Draw, state_of: Callable
) -> None:
    scene, other = (scene_of(state_of(emotion)) for emotion in ("neutral", "surprise"))
    start = draw(scene)
    for n in range(1, 12):
        # Begun by the first numbers, five pictures to a room; all that comes in between leaves no trace.
        shown = draw(replace(scene if n % 5 == 1 else other, t_s=scene.t_s + 0.04 * n))
    assert np.abs(shown - start).mean() < 2


def test_what_a_form_wears_is_the_same_while_a_room_goes_over(
    renderer: Renderer, draw: Draw, state_of: Callable
) -> None:
    scene = scene_of(state_of("neutral"), name="blossom")
    scene = replace(scene, look=scene.look | {"texture": 1.0, "speed": 0.0})
    chance = np.random.default_rng(1)
    rgba = np.full((64, 64, 4), 255, np.uint8)
    rgba[..., :3] = chance.integers(0, 256, (8, 8, 3), np.uint8).repeat(8, 0).repeat(8, 1)
    renderer.set_texture(TextureFrame(0.0, 1, rgba, None, "test", 0.0), scene.t_s - 10)  # type: ignore[arg-type]
    whole = draw(scene)
    steps = [draw(replace(scene, t_s=scene.t_s + 0.04 * n)) for n in range(1, 13)]
    assert max(np.abs(step - whole).mean() for step in steps) < 1.5


def test_rooms_have_the_pictures_form() -> None:
    for size in ((1920, 1080), (1080, 1920), (320, 180)):
        width, height = room_size(size, 11_000)
        assert width / height == pytest.approx(size[0] / size[1], rel=0.03)
        assert width * height == pytest.approx(11_000, rel=0.03)
    assert 0.15 < floor_height((1920, 1080)) < 0.25
    assert floor_height((1080, 1920)) > floor_height((1920, 1080)), "in a tall picture the floor is higher up"
