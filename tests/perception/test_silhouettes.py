"""Masks laid into one picture: in their place, calm at rest, without a trace of what moved, shared by all who are there."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.perception.presence import PresenceGate
from installation.perception.silhouettes import (
    FADE_S,
    HOLD_S,
    LONGER_PX,
    MEMORY_S,
    Silhouettes,
    calmed,
    canvas_size,
    lay,
    moved,
)
from installation.perception.track import Track
from installation.types import Box, FloatArray

SIZE = (640, 360)
WHOLE = (0, 0, *SIZE)


def disc(x: float, y: float, radius: float = 0.15) -> FloatArray:
    """(360, 640): 1 within ``radius`` picture widths of (x, y), soft over some pixels."""
    rows, columns = np.mgrid[:360, :640]
    away = np.hypot((columns + 0.5) / 640 - x, ((rows + 0.5) / 360 - y) * 360 / 640)
    return np.asarray(np.clip((radius - away) * 60 + 0.5, 0, 1), np.float32)


def follow(number: int, x: float, y: float = 0.5, visitor: bool = True) -> Track:
    track = Track(number, Box(x - 0.1, y - 0.2, x + 0.1, y + 0.2), PresenceGate(0.2, 0.7), 0.0)
    stand(track, x, y)
    track.id = number if visitor else None
    return track


def stand(track: Track, x: float, y: float = 0.5) -> None:
    track.pose = np.full((33, 4), 1.0, np.float32)
    track.pose[:, :2] = x, y


def middle(alpha: np.ndarray) -> tuple[float, float]:
    """(x, y) of the mask's centre of gravity in [0, 1]."""
    rows, columns = np.mgrid[: alpha.shape[0], : alpha.shape[1]] + 0.5
    weight = alpha / alpha.sum()
    return float((columns * weight).sum() / alpha.shape[1]), float((rows * weight).sum() / alpha.shape[0])


@given(st.integers(1, 4000), st.integers(1, 4000))
def test_a_silhouette_has_the_shape_of_its_picture_and_is_never_larger(width: int, height: int) -> None:
    across, down = canvas_size(width, height)
    assert 1 <= across <= min(width, LONGER_PX)
    assert 1 <= down <= min(height, LONGER_PX)
    assert abs(across * height - down * width) <= max(width, height)


@given(
    st.integers(0, 300),
    st.integers(0, 150),
    st.integers(120, 340),
    st.sampled_from([(384, 384), (200, 200), (64, 64)]),
)
def test_a_window_is_laid_where_it_was_cut(left: int, top: int, side: int, shown: tuple[int, int]) -> None:
    side = min(side, 360 - top)
    cut = (left, top, left + side, top + side)
    rows, columns = (np.mgrid[: shown[0], : shown[1]] + 0.5) / np.array(shown).reshape(2, 1, 1)
    mask = np.asarray(np.clip((0.3 - np.hypot(columns - 0.5, rows - 0.5)) * 20, 0, 1), np.float32)
    alpha = lay(mask, cut, *SIZE)
    assert alpha.shape == (144, 256)
    x, y = middle(alpha)
    assert x == pytest.approx((left + side / 2) / 640, abs=0.2 / 256)
    assert y == pytest.approx((top + side / 2) / 360, abs=0.2 / 144)
    assert alpha.sum() * 2.5**2 == pytest.approx(mask.sum() * (side / shown[0]) ** 2, rel=0.03)


def test_a_body_cut_off_by_the_border_reaches_it() -> None:
    alpha = lay(np.ones((360, 640), np.float32), WHOLE, *SIZE)
    assert alpha.min() > 0.99
    window = lay(np.ones((200, 200), np.float32), (100, 160, 300, 360), *SIZE)
    assert window[-1, 60] > 0.99
    assert window[40, 60] == 0
    assert window[-1, 10] == 0


@given(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2))
def test_a_shift_carries_a_mask_along(x: float, y: float) -> None:
    mask = lay(disc(0.5, 0.5, 0.1), WHOLE, *SIZE)
    assert middle(moved(mask, x, y)) == pytest.approx((0.5 + x, 0.5 + y), abs=1 / 256)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 2))
def test_a_calmed_point_lies_between_now_and_before_and_a_sure_one_is_as_it_is(
    new: float, before: float, dt_s: float
) -> None:
    one, other = np.full((2, 2), new, np.float32), np.full((2, 2), before, np.float32)
    out = float(calmed(one, other, dt_s)[0, 0])
    assert min(new, before) - 1e-6 <= out <= max(new, before) + 1e-6
    sure = np.array([[0.0, 1.0]], np.float32)
    assert np.array_equal(calmed(sure, 1 - sure, dt_s), sure)
    assert calmed(one, other, 20 * MEMORY_S) == pytest.approx(one, abs=1e-6)


def test_a_trembling_outline_comes_to_rest_and_a_moving_body_leaves_no_trace() -> None:
    rng, silhouettes, track = np.random.default_rng(1), Silhouettes(), follow(1, 0.5)
    raw, calm = [], []
    for n in range(60):
        mask = disc(0.5, 0.5, 0.15 + rng.normal(0.0, 0.003))
        silhouettes.seen(track, n / 30, mask, WHOLE, SIZE)
        raw.append(lay(mask, WHOLE, *SIZE))
        calm.append(silhouettes.draw(n / 30, [track], SIZE) / 255)
    trembling = [float(np.abs(np.diff(np.array(shown)[20:], axis=0)).mean()) for shown in (raw, calm)]
    assert 0 < trembling[1] < 0.7 * trembling[0]
    # An arm that leaps: the trunk stays, so nothing is carried along.
    silhouettes.seen(track, 2.0, disc(0.8, 0.5), WHOLE, SIZE)
    alpha = silhouettes.draw(2.0, [track], SIZE)
    assert alpha[72, 128] == 0
    assert alpha[72, 205] == 255


def test_visitors_share_a_silhouette_and_candidates_have_none() -> None:
    silhouettes = Silhouettes()
    tracks = [follow(1, 0.2), follow(2, 0.8), follow(3, 0.5, visitor=False)]
    for n in range(20):
        for track, x in zip(tracks, (0.2, 0.8, 0.5), strict=True):
            silhouettes.seen(track, n / 30, disc(x, 0.5, 0.08), WHOLE, SIZE)
    alpha = silhouettes.draw(19 / 30, tracks, SIZE)
    assert (alpha[72, [51, 205]] == 255).all()
    assert alpha[72, 128] == 0
    alone = silhouettes.draw(19 / 30, tracks[:1], SIZE)
    assert alone[72, 51] == 255
    assert alone[72, 205] == 0


def test_who_waits_for_a_turn_is_carried_along() -> None:
    silhouettes, track = Silhouettes(), follow(1, 0.3)
    for n in range(30):
        x = 0.3 + 0.2 * n / 30
        track.move(Box(x - 0.1, 0.3, x + 0.1, 0.7), n / 30)
        stand(track, x)
        silhouettes.seen(track, n / 30, disc(x, 0.5, 0.08), WHOLE, SIZE)
    shown, _ = middle(silhouettes.draw(29 / 30, [track], SIZE))
    later, _ = middle(silhouettes.draw(29 / 30 + 0.15, [track], SIZE))
    assert later - shown == pytest.approx(0.2 * 0.15, abs=0.01)


def test_a_silhouette_fades_in_and_out() -> None:
    silhouettes, track, peaks = Silhouettes(), follow(1, 0.5), []
    times = np.arange(0.0, 1.0, 0.05)
    for t_s in times:
        silhouettes.seen(track, float(t_s), disc(0.5, 0.5), WHOLE, SIZE)
        peaks.append(int(silhouettes.draw(float(t_s), [track], SIZE).max()))
    assert peaks[0] == 0
    assert np.all(np.diff(peaks) >= 0)
    assert peaks[round(FADE_S / 0.05) + 1] == 255
    last_s = float(times[-1])
    out = [int(silhouettes.draw(last_s + age, [track], SIZE).max()) for age in np.arange(0.0, 0.7, 0.05)]
    assert out[round(HOLD_S / 0.05)] >= 254
    assert np.all(np.diff(out) <= 0)
    assert out[-1] == 0


def test_another_size_of_picture_begins_again() -> None:
    silhouettes, track = Silhouettes(), follow(1, 0.5)
    silhouettes.seen(track, 0.0, disc(0.5, 0.5), WHOLE, SIZE)
    assert silhouettes.draw(0.3, [track], (360, 640)).shape == (256, 144)
    silhouettes.clear()
    assert not silhouettes.draw(0.3, [track], SIZE).any()
