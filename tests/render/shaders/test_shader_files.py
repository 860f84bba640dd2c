"""The shader files themselves: what they say of themselves, what the reference compiler says, what the driver makes of the
uniforms."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from installation.render.shaders import uniforms
from installation.render.shaders.frame_block import FrameBlock
from installation.render.shaders.programs import SHADERS, Program, ShaderError, load_source
from installation.render.shaders.uniforms import MEMBERS, layout
from installation.render.surface import Offscreen
from tests.screen import or_skipped

LIBRARY = sorted((SHADERS / "lib").rglob("*.glsl"))
STAGES = sorted(path for path in SHADERS.rglob("*") if path.suffix in (".vert", ".frag"))
NO_FUNCTION = {"frame.glsl", "before.glsl"}
DEFINED = re.compile(
    r"^(?:const\s+)?(?:void|float|int|uint|bool|[biu]?vec[234]|mat[234]|[A-Z]\w*)(?:\[\d+\])?\s+(\w+)\s*\(",
    re.MULTILINE,
)
NAMED = re.compile(r"^// (\w+(?:, \w+)*):", re.MULTILINE)


def functions(text: str) -> set[str]:
    return set(DEFINED.findall(text))


def announced(text: str) -> set[str]:
    """Names that a comment line begins with, before a colon."""
    return {name for names in NAMED.findall(text) for name in names.split(", ")}


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_a_library_file_says_what_it_gives(path: Path) -> None:
    text = path.read_text()
    head = text[: next(match.start() for match in re.finditer(r"^(?!//)", text, re.MULTILINE))]
    if path.name == "frame.glsl":
        return
    first = NAMED.match(text)
    assert first is not None, "the first line is // NAME: what it does"
    if path.name not in NO_FUNCTION:
        names = set(first.group(1).split(", ")) - ({"after"} if path.parent.name == "toy" else set())
        given = re.findall(r"^struct (\w+)|^(?:const )?\w+ ([A-Z]+) =", text, re.MULTILINE)
        assert names <= functions(text) | {name for pair in given for name in pair if name}
    assert re.search(r"\b[Rr]ange\b|\[-?[\d.]+, ", head), "the header gives a range"
    assert re.search(r"\b(Idea|Source|Rows)\b", head), "the header gives the idea or its source"


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_what_a_library_file_does_not_announce_nobody_else_uses(path: Path) -> None:
    text = path.read_text()
    private = functions(text) - announced(text) - {"main"}
    for other in (*LIBRARY, *STAGES):
        if other != path:
            used = set(re.findall(r"\b(\w+)\s*\(", other.read_text()))
            assert not private & (used - functions(other.read_text())), (
                f"{other.name} uses what {path.name} does not announce"
            )


def test_no_two_library_files_define_the_same() -> None:
    owner: dict[str, str] = {}
    for path in LIBRARY:
        for name in functions(path.read_text()) - {"main"}:
            assert owner.setdefault(name, path.name) == path.name, f"{name} is in {owner[name]} and {path.name}"


@pytest.mark.parametrize("path", STAGES, ids=lambda path: path.name)
def test_every_shader_passes_the_reference_compiler(path: Path, tmp_path: Path) -> None:
    if shutil.which("glslangValidator") is None:
        pytest.skip("no glslangValidator here; apt-get install glslang-tools")
    flat = tmp_path / path.name
    # The reference compiler takes no line numbers as large as ours.
    flat.write_text("\n".join(line for line in load_source(path).text.splitlines() if not line.startswith("#line")))
    found = subprocess.run(["glslangValidator", str(flat)], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def test_the_reference_compiler_sees_mistakes(tmp_path: Path) -> None:
    if shutil.which("glslangValidator") is None:
        pytest.skip("no glslangValidator here; apt-get install glslang-tools")
    bad = tmp_path / "bad.frag"
    bad.write_text("#version 330 core\nout vec4 f;\nvoid main() { f = vec3(1.0); }\n")
    assert subprocess.run(["glslangValidator", str(bad)], capture_output=True, check=False).returncode != 0


def test_the_generated_files_are_not_stale() -> None:
    page = (SHADERS / "UNIFORMS.md").read_text()
    told = "run python -m installation.render.shaders.uniforms"
    assert (SHADERS / "lib" / "frame.glsl").read_text() == uniforms.glsl(), told
    assert uniforms.with_table(page) == page, told


@pytest.fixture
def surface() -> Iterator[Offscreen]:
    with or_skipped():
        made = Offscreen((16, 16))
    yield made
    assert made.context.error == "GL_NO_ERROR"
    made.close()


def reading_shader() -> tuple[str, list[tuple[str, int, int]]]:
    """A vertex shader whose n-th vertex gives the n-th entry of the block; (member, entry, components) of each."""
    lines, entries = [], []
    for member in MEMBERS:
        parts = {"float": 1, "int": 1, "vec2": 2, "vec3": 3, "vec4": 4}[member.type]
        first, count = len(entries), max(member.count, 1)
        value = f"{member.name}[gl_VertexID - {first}]" if member.count else member.name
        padded = f"vec4({value}{', 0.0' * (4 - parts)})"
        lines.append(f"    if (gl_VertexID >= {first} && gl_VertexID < {first + count}) v = {padded};")
        entries += [(member.name, n, parts) for n in range(count)]
    text = (
        '#version 330 core\n#include "lib/frame.glsl"\nout vec4 out_value;\nvoid main() {\n    vec4 v = vec4(-1.0);\n'
    )
    return text + "\n".join(lines) + "\n    out_value = v;\n}\n", entries


def test_every_uniform_arrives_where_the_driver_looks_for_it(surface: Offscreen, tmp_path: Path) -> None:
    text, entries = reading_shader()
    path = tmp_path / "read.vert"
    path.write_text(text)
    program = Program(surface.context, path, None, root=SHADERS, varyings=("out_value",))
    assert program.program[uniforms.BLOCK].size == layout().itemsize
    block, number = FrameBlock(surface.context), 1
    wanted = np.zeros((len(entries), 4), np.float32)
    at = 0
    for member in MEMBERS:
        parts, count = entries[at][2], max(member.count, 1)
        values = np.arange(number, number + parts * count, dtype=np.float32).reshape(count, parts)
        wanted[at : at + count, :parts] = values
        block.set(member.name, values if member.count else (values[0] if parts > 1 else values[0, 0]))
        number, at = number + parts * count, at + count
    block.send()
    buffer = surface.context.buffer(reserve=len(entries) * 16)
    array = surface.context.vertex_array(program.program, [])
    array.transform(buffer, vertices=len(entries))
    found = np.frombuffer(buffer.read(), np.float32).reshape(-1, 4)
    wrong = [entries[n][:2] for n in np.flatnonzero((found != wanted).any(axis=1))]
    assert wrong == []
    for part in (array, buffer, block, program):
        part.release()


def test_all_single_uniforms_at_one_go_are_the_same_as_one_by_one(surface: Offscreen) -> None:
    one, all_of_them = FrameBlock(surface.context), FrameBlock(surface.context)
    numbers = np.linspace(0.1, 0.9, sum(one.values[name].size for name in uniforms.SINGLES)).tolist()
    all_of_them.set_singles(numbers)
    with pytest.raises(ValueError, match="shape mismatch"):
        all_of_them.set_singles(numbers[:-1])
    for name in uniforms.SINGLES:
        size = one.values[name].size
        one.set(name, numbers[:size] if size > 1 else numbers[0])
        del numbers[:size]
    assert numbers == []
    for name, value in one.values.items():
        np.testing.assert_array_equal(all_of_them.values[name], value, name)
    one.release()
    all_of_them.release()


def test_a_mistake_in_an_include_names_the_include_and_its_line(surface: Offscreen, tmp_path: Path) -> None:
    copy = tmp_path / "shaders"
    shutil.copytree(SHADERS, copy)
    include = copy / "lib" / "motion" / "curl_flow.glsl"
    lines = include.read_text().splitlines()
    wrong = next(n for n, line in enumerate(lines) if "return flow" in line)
    lines[wrong] = "    return flow + nonsense;"
    include.write_text("\n".join(lines) + "\n")
    update = copy / "scenes" / "swarm_update.vert"
    own = ["u_figure", "u_shown"]
    with pytest.raises(ShaderError, match=rf"curl_flow\.glsl:{wrong + 1}: .*nonsense"):
        Program(surface.context, update, None, copy, own, ("out_place", "out_motion"))
    include.unlink()
    line = next(n for n, text in enumerate(update.read_text().splitlines(), start=1) if "curl_flow.glsl" in text)
    with pytest.raises(ShaderError, match=rf"swarm_update\.vert:{line}: curl_flow\.glsl cannot be read"):
        Program(surface.context, update, None, copy, own, ("out_place", "out_motion"))
