"""Ingest names every file that it does not take: what kind it is, and what to do."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.base.supervisor import StopSignal
from installation.commands import dispatch
from installation.training.ingest_files import pictures_of
from installation.training.ingest_read import LeftOut, Taken, read_folder, read_picture
from tests.training.test_ingest import painting

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64)


def stored(path: Path, kind: str, bgr: np.ndarray) -> Path:
    """A picture in the format ``kind`` under any name."""
    path.write_bytes(cv2.imencode(kind, bgr)[1].tobytes())
    return path


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("old.bmp", ".bmp"),
        ("old.DIB", ".bmp"),
        ("web.gif", ".gif"),
        ("mail.jfif", ".jpg"),
        ("mail.jpe", ".jpg"),
        ("new.avif", ".avif"),
        ("scan.jp2", ".jp2"),
        ("scan.pgm", ".pgm"),
        ("photo", ".jpg"),
        ("photo.1", ".png"),
        ("photo.orig", ".webp"),
        ("named_wrongly.heic", ".jpg"),
        ("named_wrongly.png", ".bmp"),
    ],
)
def test_pictures_are_read_whatever_they_are_called(tmp_path: Path, name: str, kind: str) -> None:
    bgr = painting(1)
    bgr = cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY) if kind == ".pgm" else bgr
    file = stored(tmp_path / name, kind, bgr)
    (found,) = read_folder(tmp_path)
    assert isinstance(found, Taken), found
    assert found.file == file
    assert found.rgb.shape == (300, 400, 3)


@pytest.mark.parametrize("deep", [np.uint16, np.float32])
def test_a_tiff_of_an_odd_type_is_read_or_named(tmp_path: Path, deep: type) -> None:
    scaled = painting(1).astype(deep) * (257 if deep is np.uint16 else 1 / 255)
    found = read_picture(stored(tmp_path / "scan.tif", ".tif", scaled.astype(deep)))
    assert isinstance(found, Taken) or found.reason


def test_the_first_picture_of_an_animation_is_taken(tmp_path: Path) -> None:
    animation = cv2.Animation()
    animation.frames = [painting(1), painting(2)]
    animation.durations = np.array([100, 100], np.int32)
    assert cv2.imwriteanimation(str(tmp_path / "a.gif"), animation)
    found = read_picture(tmp_path / "a.gif")
    assert isinstance(found, Taken)
    first, second = (np.abs(found.rgb[:, :, ::-1].astype(int) - painting(seed)).mean() for seed in (1, 2))
    assert first < second / 2  # a palette of 256 colours is no exact copy


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("IMG_1.HEIC", HEIC, "export it as JPEG (iPhone"),
        ("IMG_2.heif", HEIC, "HEIC"),
        ("renamed_by_mail.jpg", HEIC, "HEIC"),
        ("no_end_left", HEIC, "HEIC"),
        ("DSC1.NEF", b"MM\0*" + bytes(64), "raw file; develop it"),
        ("shot.dng", bytes(64), "raw file"),
        ("layers.psd", b"8BPS" + bytes(64), "image editor"),
        ("drawing.svg", b"<svg/>", "drawing"),
        ("book.pdf", b"%PDF-1.7", "document"),
        ("next.jxl", b"\xff\x0a" + bytes(64), "cannot be read here; export"),
        ("broken.gif", b"GIF89a" + bytes(20), "cannot be decoded"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_to_do(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    (found,) = read_folder(tmp_path)
    assert isinstance(found, LeftOut)
    assert said in found.reason


def test_folders_pipes_and_links_that_are_called_like_pictures_hold_up_nothing(tmp_path: Path) -> None:
    (tmp_path / "album.jpg").mkdir()
    stored(tmp_path / "album.jpg" / "a.png", ".png", painting(1))
    (tmp_path / "nowhere.png").symlink_to(tmp_path / "gone.png")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.jpg")
    pictures, others = pictures_of(tmp_path)
    assert [path.name for path in pictures] == ["a.png"]
    assert not others


def test_nothing_is_passed_over_without_a_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "in"
    source.mkdir()
    stored(source / "a.bmp", ".bmp", painting(1))
    (source / "IMG_1.HEIC").write_bytes(HEIC)
    for name in ("rights.txt", "notes.txt", "IMG_1.mov", "Thumbs.db", "README"):
        (source / name).write_text("words")
    assert dispatch.main(["ingest", str(source), "--name", "mine", "--into", str(tmp_path)], StopSignal()) == 0
    said = capsys.readouterr()
    assert "left out: IMG_1.HEIC is a HEIC picture" in said.err
    assert "passed over, no pictures: 1 without an end, 1 .db, 1 .mov, 1 .txt" in said.err
    assert "1 pictures taken, 1 left out" in said.out
