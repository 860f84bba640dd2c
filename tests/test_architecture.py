"""The house plan, read from the imports: stages do not know each other, and heavy libraries have one owner each."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "installation"
BASE = {"types", "clock", "mailbox", "notices", "models", "config", "pacing", "scene_files", "section", "look_config"}
BASE |= {"lights_config", "control_config"}
WIRING = {
    "app",
    "__main__",
    "stages",
    "loop",
    "show",
    "replay",
    "check",
    "perceiving",
    "posing",
    "still",
    "keeping",
    "generating",
}
OWNERS = {
    "mediapipe": {"perception"},
    "moderngl": {"render"},
    "pygame": {"render"},
    "torch": {"training"},
    "sklearn": {"training", "evaluation"},
    "skl2onnx": {"training"},
    "matplotlib": {"training", "evaluation"},
    "pythonosc": {"showcontrol"},
    "aiohttp": {"showcontrol"},
    "zeroconf": {"showcontrol"},
    "sacn": {"showcontrol"},
    "stupidArtnet": {"showcontrol"},
    "mido": {"showcontrol"},
    "rtmidi": {"showcontrol"},
    "av": {"render"},
    "onnxruntime": {"textures", "emotion", "training", "check"},
}
CLOCK_READERS = {"app", "supervisor", "clock", "setup", "training", "evaluation"}
# Measuring how long a network took is no clock reading that could change what is drawn.
STOPWATCHES = {"perception/perceiver.py"}


def modules() -> list[tuple[str, Path]]:
    return [(path.relative_to(PACKAGE).parts[0].removesuffix(".py"), path) for path in sorted(PACKAGE.rglob("*.py"))]


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize(("stage", "path"), modules(), ids=lambda value: getattr(value, "name", None))
def test_a_stage_imports_base_helpers_and_itself_only(stage: str, path: Path) -> None:
    if stage in WIRING | {"training", "setup", "evaluation", "__init__"}:
        return
    inside = {name.split(".")[1] for name in imports(path) if name.startswith("installation.") and name.count(".") >= 1}
    allowed = BASE | {stage}
    if stage in {"report", "recording", "config_file", "supervisor", "smoothing", "memory", "showlog", "cli"}:
        allowed |= BASE
    if stage == "config_save":
        allowed |= {"config_file"}
    assert inside <= allowed


@pytest.mark.parametrize(("stage", "path"), modules(), ids=lambda value: getattr(value, "name", None))
def test_heavy_libraries_have_one_owner(stage: str, path: Path) -> None:
    roots = {name.split(".")[0] for name in imports(path)}
    for library, owners in OWNERS.items():
        assert library not in roots or stage in owners


def test_types_import_numpy_only() -> None:
    roots = {name.split(".")[0] for name in imports(PACKAGE / "types.py")}
    assert roots <= {"__future__", "dataclasses", "typing", "numpy"}


def test_only_app_and_its_helpers_read_a_clock() -> None:
    readers = set()
    for stage, path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            reads = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "time"
            if reads and stage not in CLOCK_READERS and path.relative_to(PACKAGE).as_posix() not in STOPWATCHES:
                readers.add(f"{path.name}: time.{node.attr}")
    assert readers == set()
