"""The outputs' mathematics: maps that are exact where they must be, edges that add up."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from installation.config.output import ScreenConfig
from installation.render.output import warp

SMALL = st.floats(-0.2, 0.2)
SHARE = st.floats(0.0, 1.0)


@st.composite
def quadrangles(draw: st.DrawFn) -> list[list[float]]:
    corners = np.array(warp.SQUARE) + np.array(draw(st.lists(SMALL, min_size=8, max_size=8))).reshape(4, 2)
    return corners.tolist()


@st.composite
def screens(draw: st.DrawFn) -> ScreenConfig:
    left, top = draw(st.floats(0, 0.5)), draw(st.floats(0, 0.5))
    rows, columns = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    offsets = draw(st.lists(st.floats(-0.05, 0.05), min_size=2 * rows * columns, max_size=2 * rows * columns))
    return ScreenConfig(
        place=[left, top, draw(st.floats(0.1, 1 - left)), draw(st.floats(0.1, 1 - top))],
        corners=draw(quadrangles()),
        grid=draw(st.sampled_from([[], np.reshape(offsets, (rows, columns, 2)).tolist()])),
        bend=draw(st.sampled_from(["smooth", "straight"])),
        rotation=draw(st.sampled_from([0, 90, 180, 270])),
        mirror=draw(st.sampled_from(["none", "horizontal", "vertical"])),
    )


def test_the_square_onto_itself_changes_nothing() -> None:
    assert np.array_equal(warp.homography(warp.SQUARE), np.eye(3))


@given(quadrangles())
def test_corners_go_exactly_where_they_are_pinned(corners: list[list[float]]) -> None:
    assert warp.project(warp.homography(corners), warp.SQUARE) == pytest.approx(np.array(corners), abs=1e-9)


@given(quadrangles(), SHARE, SHARE)
def test_a_line_stays_a_line_and_the_diagonals_cross_where_they_crossed(
    corners: list[list[float]], start: float, end: float
) -> None:
    matrix = warp.homography(corners)
    line = np.linspace((start, 0), (end, 1), 5)
    a, b, c = warp.project(matrix, line)[[0, 2, 4]]
    assert (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) == pytest.approx(0, abs=1e-9)
    (p, q), (r, s) = np.array(corners)[[0, 2]], np.array(corners)[[1, 3]]
    t, _ = np.linalg.solve(np.stack([q - p, r - s], axis=1), r - p)
    assert warp.project(matrix, (0.5, 0.5)) == pytest.approx(p + t * (q - p), abs=1e-8)


@given(screens(), SHARE, SHARE)
def test_the_way_back_from_the_window(screen: ScreenConfig, x: float, y: float) -> None:
    assert warp.from_window(screen, warp.to_window(screen, (x, y))) == pytest.approx(np.array([x, y]), abs=1e-6)


@pytest.mark.parametrize("corners", [[[0, 0], [1, 1], [1, 0], [0, 1]], [[0, 0], [1, 0], [0.3, 0.3], [0, 1]]])
def test_corners_that_cross_or_point_inwards_are_refused(corners: list[list[float]]) -> None:
    with pytest.raises(ValidationError, match="none may point inwards"):
        ScreenConfig(corners=[[float(x), float(y)] for x, y in corners])


def test_corners_on_a_line_have_no_map() -> None:
    with pytest.raises(ValueError, match="on a line"):
        warp.homography([[0, 0], [1, 0], [2, 0], [3, 0]])


@pytest.mark.parametrize("bend", ["smooth", "straight"])
@given(st.lists(SMALL, min_size=24, max_size=24))
def test_a_bend_goes_through_its_points(bend: str, offsets: list[float]) -> None:
    grid = np.reshape(offsets, (3, 4, 2))
    screen = ScreenConfig(grid=grid.tolist(), bend=bend)
    assert warp.bend(screen, np.linspace(0, 1, 4), np.linspace(0, 1, 3)) == pytest.approx(grid, abs=1e-12)


def test_a_smooth_bend_has_no_kink_where_a_straight_one_has() -> None:
    grid = np.zeros((2, 5, 2))
    grid[:, 2, 1] = 0.1
    x = np.linspace(0.49, 0.51, 3)
    kinks = []
    for bend in ("smooth", "straight"):
        y = warp.bend(ScreenConfig(grid=grid.tolist(), bend=bend), x, [0.0])[0, :, 1]
        kinks.append(abs(np.diff(y, 2)[0]))
    assert kinks[0] < 0.1 * kinks[1]


@pytest.mark.parametrize("bend", ["smooth", "straight"])
@given(SMALL, SMALL, SHARE)
def test_a_bend_that_moves_all_alike_is_a_shift(bend: str, dx: float, dy: float, at: float) -> None:
    screen = ScreenConfig(grid=np.full((3, 3, 2), (dx, dy)).tolist(), bend=bend)
    assert warp.bend(screen, [at], [at])[0, 0] == pytest.approx(np.array([dx, dy]), abs=1e-12)


@given(screens())
def test_a_mesh_is_where_the_points_are_and_takes_the_whole_part(screen: ScreenConfig) -> None:
    vertices, indices = warp.mesh(screen)
    assert (vertices[:, 2] > 0).all()
    window = (vertices[:, :2] / vertices[:, 2:3] * (1, -1) + 1) / 2
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    moved = corners + warp.bend(screen, [0, 1], [0, 1]).reshape(-1, 2)
    count = len(screen.grid[0]) - 1 if screen.grid else 1
    columns = count * warp.STEPS_A_CELL + 1 if screen.grid else 2
    outer = [0, columns - 1, len(vertices) - columns, len(vertices) - 1]
    assert window[outer] == pytest.approx(warp.to_window(screen, moved), abs=1e-4)
    assert {tuple(part) for part in vertices[outer, 3:]} == {(0, 0), (1, 0), (0, 1), (1, 1)}
    triangle = vertices[indices.reshape(-1, 3), 3:].astype(float)
    sides = triangle[:, 1:] - triangle[:, :1]
    area = sides[:, 0, 0] * sides[:, 1, 1] - sides[:, 0, 1] * sides[:, 1, 0]
    assert np.abs(area).sum() / 2 == pytest.approx(1.0, abs=1e-5), "the part is covered once"
    assert (area > 0).all() or (area < 0).all()


@pytest.mark.parametrize(
    ("settings", "top_left"),
    [({}, (0, 0)), ({"rotation": 90}, (0, 1)), ({"rotation": 180}, (1, 1)), ({"rotation": 270}, (1, 0)),
     ({"mirror": "horizontal"}, (1, 0)), ({"mirror": "vertical"}, (0, 1)),
     ({"rotation": 90, "mirror": "horizontal"}, (0, 0))],
)  # fmt: skip
def test_which_corner_of_the_picture_is_top_left(settings: dict, top_left: tuple[int, int]) -> None:
    assert tuple(warp.part_of(ScreenConfig(**settings), (0.0, 0.0))) == top_left


@given(screens(), SHARE, SHARE)
def test_four_quarter_turns_are_none(screen: ScreenConfig, x: float, y: float) -> None:
    quarter = ScreenConfig(rotation=90)
    at = np.array([x, y])
    for _ in range(4):
        at = warp.part_of(quarter, at)
    assert at == pytest.approx(np.array([x, y]))


@given(st.floats(0.02, 0.4), st.floats(1, 6), SHARE, st.sampled_from(["x", "y"]))
def test_two_overlapping_outputs_give_all_the_light_everywhere(
    overlap: float, curve: float, at: float, axis: str
) -> None:
    size = 0.5 + overlap / 2
    if axis == "x":
        first = ScreenConfig(picture=[0, 0, size, 1.0], edges={"right": overlap}, edge_curve=curve)
        second = ScreenConfig(picture=[1 - size, 0, size, 1.0], edges={"left": overlap}, edge_curve=curve)
    else:
        first = ScreenConfig(picture=[0, 0, 1.0, size], edges={"bottom": overlap}, edge_curve=curve)
        second = ScreenConfig(picture=[0, 1 - size, 1.0, size], edges={"top": overlap}, edge_curve=curve)
    light = 0.0
    for screen, start in ((first, 0.0), (second, 1 - size)):
        inside = (at - start) / size
        if 0 <= inside <= 1:
            light += float(warp.edge_weight(screen, (inside, 0.5) if axis == "x" else (0.5, inside)))
    assert light == pytest.approx(1.0, abs=1e-6)


@given(SHARE, SHARE, st.floats(1, 6))
def test_four_outputs_that_meet_in_a_corner_give_all_the_light(x: float, y: float, curve: float) -> None:
    light = 0.0
    for left, side in ((0.0, "right"), (0.4, "left")):
        for top, end in ((0.0, "bottom"), (0.4, "top")):
            edges = {side: 0.2, end: 0.2}
            screen = ScreenConfig(picture=[left, top, 0.6, 0.6], edges=edges, edge_curve=curve)
            part = np.array([(x - left) / 0.6, (y - top) / 0.6])
            if ((part >= 0) & (part <= 1)).all():
                light += float(warp.edge_weight(screen, part))
    assert light == pytest.approx(1.0, abs=1e-6)


@given(st.floats(1, 6), SHARE, SHARE)
def test_a_soft_edge_only_ever_falls_outwards(curve: float, a: float, b: float) -> None:
    assume(a < b)
    screen = ScreenConfig(edges={"left": 1.0}, edge_curve=curve)
    assert warp.edge_weight(screen, (a, 0.5)) <= warp.edge_weight(screen, (b, 0.5)) + 1e-12


def test_a_turned_screen_wants_a_portrait_picture_and_a_part_a_larger_one() -> None:
    assert warp.picture_size([], (1920, 1080)) == (1920, 1080)
    assert warp.picture_size([ScreenConfig()], (1920, 1080)) == (1920, 1080)
    assert warp.picture_size([ScreenConfig(rotation=270)], (1920, 1080)) == (1080, 1920)
    two = [
        ScreenConfig(picture=[0, 0, 0.55, 1.0], place=[0, 0, 0.5, 1.0]),
        ScreenConfig(picture=[0.45, 0, 0.55, 1.0], place=[0.5, 0, 0.5, 1.0]),
    ]
    assert warp.picture_size(two, (3840, 1080)) == (round(1920 / 0.55), 1080)


def test_what_counts_as_plain() -> None:
    assert warp.is_straight(ScreenConfig(rotation=90, mirror="vertical", grid=np.zeros((2, 2, 2)).tolist()))
    assert not warp.is_straight(ScreenConfig(corners=[[0.001, 0], [1, 0], [1, 1], [0, 1]]))
    assert warp.is_uncoloured(ScreenConfig(name="left", rotation=90))
    for change in ({"gamma": 1.1}, {"black": 0.01}, {"gains": [1.0, 1.0, 0.9]}, {"edges": {"top": 0.1}}):
        assert not warp.is_uncoloured(ScreenConfig(**change))
