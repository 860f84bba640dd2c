"""``run.py sign``: a page for the printer, PDF or PNG, with a code that is read, and hints on what is left to do."""

import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from installation.base.supervisor import StopSignal
from installation.commands.sign import sign

URL = "https://example.org/visitors"


def made(tmp_path: Path, *argv: str) -> int:
    config = tmp_path / "config.yaml"
    config.write_text("notice: {responsible: Museum, contact: m@example.org}\n")
    return sign([*argv, "--config", str(config)], StopSignal())


def read(page: np.ndarray) -> str:
    small = cv2.resize(page[2700:, 1400:], None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
    return str(cv2.QRCodeDetector().detectAndDecode(small)[0])


def test_a_png_has_its_size_on_paper_and_a_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sign.png"
    assert made(tmp_path, str(path), "--languages", "de", "pl", "--url", URL) == 0
    with Image.open(path) as picture:
        assert picture.size == (2480, 3508)
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert read(cv2.imread(str(path))) == URL
    said = capsys.readouterr()
    assert "de, pl" in said.out
    assert "no legal advice" in said.out
    assert said.err == ""


def test_a_pdf_is_one_a4_page_with_the_same_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sign.pdf"
    assert made(tmp_path, str(path), "--set", "output.record_camera=true") == 0
    data = path.read_bytes()
    assert data.startswith(b"%PDF-")
    box = [float(one) for one in re.search(rb"/MediaBox \[([^\]]*)\]", data).group(1).split()]  # type: ignore[union-attr]
    assert box == pytest.approx([0, 0, 595.2, 841.9], abs=0.2), "points: 210 x 297 mm"
    begin = data.index(b"\xff\xd8\xff")
    picture = cv2.imdecode(np.frombuffer(data[begin : data.rindex(b"\xff\xd9") + 2], np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape == (3508, 2480, 3)
    said = capsys.readouterr().err
    assert "there is no code" in said
    assert "does not say that no pictures are stored" in said


def test_mistakes_end_with_2_and_say_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert made(tmp_path, str(tmp_path / "a.pdf"), "--languages", "ja") == 2
    assert "no words in 'ja'" in capsys.readouterr().err
    assert made(tmp_path, str(tmp_path / "none" / "deeper" / "a.pdf")) == 2
    assert "there is no folder" in capsys.readouterr().err
    for wrong in (["a.jpg"], ["a.pdf", "--languages", "German"]):
        with pytest.raises(SystemExit) as ended:
            made(tmp_path, *wrong)
        assert ended.value.code == 2
