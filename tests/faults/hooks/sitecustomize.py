"""Python loads this into every process of a piece under test (PYTHONPATH names its folder), perception included.

The production code has no hooks: what is to be broken is patched here, right after its module was imported. The folder
MIEN_FAULTS holds a file for each thing that is broken now; its text says how. Without the variable nothing happens.

| file | broken | texts |
|---|---|---|
| see | MediaPipe's networks | hang, raise, memory, slow, die |
| paint | ONNX Runtime in the main process | hang, raise, memory, slow |
| read | ONNX Runtime in perception: the expression network | hang, raise, memory, slow, die |
| clock | the clocks | seconds that the monotonic clock is ahead, seconds that the time of day is off |
| observe | what the simulated performer is seen as | nan |
| draw | the scene that is to be drawn | nan |

With MIEN_SPEED the clocks run so many times as fast, from MIEN_BEGAN on (seconds of the monotonic clock): the monotonic one
from a year, the time of day from Monday, 2 March 2026, 06:00. ``objects`` gets pairs of numbers, its time and how many
OpenGL objects live, whenever the piece counts them.

Each picture that is shown leaves three numbers in the file ``pictures``: its time, its mean light (-1 where it was not looked
at), and how long the drawing thread has waited for a processor that others held, in seconds since its start.
"""

import dataclasses
import multiprocessing
import os
import signal
import struct
import time
from datetime import UTC, datetime, timedelta

from patching import PatchingFinder

FOLDER = os.environ.get("MIEN_FAULTS", "")
PICTURE = struct.Struct("<ddd")
OBJECTS = struct.Struct("<dd")
SPEED, BEGAN_S = float(os.environ.get("MIEN_SPEED", "1")), float(os.environ.get("MIEN_BEGAN", "0"))
YEAR_S, MORNING = 365 * 86400.0, datetime(2026, 3, 2, 6)
LOOK_EVERY = 8
"""So many pictures from one whose light is measured to the next."""


def told(name):
    """How ``name`` is to be broken now; empty: not at all."""
    try:
        with open(os.path.join(FOLDER, name), encoding="ascii") as file:  # noqa: PTH118, PTH123 - pathlib is slower
            return file.read().strip()
    except OSError:
        return ""


def disturb(name):
    """Do here what the file ``name`` says."""
    how = told(name)
    if how == "raise":
        raise RuntimeError("injected: the network failed")
    if how == "memory":
        raise MemoryError("injected: bad allocation")
    if how == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "slow":
        time.sleep(0.4)
    while how == "hang":
        time.sleep(0.05)
        how = told(name)


def before(owner, method, name):
    """Disturb each call of a method; ``name`` is asked for at the call."""
    whole = getattr(owner, method)

    def call(*args, **more):
        disturb(name())
        return whole(*args, **more)

    setattr(owner, method, call)


def patch_onnxruntime(module):
    # Imported before a child knows its parent.
    before(module.InferenceSession, "run", lambda: "paint" if multiprocessing.parent_process() is None else "read")


def patch_mediapipe(module):
    vision = module.vision
    before(vision.PoseLandmarker, "detect_for_video", lambda: "see")
    before(vision.FaceLandmarker, "detect", lambda: "see")
    before(vision.ObjectDetector, "detect", lambda: "see")
    before(vision.GestureRecognizer, "recognize", lambda: "see")


def patch_clock(module):
    now, local_time = module.RealClock.now, module.RealClock.local_time
    known = [0.0, 0.0, 0.0]  # when this was looked up last, and what was found

    def offsets():
        if time.monotonic() - known[0] > 0.02:
            found = [float(text) for text in told("clock").split()] or [0.0, 0.0]
            known[:] = [time.monotonic(), *found]
        return known[1], known[2]

    if SPEED != 1:
        now = hurried_s
        local_time = lambda self: MORNING + timedelta(seconds=hurried_s(self) - YEAR_S)  # noqa: E731
        # The opening hours go by it.
        module.utc_now = lambda: local_time(None).astimezone(UTC)
    module.RealClock.now = lambda self: now(self) + offsets()[0]
    module.RealClock.local_time = lambda self: local_time(self) + timedelta(seconds=offsets()[1])


def hurried_s(clock):
    return YEAR_S + (time.monotonic() - BEGAN_S) * SPEED


def patch_performer(module):
    observe = module.PerformerScript.observe

    def observed(self, t_s, seq):
        if SPEED != 1:
            # Its clock is always late: without a pause it would take the interpreter for itself.
            time.sleep(0.01)
        found = observe(self, t_s, seq)
        if told("observe") != "nan":
            return found
        people = tuple(dataclasses.replace(person, pose=person.pose * float("nan")) for person in found.people)
        return dataclasses.replace(found, people=people)

    module.PerformerScript.observe = observed


def patch_renderer(module):
    draw, count = module.Renderer.draw, module.Renderer.object_count
    objects = os.open(os.path.join(FOLDER, "objects"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)  # noqa: PTH118

    def drawn(self, scene, *rest):
        if told("draw") == "nan":
            scene = dataclasses.replace(scene, valence=float("nan"), shapes=scene.shapes * float("nan"))
        draw(self, scene, *rest)

    def counted(self):
        found = count(self)
        os.write(objects, OBJECTS.pack(time.monotonic(), -1.0 if found is None else found))
        return found

    module.Renderer.draw, module.Renderer.object_count = drawn, counted


def waited_s():
    """How long this thread was ready to run while others ran; 0 where the system does not say."""
    try:
        with open("/proc/thread-self/schedstat", encoding="ascii") as file:  # noqa: PTH123
            return int(file.read().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


def patch_surface(cls):
    present, count = cls.present, [0]
    pictures = os.open(os.path.join(FOLDER, "pictures"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)  # noqa: PTH118

    def shown(self, meanwhile):
        light = -1.0
        if count[0] % LOOK_EVERY == 0:
            data = self.framebuffer.read((0, 0, *self.size), components=3)
            light = sum(data) / len(data)
        present(self, meanwhile)
        count[0] += 1
        os.write(pictures, PICTURE.pack(time.monotonic(), light, waited_s()))

    cls.present = shown


PATCHES = {
    "onnxruntime": patch_onnxruntime,
    "installation.perception.mediapipe_import": patch_mediapipe,
    "installation.base.clock": patch_clock,
    "installation.capture.simulated.performer": patch_performer,
    "installation.render.renderer": patch_renderer,
    "installation.render.window.offscreen": lambda module: patch_surface(module.Offscreen),
    "installation.render.window.window": lambda module: patch_surface(module.Window),
}


if FOLDER:
    PatchingFinder(PATCHES).install()
