"""``run.py wall --demo FILE``: a leader and three followers on this machine, each with a quarter of one picture; their films
become one, with the dark of the frames between them."""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from installation.base.clock import Clock
from installation.base.supervisor import StopSignal
from installation.commands.wall_rehearsal import Machine, RehearsalError, Wall
from installation.render.captures.encoder import VideoEncoder, VideoError, rate_of
from installation.types import ByteArray
from installation.wall.frames_log import differences, longest_apart_s

SIZE = (320, 180)
GAP = 0.04
"""Of a part's width and height: what the frames hide at each inner edge."""
PARTS = {"leader": (0.0, 0.0), "right": (0.5, 0.0), "below": (0.0, 0.5), "corner": (0.5, 0.5)}
"""Left and top of each quarter."""
SHADE = 14


class DemoError(Exception):
    """The wall was not filmed; says why."""


def film(path: Path, seconds: float, per_second: float, scene: str | None, clock: Clock, stop: StopSignal) -> int:
    """Film ``seconds`` of the wall at ``per_second``; gives the exit code. Raises DemoError."""
    with tempfile.TemporaryDirectory(prefix="mien-wall-") as name:
        wall = Wall(Path(name), clock, per_second, 2.5 / per_second, SIZE, scene or "blossom")
        try:
            machines = _run(wall, seconds, stop)
        except RehearsalError as error:
            raise DemoError(str(error)) from None
        finally:
            wall.end()
        pictures = _compose(path, machines, rate_of(per_second))
        logs = [machine.frames for machine in machines]
        apart = differences(logs)
    p99 = sorted(apart)[int(0.99 * (len(apart) - 1))] if apart else 0
    reached = [len(log) / max(log[-1].at_s - log[0].at_s, 1e-3) for log in logs if log]
    print(f"{path}: {pictures} pictures; {min(reached):.1f} to {max(reached):.1f} a second on each machine")
    print(
        f"pictures apart: p99 {p99}, most {max(apart, default=0)}; above 1 for {longest_apart_s(apart):.2f} s at most"
    )
    return 0


def _run(wall: Wall, seconds: float, stop: StopSignal) -> list[Machine]:
    def words(left: float, top: float, video: str) -> list[str]:
        bezel = [GAP * (left > 0), GAP * (top > 0), GAP * (left == 0), GAP * (top == 0)]
        return ["--set", f"wall.bezel={bezel}", "--video", video]

    for name, (left, top) in PARTS.items():
        part, own = [left, top, 0.5, 0.5], words(left, top, "part.mp4")
        if name == "leader":
            wall.lead(part, *own).wait_for("running:", stop)
        else:
            wall.follow(name, part, *own)
    for machine in wall.machines[1:]:
        machine.wait_for("joined", stop)
    stop.wait(seconds + 2.0)
    return wall.machines


def _compose(path: Path, machines: list[Machine], rate: Fraction) -> int:
    """The films of all parts as one; gives how many pictures it has. Raises DemoError."""
    parts = [_Part(machine) for machine in machines]
    from_s = max(part.from_s for part in parts)
    until_s = min(part.until_s for part in parts)
    gap = (round(GAP * SIZE[0]) * 2 & ~1, round(GAP * SIZE[1]) * 2 & ~1)
    size = (2 * SIZE[0] + gap[0], 2 * SIZE[1] + gap[1])
    path.unlink(missing_ok=True)
    try:
        encoder = VideoEncoder(path, size, size, rate, 18, 1)
        count = 0
        while (now_s := from_s + count / rate) <= until_s:
            page = np.full((size[1], size[0], 4), SHADE, np.uint8)
            for part, (left, top) in zip(parts, PARTS.values(), strict=True):
                x, y = (SIZE[0] + gap[0]) * (left > 0), (SIZE[1] + gap[1]) * (top > 0)
                page[y : y + SIZE[1], x : x + SIZE[0], :3] = part.at(float(now_s))
            encoder.write(np.ascontiguousarray(page[::-1]), count)
            count += 1
        encoder.close()
    except VideoError as error:
        raise DemoError(str(error)) from None
    if count == 0:
        raise DemoError("no moment was filmed by all four machines")
    return count


class _Part:
    """The film of one machine, and when it began by the leader's clock."""

    def __init__(self, machine: Machine) -> None:
        found: Any = machine.figures.get("wall", {}).get("video_from_s")
        if not isinstance(found, float):
            raise DemoError(f"{machine.folder.name} filmed nothing: {machine.last_words()}")
        self.from_s = found
        self.pictures: list[ByteArray] = []
        self._times_s: list[float] = []
        """Of each picture, since the film began: a long time without a new one is no row of copies."""
        reader = cv2.VideoCapture(str(machine.video))
        while True:
            is_there, bgr = reader.read()
            if not is_there:
                break
            self._times_s.append(reader.get(cv2.CAP_PROP_POS_MSEC) / 1000)
            self.pictures.append(np.asarray(bgr[:, :, ::-1], np.uint8))
        reader.release()
        if not self.pictures:
            raise DemoError(f"{machine.folder.name}: its film holds no picture")

    @property
    def until_s(self) -> float:
        """The leader's time of its last picture."""
        return self.from_s + self._times_s[-1]

    def at(self, leader_s: float) -> ByteArray:
        """(H, W, 3): what it showed then."""
        since_s = leader_s - self.from_s + 1e-3
        return self.pictures[max(bisect_right(self._times_s, since_s) - 1, 0)]
