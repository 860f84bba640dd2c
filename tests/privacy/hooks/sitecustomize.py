"""Python loads this into every process of a piece under test (PYTHONPATH names its folder), perception included.

The production code has no hooks: what is to be different is patched here, right after its module was imported.

MIEN_MARKED: the networks find the marked visitor of tests/privacy/marked.py in every picture; everything behind them is the
piece's own. MIEN_LEAKS: a folder; each file in it is named after a leak of leaks.py that is to happen.
MIEN_TOLD: a folder in which a file appears, empty, when something has happened that shows nowhere else.
MIEN_AUDIT: a folder for the notes of audit_notes.py.
"""

import importlib.abc
import importlib.util
import os
import sys
import types

from patching import PatchingFinder

MARKED, LEAKS = os.environ.get("MIEN_MARKED", ""), os.environ.get("MIEN_LEAKS", "")
TESTS, TOLD = os.environ.get("MIEN_TESTS", ""), os.environ.get("MIEN_TOLD", "")


def no_mediapipe():
    """MediaPipe itself takes seconds to import, and nothing of it is asked here."""
    stub = types.ModuleType("installation.perception.mediapipe_import")
    stub.BaseOptions = stub.mediapipe = stub.vision = None
    sys.modules[stub.__name__] = stub


def marked():
    """tests/privacy/marked.py, which imports the piece: only when it is first needed."""
    name = "mien_marked_visitor"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, os.path.join(TESTS, "marked.py"))  # noqa: PTH118
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def is_whole(rgb):
    """Whether this is the whole picture, and not an end or a window of it."""
    return abs(rgb.shape[1] / rgb.shape[0] - 16 / 9) < 0.05


class Found:
    """Stands for every network: ``find`` gives what the marked visitor looks like."""

    def __init__(self, *options, **more):
        self.masks = bool(options[1:] and options[1])

    def close(self):
        pass


class Faces(Found):
    def find(self, rgb):
        one = marked().visitor()
        return [(one.face.copy(), one.blendshapes.copy())]


class Hands(Found):
    def find(self, rgb):
        return None


class People(Found):
    def find(self, rgb):
        return [(0.97, marked().visitor().box)] if is_whole(rgb) else []


def patch_landmarkers(module):
    module.FaceFinder, module.GestureFinder, module.PersonDetector, module.PoseFinder = Faces, Hands, People, Found


def patch_faces(module):
    module.from_crop = lambda points, *_cut: points


def patch_bodies(module):
    import numpy as np

    def find(self, finder, track, t_s, rgb, small):
        one, (height, width) = marked().visitor(), rgb.shape[:2]
        mask = None
        if finder.masks:
            mask = np.zeros((height, width), np.float32)
            left, top, right, bottom = (np.array(one.box) * (width, height, width, height)).astype(int)
            mask[max(top, 0) : bottom, max(left, 0) : right] = 1.0
        return module.Body(one.pose.copy(), one.world.copy(), mask), (0, 0, width, height)

    module.BodyFollower._find = find


class Microphone:
    """Hears the marked sound, as long as it lasts."""

    name = "the marked microphone"

    def __init__(self):
        import time

        self.rate, self._now = marked().SOUND_RATE, time.monotonic
        self._heard = round(self._now() * self.rate)

    def read(self):
        import numpy as np

        before, self._heard = self._heard, round(self._now() * self.rate)
        return marked().sound()[np.arange(before, self._heard) % 400], False

    def close(self):
        pass


def patch_hearing(module):
    module.open_input = lambda *_: Microphone()


def tell(name):
    """Let the test know that something has happened."""
    os.close(os.open(os.path.join(TOLD, name), os.O_WRONLY | os.O_CREAT))  # noqa: PTH118


def patch_painting(module):
    paint = module.avatar

    def avatar(*args):
        painted = paint(*args)
        tell("a face was painted")
        return painted

    module.avatar = avatar


def patch_process(module):
    take = module.PerceptionProcess._take_silhouette

    def take_silhouette(self, frame):
        take(self, frame)
        if self.silhouettes.peek()[1] is not None:
            tell("an outline was seen")

    module.PerceptionProcess._take_silhouette = take_silhouette


PATCHES = {}
if MARKED:
    PATCHES |= {
        "installation.perception.landmarkers": patch_landmarkers,
        "installation.perception.faces": patch_faces,
        "installation.perception.bodies": patch_bodies,
        "installation.perception.process": patch_process,
        "installation.generation.avatar": patch_painting,
        "installation.showcontrol.sound.child": patch_hearing,
    }
if LEAKS:
    sys.path.append(TESTS)
    import leaks

    sys.path.remove(TESTS)
    PATCHES |= leaks.patches(LEAKS, marked)


class Finder(PatchingFinder):
    """With a stub in the place of MediaPipe."""

    def find_spec(self, name, path, target=None):
        if name == "installation.perception.mediapipe_import" and MARKED:
            no_mediapipe()
            return importlib.util.spec_from_loader(name, loader=_There())
        return super().find_spec(name, path, target)


class _There(importlib.abc.Loader):
    """Gives the stub that stands for MediaPipe."""

    def create_module(self, spec):
        no_mediapipe()
        return sys.modules[spec.name]

    def exec_module(self, module):
        pass


if os.environ.get("MIEN_AUDIT"):
    import audit_notes

    audit_notes.begin(os.environ["MIEN_AUDIT"])
if MARKED or LEAKS:
    Finder(PATCHES).install()
