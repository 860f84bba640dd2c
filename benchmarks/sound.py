"""How well onsets are heard, how late, how a quiet and a loud room compare, and what it costs.

.venv/bin/python benchmarks/sound.py [--seconds 30] [--seeds 101 102 103]

All sound is synthesised here, so that the time of each attack is known: no recording of real music or of a room was at hand.

clicks   bursts of a millisecond of noise, at odd times
notes    plucked tones of odd pitch, attacks of 2 to 20 ms, overlapping
drums    kick, snare and hat with their ghost notes, swung
band     the drums with bass, chords that swell (no attack of theirs counts) and a singing line with vibrato (each note counts)
speech   syllables of buzz and hiss; the burst that begins each one counts
steady   pink noise, a drone with tremolo of a fifth and one with vibrato: nothing sets in but their begin

Each is played at -9 and at -40 dB (its peak), beside a room's noise at -70 dB. An onset is found when it is told within 50 ms,
once. F is the harmonic mean of precision and recall; late: from the attack's first sample to the last sample that was needed
to tell it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from installation.config.sound import SoundConfig
from installation.showcontrol.sound.ear import Ear

RATE = 48_000
NEAR_S, EARLY_S = 0.05, 0.005
ROOM_DB = -70.0
LOUDNESSES_DB = (-9.0, -40.0)
Samples = np.ndarray


@dataclass
class Sound:
    """``samples`` (N,), and when something sets in, seconds."""

    samples: Samples
    onsets: list[float] = field(default_factory=list)

    def add(self, at_s: float, part: Samples, counts: bool = True, rate: int = RATE) -> None:
        """Mix ``part`` in from ``at_s`` on."""
        at = round(at_s * rate)
        part = part[: max(len(self.samples) - at, 0)]
        self.samples[at : at + len(part)] += part
        if counts and len(part):
            self.onsets.append(at_s)


def silence(seconds: float) -> Sound:
    """Nothing."""
    return Sound(np.zeros(round(seconds * RATE)))


def _t(seconds: float) -> Samples:
    return np.arange(round(seconds * RATE)) / RATE


def _fade(length: int, attack_s: float, decay_s: float) -> Samples:
    t = np.arange(length) / RATE
    return np.minimum(t / max(attack_s, 1e-4), 1.0) * np.exp(-t / decay_s)


def tone(hz: float, seconds: float, attack_s: float, decay_s: float, partials: int = 6) -> Samples:
    """A plucked tone."""
    t = _t(seconds)
    made = sum(np.sin(2 * np.pi * hz * k * t) / k for k in range(1, partials + 1) if hz * k < RATE / 2)
    return np.asarray(made * _fade(len(t), attack_s, decay_s))


def _coloured(rng: np.random.Generator, count: int, slope: float) -> Samples:
    """Noise whose power falls with frequency to the power of ``slope``."""
    spectrum = np.fft.rfft(rng.normal(0, 1, count))
    hz = np.maximum(np.fft.rfftfreq(count, 1 / RATE), 20.0)
    made = np.fft.irfft(spectrum * hz ** (-slope / 2), count)
    return made / made.std()


def kick() -> Samples:
    """A sweep downwards."""
    t = _t(0.3)
    return np.sin(2 * np.pi * (45 * t + 6 * (1 - np.exp(-t / 0.03)))) * _fade(len(t), 0.001, 0.09)


def snare(rng: np.random.Generator) -> Samples:
    """Noise over a short tone."""
    t = _t(0.2)
    return (0.6 * rng.normal(0, 1, len(t)) + np.sin(2 * np.pi * 185 * t)) * _fade(len(t), 0.0005, 0.05) * 0.6


def hat(rng: np.random.Generator, decay_s: float = 0.02) -> Samples:
    """Bright noise."""
    noise = np.diff(rng.normal(0, 1, round(0.12 * RATE) + 1))
    return noise * _fade(len(noise), 0.0002, decay_s) * 0.25


def odd_times(rng: np.random.Generator, seconds: float, low_s: float, high_s: float) -> list[float]:
    """Times with gaps between these."""
    found, at_s = [], 0.5
    while at_s < seconds - 0.3:
        found.append(at_s)
        at_s += float(rng.uniform(low_s, high_s))
    return found


def clicks(rng: np.random.Generator, seconds: float) -> Sound:
    """See above."""
    sound = silence(seconds)
    for at_s in odd_times(rng, seconds, 0.12, 0.9):
        sound.add(at_s, rng.normal(0, 1, RATE // 1000) * rng.uniform(0.5, 1.0))
    return sound


def notes(rng: np.random.Generator, seconds: float) -> Sound:
    """See above."""
    sound = silence(seconds)
    for at_s in odd_times(rng, seconds, 0.15, 0.7):
        hz = 110 * 2 ** (rng.integers(0, 36) / 12)
        made = tone(hz, 1.2, rng.uniform(0.002, 0.02), rng.uniform(0.15, 0.5))
        sound.add(at_s, made * rng.uniform(0.4, 1.0))
    return sound


def drums(rng: np.random.Generator, seconds: float) -> Sound:
    """See above."""
    sound = silence(seconds)
    step_s = 60 / rng.uniform(88, 136) / 4
    for n in range(int((seconds - 0.8) / step_s)):
        at_s = 0.5 + n * step_s + (0.2 * step_s if n % 2 else 0.0)
        hits = []
        if n % 16 in (0, 6, 8):
            hits.append(kick())
        if n % 8 == 4:
            hits.append(snare(rng))
        if n % 2 == 0 or rng.random() < 0.2:
            hits.append(hat(rng, 0.06 if n % 8 == 6 else 0.02))
        for number, hit in enumerate(hits):
            sound.add(at_s, hit * rng.uniform(0.7, 1.0), number == 0)
    return sound


def band(rng: np.random.Generator, seconds: float) -> Sound:
    """See above."""
    sound = drums(rng, seconds)
    sound.samples *= 0.8
    bar_s = float(np.median(np.diff(sound.onsets))) * 8
    for n in range(int((seconds - 1.5) / bar_s)):
        begin_s, root = 0.5 + n * bar_s, 55 * 2 ** (rng.choice([0, 3, 5, 7, 10]) / 12)
        for k in range(4):
            sound.add(begin_s + k * bar_s / 4, tone(root, bar_s / 4, 0.008, 0.3, 4) * 0.5, False)
        t = _t(bar_s)
        swell = np.sin(np.pi * np.minimum(t / bar_s, 1.0)) ** 2
        chord = sum(np.sin(2 * np.pi * root * ratio * t + rng.uniform(0, 6)) for ratio in (4, 4.76, 6, 8))
        sound.add(begin_s, chord * swell * 0.12, False)
        for k in rng.choice(8, 3, replace=False):
            t = _t(bar_s / 4)
            hz = root * 8 * 2 ** (rng.choice([0, 2, 3, 5, 7]) / 12)
            sung = np.sin(2 * np.pi * hz * t + 0.12 * hz / 6 / 5.5 * np.sin(2 * np.pi * 5.5 * t))
            shape = np.minimum(t / 0.03, 1) * np.minimum((t[-1] - t) / 0.05, 1)
            sound.add(begin_s + k * bar_s / 8, sung * shape * 0.35)
    sound.onsets = _apart(sound.onsets)
    return sound


def speech(rng: np.random.Generator, seconds: float) -> Sound:
    """See above."""
    sound = silence(seconds)
    for at_s in odd_times(rng, seconds, 0.18, 0.5):
        length_s = rng.uniform(0.1, 0.16)
        t = _t(length_s)
        hz = rng.uniform(95, 210) * (1 + 0.1 * np.sin(2 * np.pi * 2 * t))
        phase = 2 * np.pi * np.cumsum(hz) / RATE
        formants = rng.uniform(300, 2500, 3)
        voice = sum(
            np.sin(k * phase) * sum(np.exp(-(((k * 140 - one) / 180) ** 2)) for one in formants) for k in range(1, 25)
        )
        shape = np.minimum(t / 0.015, 1) * np.minimum((length_s - t) / 0.05, 1)
        burst = rng.normal(0, 0.5, round(0.012 * RATE)) * rng.uniform(0.2, 1.0)
        sound.add(at_s, voice * shape)
        sound.add(at_s, burst, False)
    return sound


def steady(rng: np.random.Generator, seconds: float) -> Sound:
    """See above."""
    third = seconds / 3
    sound = silence(seconds)
    t = _t(third - 0.5)
    edge = np.minimum(np.minimum(t / 0.02, 1), (t[-1] - t) / 0.3)
    sound.add(0.5, _coloured(rng, len(t), 1.0) * 0.3 * edge)
    drone = sum(np.sin(2 * np.pi * 110 * k * t) / k for k in (1, 2, 3, 5))
    sound.add(third + 0.5, drone * edge * (1 + 0.2 * np.sin(2 * np.pi * 4 * t)) * 0.5)
    sung = sum(np.sin(k * (2 * np.pi * 330 * t + 1.5 * np.sin(2 * np.pi * 5.5 * t))) / k for k in (1, 2, 3, 4))
    sound.add(2 * third + 0.5, sung * edge * 0.5)
    return sound


MATERIAL: dict[str, Callable[[np.random.Generator, float], Sound]] = {
    one.__name__: one for one in (clicks, notes, drums, band, speech, steady)
}


def made(name: str, seed: int, seconds: float, loudness_db: float) -> Sound:
    """One of MATERIAL at a loudness (its peak, dB of full scale) in a room's noise."""
    rng = np.random.default_rng([seed, list(MATERIAL).index(name)])
    sound = MATERIAL[name](rng, seconds)
    sound.samples *= 10 ** (loudness_db / 20) / np.abs(sound.samples).max()
    sound.samples += _coloured(rng, len(sound.samples), 1.0) * 10 ** (ROOM_DB / 20)
    return sound


def _apart(times: list[float], gap_s: float = 0.03) -> list[float]:
    """Attacks nearer than ``gap_s`` to one another are one."""
    found: list[float] = []
    for at_s in sorted(times):
        if not found or at_s - found[-1] > gap_s:
            found.append(at_s)
    return found


@dataclass
class Heard:
    """When onsets were told, and the level after each hundredth of a second."""

    onsets: list[float]
    levels: list[float]
    took_s: float


def heard(samples: Samples, rate: int = RATE, config: SoundConfig | None = None) -> Heard:
    """What the ear makes of it, fed as a device feeds it: a hundredth of a second at a time."""
    ear, step = Ear(rate, config or SoundConfig()), rate // 100
    samples = samples.astype(np.float32)
    found, begin_s = Heard([], [], 0.0), time.process_time()
    for at in range(0, len(samples) - step, step):
        if ear.feed(samples[at : at + step]):
            found.onsets.append((at + step) / rate)
        found.levels.append(ear.level)
    found.took_s = time.process_time() - begin_s
    return found


def matched(told: list[float], truth: list[float]) -> tuple[int, list[float]]:
    """How many were found, and how late each was; each is found once."""
    left, late = list(told), []
    for at_s in truth:
        near = [one for one in left if -EARLY_S <= one - at_s <= NEAR_S]
        if near:
            left.remove(near[0])
            late.append(near[0] - at_s)
    return len(late), late


@dataclass
class Score:
    """Of one kind of material."""

    found: int = 0
    told: int = 0
    there: int = 0
    late: list[float] = field(default_factory=list)

    def add(self, told: list[float], truth: list[float]) -> None:
        """What was told of a sound."""
        found, late = matched(told, truth)
        self.found += found
        self.told += len(told)
        self.there += len(truth)
        self.late += late

    @property
    def f(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.found / max(self.told + self.there, 1)


def main() -> int:
    """Print a line for each kind of material and loudness, the level's range, and the cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[101, 102, 103])
    options = parser.parse_args()
    took_s = played_s = 0.0
    print("              loudness      F  precision  recall   late p50  p95   false a minute   level p10 p50 p90")
    for name in MATERIAL:
        for loudness_db in LOUDNESSES_DB:
            score, levels = Score(), list[float]()
            for seed in options.seeds:
                sound = made(name, seed, options.seconds, loudness_db)
                found = heard(sound.samples)
                score.add(found.onsets, sound.onsets)
                levels += found.levels[500:]
                took_s, played_s = took_s + found.took_s, played_s + options.seconds
            low, middle, high = np.percentile(levels, (10, 50, 90))
            p50, p95 = np.percentile([one * 1000 for one in score.late] or [np.nan], (50, 95))
            wrong = (score.told - score.found) / (len(options.seeds) * options.seconds) * 60
            print(
                f"{name:12} {loudness_db:6.0f} dB  {score.f:6.3f}  {score.found / max(score.told, 1):9.3f}  "
                f"{score.found / max(score.there, 1):6.3f}  {p50:6.0f} {p95:5.0f} ms  {wrong:12.1f}   "
                f"{low:10.2f} {middle:.2f} {high:.2f}"
            )
    print(f"cost: {took_s / played_s * 1e4:.0f} us of processor time for each hundredth of a second")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
