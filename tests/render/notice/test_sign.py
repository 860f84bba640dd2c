"""The printed sign: all that must stand on it, within its margins, and a code that a telephone reads."""

import cv2
import numpy as np
import pytest

from installation.config.notice_texts import READING, Words
from installation.render.notice import sign as signs
from installation.render.notice.sign import HEIGHT_MM, MARGIN_MM, WIDTH_MM, Sign, draw_sign, px
from installation.types import ByteArray

URL = "https://example.org/mien/visitors?from=sign"


def read(page: ByteArray) -> str:
    """The code in the page's lower right, as a telephone held before it sees it: at 120 pixels an inch."""
    corner = page[px(230) :, px(120) :]
    small = cv2.resize(corner, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
    return str(cv2.QRCodeDetector().detectAndDecode(small)[0])


def test_its_code_leads_to_the_address_and_its_margins_are_free() -> None:
    drawn = draw_sign(Sign(tuple(READING.values()), True, "Museum", "m@example.org", URL))
    page = drawn.rgb
    assert page.shape == (px(HEIGHT_MM), px(WIDTH_MM), 3) == (3508, 2480, 3)
    assert (drawn.fits, drawn.missing) == (True, "")
    assert read(page) == URL
    white = page[px(120) :]
    edge = px(MARGIN_MM) - 3
    assert white[:, :edge].min() == white[:, -edge:].min() == white[-px(10) :].min() == 255
    assert str(cv2.QRCodeDetector().detectAndDecode(page)[0]) == URL, "also on the page as a whole"


def test_without_an_address_there_is_no_code_and_lines_to_write_on_instead_of_names() -> None:
    bare = draw_sign(Sign((READING["en"],), True)).rgb
    named = draw_sign(Sign((READING["en"],), True, "Museum", "m@example.org")).rgb
    assert read(bare) == ""

    def lines(page: ByteArray) -> int:
        dark = (page[px(240) :, px(MARGIN_MM) + 2 : px(WIDTH_MM - MARGIN_MM) - 2].max(axis=(1, 2)) < 200).astype(int)
        return int((np.diff(dark) == 1).sum() + dark[0])

    assert lines(bare) == lines(named) + 2


def test_it_says_that_no_pictures_are_stored_only_where_that_is_so() -> None:
    said = READING["de"]
    assert Sign((said,), True).text(said).endswith("gespeichert.")
    assert Sign((said,), False).text(said) == said.sign
    assert not np.array_equal(draw_sign(Sign((said,), True)).rgb, draw_sign(Sign((said,), False)).rgb)


def test_words_that_do_not_fit_and_letters_that_no_font_has_are_told() -> None:
    much = Words("Title", "text", "word " * 900)
    assert not draw_sign(Sign((much, much), False)).fits
    assert draw_sign(Sign((Words("Title \ue123", "text", "text"),), False)).missing == "\ue123"


def test_an_address_that_no_code_can_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        draw_sign(Sign((READING["en"],), False, url="https://example.org/" + "x" * 5000))


@pytest.mark.parametrize(("heights", "split"), [([5, 5, 5, 5], 2), ([9, 2, 2, 2], 1), ([1, 1, 9], 2)])
def test_columns_are_about_as_long_as_each_other(heights: list[int], split: int) -> None:
    assert signs._columns(heights, 2) == [list(range(split)), list(range(split, len(heights)))]
