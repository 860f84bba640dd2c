"""The scenes that are built: each when it is first asked for, again when its description changes, none while it is broken."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from installation.base.notices import Notices
from installation.config.scene_files import SceneFileError, load_scene, scene_names
from installation.render.scenes.drawn_scene import DrawnScene
from installation.render.scenes.step import BirthBuffer
from installation.render.shaders.programs import SHADERS, Program, ShaderError, modified_ns

FOLDER = SHADERS / "scenes"


class SceneLibrary:
    """Drawn scenes by name. What is broken raises a fault with file and line, and is tried again once a file has changed."""

    def __init__(self, context: Any, births: BirthBuffer, notices: Notices, folder: Path = FOLDER) -> None:
        self._context, self._births, self._notices, self._folder = context, births, notices, folder
        self._built: dict[str, DrawnScene] = {}
        self._stamps: dict[str, int] = {}
        """By built scene: the description's time stamp."""
        self._broken: dict[str, int] = {}
        """By broken scene: the newest time stamp of any file that it may be made of."""
        self._gone: set[str] = set()
        """Built scenes whose files were removed while they are shown."""
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
        """The scene; None (and a notice) while its files are broken."""
        found = self._built.get(name)
        if found is None and name not in self._broken:
            found = self._build(name)
        return found

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

    def poll(self, shown: Collection[str] = ()) -> None:
        """Build the scenes whose description changed, and one that is not built yet: new, or fixed. A scene whose files were
        removed goes; one that is ``shown`` stays until another scene is."""
        names = scene_names(self._folder)
        self._drop_removed(names, shown)
        for name in self._built.keys() - self._gone:
            if self._description_stamp(name) != self._stamps[name]:
                self._build(name)
        if self._broken:
            newest = self._newest_shared()
            self._broken = {name: old for name, old in self._broken.items() if max(newest, self._newest(name)) == old}
        for name in [name for name in self._broken if name not in names]:
            del self._broken[name]
            self._notices.resolve(f"scene {name}")
        for name in names:
            if name not in self._built and self.get(name) is not None:
                break

    def rebuild(self) -> None:
        """Take over programs that were built again."""
        for scene in self._built.values():
            scene.rebuild()

    def release(self) -> None:
        """Free all."""
        for scene in self._built.values():
            scene.release()
        self._built.clear()

    def _drop_removed(self, names: Collection[str], shown: Collection[str]) -> None:
        for name in self._gone & set(names):
            self._notices.resolve(f"scene {name}")
        self._gone = {name for name in self._built if name not in names}
        for name in sorted(self._gone):
            scene = self._built[name]
            for program in scene.programs:
                self._notices.resolve(f"shader {program.name}")
            if name in shown:
                self._notices.fault(f"scene {name}", "its files were removed; it is shown until another scene comes")
                continue
            self._gone.remove(name)
            del self._built[name], self._stamps[name]
            self._values.pop(name, None)
            self._notices.resolve(f"scene {name}")
            self._notices.resolve(f"scene parameters {name}")
            scene.release()

    def _build(self, name: str) -> DrawnScene | None:
        """Build it; what is there already stays when that fails."""
        stamp, newest = self._description_stamp(name), max(self._newest_shared(), self._newest(name))
        before = self._built.get(name)
        try:
            fresh = DrawnScene(self._context, load_scene(name, self._folder), self._births, self._folder)
        except (SceneFileError, ShaderError) as error:
            self._notices.fault(f"scene {name}", str(error))
            if before is None:
                self._broken[name] = newest
            else:
                self._stamps[name] = stamp
            return before
        if before is not None:
            before.release()
        self._notices.resolve(f"scene {name}")
        self._built[name], self._stamps[name] = fresh, stamp
        self._values.pop(name, None)
        return fresh

    def _description_stamp(self, name: str) -> int:
        return modified_ns(self._folder / f"{name}.yaml")

    def _newest(self, name: str) -> int:
        return max(map(modified_ns, self._folder.glob(f"{name}*")), default=0)

    def _newest_shared(self) -> int:
        """Of the files that any scene may include."""
        return max(map(modified_ns, (self._folder.parent / "lib").rglob("*.glsl")), default=0)
