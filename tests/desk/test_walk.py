"""The ten minutes of docs/desk.md, walked through in a real browser."""

import re
from pathlib import Path

import pytest

from tests.desk.piece import CHROMIUM, ROOT

TEXT = (ROOT / "docs" / "desk.md").read_text()
PICTURES = re.findall(r"!\[[^\]]+\]\((desk/[^)]+)\)", TEXT)


def test_every_picture_is_there_and_small() -> None:
    """No more in the folder than the page shows."""
    assert 6 <= len(PICTURES) <= 8
    folder = ROOT / "docs" / "desk"
    assert sorted(f"desk/{path.name}" for path in folder.iterdir()) == sorted(PICTURES)
    assert all(path.stat().st_size <= 60_000 for path in folder.iterdir())


@pytest.mark.long
def test_a_newcomer_gets_to_a_piece_of_their_own(tmp_path: Path) -> None:
    """Another look, two cues at set times, and a recorded pose that fires one of them, by the page alone."""
    pytest.importorskip("playwright.sync_api")
    pytest.importorskip("skl2onnx")
    if CHROMIUM is None:
        pytest.skip("there is no browser (Debian: chromium)")
    from tests.desk.walk import walk

    took_s = walk(tmp_path).took_s
    assert len(took_s) == 8
    assert sum(took_s.values()) < 600
