"""``run.py check --camera``: look through the source as the piece would, show what is seen, say what to do better.

The pictures stay in this process's memory; one is written where ``--out`` names a file, and only then.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from contextlib import ExitStack
from pathlib import Path

import cv2
import numpy as np

from installation.base.clock import Clock, RealClock
from installation.base.mailbox import Closed, Latest
from installation.base.notices import Notices
from installation.base.pacing import Every
from installation.base.picture_file import write_bgr
from installation.base.secrets import masked
from installation.base.side_files import OutputError, check_place, words
from installation.base.supervisor import StopSignal
from installation.capture.capture import Capture
from installation.capture.devices.source import SourceInfo
from installation.capture.simulated.picture import figure_picture
from installation.capture.sources import CaptureError, choose
from installation.commands.check_network import Row
from installation.commands.eyes import open_eyes
from installation.commands.shared import set_up_logging
from installation.config.factors import with_calmness
from installation.config.load import with_overrides
from installation.config.settings import Config
from installation.emotion.fusion import EmotionEstimator
from installation.emotion.smoothing import Smoother
from installation.perception.eyes import CameraEyes, Eyes
from installation.perception.placing.drawing import draw_view
from installation.perception.placing.judge import Judge, Warned
from installation.record.performance_files import is_performance
from installation.render.surface import DisplayError
from installation.render.window.picture_window import PictureWindow
from installation.types import ByteArray, Frame, Observation

SECONDS = 8.0
"""Looked for so long where there is no window."""
PATIENCE_S = 40.0
"""Networks load and a source opens within this."""
DRAW_S = 0.1
KEPT = 30
"""Pictures are kept until perception has answered, so many at most."""
STREAM_RATE = 12.0
"""A stream's own word for its rate means little; fewer pictures a second than this are too few to read movement."""
FINE = "nothing to complain about"
DRAWN_PX = (960, 540)
"""Size of the drawing where there is no camera's picture."""


def look_through(config: Config, seconds: float | None, out: Path | None, stop: StopSignal) -> list[Row]:
    """Look for ``seconds`` (None: until the window is closed); rows of what was found."""
    set_up_logging("error")
    clock = RealClock()
    notices = Notices(clock)
    with ExitStack() as stack:
        try:
            if out is not None:
                check_place(out, "--out")
            eyes, capture = _open(config, clock, notices)
        except OutputError as error:
            return [("bad", "--out", str(error))]
        except CaptureError as error:
            return [("bad", "source", str(error))]
        stack.callback(eyes.close)
        rows: list[Row] = []
        try:
            window = PictureWindow("Mien: what the camera sees (Esc ends)")
            stack.callback(window.close)
        except DisplayError as error:
            window = None
            if out is None:
                rows.append(("note", "window", f"{error}; --out FILE.png writes the picture"))
        limit_s = SECONDS if seconds is None and window is None else seconds
        look = Look(config, eyes, capture, clock)
        stack.callback(look.close)
        if not look.wait_for_picture(stop):
            faults = "; ".join(f"{one.stage}: {one.message}" for one in notices.active())
            return [
                (
                    "bad",
                    "source",
                    f"{eyes.describe()}: nothing was seen within {PATIENCE_S:g} s ({faults or 'no fault'})",
                )
            ]
        look.run(limit_s, window, stop)
        rows += look.rows()
        rows += [("note", one.stage, one.message) for one in notices.active() if one.kind != "note"]
        if out is not None:
            rows.append(_write(out, look.view()))
        return rows


def _open(config: Config, clock: Clock, notices: Notices) -> tuple[Eyes, Capture | None]:
    """As the piece does. Raises CaptureError."""
    make_source = None if is_performance(config.capture.target) else choose(config.capture, notices)
    if make_source is None:
        # "auto" was tried just now: without a camera the performer plays.
        target = "simulated" if config.capture.target == "auto" else config.capture.target
        return open_eyes(with_overrides(config, {"capture.source": str(target)}), clock, notices, seed=1), None
    capture = Capture(make_source, config.capture, clock, notices)
    name = masked(str(config.capture.source))
    return CameraEyes(name, capture, config.perception, notices, config.emotion.enabled), capture


def _write(path: Path, rgb: ByteArray) -> Row:
    try:
        write_bgr(path, np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), np.uint8))
    except OSError as error:
        return "bad", "--out", f"{path} cannot be written: {words(error)}"
    return "good", "written", f"{path}: whoever is in it can be recognised; delete it when it is no longer needed"


class Moods:
    """What each visitor shows, as the piece would say it, in words."""

    def __init__(self, config: Config) -> None:
        config = with_calmness(config)
        self._read = config.emotion.enabled
        self._estimator = EmotionEstimator(config.emotion, config.body, config.poses)
        self._smoother = Smoother(config.smoothing, self._read)

    def names(self, observation: Observation) -> dict[int, str]:
        """By person: emotion and how sure, and the face's size."""
        states = self._smoother.update(self._estimator.estimate(observation), observation.t_s)
        said = {
            one.person_id: f"{one.label} {100 * float(one.probabilities.max()):.0f} %" for one in states if self._read
        }
        width, height = observation.frame_size
        for person in observation.people:
            box = person.face_box
            face = "no face" if box is None else f"face {max(box.width * width, box.height * height):.0f} px"
            said[person.id] = ", ".join(filter(None, (said.get(person.id, ""), face)))
        return said


class Pictures:
    """Takes every picture as it comes, in a thread of its own: perception answers for one that may be over already, and flicker
    is seen in pictures one after the other."""

    def __init__(self, frames: Latest[Frame], judge: Judge) -> None:
        self._frames, self._judge = frames, judge
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._kept: OrderedDict[int, ByteArray] = OrderedDict()
        self._thread = threading.Thread(target=self._take, name="pictures", daemon=True)
        self._thread.start()

    def number(self, seq: int) -> ByteArray | None:
        """That picture; None where it is not kept any more."""
        with self._lock:
            return self._kept.get(seq)

    def close(self) -> None:
        """Take no more."""
        self._stop.set()
        self._thread.join(0.5)

    def _take(self) -> None:
        newest = 0
        while not self._stop.is_set():
            try:
                got = self._frames.wait_newer(newest, 0.1)
            except Closed:
                return
            if got is None:
                continue
            newest, frame = got
            self._judge.see(frame.t_s, frame.seq, frame.rgb)
            with self._lock:
                self._kept[frame.seq] = frame.rgb
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)


class Look:
    """What is seen, and what is made of it. For the main thread."""

    def __init__(self, config: Config, eyes: Eyes, capture: Capture | None, clock: Clock) -> None:
        self._config, self._eyes, self._capture, self._clock = config, eyes, capture, clock
        self._judge, self._moods = Judge(config.capture.mirror), Moods(config)
        self._pictures = None if eyes.frames is None else Pictures(eyes.frames, self._judge)
        self._rgb: ByteArray | None = None
        self._seen: Observation | None = None
        self._said: dict[int, str] = {}
        self._observation_seq = 0
        self._observed_s: deque[float] = deque(maxlen=100)

    def close(self) -> None:
        """Look no more."""
        if self._pictures is not None:
            self._pictures.close()

    def wait_for_picture(self, stop: StopSignal) -> bool:
        """Let the pictures come as soon as perception can see; whether something was seen."""
        end_s = self._clock.now() + PATIENCE_S
        while not self._eyes.ready() and self._clock.now() < end_s and not stop.is_set:
            stop.wait(0.05)
        self._eyes.begin()
        while self._seen is None and self._clock.now() < end_s and not stop.is_set:
            self._take(0.05)
        return self._seen is not None

    def run(self, seconds: float | None, window: PictureWindow | None, stop: StopSignal) -> None:
        """Look for so long, or until the window is closed or the end is asked for."""
        end_s, drawing = None if seconds is None else self._clock.now() + seconds, Every(DRAW_S)
        while not stop.is_set and (end_s is None or self._clock.now() < end_s):
            self._take(0.02)
            if window is not None and drawing.due(self._clock.now()) and not window.show(self.view()):
                return

    def view(self) -> ByteArray:
        """The newest picture that perception has seen, with all that was seen in it."""
        rgb = self._rgb
        if rgb is None:
            rgb = figure_picture(self._seen, *DRAWN_PX) if self._seen else np.zeros((*DRAWN_PX[::-1], 3), np.uint8)
        warnings = [warned.text for warned in self._warnings()]
        lines = [self._eyes.describe(), self._seen_text(), self._mirror_text()]
        return draw_view(rgb, self._seen, self._said, lines if warnings else [*lines, FINE], warnings)

    def rows(self) -> list[Row]:
        """What was found, as rows of the table."""
        info, rows = self._info, []
        rows.append(("good", "source", self._eyes.describe()))
        if info is not None and info.settings:
            told = ", ".join(setting.describe() for setting in info.settings)
            rows.append(("note" if info.refused else "good", "camera settings", told))
        rows += [("good", name, text) for name, text in (("seen", self._seen_text()), ("mirror", self._mirror_text()))]
        warnings = self._warnings()
        rows += [("note", warned.kind, warned.text) for warned in warnings]
        return rows if warnings else [*rows, ("good", "picture", FINE)]

    @property
    def _info(self) -> SourceInfo | None:
        return None if self._capture is None else self._capture.info

    def _take(self, wait_s: float) -> None:
        """What perception saw, waiting for up to ``wait_s``."""
        try:
            got = self._eyes.observations.wait_newer(self._observation_seq, wait_s)
        except Closed:
            return
        if got is None:
            return
        self._observation_seq, observation = got
        self._observed_s.append(observation.t_s)
        rgb = None if self._pictures is None else self._pictures.number(observation.seq)
        if rgb is None and self._pictures is not None:
            return  # perception took longer over it than pictures are kept
        self._rgb, self._seen = rgb, observation
        self._said = self._moods.names(observation)
        self._judge.observe(observation, rgb)

    def _warnings(self) -> list[Warned]:
        info = self._info
        wanted = 0.0
        if info is not None and info.requested is not None:
            wanted = info.requested[2]
        elif info is not None and info.kind == "stream":
            wanted = STREAM_RATE
        return self._judge.warnings(self._judge.per_second, wanted)

    def _seen_text(self) -> str:
        people = len(self._seen.people) if self._seen is not None else 0
        who = ("nobody is", "1 person is")[people] if people < 2 else f"{people} people are"
        rate = 0.0
        if len(self._observed_s) > 5:
            rate = (len(self._observed_s) - 1) / max(self._observed_s[-1] - self._observed_s[0], 1e-6)
        came = f"{self._judge.per_second:.0f} pictures a second come, " if self._judge.per_second else ""
        return f"{who} seen; {came}{rate:.0f} a second are read"

    def _mirror_text(self) -> str:
        if self._config.capture.mirror:
            return "shown as in a mirror: raise your right hand, it must go up on the right (a page with a QR code proves it)"
        return "shown as others see you: raise your right hand, it must go up on the left (a page with a QR code proves it)"
