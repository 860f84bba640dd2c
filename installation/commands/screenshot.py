"""``run.py screenshot``: one picture of any size, of the simulated performer in a mood, or of nobody; no camera."""

from __future__ import annotations

import logging
from argparse import Namespace
from pathlib import Path

from installation.base.clock import Clock, RealClock
from installation.base.model_files import model_file
from installation.base.notices import Notices
from installation.base.onnx_sessions import UnusableModelError
from installation.base.supervisor import StopSignal
from installation.capture.simulated.performer import PerformerScript
from installation.commands import cli
from installation.commands.shared import BAD_INPUT, load_settings, say, set_up_logging
from installation.config.load import ConfigError, with_overrides
from installation.config.settings import Config
from installation.generation.affect import affect_of
from installation.generation.generator import TextureGenerator
from installation.generation.procedural import procedural_texture
from installation.record.recording import Event
from installation.render.captures.large import fitting_size, store_large
from installation.render.renderer import Renderer
from installation.render.shaders.programs import ShaderError
from installation.render.surface import DisplayError, Offscreen
from installation.show import Show
from installation.showcontrol.show_control import ShowControl
from installation.types import Observation, SceneState, TextureFrame, TextureRequest

log = logging.getLogger(__name__)

STEP_S = 1 / 30
LEAD_S = 6.0
"""The performance is followed from this long before the mood: shapes and colours have a past."""
DRAWN_S = 2.0
"""So much before the picture is drawn, too: particles have a past on the graphics card only."""
LOOK_PX = 1280
"""Width of the small picture from which glow and the course of particles are taken, as in the show."""


class StillError(Exception):
    """There is no such picture; the message says which there are."""


def mood_at(script: PerformerScript, emotion: str, seconds: float) -> float:
    """The time at which the performer has shown ``emotion`` for ``seconds``. Raises StillError when it never does."""
    begun_s: float | None = None
    longest_s = 0.0
    for n in range(round(120 / STEP_S)):
        t_s = n * STEP_S
        if script.mood(t_s) != emotion:
            begun_s = None
            continue
        begun_s = t_s if begun_s is None else begun_s
        longest_s = max(longest_s, t_s - begun_s)
        if t_s - begun_s >= seconds:
            return t_s
    raise StillError(f"the performer shows {emotion} for {longest_s:.1f} seconds at most, not {seconds:g}")


def perform(config: Config, seed: int, emotion: str | None, seconds: float) -> list[SceneState]:
    """The scenes up to the moment of the picture, STEP_S apart: ``seconds`` into the performer's ``emotion``, or, without
    one, ``seconds`` after the start with nobody there. The same arguments give the same bits. Raises StillError."""
    script = PerformerScript(seed)
    end_s = seconds if emotion is None else mood_at(script, emotion, seconds)
    start_s = 0.0 if emotion is None else max(0.0, end_s - seconds - LEAD_S)
    scenes: list[SceneState] = []
    # Nobody is read for a still, and nobody stands before it.
    config = with_overrides(config, {"notice.enabled": False})
    show = Show(config, seed, ShowControl(config.osc, lambda _: None), None, scenes.append)
    for n in range(max(1, round((end_s - start_s) / STEP_S)) + 1):
        t_s = start_s + n * STEP_S
        seen = script.observe(t_s, n)
        if emotion is None:
            seen = Observation(t_s, n, (), seen.frame_size)
        show.take(Event("observation", t_s, seen))
        show.take(Event("frame", t_s))
    return scenes


def worn_texture(config: Config, seed: int, scene: SceneState, notices: Notices) -> TextureFrame:
    """The generated picture that goes with ``scene``; where there is no generator the procedural one, with a notice."""
    request = TextureRequest(scene.t_s, scene.emotion, scene.valence, scene.arousal)
    affect, settings = affect_of(request), config.generation
    rgba, source = procedural_texture(affect, 0.0, settings.size_px), "procedural"
    if settings.enabled:
        try:
            generator = TextureGenerator(model_file(settings.model), settings.size_px, seed, settings.provider)
            rgba, source = generator.generate(affect, 0.5), settings.model
        except UnusableModelError as error:
            notices.fallback("textures", f"{error}; the procedural texture is shown")
    return TextureFrame(scene.t_s, 1, rgba, request, source, 0.0)


def draw(config: Config, scenes: list[SceneState], texture: TextureFrame, size: tuple[int, int], path: Path,
         notices: Notices, stop: StopSignal) -> None:  # fmt: skip
    """Draw the last of ``scenes`` at ``size`` into ``path``. Raises DisplayError, ShaderError, OSError."""
    surface = Offscreen(fitting_size(min(LOOK_PX, size[0]), size))
    try:
        renderer = Renderer(surface, config.output, config.scene.parameters, notices)
        try:
            renderer.set_texture(texture, scenes[0].t_s - 60)
            for scene in scenes[-round(DRAWN_S / STEP_S) :]:
                if stop.is_set:
                    return
                renderer.draw(scene)
                surface.present(lambda: None)
            store_large(renderer, scenes[-1], size, path)
        finally:
            renderer.close()
    finally:
        surface.close()


def screenshot(argv: list[str], stop: StopSignal) -> int:
    """Draw one picture, without a camera and without a window; gives the exit code."""
    args = cli.screenshot_parser().parse_args(argv)
    try:
        config = load_settings(args, output__background="black").config
    except ConfigError as error:
        say(f"The settings cannot be used:\n{error}")
        return BAD_INPUT
    set_up_logging(config.log.level, args.verbose)
    try:
        return draw_picture(args, config, stop, RealClock())
    except (StillError, DisplayError, ShaderError) as error:
        log.error("%s", error)
    except OSError as error:
        log.error("%s cannot be written: %s", args.file, error)
    return BAD_INPUT


def draw_picture(args: Namespace, config: Config, stop: StopSignal, clock: Clock) -> int:
    """Draw what was typed; gives the exit code. Raises StillError, DisplayError, ShaderError, OSError."""
    notices, began_s = Notices(clock), clock.now()
    scenes = perform(config, args.seed, args.emotion, args.time)
    texture = worn_texture(config, args.seed, scenes[-1], notices)
    draw(config, scenes, texture, args.picture, args.file, notices, stop)
    if stop.is_set:
        return 1
    log.info("%s: %dx%d, %.1f seconds", args.file, *args.picture, clock.now() - began_s)
    return 1 if notices.active("fault") else 0
