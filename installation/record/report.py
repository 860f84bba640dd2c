"""What a run measured, in bounded memory, written as JSON at its end."""

from __future__ import annotations

import json
import math
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from installation.base.files import write_whole
from installation.base.notices import Notice
from installation.base.secrets import without_secrets
from installation.types import EMOTIONS, EmotionState, neutral_probabilities

TIMELINE_SECONDS = 6 * 3600
"""The time line keeps this many of the newest seconds, so that a run of months does not fill the memory. They are kept as JSON:
9 MB, as dictionaries 40."""


class Histogram:
    """Counts durations in bins of 0.05 ms up to 2 s (longer ones share the last): percentiles in constant memory."""

    BIN_MS = 0.05
    _BINS = 40_000

    def __init__(self) -> None:
        self._counts = np.zeros(self._BINS, np.int64)
        self.count = 0
        self.max_ms = 0.0

    def add(self, value_ms: float) -> None:
        """Count one duration in milliseconds; ValueError when it is negative or not finite."""
        if not math.isfinite(value_ms) or value_ms < 0:
            raise ValueError(f"a duration must be a finite number of milliseconds, not {value_ms}")
        self._counts[min(int(value_ms / self.BIN_MS), self._BINS - 1)] += 1
        self.count += 1
        self.max_ms = max(self.max_ms, value_ms)

    def percentile(self, percent: float) -> float | None:
        """Upper edge in ms of the bin that holds the percentile (nearest rank), at most the maximum; None if empty."""
        if self.count == 0:
            return None
        rank = max(1, math.ceil(percent / 100 * self.count))
        index = int(np.searchsorted(np.cumsum(self._counts), rank))
        if index == self._BINS - 1:
            return round(self.max_ms, 3)
        return round(min((index + 1) * self.BIN_MS, self.max_ms), 3)

    def summary(self, *percents: int) -> dict[str, float | None]:
        """{"p50": ms, ...} for the percentiles asked for; None where nothing was counted."""
        return {f"p{percent}": self.percentile(percent) for percent in percents}


def _emotion(first: EmotionState | None) -> dict[str, Any]:
    probabilities = first.probabilities if first is not None else neutral_probabilities()
    return {
        "label": first.label if first is not None else None,
        "probabilities": {name: round(float(p), 4) for name, p in zip(EMOTIONS, probabilities, strict=True)},
        "valence": round(float(first.valence), 4) if first is not None else 0.0,
        "arousal": round(float(first.arousal), 4) if first is not None else 0.0,
    }


def _motion(first: EmotionState | None) -> dict[str, Any]:
    return {name: round(float(getattr(first, name, 0.0)), 4) for name in ("energy", "openness")}


class RunReport:
    """Collects a run's figures; ``as_dict`` has the documented keys, ``write`` stores them.

    Durations are milliseconds, times ``t_s`` are seconds since ``start``.
    """

    def __init__(self, start_s: float) -> None:
        self._start_s = start_s
        self._last_draw_s: float | None = None
        self.frames_drawn = 0
        self.observations = 0
        self.textures = 0
        self.pictures = 0
        self.paintings = 0
        self.osc_bundles_sent = 0
        self.frame_interval = Histogram()
        self.perception = Histogram()
        self.emotion_age = Histogram()
        self.capture_to_osc = Histogram()
        self.texture = Histogram()
        self.picture = Histogram()
        self.painting = Histogram()
        self.painting_age = Histogram()
        self.peak_memory_mb = 0.0
        self.peak_pss_mb: float | None = None
        """As ``MemoryPeak`` has it; None where the system does not say."""
        self.renderer = ""
        self.providers: dict[str, str] = {}
        self.mailbox_drops: dict[str, int] = {}
        self.more: dict[str, Any] = {}
        self._timeline: deque[bytes] = deque(maxlen=TIMELINE_SECONDS)

    def restart(self, now_s: float) -> float:
        """Count from ``now_s`` on; gives the seconds since the former start. Notices keep their times."""
        waited_s, self._start_s = now_s - self._start_s, now_s
        return waited_s

    def drawn(self, t_s: float, emotion_age_ms: float | None) -> None:
        """One frame reached the screen at ``t_s``, drawn from emotions of that age (None: none was ever observed)."""
        self.frames_drawn += 1
        if self._last_draw_s is not None:
            self.frame_interval.add((t_s - self._last_draw_s) * 1000)
        self._last_draw_s = t_s
        if emotion_age_ms is not None:
            self.emotion_age.add(emotion_age_ms)

    def observed(self, compute_ms: float, capture_to_osc_ms: float) -> None:
        """One observation went through to OSC."""
        self.observations += 1
        self.perception.add(compute_ms)
        self.capture_to_osc.add(capture_to_osc_ms)

    def textured(self, compute_ms: float) -> None:
        """One generated texture arrived on the geometry."""
        self.textures += 1
        self.texture.add(compute_ms)

    def pictured(self, compute_ms: float) -> None:
        """One frame of a composed picture arrived."""
        self.pictures += 1
        self.picture.add(compute_ms)

    def repainted(self, compute_ms: float, age_ms: float) -> None:
        """One painting of the scene arrived, of a picture that was drawn ``age_ms`` before."""
        self.paintings += 1
        self.painting.add(compute_ms)
        self.painting_age.add(age_ms)

    def second(
        self,
        t_s: float,
        states: Iterable[EmotionState],
        memory_mb: float,
        emotions_read: bool = True,
        **more: float | None,
    ) -> None:
        """Add the time line's entry for this second; the strongest presence speaks for its label and emotion, or, where these
        are not read, for its energy and openness."""
        present = sorted((state for state in states if state.presence > 0), key=lambda state: -state.presence)
        first = present[0] if present else None
        self.peak_memory_mb = max(self.peak_memory_mb, memory_mb)
        entry = {
            "t_s": round(t_s - self._start_s, 3),
            "people": len(present),
            **(_emotion(first) if emotions_read else _motion(first)),
            "memory_mb": round(memory_mb, 1),
            **more,
        }
        self._timeline.append(json.dumps(entry).encode())

    def as_dict(self, now_s: float, notices: Mapping[str, Iterable[Notice]]) -> dict[str, Any]:
        """All figures; ``notices`` holds the histories under "faults", "fallbacks" and "notes"."""
        seconds = max(now_s - self._start_s, 1e-9)
        said = {
            key: [
                {"t_s": round(note.t_s - self._start_s, 3), "stage": note.stage, "message": note.message}
                for note in notices.get(key, ())
            ]
            for key in ("faults", "fallbacks", "notes")
        }
        return {
            "frames_drawn": self.frames_drawn,
            "seconds": round(seconds, 3),
            "frames_per_second": round(self.frames_drawn / seconds, 2),
            "frame_interval_ms": {
                **self.frame_interval.summary(50, 95, 99),
                "max": round(self.frame_interval.max_ms, 3) if self.frame_interval.count else None,
            },
            "perception": {
                "per_second": round(self.observations / seconds, 2),
                "ms": self.perception.summary(50, 95),
            },
            "emotion_age_at_draw_ms": self.emotion_age.summary(50, 95),
            "capture_to_osc_ms": self.capture_to_osc.summary(50, 95),
            "textures": {"per_second": round(self.textures / seconds, 2), "ms": self.texture.summary(50, 95)},
            "pictures": {"per_second": round(self.pictures / seconds, 2), "ms": self.picture.summary(50, 95)},
            "paintings": {
                "per_second": round(self.paintings / seconds, 2),
                "ms": self.painting.summary(50, 95),
                "age_ms": self.painting_age.summary(50, 95),
            },
            "mailbox_drops": dict(self.mailbox_drops),
            "osc_bundles_sent": self.osc_bundles_sent,
            "timeline": [json.loads(entry) for entry in self._timeline],
            **said,
            "renderer": self.renderer,
            "providers": dict(self.providers),
            "peak_memory_mb": round(self.peak_memory_mb, 1),
            "peak_pss_mb": None if self.peak_pss_mb is None else round(self.peak_pss_mb, 1),
            **without_secrets(self.more),
        }

    def write(self, path: Path, now_s: float, notices: Mapping[str, Iterable[Notice]]) -> None:
        """Write ``as_dict`` to ``path``, whole or not at all; OSError when the place cannot be written.

        The end of a run has no time to wait until a busy disk has it.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, (json.dumps(self.as_dict(now_s, notices), indent=1) + "\n").encode(), is_precious=False)
