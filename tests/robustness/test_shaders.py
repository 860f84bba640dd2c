"""Shader files as editors, file managers and hasty people leave them: compiled, or told once with file and line; and well again
as soon as the file is."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from installation.render.shaders import sources
from installation.render.shaders.messages import MOST_ERRORS, with_places
from installation.render.shaders.programs import Program, reload_changed
from installation.render.shaders.sources import LINES_PER_FILE, SHADERS, ShaderError, ShaderText, load_source
from installation.render.surface import live_objects
from tests.render.scenes.test_toy import PLAIN, SIZE, Bench, bare_bench

LINEAR = "#define LINEAR\n"
HALF = LINEAR + PLAIN.replace("BODY", "0.5")
BROKEN = LINEAR + PLAIN.replace("BODY", "nonsense")


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A library of scenes on a copy of the shaders, without a scene."""
    with bare_bench(tmp_path_factory.mktemp("robust")) as made:
        yield made


@pytest.fixture
def bench(hall: Bench) -> Iterator[Bench]:
    """The hall, cleared of scenes and faults."""
    library = set(hall.folder.parent.rglob("*"))
    yield hall
    for path in set(hall.folder.parent.rglob("*")) - library:
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink()
    hall.library.poll()
    assert hall.messages() == ""
    assert hall.library.programs == []


def save(bench: Bench, name: str, data: bytes) -> Path:
    """A file of the scenes' folder, with a time stamp of its own."""
    bench.put(name, "")
    path = bench.folder / name
    path.write_bytes(data)
    os.utime(path, ns=(bench.clock, bench.clock))
    return path


def red(bench: Bench, name: str) -> float:
    return float(bench.draw(name)[SIZE[1] // 2, SIZE[0] // 2, 0])


def faults(bench: Bench) -> list[str]:
    return [notice.message for notice in bench.notices.active("fault")]


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + HALF.encode(),
        HALF.encode("utf-16"),
        HALF.replace("\n", "\r\n").encode(),
        HALF.replace("\n", "\r").encode(),
        (LINEAR + "// caf\u00e9, stra\u00dfe\n" + HALF).encode("latin-1"),
        (LINEAR + "// caf\u00e9 \u2028 next \u0085 line \x0c page\n" + HALF).encode(),
        HALF.replace("    colour", "\u00a0\u00a0colour").encode(),
        b"\xef\xbb\xbf"
        + b'#include "lib/marked.glsl" // half\n'
        + LINEAR.encode()
        + PLAIN.replace("BODY", "half_it()").encode(),
    ],
    ids=["marked", "utf-16", "windows", "old mac", "latin-1", "odd separators", "spaces from a web page", "include"],
)
def test_text_as_editors_save_it_compiles(bench: Bench, data: bytes) -> None:
    marked = bench.folder.parent / "lib" / "marked.glsl"
    marked.write_bytes(b"\xef\xbb\xbf// half_it: 0.5\r\nfloat half_it() { return 0.5; }\r\n")
    save(bench, "odd.frag", data)
    bench.library.poll(shown={"odd"})
    assert bench.messages() == ""
    assert red(bench, "odd") == pytest.approx(0.5)


def test_a_marked_file_with_a_version_of_its_own_compiles(tmp_path: Path) -> None:
    path = tmp_path / "own.frag"
    path.write_bytes(b"\xef\xbb\xbf#version 330 core\r\nout vec4 c;\r\nvoid main() { c = vec4(1.0); }\r\n")
    assert load_source(path).text.startswith("#version 330 core\n#line 2\n")


def _cycle(bench: Bench) -> None:
    lib = bench.folder.parent / "lib"
    (lib / "one.glsl").write_text('// one\n#include "lib/two.glsl"\n')
    (lib / "two.glsl").write_text('#include "lib/../lib/one.glsl"\n')
    save(bench, "odd.frag", b'\n#include "lib/one.glsl"\n' + HALF.encode())


def _itself(bench: Bench) -> None:
    save(bench, "odd.frag", b'\n#include "scenes/odd.frag"\n' + HALF.encode())


def _with(data: bytes) -> Callable[[Bench], None]:
    return lambda bench: save(bench, "odd.frag", data) and None


def _folder_as_include(bench: Bench) -> None:
    (bench.folder.parent / "lib" / "own").mkdir()
    save(bench, "odd.frag", b'\n\n#include "lib/own"\n' + HALF.encode())


def _pipe_as_include(bench: Bench) -> None:
    os.mkfifo(bench.folder.parent / "lib" / "pipe.glsl")
    save(bench, "odd.frag", b'#include "lib/pipe.glsl"\n' + HALF.encode())


def _link_to_itself(bench: Bench) -> None:
    link = bench.folder.parent / "lib" / "loop.glsl"
    link.symlink_to(link)
    save(bench, "odd.frag", b'#include "lib/loop.glsl"\n' + HALF.encode())


def _far_too_long(bench: Bench) -> None:
    (bench.folder.parent / "lib" / "long.glsl").write_text("\n" * (sources.MOST_BYTES + 1))
    save(bench, "odd.frag", b'#include "lib/long.glsl"\n' + HALF.encode())


def _too_many_lines(bench: Bench) -> None:
    save(bench, "odd.frag", HALF.encode() + b"\n" * LINES_PER_FILE)


READING: dict[str, tuple[Callable[[Bench], None], str]] = {
    "a zero byte": (_with(b"\n" + HALF.encode() + b"\0\n"), r"^odd\.frag:6: holds a zero byte; save"),
    "a circle": (
        _cycle,
        r"^two\.glsl:1: files include one another in a circle: odd\.frag > one\.glsl > two\.glsl > one\.glsl",
    ),
    "itself": (_itself, r"^odd\.frag:2: files include one another in a circle"),
    "a folder": (_folder_as_include, r"^odd\.frag:3: own cannot be read \(it is a folder\)"),
    "a pipe": (_pipe_as_include, r"^odd\.frag:1: pipe\.glsl cannot be read \(it is no file\)"),
    "a link to itself": (_link_to_itself, r"^odd\.frag:1: loop\.glsl cannot be read"),
    "a name too long": (
        _with(b'#include "lib/' + b"x" * 5000 + b'"\n' + HALF.encode()),
        r"^odd\.frag:1: x+ cannot be read",
    ),
    "nothing": (
        _with(b'#include "lib/none.glsl"\n' + HALF.encode()),
        r"^odd\.frag:1: none\.glsl cannot be read \(No such",
    ),
    "too long": (_far_too_long, r"^odd\.frag:1: long\.glsl cannot be read \(it has more than"),
    "too many lines": (_too_many_lines, r"^odd\.frag:100000: the file is too long"),
    "umlauts in the code": (_with("// ä\n\nfloat größe = 1.0;\n".encode() + HALF.encode()), r"^odd\.frag:3: .*error"),
    "no text at all": (_with(np.random.default_rng(1).bytes(3000)), r"^odd\.frag:\d+: holds a zero byte"),
}


@pytest.mark.parametrize("case", READING)
def test_what_cannot_be_read_is_told_once_and_the_old_picture_stays(bench: Bench, case: str) -> None:
    make, message = READING[case]
    save(bench, "odd.frag", HALF.encode())
    bench.library.poll(shown={"odd"})
    make(bench)
    for _ in range(2):
        bench.library.poll(shown={"odd"})
    (told,) = faults(bench)
    assert re.search(message, told), told
    assert red(bench, "odd") == pytest.approx(0.5)
    save(bench, "odd.frag", HALF.replace("0.5", "0.25").encode())
    bench.library.poll(shown={"odd"})
    assert bench.messages() == ""
    assert red(bench, "odd") == pytest.approx(0.25)


WARNED = "".join(f"float w{n}; " for n in range(5)) + "".join(f"f += w{n}; " for n in range(5))


def test_errors_come_first_and_all_of_them(bench: Bench) -> None:
    mistakes = "".join(f"    colour += missing{n};\n" for n in range(6))
    head = f"void mainImage(out vec4 colour, in vec2 place) {{\n    float f = 0.0; {WARNED}\n    colour = vec4(f);\n"
    text = f"{head}{mistakes}}}\n"
    save(bench, "odd.frag", text.encode())
    bench.library.poll(shown={"odd"})
    (told,) = faults(bench)
    parts = told.split("; ")
    for n in range(6):
        assert re.match(rf"odd\.frag:{4 + n}: error: .*missing{n}", parts[n]), told
    assert all("warning" in part for part in parts[6:])


def test_an_include_keeps_its_lines_behind_a_marked_file_of_another_system(bench: Bench) -> None:
    (bench.folder.parent / "lib" / "bad.glsl").write_bytes(
        b"\xef\xbb\xbf// bad\r\n\r\nfloat bad() { return nonsense; }\r\n"
    )
    save(
        bench,
        "odd.frag",
        b'\r\n#include "lib/bad.glsl"\r\n' + PLAIN.replace("BODY", "more").replace("\n", "\r\n").encode(),
    )
    bench.library.poll(shown={"odd"})
    (told,) = faults(bench)
    assert re.search(r"bad\.glsl:3: error: .*nonsense", told), told
    assert re.search(r"odd\.frag:4: error: .*more", told), told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "fragment_shader\n====\n0(2) : warning C7050: x\n0(200003) : error C1503: undefined variable\n",
            "b.glsl:3: error C1503: undefined variable; a.frag:2: warning C7050: x",
        ),
        (
            "fragment_shader\n====\nWARNING: 0:7: old\nERROR: 0:100009: 'x' : undeclared\nERROR: 2 compilation errors.\n",
            "lib.glsl:9: error: 'x' : undeclared; a.frag: ERROR: 2 compilation errors.; a.frag:7: warning: old",
        ),
        (
            "GLSL Linker failed\n\nProgram\n=======\nerror: unresolved reference to function `q'\n",
            "a.frag: error: unresolved reference to function `q'",
        ),
        ("Program\n====\nsomething else\n", "Program\n====\nsomething else"),
        ("0:9999999999(1): error: far\n", "0:9999999999(1): error: far"),
        ("fragment_shader\n0:4(9): warning: `error' used uninitialized\n0:4(9): warning: `error' used uninitialized\n",
         "a.frag:4: warning: `error' used uninitialized"),
    ],
)  # fmt: skip
def test_every_drivers_words_are_placed(said: str, told: str) -> None:
    text = ShaderText("", [Path("a.frag"), Path("lib.glsl"), Path("b.glsl")])
    assert with_places(said, [ShaderText("", [Path("v.vert")]), text]) == told


def test_hundreds_of_errors_are_counted() -> None:
    said = "".join(f"0:{n}(1): warning: w\n" for n in range(1, 50)) + "".join(
        f"0:{n}(1): error: e\n" for n in range(1, 400)
    )
    parts = with_places(said, [ShaderText("", [Path("a.frag")])]).split("; ")
    assert parts[:MOST_ERRORS] == [f"a.frag:{n}: error: e" for n in range(1, MOST_ERRORS + 1)]
    assert parts[MOST_ERRORS] == f"and {399 - MOST_ERRORS} more errors"
    assert parts[-1] == "and 39 more warnings"


def test_a_fault_goes_when_the_file_before_is_put_back_with_its_old_time(bench: Bench) -> None:
    path = save(bench, "odd.frag", HALF.encode())
    bench.library.poll(shown={"odd"})
    kept = path.with_suffix(".bak")
    for ruin in (lambda: path.write_text("nonsense"), lambda: path.write_text(BROKEN), path.unlink):
        shutil.copy2(path, kept)
        ruin()
        bench.library.poll(shown={"odd"})
        assert len(faults(bench)) == 1
        kept.replace(path)
        bench.library.poll(shown={"odd"})
        assert bench.messages() == ""
        assert red(bench, "odd") == pytest.approx(0.5)


def test_a_fault_becomes_a_note_when_another_scene_is_chosen(bench: Bench) -> None:
    save(bench, "odd.frag", HALF.encode())
    save(bench, "other.frag", HALF.encode())
    for _ in range(2):
        bench.library.poll(shown={"odd"})
    save(bench, "odd.frag", BROKEN.encode())
    bench.library.poll(shown={"odd"})
    assert len(faults(bench)) == 1
    bench.library.poll(shown={"other"})
    assert faults(bench) == []
    (note,) = bench.notices.active("note")
    assert re.search(r"odd\.frag:3: .*nonsense.*; it is not shown now$", note.message)
    bench.library.poll(shown={"odd", "other"})
    assert len(faults(bench)) == 1
    assert bench.notices.active("note") == ()


def test_a_broken_description_is_read_again_when_the_shader_beside_it_is_mended(bench: Bench) -> None:
    save(bench, "odd.frag", HALF.encode())
    bench.library.poll(shown={"odd"})
    save(bench, "odd.frag", BROKEN.encode())
    save(bench, "odd.yaml", b"title: Odd\npixels: 2048\ndraws: [{kind: screen}]\n")
    bench.library.poll(shown={"odd"})
    (told,) = faults(bench)
    assert "odd.frag:3" in told
    assert red(bench, "odd") == pytest.approx(0.5)
    save(bench, "odd.frag", HALF.replace("0.5", "0.75").encode())
    bench.library.poll(shown={"odd"})
    assert bench.messages() == ""
    assert red(bench, "odd") == pytest.approx(0.75)
    found = bench.library.get("odd")
    assert found is not None
    assert found.file.pixels == 2048


def test_the_shaders_own_fault_goes_when_the_description_no_longer_names_it(bench: Bench) -> None:
    save(bench, "odd.yaml", b"title: Odd\ndraws: [{kind: screen, fragment: first.frag}]\n")
    save(bench, "first.frag", HALF.encode())
    bench.library.poll(shown={"odd"})
    save(bench, "first.frag", BROKEN.encode())
    bench.library.poll(shown={"odd"})
    assert len(faults(bench)) == 1
    save(bench, "second.frag", HALF.replace("0.5", "0.25").encode())
    save(bench, "odd.yaml", b"title: Odd\ndraws: [{kind: screen, fragment: second.frag}]\n")
    bench.library.poll(shown={"odd"})
    assert faults(bench) == []
    assert red(bench, "odd") == pytest.approx(0.25)
    (bench.folder / "first.frag").unlink()
    bench.library.poll(shown={"odd"})


def test_one_that_was_broken_from_the_start_is_mended_by_an_older_file_of_any_name(bench: Bench) -> None:
    lib = bench.folder.parent / "lib" / "own.glsl"
    save(bench, "odd.yaml", b"title: Odd\ndraws: [{kind: screen, fragment: paint.frag}]\n")
    save(bench, "paint.frag", b'#include "lib/own.glsl"\n' + LINEAR.encode() + PLAIN.replace("BODY", "own()").encode())
    bench.library.poll(shown={"odd"})
    assert "own.glsl cannot be read" in faults(bench)[0]
    lib.write_text("float own() { return nonsense; }\n")
    os.utime(lib, ns=(5, 5))
    bench.library.poll(shown={"odd"})
    assert "own.glsl:1" in faults(bench)[0]
    lib.write_text("float own() { return 0.25; }\n")
    os.utime(lib, ns=(5, 5))
    bench.library.poll(shown={"odd"})
    assert bench.messages() == ""
    assert red(bench, "odd") == pytest.approx(0.25)


def test_one_that_is_broken_when_it_is_chosen_is_a_fault_at_once(bench: Bench) -> None:
    save(bench, "odd.frag", BROKEN.encode())
    bench.library.poll()
    assert (faults(bench), len(bench.notices.active("note"))) == ([], 1)
    assert bench.library.get("odd") is None
    (told,) = faults(bench)
    assert re.search(r"odd\.frag:3: .*nonsense", told), told
    assert bench.notices.active("note") == ()


DEPTH = "parameters: {depth: {value: 0.5, low: 0, high: 4, meaning: x}}\n"


@pytest.mark.parametrize("kind", ["vec2", "int", "bool", "float[3]"])
def test_a_parameter_of_another_type_is_told_and_the_old_picture_stays(bench: Bench, kind: str) -> None:
    declared = LINEAR + "uniform TYPE u_depth;\n" + PLAIN
    good = declared.replace("TYPE", "float").replace("BODY", "u_depth")
    body = "float(u_depth)" if kind in ("int", "bool") else "u_depth.x" if kind == "vec2" else "u_depth[0] + u_depth[2]"
    bad = declared.replace("TYPE", kind).replace("BODY", body)
    save(bench, "odd.yaml", f"title: Odd\ndraws: [{{kind: screen}}]\n{DEPTH}".encode())
    save(bench, "odd.frag", good.encode())
    bench.library.poll(shown={"odd"})
    assert red(bench, "odd") == pytest.approx(0.5)
    save(bench, "odd.frag", bad.encode())
    bench.library.poll(shown={"odd"})
    assert faults(bench) == ["odd.frag: declares u_depth as another type than what it is given (float)"]
    assert red(bench, "odd") == pytest.approx(0.5)
    save(bench, "odd.frag", good.encode())
    bench.library.poll(shown={"odd"})
    assert bench.messages() == ""
    save(bench, "late.yaml", f"title: Late\ndraws: [{{kind: screen}}]\n{DEPTH}".encode())
    save(bench, "late.frag", bad.encode())
    bench.library.poll(shown={"late"})
    assert faults(bench) == ["late.frag: declares u_depth as another type than what it is given (float)"]


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        ("{kind: mesh, instances: petal}", "instances: there is no parameter 'petal'; there are depth, births"),
        ("{kind: particles, instances: births}", "instances: there is no parameter 'births'; there are depth"),
        ("{kind: mesh, instances: .inf}", "instances: Input should be a finite number"),
        ("{kind: mesh, instances: .nan}", "instances: Input should be a finite number"),
        ("{kind: particles, instances: 1.0e+12}", "instances: Input should be less than"),
        ("{kind: mesh, instances: -3}", "instances: Input should be greater than"),
        ('{kind: screen, fragment: "a\\0b"}', "there is a sign in it that no text has"),
        ("{kind: screen, fragment: ../../../../../../../../dev/zero}", r"zero cannot be read \(it is no file\)"),
        ("{kind: screen, fragment: .}", "cannot be read"),
    ],
)
def test_a_description_that_cannot_be_drawn_is_told_and_the_old_picture_stays(
    bench: Bench, draw: str, message: str
) -> None:
    save(bench, "odd.frag", HALF.encode())
    bench.library.poll(shown={"odd"})
    save(bench, "odd.yaml", f"title: Odd\ndraws: [{draw}]\n{DEPTH}".encode())
    bench.library.poll(shown={"odd"})
    (told,) = faults(bench)
    assert re.search(message, told), told
    assert red(bench, "odd") == pytest.approx(0.5)
    (bench.folder / "odd.yaml").unlink()
    bench.library.poll(shown={"odd"})
    assert bench.messages() == ""


def test_the_reference_of_uniforms_may_be_missing(bench: Bench) -> None:
    page = bench.folder.parent / "UNIFORMS.md"
    save(bench, "odd.frag", HALF.encode())
    bench.library.poll(shown={"odd"})
    text = page.read_bytes()
    page.unlink()
    save(bench, "odd.frag", HALF.replace("0.5", "0.25").encode())
    bench.library.poll(shown={"odd"})
    (told,) = faults(bench)
    assert "UNIFORMS.md cannot be read" in told
    assert red(bench, "odd") == pytest.approx(0.5)
    page.write_bytes(text)
    bench.library.poll(shown={"odd"})
    assert bench.messages() == ""
    assert red(bench, "odd") == pytest.approx(0.25)


def test_a_pass_is_well_again_when_its_file_is(bench: Bench) -> None:
    passes = bench.folder.parent / "passes"
    path = passes / "finish.frag"
    program = Program(bench.context, passes / "pass.vert", path, bench.folder.parent)
    before, old = program.program, path.read_bytes()
    stamp = path.stat().st_mtime_ns
    for ruin in (b"\0", b"nonsense", old + b"\nint x = nonsense;\n", old.replace(b"#version 330 core", b"")):
        path.write_bytes(ruin)
        reload_changed([program], bench.notices)
        assert len(faults(bench)) == 1
        assert program.program is before
        path.write_bytes(old)
        os.utime(path, ns=(stamp, stamp))
        reload_changed([program], bench.notices)
        assert bench.messages() == ""
        before = program.program
    program.release()


def test_shipped_shaders_stand_in_no_circle() -> None:
    for path in (path for path in SHADERS.rglob("*") if path.suffix in (".vert", ".frag")):
        assert load_source(path).files[0] == path
    with pytest.raises(ShaderError, match=r"^none\.frag cannot be read"):
        load_source(SHADERS / "none.frag")


@pytest.mark.parametrize(
    "body",
    ["nonsense", "missing_function(1.0)", "u_nobody_gives_this"],
    ids=["compile", "function", "uniform"],
)
def test_what_does_not_compile_leaves_nothing_behind(bench: Bench, body: str) -> None:
    """An artist tries a hundred times a day, and the piece runs for months."""
    save(bench, "half.frag", HALF.encode())
    assert red(bench, "half") > 0
    counts = []
    for number in range(4):
        save(
            bench,
            "half.frag",
            f"{LINEAR}uniform float u_nobody_gives_this;\n{PLAIN.replace('BODY', body)}// {number}".encode(),
        )
        bench.library.poll()
        assert bench.messages()
        counts.append(live_objects())
    assert counts[0] is not None
    assert counts == counts[:1] * 4
