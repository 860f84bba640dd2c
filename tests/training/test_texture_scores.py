"""The figures by which a generator is judged measure what they are named for."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from installation.generation.affect import DEPICTED
from installation.training import texture_check, texture_score
from installation.training.texture_data import AffectScale, DataError, features
from installation.types import ByteArray


def obedient(*inputs: torch.Tensor) -> ByteArray:
    """A painter whose grey follows the valence and whose strokes' contrast follows the roughness; nothing else."""
    coarse, style, affect = inputs[0], inputs[2], inputs[-1]
    side = 16 * coarse.shape[2]
    strokes = coarse[0, 0].repeat_interleave(4, 0).repeat_interleave(4, 1).repeat(4, 4)
    grey = 0.5 + 0.2 * affect[0, 0] + 0.05 * torch.exp(affect[0, 3]) * strokes
    rgba = torch.ones(side, side, 4)
    # A tint of its own will, so that warmth and saturation vary without being asked.
    tint = style[0, :3] * 0.05
    rgba[:, :, :3] = (grey[:, :, None] + tint).clamp(0, 1)
    return (rgba * 255).to(torch.uint8).numpy()


def test_correlations_are_high_only_where_the_painter_obeys() -> None:
    found = texture_check.correlations(obedient, texture_check.any_affect(60), 128)
    assert found["valence"] > 0.85
    assert found["roughness"] > 0.85
    assert abs(found["warmth"]) < 0.4


def test_seam_ratio_tells_a_seam() -> None:
    rng = np.random.default_rng(1)
    assert texture_check.seam_ratio(rng.random((64, 64, 3))) == pytest.approx(1.0, abs=0.1)
    ramp = np.linspace(0, 1, 64)[:, None, None] * np.ones((64, 64, 3))
    assert texture_check.seam_ratio(ramp) > 10


def test_a_hatch_stands_out_and_grain_does_not() -> None:
    noise = torch.Generator().manual_seed(1)
    grain = torch.rand(40, 1, 64, 64, generator=noise).expand(40, 3, 64, 64) * 0.5
    blurred = torch.nn.functional.avg_pool2d(grain, 3, 1, 1)
    lines = 0.03 * torch.cos(torch.arange(64) * 2 * np.pi / 4)
    assert texture_check.hatch(grain) < 3
    assert texture_check.hatch(blurred) < 4
    assert texture_check.hatch(grain + lines) > 5
    board = (torch.arange(64)[:, None] + torch.arange(64)).remainder(2)
    assert texture_check.hatch(blurred + 0.03 * board) > 5


def test_the_pieces_requests_stay_in_range_and_reach_every_emotion() -> None:
    asked = texture_check.own_requests(500)
    assert asked.abs().max() <= 1
    assert set(texture_score.nearest_emotion(asked).tolist()) == set(range(7))


def test_kernel_distance_is_nought_for_one_population_and_grows() -> None:
    rng = np.random.default_rng(1)
    a, b, far = rng.normal(0, 1, (200, 8)), rng.normal(0, 1, (200, 8)), rng.normal(1, 1, (200, 8))
    assert abs(texture_score.kid(a, b)) < 100
    assert texture_score.kid(a, far) > 10 * abs(texture_score.kid(a, b)) + 100
    assert texture_score.kid(30 * a + 5, 30 * far + 5) == pytest.approx(texture_score.kid(a, far), rel=0.05)


def test_spread_is_nought_for_one_picture_painted_again() -> None:
    noise = torch.Generator().manual_seed(1)
    many = torch.rand(6, 3, 16, 16, generator=noise)
    assert texture_score.spread(many[:1].expand(6, 3, 16, 16)) == 0
    assert texture_score.spread(many) > 0


def test_an_emotion_is_nearest_to_its_own_place() -> None:
    assert texture_score.nearest_emotion(torch.from_numpy(DEPICTED.copy())).tolist() == list(range(7))


def test_emotions_are_distinguished_when_they_differ_and_only_then() -> None:
    """Pictures whose mean colour follows the affect are distinguished; one and the same grey for all is chance."""

    def look(rgb: torch.Tensor) -> np.ndarray:
        return features(rgb).double().numpy()

    def tinted(affect: torch.Tensor) -> torch.Tensor:
        rgb = torch.stack([0.5 + 0.2 * affect[:, 0], 0.5 + 0.2 * affect[:, 1], 0.5 + 0.2 * affect[:, 2]], 1)
        return rgb[:, :, None, None].expand(-1, 3, 64, 64)

    def painter(*inputs: torch.Tensor) -> ByteArray:
        coarse, affect = inputs[0], inputs[-1]
        side = 16 * coarse.shape[2]
        one = tinted(affect)[0, :, :1, :1].permute(1, 2, 0).expand(side, side, 3)
        return (torch.cat([one, torch.ones(side, side, 1)], 2) * 255).to(torch.uint8).numpy()

    def dull(*inputs: torch.Tensor) -> ByteArray:
        return painter(*inputs[:-1], torch.zeros(1, 4))

    known, held = texture_check.any_affect(150, 1), texture_check.any_affect(60, 2)
    parts = (tinted(known), known), (tinted(held), held)
    good, bad = (texture_score.emotions_recognised(look, *parts, paint) for paint in (painter, dull))
    assert good["emotions distinguished, generated"] > 0.5
    assert bad["emotions distinguished, generated"] == pytest.approx(1 / 7)


def test_a_file_without_a_scale_and_a_missing_detector_are_reported(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot be loaded"):
        texture_score.scale_of(tmp_path / "none.onnx")
    pytest.importorskip("ai_edge_litert")
    with pytest.raises(DataError, match="not there"):
        texture_score.detector_vectors(tmp_path / "none.tflite")


def test_a_sheet_has_a_row_an_emotion(tmp_path: Path) -> None:
    texture_check.write_sheet(obedient, tmp_path / "sheet.png", 64, 3)
    sheet = cv2.imread(str(tmp_path / "sheet.png"))
    assert sheet is not None
    assert sheet.shape == (7 * 64, 3 * 64, 3)
    bright = [float(sheet[64 * k : 64 * (k + 1)].mean()) for k in range(7)]
    assert np.corrcoef(bright, DEPICTED[:, 0])[0, 1] > 0.9


def test_the_scale_is_not_asked_for_by_a_correlation() -> None:
    scale = AffectScale(torch.zeros(4), torch.ones(4))
    picture = torch.full((1, 3, 32, 32), 0.5)
    assert torch.allclose(scale(picture), features(picture) / 2)
