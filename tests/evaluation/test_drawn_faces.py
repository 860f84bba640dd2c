"""``run.py evaluate drawn`` and ``maps``: pictures, our own masks, and sheets of where a face is looked at."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.evaluation import drawn, face_maps
from installation.evaluation.drawn_mask import MEANS, MaskStill, cut_out, mask_table, summary
from installation.perception.depicted import Reading
from installation.training.drawn.by_rule import drawn_faces
from installation.types import DEPICTED, EMOTIONS, SHAPE_COLUMNS, SceneState


def scene(x: float, y: float, scale: float) -> SceneState:
    shapes = np.zeros((1, len(SHAPE_COLUMNS)), np.float32)
    shapes[0, :3] = x, y, scale
    return SceneState(
        0.0, "mask", "mask", 1.0, shapes, np.zeros((4, 3), np.float32), {}, np.ones(7, np.float32) / 7, 0, 0, 1
    )


def test_what_is_cut_out_is_where_the_mask_hangs() -> None:
    picture = np.zeros((200, 400, 3), np.uint8)
    cv2.circle(picture, (250, 80), 30, (255, 255, 255), -1)  # x 0.5, y 0.2 in halves of the height
    cut = cut_out(picture, scene(0.5, 0.2, 0.5))
    y, x = (float(np.mean(where)) for where in np.nonzero(cut[:, :, 0] > 128))
    assert (x, y) == (pytest.approx(47.5, abs=1.5), pytest.approx(47.5, abs=1.5))


def still(mood: str, read: str, carved: float = 0.65) -> MaskStill:
    shares = np.full(len(DEPICTED), 0.05, np.float32)
    shares[DEPICTED.index(read)] = 0.75
    return MaskStill(mood, carved, np.zeros((4, 4, 3), np.uint8), Reading(shares, 0.9))


def test_the_masks_table_says_what_is_read_as_meant() -> None:
    found = [still(mood, MEANS.get(mood, "anger")) for mood in EMOTIONS]
    found += [still("fear", "surprise"), still("disgust", "anger")]
    text = "\n".join(mask_table([*found, *(still(mood, "fear", 0.0) for mood in EMOTIONS)]))
    assert "| 0.65 | fear | fear | 0.05 | 0.40 | 0.05 | 0.05 | 0.40 | 0.05 | 0.90 | 1 of 2 |" in text
    assert "| 0.65 | angry | anger | 0.75 |" in text
    assert "no word for it" in text
    assert summary(found) == [
        "carved 0.65: 0.92 of six moods (chance 0.17), 0.88 of anger, fear, sadness, happiness (chance 0.25)"
    ]


def test_pictures_are_read_by_their_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cv2.imwrite(str(tmp_path / "face.png"), drawn_faces("happiness", 1, 3)[0][:, :, ::-1])
    assert drawn.main([str(tmp_path / "face.png")]) == 0
    told = capsys.readouterr().out
    assert "face.png: a face 0.9" in told or "face.png: a face 1.0" in told
    assert "depicts happiness" in told
    assert drawn.main([str(tmp_path / "none.png")]) == 2
    assert "no picture that can be read" in capsys.readouterr().err


def test_a_folder_that_is_none_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert drawn.main(["--data", str(tmp_path), "--shipped"]) == 2
    assert "--data FOLDER" in capsys.readouterr().err


def test_a_sheet_of_maps_is_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert face_maps.main(["--by-rule", "--out", str(tmp_path / "maps.jpg")]) == 0
    sheet = cv2.imread(str(tmp_path / "maps.jpg"))
    assert sheet is not None
    rows = -(-2 * len(DEPICTED) // face_maps.ACROSS)
    assert sheet.shape[0] == rows * (face_maps.TILE_PX + face_maps.LABEL_PX + 4)
    with pytest.raises(SystemExit):
        face_maps.main([])
    blank = tmp_path / "blank.png"
    cv2.imwrite(str(blank), np.full((200, 200, 3), 90, np.uint8))
    assert face_maps.main([str(blank), "--out", str(tmp_path / "none.jpg")]) == 2
    assert "no face" in capsys.readouterr().out
