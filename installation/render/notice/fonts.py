"""Letters for the notice: which font of this machine has them, how wide they run, and lines of even length.

pygame-ce's own font (FreeSans Bold) is there on every machine and has Latin letters with all accents. What it lacks is looked
for in the fonts of the machine; what none has is told. Arabic, Hebrew and Indic scripts are shaped by SDL_ttf (HarfBuzz); a
line runs one way, so that Latin words within a Hebrew line would stand in the wrong order.
"""

from __future__ import annotations

import os
import unicodedata
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import cv2
import numpy as np
import pygame
import pygame.font
import pygame.surfarray

from installation.types import ByteArray

Font = pygame.font.Font
PLAIN = ("liberationsans", "arial", "helveticaneue", "helvetica", "segoeui", "notosans", "dejavusans")
"""Fonts of ordinary weight for reading at arm's length, the best first."""
_WIDE = ("notosans", "notosanscjkjp", "notosanscjk", "arialunicodems", "dejavusans", "freesans", "unifont")
"""Fonts with many scripts, tried before all others."""
FINE = 4
_NOBODY_HAS = "\U0010fffd"
_MOST_TRIED = 300
_UNSEEN = ("Cf", "Cc", "Mn", "Me")
_SCRIPTS = {
    "ARABIC": "Arab",
    "HEBREW": "Hebr",
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "TAMIL": "Taml",
    "TELUGU": "Telu",
    "GUJARATI": "Gujr",
    "GURMUKHI": "Guru",
    "KANNADA": "Knda",
    "MALAYALAM": "Mlym",
    "SINHALA": "Sinh",
    "THAI": "Thai",
    "KHMER": "Khmr",
    "MYANMAR": "Mymr",
    "TIBETAN": "Tibt",
    "LAO": "Laoo",
}
"""First word of a letter's Unicode name: its script, ISO 15924, where letters change with their neighbours."""


@dataclass(frozen=True, slots=True)
class Face:
    """A font file, "" for pygame's own, and the letters that were asked for and are not in it."""

    path: str
    missing: str = ""


def find_face(text: str, wanted: str = "", plain: bool = False) -> Face:
    """The first font with all letters of ``text``; else the one that lacks the fewest of those that were tried.

    ``wanted``: a file or a font's name, tried first. ``plain``: ordinary weight before pygame's own bold one.
    """
    best: Face | None = None
    for path in _candidates(wanted, plain):
        try:
            face = Face(path, missing_letters(font(path, 24), text))
        except (pygame.error, OSError):
            continue  # no font, or a kind that is not read: bitmap fonts, for one
        if not face.missing:
            return face
        if best is None or len(face.missing) < len(best.missing):
            best = face
    return best or Face("")


def _candidates(wanted: str, plain: bool) -> Iterator[str]:
    if wanted:
        yield wanted if Path(wanted).suffix.lower() in (".ttf", ".otf", ".ttc") else _of_machine(wanted)
    if plain:
        yield from filter(None, map(_of_machine, PLAIN))
    yield ""
    yield from filter(None, map(_of_machine, (*_WIDE, *_names_of_machine())[:_MOST_TRIED]))


@lru_cache(maxsize=1)
def _names_of_machine() -> tuple[str, ...]:
    # A Linux without fontconfig has no list of fonts, of which pygame warns; then its own font is all there is.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return tuple(sorted(pygame.font.get_fonts()))


def _of_machine(name: str) -> str:
    """The file of a font of this machine; empty where there is none."""
    _names_of_machine()
    return pygame.font.match_font(name) or ""


@lru_cache(maxsize=64)
def font(path: str, size_px: int) -> Font:
    """A font of ``size_px``; "" is pygame's own. Raises pygame.error or OSError for a file that is none."""
    pygame.font.init()
    return pygame.font.Font(path or None, max(size_px, 4))


def missing_letters(one: Font, text: str) -> str:
    """The letters of ``text``, each once, that ``one`` draws as it draws what no font has."""
    box = _raster(one, _NOBODY_HAS)
    # Marks stand on other letters; joiners and the like (Cf) are not seen.
    letters = (one for one in dict.fromkeys(text) if not one.isspace() and unicodedata.category(one) not in _UNSEEN)
    return "".join(letter for letter in letters if _raster(one, letter) == box)


def _raster(one: Font, letter: str) -> tuple[tuple[int, int], bytes]:
    drawn = one.render(letter, True, (255, 255, 255))
    return drawn.get_size(), pygame.image.tobytes(drawn, "RGBA")


class Letters:
    """A font at ``size_px``. Drawn larger and shrunk: at their own size SDL_ttf sets letters on whole pixels, and small words
    look uneven."""

    def __init__(self, path: str, size_px: int) -> None:
        self._font = font(path, size_px * FINE)

    def width(self, line: str) -> int:
        """Of a line, in pixels."""
        return int(-(-self._font.size(line)[0] // FINE))

    def coverage(self, line: str) -> ByteArray:
        """(H, W) uint8: how much of each pixel a line covers, row 0 on top; one pixel wide for an empty one."""
        if not line.strip():
            return np.zeros((self._font.get_height() // FINE, 1), np.uint8)
        set_way(self._font, line)
        try:
            drawn = self._font.render(line, True, (255, 255, 255))
        except pygame.error:  # a line of nothing but joiners has no width
            return np.zeros((self._font.get_height() // FINE, 1), np.uint8)
        alpha = pygame.surfarray.array_alpha(drawn).T
        alpha = np.pad(alpha, ((0, -alpha.shape[0] % FINE), (0, -alpha.shape[1] % FINE)))
        size = alpha.shape[1] // FINE, alpha.shape[0] // FINE
        return np.asarray(cv2.resize(alpha, size, interpolation=cv2.INTER_AREA), np.uint8)


def set_way(one: Font, line: str) -> None:
    """Let ``one`` run the way ``line`` does, and join its letters as its script does."""
    first = next((letter for letter in line if letter.isalpha()), "a")
    back = unicodedata.bidirectional(first) in ("R", "AL")
    one.set_direction(pygame.DIRECTION_RTL if back else pygame.DIRECTION_LTR)
    one.set_script(_SCRIPTS.get(unicodedata.name(first, "LATIN").split()[0], "Latn"))


def lines(one: Letters, text: str, width_px: int) -> list[str]:
    """``text`` in as few lines as ``width_px`` allows, all about as long as each other. A word that is wider stands alone."""
    few = filled(one, text, width_px)
    low, high = width_px // max(len(few), 1), width_px
    while low < high:
        middle = (low + high) // 2
        fits = filled(one, text, middle)
        if len(fits) > len(few) or max((one.width(line) for line in fits), default=0) > middle:
            low = middle + 1
        else:
            high = middle
    return filled(one, text, high)


def filled(one: Letters, text: str, width_px: int) -> list[str]:
    """``text`` in lines, each as long as ``width_px`` allows."""
    found: list[str] = []
    for part in _parts(text):
        joined = found[-1] + part if found else part.lstrip()
        if found and one.width(joined.rstrip()) <= width_px:
            found[-1] = joined
        else:
            found.append(part.lstrip())
    return [line.rstrip() for line in found if line.strip()]


def _parts(text: str) -> Iterator[str]:
    """Pieces after which a line may end: words with the space before them, and single signs of scripts without spaces."""
    part = ""
    for letter in text:
        wide = unicodedata.east_asian_width(letter) in ("W", "F")
        # U+00A0 and U+202F keep words together.
        breaks = letter in " \n\t" or (wide and unicodedata.category(letter)[0] != "P")
        if breaks and part:
            yield part
            part = ""
        part += " " if letter in "\n\t" else letter
    if part:
        yield part
