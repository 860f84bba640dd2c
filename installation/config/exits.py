"""The one table of what may leave the piece of a visitor: what opens each way out, and what shuts it.

docs/visitors.md is made from it, and the test that nothing is kept holds the piece to it: what is found elsewhere is a leak.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from installation.base.files import ROOT
from installation.config.settings import Config

PICTURE, FACE, BODY, SHAPES, POSTURE = "picture", "face landmarks", "body landmarks", "blendshapes", "posture"
FACE_MEASURES, CLOTHES, SOUND = "face measures", "clothes", "sound"
KINDS = (PICTURE, FACE, BODY, SHAPES, POSTURE, FACE_MEASURES, CLOTHES, SOUND)
"""What is personal in what the piece knows for a moment. ``posture``: a row of the artist's poses; ``face measures``: widths
and heights in a face, by its own size; ``clothes``: their colours; ``sound``: what a microphone hears."""
DOCUMENT = ROOT / "docs" / "visitors.md"
_BEGIN, _END = "<!-- exits: made by -m installation.config.exits --write -->\n", "<!-- /exits -->\n"


@dataclass(frozen=True)
class Exit:
    """A way out. ``lets_out``: which of KINDS. ``is_open``: whether settings open it; None where it takes an option of the
    command line or a command, and no setting."""

    name: str
    what: str
    opened_by: str
    shut_by: str
    lets_out: tuple[str, ...] = ()
    is_open: Callable[[Config], bool] | None = None


def _names_joints(config: Config) -> bool:
    return any(
        target.format == "mien" and any("joint" in pattern or "//" in pattern for pattern in target.addresses)
        for target in config.osc.targets
    )


def _has_format(name: str) -> Callable[[Config], bool]:
    return lambda config: any(target.format == name for target in config.osc.targets)


EXITS = (
    Exit(
        "estimates",
        "estimates, places and motion of each visitor to other machines, as numbers",
        "`osc.targets` with another `host` (`format: wekinator`: of all together); `oscquery.host`; `lights.enabled`, "
        "`midi.enabled` (as light and notes)",
        "taking them out; a target's `addresses` names what it gets",
    ),
    Exit(
        "leader of a wall",
        "places, motion, 16 eased joints and the expression's numbers of each visitor, and painted faces (these only to this "
        "machine itself, or with a key file), to the machines of a wall",
        "`wall.lead`; without `wall.key` anybody in that network can listen",
        "an empty `wall.lead`, as shipped; `generation.avatars: false`",
        is_open=lambda config: bool(config.wall.lead),
    ),
    Exit(
        "eyes",
        "landmarks of each visitor's body and face and, where emotions are read, what the expression network read, to the show "
        "that this machine sees for; never a picture",
        "`eyes.publish` and `run.py --eyes`; beyond this machine only encrypted, to who has `eyes.key`",
        "an empty `eyes.publish`, as shipped",
        is_open=lambda config: bool(config.eyes.publish),
    ),
    Exit(
        "joints",
        "33 joints of each body",
        "a target whose `addresses` name joints",
        "the same; as shipped joints are not sent",
        (BODY,),
        _names_joints,
    ),
    Exit(
        "vmc",
        "facial expression in detail, and the bones of one body",
        "a target's `format: vmc`",
        "the same",
        (SHAPES,),
        _has_format("vmc"),
    ),
    Exit(
        "faceosc",
        "measures of one face (mouth, brows, eyes, jaw), its place and turn",
        "a target's `format: faceosc`",
        "the same",
        (FACE_MEASURES,),
        _has_format("faceosc"),
    ),
    Exit(
        "recording",
        "landmarks, expressions and estimates, second by second, to a file",
        "`--record FILE`",
        "leaving it out, deleting the file",
        (FACE, BODY, SHAPES),
    ),
    Exit(
        "log",
        "what OSC sends, and of each second the strongest emotion, to a file",
        "`--log DIR`; `--report FILE`",
        "leaving them out, deleting the files; joints are in it only where a target gets them",
    ),
    Exit(
        "poses",
        "a body's posture as a row of numbers, under a made-up name",
        "`run.py record`, key R, OSC `/record`, a pose or gesture with the command `record`",
        "`run.py poses forget NAME`; see [poses.md](poses.md)",
        (POSTURE,),
    ),
    Exit(
        "sound",
        "how loud it is in the room and when something sets in, as two numbers; never a sound, a word or a voice",
        "`sound.device`; then OSC tells them to its targets and `--record` writes them ([sound.md](sound.md))",
        "`none`, as shipped: no microphone is opened",
    ),
    Exit(
        "captures",
        "screenshots and videos without the camera's picture in them",
        "keys S and V, OSC, poses with these commands, `--screenshot`, `--video`",
        "not asking for them; they show shapes, and the notice",
    ),
    Exit(
        "sends",
        "the finished picture without the camera's in it, to other programs, machines, or files of a stream",
        "`output.sends` (NDI, Spout, Syphon, a virtual camera, streams)",
        "an empty list, as shipped",
    ),
    Exit(
        "camera in captures",
        "the same, captures and sends, with visitors' faces in them",
        "`output.record_camera: true`, and nothing else: without it they are refused while a face can be seen",
        "`false`, as shipped",
        (PICTURE,),
        lambda config: config.output.record_camera,
    ),
    Exit(
        "desk",
        "estimates and skeletons of each visitor, as numbers, to whoever has the desk's page of people open",
        "opening it, or `/api/state`, on this machine; over the network `desk.host`, and a token",
        "`desk.run: never`; as shipped only this machine gets in",
    ),
    Exit(
        "camera at the desk",
        "the camera's picture, small and once a second, to whoever has the desk open",
        "`desk.camera: true`, and nothing else, where `output.background` is `camera` or a scene shows the camera's picture",
        "`false`, as shipped",
        is_open=lambda config: config.desk.camera,
    ),
    Exit(
        "camera check",
        "one picture of the camera with what is seen in it, to a file",
        "`run.py check --camera --out FILE`, typed by hand",
        "leaving `--out` out (then it is shown on this machine and kept nowhere), deleting the file",
    ),
    Exit(
        "wall",
        "a visitor's picture on the wall, kept nowhere",
        "scene `portrait` (outline, room; painted face: `generation.avatars`), `output.background: camera`",
        "another scene; `avatars: false`; `background: black`",
    ),
    Exit(
        "server",
        "a visitor's face, cut out of the camera's picture, to a server that paints it",
        "`generation.server_faces: true` together with `generation.server`, and nothing else; grpcs and https are encrypted",
        "`false`, as shipped: without it the server is asked for textures, pictures and the scene repainted, in which no "
        "camera's picture is",
        is_open=lambda config: config.generation.server_faces and bool(config.generation.server),
    ),
    Exit(
        "network camera",
        "the camera's own pictures through a network",
        "a network camera (`capture.source` or `capture.sources` with an address, or NDI): between it and this machine",
        "a camera on a cable, or a network of its own without others in it",
    ),
    Exit(
        "source",
        "a film, pictures or a recording as the source",
        "`capture.source` with a file, folder or performance: whoever is in them is read, too; the shipped performances are of "
        "drawn figures",
        "",
    ),
)


def table() -> str:
    """EXITS as a table in Markdown."""
    rows = [f"| {one.what} | {one.opened_by} | {one.shut_by} |" for one in EXITS]
    return "\n".join(("| what leaves | opened by | shut by |", "|---|---|---|", *rows)) + "\n"


def with_table(page: str) -> str:
    """``page`` with the table as it is now between its marks. ValueError where these are not there."""
    before, mark, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (mark and end):
        raise ValueError(f"no place for the table: {_BEGIN!r} to {_END!r}")
    return f"{before}{mark}\n{table()}\n{end}{after}"


def main(argv: list[str] | None = None) -> int:
    """Print the table, or write it into the page."""
    parser = argparse.ArgumentParser(description="The table of what may leave, in docs/visitors.md.")
    parser.add_argument("--write", action="store_true", help="write visitors.md instead of printing the table")
    if parser.parse_args(argv).write:
        DOCUMENT.write_text(with_table(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(table(), end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
