"""Paints one picture: the generator and what stands in for it, each loaded when wanted and let go when it fails."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from installation.base.notices import Notices
from installation.base.onnx_sessions import UnusableModelError, out_of_memory
from installation.config.generation import GenerationConfig
from installation.generation.choosing import Candidate, KeyChooser
from installation.generation.enlarge import FACTOR, Enlarger
from installation.generation.generator import TextureGenerator
from installation.generation.grow import grown
from installation.generation.kept import Kept
from installation.generation.procedural import procedural_texture
from installation.generation.rungs import LEAST_PX, Rung, rungs
from installation.generation.styling import Styling, stamp
from installation.types import ByteArray, FloatArray

log = logging.getLogger(__name__)

MODELS = "texture*.onnx"
"""Files in models/ that the generator's place can be taken by."""
ENLARGER = "enlarge.onnx"


@dataclass(frozen=True, eq=False)
class Ask:
    """What a picture is painted from: ``affect`` (4,) in [-1, 1], ``emotion`` (7,), and ``position`` on the walk in keys."""

    affect: FloatArray
    emotion: FloatArray
    position: float


class MemoryShortError(Exception):
    """A picture did not fit into memory; the message says what the runtime said."""


class Painter:
    """Not thread-safe: everything is called from the worker's thread. ``now_s`` is the clock's time in seconds."""

    def __init__(self, config: GenerationConfig, models: Path, seed: int, notices: Notices) -> None:
        self._config, self._models, self._seed, self._notices = config, models, seed, notices
        self._model = config.model
        self._generator: Kept[TextureGenerator] = Kept("textures", "the procedural texture is shown", notices)
        self._enlarger: Kept[Enlarger] = Kept("enlarging", "small pictures are enlarged plainly", notices)
        self.styling = Styling(config, models, notices)
        self._chooser = KeyChooser(config.candidates)

    def reconfigure(self, config: GenerationConfig) -> None:
        """Other settings. A model of another name there takes the place of one that was chosen by hand."""
        if config.model != self._config.model:
            self._model = config.model
        if config.candidates != self._config.candidates:
            self._chooser = KeyChooser(config.candidates)
        self._config = config
        self._generator.hurry()
        self._enlarger.hurry()
        self.styling.reconfigure(config)

    def use_model(self, name: str) -> None:
        """Take ``name``, a file in models/, instead of the settings' model; one that is not there is told, nothing changes."""
        names = self.models()
        stem = name.removesuffix(".onnx") + ".onnx"
        if stem not in names:
            self._notices.fault(
                "texture model", f"there is no {name!r} in models/; there are {', '.join(names) or 'none'}"
            )
            return
        self._notices.resolve("texture model")
        self._model = stem

    def next_model(self) -> None:
        """Take the next of the files in models/, in the order of their names."""
        names = self.models()
        if names:
            after = [name for name in names if name > self._model]
            self.use_model((after or names)[0])

    def models(self) -> list[str]:
        """Names of the generators in models/."""
        return sorted(path.name for path in self._models.glob(MODELS))

    @property
    def running(self) -> dict[str, str]:
        """{model: provider} of what is loaded now."""
        generator = self._generator.value
        return {} if generator is None else {self._generator.name: generator.providers[0]}

    def ways(self, now_s: float) -> tuple[Rung, ...]:
        """The rungs that can be had now, the cheapest first; one only while the procedural texture stands in."""
        size_px = self._config.size_px
        generator = self._load(now_s)
        if generator is None:
            return (Rung(size_px, size_px),)
        return rungs(size_px, generator.cell_px, self._config.styled and self.styling.ready(now_s))

    def paint(self, ask: Ask, rung: Rung, now_s: float) -> tuple[str, ByteArray]:
        """(who painted it, (S, S, 4) uint8 sRGB). Raises MemoryShortError; whatever else fails is told and replaced."""
        generator = self._load(now_s)
        if generator is None:
            return "procedural", procedural_texture(ask.affect, 6 * ask.position, rung.shown_px)
        try:
            chosen = self._chooser.take(ask.position, ask.affect)
            if chosen is not None:
                generator.walk.choose(*chosen)
            picture = generator.paint(ask.affect, generator.walk.at(ask.position), rung.made_px)
            if rung.styled:
                picture = self.styling.texture(picture, ask.emotion, ask.position, now_s)
            return self._generator.name, self._grown(picture, rung.shown_px, now_s)
        except Exception as error:
            if out_of_memory(error):
                raise MemoryShortError(str(error)) from error
            self.give_up(f"the generator failed ({error})", now_s)
            return "procedural", procedural_texture(ask.affect, 6 * ask.position, rung.shown_px)

    def _grown(self, picture: ByteArray, size_px: int, now_s: float) -> ByteArray:
        """``picture`` at ``size_px``; by the network where that is four times as large or more. Raises MemoryError."""
        if FACTOR * len(picture) > size_px:
            return grown(picture, size_px)
        path, provider = self._models / ENLARGER, self._config.provider
        load = partial(Enlarger, path, provider)
        enlarger = self._enlarger.get(ENLARGER, (provider, stamp(path)), now_s, load)
        if enlarger is not None:
            try:
                picture = enlarger.enlarge(picture)
            except Exception as error:
                if out_of_memory(error):
                    raise MemoryError(str(error)) from error
                self._enlarger.give_up(f"enlarging failed ({error})", now_s)
        return grown(picture, size_px)

    def give_up(self, why: str, now_s: float) -> None:
        """Let the generator go; the procedural texture stands in until it is tried again."""
        self._generator.give_up(why, now_s)

    def try_one(self, ask: Ask) -> bool:
        """Paint and measure one more candidate for the walk's next key; False when there are enough of them."""
        generator, wanted = self._generator.value, self._chooser.next(ask.position)
        if generator is None or wanted is None:
            return False
        try:
            small = generator.paint(ask.affect, generator.walk.variant(*wanted), LEAST_PX)
        except Exception as error:  # noqa: BLE001 - a candidate that fails is no loss; the next picture will tell
            log.debug("a candidate failed: %s", error)
            return False
        self._chooser.measured(Candidate.of(wanted[1], small, generator.scale))
        return True

    def _load(self, now_s: float) -> TextureGenerator | None:
        config = self._config
        if not config.enabled:
            self._generator.drop()
            self._notices.fallback("textures", "the generator is switched off; the procedural texture is shown")
            return None
        path = self._models / self._model
        before = self._generator.value
        key = (self._model, config.size_px, config.provider, stamp(path))
        generator = self._generator.get(self._model, key, now_s, partial(self._open, path))
        if generator is not None and generator is not before:
            log.info("generator %s at %d px on %s", self._model, config.size_px, generator.providers[0])
            if not generator.as_wanted:
                self._notices.fallback("textures", f"{generator.wanted} was to run, but {generator.providers[0]} does")
        return generator

    def _open(self, path: Path) -> TextureGenerator:
        if not path.is_file():
            raise UnusableModelError(f"{path} is not there")
        return TextureGenerator(path, self._config.size_px, self._seed, self._config.provider)
