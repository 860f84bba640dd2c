"""``run.py check``: settings, models, camera, display, GPU and network, looked at one by one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from installation.base.files import PROJECT
from installation.base.model_files import ModelError, load_manifest, model_file, model_path
from installation.base.onnx_sessions import RUNTIME, UnusableModelError
from installation.base.supervisor import StopSignal
from installation.capture.sources import CaptureError, list_cameras, probe
from installation.commands import cli
from installation.commands.check_cues import look_at_cues
from installation.commands.check_network import Row, look_at_network
from installation.commands.check_server import look_at_server
from installation.commands.check_sound import look_at_sound
from installation.commands.shared import overrides_of, say
from installation.config.load import ConfigError, load_config
from installation.config.notice import words_in
from installation.config.sends import SendConfig
from installation.config.settings import Config
from installation.record.performance import PerformanceError
from installation.record.performance_files import is_performance, load


def check(argv: list[str], stop: StopSignal) -> int:
    """Print the table; 1 when something the settings ask for cannot be had."""
    parser = cli.check_parser()
    args = parser.parse_args(argv)
    if not args.camera and (args.source or args.seconds or args.out):
        parser.error("--source, --seconds and --out go with --camera")
    rows: list[Row] = []
    config = Config()
    try:
        files = cli.config_files(args)
        config = load_config(files, overrides_of(args))
        rows.append(("good", "settings", ", ".join(str(path) for path in files)))
    except ConfigError as error:
        rows += [("bad", "settings", line) for line in str(error).splitlines()]
    if args.camera:
        from installation.commands.check_camera import look_through

        if rows[0][0] == "good":
            rows += look_through(config, args.seconds, args.out, stop)
        return _tell(rows)
    if rows[0][0] == "good" and not args.settings:
        rows += look_at_cues(config, files[-1].absolute().parent if files else PROJECT)
    whole = (_models, _source, _notice, _output, _networks, look_at_server, look_at_sound, look_at_network)
    for look in whole[:1] if args.settings else whole:
        rows += look(config)
    return _tell(rows)


def _tell(rows: list[Row]) -> int:
    """Print the table; gives the exit code."""
    width = max(len(what) for _, what, _ in rows)
    for verdict, what, found in rows:
        say(f"{verdict:5} {what:{width}}  {found}", sys.stdout)
    return 1 if any(verdict == "bad" for verdict, _, _ in rows) else 0


def _models(config: Config) -> list[Row]:
    try:
        manifest = load_manifest()
    except ModelError as error:
        return [("bad", "models", str(error))]
    rows: list[Row] = []
    for name in manifest:
        try:
            rows.append(("good", f"model {name}", f"{model_path(name).name}, sha256 as expected"))
        except ModelError as error:
            rows.append(("bad", f"model {name}", str(error)))
    for setting, model in (("generation.model", config.generation.model), ("picture.model", config.picture.model)):
        if not model_file(model).is_file():
            rows.append(("bad", setting, f"models/{model} is not there"))
    return rows


def _source(config: Config) -> list[Row]:
    cameras = ", ".join(f"{number} ({name})" for number, name in list_cameras()) or "none"
    rows: list[Row] = [("good" if cameras != "none" else "note", "cameras", cameras)]
    if is_performance(config.capture.target):
        return [*rows, _performance(str(config.capture.target))]
    try:
        info = probe(config.capture.target, config.capture)
    except CaptureError as error:
        return [*rows, ("bad", "source", str(error))]
    stands_in = config.capture.target == "auto" and info.kind == "simulated"
    text = "auto: no camera gives a picture, the simulated performer will play" if stands_in else info.describe()
    rows.append(("note" if stands_in else "good", "source", text))
    if info.settings:
        told = ", ".join(setting.describe() for setting in info.settings)
        rows.append(("note" if info.refused else "good", "camera settings", told))
    return rows


def _performance(source: str) -> Row:
    try:
        found = load(source)
    except PerformanceError as error:
        return "bad", "source", str(error)
    played = f"performance {found.name}: {found.length_s:.0f} s, {len(set(found.ids.tolist()))} visitors"
    return ("note", "source", f"{played}; {found.note}") if found.note else ("good", "source", played)


def _notice(config: Config) -> list[Row]:
    """Whether visitors are told that they are read, and in letters that this machine has."""
    from installation.render.notice.fonts import find_face

    notice = config.notice
    if not notice.enabled:
        return [("note", "notice", "off: visitors are not told on the wall that emotions are read (docs/visitors.md)")]
    rows: list[Row] = [
        ("good", "notice", f"on the wall in {', '.join(notice.languages)}; nothing is read for {notice.dwell_s:g} s")
    ]
    for language in notice.languages:
        said = words_in(notice, language, config.emotion.enabled)
        missing = find_face(said.title + said.text, notice.font).missing
        if missing:
            rows.append(("bad", f"notice {language}", f"no font has {missing[:12]}; install one, or set notice.font"))
    return rows


def _output(config: Config) -> list[Row]:
    from installation.render.surface import DisplayError, Offscreen, has_display

    display, found = has_display()
    wanted = config.output.mode in ("fullscreen", "window")
    verdict = "good" if display else ("bad" if wanted else "note")
    rows: list[Row] = [(verdict, "display", found)]
    try:
        surface = Offscreen((64, 64))
    except DisplayError as error:
        return [*rows, ("bad", "OpenGL", str(error))]
    kind = "note" if surface.is_software else "good"
    text = f"{surface.renderer}{' (the processor draws)' if surface.is_software else ''}"
    surface.close()
    return [*rows, (kind, "OpenGL", text), *map(_send, config.output.sends)]


def _send(config: SendConfig) -> Row:
    """Whether what a way out needs is installed; whether it can be opened is seen in the piece."""
    from installation.sends.way import WayError, make_way

    try:
        make_way(config)
    except WayError as error:
        return ("bad", config.stage, str(error))
    if config.kind == "ndi" and sys.platform == "linux" and not Path("/run/avahi-daemon/socket").exists():
        return ("note", config.stage, "no avahi-daemon runs: receivers find it by this machine's address only")
    return ("good", config.stage, "what it needs is there")


def _networks(config: Config) -> list[Row]:
    """What a session really runs on: the list of providers names what the wheel was built with, not what works."""
    from installation.generation.generator import TextureGenerator

    try:
        path = model_file(config.generation.model)
        generator = TextureGenerator(path, config.generation.size_px, 1, config.generation.provider)
    except (UnusableModelError, MemoryError) as error:
        return [("bad", "generator", str(error))]
    running = generator.providers[0]
    asked = {"cuda": ("CUDA",), "tensorrt": ("Tensorrt", "Nv")}.get(config.generation.provider, ("",))
    bad = not running.startswith(asked)
    return [("bad" if bad else "good", "generator", f"{running}; {RUNTIME}; {os.cpu_count()} processor cores")]
