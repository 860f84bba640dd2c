"""Scene files: what is broken in one is reported in one line."""

import shutil
from pathlib import Path

import pytest

from installation.config.load import ConfigError, parse_config
from installation.config.scene_files import (
    FOLDER,
    SceneFileError,
    is_described,
    load_scene,
    lost_description,
    scene_names,
)


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


ALONE = """/* used
in many places; in fact everywhere; */
// in vec3 v_place;
void mainImage(out vec4 colour,
    in vec2 place) { colour = vec4(1.0); }
"""
DRAWN = """#version 330 core
in vec2 v_uv;
out vec4 f_colour;
void main() { f_colour = vec4(v_uv, 0.0, 1.0); }
"""


@pytest.mark.parametrize(
    ("text", "is_scene"),
    [
        (ALONE, True),
        (DRAWN, True),
        (DRAWN.replace("in vec2 v_uv;", "flat in vec4 v_first, v_last;"), False),
        (DRAWN.replace("in vec2 v_uv;", "in vec2 v_uv;\n  in vec3 v_at[2];"), False),
    ],
)
def test_a_fragment_shader_is_a_scene_unless_it_is_a_part_of_one(tmp_path: Path, text: str, is_scene: bool) -> None:
    (tmp_path / "part.frag").write_text(text)
    assert scene_names(tmp_path) == (("part",) if is_scene else ())
    (tmp_path / "part.frag").write_bytes(b"\xff\xfe")
    assert scene_names(tmp_path) == ("part",), "what is wrong with it is told where it is built"


def test_a_scene_that_lost_its_description_is_told_so_and_its_parts_are_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "scenes"
    shutil.copytree(FOLDER, folder)
    before = scene_names(folder)
    (folder / "blossom.yaml").unlink()
    assert set(before) - set(scene_names(folder)) == {"blossom"}
    assert set(scene_names(folder)) <= set(before)
    said = r"there is no scene 'blossom'; its shaders are there, but not blossom\.yaml, which says how they are drawn"
    with pytest.raises(SceneFileError, match=said):
        load_scene("blossom", folder)
    monkeypatch.setattr("installation.config.scene.scene_names", lambda: scene_names(folder))
    monkeypatch.setattr("installation.config.scene.is_described", lambda name: is_described(name, folder))
    monkeypatch.setattr("installation.config.scene.lost_description", lambda name: lost_description(name, folder))
    with pytest.raises(ConfigError, match=rf"config\.yaml:1: scene\.name: {said}"):
        parse_config("scene: {name: blossom}")
