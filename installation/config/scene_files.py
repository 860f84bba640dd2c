"""The scenes as files: NAME.yaml describes what is drawn and which numbers an artist may change.

They lie in shaders/scenes/, and the artist's own in the project's scenes/. A fragment shader without such a file (NAME.frag)
is a scene, too, which fills the screen; but not one that is a part of another scene, drawn with a vertex shader of its own.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from installation.base.files import PROJECT, SHIPPED, FileStamp, file_stamp
from installation.base.text_files import TextFileError, one_line, read_text_file
from installation.config.scene_parameters import SceneParameter
from installation.config.section import PlainTexts
from installation.config.yaml_text import ConfigError, dotted, find, read_yaml

FOLDER = SHIPPED / "shaders" / "scenes"
"""The scenes that came with Mien, and in a checkout the artist's as well."""
Folders: TypeAlias = Path | tuple[Path, ...]
"""One folder, or several; a scene of an earlier one is taken before one of the same name in a later one."""
FOLDERS: tuple[Path, ...] = (PROJECT / "scenes", FOLDER)
NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
MAX_BYTES = 64 * 1024
"""Of a scene's file; the largest here has 2 kB."""
MOST_SHADER_BYTES = 1_000_000
MAX_INSTANCES = 1_000_000
"""Of one draw; more would only make the graphics driver give up."""
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_TAKEN = re.compile(r"^[ \t]*(?:(?:flat|smooth|noperspective|centroid) +)*in +\w+ +([\w ,\[\]]+);", re.MULTILINE)
"""What a fragment shader takes from its vertex shader; shaders/scenes/screen.vert gives v_uv alone."""
BIRTHS = "births"
"""The instances that are the born shapes."""
ParameterName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]
"""It becomes u_NAME in the shader, and a part of an OSC address."""
ShaderFile = Annotated[str, Field(pattern=r"^[\w.\-/]{0,200}$")]


class SceneFileError(Exception):
    """A scene's file that cannot be used; the message names file, place and fix."""


ROOMS = ("shore", "sea", "stage", "hall")
"""Kinds of rooms that a scene can stand in: shaders/lib/place draws each; their numbers there are their places here."""


class _Strict(PlainTexts):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Draw(_Strict):
    """One step of drawing a scene."""

    kind: Literal["screen", "mesh", "particles"] = "screen"
    """screen: a fragment shader over the whole picture. mesh: vertices, in instances. particles: points that move by
    transform feedback."""
    vertex: ShaderFile = ""
    """Vertex shader; default NAME.vert, for a screen screen.vert."""
    fragment: ShaderFile = ""
    """Fragment shader; default NAME.frag."""
    update: ShaderFile = ""
    """particles: the vertex shader that moves them; default NAME_update.vert."""
    mesh: Literal["grid", "sphere", "octahedron", "crystals", "none"] = "grid"
    """grid: in_uv, x in [-1, 1], y in [0, 1]. sphere and octahedron: in_position, unit vectors.
    crystals: in_position, ``along`` prisms of ``across`` sides, which stand in one place until the shader parts them.
    none: gl_VertexID only."""
    across: int = Field(8, ge=1, le=1024)
    along: int = Field(8, ge=1, le=1024)
    """Cells of the mesh at full detail; ``detailed`` says whether they shrink with the quality."""
    detailed: bool = False
    instances: Annotated[float, Field(ge=0, le=MAX_INSTANCES)] | str = 1
    """How many; a number, a parameter's name, or births (one for each shape that was born)."""
    per: Literal["shape", "scene"] = "scene"
    """shape: once for each visitor's shape, with u_shape; scene: once."""
    picture: bool = False
    """Its fragment shader shows the composed picture: it is built once for each state of it, with NO_PICTURE or WHOLE_PICTURE
    defined, and DRY_PICTURE while none is being laid over another. A processor pays for both sides of every if."""
    depth: bool = False
    blend: Literal["over", "add"] = "over"
    cull: bool = False


class Feedback(_Strict):
    """A scene's own memory: a buffer of four half floats a pixel that ``fragment`` draws from what it was before."""

    fragment: ShaderFile = ""
    """Fragment shader; default NAME_feedback.frag."""
    width: int = Field(256, ge=1, le=1024)
    height: int = Field(144, ge=1, le=1024)
    """Pixels; the same for every size of picture."""


class SceneFile(_Strict):
    """A scene. ``order`` is its place in the round of scenes; ``pixels`` how many inner pixels the processor draws at most
    where there is no GPU; ``room``: the kind of place behind it, of ROOMS; ``camera``: shows the camera's picture (never
    stored without consent); ``composes``: whether its shapes compose the generated picture, False where it shows that picture
    itself; ``glow``: factor over how much its bright parts glow over."""

    name: str = ""
    title: str
    meaning: str = ""
    order: int = Field(100, ge=-1_000_000, le=1_000_000)
    pixels: int = Field(256 * 144, ge=1024, le=2**31 - 1)
    room: Literal["shore", "sea", "stage", "hall"] = "shore"
    camera: bool = False
    silhouette: bool = False
    composes: bool = True
    glow: float = Field(1.0, ge=0, le=2)
    feedback: Feedback | None = None
    draws: tuple[Draw, ...] = Field(min_length=1)
    parameters: dict[ParameterName, SceneParameter] = Field(default_factory=dict)

    def values(self, changed: dict[str, float]) -> dict[str, float]:
        """The parameters with the artist's ``changed`` ones put in. ValueError for one that is unknown or out of range."""
        for name, value in changed.items():
            known = self.parameters.get(name)
            if known is None:
                raise ValueError(
                    f"scene {self.name} has no parameter {name!r}; it has {', '.join(self.parameters) or 'none'}"
                )
            if not known.low <= value <= known.high:
                raise ValueError(f"scene {self.name}: {name} must lie between {known.low:g} and {known.high:g}")
        return {name: float(changed.get(name, one.value)) for name, one in self.parameters.items()}


def as_folders(folder: Folders) -> tuple[Path, ...]:
    """One folder or several as several."""
    return (folder,) if isinstance(folder, Path) else folder


def scene_folder(name: str, folder: Folders = FOLDERS) -> Path | None:
    """The folder that a scene of this name lies in; None where there is no such scene."""
    if NAME.fullmatch(name) is None:
        return None
    return next((one for one in as_folders(folder) if _is_in(name, one)), None)


def load_scene(name: str, folder: Folders = FOLDERS) -> SceneFile:
    """Read one scene. Raises SceneFileError."""
    found = scene_folder(name, folder)
    if found is None:
        why = lost_description(name, folder) or f"there are {', '.join(scene_names(folder))}"
        raise SceneFileError(f"there is no scene {name!r}; {why}")
    path = found / f"{name}.yaml"
    if not path.exists():
        return SceneFile(name=name, title=name, meaning="a fragment shader", draws=(Draw(),))
    return _described(path)


def lost_description(name: str, folder: Folders = FOLDERS) -> str:
    """What to say of a scene of which there are shaders, but no file that describes it; "" for others."""
    shaders = (one / f"{name}.{kind}" for one in as_folders(folder) for kind in ("frag", "vert"))
    if not NAME.fullmatch(name) or not any(path.exists() for path in shaders):
        return ""
    return f"its shaders are there, but not {name}.yaml, which says how they are drawn; was it removed or renamed?"


def _is_in(name: str, folder: Path) -> bool:
    return (folder / f"{name}.yaml").exists() or _is_alone(folder / f"{name}.frag")


def _is_alone(path: Path) -> bool:
    """Whether there is a fragment shader that can be drawn without a description."""
    try:
        return _needs_no_other(path, file_stamp(path)) if path.exists() else False
    except (OSError, TextFileError):
        return True  # what is wrong with it is told where it is built


@lru_cache(maxsize=256)
def _needs_no_other(path: Path, _version: FileStamp) -> bool:
    """Whether it takes nothing that a vertex shader of its own would have to give. Raises OSError, TextFileError."""
    text = _COMMENT.sub(" ", read_text_file(path, MOST_SHADER_BYTES))
    taken = {name.split("[")[0].strip() for names in _TAKEN.findall(text) for name in names.split(",")}
    return taken <= {"v_uv"}


def _described(path: Path) -> SceneFile:
    """The scene of a file. Raises SceneFileError, and asks for no other scene: the list of all is made with it."""
    try:
        found = _read(path, file_stamp(path))
    except OSError as error:
        raise SceneFileError(f"{path.name}: cannot be read ({error.strerror}); check its permissions") from error
    if isinstance(found, str):
        raise SceneFileError(found)
    return found


@lru_cache(maxsize=64)
def _read(path: Path, _version: FileStamp) -> SceneFile | str:
    """The scene, or what is wrong with its file. Once for each time stamp: the frame loop asks for the names of all scenes
    twice a second, and parsing takes a millisecond a file. Raises OSError."""
    try:
        node, data = read_yaml(read_text_file(path, MAX_BYTES), path.name)
    except ConfigError as error:
        return error.mistakes[0]
    except TextFileError as error:
        return error.at(path.name)
    if data is None:
        return f"{path.name}:1: is empty; a scene has a title and draws"
    try:
        scene = SceneFile.model_validate(data)
    except ValidationError as error:
        # A misspelt name is missing under its right one, too: the slip itself is said.
        mistake: Any = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        place = tuple(part for part in mistake["loc"] if part not in ("[key]", "str", "constrained-float"))
        message = _words(mistake, str(place[-1]) if place else "")
    else:
        place, message = _wrong_instances(scene)
        if not message:
            return scene.model_copy(update={"name": path.stem})
    where = f"{dotted(place)}: " if place else ""
    return one_line(f"{path.name}:{find(node, place)[1]}: {where}{message}")


def _words(mistake: Any, name: str) -> str:
    """What is wrong with a value, and the fix."""
    match mistake["type"]:
        case "extra_forbidden":
            parts: dict[str, type[BaseModel]] = {"draws": Draw, "parameters": SceneParameter, "feedback": Feedback}
            model = parts.get(str(mistake["loc"][0]), SceneFile)
            near = get_close_matches(name, model.model_fields, 1)
            return f"unknown setting; did you mean {near[0]!r}?" if near else "unknown setting here; take it out"
        case "missing":
            return f"is missing; write {name}: and its value"
        case "model_type" | "model_attributes_type":
            return "this is a section; write it as name: value"
        case "string_pattern_mismatch":
            return f"{name!r} is no name here: letters, digits and _ only, a letter first, such as petals"
    return str(mistake["msg"]).removeprefix("Value error, ")


def _wrong_instances(scene: SceneFile) -> tuple[tuple[str | int, ...], str]:
    """(place, what is wrong) of a draw whose number of instances is a parameter that is not there or can't be such a
    number; an empty text where all are well."""
    for number, draw in enumerate(scene.draws):
        name = draw.instances
        if not isinstance(name, str) or (name == BIRTHS and draw.kind == "mesh"):
            continue
        known = scene.parameters.get(name)
        if known is None:
            there = [*scene.parameters, *([BIRTHS] if draw.kind == "mesh" else [])]
            hint = f"there are {', '.join(there)}; or write a number" if there else "write a number"
            return ("draws", number, "instances"), f"there is no parameter {name!r}; {hint}"
        if known.low < 0 or known.high > MAX_INSTANCES:
            return ("parameters", name), f"as a number of instances it must lie between 0 and {MAX_INSTANCES}"
    return (), ""


def is_described(name: str, folder: Folders = FOLDERS) -> bool:
    """Whether there is a scene's file of this name: quicker than to list all scenes, of which it is one then."""
    return NAME.fullmatch(name) is not None and any((one / f"{name}.yaml").exists() for one in as_folders(folder))


def scene_names(folder: Folders = FOLDERS) -> tuple[str, ...]:
    """The scenes there are, by their order and then by name; a fragment shader that no scene's file names is one as well."""
    ranks: dict[str, int] = {}
    for one in reversed(as_folders(folder)):
        ranks |= _ranks(one)
    return tuple(sorted(ranks, key=lambda name: (ranks[name], name)))


def _ranks(folder: Path) -> dict[str, int]:
    """{scene: its place in the order} of a folder."""
    described = {path.stem for path in folder.glob("*.yaml") if NAME.fullmatch(path.stem) and path.exists()}
    used = {f"{name}.frag" for name in described}
    ranks: dict[str, int] = {}
    for name in described:
        try:
            scene = _described(folder / f"{name}.yaml")
        except SceneFileError:
            ranks[name] = 1000
            continue
        ranks[name] = scene.order
        used |= {draw.fragment for draw in scene.draws}
        if scene.feedback is not None:
            used.add(scene.feedback.fragment or f"{name}_feedback.frag")
    for path in folder.glob("*.frag"):
        if path.name not in used and NAME.fullmatch(path.stem) and _is_alone(path):
            ranks[path.stem] = 500
    return ranks
