"""Scene files: what is broken in one is reported in one line."""

from pathlib import Path

import pytest

from installation.config.scene_files import SceneFileError, load_scene


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: x\ndraws: [{}\n", "odd.yaml:2: not readable as YAML: "),
        ("title: x\n  draws: [{}]\n", "odd.yaml:2: not readable as YAML: "),
        ("title: &a [*a]\n", "odd.yaml:1: title.0: this anchor refers to itself"),
        ("title: 1\n", "odd.yaml:1: title: "),
    ],
)
def test_a_broken_scene_file_is_reported_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "odd.yaml").write_text(text)
    with pytest.raises(SceneFileError) as error:
        load_scene("odd", tmp_path)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)
    assert "<unicode string>" not in str(error.value)
