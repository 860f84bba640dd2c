"""Scenes of one fragment file with mainImage: what they are given, how their mistakes are reported, files that come and go."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.output import OutputConfig
from installation.config.scene import SceneConfig
from installation.config.scene_files import scene_names
from installation.render.renderer import Renderer
from installation.render.scenes.scene_library import SceneLibrary
from installation.render.scenes.step import BirthBuffer, StepValues
from installation.render.shaders.frame_block import FrameBlock
from installation.render.shaders.programs import SHADERS, ShaderError, load_source
from installation.render.shaders.uniforms import UNITS
from installation.render.surface import Offscreen
from installation.scene.scene import Scene
from tests.screen import or_skipped

SIZE = (64, 36)
PLAIN = "void mainImage(out vec4 colour, in vec2 place) {\n    colour = vec4(BODY);\n}\n"


class Bench:
    """A library of scenes on a copy of the shaders, drawn without backdrop, glow or tone map."""

    def __init__(self, folder: Path) -> None:
        self.surface = Offscreen(SIZE)
        self.context = self.surface.context
        self.notices = Notices(ManualClock())
        self.folder = folder
        self.births = BirthBuffer(self.context)
        self.library = SceneLibrary(self.context, self.births, self.notices, folder)
        self.block = FrameBlock(self.context)
        self.block.set("u_resolution", SIZE)
        self.block.set("u_part", (0, 0, 1, 1))
        self.block.set("u_people", 1)
        self.target = self.context.framebuffer([self.context.texture(SIZE, 4, dtype="f4")])
        self.clock = 10**18

    def put(self, name: str, text: str) -> None:
        """Save a file, with a time stamp of its own."""
        path = self.folder / name
        path.write_text(text)
        self.clock += 10**9
        os.utime(path, ns=(self.clock, self.clock))

    def draw(self, name: str, fade: float = 1.0) -> np.ndarray:
        """(H, W, 4) float, row 0 at the bottom."""
        scene = self.library.get(name)
        assert scene is not None, self.messages()
        self.block.send()
        self.target.use()
        self.target.clear()
        scene.draw(StepValues(1, 0, 1.0, fade, self.library.values(name)))
        return np.frombuffer(self.target.read(components=4, dtype="f4"), np.float32).reshape(SIZE[1], SIZE[0], 4)

    def colour(self, name: str, body: str, before: str = "") -> np.ndarray:
        """(4,): what a file with this colour gives in the middle."""
        self.put(f"{name}.frag", before + PLAIN.replace("BODY", body))
        self.poll()
        return self.draw(name)[SIZE[1] // 2, SIZE[0] // 2]

    def poll(self) -> None:
        """What the renderer does once a second or so."""
        self.library.poll()

    def messages(self) -> str:
        """All active notices."""
        return "; ".join(notice.message for notice in self.notices.active())

    def close(self) -> None:
        assert self.context.error == "GL_NO_ERROR"
        for part in (self.library, self.block, self.births, self.target):
            part.release()
        self.surface.close()


@contextmanager
def bare_bench(folder: Path) -> Iterator[Bench]:
    """On a copy of the shaders in ``folder`` without the shipped scenes; skips where nothing can be drawn."""
    copy = folder / "shaders"
    shutil.copytree(SHADERS, copy)
    for path in (copy / "scenes").glob("*.yaml"):
        for file in (copy / "scenes").glob(f"{path.stem}*"):
            file.unlink()
    with or_skipped():
        made = Bench(copy / "scenes")
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with bare_bench(tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("body", "set_to", "wanted"),
    [
        ("iTime, iTimeDelta, 0.0, 1.0", {"u_time": 3.5, "u_dt": 0.03}, (3.5, 0.03, 0.0)),
        ("iResolution.xy, iResolution.z, 1.0", {}, (64, 36, 1)),
        ("float(iFrame), place, 1.0", {"u_frame": 7}, (7, 32.5, 18.5)),
        ("u_valence, u_emotion[3], u_palette[2].g, 1.0", {"u_valence": 0.25}, (0.25, 0, 0)),
    ],
)
def test_a_file_is_given_its_numbers(bench: Bench, body: str, set_to: dict, wanted: tuple) -> None:
    for name, value in set_to.items():
        bench.block.set(name, value)
    assert bench.colour("plain", body, "#define LINEAR\n")[:3] == pytest.approx(wanted)


def test_the_mouse_is_the_hand_that_is_seen_best(bench: Bench) -> None:
    body, linear = "iMouse.xy, iMouse.z > 0.0 ? 1.0 : 0.0, 1.0", "#define LINEAR\n"
    joints = np.zeros((16, 4), np.float32)
    joints[8], joints[9] = (-1.0, 0.5, 0.0, 0.9), (0.5, -0.25, 0.0, 0.6)
    bench.block.set("u_joints", joints)
    assert bench.colour("mouse", body, linear)[:3] == pytest.approx((32 - 18, 18 + 9, 1))
    joints[8, 3] = 0.2
    bench.block.set("u_joints", joints)
    assert bench.draw("mouse")[18, 32][:3] == pytest.approx((32 + 9, 18 - 4.5, 1))
    bench.block.set("u_joints", joints * 0)
    bench.block.set("u_place", np.array([[0.5, 0, 1, 1]]))
    assert bench.colour("mouse", "abs(iMouse.x), -iMouse.w, 0.0, 1.0", linear)[:2] == pytest.approx((32 + 9, 18))


def test_the_channel_is_the_picture_and_cross_fades(bench: Bench) -> None:
    before, now = (bench.context.texture((2, 2), 4, bytes([level, 0, 0, 255] * 4)) for level in (0, 255))
    before.use(UNITS["u_texture_before"])
    now.use(UNITS["u_texture"])
    helper = "#define LINEAR\nvec4 look(sampler2D s, vec2 uv) { return texture(s, uv); }\n"
    for share in (0.0, 0.25, 1.0):
        bench.block.set("u_texture_share", share)
        assert bench.colour("picture", "look(iChannel0, place / iResolution.xy)", helper)[0] == pytest.approx(share)
    assert bench.colour(
        "picture", "texture(u_texture, vec2(0.5)).r, textureSize(iChannel0, 0), 1.0", "#define LINEAR\n"
    )[:3] == pytest.approx((1, 2, 2)), "samplers of the block can be read by name, too"
    before.release()
    now.release()


def test_colours_become_light_and_cover_what_is_behind(bench: Bench) -> None:
    assert bench.colour("colour", "0.5, 1.0, 0.0, 0.0") == pytest.approx((0.21404, 1.0, 0.0, 1.0), abs=1e-4)
    assert bench.draw("colour", fade=0.5)[3, 3] == pytest.approx((0.10702, 0.5, 0.0, 0.5), abs=1e-4)
    assert bench.colour("colour", "0.5, 3.0, 0.0, 0.25", "#define LINEAR\n#define COVER\n") == pytest.approx(
        (0.5, 3, 0, 0.25)
    )
    assert bench.colour("colour", "sqrt(u_dt - 1.0), 1.0, 0.0, 1.0") == pytest.approx((0, 0, 0, 1)), (
        "no number is black"
    )


def test_a_file_may_include_the_library_and_has_parameters(bench: Bench) -> None:
    bench.block.set("u_palette", np.array([[0, 0, 0], [0, 0, 0], [0, 0, 0], [1, 0.5, 0.25]]))
    text = '#define LINEAR\n#include "lib/colour/ramp.glsl"\nuniform float u_depth;\n'
    bench.put(
        "ramp.yaml",
        "title: Ramp\ndraws: [{kind: screen}]\nparameters: {depth: {value: 2, low: 0, high: 4, meaning: x}}",
    )
    assert bench.colour("ramp", "u_depth * ramp(u_palette, 1.0), 1.0", text)[:3] == pytest.approx((2, 1, 0.5))
    bench.library.reconfigure({"ramp": {"depth": 4.0}})
    assert bench.draw("ramp")[0, 0, 0] == pytest.approx(4)
    bench.put(
        "ramp.yaml",
        "title: Ramp\ndraws: [{kind: screen}]\nparameters: {depth: {value: 1, low: 0, high: 3, meaning: x}}",
    )
    bench.poll()
    assert bench.draw("ramp")[0, 0, 0] == pytest.approx(1), "out of the new range: the scene's own number"
    assert "depth must lie between 0 and 3" in bench.messages()
    bench.library.reconfigure({})
    assert bench.draw("ramp")[0, 0, 0] == pytest.approx(1)
    assert bench.messages() == ""
    bench.library.reconfigure({"ramp": {"depth": 3.0}})
    for part in (0.5, 0.25):
        assert bench.colour("ramp", f"u_depth * {part}", text)[0] == pytest.approx(3 * part), "saved again and again"


def test_the_guides_examples_run(bench: Bench) -> None:
    guide = (SHADERS.parent / "docs" / "shaders.md").read_text()
    examples = re.findall(r"```glsl\n(.*?)```", guide, re.DOTALL)
    scenes = [text for text in examples if "mainImage" in text]
    assert len(scenes) == 2
    for number, text in enumerate(scenes):
        bench.put(f"example{number}.frag", text)
        bench.poll()
        assert bench.messages() == ""
        assert bench.draw(f"example{number}")[:, :, 3] == pytest.approx(1.0)


def test_the_guides_example_of_a_memory_runs(bench: Bench) -> None:
    guide = (SHADERS.parent / "docs" / "shaders.md").read_text()
    (memory,) = [text for text in re.findall(r"```glsl\n(.*?)```", guide, re.DOTALL) if "u_feedback" in text]
    (described,) = [text for text in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL) if "feedback:" in text]
    shows = "vec4(textureLod(u_feedback, p / iResolution.xy, 0.0).r)"
    bench.put("traces_feedback.frag", memory)
    bench.put("traces.frag", f"#define LINEAR\nvoid mainImage(out vec4 c, in vec2 p) {{ c = {shows}; c.a = 1.0; }}\n")
    bench.put("traces.yaml", described)
    bench.block.set("u_joints", [(0.0, 0.0, 0.0, 1.0)] * 16)
    bench.poll()
    seen = bench.draw("traces")[:, :, 0]
    assert bench.messages() == ""
    assert seen.max() > 0.5 > 0.1 > seen[0, 0], "the hand in the middle leaves a trace"


def test_a_uniform_that_nobody_gives_is_told(bench: Bench) -> None:
    bench.put("magic.frag", "uniform float u_magic;\n" + PLAIN.replace("BODY", "u_magic"))
    bench.poll()
    wanted = "magic.frag: nobody gives u_magic; see shaders/UNIFORMS.md, or list them in magic.yaml, which is not there"
    assert wanted in bench.messages()
    bench.put("magic.yaml", "title: Magic\ndraws:\n  - {kind: screen}\n")
    bench.poll()
    assert "nobody gives u_magic; see shaders/UNIFORMS.md" in bench.messages()
    assert "magic.yaml" not in bench.messages()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n\nvoid mainImage(out vec4 c, in vec2 p) {\n    c = vec4(nonsense);\n}\n", r"new\.frag:4: .*nonsense"),
        (
            '#include "lib/none.glsl"\nvoid mainImage(out vec4 c, in vec2 p) { c = vec4(0); }',
            r"new\.frag:1: none\.glsl",
        ),
        ("", r"new\.frag:1: needs"),
        ("void other() {}\n", r"new\.frag:1: needs"),
    ],
)
def test_mistakes_are_reported_with_the_artists_own_lines(bench: Bench, text: str, told: str) -> None:
    bench.put("new.frag", text)
    bench.poll()
    assert bench.library.get("new") is None
    (notice,) = bench.notices.active()
    assert notice.stage == "scene new"
    assert re.search(told, notice.message), notice.message


def test_a_file_appears_breaks_and_is_fixed_while_the_piece_runs(bench: Bench) -> None:
    assert scene_names(bench.folder) == ()
    linear = "#define LINEAR\n"
    assert bench.colour("fresh", "0.25", linear)[0] == pytest.approx(0.25)
    assert scene_names(bench.folder) == ("fresh",)
    # Broken: the old one is drawn on.
    bench.put("fresh.frag", linear + PLAIN.replace("BODY", "0.5 +"))
    bench.poll()
    assert "fresh.frag:3" in bench.messages()
    assert bench.draw("fresh")[0, 0, 0] == pytest.approx(0.25)
    # Half saved, as editors leave it for a moment.
    bench.put("fresh.frag", "")
    bench.poll()
    assert bench.draw("fresh")[0, 0, 0] == pytest.approx(0.25)
    bench.put("fresh.frag", linear + PLAIN.replace("BODY", "0.5"))
    bench.poll()
    assert bench.messages() == ""
    assert bench.draw("fresh")[0, 0, 0] == pytest.approx(0.5)


def test_scenes_are_built_ahead_part_by_part_and_a_broken_one_is_passed_over(bench: Bench) -> None:
    for name in ("one", "other"):
        bench.put(f"{name}.frag", "#define LINEAR\n" + PLAIN.replace("BODY", "0.5"))
    bench.put("broken.frag", PLAIN.replace("BODY", "0.5 +"))
    built = []
    while len(built) < 2 or built[-1] != built[-2]:
        bench.library.build_ahead()
        built.append(len(bench.library.programs))
    bench.library.build_ahead()
    assert built[0] < built[-1] == len(bench.library.programs)
    assert bench.messages() == ""
    for name in ("one", "other"):
        assert bench.draw(name)[0, 0, 0] == pytest.approx(0.5)
    bench.poll()
    assert "broken.frag:2" in bench.messages()


def test_one_that_came_broken_is_built_when_it_or_what_it_includes_is_fixed(bench: Bench) -> None:
    library = bench.folder.parent / "lib" / "own.glsl"
    library.write_text("float own() { return nonsense; }\n")
    os.utime(library, ns=(10**18, 10**18))
    bench.put("late.frag", '#define LINEAR\n#include "lib/own.glsl"\n' + PLAIN.replace("BODY", "own()"))
    bench.poll()
    assert "own.glsl:1" in bench.messages()
    assert bench.library.get("late") is None
    library.write_text("float own() { return 0.75; }\n")
    bench.poll()
    assert bench.messages() == ""
    assert bench.draw("late")[0, 0, 0] == pytest.approx(0.75)


def test_a_broken_file_that_is_taken_away_is_forgotten(bench: Bench) -> None:
    bench.put("gone.frag", "nonsense")
    bench.poll()
    assert bench.messages() != ""
    (bench.folder / "gone.frag").unlink()
    bench.poll()
    assert bench.messages() == ""


def test_a_description_that_breaks_keeps_the_scene(bench: Bench) -> None:
    bench.put("kept.yaml", "title: Kept\ndraws: [{kind: screen}]\n")
    assert bench.colour("kept", "0.5", "#define LINEAR\n")[0] == pytest.approx(0.5)
    bench.put("kept.yaml", "title: Kept\ndraws: []\n")
    bench.poll()
    assert "kept.yaml:2: draws" in bench.messages()
    assert bench.draw("kept")[0, 0, 0] == pytest.approx(0.5)
    bench.put("kept.yaml", "title: Kept\npixels: 2048\ndraws: [{kind: screen}]\n")
    bench.poll()
    assert bench.messages() == ""
    assert bench.library.get("kept").file.pixels == 2048


def test_only_fragment_files_are_wrapped(tmp_path: Path) -> None:
    vertex = tmp_path / "toy.vert"
    vertex.write_text(PLAIN)
    with pytest.raises(ShaderError, match=r"toy\.vert:1: needs"):
        load_source(vertex)
    plain = tmp_path / "plain.frag"
    plain.write_text("#version 330 core\nout vec4 c;\nvoid main() { c = vec4(0); }\n")
    assert "mainImage" not in load_source(plain).text


AURORA = (192, 108)


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    with or_skipped():
        surface = Offscreen(AURORA)
    made = Renderer(surface, OutputConfig(render_scale=1.0, quality="medium"), {}, Notices(ManualClock()))
    yield made
    assert surface.context.error == "GL_NO_ERROR"
    made.close()
    surface.close()


def test_the_example_gives_way_where_a_hand_is(renderer: Renderer, state_of: Callable) -> None:
    scene, who = Scene(SceneConfig(name="aurora"), 3), state_of("neutral")
    for n in range(60):
        state = scene.update((who,), who, n / 30, 1 / 30)
    renderer.draw(state)
    plain = renderer.read_rgb().astype(int)
    joints = np.zeros((1, 16, 4), np.float32)
    joints[0, 8] = (-0.8, 0.1, 0.0, 1.0)
    renderer.draw(replace(state, joints=joints))
    touched = np.abs(renderer.read_rgb().astype(int) - plain).mean(axis=(0, 2))
    assert touched[: AURORA[0] // 2].mean() > 3 * touched[-AURORA[0] // 4 :].mean() + 1


def test_a_scene_whose_files_are_removed_goes_with_its_faults(bench: Bench) -> None:
    before = bench.colour("probe", "0.5, 0.0, 0.0, 1.0")
    built = len(bench.library.programs)
    (bench.folder / "probe.frag").unlink()
    bench.library.poll(shown={"probe"})
    assert [(one.kind, one.stage) for one in bench.notices.active()] == [("fault", "scene probe")]
    assert (bench.draw("probe")[SIZE[1] // 2, SIZE[0] // 2] == before).all()
    bench.poll()
    assert bench.messages() == ""
    assert len(bench.library.programs) < built


def test_a_shown_scene_whose_files_come_back_is_well_at_once(bench: Bench) -> None:
    before = bench.colour("probe", "0.5, 0.0, 0.0, 1.0")
    (bench.folder / "probe.frag").unlink()
    bench.library.poll(shown={"probe"})
    bench.put("probe.frag", PLAIN.replace("BODY", "0.25, 0.0, 0.0, 1.0"))
    for _ in range(2):
        bench.library.poll(shown={"probe"})
    assert bench.messages() == ""
    assert bench.draw("probe")[SIZE[1] // 2, SIZE[0] // 2, 0] < before[0]
