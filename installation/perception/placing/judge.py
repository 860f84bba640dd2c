"""From what was seen in some seconds to warnings in words. Thresholds: benchmarks/camera_warnings.py measures them."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from installation.base.face_size import SMALLEST_FACE_PX
from installation.perception.placing.codes import CodeReader
from installation.perception.placing.flicker import Flicker, Pulse, mains_of
from installation.perception.placing.light import Light, PersonLight, detail_of, grey_of, light_of, light_of_people
from installation.perception.placing.people import Sight, sight_of
from installation.types import ByteArray, Observation

LOOK_S = 0.15
"""Light and people are measured this often; flicker in every picture."""
LOOKS = 60
"""So many of the newest count, ten seconds: the warnings follow while somebody turns the camera."""
WANTED_FACE_PX = 40
"""Faces are read as well as they can be from here on (``face_quality``, size)."""
DARK_LEVEL, DARK_CONTRAST = 50.0, 15.0
"""A face is too dark below both: how light the skin is does not count, what can still be told apart does."""
DARK_PICTURE = 70.0
"""Nobody is seen, and nothing in the picture is lighter than this."""
BURNT_FACE, BURNT_PICTURE = 0.2, 0.3
BACK_LIGHT, BACK_LEVEL, BACK_LEAST = 2.2, 80.0, 90.0
"""The background is so many times as bright as a face, which is itself below this level, and is above that one."""
NEAR_SHARE = 0.5
"""A face so high, as a share of the picture, leaves no room for a body."""
ROLL_DEGREES, ROLL_SPREAD = 8.0, 12.0
"""Everybody leans further than this, to the same side: half of all measurements lie within so many degrees."""
ROLL_S = 2.0
"""For so long at least; somebody who bends stands up again."""
TURN_DEGREES = 25.0
"""At 22 to 30 degrees off faces are read 15 per cent worse (``face_quality``, turn)."""
BLURRED = 0.5
"""Below this factor of ``FaceQuality.sharpness``."""
BLURRED_DETAIL = 0.12
"""Of the picture's edges (``detail_of``, at DETAIL_PX): thirteen films gave 0.23 to 0.52, out of focus by 0.5 % of their width
0.03 to 0.07. A near face may still be read then, and nobody behind it."""
LIGHT_PX, DETAIL_PX = 320, 640
"""Widths at which light is measured, and edges are; QR codes are looked for at the latter."""
PULSE_DEPTH, PULSE_PROMINENCE = 0.015, 8.0
"""Of the picture's levels, and so of 0.03 of the light; a film's own coding may pulse by 0.012."""
LIGHT_PER_LEVEL = 2.2
"""sRGB's curve: light changes by so many per cent where levels change by one."""
RATE_SHARE = 0.8
MOST = 0.5
"""What holds for more than half of the measurements is a warning."""


class Warned(NamedTuple):
    """A warning: what of ``KINDS`` it is about, and what to do."""

    kind: str
    text: str


KINDS = (
    "dark",
    "bright",
    "back light",
    "far",
    "near",
    "tilt",
    "turned",
    "blurred",
    "mirror",
    "rate",
    "flicker",
    "nobody",
)


class _Look(NamedTuple):
    """What one observation gave. ``sight`` is of the nearest person; light and detail are None where there is no picture."""

    t_s: float
    people: int
    sight: Sight | None
    light: Light | None
    people_lights: list[PersonLight]
    detail: float | None


class _Measured:
    """The newest looks, taken apart."""

    def __init__(self, looks: Sequence[_Look]) -> None:
        self.looks = len(looks)
        self.with_people = sum(look.people > 0 for look in looks)
        self.sights = [look.sight for look in looks if look.sight is not None]
        self.rolls = [(look.t_s, look.sight.roll) for look in looks if look.sight and look.sight.roll is not None]
        self.lights = [look.light for look in looks if look.light is not None]
        self.people_lights = [one for look in looks for one in look.people_lights]
        self.details = [look.detail for look in looks if look.detail is not None]


class Judge:
    """Fed with pictures (each; another thread may) and observations (each, with its picture); ``warnings`` at any time.

    ``mirrored`` is ``capture.mirror``; the pictures are as the piece has them, mirrored already.
    """

    def __init__(self, mirrored: bool) -> None:
        self._mirrored = mirrored
        self._lock = threading.Lock()
        """Round what ``see`` changes."""
        self._flicker = Flicker()
        self._codes = CodeReader()
        self._read: deque[bool] = deque(maxlen=LOOKS)
        """Of the QR codes that were read whether they were back to front."""
        self._looks: deque[_Look] = deque(maxlen=LOOKS)
        self._next_s = -math.inf
        self._came: deque[tuple[float, int]] = deque(maxlen=300)

    def see(self, t_s: float, seq: int, rgb: ByteArray) -> None:
        """A picture that came at ``t_s``, number ``seq``."""
        with self._lock:
            self._flicker.add(seq, rgb)
            self._came.append((t_s, seq))

    def observe(self, observation: Observation, rgb: ByteArray | None) -> None:
        """What perception saw in ``rgb``; None where there is no picture (the simulated performer)."""
        if observation.t_s < self._next_s:
            return
        self._next_s = observation.t_s + LOOK_S
        sights = [sight_of(person, observation.frame_size, rgb) for person in observation.people]
        # The nearest is the one who can be read best: those behind are further off by nature.
        nearest = max(sights, key=lambda sight: sight.face_px or 0.0, default=None)
        if rgb is None:
            self._looks.append(_Look(observation.t_s, len(sights), nearest, None, [], None))
            return
        small, middle = grey_of(rgb, LIGHT_PX), grey_of(rgb, DETAIL_PX)
        lights = light_of(small, observation), light_of_people(small, observation)
        self._looks.append(_Look(observation.t_s, len(sights), nearest, *lights, detail_of(middle)))
        turned = self._codes.is_back_to_front(middle)
        if turned is not None:
            self._read.append(turned)

    def warnings(self, rate: float = 0.0, wanted: float = 0.0) -> list[Warned]:
        """What is wrong, the most important first. ``rate``: pictures that came in a second, 0 where that is not known;
        ``wanted``: how many should, 0 where none is wanted (a film, a picture)."""
        seen = _Measured(self._looks)
        found = [
            *_light(seen),
            *_size(seen.sights),
            *_tilt(seen),
            *_blur(seen),
            *self._mirror(),
            *_rate(rate, wanted),
            *self._pulse(rate),
        ]
        if seen.looks and not seen.with_people:
            found.insert(0, Warned("nobody", "nobody was seen: stand where visitors will stand, then look again"))
        return found

    @property
    def per_second(self) -> float:
        """Pictures that came in a second, those that were not fed to ``see`` included; 0 before there are enough."""
        with self._lock:
            if len(self._came) < 10:
                return 0.0
            (first_s, first), (last_s, last) = self._came[0], self._came[-1]
        return (last - first) / max(last_s - first_s, 1e-6)

    @property
    def pulse(self) -> Pulse | None:
        """What pulses most in the pictures; None before there are enough."""
        with self._lock:
            return self._flicker.strongest()

    def _mirror(self) -> list[Warned]:
        if not self._read or (sum(self._read) > len(self._read) / 2) == self._mirrored:
            return []
        if self._mirrored:
            return [Warned("mirror", "the source is mirrored already, and mirrored back: set capture.mirror to false")]
        return [
            Warned("mirror", "the picture is mirrored though capture.mirror is false: the source mirrors it itself")
        ]

    def _pulse(self, rate: float) -> list[Warned]:
        pulse = self.pulse
        if pulse is None or not pulses(pulse):
            return []
        mains = mains_of(pulse, rate)
        what = (
            f"capture.mains_hz to {mains}"
            if mains is not None
            else "capture.mains_hz to 50 or 60, as the mains are here"
        )
        return [
            Warned(
                "flicker",
                f"lamps flicker by {100 * LIGHT_PER_LEVEL * pulse.depth:.0f} per cent: set {what}, or use other lamps",
            )
        ]


def pulses(pulse: Pulse) -> bool:
    """Whether that is flicker."""
    return pulse.depth >= PULSE_DEPTH and pulse.prominence >= PULSE_PROMINENCE


def _share(conditions: Sequence[bool]) -> float:
    return float(np.mean(conditions)) if conditions else 0.0


def _light(seen: _Measured) -> list[Warned]:
    if not seen.lights:
        return []
    background = float(np.median([light.background for light in seen.lights]))
    faces = [one for one in seen.people_lights if one.is_face]
    people = faces or seen.people_lights
    dark = [one.level < DARK_LEVEL and one.contrast < DARK_CONTRAST for one in people]
    behind = [one.level < BACK_LEVEL and background > max(BACK_LIGHT * one.level, BACK_LEAST) for one in people]
    if people and _share(behind) > MOST:
        return [
            Warned(
                "back light",
                "the light is behind the people: turn the camera away from it, or light faces from the front",
            )
        ]
    if (people and _share(dark) > MOST) or (
        not people and _share([light.brightest < DARK_PICTURE for light in seen.lights]) > MOST
    ):
        return [
            Warned("dark", "too dark: more light on faces, or a longer capture.exposure_s, or more capture.sensor_gain")
        ]
    burnt = _share([one.burnt > BURNT_FACE for one in faces])
    if burnt > MOST or _share([light.burnt > BURNT_PICTURE for light in seen.lights]) > MOST:
        return [
            Warned(
                "bright",
                "too bright, burnt out: less light, or a shorter capture.exposure_s, or less capture.sensor_gain",
            )
        ]
    return []


def _size(sights: Sequence[Sight]) -> list[Warned]:
    known = [sight for sight in sights if sight.face_px is not None]
    if not known:
        return []
    pixels = float(np.median([sight.face_px or 0.0 for sight in known]))
    if pixels < WANTED_FACE_PX:
        what = "is not read at all" if pixels < SMALLEST_FACE_PX else "is read less well"
        text = f"too far: the nearest face has {pixels:.0f} pixels and {what}; {WANTED_FACE_PX} are wanted: come nearer"
        return [Warned("far", f"{text}, use a longer lens, or more pixels (capture.width)")]
    too_near = [sight.extent == "face" or sight.cut or (sight.face_share or 0.0) > NEAR_SHARE for sight in known]
    if _share(too_near) > MOST:
        return [
            Warned("near", "too near: the picture has little room beside the face, and what the body does is not seen")
        ]
    return []


def _tilt(seen: _Measured) -> list[Warned]:
    found, sights = [], seen.sights
    if len(seen.rolls) >= 3 and seen.rolls[-1][0] - seen.rolls[0][0] >= ROLL_S:
        low, roll, high = np.percentile([roll for _, roll in seen.rolls], [25, 50, 75])
        if abs(roll) > ROLL_DEGREES and high - low < ROLL_SPREAD:
            side = "right" if roll > 0 else "left"
            text = f"the camera is tilted: people lean to the picture's {side} by {abs(roll):.0f} degrees"
            found.append(Warned("tilt", text))
    turns = np.array([sight.turn for sight in sights if sight.turn is not None]).reshape(-1, 2)
    if len(turns) >= 3:
        across, up = np.median(turns, axis=0)
        if math.hypot(across, up) > TURN_DEGREES:
            where = "to one side" if abs(across) > abs(up) else ("up" if up > 0 else "down")
            text = f"faces look {where} of the camera by {math.hypot(across, up):.0f} degrees"
            found.append(Warned("turned", f"{text}: put it nearer to what they look at"))
    return found


def _blur(seen: _Measured) -> list[Warned]:
    # A far face has no detail, however sharp the picture.
    near = [sight for sight in seen.sights if sight.face_px is not None and sight.face_px >= WANTED_FACE_PX]
    sharpness = [sight.sharpness for sight in near if sight.sharpness is not None]
    # The sharpest quarter: whoever moves is blurred by that.
    unreadable = len(sharpness) >= 3 and float(np.percentile(sharpness, 75)) < BLURRED
    is_blurred = bool(seen.details) and float(np.percentile(seen.details, 75)) < BLURRED_DETAIL
    if not (unreadable or is_blurred):
        return []
    return [Warned("blurred", "blurred: clean the lens, set capture.focus, or more light for a shorter exposure")]


def _rate(rate: float, wanted: float) -> list[Warned]:
    if rate <= 0 or wanted <= 0 or rate >= RATE_SHARE * wanted:
        return []
    text = (
        f"{rate:.0f} pictures a second where {wanted:.0f} are wanted: in the dark cameras slow down; more light, or set"
    )
    return [Warned("rate", f"{text} capture.exposure_s, or a smaller picture, or another USB port or network")]
