"""What is drawn: golden images, answers to the visitor, no growth, shaders that may break without harm."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.capture.simulated.performer import PerformerScript
from installation.config.output import OutputConfig
from installation.config.scene import SceneConfig
from installation.config.scene_files import scene_names
from installation.generation.procedural import procedural_texture
from installation.render.captures.png import write_picture
from installation.render.hud import Hud
from installation.render.renderer import Renderer, inner_size
from installation.render.scenes.meshes import grid
from installation.render.shaders import programs
from installation.render.shaders.programs import Program, ShaderError, load_source
from installation.render.surface import DisplayError, Offscreen, is_software, open_surface
from installation.scene.scene import Scene
from installation.types import ByteArray, SceneState, TextureFrame
from tests.screen import or_skipped

SIZE = (192, 108)


class Stage:
    """A renderer and its surface."""

    def __init__(self) -> None:
        self.notices = Notices(ManualClock())
        self.surface = Offscreen(SIZE)
        self.renderer = Renderer(self.surface, OutputConfig(render_scale=1.0), {}, self.notices)

    def draw(self, scene: SceneState) -> ByteArray:
        self.renderer.draw(scene)
        assert self.surface.context.error == "GL_NO_ERROR"
        return self.renderer.read_rgb()


@pytest.fixture
def stage() -> Iterator[Stage]:
    with or_skipped():
        made = Stage()
    yield made
    made.renderer.close()
    made.surface.close()


def scene_of(name: str, states: tuple, seconds: float = 4.0, seed: int = 3) -> SceneState:
    scene = Scene(SceneConfig(name=name), seed)
    for n in range(round(seconds * 30)):
        found = scene.update(states, next(iter(states), None), n / 30, 1 / 30)
    return found


def texture(number: int, level: int | None = None) -> TextureFrame:
    rgba = procedural_texture(np.array([0.3, 0.4, 0.2, 0.1], np.float32), number, 64)
    if level is not None:
        rgba = np.full_like(rgba, level)
        rgba[:, :, 3] = 255
    return TextureFrame(0.0, number, rgba, None, "test", 0.0)


@pytest.mark.usefixtures("forms_alone")
@pytest.mark.parametrize("name", ["blossom", "sculpture"])
def test_emotions_differ_in_form_and_colour(stage: Stage, state_of: Callable, name: str) -> None:
    # A statue of whose body nothing is known sleeps, whatever the mood.
    seen = {"joints": PerformerScript(1).observe(0.5, 1).people[0].pose} if name == "sculpture" else {}
    happy, sad = (
        stage.draw(scene_of(name, (state_of(emotion, **seen),))).astype(float) for emotion in ("happy", "sad")
    )
    lit = [picture.max(axis=2) > 40 for picture in (happy, sad)]
    colour = [picture[mask].mean(axis=0) for picture, mask in zip((happy, sad), lit, strict=True)]
    assert colour[0][0] > colour[0][2] + 20, "joy is warm"
    assert colour[1][2] > colour[1][0] + 12, "sadness is cold"
    overlap = (lit[0] & lit[1]).sum() / (lit[0] | lit[1]).sum()
    assert overlap < 0.8, "the outlines differ"


@pytest.mark.usefixtures("forms_alone")
@pytest.mark.parametrize("name", ["blossom", "sculpture"])
def test_the_visitor_moves_the_shape(stage: Stage, state_of: Callable, name: str) -> None:
    middles = []
    for x in (0.25, 0.75):
        light = stage.draw(scene_of(name, (state_of("neutral", x=x),))).max(axis=2) > 40
        middles.append(np.argwhere(light)[:, 1].mean())
    assert middles[1] - middles[0] > 0.25 * SIZE[0]


@pytest.mark.usefixtures("forms_alone")
@pytest.mark.parametrize("name", ["blossom", "sculpture"])
def test_the_generated_picture_shows_on_the_shape_and_fades_in(stage: Stage, state_of: Callable, name: str) -> None:
    scene = scene_of(name, (state_of("neutral"),))
    renderer = stage.renderer
    renderer.set_texture(texture(1, 20), scene.t_s - 2.0)
    renderer.set_texture(texture(2, 20), scene.t_s - 1.0)
    dark = stage.draw(scene).astype(float)
    renderer.set_texture(texture(3, 235), scene.t_s)
    start = stage.draw(scene).astype(float)
    lit = dark.max(axis=2) > 15
    assert np.abs(start - dark)[lit].mean() < 2, "at first nothing changes"
    later = SceneState(**{**{f: getattr(scene, f) for f in scene.__slots__}, "t_s": scene.t_s + 5})
    bright = stage.draw(later).astype(float)
    assert (bright - dark)[lit].mean() > 10


def test_nobody_there_is_dark_and_almost_still(stage: Stage, state_of: Callable) -> None:
    scene = Scene(SceneConfig(), 3)
    for n in range(90):
        found = scene.update((), None, n / 30, 1 / 30)
    first = stage.draw(found).astype(int)
    second = stage.draw(scene.update((), None, 3.0, 1 / 30)).astype(int)
    assert first.max() > 25, "something is there"
    assert first.mean() < 30, "but dim"
    assert np.abs(second - first).mean() < 0.8


def test_a_thousand_frames_leave_no_more_objects_than_ten(stage: Stage, state_of: Callable) -> None:
    scene = Scene(SceneConfig(scene_fade_s=0.1), 3)
    counts = []
    for name in scene_names():  # each is built when it is first shown
        stage.renderer.draw(scene_of(name, ()))
    hud = Hud(stage.surface.context)
    for n in range(1000):
        if n % 100 == 0:
            scene.next_scene()
        if n % 10 == 0:
            stage.renderer.set_texture(texture(n), n / 30)
            hud.show((f"{n} pictures", "! a notice"))
        if n > 20 and n % 50:
            scene.update((who := state_of("happy"),), who, n / 30, 1 / 30)
            continue  # the scene moves on; drawing every 50th keeps the test short
        stage.renderer.draw(scene.update((who := state_of("happy"),), who, n / 30, 1 / 30))
        stage.renderer.output.draw_over(hud, stage.surface.framebuffer, SIZE)
        counts.append(stage.renderer.object_count())
    assert counts[10] is not None
    assert counts[10] > 30
    assert counts[-1] == counts[10]
    hud.release()
    assert stage.surface.context.error == "GL_NO_ERROR"


def test_the_count_of_objects_sees_a_leak(stage: Stage) -> None:
    before = stage.renderer.object_count()
    leaked = stage.surface.context.texture((4, 4), 4)
    assert before is not None
    assert stage.renderer.object_count() == before + 1
    leaked.release()
    assert stage.renderer.object_count() == before


def test_a_scene_that_is_not_finite_is_refused_and_the_last_good_one_holds(stage: Stage, state_of: Callable) -> None:
    good = scene_of("blossom", (state_of("happy"),))
    before = stage.draw(good).astype(int)
    bad = SceneState(**{**{f: getattr(good, f) for f in good.__slots__}, "shapes": good.shapes * np.nan})
    after = stage.draw(bad).astype(int)
    assert stage.renderer.refused == 1
    assert np.abs(after - before).max() <= 8, "but for grain"
    assert [note.stage for note in stage.notices.active()] == ["scene"]
    stage.draw(good)
    assert stage.notices.active() == ()


@pytest.mark.usefixtures("forms_alone")
def test_the_camera_may_be_the_background(stage: Stage, state_of: Callable) -> None:
    scene = scene_of("blossom", ())
    black = stage.draw(scene).astype(int)
    stage.renderer.reconfigure(OutputConfig(render_scale=1.0, background="camera"), {})
    camera = np.zeros((90, 161, 3), np.uint8)
    camera[:45] = 255
    stage.renderer.set_camera(camera)
    shown = stage.draw(scene).astype(int)
    assert (shown - black)[5:30].mean() > 20, "bright above"
    assert abs((shown - black)[-20:].mean()) < 5, "dark below: row 0 is on top"


def test_a_screenshot_is_what_is_shown(stage: Stage, state_of: Callable, tmp_path: Path) -> None:
    drawn = stage.draw(scene_of("blossom", (state_of("happy"),)))
    path = tmp_path / "new" / "shot.png"
    write_picture(path, stage.renderer.read_rgb())
    assert np.array_equal(cv2.imread(str(path))[:, :, ::-1], drawn)


@pytest.fixture
def own_shaders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shaders that a test may break."""
    copy = tmp_path / "shaders"
    shutil.copytree(programs.SHADERS, copy)
    return copy


def program_of(stage: Stage, folder: Path, name: str) -> Program:
    return Program(stage.surface.context, folder / "passes" / "pass.vert", folder / "passes" / name, root=folder)


def save(path: Path, text: str) -> None:
    """Write, with a time stamp of its own."""
    before = path.stat().st_mtime_ns
    path.write_text(text)
    os.utime(path, ns=(before + 10**9, before + 10**9))


def test_a_broken_shader_keeps_the_old_one_and_names_its_line(stage: Stage, own_shaders: Path) -> None:
    program = program_of(stage, own_shaders, "finish.frag")
    old = program.program
    include = own_shaders / "lib" / "colour" / "tonemap.glsl"
    text = include.read_text()
    save(include, text.replace("vec3 x2 = x * x", "vec3 x2 = nonsense * x"))
    programs.reload_changed([program], stage.notices)
    (notice,) = stage.notices.active()
    line = next(n for n, row in enumerate(text.splitlines(), start=1) if "vec3 x2" in row)
    assert f"tonemap.glsl:{line}" in notice.message
    assert "nonsense" in notice.message
    assert program.program is old
    save(include, text + "\n")
    programs.reload_changed([program], stage.notices)
    assert stage.notices.active() == ()
    assert program.program is not old


def test_a_uniform_that_nobody_gives_and_a_missing_include_are_told(stage: Stage, own_shaders: Path) -> None:
    shader = own_shaders / "passes" / "finish.frag"
    text = shader.read_text()
    shader.write_text(text.replace("uniform float u_exposure;", "uniform float u_exposure;\nuniform float u_magic;")
                      .replace("c *= 1.0 -", "c *= u_magic -"))  # fmt: skip
    with pytest.raises(ShaderError, match="u_magic"):
        program_of(stage, own_shaders, "finish.frag")
    shader.write_text(text.replace("lib/noise/hash.glsl", "lib/noise/none.glsl"))
    with pytest.raises(ShaderError, match=r"finish\.frag:6: none\.glsl"):
        program_of(stage, own_shaders, "finish.frag")


def test_every_shader_passes_the_reference_compiler(tmp_path: Path) -> None:
    if shutil.which("glslangValidator") is None:
        pytest.skip("no glslangValidator here; apt-get install glslang-tools")
    stages = {".vert", ".frag"}
    for path in (path for path in programs.SHADERS.rglob("*") if path.suffix in stages):
        text = load_source(path).text
        flat = tmp_path / path.name
        flat.write_text("\n".join(line for line in text.splitlines() if not line.startswith("#line")))
        found = subprocess.run(["glslangValidator", str(flat)], capture_output=True, text=True, check=False)
        assert found.returncode == 0, found.stdout


NOISE = """#version 330 core
#include "lib/noise/hash.glsl"
#include "lib/noise/value3.glsl"
#include "lib/noise/ripple3.glsl"
uniform float u_exposure;
in vec2 v_uv;
out vec4 f_colour;
void main() {
    vec3 p = vec3(v_uv * 12.0 - 3.0, u_exposure);
    f_colour = vec4(value_noise(p), ripple3(p * 1.7), hash11(floor(p.x * 40.0)), value_noise(floor(p)));
}
"""


def test_noise_keeps_its_range_is_continuous_and_the_same_everywhere(stage: Stage, own_shaders: Path) -> None:
    (own_shaders / "passes" / "noise.frag").write_text(NOISE)
    program = program_of(stage, own_shaders, "noise.frag")
    context = stage.surface.context
    target = context.framebuffer([context.texture((512, 512), 4, dtype="f4")])
    array = context.vertex_array(program.program, [])
    fields = []
    for phase in (0.3, 0.302):
        program.set("u_exposure", phase)
        target.use()
        array.render(vertices=3)
        fields.append(np.frombuffer(target.read(components=4, dtype="f4"), np.float32).reshape(512, 512, 4))
    value, ripple, hashed = (fields[0][:, :, channel] for channel in range(3))
    for noise in (value, ripple):
        assert -1 <= noise.min() < -0.6
        assert 0.6 < noise.max() <= 1
        assert abs(noise.mean()) < 0.1
    step = 12 / 512
    assert np.abs(np.diff(value, axis=0)).max() < 4 * step, "no jump between neighbours"
    assert np.abs(fields[1][:, :, 0] - value).max() < 4 * 0.002, "no jump in time"
    assert 0 <= hashed.min() < hashed.max() < 1
    # At a lattice point the noise is the hash itself, an integer computation with one right answer.
    assert fields[0][0, 0, 3] == pytest.approx(lattice_value(-3, -3, 0), abs=1e-6)
    array.release()
    program.release()
    target.release()


def mix_bits(x: int) -> int:
    x &= 0xFFFFFFFF
    x ^= x >> 16
    x = x * 0x7FEB352D & 0xFFFFFFFF
    x ^= x >> 15
    x = x * 0x846CA68B & 0xFFFFFFFF
    return x ^ x >> 16


def lattice_value(x: int, y: int, z: int) -> float:
    return (mix_bits(x + mix_bits(y + mix_bits(z))) >> 8) / 16777216 * 2 - 1


def test_without_a_display_auto_says_so_loudly_and_the_others_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER", "SDL_VIDEO_DRIVER"):
        monkeypatch.delenv(name, raising=False)
    notices = Notices(ManualClock())
    surface = open_surface(OutputConfig(width=64, height=64), notices)
    assert isinstance(surface, Offscreen)
    assert "NOTHING IS SHOWN" in notices.active()[0].message
    surface.close()
    for mode in ("window", "fullscreen"):
        with pytest.raises(DisplayError, match="--offscreen"):
            open_surface(OutputConfig(mode=mode), notices)


def test_names_of_software_renderers() -> None:
    assert is_software("llvmpipe (LLVM 15.0.6, 256 bits)")
    assert not is_software("NVIDIA GeForce RTX 4070/PCIe/SSE2")


def test_the_inner_picture_keeps_the_windows_shape() -> None:
    assert inner_size((1280, 720), 0, 480 * 270) == (480, 270)
    assert inner_size((640, 360), 0, 10**9) == (640, 360)
    assert inner_size((640, 360), 0.5, 1) == (320, 180)


def test_the_petal_mesh_covers_its_square_once() -> None:
    vertices, indices = grid(4, 8)
    corners = vertices[indices.reshape(-1, 3)]
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) / 2
    assert (area > 0).all()
    assert area.sum() == pytest.approx(2.0)
