"""Letters: which font has them, lines that fit, and what no font here has is told."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from installation.config.notice_texts import MOVING, READING
from installation.render.notice.fonts import Letters, filled, find_face, font, lines, missing_letters

ROOT = Path(__file__).resolve().parents[3]
TEXT = READING["en"].sign


@pytest.mark.parametrize("language", READING)
def test_the_font_that_is_always_there_has_every_letter_of_the_seven_languages(language: str) -> None:
    said = READING[language]
    text = "".join((said.title, said.text, said.sign, said.no_pictures, said.responsible, said.more, *MOVING[language]))
    assert missing_letters(font("", 24), text) == ""
    assert find_face(text).path == ""


def test_what_no_font_has_is_named() -> None:
    assert missing_letters(font("", 24), "a\u200d\ue123 b\u0301") == "\ue123"
    assert Letters("", 20).coverage("\u200d").max() == 0
    face = find_face("Mien \ue123")
    assert face.missing == "\ue123"


def test_a_font_of_ones_own_comes_first_and_a_broken_one_is_passed_over(tmp_path: Path) -> None:
    import pygame

    own = Path(pygame.__file__).parent / pygame.font.get_default_font()
    assert find_face("Mien", str(own)).path == str(own)
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font")
    assert find_face("Mien", str(broken)).path == ""
    assert find_face("Mien", str(tmp_path / "none.ttf")).path == ""
    assert find_face("Mien", "no such font").path == ""


def test_lines_keep_all_words_within_the_width_and_are_even() -> None:
    letters = Letters("", 20)
    for width in (150, 240, 400, 3000):
        for found in (lines(letters, TEXT, width), filled(letters, TEXT, width)):
            assert " ".join(found) == TEXT
            assert max(letters.width(line) for line in found) <= width
        assert len(lines(letters, TEXT, width)) == len(filled(letters, TEXT, width))
    even = [letters.width(line) for line in lines(letters, READING["en"].text, 420)]
    greedy = [letters.width(line) for line in filled(letters, READING["en"].text, 420)]
    assert max(even) - min(even) < max(greedy) - min(greedy)
    assert lines(letters, "Wortungetüm", 10) == ["Wortungetüm"], "a word is not cut"
    assert lines(letters, "", 100) == []


def test_scripts_without_spaces_break_between_signs() -> None:
    letters = Letters("", 20)
    found = filled(letters, "感情認識を使用中です。", letters.width("感情認識"))
    assert len(found) > 1
    assert "".join(found) == "感情認識を使用中です。"
    assert not any(line.startswith("。") for line in found)


def test_letters_are_drawn_whole_and_soft() -> None:
    covers = Letters("", 40).coverage("Hg")
    assert covers.max() > 250
    assert 0.05 < ((covers > 20) & (covers < 235)).mean() < 0.5
    assert abs(covers.shape[1] - Letters("", 40).width("Hg")) <= 1
    assert Letters("", 40).coverage(" ").max() == 0
    assert not np.array_equal(covers, Letters("", 40).coverage("gH"))


def test_a_machine_without_a_list_of_fonts_has_the_pieces_own() -> None:
    """pygame asks fontconfig on Linux, and warns where that is not there."""
    ask = (
        "from installation.render.notice.fonts import find_face; print(find_face('Grüße', plain=True), find_face('日'))"
    )
    found = subprocess.run(
        [sys.executable, "-W", "error", "-c", ask],
        cwd=ROOT, env={**os.environ, "PATH": ""}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert found.stdout.split(") ")[0] == "Face(path='', missing=''"
