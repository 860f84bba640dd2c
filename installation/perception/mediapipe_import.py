"""MediaPipe without what nobody here uses of it: matplotlib for a plot (17 MB and 0.2 s), and sounddevice to record sound.

The latter asks every sound system of the machine, and JACK's library keeps a database in /dev/shm: where that is small it
ended the process.
"""

from __future__ import annotations

import sys
from types import ModuleType

_UNUSED = ("matplotlib", "matplotlib.pyplot", "sounddevice")
_STAND_INS = {name: ModuleType(name) for name in _UNUSED if name not in sys.modules}
"""Stand-ins while MediaPipe is imported; taken out again, so that whoever plots or records gets the real one."""
if "matplotlib.pyplot" in _STAND_INS and "matplotlib" in _STAND_INS:
    _STAND_INS["matplotlib"].pyplot = _STAND_INS["matplotlib.pyplot"]  # type: ignore[attr-defined]
sys.modules.update(_STAND_INS)

import mediapipe  # noqa: E402
from mediapipe.tasks.python import BaseOptions, vision  # noqa: E402

for _name in _STAND_INS:
    del sys.modules[_name]

__all__ = ["BaseOptions", "mediapipe", "vision"]
