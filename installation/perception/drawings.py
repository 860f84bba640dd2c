"""Drawn and painted faces that are held into the camera: found on a sheet, read for what they depict, and never visitors.

A sheet (sheets.py) counts once it was seen ``SEEN`` times and has moved: what is held in hands is never still, and a doorway
or a poster always is. A face on it is no visitor's: its landmarks, its skeleton and the person that a detector takes it for are
hidden from the tracker. What the sheet depicts is told once the drawn-face network has seen a face on it three times.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from installation.base.easing import eased_share
from installation.perception.depicted import Reading
from installation.perception.likeness import overlap
from installation.perception.sheets import Sheet, find_sheets, flat
from installation.perception.turns import Budget, periods
from installation.types import DEPICTED, Box, ByteArray, FloatArray

LOOK_S, READ_S = 0.12, 0.25
"""Sheets are looked for, and what is on them is read, so often."""
SEEN, FORGET_S = 3, 0.5
SAME = 0.4
"""Two looks' sheets of so much overlap are one."""
FACE, READINGS = 0.6, 3
"""From here on a face is drawn there, and is told when it was read so often on end."""
CALM_S = 0.5
"""Time constant of what is read."""
STEPS, MOVES = 3, 0.015
"""A sheet moves when its middle goes on in one direction for so many looks, by this share of its size without the longest of
the steps: a form that is seen now here, now there (one panel of a door, then the other) only jumps."""
STILL_S = 20.0
"""What has not moved for so long was put down, or hangs on the wall: that is left to zones (``perception.ignore``)."""

ReadDrawing = Callable[[ByteArray], Reading]


@dataclass(eq=False)
class Held:
    """A sheet followed from look to look; times in seconds."""

    sheet: Sheet
    seen_s: float
    way: list[FloatArray] = field(default_factory=list)
    """Its last steps in one direction, each (2,), in its own sizes."""
    moved_s: float = -np.inf
    seen: int = 1
    read_s: float = -np.inf
    faces: int = 0
    """How often on end a face was read on it."""
    shares: FloatArray | None = None

    def see(self, sheet: Sheet, t_s: float) -> None:
        """It is at another place now, perhaps."""
        size = np.array([max(sheet.box.width, 1e-6), max(sheet.box.height, 1e-6)], np.float32)
        step = (sheet.corners.mean(axis=0) - self.sheet.corners.mean(axis=0)) / size
        goes_on = bool(self.way) and float(step @ np.sum(self.way, axis=0)) > 0
        self.way = [*self.way, step] if goes_on else [step]
        lengths = [float(np.hypot(*one)) for one in self.way]
        if len(lengths) >= STEPS and sum(lengths) - max(lengths) > MOVES:
            self.moved_s = t_s
        self.sheet, self.seen_s, self.seen = sheet, t_s, self.seen + 1

    def learn(self, reading: Reading, t_s: float) -> None:
        """What was read on it just now."""
        since_s, self.read_s = t_s - self.read_s, t_s
        if reading.face < FACE:
            self.faces, self.shares = 0, None
            return
        self.faces += 1
        share = np.float32(eased_share(since_s, CALM_S)) if self.shares is not None else np.float32(1)
        before = reading.shares if self.shares is None else self.shares
        self.shares = before + (reading.shares - before) * share


class Drawings:
    """Looks for sheets now and then and reads the largest that carries a face. Times in seconds."""

    def __init__(self, read: ReadDrawing, budget: Budget) -> None:
        self._read, self._budget = read, budget
        self._looked_s = self._now_s = -np.inf
        self.all: list[Held] = []

    def look(self, t_s: float, rgb: ByteArray, small: ByteArray) -> None:
        """See the picture ``rgb``, of which ``small`` is a smaller copy."""
        self._now_s = t_s
        if periods(t_s - self._looked_s, LOOK_S) >= 1.0:
            self._looked_s = t_s
            with self._budget.spend("drawn"):
                self._follow(find_sheets(small), t_s)
        due = [held for held in self._held() if periods(t_s - held.read_s, READ_S) >= 1.0]
        if due:
            held = min(due, key=lambda one: one.read_s)
            with self._budget.spend("drawn"):
                held.learn(self._read(flat(rgb, held.sheet)), t_s)

    def depicted(self) -> FloatArray | None:
        """(6,) over DEPICTED, what the largest sheet with a face depicts; None without one."""
        able = [held for held in self._held() if held.faces >= READINGS and held.shares is not None]
        if not able:
            return None
        largest = max(able, key=lambda held: held.sheet.box.width * held.sheet.box.height)
        assert largest.shares is not None
        shares = largest.shares / largest.shares.sum()
        assert shares.shape == (len(DEPICTED),)
        return np.asarray(shares, np.float32)

    def hide_box(self, box: Box) -> bool:
        """Whether a face, or a detected person, lies on a sheet: it is drawn there."""
        return any(held.sheet.bears(box) for held in self._held())

    def hide_body(self, pose: FloatArray) -> bool:
        """Whether all points of ``pose`` (33, 4) that are seen lie on one sheet."""
        points = pose[pose[:, 3] > 0.5, :2]
        return len(points) > 0 and any(all(held.sheet.holds(*point) for point in points) for held in self._held())

    def forget(self) -> None:
        """Forget all sheets."""
        self.all = []

    def _held(self) -> list[Held]:
        """Those that were seen often enough, and that move."""
        return [held for held in self.all if held.seen >= SEEN and self._now_s - held.moved_s < STILL_S]

    def _follow(self, found: list[Sheet], t_s: float) -> None:
        left = list(found)
        for held in self.all:
            same = [sheet for sheet in left if overlap(sheet.box, held.sheet.box) > SAME]
            if same:
                best = max(same, key=lambda sheet: overlap(sheet.box, held.sheet.box))
                held.see(best, t_s)
                left.remove(best)
        self.all = [held for held in self.all if t_s - held.seen_s <= FORGET_S]
        self.all += [Held(sheet, t_s) for sheet in left]
