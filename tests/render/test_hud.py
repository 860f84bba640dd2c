"""The operator's text on the wall: read at every size and through every output, wrapped, cut, drawn only where it changes."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.config.output import OutputConfig, ScreenConfig
from installation.render.hud import FACE_LINES, Hud
from installation.render.hud_layout import ENTRY_ROWS, fitted, line_height, wrapped
from installation.render.output.output_pass import OutputPass
from installation.render.surface import Offscreen, live_objects
from installation.types import ByteArray
from tests.screen import offscreen

SIZE = (320, 180)
LINES = ("30 pictures/s", "! camera: gone")
LONG = "! osc: " + "192.168.1.20:9000 does not answer and its packets are lost " * 2


class Wall:
    """An output pass over a grey picture."""

    def __init__(self, surface: Offscreen, *screens: ScreenConfig) -> None:
        self.surface, self.hud = surface, Hud(surface.context)
        self.output = OutputPass(surface.context, OutputConfig(screens=list(screens)))
        self.source = surface.context.texture((2, 2), 4, bytes([60, 60, 60, 255] * 4))

    def show(self, lines: tuple[str, ...], large: str = "", face: tuple[str, int] | None = None) -> ByteArray:
        """(H, W, 3) of the window."""
        size = self.surface.size
        self.hud.show(lines, large, face)
        self.output.draw(self.source, self.surface.framebuffer, size)
        self.output.draw_over(self.hud, self.surface.framebuffer, size)
        data = np.frombuffer(self.surface.framebuffer.read(components=4), np.uint8).reshape(size[1], size[0], 4)
        assert self.surface.context.error == "GL_NO_ERROR"
        return data[::-1, :, :3]

    def close(self) -> None:
        for part in (self.hud, self.output, self.source):
            part.release()


@pytest.fixture
def wall() -> Iterator[Wall]:
    with offscreen(SIZE) as surface:
        made = Wall(surface)
        yield made
        made.close()


def ink(picture: ByteArray) -> np.ndarray:
    """Where letters are."""
    return picture.max(axis=2) > 150


def test_it_is_shown_in_the_corner_and_hidden(wall: Wall) -> None:
    plain = wall.show(())
    assert (plain == 60).all()
    shown = wall.show(LINES)
    panel = (shown != 60).any(axis=2)
    rows, columns = panel.any(axis=1).sum(), panel.any(axis=0).sum()
    assert panel[:rows, :columns].all(), "a rectangle in the upper left"
    assert rows < SIZE[1] / 3
    red, blue = (shown[..., channel][ink(shown)].astype(int) for channel in (0, 2))
    assert (red - blue > 60).sum() > 30, "faults have a colour of their own"
    assert (abs(red - blue) < 20).sum() > 30
    assert np.array_equal(wall.show(()), plain)


def test_a_large_word_stands_above_the_lines_and_leaves_with_them(wall: Wall) -> None:
    def white(picture: ByteArray) -> int:
        return int((picture > 240).all(axis=2).sum())

    small, three = wall.show(LINES), wall.show(LINES, "3")
    assert white(three) > 300, "a numeral that is read from across the room"
    assert white(small) < 30
    assert not np.array_equal(wall.show(LINES, "2"), three)
    assert white(wall.show((), "2")) > 300, "without lines, too"
    assert (wall.show(LINES, "a label that is far too long for the picture") == wall.show(LINES, "")).mean() < 0.99
    assert (wall.show(()) == 60).all()


def test_a_face_stands_in_the_corner_and_leaves(wall: Wall) -> None:
    def yellow(picture: ByteArray) -> np.ndarray:
        return (picture[..., 0] > 200) & (picture[..., 1] > 150) & (picture[..., 2] < 120)

    side = FACE_LINES * line_height(SIZE)
    for lines in (("one",), ("one", "two", "three", "four"), ()):
        found = yellow(wall.show(lines, "" if lines else "3", ("happy", 0)))
        across, down = found.any(axis=0).sum(), found.any(axis=1).sum()
        assert abs(across - side) <= 3, "round, and all of it"
        assert abs(down - side) <= 3
        assert yellow(wall.show(lines, "" if lines else "3")).sum() == 0


@pytest.mark.parametrize("size", [(320, 180), (1280, 720), (3840, 2160), (1080, 1920), (3840, 720), (64, 36)])
def test_it_grows_with_the_picture_and_stays_in_it(size: tuple[int, int]) -> None:
    with offscreen(size) as surface:
        wall = Wall(surface)
        shown = wall.show((*LINES, LONG) * 30, "", ("sad", 1))
        letters = ink(shown)
        wall.close()
    line = line_height(size)
    assert line == (14 if size[1] <= 180 else round(min(size[1] / 38, size[0] / 24)))
    assert not letters[:, -1].any(), "wrapped before the right edge"
    if size[1] > 36:
        assert letters[: 2 * line].sum() > line
        assert not letters[-1].any()


def test_through_turned_mirrored_bent_and_coloured_outputs_it_is_part_of_the_picture() -> None:
    with offscreen(SIZE) as surface:
        upright = Wall(surface)
        plain = upright.show(LINES)
        upright.close()
        for screen, turn in (
            (ScreenConfig(rotation=180), lambda picture: picture[::-1, ::-1]),
            (ScreenConfig(mirror="horizontal"), lambda picture: picture[:, ::-1]),
            (ScreenConfig(gamma=1.0000001), lambda picture: picture),
        ):
            wall = Wall(surface, screen)
            assert np.abs(wall.show(LINES).astype(int) - turn(plain)).max() <= 1, screen
            wall.close()
        bent = Wall(surface, ScreenConfig(corners=[[0.1, 0.1], [1, 0], [1, 1], [0, 1]], brightness=0.9))
        seen = bent.show(LINES)
        assert ink(seen)[: SIZE[1] // 2].sum() > 50
        bent.close()


def test_over_several_projectors_it_runs_on_from_one_to_the_next() -> None:
    halves = [
        ScreenConfig(picture=[0, 0, 0.5, 1], place=[0, 0.5, 0.5, 0.5]),
        ScreenConfig(picture=[0.5, 0, 0.5, 1], place=[0.5, 0, 0.5, 0.5]),
    ]
    with offscreen(SIZE) as surface:
        wall = Wall(surface, *halves)
        shown, size = wall.show(("m" * 40,)), wall.output.picture_size(SIZE)
        left, right = shown[90:, :160], shown[:90, 160:]
        together = ink(np.concatenate([left, right], axis=1))
        wall.close()
        assert size == (320, 90)
        assert ink(left).sum() > 100
        assert ink(right).sum() > 100
        with offscreen(size) as flat:
            alone = Wall(flat)
            assert np.array_equal(ink(alone.show(("m" * 40,))), together)
            alone.close()


def test_only_rows_that_change_are_drawn(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    wall.show((*LINES, "a third line"))
    before = live_objects()
    plain_write = Hud._write
    monkeypatch.setattr(
        Hud, "_write", lambda hud, band, line: (written.append(band.text), plain_write(hud, band, line))
    )
    for _ in range(5):
        wall.show((*LINES, "a third line"))
    assert written == []
    changed = wall.show((LINES[0], "! camera: back", "a third line"))
    assert written == ["camera: back"]
    assert live_objects() == before
    wall.show(())
    assert np.array_equal(wall.show((LINES[0], "! camera: back", "a third line")), changed)
    fewer = wall.show(LINES[:1])
    assert np.array_equal(wall.show(LINES[:1]), fewer)
    assert ink(fewer).any(axis=1).sum() < ink(changed).any(axis=1).sum() / 2, "nothing is left of longer texts"


def eight(text: str) -> int:
    return 8 * len(text)


@given(st.text("ab \u00e4", max_size=80), st.integers(1, 200))
def test_wrapped_rows_fit_and_lose_nothing(text: str, width: int) -> None:
    rows = wrapped(text.strip(), width, eight)
    assert "".join(rows).replace(" ", "") == text.replace(" ", "")
    assert all(eight(row) <= max(width, 8) for row in rows)


@given(st.lists(st.text("ab !", max_size=60), max_size=12), st.integers(1, 15))
def test_what_does_not_fit_is_counted(lines: list[str], most: int) -> None:
    rows = fitted(lines, most, 80, eight)
    assert len(rows) <= most
    blocks = [min(len(wrapped(line.removeprefix("!").strip(), 80, eight)), ENTRY_ROWS) for line in lines]
    if sum(blocks) <= most:
        assert len(rows) == sum(blocks)
    else:
        left_out = int(rows[-1][0].removeprefix("+").removesuffix(" more"))
        assert len(rows) - 1 == sum(blocks[: len(blocks) - left_out])


def test_words_stay_whole_and_faults_keep_their_colour_in_every_row() -> None:
    assert wrapped("one two three", 64, eight) == ["one two", "three"]
    assert fitted(("! one two three", "four"), 9, 64, eight) == [("one two", True), ("three", True), ("four", False)]
    assert fitted(("a", "b", "! c", "d"), 3, 64, eight) == [("a", False), ("b", False), ("+2 more", True)]
    endless = fitted(("x" * 900,), 20, 80, eight)
    assert len(endless) == ENTRY_ROWS
    assert endless[-1][0].endswith("…")
