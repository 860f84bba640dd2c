"""Who may import whom, read from the imports; a row may import the rows below it, never its own neighbours.

    what is typed        run.py, setup/ (standard library only) ................... reads commands/cli.py, to know the words
    wiring               __main__, app, loop, show, commands/ ..................... nobody imports these but one another
    offline              training/  evaluation/ ................................... the commands that name them import them
    stages               capture/  perception/  poses/  emotion/  scene/  generation/  render/  record/  showcontrol/
                         guard/  hours/  cues/  latency/  desk/  sends/  wall/
    settings, commands   config/  live_commands/ .................................. what several stages read lies here
    between machines     network/ ................................................. messages, sockets, keys; not what is said
    ground               base/ .................................................... knows no stage and no setting
    values               types .................................................... numpy only

A stage that needs something of another is handed it by the wiring, as a value or behind a small Protocol.
"""

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "installation"
STAGES = (
    "capture",
    "perception",
    "poses",
    "emotion",
    "scene",
    "generation",
    "render",
    "record",
    "showcontrol",
    "guard",
    "hours",
    "cues",
    "latency",
    "desk",
    "sends",
    "wall",
)
WIRING = ("__main__", "app", "loop", "show", "commands")
SHARED = ("config", "live_commands")
GROUND = {"base", "types"}
MAY_IMPORT: dict[str, set[str]] = {
    "__init__": set(),
    "types": set(),
    "base": GROUND,
    **{room: {*SHARED, *GROUND} for room in SHARED},
    "network": {"network", *GROUND},
    **{stage: {stage, *SHARED, "network", *GROUND} for stage in STAGES},
    **{name: {*WIRING, *STAGES, *SHARED, "network", "training", "evaluation", *GROUND} for name in WIRING},
    "training": {"training", "setup", *STAGES, *SHARED, *GROUND},
    "evaluation": {"evaluation", "training", "show", "setup", *STAGES, *SHARED, *GROUND},
    "setup": {"setup", "commands", *GROUND},
}
OWNERS = {
    "mediapipe": {"perception"},
    "moderngl": {"render"},
    "PIL": {"base"},
    "pygame": {"render"},
    "torch": {"training"},
    "sklearn": {"training", "evaluation"},
    "skl2onnx": {"training"},
    "matplotlib": {"training", "evaluation"},
    "pythonosc": {"showcontrol"},
    "aiohttp": {"showcontrol"},
    "zeroconf": {"showcontrol"},
    "zmq": {"network"},
    "prometheus_client": {"guard", "desk"},
    "nicegui": {"desk"},
    "fastapi": {"desk"},
    "uvicorn": {"desk"},
    "sacn": {"showcontrol"},
    "stupidArtnet": {"showcontrol"},
    "aalink": {"showcontrol"},
    "tritonclient": {"generation"},
    "grpc": {"generation"},
    "gevent": {"generation"},
    "mido": {"showcontrol"},
    "rtmidi": {"showcontrol"},
    "sounddevice": {"showcontrol"},
    "av": {"capture", "render", "sends"},
    "cyndilib": {"capture", "sends"},
    "segno": {"render", "desk"},
    "ruamel": {"config"},
    "onnxruntime": {"base", "training", "commands"},
}
LOOSE = {"__init__.py", "__main__.py", "app.py", "loop.py", "show.py", "types.py"}
STOPWATCHES = {"perception/perceiver.py", "generation/background_loop.py", "base/onnx_sessions.py"}
"""Measuring how long a network took is no clock reading that could change what is drawn."""
MAKES_THE_CLOCK = {"app.py", "showcontrol/osc_out/process.py", "showcontrol/sound/child.py", "desk/process.py"}
"""The piece's one clock, those of the sending, hearing and desk's processes, beside the commands'; all others are handed it."""
MAX_LINES, MAX_FUNCTION_LINES = 400, 60


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def place(path: Path) -> str:
    """Such as "render/picture.py"."""
    return path.relative_to(PACKAGE).as_posix()


def room(path: Path) -> str:
    """The folder, or a loose module's name."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def of_the_piece(path: Path) -> set[str]:
    return {name for name in imports(path) if name.startswith("installation.")}


def test_every_room_is_in_the_drawing() -> None:
    assert {room(path) for path in modules()} == set(MAY_IMPORT)
    assert {path.name for path in PACKAGE.glob("*.py")} == LOOSE


@pytest.mark.parametrize("path", modules(), ids=place)
def test_a_room_imports_what_lies_below_it(path: Path) -> None:
    rooms = {name.split(".")[1] for name in of_the_piece(path)}
    assert rooms <= MAY_IMPORT[room(path)]


def test_what_runs_before_anything_is_installed_is_standard_library_only() -> None:
    """setup/fetch.py runs inside the environment already, setup/installed.py where pip has installed all."""
    first = {path for path in (PACKAGE / "setup").glob("*.py") if path.name not in ("fetch.py", "installed.py")}
    reached, fresh = set(first), set(first)
    while fresh:
        path = fresh.pop()
        roots = {name.split(".")[0] for name in imports(path)}
        assert roots <= {*sys.stdlib_module_names, "installation"}, place(path)
        for name in of_the_piece(path):
            found = PACKAGE.parent / f"{name.replace('.', '/')}.py"
            if found.is_file() and found not in reached:
                reached.add(found)
                fresh.add(found)
    assert PACKAGE / "commands/cli.py" in reached


@pytest.mark.parametrize("path", modules(), ids=place)
def test_heavy_libraries_have_one_owner(path: Path) -> None:
    roots = {name.split(".")[0] for name in imports(path)}
    for library, owners in OWNERS.items():
        assert library not in roots or room(path) in owners


def test_types_import_numpy_only() -> None:
    roots = {name.split(".")[0] for name in imports(PACKAGE / "types.py")}
    assert roots <= {"__future__", "dataclasses", "typing", "numpy"}


def test_no_two_modules_import_each_other() -> None:
    """Also not inside functions, nor round three corners."""
    names = {"installation." + place(path).removesuffix(".py").replace("/", "."): path for path in modules()}
    needs = {name: {found for found in of_the_piece(path) if found in names} - {name} for name, path in names.items()}
    while needs:
        free = {name for name, others in needs.items() if not others & needs.keys()}
        assert free, f"these import one another: {', '.join(sorted(needs))}"
        needs = {name: others for name, others in needs.items() if name not in free}


def clock_readings(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "time" or (node.value.id, node.attr) in {("datetime", "now"), ("datetime", "today")}:
                found.add(f"{node.value.id}.{node.attr}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "RealClock":
            found.add("RealClock()")
    return found


@pytest.mark.parametrize(
    "path", [path for path in modules() if room(path) not in {"training", "evaluation", "setup"}], ids=place
)
def test_time_comes_from_the_clock_that_was_handed_in(path: Path) -> None:
    allowed: set[str] = set()
    if place(path) in MAKES_THE_CLOCK or room(path) == "commands":
        allowed |= {"RealClock()"}
    if place(path) == "base/clock.py":
        allowed |= {"time.monotonic", "datetime.now"}
    if place(path) == "base/supervisor.py":
        # The last resort, which must not depend on anything that could hang; a signal's flag is waited for in steps.
        allowed |= {"time.sleep"}
    if place(path) == "app.py":
        allowed |= {"time.time"}  # the process's age, for the report
    if place(path) in STOPWATCHES:
        allowed |= {"time.perf_counter", "time.process_time", "time.thread_time"}
    assert clock_readings(path) <= allowed


@pytest.mark.parametrize("path", modules(), ids=place)
def test_files_and_functions_stay_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < MAX_FUNCTION_LINES, node.name
