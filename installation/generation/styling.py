"""Keeps the style networks and the table of manners ready, and does without them where they cannot be had."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

from installation.base.notices import Notices
from installation.base.pacing import Every
from installation.config.generation import GenerationConfig
from installation.generation.avatar import avatar
from installation.generation.kept import Kept
from installation.generation.sessions import GeneratorError, out_of_memory
from installation.generation.styles import StyleReader, StyleTable, Stylist, pictures_of, read_pictures, unknown_folders
from installation.types import EMOTIONS, ByteArray, FloatArray

log = logging.getLogger(__name__)

READER, PAINTER, TABLE = "fetched/style_predict.onnx", "fetched/style_transform.onnx", "styles.npz"
LOOK_S = 2.0
"""The artist's folder is looked at this often."""


class Styling:
    """Not thread-safe. ``models`` is the folder of the models; the artist's pictures lie beside it (``styles_folder``)."""

    def __init__(self, config: GenerationConfig, models: Path, notices: Notices) -> None:
        self._config, self._models, self._notices = config, models, notices
        self._stylist: Kept[Stylist] = Kept("styles", "pictures stay as they were generated", notices)
        self._table: Kept[StyleTable] = Kept("style table", "pictures stay as they were generated", notices)
        self._look = Every(LOOK_S)
        self._pictures: tuple[tuple[str, Path, int], ...] = ()

    def reconfigure(self, config: GenerationConfig) -> None:
        """Other settings."""
        self._config = config
        self._stylist.hurry()
        self._table.hurry()
        self._look = Every(LOOK_S)

    def ready(self, now_s: float) -> bool:
        """Whether pictures can be styled now; loads what is missing."""
        if self._look.due(now_s):
            folder = self._models.parent / self._config.styles_folder
            found = pictures_of(folder)
            self._report_unknown(folder)
            self._pictures = tuple(
                (name, path, path.stat().st_mtime_ns) for name, files in found.items() for path in files
            )
        provider = self._config.provider
        self._table.get(TABLE, (self._pictures, stamp(self._models / TABLE)), now_s, self._read_table)
        path = self._models / PAINTER
        load = partial(_open_stylist, path, provider)
        self._stylist.get(PAINTER, (provider, stamp(path)), now_s, load)
        return self._stylist.value is not None and self._table.value is not None

    def texture(self, rgba: ByteArray, emotion: FloatArray, position: float, now_s: float) -> ByteArray:
        """A generated picture in the manner of ``emotion`` (7,); as it was where that fails. Raises MemoryError."""
        stylist, table = self._stylist.value, self._table.value
        if stylist is None or table is None:
            return rgba
        try:
            return stylist.texture(rgba, table.at(emotion, position), self._config.style_colours)
        except Exception as error:
            if out_of_memory(error):
                raise MemoryError(str(error)) from error
            self._stylist.give_up(f"the style network failed ({error})", now_s)
            return rgba

    def face(self, rgb: ByteArray, emotion: FloatArray, position: float, now_s: float) -> ByteArray | None:
        """A face's crop as an avatar, (S, S, 4) uint8; None where it cannot be painted, which is told. Keeps nothing."""
        if not self.ready(now_s):
            return None
        assert self._stylist.value is not None
        assert self._table.value is not None
        try:
            return avatar(self._stylist.value, rgb, self._table.value.at(emotion, position))
        except Exception as error:  # noqa: BLE001 - memory, driver, model: the textures go on without avatars
            self._stylist.give_up(f"no avatar could be painted ({error})", now_s)
            return None

    def scene(self, rgb: ByteArray, emotion: FloatArray, position: float, now_s: float) -> ByteArray | None:
        """A picture of the scene (H, W, 3) uint8 as (H, W, 4); None where it cannot be painted, which is told."""
        if not self.ready(now_s):
            return None
        assert self._stylist.value is not None
        assert self._table.value is not None
        try:
            return self._stylist.value.whole(rgb, self._table.value.at(emotion, position), self._config.style_colours)
        except Exception as error:  # noqa: BLE001 - memory, driver, model: the scene goes on as it is drawn
            self._stylist.give_up(f"the scene could not be repainted ({error})", now_s)
            return None

    @property
    def providers(self) -> dict[str, str]:
        """{model: provider} of what runs now."""
        return {} if self._stylist.value is None else {"style_transform.onnx": self._stylist.value.providers[0]}

    def _report_unknown(self, folder: Path) -> None:
        unknown = unknown_folders(folder)
        if unknown:
            names = ", ".join(f"{folder.name}/{name}/" for name in unknown)
            self._notices.fallback(
                "style folders", f"{names}: no emotion, so not read; the emotions are {', '.join(EMOTIONS)}"
            )
        else:
            self._notices.resolve("style folders")

    def _read_table(self) -> StyleTable:
        """The stored manners, with the artist's own in place of those of the same emotions."""
        table = StyleTable.load(self._models / TABLE)
        self._notices.resolve("style pictures")
        if not self._pictures:
            return table
        pictures: dict[str, list[Path]] = {}
        for name, path, _ in self._pictures:
            pictures.setdefault(name, []).append(path)
        vectors, broken = read_pictures(StyleReader(self._models / READER), pictures)
        if broken:
            told = ", ".join(f"{path.parent.name}/{path.name}" for path in broken)
            self._notices.fault("style pictures", f"{told} cannot be read as pictures and are left out")
        log.info("styles of %s", ", ".join(f"{name} ({len(read)})" for name, read in vectors.items()) or "no pictures")
        return table.replaced(vectors)


def stamp(path: Path) -> int:
    """Changes when the file does; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _open_stylist(path: Path, provider: str) -> Stylist:
    if not path.is_file():
        raise GeneratorError(f"{path} is not there; run: python3 run.py setup")
    return Stylist(path, provider)
