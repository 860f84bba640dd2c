"""Ingest: what is taken, what is left out and why, and that nothing is taken without a word on rights."""

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.base.supervisor import StopSignal
from installation.commands import dispatch
from installation.generation.affect import DEPICTED
from installation.training import ingest, ingest_affect
from installation.training.ingest_read import (
    IngestError,
    LeftOut,
    Taken,
    is_cut_short,
    perceptual_hash,
    read_folder,
    read_picture,
)
from installation.training.ingest_sheet import contact_sheet, keep_nearest
from installation.training.running import BAD_INPUT
from installation.training.texture_data import load_pictures
from installation.types import EMOTIONS

RIGHTS = ["--rights", "made for this test"]


def painting(seed: int, width: int = 400, height: int = 300) -> np.ndarray:
    """(H, W, 3) uint8 BGR: soft blots, and a light stripe at the top, so that up differs from down."""
    rng = np.random.default_rng(seed)
    picture = cv2.resize(rng.integers(30, 200, (7, 9, 3), np.uint8), (width, height), interpolation=cv2.INTER_CUBIC)
    picture[: height // 10] = 250
    return picture


def store(path: Path, bgr: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), bgr)


def upside_down_jpeg(bgr: np.ndarray) -> bytes:
    """A JPEG of ``bgr`` lying on its head, with the EXIF note that says so (orientation 3)."""
    done, data = cv2.imencode(".jpg", bgr[::-1, ::-1])
    assert done
    tiff = b"II*\x00\x08\x00\x00\x00" + b"\x01\x00" + b"\x12\x01\x03\x00\x01\x00\x00\x00\x03\x00\x00\x00" + b"\x00" * 4
    body = b"Exif\x00\x00" + tiff
    jpeg = data.tobytes()
    return jpeg[:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body + jpeg[2:]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four good pictures, one in each format, and one of every kind of bad one."""
    here = tmp_path_factory.mktemp("originals")
    for number, ending in enumerate(("jpg", "png", "webp", "tif")):
        store(here / f"good_{number}.{ending}", painting(number))
    store(here / "inside" / "small_again.jpg", cv2.resize(painting(0), (360, 270), interpolation=cv2.INTER_AREA))
    store(here / "tiny.png", painting(9, 200, 150))
    store(here / "blank.png", np.full((300, 400, 3), 128, np.uint8))
    (here / "broken.jpg").write_bytes(b"no picture")
    (here / "empty.png").write_bytes(b"")
    whole = cv2.imencode(".jpg", painting(8))[1].tobytes()
    (here / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    holes = np.dstack([painting(7), np.full((300, 400), 255, np.uint8)])
    holes[100:200, 100:200, 3] = 0
    store(here / "holes.png", holes)
    store(here / "strip.png", painting(6, 8000, 260))
    (here / "notes.txt").write_text("no picture, and none of our business")
    store(here / ".hidden" / "thumb.png", painting(5))
    return here


def test_every_file_is_taken_or_named(folder: Path) -> None:
    found = list(read_folder(folder))
    taken = [one.file.name for one in found if isinstance(one, Taken)]
    assert taken == ["good_0.jpg", "good_1.png", "good_2.webp", "good_3.tif"]
    reasons = {one.file.name: one.reason for one in found if isinstance(one, LeftOut)}
    said = {
        "small_again.jpg": "shows the same as good_0.jpg",
        "tiny.png": "tiny (200 x 150)",
        "blank.png": "is blank",
        "broken.jpg": "cannot be decoded",
        "empty.png": "cannot be decoded",
        "cut.jpg": "cut short",
        "holes.png": "transparent",
        "strip.png": "narrow strip",
    }
    assert set(reasons) == set(said)
    for name, text in said.items():
        assert text in reasons[name], name


def test_pictures_stand_upright(tmp_path: Path) -> None:
    file = tmp_path / "head_down.jpg"
    file.write_bytes(upside_down_jpeg(painting(3)))
    assert not is_cut_short(file.read_bytes())
    found = read_picture(file)
    assert isinstance(found, Taken)
    assert found.rgb[:20].mean() > 240 > found.rgb[-20:].mean()


def test_large_pictures_are_bounded_and_keep_their_shape(tmp_path: Path) -> None:
    store(tmp_path / "large.jpg", painting(1, 2400, 1800))
    found = read_picture(tmp_path / "large.jpg")
    assert isinstance(found, Taken)
    assert found.size == (2400, 1800)
    assert found.rgb.shape == (960, 1280, 3)
    assert not found.is_soft


def test_the_hash_knows_a_picture_again_and_no_other() -> None:
    rgb = painting(1)
    worse = cv2.imdecode(cv2.imencode(".jpg", cv2.resize(rgb, (200, 150)), [cv2.IMWRITE_JPEG_QUALITY, 30])[1], 1)
    assert (perceptual_hash(rgb) ^ perceptual_hash(worse)).bit_count() <= 4
    others = [perceptual_hash(painting(seed)) for seed in range(2, 12)]
    assert min((perceptual_hash(rgb) ^ other).bit_count() for other in others) > 8


def test_the_same_motif_in_other_colours_is_another_picture(tmp_path: Path) -> None:
    store(tmp_path / "a.png", painting(1))
    store(tmp_path / "b.png", np.ascontiguousarray(painting(1)[:, :, [1, 2, 0]]))
    assert all(isinstance(one, Taken) for one in read_folder(tmp_path))


def test_a_data_set_is_made(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["ingest", str(folder), "--name", "mine", "--into", str(tmp_path), *RIGHTS]
    assert dispatch.main(argv, StopSignal()) == 0
    made = tmp_path / "mine"
    assert (made / "rights.txt").read_text() == "made for this test\n"
    with (made / "index.tsv").open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert next((row["file"], row["source"]) for row in rows) == ("0001.jpg", "good_0.jpg")
    assert all(abs(float(row[axis])) < 20 for row in rows for axis in ("valence", "arousal", "warmth", "roughness"))
    assert len(load_pictures(made)) == len(rows) == 4, "the training finds the pictures, and only them"
    sheet = cv2.imread(str(made / "about" / "contact_sheet.jpg"))
    assert sheet.shape[1] == 1440
    printed = capsys.readouterr()
    assert "left out: tiny.png is tiny" in printed.err
    assert "4 pictures taken, 8 left out" in printed.out
    assert "4 pictures are few" in printed.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine"], "no draft is left"


def test_the_note_on_rights_may_lie_in_the_folder(tmp_path: Path) -> None:
    store(tmp_path / "in" / "a.png", painting(1))
    (tmp_path / "in" / "rights.txt").write_text("CC0, by me\n")
    made = ingest.ingest(tmp_path / "in", "mine", None, tmp_path / "out")
    assert (made / "rights.txt").read_text() == "CC0, by me\n"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], '--rights "my own photographs'),
        (["--rights", "  "], '--rights "my own photographs'),
        (["--name", "My Pictures", *RIGHTS], "'My Pictures' cannot be a name"),
        (["--name", "../x", *RIGHTS], "cannot be a name"),
    ],
)
def test_what_cannot_be_ends_with_the_mend_and_changes_nothing(
    argv: list[str], said: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = ingest.main([str(folder), "--name", "kept", "--into", str(tmp_path), *RIGHTS])
    assert before == 0
    capsys.readouterr()
    assert ingest.main([str(folder), "--into", str(tmp_path), *argv]) == BAD_INPUT
    assert said in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_folders_without_a_picture_are_reported(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="no folder"):
        ingest.ingest(tmp_path / "nowhere", "mine", "mine", tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(IngestError, match="has no pictures"):
        ingest.ingest(tmp_path / "empty", "mine", "mine", tmp_path)
    store(tmp_path / "bad" / "tiny.png", painting(1, 100, 80))
    with pytest.raises(IngestError, match="none of the 1 pictures"):
        ingest.ingest(tmp_path / "bad", "mine", "mine", tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_an_earlier_set_of_the_name_is_replaced_and_the_originals_are_safe(folder: Path, tmp_path: Path) -> None:
    store(tmp_path / "other" / "a.png", painting(20))
    ingest.ingest(folder, "mine", "mine", tmp_path)
    made = ingest.ingest(tmp_path / "other", "mine", "mine", tmp_path)
    assert [path.name for path in made.glob("*.jpg")] == ["0001.jpg"]
    with pytest.raises(IngestError, match="the originals"):
        ingest.ingest(made, "mine", "mine", tmp_path)
    assert (made / "0001.jpg").is_file()


def test_a_grey_folder_says_what_it_cannot_express() -> None:
    rng = np.random.default_rng(1)
    grey = np.repeat(rng.integers(20, 90, (5, 128, 128, 1), np.uint8), 3, axis=3)
    affect = ingest_affect.affect_of_crops(grey)
    assert {"angry", "happy", "surprise"} <= set(ingest_affect.unfed(affect))
    said = "\n".join(ingest_affect.describe(affect))
    assert "happy has nothing to learn from" in said
    assert "Add some that are bright, saturated, red and yellow." in said


def test_crops_at_the_place_of_every_emotion_feed_all() -> None:
    assert ingest_affect.unfed(np.asarray(DEPICTED)) == []
    shares = ingest_affect.fed_shares(np.repeat(DEPICTED[:1], 10, axis=0))
    assert shares["angry"] == 1.0
    assert shares["sad"] == 0.0
    beyond = np.array([[-0.55, 2.5, 3.0, 0.65]], np.float32)
    assert ingest_affect.fed_shares(beyond)["angry"] == 1.0, "redder than any request is red enough"
    assert not any("not fed" in line for line in ingest_affect.describe(np.asarray(DEPICTED)))


def test_axes_that_go_together_are_reported() -> None:
    line = np.linspace(-1, 1, 50, dtype=np.float32)
    affect = np.stack([line, line, np.roll(line, 25), np.roll(line, 13)], 1)
    assert any("valence and arousal go together" in text for text in ingest_affect.describe(affect))


def test_the_contact_sheet_dims_what_is_too_far() -> None:
    rgb = np.full((2, 128, 128, 3), 200, np.uint8)
    near: list = [[] for _ in EMOTIONS]
    keep_nearest(near, ingest_affect.Measured(rgb, np.asarray(DEPICTED[[0, 0]])))
    sheet = contact_sheet("a", [rgb[0]], near)
    rows = sheet[-len(EMOTIONS) * 136 - 8 : -8].reshape(len(EMOTIONS), 136, 1440, 3)
    assert rows[0, 64, 180].tolist() == [200, 200, 200]
    assert rows[4, 64, 180].max() < 80
