"""The scenes as files: shaders/scenes/NAME.yaml describes what is drawn and which numbers an artist may change.

A fragment shader without such a file (NAME.frag) is a scene, too: it fills the screen.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from installation.base.files import ROOT
from installation.config.scene_parameters import SceneParameter
from installation.config.yaml_text import ConfigError, read_yaml

FOLDER = ROOT / "shaders" / "scenes"
NAME = re.compile(r"^[a-z][a-z0-9_]{0,63}$")


class SceneFileError(Exception):
    """A scene's file that cannot be used; the message names file, place and fix."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Draw(_Strict):
    """One step of drawing a scene."""

    kind: Literal["screen", "mesh", "particles"] = "screen"
    """screen: a fragment shader over the whole picture. mesh: vertices, in instances. particles: points that move by
    transform feedback."""
    vertex: str = ""
    """Vertex shader; default NAME.vert, for a screen screen.vert."""
    fragment: str = ""
    """Fragment shader; default NAME.frag."""
    update: str = ""
    """particles: the vertex shader that moves them; default NAME_update.vert."""
    mesh: Literal["grid", "sphere", "octahedron", "crystals", "none"] = "grid"
    """grid: in_uv, x in [-1, 1], y in [0, 1]. sphere and octahedron: in_position, unit vectors.
    crystals: in_position, ``along`` prisms of ``across`` sides, which stand in one place until the shader parts them.
    none: gl_VertexID only."""
    across: int = Field(8, ge=1, le=1024)
    along: int = Field(8, ge=1, le=1024)
    """Cells of the mesh at full detail; ``detailed`` says whether they shrink with the quality."""
    detailed: bool = False
    instances: float | str = 1
    """How many; a number, a parameter's name, or births (one for each shape that was born)."""
    per: Literal["shape", "scene"] = "scene"
    """shape: once for each visitor's shape, with u_shape; scene: once."""
    depth: bool = False
    blend: Literal["over", "add"] = "over"
    cull: bool = False


class SceneFile(_Strict):
    """A scene. ``order`` is its place in the round of scenes; ``pixels`` how many inner pixels the processor draws at most
    where there is no GPU; ``camera``: shows the camera's picture (never stored without consent)."""

    name: str = ""
    title: str
    meaning: str = ""
    order: int = 100
    pixels: int = Field(256 * 144, ge=1024)
    camera: bool = False
    silhouette: bool = False
    draws: tuple[Draw, ...] = Field(min_length=1)
    parameters: dict[str, SceneParameter] = Field(default_factory=dict)

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


def load_scene(name: str, folder: Path = FOLDER) -> SceneFile:
    """Read one scene. Raises SceneFileError."""
    path = folder / f"{name}.yaml"
    is_name = NAME.match(name) is not None
    if not is_name or not path.exists():
        if is_name and (folder / f"{name}.frag").exists():
            return SceneFile(name=name, title=name, meaning="a fragment shader", draws=(Draw(),))
        raise SceneFileError(f"there is no scene {name!r}; there are {', '.join(scene_names(folder))}")
    try:
        return _read(path, path.stat().st_mtime_ns)
    except ConfigError as error:
        raise SceneFileError(str(error).splitlines()[0]) from error
    except OSError as error:
        raise SceneFileError(f"{path.name}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise SceneFileError(f"{path.name}: is not UTF-8 text; save it as UTF-8") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SceneFileError(f"{path.name}: {where}: {first['msg']}") from error


@lru_cache(maxsize=64)
def _read(path: Path, _mtime_ns: int) -> SceneFile:
    """Once for each time stamp: the frame loop asks for the names of all scenes twice a second, and parsing takes a
    millisecond a file."""
    scene = SceneFile.model_validate(read_yaml(path.read_text(encoding="utf-8"), path.name)[1])
    return scene.model_copy(update={"name": path.stem})


def scene_names(folder: Path = FOLDER) -> tuple[str, ...]:
    """The scenes there are, by their order and then by name; a fragment shader that no scene's file names is one as well."""
    described = {path.stem for path in folder.glob("*.yaml") if NAME.match(path.stem)}
    used = {f"{name}.frag" for name in described}
    ranks: dict[str, int] = {}
    for name in described:
        try:
            scene = load_scene(name, folder)
        except SceneFileError:
            ranks[name] = 1000
            continue
        ranks[name] = scene.order
        used |= {draw.fragment for draw in scene.draws}
    for path in folder.glob("*.frag"):
        if path.name not in used and NAME.match(path.stem):
            ranks[path.stem] = 500
    return tuple(sorted(ranks, key=lambda name: (ranks[name], name)))
