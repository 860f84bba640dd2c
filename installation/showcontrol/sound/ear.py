"""How loud it is, and when something sets in. Samples in, numbers out: no clock, no device, nothing kept but the last window.

Onsets: spectral flux of the logarithm in bands (Bello et al. 2005, "A tutorial on onset detection in music signals"), against
the loudest of the neighbouring bands before, so that vibrato is none (Boeck and Widmer 2013, SuperFlux), over a threshold
that follows what is usual; without looking ahead (Boeck, Krebs and Schedl 2012, online).
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from installation.base.easing import eased_share
from installation.config.sound import SoundConfig
from installation.types import FloatArray

HOPS_PER_SECOND = 100
WINDOW_S = 0.02
"""At least; the next power of two samples."""
LOWEST_HZ, HIGHEST_HZ = 40.0, 14_000.0
"""Below is rumble."""
BANDS_PER_OCTAVE = 4
SILENCE_DB = -90.0

QUIET_DB, DRONE_DB = -75.0, -40.0
"""The room's own noise is looked for between these, dB of full scale; steady sound above the second is meant to be heard."""
MARGIN_DB, SPAN_DB, RANGE_DB = 5.0, 20.0, 26.0
"""Level 1 is the loudest, at least SPAN_DB above the room's noise; level 0 is MARGIN_DB above that noise, RANGE_DB below level
1 at the most."""
NOISE_FALL_S, NOISE_RISE_DB = 0.3, 0.5
"""The room's noise is found downwards in this time constant, upwards by so many dB a second."""
LOUD_RISE_S, LOUD_FALL_S = 0.5, 40.0
"""Time constants of what counts as loud."""

LAG = 2
"""Hops between the two spectra that are compared."""
COMPRESSION = 100.0
"""In log(1 + COMPRESSION x), x in shares of what counts as loud."""
USUAL_S = 0.7
"""The usual flux is the median of so long: attacks that are few do not raise it."""
FLOOR, ABOVE = 0.12, 3.0
"""An onset's flux is above the second times the usual one by the first."""
REFRACTORY_S = 0.06


class Ear:
    """Hears ``rate`` samples a second. ``level`` [0, 1] is smoothed as the settings say."""

    def __init__(self, rate: float, config: SoundConfig) -> None:
        self._hop = max(round(rate / HOPS_PER_SECOND), 1)
        hop_s = self._hop_s = self._hop / rate
        self.reconfigure(config)
        self._window = 1 << max(math.ceil(WINDOW_S * rate) - 1, 1).bit_length()
        shape = np.hanning(self._window + 1)[:-1].astype(np.float32)
        self._shape = shape
        # By Parseval the sum of all power is then that of a mean square.
        self._power = 2.0 / (self._window * float(np.square(shape).sum()))
        self._first, self._last, self._starts = _bands(rate, self._window)
        self._usual = round(USUAL_S / hop_s)
        self._range = _Range(hop_s)
        self._refractory = round(REFRACTORY_S / hop_s)
        self.level = 0.0
        self.cut()

    def reconfigure(self, config: SoundConfig) -> None:
        """Go on with other settings; what is loud here stays known."""
        self._gain, self._floor = np.float32(10.0 ** (config.gain_db / 20.0)), FLOOR / config.sensitivity
        self._attack = eased_share(self._hop_s, config.attack_s)
        self._release = eased_share(self._hop_s, config.release_s)

    def cut(self) -> None:
        """Something is missing here: what comes next sets in nowhere."""
        self._waiting = np.zeros(0, np.float32)
        self._before: list[FloatArray] = []
        self._fluxes: deque[float] = deque(maxlen=self._usual)
        self._since = self._refractory

    def feed(self, samples: FloatArray) -> int:
        """Hear ``samples`` (N,), 1 is full scale; gives how many onsets there are in them. What is no number is silence."""
        samples = np.nan_to_num(samples.astype(np.float32) * self._gain, posinf=0.0, neginf=0.0)
        waiting = np.concatenate([self._waiting, samples])
        at = onsets = 0
        while at + self._window <= len(waiting):
            onsets += self._hear(waiting[at : at + self._window])
            at += self._hop
        self._waiting = waiting[at:]
        return onsets

    def _hear(self, window: FloatArray) -> bool:
        spectrum = np.fft.rfft(window * self._shape)[self._first : self._last]
        power = (spectrum.real**2 + spectrum.imag**2) * self._power
        bands = np.add.reduceat(power, self._starts)
        total = float(np.add.reduce(bands))
        db = 10.0 * math.log10(total) if total > 1e-9 else SILENCE_DB
        share = self._range.share(db)
        self.level += (share - self.level) * (self._attack if share > self.level else self._release)
        return self._sets_in(bands, share > 0)

    def _sets_in(self, bands: FloatArray, is_heard: bool) -> bool:
        now = np.log1p(np.sqrt(bands) * (COMPRESSION * 10.0 ** (-self._range.loud_db / 20.0)))
        self._before.append(now)
        if len(self._before) <= LAG:
            return False
        before = self._before.pop(0)
        highest = before.copy()
        np.maximum(highest[1:], before[:-1], out=highest[1:])
        np.maximum(highest[:-1], before[1:], out=highest[:-1])
        flux = float(np.add.reduce(np.maximum(now - highest, 0.0))) / len(now)
        usual = sorted(self._fluxes)[len(self._fluxes) // 2] if self._fluxes else 0.0
        threshold = self._floor + ABOVE * usual
        self._fluxes.append(flux)
        self._since += 1
        if not is_heard or flux <= threshold or self._since <= self._refractory:
            return False
        self._since = 0
        return True


class _Range:
    """Finds between what a room's own noise and its loudest lie: slow automatic gain. ``loud_db``: what gives level 1."""

    def __init__(self, hop_s: float) -> None:
        self._noise_db: float | None = None
        self._loudest_db = SILENCE_DB
        self._fall, self._rise_db = eased_share(hop_s, NOISE_FALL_S), NOISE_RISE_DB * hop_s
        self._louder, self._quieter = eased_share(hop_s, LOUD_RISE_S), eased_share(hop_s, LOUD_FALL_S)
        self.loud_db = QUIET_DB + SPAN_DB

    def share(self, db: float) -> float:
        """Where ``db`` lies between the two, [0, 1]."""
        noise_db = db if self._noise_db is None else self._noise_db
        noise_db += (db - noise_db) * self._fall if db < noise_db else self._rise_db
        self._noise_db = noise_db = min(max(noise_db, QUIET_DB), DRONE_DB)
        self._loudest_db += (db - self._loudest_db) * (self._louder if db > self._loudest_db else self._quieter)
        self.loud_db = max(self._loudest_db, noise_db + SPAN_DB)
        low_db = max(noise_db + MARGIN_DB, self.loud_db - RANGE_DB)
        return min(max((db - low_db) / (self.loud_db - low_db), 0.0), 1.0)


def _bands(rate: float, window: int) -> tuple[int, int, np.ndarray]:
    """First and last bin, and where each band begins behind the first: none narrower than a bin."""
    width_hz = rate / window
    top_hz = min(HIGHEST_HZ, rate / 2)
    count = math.ceil(math.log2(top_hz / LOWEST_HZ) * BANDS_PER_OCTAVE)
    edges = LOWEST_HZ * 2.0 ** (np.arange(count) / BANDS_PER_OCTAVE)
    starts = np.unique(np.maximum(np.round(edges / width_hz), 1).astype(int))
    last = min(math.ceil(top_hz / width_hz), window // 2 + 1)
    starts = starts[starts < last]
    return int(starts[0]), last, starts - starts[0]
