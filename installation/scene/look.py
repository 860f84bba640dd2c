"""Emotion to look, as data: for each emotion a palette and a form, a motion and a light.

The defaults follow the literature where there is one: brighter and more saturated colours are more pleasant, saturation
and darkness arouse (Valdez and Mehrabian 1994); sharp, angular forms read threatening and round ones friendly (Bar and
Neta 2006); a quick tempo reads aroused, a slow one sad or tender (Juslin and Laukka 2004); asymmetry and contraction follow
Wallbott's (1998) descriptions of disgust, fear and sadness. They are a starting point for the artist's eye.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from installation.scene.colour import linear_of_hex, oklab_of_linear
from installation.types import EMOTIONS

# name: (low, high, meaning)
RANGES: dict[str, tuple[float, float, str]] = {
    "spread": (0.0, 1.0, "how far the form is open: 0 a bud, 1 wide"),
    "spikiness": (0.0, 1.0, "0 round petals and smooth flesh, 1 blades and thorns"),
    "symmetry": (0.0, 1.0, "0 every part for itself, 1 strict order"),
    "droop": (-1.0, 1.0, "hanging (positive) or rising"),
    "twist": (-1.0, 1.0, "winding round the axis"),
    "turbulence": (0.0, 1.0, "how much the surface boils"),
    "tremble": (0.0, 1.0, "fast, small shaking"),
    "pulse": (0.0, 1.0, "size of the slow beat"),
    "rhythm": (0.0, 1.0, "0 a flowing motion, 1 a beating one"),
    "speed": (0.0, 3.0, "pace of all motion, 1 is calm"),
    "light": (0.0, 2.0, "brightness of the key light"),
    "fill": (0.0, 2.0, "brightness of the light from the room"),
    "bloom": (0.0, 2.0, "how much bright parts glow over"),
    "glow": (0.0, 2.0, "light that the form gives by itself"),
    "roughness": (0.05, 1.0, "of the surface: 0.05 wet, 1 chalk"),
    "fog": (0.0, 1.0, "haze in the palette's background colour"),
    "grain": (0.0, 1.0, "film grain"),
    "texture": (0.0, 1.0, "how much of the generated picture shows against the palette"),
}
NAMES = tuple(RANGES)

# Colours: background, deep, middle, accent.
_COLOURS = {
    "angry": ("#0d0102", "#5c0410", "#d61c14", "#ff9a3d"),
    "disgust": ("#030601", "#26360d", "#76891b", "#c8d94a"),
    "fear": ("#02010a", "#1d1440", "#6a55b0", "#dcd8ff"),
    "happy": ("#0c0502", "#b2361a", "#ff9420", "#ffe08a"),
    "sad": ("#01040a", "#0a2342", "#2d6391", "#9cc9dd"),
    "surprise": ("#06010c", "#611a8c", "#ff4a9c", "#76f2ff"),
    "neutral": ("#030304", "#2c2a30", "#9a938a", "#efe5d4"),
    "nobody": ("#020203", "#14161c", "#4c5058", "#b9b4a8"),
}

_FORMS = """
             angry disgust   fear  happy    sad surprise neutral nobody
spread        0.72    0.40   0.20   0.92   0.42     1.00    0.55   0.10
spikiness     0.95    0.35   0.75   0.08   0.15     0.50    0.20   0.10
symmetry      0.55    0.05   0.30   0.85   0.60     0.95    0.80   0.90
droop        -0.15    0.30   0.05  -0.25   0.95    -0.60    0.10   0.00
twist         0.25    0.95  -0.35   0.12   0.05    -0.10    0.05   0.02
turbulence    0.55    0.85   0.35   0.12   0.15     0.20    0.12   0.05
tremble       0.35    0.05   0.95   0.00   0.00     0.10    0.00   0.00
pulse         0.50    0.25   0.15   0.60   0.12     0.85    0.25   0.30
rhythm        0.80    0.30   0.60  0.55    0.05     0.70    0.25   0.10
speed         2.20    0.70   1.70   1.50   0.35     1.80    0.70   0.30
light         1.15    0.75   0.60   1.35   0.62     1.25    0.85   0.38
fill          0.80    0.80   0.60  1.30    0.80     1.10    1.00   0.60
bloom         1.00    0.60   0.90  1.20    0.80     1.40    0.70   0.60
glow          0.55    0.10   0.15   0.45   0.08     0.60    0.12   0.03
roughness     0.28    0.16   0.45   0.50   0.70     0.22    0.50   0.60
fog           0.10    0.30   0.55   0.05   0.40     0.08    0.15   0.25
grain         0.35    0.50   0.60  0.10    0.40     0.15    0.20   0.30
texture       0.60    0.70   0.45   0.62   0.68     0.55    0.70   0.60
"""


def _forms(table: str) -> dict[str, npt.NDArray[np.float64]]:
    """Columns of the table by emotion; ValueError where a row is unknown, missing or out of its range."""
    head, *rows = (line.split() for line in table.strip().splitlines())
    values = {name: [float(cell) for cell in cells] for name, *cells in rows}
    if tuple(values) != NAMES:
        raise ValueError(f"the table's rows must be {', '.join(NAMES)}")
    for name, cells in values.items():
        low, high, _ = RANGES[name]
        if not all(low <= cell <= high for cell in cells):
            raise ValueError(f"{name} must lie in {low} to {high}")
    return {emotion: np.array([values[name][column] for name in NAMES]) for column, emotion in enumerate(head)}


def _palette(colours: tuple[str, ...]) -> npt.NDArray[np.float64]:
    return oklab_of_linear(np.stack([linear_of_hex(colour) for colour in colours]))


_FORM = _forms(_FORMS)
LOOKS = np.stack([_FORM[name] for name in EMOTIONS])
"""(7, len(NAMES)): a look for each emotion."""
PALETTES = np.stack([_palette(_COLOURS[name]) for name in EMOTIONS])
"""(7, 4, 3): background, deep, middle and accent of each emotion in OKLab."""
IDLE_LOOK = _FORM["nobody"]
IDLE_PALETTE = _palette(_COLOURS["nobody"])
for _array in (LOOKS, PALETTES, IDLE_LOOK, IDLE_PALETTE):
    _array.setflags(write=False)
