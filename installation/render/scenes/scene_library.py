"""The scenes that are built: each when it is first asked for, again when its description changes, none while it is broken."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import moderngl

from installation.base.files import FileStamp, file_stamp
from installation.base.notices import Notices
from installation.config.scene_files import (
    FOLDERS,
    ROOMS,
    Folders,
    SceneFileError,
    as_folders,
    is_described,
    load_scene,
    scene_folder,
    scene_names,
)
from installation.render.passes.room_lots import NO_SCENE
from installation.render.scenes.drawn_scene import DrawnScene
from installation.render.scenes.step import BirthBuffer
from installation.render.shaders.programs import UNGIVEN, Look, Program
from installation.render.shaders.sources import ShaderError

Stamps: TypeAlias = dict[Path, FileStamp]


@lru_cache(maxsize=64)
def _room_of(name: str, folders: Folders) -> str:
    """Of a scene that is not built."""
    try:
        return load_scene(name, folders).room
    except SceneFileError:
        return ROOMS[0]


class SceneLibrary:
    """Drawn scenes by name. What is broken is tried again once a file has changed, and told with file and line for as long as
    it is broken: a fault of what is shown, a note of what is not."""

    def __init__(
        self, context: Any, births: BirthBuffer, notices: Notices, folder: Folders = FOLDERS, on_processor: bool = False
    ) -> None:
        self._context, self._births, self._notices, self._folders = context, births, notices, as_folders(folder)
        self._on_processor = on_processor
        self._begun: dict[str, tuple[FileStamp, DrawnScene]] = {}
        """Scenes that are being built, a part at a time, with the stamp of their description."""
        self._built: dict[str, DrawnScene] = {}
        self._stamps: dict[str, FileStamp] = {}
        """By built scene: the description's."""
        self._broken: dict[str, str] = {}
        """What is wrong with a scene's files as they are; one that was built before is drawn as it was."""
        self._files: Stamps = {}
        """Of all files that a scene may be made of, when they were last looked at."""
        self._unbuilt: list[str] | None = None
        """Scenes that are to be built ahead, the next one first; None before they were looked for."""
        self._gone: set[str] = set()
        """Built scenes whose files were removed while they are shown."""
        self._told: set[str] = set()
        """Stages of the notices that are active."""
        self._shown: set[str] = set()
        self._parameters: dict[str, dict[str, float]] = {}
        self._values: dict[str, dict[str, float]] = {}

    @property
    def programs(self) -> list[Program]:
        """All programs of all scenes whose files are there."""
        return [program for name, scene in self._built.items() if name not in self._gone for program in scene.programs]

    def reconfigure(self, parameters: dict[str, dict[str, float]]) -> None:
        """Go on with other numbers of the artist's: scene, parameter, value."""
        self._parameters = parameters
        self._values.clear()

    def get(self, name: str) -> DrawnScene | None:
        """The scene, which is shown from now on; None (and a fault) while its files are broken. "" is none: the room alone."""
        if not name:
            return None
        if name not in self._built and (name not in self._broken or name not in self._shown):
            self._shown.add(name)
            if name not in self._broken:
                self._build(name)
            self._tell()
        return self._built.get(name)

    def room(self, name: str) -> str:
        """The kind of room of a scene, of ROOMS; also where the room alone is drawn (NO_SCENE)."""
        name = name.removesuffix(NO_SCENE)
        built = self._built.get(name)
        return built.file.room if built is not None else _room_of(name, self._folders)

    def values(self, name: str) -> dict[str, float]:
        """The numbers of a built scene, with the artist's in place. What the scene does not take is left out, with a fault."""
        values = self._values.get(name)
        if values is None:
            file, stage = self._built[name].file, f"scene parameters {name}"
            try:
                values = file.values(self._parameters.get(name, {}))
            except ValueError as error:
                self._notices.fault(stage, f"{error}; the scene's own numbers are taken")
                values = file.values({})
            else:
                self._notices.resolve(stage)
            self._values[name] = values
        return values

    def poll(self, shown: Collection[str] = (), look: Look = file_stamp) -> None:
        """Build again what changed, and a part of one scene that is not built yet: new, or fixed. One that was removed goes;
        one that is ``shown`` stays until another scene is. ``look`` as ``Program.changed`` has it."""
        self._shown = set(shown)
        names = scene_names(self._folders)
        self._drop_removed(names)
        for name in self._built.keys() - self._gone:
            others = [program for program in self._built[name].programs if program.refresh(look)]
            if others:
                self._built[name].rebuild()
            if file_stamp(self._description(name)) != self._stamps[name]:
                self._build(name)
        self._retry_broken(names)
        self._unbuilt = [name for name in names if name not in self._built and name not in self._broken]
        self.build_ahead()
        self._tell()

    def build_ahead(self) -> None:
        """Build a part of one scene that is not built yet: 7 ms of work, or 55 where the driver has not kept it from before.
        The sooner all are built, the fewer pictures come late for it; call it where there is time."""
        if self._unbuilt is None:
            self._unbuilt = list(scene_names(self._folders))
        while self._unbuilt and (self._unbuilt[0] in self._built or self._unbuilt[0] in self._broken):
            del self._unbuilt[0]
        if self._unbuilt:
            self._build(self._unbuilt[0], at_once=False)

    def release(self) -> None:
        """Free all."""
        for scene in (*self._built.values(), *(begun for _, begun in self._begun.values())):
            scene.release()
        self._built.clear()
        self._begun.clear()

    def _drop_removed(self, names: Collection[str]) -> None:
        self._broken = {name: why for name, why in self._broken.items() if name in names}
        self._gone = {name for name in self._built if name not in names}
        for name in self._begun.keys() - set(names):
            self._begun.pop(name)[1].release()
        for name in self._gone - self._shown:
            self._gone.remove(name)
            del self._stamps[name]
            self._values.pop(name, None)
            self._notices.resolve(f"scene parameters {name}")
            self._built.pop(name).release()

    def _retry_broken(self, names: Collection[str]) -> None:
        """What is broken may be mended by any file: its own, one that it names, one that those include."""
        if not self._broken:
            return
        files = self._look()
        if files == self._files:
            return
        self._files = files
        for name in [name for name in names if name in self._broken]:
            self._build(name)

    def _build(self, name: str, at_once: bool = True) -> None:
        """Build it, or one part more of it; what is there already stays until it is done, and when that fails."""
        before = self._built.get(name)
        try:
            if name not in self._begun:
                self._begin(name)
            stamp, fresh = self._begun[name]
            while fresh.build_more():
                if not at_once:
                    return
        except (SceneFileError, ShaderError, moderngl.Error) as error:
            self._begun.pop(name, None)
            self._broken[name] = f"{error}{self._undescribed(name) if UNGIVEN in str(error) else ''}"
            return
        del self._begun[name]
        if before is not None:
            before.release()
        self._broken.pop(name, None)
        self._built[name], self._stamps[name] = fresh, stamp
        self._values.pop(name, None)

    def _undescribed(self, name: str) -> str:
        """What to add to what is wrong with a scene whose numbers nobody gives: its description may have been removed."""
        if is_described(name, self._folders):
            return ""
        return f", or list them in {name}.yaml, which is not there; was it removed or renamed?"

    def _begin(self, name: str) -> None:
        if not self._broken:
            self._files = self._look()
        stamp = file_stamp(self._description(name))
        if name in self._built:
            self._stamps[name] = stamp
        file = load_scene(name, self._folders)
        self._begun[name] = stamp, DrawnScene(self._context, file, self._births, self._folders, self._on_processor)

    def _tell(self) -> None:
        """Let the notices say what is wrong now, and nothing else."""
        problems: dict[str, tuple[str, str]] = {}
        # A file that two scenes are made of is told of the one that is shown.
        for name, scene in sorted(self._built.items(), key=lambda item: item[0] in self._shown):
            if name not in self._gone and name not in self._broken:
                problems |= {f"shader {one.name}": (name, one.problem) for one in scene.programs if one.problem}
        problems |= {f"scene {name}": (name, why) for name, why in self._broken.items()}
        for name in self._gone:
            problems[f"scene {name}"] = (name, "its files were removed; it is shown until another scene comes")
        for stage in self._told - problems.keys():
            self._notices.resolve(stage)
        for stage, (name, why) in problems.items():
            if name in self._shown:
                self._notices.resolve(stage, "note")
                self._notices.fault(stage, why)
            else:
                self._notices.resolve(stage, "fault")
                self._notices.note(stage, f"{why}; it is not shown now")
        self._told = set(problems)

    def _description(self, name: str) -> Path:
        return (scene_folder(name, self._folders) or self._folders[-1]) / f"{name}.yaml"

    def _look(self) -> Stamps:
        parts = (
            *(path for folder in self._folders for path in folder.glob("*")),
            *(self._folders[-1].parent / "lib").rglob("*"),
            self._folders[-1].parent / "UNIFORMS.md",
        )
        return {path: file_stamp(path) for path in parts}
