"""A scene's own memory: it goes on with time and only then, is the scene's own, and leaves nothing behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.scene_files import SceneFileError, load_scene, scene_names
from installation.render.scenes.drawn_scene import DrawnScene
from installation.render.scenes.step import PICTURES, BirthBuffer, StepValues, picture_state
from installation.render.shaders.frame_block import FrameBlock
from installation.render.shaders.programs import SHADERS
from installation.render.surface import Offscreen, live_objects
from tests.screen import or_skipped

COUNTS = """#version 330 core
#include "lib/frame.glsl"
uniform float u_step;
out vec4 f_colour;
void main() { f_colour = texelFetch(u_feedback, ivec2(gl_FragCoord.xy), 0) + vec4(0.125, u_step, 0.0, 0.0); }
"""
SHOWS = """#version 330 core
#include "lib/frame.glsl"
in vec2 v_uv;
out vec4 f_colour;
void main() {
    vec4 state = textureLod(u_feedback, v_uv, 0.0);
    f_colour = vec4(state.rg, u_picture_strength * 0.0, 1.0);
#ifdef NO_PICTURE
    f_colour.b = 0.25;
#endif
#ifdef WHOLE_PICTURE
    f_colour.b = 0.75;
#endif
#ifdef DRY_PICTURE
    f_colour.a = 0.5;
#endif
}
"""
YAML = """title: Counts
feedback: {fragment: memory.frag, width: 8, height: 4}
draws:
  - {kind: screen, picture: true}
parameters:
  step: {value: 0.0625, low: 0, high: 1, meaning: what green goes on by}
"""


@pytest.fixture
def surface() -> Iterator[Offscreen]:
    with or_skipped():
        made = Offscreen((16, 8))
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    scenes = tmp_path / "scenes"
    scenes.mkdir()
    (tmp_path / "lib").symlink_to(SHADERS / "lib")
    (tmp_path / "UNIFORMS.md").symlink_to(SHADERS / "UNIFORMS.md")
    (scenes / "screen.vert").write_text((SHADERS / "scenes" / "screen.vert").read_text())
    (scenes / "counts.frag").write_text(SHOWS)
    (scenes / "memory.frag").write_text(COUNTS)
    (scenes / "counts.yaml").write_text(YAML)
    return scenes


def values(advance: bool = True, state: tuple[str, ...] = PICTURES[0]) -> StepValues:
    return StepValues(1, 0, 1.0, 1.0, {"step": 0.0625}, advance, state)


def built(surface: Offscreen, births: BirthBuffer, folder: Path) -> DrawnScene:
    scene = DrawnScene(surface.context, load_scene("counts", folder), births, folder)
    while scene.build_more():
        pass
    return scene


def test_it_is_built_a_state_of_the_picture_at_a_time(surface: Offscreen, folder: Path) -> None:
    births = BirthBuffer(surface.context)
    scene = DrawnScene(surface.context, load_scene("counts", folder), births, folder)
    counts = []
    while scene.build_more():
        counts.append(len(scene.programs))
    assert counts == [2, 3, 4, 5], "the memory's program comes with the first state"
    assert len(scene.programs) == 1 + len(PICTURES)
    for part in (scene, births):
        part.release()


def test_it_goes_on_with_time_only_and_gives_back_what_was_drawn_to(surface: Offscreen, folder: Path) -> None:
    context = surface.context
    block, births = FrameBlock(context), BirthBuffer(context)
    block.set("u_part", (0.0, 0.0, 1.0, 1.0))
    block.send()
    scene = built(surface, births, folder)
    assert scene.reads("u_feedback")
    assert not scene.reads("u_camera")

    def red_green() -> list[int]:
        return list(surface.framebuffer.read((0, 0, 16, 8), components=4)[:3])

    seen = []
    for advance in (True, True, False, False, True):
        surface.framebuffer.use()
        scene.draw(values(advance))
        seen.append(red_green()[:2])
    assert seen == [[32, 16], [64, 32], [64, 32], [64, 32], [96, 48]]
    blues = []
    for state in PICTURES:
        surface.framebuffer.use()
        surface.framebuffer.clear()
        scene.draw(values(False, state))
        blues.append(red_green()[2])
    assert blues == [64, 0, 0, 191, 191], "each state of the composed picture has its own program"
    surface.framebuffer.use()
    for part in (scene, block, births):
        part.release()


def test_states_of_the_composed_picture() -> None:
    assert picture_state(0.0, 0.5) == ("NO_PICTURE",)
    assert picture_state(0.6, 0.5) == ()
    assert picture_state(0.6, 1.0) == ("DRY_PICTURE",)
    assert picture_state(1.0, 0.5) == ("WHOLE_PICTURE",)
    assert picture_state(1.0, 1.0) == PICTURES[-1]


def test_making_and_freeing_it_leaves_no_objects(surface: Offscreen, folder: Path) -> None:
    births = BirthBuffer(surface.context)
    counts = []
    for _ in range(4):
        scene = built(surface, births, folder)
        scene.draw(values())
        surface.framebuffer.use()
        scene.release()
        counts.append(live_objects())
    if counts[0] is None:
        pytest.skip("this driver cannot be asked")
    assert len(set(counts[1:])) == 1
    births.release()


def test_its_shader_is_no_scene_and_its_mistakes_are_said(folder: Path) -> None:
    assert scene_names(folder) == ("counts",)
    (folder / "counts.yaml").write_text(YAML.replace("width: 8", "width: 8000"))
    with pytest.raises(SceneFileError, match=r"counts.yaml:2: feedback.width: .*1024"):
        load_scene("counts", folder)
    (folder / "counts.yaml").write_text(YAML.replace("width: 8", "widht: 8"))
    with pytest.raises(SceneFileError, match="did you mean 'width'"):
        load_scene("counts", folder)


def test_a_broken_memory_is_a_fault_of_its_own_file(surface: Offscreen, folder: Path) -> None:
    from installation.render.scenes.scene_library import SceneLibrary

    notices, births = Notices(ManualClock()), BirthBuffer(surface.context)
    (folder / "memory.frag").write_text(COUNTS.replace("u_step", "u_stp"))
    library = SceneLibrary(surface.context, births, notices, folder)
    assert library.get("counts") is None
    assert "memory.frag" in str(notices.active("fault"))
    (folder / "memory.frag").write_text(COUNTS)
    library.poll({"counts"})
    assert library.get("counts") is not None
    assert not notices.active("fault")
    library.release()
    births.release()
