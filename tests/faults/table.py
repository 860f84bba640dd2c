"""All faults that are injected into a running piece."""

import contextlib
import time
from collections.abc import Callable

import psutil

from tests.faults.fault import Fault, nothing
from tests.faults.piece import Piece, second_hears

LOCAL_STAGE = r"osc 127\.0\.0\.1:\d+"
SHADER, PASS, LIBRARY = "shaders/scenes/blossom.frag", "shaders/passes/finish.frag", "shaders/lib/colour/tonemap.glsl"
SCENE, LOOK, MODEL, PAINTER, STYLES = (
    "shaders/scenes/blossom.yaml",
    "looks/ink.yaml",
    "models/texture.onnx",
    "models/paint.onnx",
    "models/styles.npz",
)
POSES = "poses/poses.onnx"


# The source.


def _camera(mode: str, stage: str = "") -> Fault:
    def inject(piece: Piece) -> None:
        piece.camera.mode = mode

    def remove(piece: Piece) -> None:
        piece.camera.mode = "moving"

    return Fault(f"camera_{mode}", "source", inject, remove, stage)


# Perception and painters.


def inside(name: str, what: str, how: str, stage: str = "") -> Fault:
    return Fault(name, what, lambda piece: piece.tell(what, how), lambda piece: piece.tell(what, ""), stage)


Child = Callable[[Piece], psutil.Process | None]


def _perception(piece: Piece) -> psutil.Process | None:
    return piece.perception


def _sender(piece: Piece) -> psutil.Process | None:
    return piece.sender


def _killed(name: str, place: str, child: Child, stage: str) -> Fault:
    def inject(piece: Piece) -> None:
        found = child(piece)
        if found is not None:
            found.kill()

    return Fault(name, place, inject, nothing, stage)


def _stopped(name: str, place: str, child: Child, stage: str = "") -> Fault:
    """As by SIGSTOP; it goes on at the end, where it still lives."""
    stopped: list[psutil.Process] = []

    def inject(piece: Piece) -> None:
        found = child(piece)
        if found is not None:
            stopped.append(found)
            found.suspend()

    def remove(piece: Piece) -> None:
        while stopped:
            with contextlib.suppress(psutil.NoSuchProcess):
                stopped.pop().resume()

    return Fault(name, place, inject, remove, stage)


# Files.


def _file(name: str, file: str, data: bytes | None, stage: str, place: str = "") -> Fault:
    def inject(piece: Piece) -> None:
        piece.checkout.replace(file, data)

    def remove(piece: Piece) -> None:
        piece.checkout.restore(file)

    return Fault(name, place or file, inject, remove, stage)


def _config(name: str, text: str) -> Fault:
    """A line that cannot be, behind the settings; then the settings as they were."""

    def inject(piece: Piece) -> None:
        piece.checkout.replace("config.yaml", (piece.config_text() + text).encode("utf-8", "surrogateescape"))

    return Fault(name, "config", inject, lambda piece: piece.configure(), "config")


def _config_gone() -> Fault:
    def inject(piece: Piece) -> None:
        piece.checkout.replace("config.yaml", None)

    return Fault("config_gone", "config", inject, lambda piece: piece.configure(), "config")


def _style_table_broken() -> Fault:
    """While pictures are painted in a style; then the table is whole again, and styles are switched off as before."""

    def inject(piece: Piece) -> None:
        piece.configure(generation={"styled": True})
        piece.checkout.replace(STYLES, b"PK\x03\x04 and no more")

    def remove(piece: Piece) -> None:
        piece.checkout.restore(STYLES)
        piece.configure()

    return Fault("style_table_broken", "config", inject, remove, "style table")


# The network.


def _port_taken(name: str, stage: str, udp: bool) -> Fault:
    """The piece is told to listen at a port that another program has; then that program ends. Nobody saves a setting again."""
    held: list[object] = []

    def inject(piece: Piece) -> None:
        port = piece.network.free_ports(1)[0]
        held.append(piece.network.udp(port) if udp else piece.network.tcp(port))
        if udp:
            piece.listen_port = port
        else:
            piece.query_port = port
        piece.configure()

    def remove(piece: Piece) -> None:
        while held:
            held.pop().close()  # type: ignore[attr-defined]

    return Fault(name, "config", inject, remove, stage)


def _receiver_gone() -> Fault:
    def remove(piece: Piece) -> None:
        piece.second = piece.network.udp(piece.second_port)

    return Fault("receiver_gone", "receiver", lambda piece: piece.second.close(), remove, LOCAL_STAGE, second_hears)


def _network_down() -> Fault:
    def missing(piece: Piece) -> str:
        return "" if piece.network.private else "a network of its own needs Linux and root"

    return Fault(
        "network_down",
        "network",
        lambda piece: piece.network.down(),
        lambda piece: piece.network.up(),
        f"capture|{LOCAL_STAGE}",
        second_hears,
        missing,
    )


# The disk and the clock.


def _disk_full() -> Fault:
    """Captures lie on a small disk. Afterwards a screenshot can be stored again."""
    asked = [0.0]

    def stored(piece: Piece) -> bool:
        """Whether a screenshot is there. It is asked for again: the port may be away while another fault is on."""
        if time.monotonic() - asked[0] > 1.0:
            asked[0] = time.monotonic()
            piece.send("/snapshot")
        return any(path.stat().st_size > 0 for path in piece.checkout.captures.folder.glob("*.png"))

    def inject(piece: Piece) -> None:
        piece.checkout.captures.fill()
        piece.send("/snapshot")

    def remove(piece: Piece) -> None:
        for path in piece.checkout.captures.folder.glob("*.png"):
            path.unlink()
        piece.checkout.captures.clear()

    def missing(piece: Piece) -> str:
        return "" if piece.checkout.captures.mounted else "a small disk needs Linux and root"

    return Fault("disk_full", "disk", inject, remove, "screenshot.*|disk.*", stored, missing)


def _clock_ahead() -> Fault:
    """As after a night's sleep of the machine. A monotonic clock does not go back, so it stays ahead."""

    def inject(piece: Piece) -> None:
        path = piece.told_folder / "clock"
        ahead_s, off_s = (path.read_text() if path.exists() else "0 0").split()
        piece.tell("clock", f"{float(ahead_s) + 3600} {off_s}")

    return Fault("clock_ahead", "clock", inject)


def _time_of_day(name: str, off_s: float) -> Fault:
    def tell(piece: Piece, off_s: float) -> None:
        path = piece.told_folder / "clock"
        ahead_s = (path.read_text() if path.exists() else "0 0").split()[0]
        piece.tell("clock", f"{ahead_s} {off_s}")

    return Fault(name, "clock", lambda piece: tell(piece, off_s), lambda piece: tell(piece, 0.0))


FAULTS = (
    _camera("unplugged", "capture"),
    _camera("silent", "capture"),
    _camera("frozen", "capture"),
    _camera("black"),
    _camera("dark", "capture"),
    _camera("green", "capture"),
    _camera("garbage", "capture"),
    _camera("torn"),
    _camera("slow", "capture"),
    inside("perception_hangs", "see", "hang", "perception"),
    inside("perception_raises", "see", "raise", "perception frame"),
    inside("perception_out_of_memory", "see", "memory", "perception frame"),
    inside("perception_dies_again_and_again", "see", "die", "perception"),
    inside("perception_slow", "see", "slow"),
    _killed("perception_killed", "see", _perception, "perception"),
    _stopped("perception_stopped", "see", _perception, "perception"),
    _killed("sender_killed", "sender", _sender, "osc"),
    _stopped("sender_stopped", "sender", _sender),
    inside("painters_hang", "paint", "hang"),
    inside("painters_raise", "paint", "raise", "textures|pictures"),
    inside("painters_out_of_memory", "paint", "memory", "texture memory|textures|pictures"),
    inside("painters_slow", "paint", "slow"),
    _config("config_no_yaml", "\nscene: {name: [\n"),
    _config("config_unknown_name", "\nscene: {nam: blossom}\n"),
    _config("config_doubly_nested", "\nscene: {name: {{scene}}}\n"),
    _config("config_no_text", "\n# caf\udce9\n"),
    _config_gone(),
    _file("look_broken", LOOK, b"sharpen: [\n", "config"),
    _file("look_gone", LOOK, None, "config"),
    _file("scene_broken", SCENE, b"title: Blossom\ndraws: 3\n", "scene blossom"),
    _file("scene_gone", SCENE, None, ""),
    _file("shader_broken", SHADER, b"#version 330 core\nvoid main() { nonsense }\n", "shader blossom.frag"),
    _file("shader_gone", SHADER, None, "shader.*|scene.*"),
    _file("pass_broken", PASS, b"#version 330 core\nout vec4 o; void main() { o = vec3(1); }\n", "shader .*"),
    _file("include_broken", LIBRARY, b"vec3 tonemap(vec3 c) { return c }\n", "shader .*"),
    _file("model_broken", MODEL, b"no model" * 500, "textures"),
    _file("model_cut", MODEL, b"\x08\x07\x12\x07pytorch", "textures"),
    _file("model_gone", MODEL, None, "textures"),
    _file("painter_broken", PAINTER, b"no model" * 500, "pictures"),
    _file("painter_gone", PAINTER, None, "pictures"),
    _file("pose_model_broken", POSES, b"no model", "poses"),
    _style_table_broken(),
    _port_taken("listen_port_taken", "osc in", udp=True),
    _port_taken("query_port_taken", "osc query", udp=False),
    _receiver_gone(),
    _network_down(),
    _disk_full(),
    _clock_ahead(),
    _time_of_day("time_of_day_back", -86400.0),
    _time_of_day("time_of_day_ahead", 86400.0 * 400),
)
