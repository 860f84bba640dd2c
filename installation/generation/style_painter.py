"""Paints textures, faces and the scene in the style of an emotion's paintings, and does without where that is impossible."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from installation.base.files import PROJECT, TYPED, FileStamp, file_stamp
from installation.base.model_files import MODELS_DIR, model_file
from installation.base.notices import Notices
from installation.base.onnx_sessions import UnusableModelError, out_of_memory
from installation.base.pacing import Every
from installation.config.generation import GenerationConfig
from installation.generation.avatar import avatar
from installation.generation.model_loader import Lend, RetriedModel, SteadyStamps
from installation.generation.style_networks import StyleReader, Stylist
from installation.generation.style_table import StyleTable, pictures_of, read_pictures, unknown_folders
from installation.types import EMOTIONS, ByteArray, FloatArray

log = logging.getLogger(__name__)

READER, STYLIST, TABLE = "fetched/style_predict.onnx", "fetched/style_transform.onnx", "styles.npz"
LOOK_S = 2.0
"""The artist's folder is looked at this often."""
UNASKED_S = 2.0
"""Longer than between two faces or pictures that are painted in a style."""
KEPT_S = 30.0
"""The networks take 85 MB and half a second to load: so long they are kept for whoever comes next."""


class StylePainter:
    """Not thread-safe. ``models`` is the folder of the models; the artist's pictures lie beside it (``styles_folder``).

    ``prefix`` goes before the names of its notices' stages, ``instead`` says what runs while nothing can be styled.
    """

    def __init__(
        self,
        config: GenerationConfig,
        models: Path,
        notices: Notices,
        prefix: str = "",
        instead: str = "pictures stay as they were generated",
        lend: Lend | None = None,
    ) -> None:
        self._config, self._models, self._notices = config, models, notices
        self._stylist: RetriedModel[Stylist] = RetriedModel(f"{prefix}styles", instead, notices, lend)
        self._table: RetriedModel[StyleTable] = RetriedModel(f"{prefix}style table", instead, notices)
        self._pictures_stage, self._folders_stage = f"{prefix}style pictures", f"{prefix}style folders"
        self._look = Every(LOOK_S)
        self._stamps = SteadyStamps()
        self._pictures: tuple[tuple[str, Path, FileStamp], ...] = ()
        self._asked_s = 0.0

    def reconfigure(self, config: GenerationConfig) -> None:
        """Go on with other settings."""
        self._config = config
        self._stylist.hurry()
        self._table.hurry()
        self._look = Every(LOOK_S)

    def ready(self, now_s: float) -> bool:
        """Whether pictures can be styled now; loads what is missing."""
        return self._load(now_s) is not None

    @property
    def unproved(self) -> bool:
        """Whether the style network failed and is here again, not yet used."""
        return self._stylist.unproved

    def rest(self, now_s: float) -> None:
        """Called while styles are switched off: a trouble that nobody has asked about for UNASKED_S is dropped, after KEPT_S
        everything."""
        unasked_s = now_s - self._asked_s
        for model in (self._stylist, self._table):
            if unasked_s > KEPT_S:
                model.drop()
            elif unasked_s > UNASKED_S:
                model.forget_trouble()

    def texture(self, rgba: ByteArray, emotion: FloatArray, position: float, now_s: float) -> ByteArray:
        """A generated picture in the style of ``emotion`` (7,); as it was where that fails. Raises MemoryError."""
        stylist, table = self._stylist.value, self._table.value
        if stylist is None or table is None:
            return rgba
        try:
            styled = stylist.texture(rgba, table.at(emotion, position), self._config.style_colours)
        except Exception as error:
            if out_of_memory(error):
                raise MemoryError(str(error)) from error
            self._stylist.give_up(f"the style network failed ({error})", now_s)
            return rgba
        self._stylist.worked()
        return styled

    def face(self, rgb: ByteArray, emotion: FloatArray, position: float, now_s: float) -> ByteArray | None:
        """A face's crop as an avatar, (S, S, 4) uint8; None, and a notice, where it cannot be painted. Stores nothing."""

        def paint(stylist: Stylist, style: FloatArray) -> ByteArray:
            return avatar(stylist if self._config.server_faces else stylist.on_this_machine(), rgb, style)

        return self._try(paint, "no avatar could be painted", emotion, position, now_s)

    def scene(self, rgb: ByteArray, emotion: FloatArray, position: float, now_s: float) -> ByteArray | None:
        """A picture of the scene (H, W, 3) uint8 as (H, W, 4); None, and a notice, where it cannot be painted."""

        def paint(stylist: Stylist, style: FloatArray) -> ByteArray:
            return stylist.whole(rgb, style, self._config.style_colours)

        return self._try(paint, "the scene could not be repainted", emotion, position, now_s)

    @property
    def providers(self) -> dict[str, str]:
        """{model: provider} of what runs now."""
        return {} if self._stylist.value is None else {"style_transform.onnx": self._stylist.value.session.where}

    @property
    def table(self) -> StyleTable | None:
        """The styles in use; None while they are not loaded."""
        return self._table.value

    def _load(self, now_s: float) -> tuple[Stylist, StyleTable] | None:
        self._asked_s = now_s
        if self._look.due(now_s):
            folder = (PROJECT if self._models == MODELS_DIR else self._models.parent) / self._config.styles_folder
            found = pictures_of(folder)
            self._report_unknown(folder)
            self._pictures = tuple((name, path, file_stamp(path)) for name, files in found.items() for path in files)
        stamps = (self._pictures, self._stamps.of(model_file(TABLE, self._models), now_s))
        table = self._table.get(TABLE, stamps, now_s, self._read_table)
        provider, path = self._config.provider, model_file(STYLIST, self._models)
        key = (provider, self._stamps.of(path, now_s))
        stylist = self._stylist.get(STYLIST, key, now_s, lambda: _open_stylist(path, provider))
        return None if stylist is None or table is None else (stylist, table)

    def _try(
        self,
        paint: Callable[[Stylist, FloatArray], ByteArray],
        failed: str,
        emotion: FloatArray,
        position: float,
        now_s: float,
    ) -> ByteArray | None:
        loaded = self._load(now_s)
        if loaded is None:
            return None
        stylist, table = loaded
        try:
            painted = paint(stylist, table.at(emotion, position))
        except Exception as error:  # noqa: BLE001 - memory, driver, model: the piece goes on without
            self._stylist.give_up(f"{failed} ({error})", now_s)
            return None
        self._stylist.worked()
        return painted

    def _report_unknown(self, folder: Path) -> None:
        unknown = unknown_folders(folder)
        if unknown:
            names = ", ".join(f"{folder.name}/{name}/" for name in unknown)
            self._notices.fallback(
                self._folders_stage, f"{names}: no emotion, so not read; the emotions are {', '.join(EMOTIONS)}"
            )
        else:
            self._notices.resolve(self._folders_stage)

    def _read_table(self) -> StyleTable:
        """The stored styles, with the artist's own in place of those of the same emotions."""
        table = StyleTable.load(model_file(TABLE, self._models))
        self._notices.resolve(self._pictures_stage)
        if not self._pictures:
            return table
        pictures: dict[str, list[Path]] = {}
        for name, path, _ in self._pictures:
            pictures.setdefault(name, []).append(path)
        vectors, broken = read_pictures(StyleReader(model_file(READER, self._models)), pictures)
        if broken:
            names = ", ".join(f"{path.parent.name}/{_shown(path.name)}" for path in broken)
            self._notices.fault(self._pictures_stage, f"{names} cannot be read as pictures and are left out")
        log.info("styles of %s", ", ".join(f"{name} ({len(read)})" for name, read in vectors.items()) or "no pictures")
        return table.replaced(vectors)


def _open_stylist(path: Path, provider: str) -> Stylist:
    if not path.exists():
        raise UnusableModelError(f"{path} is not there; run: {TYPED} setup")
    return Stylist(path, provider)


def _shown(name: str) -> str:
    """A name that is no text, as text that every receiver can show."""
    return name if name.isprintable() else ascii(name)
