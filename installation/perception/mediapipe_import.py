"""MediaPipe without matplotlib: its drawing helpers import it for a plot that nobody here draws, 17 MB and 0.2 s."""

from __future__ import annotations

import sys
from types import ModuleType

_PLOTTING = {name: ModuleType(name) for name in ("matplotlib", "matplotlib.pyplot") if "matplotlib" not in sys.modules}
"""Stand-ins while MediaPipe is imported; taken out again, so that whoever plots gets the real one."""
if _PLOTTING:
    _PLOTTING["matplotlib"].pyplot = _PLOTTING["matplotlib.pyplot"]  # type: ignore[attr-defined]
    sys.modules.update(_PLOTTING)

import mediapipe  # noqa: E402
from mediapipe.tasks.python import BaseOptions, vision  # noqa: E402

for _name in _PLOTTING:
    del sys.modules[_name]

__all__ = ["BaseOptions", "mediapipe", "vision"]
