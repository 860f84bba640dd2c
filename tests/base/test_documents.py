"""Generated documents: printed, or written when asked."""

from pathlib import Path

import pytest

from installation.base.documents import write_or_print


def test_a_document_is_printed_or_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.md"
    assert write_or_print("# A\n", path, []) == 0
    assert capsys.readouterr().out == "# A\n"
    assert not path.exists()
    assert write_or_print("# Ü\n", path, ["--write"]) == 0
    assert path.read_text(encoding="utf-8") == "# Ü\n"
    assert capsys.readouterr().out == ""
