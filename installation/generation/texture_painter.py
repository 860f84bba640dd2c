"""Paints one texture: the generator and what stands in for it, each loaded when wanted and dropped when it fails."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from installation.base.files import FileStamp, file_stamp
from installation.base.model_files import model_file, model_names
from installation.base.notices import Notices
from installation.base.onnx_sessions import UnusableModelError, out_of_memory, outline
from installation.config.generation import GenerationConfig
from installation.generation.candidates import Candidate, KeyChooser
from installation.generation.enlarging import Enlarging
from installation.generation.generator import TextureGenerator, looks_like_a_generator
from installation.generation.model_loader import Lend, RetriedModel, SteadyStamps, check_provider
from installation.generation.procedural import procedural_texture
from installation.generation.ranking import Ranking
from installation.generation.style_painter import StylePainter
from installation.generation.texture_levels import MIN_PX, TextureLevel, texture_levels
from installation.types import ByteArray, FloatArray

log = logging.getLogger(__name__)

MODELS = "*.onnx"
"""Files in models/ that may be the generator."""
PROVIDER_STAGE = "texture provider"


@dataclass(frozen=True, eq=False)
class TextureTask:
    """What a picture is painted from: ``affect`` (4,) in [-1, 1], ``emotion`` (7,), and ``position`` on the walk in keys."""

    affect: FloatArray
    emotion: FloatArray
    position: float


class MemoryShortError(Exception):
    """A picture did not fit into memory; the message says what the runtime said."""


class TexturePainter:
    """Not thread-safe: everything is called from the worker's thread. ``now_s`` is the clock's time in seconds."""

    def __init__(
        self, config: GenerationConfig, models: Path, seed: int, notices: Notices, lend: Lend | None = None
    ) -> None:
        self._config, self._models, self._seed, self._notices = config, models, seed, notices
        self._model = config.model
        self._generator: RetriedModel[TextureGenerator] = RetriedModel(
            "textures", "the procedural texture is shown", notices, lend
        )
        self.enlarging = Enlarging(models, notices, lend)
        self.ranking = Ranking(config, models, notices)
        self.styles = StylePainter(config, models, notices, lend=lend)
        self._chooser = KeyChooser(config.candidates)
        self._stamps = SteadyStamps()
        self._looked: dict[str, tuple[FileStamp, bool]] = {}
        """By file in models/: its stamp, and whether it may be a generator."""

    def reconfigure(self, config: GenerationConfig) -> None:
        """Other settings. Another ``model`` there replaces one that was chosen live."""
        if config.model != self._config.model:
            self._model = config.model
            self._notices.resolve("texture model")
        if config.candidates != self._config.candidates:
            self._chooser = KeyChooser(config.candidates)
        self._config = config
        self._generator.hurry()
        self.enlarging.hurry()
        self.ranking.reconfigure(config)
        self.styles.reconfigure(config)

    def use_model(self, name: str) -> None:
        """Take ``name``, a file in models/, instead of the settings' model; a name that is not there is a fault."""
        stem = name.removesuffix(".onnx") + ".onnx"
        if stem not in self._files():
            self._notices.fault(
                "texture model",
                f"there is no {name!r} in models/; generators there are {', '.join(self.models()) or 'none'}",
            )
            return
        self._notices.resolve("texture model")
        self._model = stem
        self._generator.hurry()

    def next_model(self) -> None:
        """Take the next of the generators in models/, in the order of their names."""
        names = self.models()
        if names:
            after = [name for name in names if name > self._model]
            self.use_model((after or names)[0])

    def models(self) -> list[str]:
        """Names of the generators in models/."""
        return [name for name in self._files() if self._may_paint(name)]

    @property
    def running(self) -> dict[str, str]:
        """{model: provider} of what is loaded now."""
        generator = self._generator.value
        return {} if generator is None else {self._generator.name: generator.session.where}

    def levels(self, now_s: float) -> tuple[TextureLevel, ...]:
        """The quality levels that can be had now, the cheapest first; only one while the procedural texture stands in."""
        size_px = self._config.size_px
        generator = self._load(now_s)
        if generator is None:
            return (TextureLevel(size_px, size_px),)
        if not self._config.styled:
            self.styles.rest(now_s)
        return texture_levels(size_px, generator.cell_px, self._config.styled and self.styles.ready(now_s))

    def paint(self, task: TextureTask, level: TextureLevel, now_s: float) -> tuple[str, ByteArray]:
        """(who painted it, (S, S, 4) uint8 sRGB). Raises MemoryShortError; what else fails gives a notice and is replaced."""
        generator, config = self._load(now_s), self._config
        if generator is None:
            return "procedural", procedural_texture(task.affect, 6 * task.position, level.shown_px)
        try:
            chosen = self._chooser.take(task.position, task.affect)
            if chosen is not None:
                generator.walk.choose(*chosen)
            picture = generator.paint(task.affect, generator.walk.at(task.position), level.made_px)
            self._generator.worked()
            if level.styled:
                picture = self.styles.texture(picture, task.emotion, task.position, now_s)
            return self._generator.name, self.enlarging.surface(picture, level.shown_px, config.provider, now_s)
        except Exception as error:
            if out_of_memory(error):
                raise MemoryShortError(str(error)) from error
            self.give_up(f"the generator failed ({error})", now_s)
            return "procedural", procedural_texture(task.affect, 6 * task.position, level.shown_px)

    @property
    def unproved(self) -> bool:
        """Whether the generator failed and is here again, not yet used."""
        return self._generator.unproved

    def give_up(self, why: str, now_s: float) -> None:
        """Drop the generator; the procedural texture stands in until it is tried again."""
        self._generator.give_up(why, now_s)

    def try_one(self, task: TextureTask, now_s: float) -> bool:
        """Paint and measure one more candidate for the walk's next key; False when there are enough of them."""
        generator, wanted = self._generator.value, self._chooser.next(task.position)
        if generator is None or wanted is None:
            return False
        try:
            small = generator.paint(task.affect, generator.walk.variant(*wanted), MIN_PX)
        except Exception as error:  # noqa: BLE001 - a candidate that fails is no loss; the next picture will show it
            log.debug("a candidate failed: %s", error)
            return False
        answers = self.ranking.answers(small, task.emotion, now_s)
        self._chooser.measured(Candidate.of(wanted[1], small, generator.scale, answers))
        return True

    def _files(self) -> list[str]:
        """Names of all networks in models/; a name that is no text cannot be chosen."""
        return [name for name in model_names(MODELS, self._models) if name.isprintable()]

    def _may_paint(self, name: str) -> bool:
        """Whether a file in models/ is a generator; so is a broken one, for all that is known: taking it says what is wrong."""
        path = model_file(name, self._models)
        stamp = file_stamp(path)
        known = self._looked.get(name)
        if known is None or known[0] != stamp:
            try:
                found = looks_like_a_generator(outline(path))
            except UnusableModelError:
                found = True
            known = self._looked[name] = (stamp, found)
        return known[1]

    def _load(self, now_s: float) -> TextureGenerator | None:
        config = self._config
        if not config.enabled:
            self._generator.drop()
            self._notices.resolve(PROVIDER_STAGE)
            self._notices.note("textures", "the generator is switched off; the procedural texture is shown")
            return None
        self._notices.resolve("textures", "note")
        path = model_file(self._model, self._models)
        before = self._generator.value
        key = (self._model, config.size_px, config.provider, self._stamps.of(path, now_s))
        load = partial(TextureGenerator, path, config.size_px, self._seed, config.provider)
        generator = self._generator.get(self._model, key, now_s, load)
        if generator is not None and generator is not before:
            log.info("generator %s at %d px on %s", self._model, config.size_px, generator.providers[0])
            check_provider(generator, config.provider, PROVIDER_STAGE, self._notices)
        return generator
