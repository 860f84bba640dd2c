"""A page for the wall: everything stands on it, it fits any picture, and the icon is the same at any size."""

import cv2
import numpy as np
import pytest

from installation.config.notice_texts import READING
from installation.render.notice.fonts import Face
from installation.render.notice.icon import icon
from installation.render.notice.page import HIGHEST, WIDEST, wall_page

ALL = list(READING.values())


@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (1920, 1080), (720, 1280), (3840, 1080), (500, 500)])
@pytest.mark.parametrize("count", [1, 3, 7])
def test_it_fits_and_one_language_is_large(size: tuple[int, int], count: int) -> None:
    page = wall_page(size, ALL[:count], [Face("")] * count, 1.0)
    height, width = page.mask.shape[:2]
    assert width <= WIDEST * size[0]
    assert height <= HIGHEST * size[1]
    assert page.mask[..., 0].max() > 200
    assert page.mask[..., 1].max() == 255
    if count == 1:
        assert page.title_px >= 0.06 * min(size)


def test_a_factor_makes_letters_larger_and_too_many_words_smaller() -> None:
    def title(scale: float, text: str = "") -> int:
        words = [READING["en"]] if not text else [type(READING["en"])("Title", text)]
        return wall_page((1280, 720), words, [Face("")], scale).title_px

    assert title(0.5) < title(1.0) < title(1.4)
    assert title(1.0, "very many words " * 60) < 0.8 * title(1.0)
    assert wall_page((64, 36), ALL, [Face("")] * 7, 2.0).title_px >= 7, "it ends"


def test_all_languages_stand_one_below_the_other() -> None:
    one = wall_page((1280, 720), ALL[:1], [Face("")], 1.0).mask[..., 0]
    three = wall_page((1280, 720), ALL[:3], [Face("")] * 3, 1.0).mask[..., 0]

    def rows(mask: np.ndarray) -> int:
        inked = (mask.max(axis=1) > 60).astype(int)
        return int((np.diff(inked) == 1).sum() + inked[0])

    assert rows(three) >= 6
    assert rows(one) < rows(three)


def test_the_icon_is_a_camera_with_a_face_at_any_size() -> None:
    large = icon(400)
    assert (large.min(), large.max()) == (0.0, 1.0)
    for size in (24, 60, 133):
        small = cv2.resize(large, (size, size), interpolation=cv2.INTER_AREA)
        assert np.abs(icon(size) - small).mean() < 0.02
    holes = cv2.connectedComponents((large < 0.5).astype(np.uint8))[0] - 1
    assert holes == 6, "around it, the lens's rim, two eyes, a smile, the flash"
    np.testing.assert_allclose(large[165:], large[165:, ::-1], atol=1e-4)
