"""What a person may type behind run.py. Standard library only: it must work before anything is installed."""

from __future__ import annotations

import argparse
import sys
from difflib import get_close_matches
from pathlib import Path

from installation.base.arguments import (
    display,
    language,
    page_file,
    picture_file,
    picture_size,
    png_file,
    positive,
    size,
    takes,
    video_file,
)
from installation.base.files import PROGRAM

COMMANDS = (
    *("run", "guard", "setup", "test", "lint", "check", "replay", "record", "poses", "screenshot"),
    *("train", "evaluate", "ingest", "export", "gallery", "look", "config"),
    *("service", "update", "licences", "sign", "latency", "new", "wall"),
)

EXTRAS = ("link", "ndi", "server", "sound", "spout", "syphon", "virtualcam", "wall")
"""What set-up installs where it is asked to (pyproject's optional dependencies): tempo and sound in, the picture's ways out,
the client of a server that runs the networks, what machines of one piece talk through."""

_EPILOG = f"""commands (the first word; without one the piece runs):
  setup [--with NAME]      make everything ready   test [...]   run the tests (arguments go to pytest)
  new DIR                                          a folder for a piece of your own; --project DIR runs it from elsewhere
  guard [options of a run]                         the piece, started again whenever it ends, hangs or grows
  check    look at settings, models, camera, display, GPU and OSC targets; print a table
  check --camera [--out FILE]                      the camera's picture with what is seen in it, and what to do better
  replay FILE [--log DIR] [--seconds S] [--fast]   play a recording again, bit for bit
  record LABEL [--person NAME] [--takes N]         record a pose of your own: countdown and count on the screen
  poses list | poses forget NAME                   what was recorded; delete a person's rows
  ingest FOLDER --rights "..." [--name NAME]       make a data set in data/NAME of your pictures, to train on
  train poses|texture|expression|simple            fit your poses, train a network (see: {PROGRAM} train poses --help)
  export NAME                                      runs/NAME becomes models/NAME.onnx, if it passes the gates
  export --model-repository DIR                    the networks that paint, as a server takes them (docs/scale.md)
  gallery NAME                                     all emotions on one sheet, as models/NAME.onnx paints them
  evaluate expression|presence|timeline [...]      against labelled pictures, against hand-written truth, by the second
  evaluate layouts --out FILE.npz | picture        what the scenes compose pictures of, thousands; how the painter follows
  latency [--seconds S] [--loop MS]                how long from a movement to picture and sound; the camera faces the screen
  screenshot WxH FILE [--scene NAME --emotion E]   one picture of any size, such as 7680x4320, without a camera
  wall --demo FILE.mp4 | --make-key FILE           four machines' parts of one picture, filmed here; a key for a wall
  sign FILE.pdf [--languages en de fr] [--url U]   a sign for the entrance, to be printed: visitors are read (docs/visitors.md)
  look save NAME                                   the present look as a new file, looks/NAME.yaml
  config migrate                                   write an older config.yaml anew under today's names
  service install|uninstall|status|stop|start      start at boot and stay up; --dry-run prints the units
  update FOLDER_OR_ARCHIVE | update back           a new version beside this one, checked, then switched; and back
  licences [--write]                               the licences of all packages and weights: docs/reference/licences.md
  lint     format, lint and type checks
"""


def _add_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--config",
        type=Path,
        action="append",
        metavar="FILE",
        help="settings; again for a file over it: the later one wins",
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="SETTING=VALUE", help="one setting, such as scene.pace=0.5"
    )


def config_files(args: argparse.Namespace) -> list[Path]:
    """The settings files that were typed; config.yaml where none was."""
    return args.config or [Path("config.yaml")]


def setup_parser() -> argparse.ArgumentParser:
    """Options of ``run.py setup``."""
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} setup", description="Make everything ready that the piece needs, then stop."
    )
    parser.add_argument(
        "--with",
        action="append",
        dest="extras",
        default=[],
        choices=EXTRAS,
        metavar="NAME",
        help=f"what not every piece needs: {', '.join(EXTRAS)}; again for another one",
    )
    return parser


def look_parser() -> argparse.ArgumentParser:
    """Options of ``run.py look``."""
    parser = argparse.ArgumentParser(prog=f"{PROGRAM} look", description="Keep a look; see docs/look.md.")
    parser.add_argument("action", choices=("save",), help="save: the present look becomes looks/NAME.yaml")
    parser.add_argument("name", metavar="NAME", help="small letters, digits, - and _")
    parser.add_argument("--replace", action="store_true", help="put it in the place of the look of this name")
    _add_config(parser)
    return parser


def config_parser() -> argparse.ArgumentParser:
    """Options of ``run.py config``."""
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} config", description="Settings files; see docs/reference/config.md."
    )
    parser.add_argument("action", choices=("migrate",), help="migrate: write an older file anew under today's names")
    parser.add_argument("file", nargs="?", type=Path, default=Path("config.yaml"), metavar="FILE", help="settings")
    return parser


def _add_screen(parser: argparse.ArgumentParser) -> None:
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--offscreen", action="store_const", dest="mode", const="offscreen", help="draw without a window")
    mode.add_argument("--window", action="store_const", dest="mode", const="window", help="draw in a window")
    mode.add_argument("--fullscreen", action="store_const", dest="mode", const="fullscreen", help="fill the display")
    parser.add_argument("--size", type=size, metavar="WxH", help="size of window or offscreen picture")
    parser.add_argument("--display", type=display, metavar="N", help="which screen, counted from 0, or all")


def _add_output(parser: argparse.ArgumentParser) -> None:
    _add_screen(parser)
    _add_config(parser)
    _add_log(parser)
    parser.add_argument("--report", type=Path, metavar="FILE", help="write what was measured as JSON at the end")


def _add_log(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--log", type=Path, metavar="DIR", help="write scene.log and osc.log into this folder")
    parser.add_argument("--verbose", action="store_true", help="say more")


def record_parser() -> argparse.ArgumentParser:
    """Options of ``run.py record``: those of a run, and what is to be recorded."""
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} record",
        description="Record takes of a pose of your own while the piece runs; see docs/poses.md.",
    )
    parser.add_argument("label", help="the pose, such as arms_up; none for what must not count")
    parser.add_argument("--person", default="", metavar="NAME", help="made-up name of who is recorded")
    parser.add_argument("--takes", type=takes, default=1, metavar="N", help="how many takes")
    parser.add_argument("--length", type=positive, metavar="S", help="seconds a take lasts")
    _add_run(parser)
    return parser


def guard_parser() -> argparse.ArgumentParser:
    """Options of ``run.py guard``: those of a run."""
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} guard",
        description="Run the piece with nobody there: it is started again when it ends, hangs or grows, with the last good "
        "settings where the artist's own cannot be used; see docs/guard.md.",
    )
    _add_run(parser)
    return parser


def run_parser() -> argparse.ArgumentParser:
    """Options of a plain run."""
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Mien: visitors' expressions and movement become living shapes, images, sound and light.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_run(parser)
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--source",
        metavar="S",
        help="auto, simulated, performance:NAME, a camera, a file, a folder or an address; one with a password belongs into "
        "config.yaml, for all users of a machine can read its command lines",
    )
    parser.add_argument(
        "--follow", metavar="HOST:PORT", help="draw a part of this leader's picture: no camera (docs/scale.md)"
    )
    parser.add_argument(
        "--eyes", action="store_true", help="only see, for a show elsewhere: no picture (eyes.publish, docs/scale.md)"
    )
    parser.add_argument("--scene", metavar="NAME", help="scene to begin with")
    parser.add_argument("--seconds", type=positive, metavar="S", help="end after this long")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of everything random (default 1)")
    parser.add_argument(
        "--hud",
        nargs="?",
        choices=("off", "notices", "figures"),
        const="figures",
        metavar="WHAT",
        help="what the operator reads on the wall: off, notices or figures (default where nothing follows)",
    )
    parser.add_argument("--record", type=Path, metavar="FILE", help="record the inputs (no pictures) for replay")
    parser.add_argument(
        "--screenshot",
        type=picture_file,
        metavar="FILE",
        help="store the last picture at the end (.png, .jpg or .webp)",
    )
    parser.add_argument("--video", type=video_file, metavar="FILE", help="film what is shown (.mp4 or .mkv)")
    _add_output(parser)


def latency_parser() -> argparse.ArgumentParser:
    """Options of ``run.py latency``."""
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} latency",
        description="Measure how long it takes from a movement to the picture and to OSC: point the camera at the screen; see "
        "docs/latency.md.",
    )
    parser.add_argument("--source", metavar="S", help="a camera or an address; without it that of the settings")
    parser.add_argument("--scene", metavar="NAME", help="scene to measure with")
    parser.add_argument("--seconds", type=positive, default=20.0, metavar="S", help="measure for so long (default 20)")
    parser.add_argument(
        "--loop", type=positive, metavar="MS", help="no camera: the pictures shown are seen so many milliseconds later"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("runs/latency"), metavar="DIR", help="for latency.json and latency.png"
    )
    _add_output(parser)
    return parser


def screenshot_parser() -> argparse.ArgumentParser:
    """Options of ``run.py screenshot``."""
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} screenshot",
        description="Draw one picture of any size, without a camera; see docs/recording.md.",
    )
    parser.add_argument("picture", type=picture_size, metavar="WxH", help="size of the picture, such as 7680x4320")
    parser.add_argument("file", type=png_file, metavar="FILE", help="a PNG file")
    parser.add_argument("--scene", metavar="NAME", help="which scene")
    moods = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
    parser.add_argument("--emotion", choices=moods, metavar="E", help=f"{', '.join(moods)}; without it nobody is there")
    parser.add_argument("--time", type=positive, default=4.0, metavar="S", help="seconds into it (default 4)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of everything random (default 1)")
    _add_config(parser)
    parser.add_argument("--verbose", action="store_true", help="say more")
    return parser


def wall_parser() -> argparse.ArgumentParser:
    """Options of ``run.py wall``."""
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} wall", description="Several machines draw one picture in step; see docs/scale.md."
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--make-key", type=Path, metavar="FILE", help="a new key file, for all machines of a wall")
    what.add_argument(
        "--demo", type=video_file, metavar="FILE", help="four machines on this one: film their parts side by side"
    )
    parser.add_argument("--seconds", type=positive, default=20.0, metavar="S", help="of the film (default 20)")
    parser.add_argument("--per-second", type=positive, default=5.0, metavar="N", help="pictures a second (default 5)")
    parser.add_argument("--scene", metavar="NAME", help="which scene")
    return parser


def sign_parser() -> argparse.ArgumentParser:
    """Options of ``run.py sign``."""
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} sign",
        description="Draw the sign that tells visitors, before they come in, that emotions are read; see docs/visitors.md.",
    )
    parser.add_argument("file", type=page_file, metavar="FILE", help="a PDF or PNG file; A4, portrait")
    parser.add_argument(
        "--languages", type=language, nargs="+", metavar="L", help="such as en de fr; without it notice.languages"
    )
    parser.add_argument("--url", metavar="URL", help="where the code leads; without it notice.url")
    _add_config(parser)
    return parser


def replay_parser() -> argparse.ArgumentParser:
    """Options of ``run.py replay``."""
    parser = argparse.ArgumentParser(prog=f"{PROGRAM} replay", description="Play a recording again, bit for bit.")
    parser.add_argument("recording", type=Path, help="a file that --record wrote")
    parser.add_argument("--fast", action="store_true", help="draw nothing and do not wait")
    parser.add_argument("--seconds", type=positive, metavar="S", help="end after so many seconds of the recording")
    _add_screen(parser)
    _add_log(parser)
    return parser


def check_parser() -> argparse.ArgumentParser:
    """Options of ``run.py check``."""
    parser = argparse.ArgumentParser(prog=f"{PROGRAM} check", description="Look at everything the piece needs.")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--settings", action="store_true", help="only at settings and models: no camera, no picture")
    only.add_argument(
        "--camera",
        action="store_true",
        help="only through the camera: show its picture with what is seen in it, and say what is wrong with light, distance, "
        "tilt, focus (docs/camera.md)",
    )
    parser.add_argument("--source", metavar="S", help="with --camera: look through this instead of capture.source")
    parser.add_argument(
        "--seconds",
        type=positive,
        metavar="S",
        help="with --camera: look for so long; without it until Esc in a window, and for 8 seconds where there is none",
    )
    parser.add_argument(
        "--out",
        type=picture_file,
        metavar="FILE",
        help="with --camera: write the picture with what was seen last (.png, .jpg or .webp); nothing is stored without it",
    )
    _add_config(parser)
    return parser


def for_a_server(argv: list[str]) -> bool:
    """Whether what was typed behind ``export`` asks for a model repository."""
    return any(word.partition("=")[0] == "--model-repository" for word in argv)


def split(argv: list[str]) -> tuple[str, list[str]]:
    """(command, the rest) of what was typed; "run" where it begins with an option. Exits with 2 for an unknown word."""
    if not argv or argv[0].startswith("-"):
        return "run", argv
    if argv[0] not in COMMANDS:
        near = get_close_matches(argv[0], COMMANDS, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(COMMANDS)}"
        print(f"{PROGRAM}: there is no command {argv[0]!r}; {hint}", file=sys.stderr)
        raise SystemExit(2)
    return argv[0], argv[1:]
