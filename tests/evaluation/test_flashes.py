"""Flashes are counted as the definitions have them, on pictures whose answer is known; and every scene holds the limits."""

import numpy as np
import pytest

from installation.config.scene_files import scene_names
from installation.evaluation.flash_count import MOST, FlashCounter
from installation.evaluation.flashes import main, measure, wildest, wildest_look
from installation.types import BIRTHS, ByteArray
from tests.screen import or_skipped

FPS = 25
WHITE, BLACK, RED = (255,) * 3, (0,) * 3, (255, 0, 0)


def film(
    hz: float, one: tuple[int, ...], other: tuple[int, ...], width: float = 1.0, height: float = 1.0
) -> list[ByteArray]:
    """Three seconds; a block of this share of the picture's width and height goes from one colour to the other and back."""
    pictures = np.zeros((3 * FPS, 90, 160, 3), np.uint8)
    for n, picture in enumerate(pictures):
        picture[:] = other
        picture[: round(90 * height), : round(160 * width)] = one if (n / FPS * hz + 1e-6) % 1 < 0.5 else other
    return list(pictures)


def counts(pictures: list[ByteArray], fps: float = FPS) -> tuple[int, int]:
    counter = FlashCounter(fps)
    for picture in pictures:
        counter.add(picture)
    return counter.general, counter.red


@pytest.mark.parametrize("hz", [1, 2, 3, 5, 8, 12.5])
def test_a_strobe_has_as_many_flashes_as_it_has_beats_in_a_second(hz: float) -> None:
    general, red = counts(film(hz, WHITE, BLACK))
    assert general in (int(hz), int(hz + 0.5))
    assert red == 0


def test_a_change_below_a_tenth_of_white_is_none_and_one_above_is() -> None:
    assert counts(film(5, (80,) * 3, (20,) * 3)) == (0, 0)  # 0.080 and 0.007 of white
    assert counts(film(5, (100,) * 3, (20,) * 3))[0] == 5  # 0.127


def test_where_the_darker_one_is_bright_nothing_flashes() -> None:
    assert counts(film(5, WHITE, (235,) * 3)) == (0, 0)  # 0.83
    assert counts(film(5, WHITE, (225,) * 3))[0] == 5  # 0.75


def test_saturated_red_flashes_though_its_light_changes_little() -> None:
    assert counts(film(5, (120, 0, 0), BLACK)) == (0, 5)  # luminance 0.04, red 0.19
    assert counts(film(5, (120, 90, 0), BLACK))[1] == 0, "orange is no saturated red"
    assert counts(film(5, RED, (0, 0, 255)))[1] == 5


@pytest.mark.parametrize(
    ("width", "height", "over"), [(0.12, 0.12, False), (0.14, 0.14, False), (0.2, 0.2, True), (1, 0.2, True)]
)
def test_a_quarter_of_a_field_must_flash(width: float, height: float, over: bool) -> None:
    """A field is a third of the picture each way: a quarter of it is a sixth each way."""
    assert (counts(film(5, WHITE, BLACK, width, height))[0] > 0) == over


def test_a_form_that_moves_is_no_flash_but_one_that_swings_fast_is() -> None:
    x, y = np.meshgrid(np.arange(160), np.arange(90))

    def swung(hz: float) -> list[ByteArray]:
        ways = [np.hypot(x - 80 - 30 * np.sin(2 * np.pi * hz * n / FPS), y - 45) < 20 for n in range(3 * FPS)]
        return [np.repeat(np.where(way, 255, 10).astype(np.uint8)[:, :, None], 3, axis=2) for way in ways]

    assert counts(swung(0.7))[0] <= 2
    assert counts(swung(3.0))[0] > MOST


def test_a_slow_fade_is_no_flash() -> None:
    levels = 127 + 127 * np.sin(np.arange(3 * FPS) / FPS * 2 * np.pi * 0.4)
    assert counts([np.full((90, 160, 3), level, np.uint8) for level in levels])[0] <= 1


def test_the_wildest_has_everything() -> None:
    look = wildest_look()
    assert {look.angry.motion.tremble, look.nobody.motion.pulse, look.sad.motion.rhythm} == {1.0}
    states = list(wildest("blossom", 6.0))
    assert len(states) == 150
    assert max(state.welcome for state in states) == 1.0
    assert max(len(state.shapes) for state in states) > 1
    assert 0 < max(len(state.births) for state in states) <= BIRTHS
    assert {state.scene for state in states} > {"blossom"}
    assert max(state.look["speed"] for state in states) > 10
    assert max(state.arousal for state in states) > 0.9


def test_a_scene_at_its_wildest_holds_the_limits() -> None:
    with or_skipped():
        found = measure("swarm", 2.5, (160, 90))
    assert found.safe
    limited, unlimited = found.general + found.red, found.general_unlimited + found.red_unlimited
    assert unlimited > limited, "without the limiter there is more of it"


@pytest.mark.long
@pytest.mark.parametrize("name", scene_names())
def test_every_scene_at_its_wildest_holds_the_limits(name: str) -> None:
    with or_skipped():
        found = measure(name, 8.0, (320, 180))
    assert found.safe, found


def test_it_prints_a_line_a_scene(capsys: pytest.CaptureFixture[str]) -> None:
    with or_skipped():
        assert main(["--scenes", "blossom", "--seconds", "0.4", "--size", "160x90"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split()[0] == "blossom"
